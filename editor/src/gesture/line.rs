//! Drawing a line or arrow: dragged open, or from click to click until Enter, Escape or a second click on
//! the last point; a click on the first point closes it. Shift turns in steps of 15°. Ends of arrows are
//! bound to what they are dropped on, unless Ctrl is held.

use shared::board::Board;
use shared::element::{Arrow, Binding, Edges, Element, Heads, NewElement, Path, Shape, Style};
use shared::geometry::BoardPoint;
use shared::id::ElementId;
use shared::limits::GESTURE_POINTS_MAX;
use shared::presence::{DrawGesture, DrawnShape, Gesture};

use super::{DRAG_THRESHOLD, stepped, tidy};
use crate::binding::{binding, shown, target};
use crate::camera::ScreenPoint;
use crate::input::Modifiers;
use crate::preview::Preview;

/// Pixels around a point that still mean it.
const SAME: f64 = 8.0;

/// What is drawn.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum LineKind {
    /// A line.
    Line,
    /// A line with heads, which is bound to what it touches.
    Arrow(Heads),
    /// The same across and down only.
    Elbow(Heads),
}

impl LineKind {
    /// The same with other heads.
    pub(crate) fn with_heads(self, heads: Heads) -> Self {
        match self {
            Self::Line => Self::Line,
            Self::Arrow(_) => Self::Arrow(heads),
            Self::Elbow(_) => Self::Elbow(heads),
        }
    }
}

/// A line being drawn.
pub(crate) struct LineDraw {
    id: ElementId,
    kind: LineKind,
    style: Style,
    /// The points that are certain.
    points: Vec<BoardPoint>,
    /// Where the next one would be.
    to: BoardPoint,
    /// Where the button went down, while it is.
    pressed: Option<ScreenPoint>,
    is_drag: bool,
    /// Whether the button that began it is still down.
    is_first: bool,
    start: Option<Binding>,
    /// What the next point would be bound to.
    end: Option<Binding>,
    /// What the last certain point is bound to.
    certain_end: Option<Binding>,
}

/// Whether a line goes on.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum LineState {
    /// It waits for the next point.
    GoesOn,
    /// It has all its points.
    Done,
}

impl LineDraw {
    pub(crate) fn begin(
        kind: LineKind,
        style: Style,
        (screen, at): (ScreenPoint, BoardPoint),
        (zoom, held): (f64, Modifiers),
        board: &mut Board,
    ) -> Self {
        let id = board.new_id();
        let at = tidy(at);
        let (pressed, points) = (Some(screen), vec![at]);
        let (is_drag, is_first) = (false, true);
        let (start, end, certain_end) = (None, None, None);
        let mut line = Self {
            id,
            kind,
            style,
            points,
            to: at,
            pressed,
            is_drag,
            is_first,
            start,
            end,
            certain_end,
        };
        line.start = line.bound(at, zoom, held, board);
        line
    }

    fn bound(&self, at: BoardPoint, zoom: f64, held: Modifiers, board: &Board) -> Option<Binding> {
        let can_be = self.kind != LineKind::Line && !held.ctrl;
        can_be.then(|| target(board, at, zoom)).flatten().map(|element| binding(element, at))
    }

    /// The button goes down for another point.
    pub(crate) fn press(&mut self, screen: ScreenPoint) {
        (self.pressed, self.is_drag) = (Some(screen), false);
    }

    pub(crate) fn drag(
        &mut self,
        (screen, to): (ScreenPoint, BoardPoint),
        (zoom, held): (f64, Modifiers),
        board: &Board,
    ) {
        self.is_drag |= self.pressed.is_some_and(|at| at.distance(screen) >= DRAG_THRESHOLD);
        let last = self.points[self.points.len() - 1];
        self.to = tidy(if held.shift { stepped(last, to) } else { to });
        self.end = self.bound(self.to, zoom, held, board);
        // A line from an element to itself is not bound to it: nothing of it would be left.
        if self.points.len() == 1
            && let (Some(start), Some(end)) = (&self.start, &self.end)
            && start.element == end.element
        {
            self.end = None;
        }
    }

