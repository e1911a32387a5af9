//! Diamonds: a rhombus through the middles of its box's edges, with pointed or round corners.

use kurbo::{BezPath, Point};
use shared::element::Edges;

use super::corner_radius;

/// A diamond in a box of this size around (0, 0).
pub(super) fn outline(w: f64, h: f64, edges: Edges) -> BezPath {
    let (x, y) = (w / 2.0, h / 2.0);
    let corners = [(0.0, -y), (x, 0.0), (0.0, y), (-x, 0.0)].map(Point::from);
    let mut path = BezPath::new();
    match edges {
        Edges::Sharp => {
            path.move_to(corners[0]);
            corners[1..].iter().for_each(|&corner| path.line_to(corner));
        }
        Edges::Round => {
            let (along_x, along_y) = (corner_radius(x), corner_radius(y));
            // From a corner towards another, by the radius: sides run at a slant.
            let towards = |from: Point, to: Point| {
                let (dx, dy) = ((to.x - from.x).signum(), (to.y - from.y).signum());
                Point::new(from.x + dx * along_x, from.y + dy * along_y)
            };
            path.move_to(towards(corners[0], corners[1]));
            for index in 1..=4 {
                let (before, corner) = (corners[index - 1], corners[index % 4]);
                let after = corners[(index + 1) % 4];
                path.line_to(towards(corner, before));
                path.curve_to(corner, corner, towards(corner, after));
            }
        }
    }
    path.close_path();
    path
}
