//! Ink while it flows: a new point costs the same, however long the stroke is.
//!
//! What is certain of the stroke is given away piece by piece; only its end, which the next points still
//! change, is made anew each time. The pieces overlap, and together they cover what the whole covers.

use kurbo::{BezPath, Point};
use shared::geometry::{BoardPoint, Bounds};
use shared::ink::InkPoint;

use super::course::{self, Course, Sample};
use super::{PEN_PER_WIDTH, covered, radius};

/// Places in a piece that is given away.
const PIECE: usize = 24;

/// Places that a piece shares with the one before, so that no gap is between them.
const OVERLAP: usize = 3;

/// Places at the end that are not given away yet.
const END: usize = 5;

/// An area that a stroke covers.
#[derive(Clone, PartialEq, Debug)]
pub struct InkPiece {
    /// The box on the board around it.
    pub bounds: Bounds,
    /// The area's edge, around the stroke's first point.
    pub path: BezPath,
}

/// A stroke while it is drawn.
#[derive(Clone, Debug)]
pub struct InkFlow {
    origin: BoardPoint,
    width: f64,
    has_pressure: bool,
    /// Half of how broad it is everywhere, if it is a marker's.
    even: Option<f64>,
    course: Option<Course>,
    /// How many points the course has gone by.
    n_taken: usize,
    /// The places on the course that are in no piece yet, and a few before.
    samples: Vec<Sample>,
}

impl InkFlow {
    /// A stroke of a width that begins at `origin`.
    pub fn new(origin: BoardPoint, width: f64, has_pressure: bool) -> Self {
        let (course, samples) = (None, Vec::new());
        Self { origin, width, has_pressure, even: None, course, n_taken: 0, samples }
    }

    /// The same stroke, of a marker that is so broad, in board units.
    pub fn marked(self, broad: f64) -> Self {
        Self { even: Some(broad / 2.0), ..self }
    }

    /// Where the pieces' paths have their (0, 0).
    pub fn origin(&self) -> BoardPoint {
        self.origin
    }

    /// Follows the stroke, which has grown to `points`, of which none is no number. The answer is the
    /// pieces that are certain now.
    pub fn follow(&mut self, points: &[InkPoint]) -> Vec<InkPiece> {
        // The last point is not certain: a stroke ends where the pen is, and only there.
        let n_certain = points.len().saturating_sub(1);
        let size = PEN_PER_WIDTH * self.width;
        if self.course.is_none() && n_certain >= Course::N_FIRST {
            let first = self.local(&points[..Course::N_FIRST]);
            self.course = Course::begin(&first, size, self.has_pressure);
        }
        let Some(mut course) = self.course.take() else { return Vec::new() };
        if self.n_taken == 0 {
            self.samples.push(course.here());
            self.n_taken = 1;
        }
        let new = self.local(points.get(self.n_taken..n_certain).unwrap_or_default());
        self.n_taken += new.len();
        self.samples.extend(new.into_iter().filter_map(|point| course.pass(point)));
        self.course = Some(course);
        let mut pieces = Vec::new();
        while self.samples.len() >= PIECE + END {
            pieces.extend(self.piece(&self.samples[..PIECE]));
            self.samples.drain(..PIECE - OVERLAP);
        }
        pieces
    }

    /// The end of a stroke that consists of `points` and may go on through `ahead`: all that is in no piece.
    pub fn end(&self, points: &[InkPoint], ahead: &[InkPoint]) -> Option<InkPiece> {
        let Some(course) = &self.course else {
            let size = PEN_PER_WIDTH * self.width;
            let points = self.local([points, ahead].into_iter().flatten());
            return self.piece(&course::course(points, size, self.has_pressure));
        };
        let mut samples = self.samples.clone();
        let mut course = course.clone();
        let rest = self.local(points.last().into_iter().chain(ahead));
        if let Some((last, between)) = rest.split_last() {
            samples.extend(between.iter().filter_map(|&point| course.pass(point)));
            samples.extend(course.end(*last));
        }
        self.piece(&samples)
    }

