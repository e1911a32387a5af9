//! All strokes that are being drawn, one's own and others': which begin, go on and end, and what of them
//! the tiles have to show.

use editor::FlowingInk;
use scene::{Index, Slot};
use shared::geometry::Bounds;
use shared::id::ElementId;

use super::brush::Brush;
use super::wet::Wet;
use crate::clock::exact_ms as now;

/// The strokes in progress; later ones lie over earlier ones as long as the document has neither.
#[derive(Default)]
pub(super) struct Wets {
    wets: Vec<Wet>,
    /// One's own, if there is one.
    own: Option<ElementId>,
    /// Those that ended, until the tiles show their elements: their ends are still to be seen.
    ended: Vec<Wet>,
    /// When the tiles took in what others drew, and whether they just did.
    settled_at: f64,
    has_settled: bool,
}

/// How often the tiles take in what others draw, in milliseconds.
const SETTLE_EVERY_MS: f64 = 500.0;

/// What the tiles have to show of strokes that went on.
#[derive(Default)]
pub(super) struct News {
    /// New pieces that nothing covers: whose, by number, and the box around them.
    pub(super) pieces: Vec<(usize, Bounds)>,
    /// Where more than that has changed.
    pub(super) dirty: Vec<Bounds>,
}

impl Wets {
    /// Follows all strokes, of whose ends only what is in `view` is seen.
    ///
    /// A tile takes its pixels' time, however little is new on it. So what others draw lies over the tiles for
    /// a moment, the same as the ends, and all of it goes into them at once. What ended is painted anew then, in
    /// one piece: where pieces overlap, their edges are darker. One's own stroke may be a worker's, `can_be_apart`: then
    /// they show it when it ended.
    pub(super) fn follow<'a>(
        &mut self,
        own: Option<FlowingInk<'a>>,
        others: impl Iterator<Item = FlowingInk<'a>>,
        index: &Index,
        (view, can_be_apart): (Bounds, bool),
    ) -> News {
        let mut news = News::default();
        let now = now();
        let is_due = now - self.settled_at >= SETTLE_EVERY_MS;
        self.has_settled = is_due;
        if is_due {
            self.settled_at = now;
        }
        self.own = own.map(|ink| ink.id.clone());
        let inks: Vec<_> = others.chain(own).collect();
        for wet in &mut self.wets {
            wet.is_here = inks.iter().any(|ink| *ink.id == wet.id);
            wet.slot = index.slot(&wet.id);
        }
        // One that was taken back does not stay a moment longer, nor does one's own.
        let is_over = |wet: &mut Wet| !wet.is_here && (is_due || wet.is_own || wet.slot.is_none());
        for wet in self.wets.extract_if(.., is_over) {
            news.dirty.push(wet.area);
            let written = wet.slot.and_then(|slot| index.at(slot));
            news.dirty.extend(written.map(|it| it.reach));
            self.ended.extend(written.is_some().then_some(wet));
        }
        for ink in inks {
            let slot = index.slot(ink.id);
            let known = self.wets.iter().position(|wet| wet.id == *ink.id);
            let at = known.unwrap_or_else(|| {
                // What the tiles show of it already is painted with it from now on.
                news.dirty.extend(slot.and_then(|slot| index.at(slot)).map(|it| it.reach));
                let mut wet = Wet::new(ink);
                wet.is_apart = self.own.as_ref() == Some(ink.id);
                if wet.is_apart {
                    // The worker goes on to this one.
                    self.ended.iter_mut().for_each(|wet| wet.is_apart = false);
                }
                self.wets.push(wet);
                self.wets.len() - 1
            });
            let Some(wet) = self.wets.get_mut(at) else { continue };
            if !wet.fits(ink) {
                news.dirty.push(wet.area);
                *wet = Wet::new(ink);
            }
            (wet.is_here, wet.slot) = (true, slot);
            wet.is_own = self.own.as_ref() == Some(ink.id);
            wet.is_apart &= can_be_apart && wet.is_own;
            wet.follow(ink, view);
        }
        for at in 0..self.wets.len() {
            if self.remains_apart(at, index) {
                continue;
            }
            let Some(wet) = self.wets.get_mut(at).filter(|wet| is_due || wet.is_own) else {
                continue;
            };
            let Some(area) = wet.settle() else { continue };
            if wet.is_opaque() && !self.is_covered(at, area, index) {
                news.pieces.push((at, area));
            } else {
                news.dirty.push(area);
            }
        }
        news
    }

    /// Whether the tiles just took in what others drew: it does not lie over them any more.
    pub(super) fn has_settled(&self) -> bool {
        self.has_settled
    }

    /// Whether the tiles do not show yet all that is certain: another frame is due.
    pub(super) fn is_unsettled(&self) -> bool {
        self.wets.iter().any(|wet| !wet.is_here || (wet.is_unsettled() && !wet.is_apart))
    }

    /// Whether a stroke is a worker's and nothing lies over what is new of it; else it is the tiles' from here on.
    fn remains_apart(&mut self, at: usize, index: &Index) -> bool {
        let Some(wet) = self.wets.get_mut(at).filter(|wet| wet.is_apart) else { return false };
        let area = wet.take_grown();
        let remains = area.is_empty() || !self.is_covered(at, area, index);
        if let Some(wet) = self.wets.get_mut(at) {
            wet.is_apart = remains;
        }
        remains
    }

    /// Whether anything that lies over a stroke reaches into `area`.
    fn is_covered(&self, at: usize, area: Bounds, index: &Index) -> bool {
        let Some(wet) = self.wets.get(at) else { return false };
        let reaches = |other: &Wet| other.area.intersects(area);
        let Some(slot) = wet.slot else {
            return self.wets.iter().skip(at + 1).any(|it| it.slot.is_none() && reaches(it));
        };
        let is_elsewhere = |slot| self.of(slot).is_some_and(|wet| !reaches(wet));
        self.wets.iter().any(|it| it.slot.is_none() && reaches(it))
            || index.is_covered(slot, area, is_elsewhere)
    }

    /// The board changed in a place, otherwise than by the strokes themselves: who draws there may be covered by it.
    pub(super) fn handle_changed(&mut self, place: Bounds) {
        for wet in self.wets.iter_mut().filter(|wet| wet.area.intersects(place)) {
            wet.is_apart = false;
        }
    }

    /// Whether nobody draws.
    pub(super) fn is_empty(&self) -> bool {
        self.wets.is_empty()
    }

    /// The stroke called `id`.
    pub(super) fn called(&self, id: &ElementId) -> Option<&Wet> {
        self.wets.iter().find(|wet| wet.id == *id)
    }

    /// One's own stroke.
    pub(super) fn own(&self) -> Option<&Wet> {
        self.called(self.own.as_ref()?)
    }

    /// A stroke by its number, as in [`News`].
    pub(super) fn at(&self, at: usize) -> Option<&Wet> {
        self.wets.get(at)
    }

    /// The stroke whose element is in a slot.
    pub(super) fn of(&self, slot: Slot) -> Option<&Wet> {
        self.wets.iter().find(|wet| wet.slot == Some(slot))
    }

    /// Takes out the elements of strokes, and puts in those of the strokes that reach into `area`.
    pub(super) fn replace(&self, slots: &mut Vec<Slot>, area: Bounds) {
        if !self.wets.is_empty() {
            slots.retain(|slot| self.of(*slot).is_none());
            let reaching = self.wets.iter().filter(|wet| wet.area.intersects(area));
            slots.extend(reaching.filter_map(|wet| wet.slot));
        }
    }

    /// Paints those strokes into `area` of which the document has nothing yet.
    pub(super) fn paint_unwritten(&self, area: Bounds, brush: &mut Brush<'_>) {
        for wet in self.wets.iter().filter(|wet| wet.slot.is_none()) {
            brush.settle(area);
            wet.paint(area, brush);
        }
    }

    /// The tiles show all that ended.
    pub(super) fn handle_painted(&mut self) {
        self.ended.clear();
    }

    /// The strokes whose ends are seen on the canvas over the board.
    pub(super) fn ends(&self) -> impl Iterator<Item = &Wet> {
        let others = self.wets.iter().filter(|wet| self.own.as_ref() != Some(&wet.id));
        others.chain(&self.ended).filter(|wet| wet.has_end() && !wet.is_apart)
    }
}
