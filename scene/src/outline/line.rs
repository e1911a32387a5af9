//! Lines through points: straight from one to the next, or one smooth curve.

use kurbo::{BezPath, ParamCurve, PathSeg, Point};
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

/// How many straight pieces stand for a curve when it is measured.
const MEASURED: usize = 16;

/// The course as many short pieces: where each begins and ends, and on what part of which segment.
fn steps(path: &BezPath) -> impl Iterator<Item = (PathSeg, f64, f64)> {
    path.segments().flat_map(|segment| {
        let n = if matches!(segment, PathSeg::Line(_)) { 1 } else { MEASURED };
        let part = move |step: usize| step as f64 / n as f64;
        (0..n).map(move |step| (segment, part(step), part(step + 1)))
    })
}

/// The middle of a course, by its length.
pub(super) fn middle(path: &BezPath) -> Point {
    let long = |(segment, from, to): &(PathSeg, f64, f64)| {
        (segment.eval(*to) - segment.eval(*from)).hypot()
    };
    let mut left = steps(path).map(|step| long(&step)).sum::<f64>() / 2.0;
    for step in steps(path) {
        let length = long(&step);
        if length >= left && length > 0.0 {
            let (segment, from, to) = step;
            return segment.eval(from + (to - from) * left / length);
        }
        left -= length;
    }
    path.segments().next().map_or(Point::ZERO, |segment| segment.start())
}

/// Board units of an elbow's piece that are to be seen on both sides of its label.
const BESIDE_LABEL: f64 = 20.0;

/// Where a label of this width and height stands on an elbow with these corners: in the middle of a piece that can
/// carry it, the nearest to the middle of the course; of the one with the most room if none can.
pub(super) fn carrier(points: &[Point], (w, h): (f64, f64)) -> Point {
    let long = |pair: &[Point]| pair[0].distance(pair[1]);
    let half = points.windows(2).map(long).sum::<f64>() / 2.0;
    let mut passed = 0.0;
    let pieces = points.windows(2).map(|pair| {
        let way = pair[1] - pair[0];
        let taken = if way.x.abs() >= way.y.abs() { w } else { h };
        let lacks = (taken + 2.0 * BESIDE_LABEL - way.hypot()).max(0.0);
        let off = (passed + way.hypot() / 2.0 - half).abs();
        passed += way.hypot();
        (lacks, off, pair[0].midpoint(pair[1]))
    });
    // Of two that are as near, the first.
    let is_better = |next: &(f64, f64, Point), best: &(f64, f64, Point)| {
        next.0.total_cmp(&best.0).then(next.1.total_cmp(&(best.1 - 1e-6))).is_lt()
    };
    let best = pieces.reduce(|best, next| if is_better(&next, &best) { next } else { best });
    best.map_or_else(|| points.first().copied().unwrap_or(Point::ZERO), |(.., at)| at)
}

/// A line without what is in a box of this width and height around `center`.
pub(super) fn without_box(path: &BezPath, center: Point, (w, h): (f64, f64)) -> BezPath {
    let is_in =
        |point: Point| (point.x - center.x).abs() < w / 2.0 && (point.y - center.y).abs() < h / 2.0;
    let mut cut = BezPath::new();
    let mut drawn_to = None;
    for segment in path.segments() {
        // Where the segment goes in or out, to a 64th of it at first and then by halves.
        let mut from = 0.0;
        let mut was_in = is_in(segment.start());
        let mut keep = |from: f64, to: f64| {
            let start = segment.eval(from);
            if drawn_to != Some(start) {
                cut.move_to(start);
            }
            match segment.subsegment(from..to) {
                PathSeg::Line(line) => cut.line_to(line.p1),
                PathSeg::Quad(quad) => cut.quad_to(quad.p1, quad.p2),
                PathSeg::Cubic(cubic) => cut.curve_to(cubic.p1, cubic.p2, cubic.p3),
            }
            drawn_to = Some(segment.eval(to));
        };
        for step in 1..=64 {
            let to = f64::from(step) / 64.0;
            if is_in(segment.eval(to)) == was_in {
                continue;
            }
            let (mut low, mut high) = (to - 1.0 / 64.0, to);
            for _ in 0..8 {
                let half = f64::midpoint(low, high);
                if is_in(segment.eval(half)) == was_in { low = half } else { high = half }
            }
            if !was_in {
                keep(from, high);
            }
            (from, was_in) = (high, !was_in);
        }
        if !was_in {
            keep(from, 1.0);
        }
    }
    cut
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
