//! Dragging a point of a line or arrow, or a new one out of the middle between two. Ends of arrows are let
//! go, and bound to what they are dropped on unless Ctrl is held. Elbows have a handle on each piece: dragged, it
//! is laid there and stays; the first and the last one slide along what they end at.

use shared::board::{Board, Change};
use shared::element::{Arrow, Binding, Element, Path, Shape};
use shared::geometry::{BoardPoint, Bounds, Geometry};
use shared::id::ElementId;
use shared::limits::GESTURE_POINTS_MAX;
use shared::presence::{Gesture, ReshapeGesture};

use super::line::{midpoint, preview_ends};
use super::{DRAG_THRESHOLD, stepped, tidy};
use crate::binding::{binding, target};
use crate::camera::ScreenPoint;
use crate::input::Modifiers;
use crate::preview::Preview;
use crate::tied::slid_along;

/// Pixels around a point that still touch it.
const REACH: f64 = 9.0;
/// The same for a finger.
const TOUCH_REACH: f64 = 18.0;
/// Nearer than this many pixels to each other, two points leave no room for a handle between them.
const CROWDED: f64 = 40.0;
/// Pixels between a label and a handle's middle.
const BESIDE_LABEL: f64 = 6.0;
/// A part of a piece that is shorter than this many pixels has no room for a handle.
const PART_MIN: f64 = 8.0;

/// A handle on a line.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct PointHandle {
    /// The point's place in the line; for a new one, the place that it would have.
    pub index: usize,
    /// Whether a new point comes out of it, or a piece that stays.
    pub is_new: bool,
    /// Whether it lays a piece of an elbow, the one that begins at this point.
    pub is_piece: bool,
    /// Whether it is the one that Delete takes away.
    pub is_chosen: bool,
    /// Whether it lies on a label, which is to be read all the same.
    pub is_on_label: bool,
}

/// The handles of a line or arrow, points first, with where they are on the board.
pub(crate) fn handles(element: &Element, zoom: f64) -> Vec<(PointHandle, BoardPoint)> {
    let points = scene::corners(element);
    let fixed = match &element.shape {
        Shape::Arrow(Arrow { is_elbow: true, fixed, .. }) => Some(fixed),
        _ => None,
    };
    let is_elbow = fixed.is_some();
    let has_middles = !is_elbow;
    let text = scene::label_box(element);
    let label = text.map(|it| it.inflated(BESIDE_LABEL / zoom));
    let handle = |index, is_new, at: BoardPoint| {
        let is_on_label = text.is_some_and(|it| it.contains_point(at));
        (PointHandle { index, is_new, is_piece: false, is_chosen: false, is_on_label }, at)
    };
    let last = points.len().saturating_sub(1);
    let own = points.iter().enumerate().filter(|(n, _)| !is_elbow || *n == 0 || *n == last);
    let mut all: Vec<_> = own.map(|(n, &at)| handle(n, false, at)).collect();
    for index in 0..last {
        let (from, to) = (points[index], points[index + 1]);
        if let Some(fixed) = fixed
            && from.distance(to) * zoom >= CROWDED
        {
            let is_fixed = fixed.contains(&index);
            let at = beside(label, from, to, zoom).unwrap_or(from.middle(to));
            let (piece, at) = handle(index, !is_fixed, at);
            all.push((PointHandle { is_piece: true, is_chosen: is_fixed, ..piece }, at));
        }
        if has_middles && from.distance(to) * zoom >= CROWDED {
            let straight = beside(label, from, to, zoom).filter(|_| points.len() == 2);
            let at = straight.unwrap_or_else(|| midpoint(&points, index, element.style.edges));
            all.push(handle(index + 1, true, at));
        }
    }
    all
}

