//! Lines through points: straight from one to the next, or one smooth curve.

use kurbo::{BezPath, Point};
use shared::element::Edges;

/// Radius of an elbow's round corners, in board units.
const ELBOW_RADIUS: f64 = 16.0;

/// The line through `points`; with round edges and more than two points a curve.
pub(super) fn outline(points: &[Point], edges: Edges) -> BezPath {
    match edges {
        Edges::Round if points.len() > 2 => curve(points),
        Edges::Round | Edges::Sharp => polyline(points.iter().copied()),
    }
}

/// The same for a line that runs across and down only: with round edges its corners are rounded.
pub(super) fn elbow(points: &[Point], edges: Edges) -> BezPath {
    let [first, inner @ .., last] = points else { return polyline(points.iter().copied()) };
    if edges == Edges::Sharp {
        return polyline(points.iter().copied());
    }
    let mut path = BezPath::new();
    path.move_to(*first);
    for (index, &corner) in inner.iter().enumerate() {
        let toward = |other: Point| {
            let side = other - corner;
            corner + side * (ELBOW_RADIUS / side.hypot()).min(0.5)
        };
        path.line_to(toward(points[index]));
        path.quad_to(corner, toward(points[index + 2]));
    }
    path.line_to(*last);
    path
}

/// Straight pieces; a single point becomes a piece without length.
pub(super) fn polyline(points: impl IntoIterator<Item = Point>) -> BezPath {
    let mut points = points.into_iter();
    let mut path = BezPath::new();
    let Some(first) = points.next() else { return path };
    path.move_to(first);
    points.for_each(|point| path.line_to(point));
    if path.elements().len() == 1 {
        path.line_to(first);
    }
    path
}

/// A Catmull-Rom spline: at each point it runs parallel to the line between the two neighbors.
fn curve(points: &[Point]) -> BezPath {
    let mut path = BezPath::new();
    let Some(&first) = points.first() else { return path };
    path.move_to(first);
    for index in 1..points.len() {
        let (from, to) = (points[index - 1], points[index]);
        let before = if index > 1 { points[index - 2] } else { from };
        let after = points.get(index + 1).copied().unwrap_or(to);
        path.curve_to(from + (to - before) / 6.0, to - (after - from) / 6.0, to);
    }
    path
}
