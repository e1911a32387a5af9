//! A stroke that is being drawn. What is certain of it is painted into the tiles, a piece at a time, or by a worker;
//! its end, which changes with every point, lies over them.

use std::cell::{Cell, OnceCell};

use editor::FlowingInk;
use scene::{InkFlow, InkPiece, Slot, marker_color};
use shared::color::Color;
use shared::element::{Brush, Style};
use shared::geometry::{BoardPoint, Bounds};
use shared::id::ElementId;
use web_sys::Path2d;

use super::brush;
use super::pictures::browser_path;

/// A stroke in progress.
pub(super) struct Wet {
    pub(super) id: ElementId,
    /// Where its element is in the index, once the document has some of it.
    pub(super) slot: Option<Slot>,
    /// The box around all pieces.
    pub(super) area: Bounds,
    /// Whether it is still being drawn.
    pub(super) is_here: bool,
    /// Whether it is one's own.
    pub(super) is_own: bool,
    /// Whether a worker paints it, on canvases over the tiles: these are not to show more of it.
    pub(super) is_apart: bool,
    style: Style,
    has_pressure: bool,
    flow: InkFlow,
    color: Color,
    pieces: Vec<Piece>,
    /// How many of them the tiles show; the others lie over these, as the end does.
    n_in_tiles: usize,
    /// Those that the tiles do not show as one path, and how many pieces were there when it was last completed: each
    /// path costs by itself, whenever it is painted.
    loose: OnceCell<Option<Path2d>>,
    n_gathered: Cell<usize>,
    /// Those that the tiles have shown last, likewise.
    settled: Option<Path2d>,
    /// How many of them [`Wet::take_grown`] has told of.
    n_told: usize,
    end: Option<Piece>,
    /// How many points there were when the end was made, and how many were expected.
    n_shown: (usize, usize),
}

struct Piece {
    ink: InkPiece,
    /// Made when it is first painted here.
    path: OnceCell<Option<Path2d>>,
}

impl Piece {
    fn new(ink: InkPiece) -> Self {
        Self { ink, path: OnceCell::new() }
    }

    fn bounds(&self) -> Bounds {
        self.ink.bounds
    }

    fn path(&self) -> Option<&Path2d> {
        self.path.get_or_init(|| browser_path(&self.ink.path)).as_ref()
    }
}

impl Wet {
    /// A stroke that begins.
    pub(super) fn new(FlowingInk { id, style, ink, .. }: FlowingInk<'_>) -> Self {
        let origin = ink.points.first().map(|first| first.at).unwrap_or_default();
        let flow = InkFlow::new(origin, style.width, ink.has_pressure);
        let (flow, color) = match ink.brush {
            Brush::Pen => (flow, style.stroke),
            Brush::Highlighter => (flow.marked(style.width), marker_color(style.stroke)),
        };
        Self {
            id: id.clone(),
            slot: None,
            area: Bounds::EMPTY,
            is_here: true,
            is_own: false,
            is_apart: false,
            style,
            has_pressure: ink.has_pressure,
            flow,
            color,
            pieces: Vec::new(),
            n_in_tiles: 0,
            loose: OnceCell::new(),
            n_gathered: Cell::new(0),
            settled: None,
            n_told: 0,
            end: None,
            n_shown: (0, 0),
        }
    }

    /// Whether it can go on as `ink`: its looks are still the same.
    pub(super) fn fits(&self, ink: FlowingInk<'_>) -> bool {
        self.style == ink.style && self.has_pressure == ink.ink.has_pressure
    }

    /// Follows the stroke, of whose end only what is in `view` counts.
    // Of its own, as all that a page does not need to open: browsers compile a function as a whole.
    #[inline(never)]
    pub(super) fn follow(&mut self, ink: FlowingInk<'_>, view: Bounds) {
        let n_shown = (ink.ink.points.len(), ink.ahead.len());
        let is_same = std::mem::replace(&mut self.n_shown, n_shown) == n_shown;
        if is_same && self.end.is_some() && ink.ahead.is_empty() {
            return;
        }
        for piece in self.flow.follow(&ink.ink.points) {
            self.area = self.area.union(piece.bounds);
            self.pieces.push(Piece::new(piece));
        }
        let end = self.flow.end(&ink.ink.points, ink.ahead);
        let end = end.filter(|piece| piece.bounds.intersects(view));
        self.end = end.map(Piece::new);
    }

    /// From here on the tiles show all pieces. The box around those that are new to them, if there are any.
    pub(super) fn settle(&mut self) -> Option<Bounds> {
        let new = self.pieces.get(self.n_in_tiles..).filter(|new| !new.is_empty())?;
        let area = new.iter().fold(Bounds::EMPTY, |area, piece| area.union(piece.bounds()));
        self.loose();
        self.settled = self.loose.take().flatten();
        self.n_in_tiles = self.pieces.len();
        Some(area)
    }