/// Where the handle of a straight piece is that `label` stands on the middle of: in the middle of the longer part that
/// is left of the piece, or below the label (on a piece that runs down: to its right) if hardly any is left.
fn beside(
    label: Option<Bounds>,
    from: BoardPoint,
    to: BoardPoint,
    zoom: f64,
) -> Option<BoardPoint> {
    let label = label.filter(|it| it.contains_point(from.middle(to)))?;
    let (dx, dy) = (to.x - from.x, to.y - from.y);
    // Where the piece goes in and out, as parts of its way.
    let span = |from: f64, way: f64, low: f64, high: f64| {
        let (a, b) = ((low - from) / way, (high - from) / way);
        if way == 0.0 { (0.0, 1.0) } else { (a.min(b), a.max(b)) }
    };
    let (across, down) =
        (span(from.x, dx, label.x0, label.x1), span(from.y, dy, label.y0, label.y1));
    let (into, out) = (across.0.max(down.0).max(0.0), across.1.min(down.1).min(1.0));
    let (rest, at) =
        if into > 1.0 - out { (into, into / 2.0) } else { (1.0 - out, (1.0 + out) / 2.0) };
    if rest * from.distance(to) * zoom >= PART_MIN {
        return Some(BoardPoint::new(from.x + dx * at, from.y + dy * at));
    }
    let middle = from.middle(to);
    Some(if dx.abs() >= dy.abs() {
        BoardPoint { y: label.y1, ..middle }
    } else {
        BoardPoint { x: label.x1, ..middle }
    })
}

/// The handle that `at` touches.
pub(crate) fn handle_at(
    element: &Element,
    at: BoardPoint,
    zoom: f64,
    is_touch: bool,
) -> Option<PointHandle> {
    let reach = if is_touch { TOUCH_REACH } else { REACH };
    let touched = |(_, place): &(PointHandle, BoardPoint)| place.distance(at) * zoom <= reach;
    handles(element, zoom).into_iter().find(touched).map(|(handle, _)| handle)
}

/// The piece that `at` is nearest to, of an elbow that is bound at both ends.
pub(super) fn piece_at(element: &Element, at: BoardPoint) -> Option<PointHandle> {
    let Shape::Arrow(Arrow { is_elbow: true, start: Some(_), end: Some(_), fixed, .. }) =
        &element.shape
    else {
        return None;
    };
    let corners = scene::corners(element);
    let pieces = corners.windows(2).map(|ends| {
        let piece = Bounds::from_corners(ends[0], ends[1]);
        let nearest =
            BoardPoint::new(at.x.clamp(piece.x0, piece.x1), at.y.clamp(piece.y0, piece.y1));
        nearest.distance(at)
    });
    let (index, _) = pieces.enumerate().min_by(|a, b| a.1.total_cmp(&b.1))?;
    let is_fixed = fixed.contains(&index);
    let (is_new, is_on_label) = (!is_fixed, false);
    Some(PointHandle { index, is_new, is_piece: true, is_chosen: is_fixed, is_on_label })
}

/// A point that is dragged.
pub(crate) struct PointDrag {
    id: ElementId,
    handle: PointHandle,
    pressed: ScreenPoint,
    to: Option<BoardPoint>,
    bound: Option<Binding>,
}

impl PointDrag {
    pub(crate) fn begin(id: ElementId, handle: PointHandle, pressed: ScreenPoint) -> Self {
        Self { id, handle, pressed, to: None, bound: None }
    }

    pub(crate) fn drag(
        &mut self,
        (screen, to): (ScreenPoint, BoardPoint),
        (zoom, held): (f64, Modifiers),
        board: &Board,
    ) {
        if self.to.is_none() && self.pressed.distance(screen) < DRAG_THRESHOLD {
            return;
        }
        let Some(element) = board.element(&self.id) else { return };
        if self.handle.is_piece {
            self.to = Some(tidy(to));
            return;
        }
        let points = scene::corners(element);
        let neighbor = match (self.handle.index, self.handle.is_new) {
            (0, _) => points.get(1),
            (index, _) => points.get(index - 1),
        };
        self.to = Some(tidy(match neighbor {
            Some(&neighbor) if held.shift => stepped(neighbor, to),
            _ => to,
        }));
        self.bound = target(board, to, zoom).filter(|_| !held.ctrl).map(|it| binding(it, to));
    }

