//! Ellipses, as four cubic curves.

use kurbo::BezPath;

/// How far the control points of a quarter circle lie from its ends, in radii.
const QUARTER: f64 = 0.552_284_75;

/// An ellipse that touches the edges of a box of this size around (0, 0).
pub(super) fn outline(w: f64, h: f64) -> BezPath {
    let (x, y) = (w / 2.0, h / 2.0);
    let (kx, ky) = (x * QUARTER, y * QUARTER);
    let mut path = BezPath::new();
    path.move_to((x, 0.0));
    path.curve_to((x, ky), (kx, y), (0.0, y));
    path.curve_to((-kx, y), (-x, ky), (-x, 0.0));
    path.curve_to((-x, -ky), (-kx, -y), (0.0, -y));
    path.curve_to((kx, -y), (x, -ky), (x, 0.0));
    path.close_path();
    path
}
