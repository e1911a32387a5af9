//! A stroke that is being drawn. What is certain of it is painted into the tiles, a piece at a time; its
//! end, which changes with every point, lies over them.

use editor::FlowingInk;
use scene::{InkFlow, Slot, marker_color};
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
    style: Style,
    has_pressure: bool,
    flow: InkFlow,
    color: Color,
    pieces: Vec<Piece>,
    /// How many of them the tiles show; the others lie over these, as the end does.
    n_in_tiles: usize,
    end: Option<Piece>,
    /// How many points there were when the end was made, and how many were expected.
    n_shown: (usize, usize),
}

struct Piece {
    bounds: Bounds,
    path: Path2d,
}

impl Piece {
    fn new(piece: &scene::InkPiece) -> Option<Self> {
        Some(Self { bounds: piece.bounds, path: browser_path(&piece.path)? })
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
            style,
            has_pressure: ink.has_pressure,
            flow,
            color,
            pieces: Vec::new(),
            n_in_tiles: 0,
            end: None,
            n_shown: (0, 0),
        }
    }

    /// Whether it can go on as `ink`: its looks are still the same.
    pub(super) fn fits(&self, ink: FlowingInk<'_>) -> bool {
        self.style == ink.style && self.has_pressure == ink.ink.has_pressure
    }

    /// Follows the stroke, of whose end only what is in `view` counts.
    pub(super) fn follow(&mut self, ink: FlowingInk<'_>, view: Bounds) {
        let n_shown = (ink.ink.points.len(), ink.ahead.len());
        let is_same = std::mem::replace(&mut self.n_shown, n_shown) == n_shown;
        if is_same && self.end.is_some() && ink.ahead.is_empty() {
            return;
        }
        for piece in self.flow.follow(&ink.ink.points) {
            self.area = self.area.union(piece.bounds);
            self.pieces.extend(Piece::new(&piece));
        }
        let end = self.flow.end(&ink.ink.points, ink.ahead);
        let end = end.filter(|piece| piece.bounds.intersects(view));
        self.end = end.as_ref().and_then(Piece::new);
    }

    /// From here on the tiles show all pieces. How many are new to them, and the box around these.
    pub(super) fn settle(&mut self) -> (usize, Bounds) {
        let new = self.pieces.get(self.n_in_tiles..).unwrap_or_default();
        let area = new.iter().fold(Bounds::EMPTY, |area, piece| area.union(piece.bounds));
        let n_new = new.len();
        self.n_in_tiles = self.pieces.len();
        (n_new, area)
    }

    /// Whether the tiles do not show all pieces.
    pub(super) fn is_unsettled(&self) -> bool {
        self.n_in_tiles < self.pieces.len()
    }

    /// Whether nothing shows through it, so that its pieces may overlap.
    pub(super) fn is_opaque(&self) -> bool {
        self.style.opacity == 1.0 && self.color.a == u8::MAX
    }

    /// Paints the last pieces, each for itself.
    pub(super) fn paint_last(&self, n_last: usize, brush: &mut brush::Brush<'_>) {
        for piece in self.pieces.iter().rev().take(n_last) {
            self.fill(&piece.path, brush);
        }
    }

    /// Paints the pieces in `area` that the tiles show, all together.
    pub(super) fn paint(&self, area: Bounds, brush: &mut brush::Brush<'_>) {
        if let Some(all) = self.together(area) {
            self.fill(&all, brush);
        }
    }

    /// The box around the end, if any of it is seen.
    pub(super) fn end_bounds(&self) -> Option<Bounds> {
        Some(self.end.as_ref()?.bounds)
    }

    /// The end of a stroke that may be painted over itself: its path, around [`Wet::origin`], and its color.
    pub(super) fn plain_end(&self) -> Option<(&Path2d, Color)> {
        let end = self.end.as_ref().filter(|_| self.is_opaque())?;
        Some((&end.path, self.color))
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
        let new = self.pieces.get(self.n_in_tiles..).unwrap_or_default();
        let over = new.iter().chain(&self.end);
        if self.is_opaque() {
            return over.for_each(|piece| self.fill(&piece.path, brush));
        }
        let Ok(path) = Path2d::new() else { return };
        let mut area = Bounds::EMPTY;
        for piece in over {
            path.add_path(&piece.path);
            area = area.union(piece.bounds);
        }
        self.fill(&path, brush);
        if let Some(pieces) = self.together(area) {
            brush.erase(&pieces, self.flow.origin());
        }
    }

    /// One path of all pieces in `area` that the tiles show: filled at once, they cover nothing twice.
    fn together(&self, area: Bounds) -> Option<Path2d> {
        let shown = self.pieces.iter().take(self.n_in_tiles);
        let mut near = shown.filter(|piece| piece.bounds.intersects(area)).peekable();
        near.peek()?;
        let all = Path2d::new().ok()?;
        near.for_each(|piece| all.add_path(&piece.path));
        Some(all)
    }

    fn fill(&self, path: &Path2d, brush: &mut brush::Brush<'_>) {
        brush.fill(path, self.flow.origin(), self.color, self.style.opacity);
    }
}
