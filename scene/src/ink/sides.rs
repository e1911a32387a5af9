//! The edge of the inked area: along one side of the course, around its end, and back.

use std::f64::consts::PI;

use kurbo::{BezPath, Point, Vec2};

use super::course::Sample;

/// Points of the edge nearer than this part of the radius to the one before are left out: the edge
/// gets smoother and inner sides of tight bends do not tangle.
const GAP: f64 = 0.6;

/// Pieces of a half circle around an end or a sharp turn.
const CAP_PIECES: u32 = 8;

/// The smooth closed edge around a course of at least two distinct places.
pub(super) fn area(course: &[Sample]) -> BezPath {
    smooth(&edge(course))
}

/// The points between which that edge bends.
pub(super) fn edge(course: &[Sample]) -> Vec<Point> {
    let (Some(first), Some(last)) = (course.first(), course.last()) else { return Vec::new() };
    let mut left = Side::default();
    let mut right = Side::default();
    let mut reached = direction(course[0], course[1]);
    let start = reached;
    for (index, &sample) in course.iter().enumerate() {
        let leaves = course.get(index + 1).map_or(reached, |&next| direction(sample, next));
        if reached.dot(leaves) < 0.0 {
            left.round(sample, across(reached), 1.0);
            right.round(sample, -across(reached), -1.0);
        } else {
            let side = across((reached + leaves).normalize()) * sample.radius;
            let gap = if index == 0 || index + 1 == course.len() { 0.0 } else { GAP };
            left.push(sample.at + side, gap * sample.radius);
            right.push(sample.at - side, gap * sample.radius);
        }
        reached = leaves;
    }
    left.round(*last, across(reached), 1.0);
    left.points.extend(right.points.iter().rev());
    left.round(*first, -across(start), 1.0);
    left.points
}

/// Points along one side of the course.
#[derive(Default)]
struct Side {
    points: Vec<Point>,
}

impl Side {
    fn push(&mut self, point: Point, gap: f64) {
        if self.points.last().is_none_or(|last| last.distance(point) >= gap) {
            self.points.push(point);
        }
    }

    /// Goes around `sample` by half a turn, from its side `from`, clockwise for `turn` 1.
    fn round(&mut self, sample: Sample, from: Vec2, turn: f64) {
        for piece in 0..=CAP_PIECES {
            let (sin, cos) = (turn * PI * f64::from(piece) / f64::from(CAP_PIECES)).sin_cos();
            let to = Vec2::new(from.x * cos - from.y * sin, from.x * sin + from.y * cos);
            self.points.push(sample.at + to * sample.radius);
        }
    }
}

fn direction(from: Sample, to: Sample) -> Vec2 {
    (to.at - from.at).normalize()
}

/// To the left of a direction; half a clockwise turn from there leads ahead and to the right.
fn across(direction: Vec2) -> Vec2 {
    Vec2::new(direction.y, -direction.x)
}

/// A closed curve from the middle of each piece to the middle of the next, bent by the point between.
fn smooth(points: &[Point]) -> BezPath {
    let mut path = BezPath::new();
    let Some(&last) = points.last() else { return path };
    path.move_to(last.midpoint(points[0]));
    for (index, &point) in points.iter().enumerate() {
        let next = points[(index + 1) % points.len()];
        path.quad_to(point, point.midpoint(next));
    }
    path.close_path();
    path
}