    /// Points around the stroke's first one.
    fn local<'a>(&self, points: impl IntoIterator<Item = &'a InkPoint>) -> Vec<(Point, f32)> {
        let local = |at: BoardPoint| Point::new(at.x - self.origin.x, at.y - self.origin.y);
        points.into_iter().map(|point| (local(point.at), point.pressure)).collect()
    }

    fn piece(&self, samples: &[Sample]) -> Option<InkPiece> {
        if samples.is_empty() {
            return None;
        }
        let on_board = |at: Point| BoardPoint::new(at.x + self.origin.x, at.y + self.origin.y);
        let bounds = Bounds::around(samples.iter().map(|sample| on_board(sample.at)));
        let Some(radius) = self.even else {
            let bounds = bounds.inflated(radius(self.width, 1.0));
            return Some(InkPiece { bounds, path: covered(samples) });
        };
        let samples: Vec<_> = samples.iter().map(|sample| Sample { radius, ..*sample }).collect();
        Some(InkPiece { bounds: bounds.inflated(radius), path: covered(&samples) })
    }
}

#[cfg(test)]
mod tests {
    use kurbo::Shape;

    use super::*;
    use crate::ink::area;

    fn wave(n: i32) -> Vec<InkPoint> {
        let at = |n: f64| BoardPoint::new(500.0 + n * 3.0, (n / 9.0).sin() * 60.0);
        (0..n).map(|n| InkPoint { at: at(f64::from(n)), pressure: 0.5 }).collect()
    }

    /// Draws point by point; all pieces and the end cover what the whole stroke covers.
    #[track_caller]
    fn check(points: &[InkPoint], has_pressure: bool) -> usize {
        let mut flow = InkFlow::new(points[0].at, 1.0, has_pressure);
        let mut pieces = Vec::new();
        for n in 1..=points.len() {
            pieces.extend(flow.follow(&points[..n]));
        }
        let n_certain = pieces.len();
        pieces.extend(flow.end(points, &[]));
        let whole = area(flow.local(points), 1.0, has_pressure);
        let bounds = whole.bounding_box();
        let (mut n_same, mut n_all) = (0, 0);
        for x in 0..=(bounds.width() / 3.0) as i32 {
            for y in 0..=bounds.height() as i32 {
                let at = Point::new(bounds.x0 + f64::from(x) * 3.0, bounds.y0 + f64::from(y));
                let is_in = |path: &BezPath| path.winding(at) != 0;
                n_all += i32::from(is_in(&whole));
                n_same += i32::from(is_in(&whole) && pieces.iter().any(|it| is_in(&it.path)));
            }
        }
        assert!(n_same * 100 >= n_all * 99, "{n_same} of {n_all} places");
        n_certain
    }

    #[test]
    fn the_pieces_of_a_stroke_cover_what_the_stroke_covers() {
        for has_pressure in [true, false] {
            assert_eq!(check(&wave(1), has_pressure), 0);
            assert_eq!(check(&wave(10), has_pressure), 0);
            assert!(check(&wave(200), has_pressure) >= 5);
        }
    }

    #[test]
    fn what_is_expected_is_a_part_of_the_end_only() {
        let points = wave(200);
        let (now, ahead) = points.split_at(150);
        let mut flow = InkFlow::new(points[0].at, 1.0, false);
        flow.follow(now);
        let reaches = |piece: Option<InkPiece>| piece.map_or(0.0, |it| it.bounds.x1);
        assert!(reaches(flow.end(now, &ahead[..5])) > ahead[3].at.x);
        assert!(reaches(flow.end(now, &[])) < ahead[0].at.x + 10.0);
        assert_eq!(flow.end(now, &ahead[..1]).map(|it| it.bounds.x1), {
            let more = &points[..151];
            flow.end(more, &[]).map(|it| it.bounds.x1)
        });
    }

    #[test]
    fn a_new_point_costs_the_same_on_a_long_stroke() {
        let points = wave(10_000);
        let mut flow = InkFlow::new(points[0].at, 1.0, false);
        for n in 1..=points.len() {
            flow.follow(&points[..n]);
            assert!(flow.samples.len() < PIECE + END, "{} at {n}", flow.samples.len());
        }
    }
}