    /// The line as it is now; `None` while it is as before.
    fn changed(&self, board: &Board) -> Option<Element> {
        let element = board.element(&self.id)?;
        let mut points = scene::corners(element);
        let (to, PointHandle { index, is_new, is_piece, .. }) = (self.to?, self.handle);
        if is_piece {
            return match slid_along(element, index, to, board) {
                Some(slid) => Some(scene::attached(&slid, board).unwrap_or(slid)),
                None => scene::laid(element, index, Some(to), board),
            };
        }
        let last = points.len().checked_sub(1)?;
        let mut shape = element.shape.clone();
        if is_new && index <= points.len() {
            points.insert(index, to);
        } else if index <= last {
            let is_closed =
                last > 2 && points[0] == points[last] && matches!(shape, Shape::Line(_));
            points[index] = to;
            if is_closed && (index == 0 || index == last) {
                (points[0], points[last]) = (to, to);
            }
            if let Shape::Arrow(arrow) = &mut shape {
                if index == 0 {
                    arrow.start.clone_from(&self.bound);
                } else if index == last {
                    arrow.end.clone_from(&self.bound);
                }
                unbind_loop(arrow, index == 0);
            }
        }
        if let Shape::Line(path) | Shape::Arrow(Arrow { path, .. }) = &mut shape {
            *path = Path { points };
        }
        let geometry = Geometry::over(shape.natural_bounds()?);
        let changed = Element { geometry, shape, ..(**element).clone() };
        Some(scene::attached(&changed, board).unwrap_or(changed))
    }

    /// What others are to see. A line of too many points they see when it is written.
    pub(crate) fn shown(&self, board: &Board) -> Gesture {
        let points: Vec<_> = self.changed(board).map_or_else(Vec::new, |it| scene::corners(&it));
        if points.is_empty() || points.len() > GESTURE_POINTS_MAX {
            return Gesture::default();
        }
        let points = points.into_iter().map(Into::into).collect();
        Gesture::Reshape(ReshapeGesture { id: self.id.clone(), points })
    }

    pub(crate) fn preview(&self, zoom: f64, board: &Board, preview: &mut Preview) {
        let Some(changed) = self.changed(board) else { return };
        if let Shape::Arrow(arrow) = &changed.shape {
            preview_ends(&arrow.start, &arrow.end, zoom, board, preview);
        }
        preview.show_as(changed);
    }

    /// Writes the line. The answer is the point that was clicked instead.
    pub(crate) fn finish(self, board: &mut Board) -> Option<(ElementId, usize)> {
        let Some(changed) = self.changed(board) else {
            let is_point = !self.handle.is_new && !self.handle.is_piece;
            return is_point.then_some((self.id, self.handle.index));
        };
        write(board, changed);
        None
    }
}

/// Writes a line as it is now, as one step.
fn write(board: &mut Board, changed: Element) {
    let id = changed.id.clone();
    let mut changes = vec![Change::Points(scene::corners(&changed))];
    if let Shape::Arrow(Arrow { start, end, fixed, .. }) = changed.shape {
        changes.extend([Change::BindStart(start), Change::BindEnd(end), Change::Fix(fixed)]);
    }
    board.begin_step();
    board.change(&changes.into_iter().map(|change| (id.clone(), change)).collect::<Vec<_>>());
}

/// Lets a piece of an elbow go that was laid by hand.
pub(crate) fn release(board: &mut Board, id: &ElementId, piece: usize) {
    let element = board.element(id);
    if let Some(free) = element.and_then(|element| scene::laid(element, piece, None, board)) {
        write(board, free);
    }
}

/// Of a straight piece both ends cannot be at one element: the one that was not dragged there lets go.
fn unbind_loop(arrow: &mut Arrow, is_start: bool) {
    let name = |end: &Option<Binding>| end.as_ref().map(|end| end.element.clone());
    let is_loop = arrow.start.is_some() && name(&arrow.start) == name(&arrow.end);
    if is_loop && arrow.path.points.len() == 2 {
        let end = if is_start { &mut arrow.start } else { &mut arrow.end };
        *end = None;
    }
}

/// Takes a point away. `false` if that would leave no line.
pub(crate) fn remove(board: &mut Board, id: &ElementId, index: usize) -> bool {
    let Some(element) = board.element(id) else { return false };
    let mut points = scene::corners(element);
    let last = points.len().saturating_sub(1);
    if points.len() < 3 || index > last {
        return false;
    }
    let is_closed = points[0] == points[last] && matches!(element.shape, Shape::Line(_));
    points.remove(index);
    if is_closed && (index == 0 || index == last) && points.len() > 2 {
        let n = points.len() - 1;
        if index == 0 { points[n] = points[0] } else { points[0] = points[n] }
    }
    let mut changes = vec![(id.clone(), Change::Points(points))];
    if let Shape::Arrow(_) = element.shape {
        // What was bound is gone.
        if index == 0 {
            changes.push((id.clone(), Change::BindStart(None)));
        } else if index == last {
            changes.push((id.clone(), Change::BindEnd(None)));
        }
    }
    board.begin_step();
    board.change(&changes);
    true
}