    /// The pieces that the tiles do not show, as one path; `None` if there are none.
    fn loose(&self) -> Option<&Path2d> {
        let n_pieces = self.pieces.len();
        let n_gathered = self.n_gathered.replace(n_pieces).max(self.n_in_tiles);
        if self.n_in_tiles == n_pieces {
            return None;
        }
        let loose = self.loose.get_or_init(|| Path2d::new().ok()).as_ref()?;
        let new = self.pieces.get(n_gathered..).unwrap_or_default();
        new.iter().filter_map(Piece::path).for_each(|path| loose.add_path(path));
        Some(loose)
    }

    /// Where pieces are that were not there when this was last asked.
    pub(super) fn take_grown(&mut self) -> Bounds {
        let new = self.pieces.get(self.n_told..).unwrap_or_default();
        self.n_told = self.pieces.len();
        new.iter().fold(Bounds::EMPTY, |area, piece| area.union(piece.bounds()))
    }

    /// Whether the tiles do not show all pieces.
    pub(super) fn is_unsettled(&self) -> bool {
        self.n_in_tiles < self.pieces.len()
    }

    /// Whether nothing shows through it, so that its pieces may overlap.
    pub(super) fn is_opaque(&self) -> bool {
        self.style.opacity == 1.0 && self.color.a == u8::MAX
    }

    /// Paints the pieces that were new when it was last settled.
    pub(super) fn paint_settled(&self, brush: &mut brush::Brush<'_>) {
        self.fill(self.settled.as_ref(), brush);
    }

    /// Paints the pieces in `area` that the tiles show, all together.
    pub(super) fn paint(&self, area: Bounds, brush: &mut brush::Brush<'_>) {
        self.fill(self.together(area).as_ref(), brush);
    }

    /// The box around the end, if any of it is seen.
    pub(super) fn end_bounds(&self) -> Option<Bounds> {
        Some(self.end.as_ref()?.bounds())
    }

    /// The end of a stroke that may be painted over itself: its path, around [`Wet::origin`], and its color.
    pub(super) fn plain_end(&self) -> Option<(&Path2d, Color)> {
        let end = self.end.as_ref().filter(|_| self.is_opaque())?;
        Some((end.path()?, self.color))
    }

    /// What the tiles do not show of it: the certain pieces and the end, around [`Wet::origin`], and their color and
    /// opacity.
    pub(super) fn apart(
        &self,
    ) -> (impl ExactSizeIterator<Item = &InkPiece>, Option<&InkPiece>, (Color, f64)) {
        let pieces = self.pieces.get(self.n_in_tiles..).unwrap_or_default();
        let end = self.end.as_ref().map(|end| &end.ink);
        (pieces.iter().map(|piece| &piece.ink), end, (self.color, self.style.opacity))
    }

    /// Where the paths have their (0, 0).
    pub(super) fn origin(&self) -> BoardPoint {
        self.flow.origin()
    }

    /// Whether anything of it lies over the tiles.
    pub(super) fn has_end(&self) -> bool {
        self.end.is_some() || self.is_unsettled()
    }

    /// Paints the end, and the pieces that the tiles do not show, where these do not lie on those that they do.
    pub(super) fn paint_end(&self, brush: &mut brush::Brush<'_>) {
        let (loose, end) = (self.loose(), self.end.as_ref());
        if self.is_opaque() {
            self.fill(loose, brush);
            return self.fill(end.and_then(Piece::path), brush);
        }
        let Ok(path) = Path2d::new() else { return };
        let new = self.pieces.get(self.n_in_tiles..).unwrap_or_default();
        let over = new.iter().chain(end).map(Piece::bounds);
        let area = over.fold(Bounds::EMPTY, Bounds::union);
        let paths = [loose, end.and_then(Piece::path)];
        paths.into_iter().flatten().for_each(|one| path.add_path(one));
        self.fill(Some(&path), brush);
        if let Some(pieces) = self.together(area) {
            brush.erase(&pieces, self.flow.origin());
        }
    }

    /// One path of all pieces in `area` that the tiles show: filled at once, they cover nothing twice.
    fn together(&self, area: Bounds) -> Option<Path2d> {
        let shown = self.pieces.iter().take(self.n_in_tiles);
        let mut near = shown.filter(|piece| piece.bounds().intersects(area)).peekable();
        near.peek()?;
        let all = Path2d::new().ok()?;
        near.filter_map(Piece::path).for_each(|path| all.add_path(path));
        Some(all)
    }

    fn fill(&self, path: Option<&Path2d>, brush: &mut brush::Brush<'_>) {
        if let Some(path) = path {
            brush.fill(path, self.flow.origin(), self.color, self.style.opacity);
        }
    }
}
