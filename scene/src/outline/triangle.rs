//! Triangles, which stand on the lower edge of their box.

use kurbo::{BezPath, Point};
use shared::element::Edges;
use shared::geometry::Flip;

use super::corner_radius;

/// The outline around the middle of a box of `w` times `h`.
pub(super) fn outline(w: f64, h: f64, edges: Edges, flip: Flip) -> BezPath {
    let sign = if flip.down { -1.0 } else { 1.0 };
    let corners = [(0.0, -h / 2.0), (w / 2.0, h / 2.0), (-w / 2.0, h / 2.0)];
    let corners = corners.map(|(x, y)| Point::new(x, y * sign));
    let mut path = BezPath::new();
    for (index, &corner) in corners.iter().enumerate() {
        let before = corners[(index + 2) % 3];
        let after = corners[(index + 1) % 3];
        let toward = |other: Point| {
            let side = other - corner;
            let length = side.hypot();
            let radius = if edges == Edges::Round { corner_radius(length) } else { 0.0 };
            if length > 0.0 { corner + side * (radius / length) } else { corner }
        };
        if index == 0 {
            path.move_to(toward(before))
        } else {
            path.line_to(toward(before))
        }
        if edges == Edges::Round {
            path.quad_to(corner, toward(after));
        }
    }
    path.close_path();
    path
}