    /// The button goes up: the point is certain.
    pub(crate) fn release(&mut self, zoom: f64) -> LineState {
        let is_click = !self.is_drag;
        if std::mem::take(&mut self.is_first) && is_click || self.pressed.take().is_none() {
            return LineState::GoesOn;
        }
        let is_at = |point: BoardPoint| point.distance(self.to) * zoom < SAME;
        if is_at(self.points[self.points.len() - 1]) {
            return if self.points.len() > 1 { LineState::Done } else { LineState::GoesOn };
        }
        let closes = self.kind == LineKind::Line && self.points.len() > 2 && is_at(self.points[0]);
        if closes {
            self.to = self.points[0];
        }
        self.points.push(self.to);
        self.certain_end = self.end.take();
        let is_short =
            matches!(self.kind, LineKind::Elbow(_)) || self.points.len() == 2 && self.is_drag;
        if closes || is_short { LineState::Done } else { LineState::GoesOn }
    }

    /// Writes the line as far as it is certain; `None` if it has no second point.
    pub(crate) fn finish(mut self, board: &mut Board) -> Option<ElementId> {
        if self.points.len() < 2 {
            return None;
        }
        // What the point that was looked for would have been bound to does not count.
        self.end = self.certain_end.take();
        self.unbind_loop();
        let shape = self.shape(self.points.clone());
        board.begin_step();
        board.insert_as(self.id.clone(), NewElement::new(None, self.style, shape));
        Some(self.id)
    }

    /// Both ends of a straight piece cannot be at one element.
    fn unbind_loop(&mut self) {
        let is_same = self.start.is_some()
            && self.start.as_ref().map(|b| &b.element) == self.end.as_ref().map(|b| &b.element);
        if is_same && self.points.len() == 2 {
            (self.start, self.end) = (None, None);
        }
    }

    fn shape(&self, points: Vec<BoardPoint>) -> Shape {
        let path = Path { points };
        let (heads, is_elbow) = match self.kind {
            LineKind::Line => return Shape::Line(path),
            LineKind::Arrow(heads) => (heads, false),
            LineKind::Elbow(heads) => (heads, true),
        };
        let (start, end) = (self.start.clone(), self.end.clone());
        Shape::Arrow(Arrow { path, heads, is_elbow, start, end, ..Arrow::default() })
    }

    /// The line as it is now, with the point that is looked for.
    fn element(&self, board: &Board) -> Element {
        let points = self.points.iter().copied().chain([self.to]).collect();
        let shape = self.shape(points);
        let element = NewElement::new(None, self.style, shape).alone(self.id.clone());
        scene::attached(&element, board).unwrap_or(element)
    }

    pub(crate) fn preview(&self, zoom: f64, board: &Board, preview: &mut Preview) {
        preview_ends(&self.start, &self.end, zoom, board, preview);
        preview.show_as(self.element(board));
    }

    pub(crate) fn gesture(&self, board: &Board) -> Gesture {
        let shape = match self.kind {
            LineKind::Line => DrawnShape::Line(()),
            LineKind::Arrow(heads) => DrawnShape::Arrow(heads),
            LineKind::Elbow(heads) => DrawnShape::Elbow(heads),
        };
        let points = scene::corners(&self.element(board)).into_iter().map(Into::into);
        let points = points.take(GESTURE_POINTS_MAX).collect();
        Gesture::Draw(DrawGesture { shape, style: self.style, points })
    }
}

/// Shows what an arrow's ends are going to be bound to.
pub(super) fn preview_ends(
    start: &Option<Binding>,
    end: &Option<Binding>,
    zoom: f64,
    board: &Board,
    preview: &mut Preview,
) {
    for end in [start, end].into_iter().flatten() {
        preview.drafts.extend(board.element(&end.element).map(|element| shown(element, zoom)));
    }
}

/// Where, between two points of a line, another one can be put: in the middle of what is seen there.
pub(crate) fn midpoint(points: &[BoardPoint], index: usize, edges: Edges) -> BoardPoint {
    let (a, b) = (points[index], points[index + 1]);
    let before = index.checked_sub(1).map_or(a, |i| points[i]);
    let after = points.get(index + 2).copied().unwrap_or(b);
    // Halfway along the curve that is drawn through them.
    let along = |a: f64, b: f64, before: f64, after: f64| {
        if edges == Edges::Round {
            (9.0 * (a + b) - before - after) / 16.0
        } else {
            f64::midpoint(a, b)
        }
    };
    BoardPoint::new(along(a.x, b.x, before.x, after.x), along(a.y, b.y, before.y, after.y))
}
