//! Freehand ink: how thick the pen is along its course, and the area it covers.

mod course;
mod flow;
mod rubbed;
mod sides;

use std::f64::consts::FRAC_PI_2;

use kurbo::{BezPath, Point};
use shared::color::Color;
use shared::element::{Brush, Ink};

use crate::outline::circle;
use course::Sample;

pub use flow::{InkFlow, InkPiece};
pub(crate) use rubbed::left;
pub use rubbed::rubbed;

/// Ink of width 1 comes from a pen of this size, in board units, as in Excalidraw.
const PEN_PER_WIDTH: f64 = 4.25;

/// How much pressure changes the thickness: 0 not at all, 1 down to nothing.
const THINNING: f64 = 0.6;

/// The area covered by a pen that went along `points` (with pressures 0 to 1).
///
/// Without `has_pressure` the pen presses harder where it is slow. Points that are no numbers are
/// passed over; a single point is a dot. Takes time in proportion to the points.
pub(crate) fn area(
    points: impl IntoIterator<Item = (Point, f32)>,
    width: f64,
    has_pressure: bool,
) -> BezPath {
    covered(&course::course(points, PEN_PER_WIDTH * width, has_pressure))
}

/// The edge of that area as straight pieces that are hardly shorter than `gap`.
pub(crate) fn edge(
    points: impl IntoIterator<Item = (Point, f32)>,
    width: f64,
    has_pressure: bool,
    gap: f64,
) -> Vec<Point> {
    let mut course = course::course(points, PEN_PER_WIDTH * width, has_pressure);
    let Some(&last) = course.last() else { return Vec::new() };
    let mut kept = course[0].at;
    course.retain(|it| {
        let is_far = it.at.distance(kept) >= gap;
        if is_far {
            kept = it.at;
        }
        is_far || it.at == kept
    });
    if kept != last.at {
        course.push(last);
    }
    if course.len() < 2 { Vec::new() } else { sides::edge(&course) }
}

/// The middle of a marker's line along `points`; it is as broad as the style's width says.
pub(crate) fn marked(points: impl IntoIterator<Item = (Point, f32)>, width: f64) -> BezPath {
    marked_along(&course::course(points, PEN_PER_WIDTH * width, true))
}

fn marked_along(course: &[Sample]) -> BezPath {
    let mut path = BezPath::new();
    let [first, rest @ ..] = course else { return path };
    path.move_to(first.at);
    for pair in rest.windows(2) {
        path.quad_to(pair[0].at, pair[0].at.midpoint(pair[1].at));
    }
    path.line_to(rest.last().unwrap_or(first).at);
    path
}

/// What of its color a marker leaves.
pub fn marker_color(color: Color) -> Color {
    Color { a: color.a / 2, ..color }
}

/// Half of how broad `ink` is at most.
pub(crate) fn reach(ink: &Ink, width: f64) -> f64 {
    match ink.brush {
        Brush::Pen => radius(width, 1.0),
        Brush::Highlighter => width / 2.0,
    }
}

/// The area around a course.
fn covered(course: &[Sample]) -> BezPath {
    match course {
        [] => BezPath::new(),
        [dot] => circle(dot.at, dot.radius),
        course => sides::area(course),
    }
}

/// Half the thickness of ink of `width` where the pen presses with `pressure`.
pub(crate) fn radius(width: f64, pressure: f64) -> f64 {
    let pressure = if pressure.is_finite() { pressure.clamp(0.0, 1.0) } else { 0.5 };
    let thickness = 0.5 - THINNING * (0.5 - pressure);
    PEN_PER_WIDTH * width * (thickness * FRAC_PI_2).sin()
}

#[cfg(test)]
mod tests {
    use kurbo::Shape;

    use super::*;

    #[track_caller]
    fn check(points: &[(f64, f64)], has_pressure: bool) -> BezPath {
        let inked = points.iter().map(|&(x, y)| (Point::new(x, y), 0.5));
        let area = area(inked, 1.0, has_pressure);
        assert!(area.is_finite(), "{points:?}");
        let limit = radius(1.0, 1.0) + 1e-6;
        let on_course: Vec<_> =
            points.iter().filter(|p| p.0.is_finite() && p.1.is_finite()).collect();
        let reach = area.control_box();
        for (least, most) in [
            (reach.x0, on_course.iter().map(|p| p.0).fold(f64::INFINITY, f64::min)),
            (reach.y0, on_course.iter().map(|p| p.1).fold(f64::INFINITY, f64::min)),
        ] {
            assert!(area.is_empty() || least >= most - limit, "{least} {most}");
        }
        area
    }

    #[test]
    fn ink_is_as_thick_as_its_pressure() {
        let thickness = |pressure: f32| {
            let line = (0..100).map(|i| (Point::new(f64::from(i), 0.0), pressure));
            area(line, 1.0, true).bounding_box().height()
        };
        assert!((thickness(0.5) - 2.0 * radius(1.0, 0.5)).abs() < 0.1);
        assert!(thickness(0.1) < thickness(0.5) && thickness(0.5) < thickness(1.0));
    }

    #[test]
    fn a_fast_pen_is_thin() {
        let thickness = |step: f64| {
            let line = (0..100).map(|i| (Point::new(f64::from(i) * step, 0.0), 0.5));
            let area = area(line, 1.0, false);
            let middle = 50.0 * step;
            let covered = |y: &f64| area.winding(Point::new(middle, *y)) != 0;
            (0..100).map(|i| f64::from(i) * 0.1).take_while(covered).count()
        };
        assert!(thickness(8.0) < thickness(0.5));
    }

    #[test]
    fn odd_strokes_are_still_areas() {
        check(&[], false);
        check(&[(f64::NAN, 0.0), (0.0, f64::INFINITY)], false);
        assert!(check(&[(3.0, 3.0)], false).area().abs() > 1.0, "a dot");
        assert!(check(&[(3.0, 3.0); 20], true).area().abs() > 1.0, "a pen that stands still");
        check(&[(0.0, 0.0), (1e-12, 0.0)], false);
        check(&[(0.0, 0.0), (10.0, 0.0)], true);
        check(&[(0.0, 0.0), (10.0, 0.0), (0.0, 0.0), (10.0, 0.0)], true);
        check(&[(0.0, 0.0), (f64::NAN, 1.0), (10.0, 0.0)], false);
        check(&[(-1e9, 0.0), (1e9, 1.0), (-1e9, 2.0)], false);
    }

    #[test]
    fn random_strokes_have_no_holes_in_their_numbers() {
        let mut state = 24301u32;
        let mut random = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            f64::from(state >> 8) / f64::from(1u32 << 24)
        };
        for n_points in [2, 3, 5, 50, 10_000] {
            let points: Vec<_> =
                (0..n_points).map(|_| (random() * 40.0, random() * 40.0)).collect();
            for has_pressure in [true, false] {
                let area = check(&points, has_pressure);
                assert!(area.elements().len() < n_points * 40 + 60, "linear in the points");
            }
        }
    }

    #[test]
    fn the_ends_of_a_stroke_are_covered() {
        let points: Vec<_> =
            (0..30).map(|i| (f64::from(i) * 5.0, f64::from(i % 7) * 3.0)).collect();
        let area = check(&points, true);
        for (x, y) in [points[0], points[29]] {
            assert_ne!(area.winding(Point::new(x, y)), 0);
        }
    }
}
