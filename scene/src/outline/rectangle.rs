//! Rectangles, with pointed or round corners.

use kurbo::{BezPath, Point, Vec2};
use shared::element::Edges;

use super::corner_radius;

/// A rectangle of this size around (0, 0).
pub(super) fn outline(w: f64, h: f64, edges: Edges) -> BezPath {
    let (x, y) = (w / 2.0, h / 2.0);
    let radius = match edges {
        Edges::Round => corner_radius(w.min(h)),
        Edges::Sharp => 0.0,
    };
    let corners = [(-x, -y), (x, -y), (x, y), (-x, y)];
    let mut path = BezPath::new();
    if radius == 0.0 {
        path.move_to(corners[0]);
        corners[1..].iter().for_each(|&corner| path.line_to(corner));
        path.close_path();
        return path;
    }
    // Clockwise: each corner is reached along one direction and left along the next.
    let directions = [(0.0, -1.0), (1.0, 0.0), (0.0, 1.0), (-1.0, 0.0)].map(Vec2::from);
    path.move_to((-x, radius - y));
    for (index, corner) in corners.into_iter().map(Point::from).enumerate() {
        let (reached, left) = (directions[index], directions[(index + 1) % 4]);
        path.line_to(corner - reached * radius);
        path.quad_to(corner, corner + left * radius);
    }
    path.close_path();
    path
}
