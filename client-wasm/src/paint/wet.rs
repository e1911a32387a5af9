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
    style: Style,
    has_pressure: bool,
    flow: InkFlow,
    color: Color,
    pieces: Vec<Piece>,
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
            style,
            has_pressure: ink.has_pressure,
            flow,
            color,
            pieces: Vec::new(),
            end: None,
            n_shown: (0, 0),
        }
    }

    /// Whether it can go on as `ink`: its looks are still the same.
    pub(super) fn fits(&self, ink: FlowingInk<'_>) -> bool {
        self.style == ink.style && self.has_pressure == ink.ink.has_pressure
    }

    /// Follows the stroke, of whose end only what is in `view` counts. The answer is how many of its pieces
    /// are new, and the box around these.
    pub(super) fn follow(&mut self, ink: FlowingInk<'_>, view: Bounds) -> (usize, Bounds) {
        let n_shown = (ink.ink.points.len(), ink.ahead.len());
        let is_same = std::mem::replace(&mut self.n_shown, n_shown) == n_shown;
        if is_same && self.end.is_some() && ink.ahead.is_empty() {
            return (0, Bounds::EMPTY);
        }
        let n_before = self.pieces.len();
        let mut new = Bounds::EMPTY;
        for piece in self.flow.follow(&ink.ink.points) {
            new = new.union(piece.bounds);
            self.pieces.extend(Piece::new(&piece));
        }
        self.area = self.area.union(new);
        let end = self.flow.end(&ink.ink.points, ink.ahead);
        let end = end.filter(|piece| piece.bounds.intersects(view));
        self.end = end.as_ref().and_then(Piece::new);
        (self.pieces.len() - n_before, new)
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

    /// Paints the pieces in `area`, all together.
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

    /// Paints the end, where it does not lie on the pieces.
    pub(super) fn paint_end(&self, brush: &mut brush::Brush<'_>) {
        let Some(end) = &self.end else { return };
        self.fill(&end.path, brush);
        if !self.is_opaque()
            && let Some(pieces) = self.together(end.bounds)
        {
            brush.erase(&pieces, self.flow.origin());
        }
    }

    /// One path of all pieces in `area`: filled at once, they cover nothing twice.
    fn together(&self, area: Bounds) -> Option<Path2d> {
        let mut near = self.pieces.iter().filter(|piece| piece.bounds.intersects(area)).peekable();
        near.peek()?;
        let all = Path2d::new().ok()?;
        near.for_each(|piece| all.add_path(&piece.path));
        Some(all)
    }

    fn fill(&self, path: &Path2d, brush: &mut brush::Brush<'_>) {
        brush.fill(path, self.flow.origin(), self.color, self.style.opacity);
    }
}
