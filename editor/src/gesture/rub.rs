//! Rubbing strokes out: they lose what the tip passes over. Shown at once, and written a little at a time,
//! so that others see it go.

use std::collections::BTreeMap;

use scene::Index;
use shared::board::Board;
use shared::element::Shape;
use shared::geometry::{BoardPoint, Bounds};
use shared::id::ElementId;
use shared::ink::Spans;
use shared::limits::INK_COMMIT_EVERY;
use shared::time::Time;

use crate::preview::Preview;
use crate::selection::{is_touchable, near};

/// Pixels around the tip's middle that it takes away.
const TIP: f64 = 10.0;

/// What the tip passed over.
pub(crate) struct Rub {
    last: BoardPoint,
    /// What the document does not have yet.
    fresh: BTreeMap<ElementId, Spans>,
    written_at: Time,
    has_written: bool,
}

impl Rub {
    pub(crate) fn begin(
        at: BoardPoint,
        zoom: f64,
        now: Time,
        board: &Board,
        index: &Index,
    ) -> Self {
        let mut rub =
            Self { last: at, fresh: BTreeMap::new(), written_at: now, has_written: false };
        rub.drag(at, zoom, board, index);
        rub
    }

    pub(crate) fn drag(&mut self, to: BoardPoint, zoom: f64, board: &Board, index: &Index) {
        let tip = TIP / zoom;
        let way = (std::mem::replace(&mut self.last, to), to);
        let around = Bounds::around([way.0, way.1]).inflated(tip);
        for element in near(index, around).filter(|it| is_touchable(it)) {
            let Shape::Ink(ink) = &element.shape else { continue };
            // It may have changed since the index followed.
            if board.element(&element.id).is_none() {
                continue;
            }
            let news = scene::rubbed(element, way, tip).beyond(&ink.rubbed);
            if !news.is_empty() {
                let fresh = self.fresh.entry(element.id.clone()).or_default();
                *fresh = Spans::union([std::mem::take(fresh), news]);
            }
        }
    }

    /// Writes what is new, if it is time.
    pub(crate) fn handle_tick(&mut self, now: Time, board: &mut Board) {
        if now.since(self.written_at) >= INK_COMMIT_EVERY {
            self.written_at = now;
            self.write(board);
        }
    }

    pub(crate) fn finish(mut self, board: &mut Board) {
        self.write(board);
    }

    /// Takes back what was written.
    pub(crate) fn drop_it(self, board: &mut Board) {
        if self.has_written {
            board.undo();
        }
    }

    fn write(&mut self, board: &mut Board) {
        let rubbed: Vec<_> = std::mem::take(&mut self.fresh).into_iter().collect();
        if rubbed.is_empty() {
            return;
        }
        if !self.has_written {
            board.begin_step();
        }
        self.has_written |= board.rub_out(&rubbed);
    }

    pub(crate) fn preview(&self, board: &Board, preview: &mut Preview) {
        for (id, spans) in &self.fresh {
            match board.element(id).map(|it| it.without(spans)) {
                Some(Some(left)) => preview.show_as(left),
                Some(None) => _ = preview.hidden.insert(id.clone()),
                None => {}
            }
        }
    }
}

/// The pointer's shape while it rubs: a ring as wide as the tip.
pub(crate) const RING: &str = "url(\"data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' \
    width='24' height='24'%3E%3Ccircle cx='12' cy='12' r='10' fill='%23fff6' stroke='%23868e96' \
    stroke-width='1.5'/%3E%3C/svg%3E\") 12 12,crosshair";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ring_is_as_wide_as_the_tip() {
        assert!(RING.contains(&format!("r='{TIP}'")), "{RING}");
    }
}
