//! Where an arrow's end is that is bound to an element: before its outline, on the way to the place in it
//! that the arrow points to.

use kurbo::Point;
use shared::element::{Element, Shape};
use shared::geometry::BoardPoint;

use crate::outline::{outline, pieces};

/// How far the straight pieces that stand for an outline may miss it, in board units.
const FLATNESS: f64 = 0.1;

/// Whether arrows can be bound to `element`.
pub fn is_bindable(element: &Element) -> bool {
    match &element.shape {
        Shape::Line(_) | Shape::Arrow(_) | Shape::Ink(_) | Shape::Unknown(_) => false,
        Shape::Text(text) => text.container.is_none(),
        _ => true,
    }
}

/// The point on the board that lies at `at` in the element's unturned box: 0 to 1 across and down.
pub fn focus(element: &Element, at: (f64, f64)) -> BoardPoint {
    let g = element.geometry;
    BoardPoint::new(g.x + g.w * at.0, g.y + g.h * at.1).rotated(g.center(), g.angle)
}

/// Where a line from `from` to the place `at` in the element ends, `gap` board units before its outline;
/// at that place itself if the line begins inside.
pub fn rim(element: &Element, at: (f64, f64), gap: f64, from: BoardPoint) -> BoardPoint {
    rim_towards(element, focus(element, at), gap, from)
}

/// The same for a line to a place on the board that is in the element.
pub(super) fn rim_towards(
    element: &Element,
    aim: BoardPoint,
    gap: f64,
    from: BoardPoint,
) -> BoardPoint {
    let g = element.geometry;
    let center = g.center();
    let local = |point: BoardPoint| {
        let point = point.rotated(center, -g.angle);
        Point::new(point.x - center.x, point.y - center.y)
    };
    let (start, to) = (local(from), local(aim));
    let pieces = pieces(&outline(&element.shape, g, element.style.edges), FLATNESS);
    let is_outside = |end: &Point| crossing(&pieces, *end, Point::ZERO).is_some();
    // A corner of the box is no place in an ellipse: the way to it leads on to the middle.
    let to = if is_outside(&to) { Point::ZERO } else { to };
    let Some(part) = crossing(&pieces, start, to) else { return aim };
    let way = to - start;
    let length = way.hypot() * part;
    let gap = (gap + element.style.width / 2.0).min(length / 2.0);
    let end = start + way * part * (1.0 - gap / length.max(f64::MIN_POSITIVE));
    BoardPoint::new(center.x + end.x, center.y + end.y).rotated(center, g.angle)
}

/// The part of the way between two points after which it first crosses a piece.
fn crossing(pieces: &[(Point, Point)], from: Point, to: Point) -> Option<f64> {
    let way = to - from;
    let part = |(a, b): &(Point, Point)| {
        let side = *b - *a;
        let turn = way.cross(side);
        let (along, across) = ((*a - from).cross(side) / turn, (*a - from).cross(way) / turn);
        let is_on = (0.0..=1.0).contains(&along) && (-1e-9..=1.0 + 1e-9).contains(&across);
        is_on.then_some(along)
    };
    pieces.iter().filter_map(part).min_by(f64::total_cmp)
}
