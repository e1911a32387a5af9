//! The course of an elbow of which somebody laid pieces by hand: it runs along these, and leaves what it is bound to
//! on the side from which it comes to them with the fewest corners. What lies between two of them stays as it is.

use shared::geometry::{BoardPoint, Bounds};

use super::line::Line;
use super::search::{Search, Stub};
use super::terminal::Terminal;
use super::{clearance, tidied};

/// The pieces of a course that somebody laid by hand: the corner that each begins at, and what it lies on.
pub(in crate::attach) struct Laid<'a> {
    points: &'a [BoardPoint],
    lines: Vec<(usize, Line)>,
    first: (usize, Line),
    last: (usize, Line),
}

impl<'a> Laid<'a> {
    /// The `fixed` pieces of the course with these corners, known by the corners that they begin at; `None` if there
    /// are none.
    pub(in crate::attach) fn of(points: &'a [BoardPoint], fixed: &[usize]) -> Option<Self> {
        let line = |piece: usize| Line::of(*points.get(piece)?, *points.get(piece + 1)?);
        let lines: Vec<_> = fixed.iter().filter_map(|&piece| Some((piece, line(piece)?))).collect();
        let (&first, &last) = (lines.first()?, lines.last()?);
        Some(Self { points, lines, first, last })
    }

    /// What the first one lies on, and the last one.
    pub(in crate::attach) fn ends(&self) -> (Line, Line) {
        (self.first.1, self.last.1)
    }

    /// Moves the first and the last one out of the way of what stands at the ends.
    pub(in crate::attach) fn make_room(&mut self, from: &[Terminal], to: &[Terminal]) {
        let ((first, before), (last, after)) = (self.first, self.last);
        let kept = self.points.get(first + 1..=last).unwrap_or_default();
        let is_one = first == last;
        let second = kept.len().checked_sub(2).and_then(|it| kept.get(it));
        let after = roomy(after, (to, from), second);
        let before = roomy(if is_one { after } else { before }, (from, to), kept.get(1));
        (self.first.1, self.last.1) = (before, if is_one { before } else { after });
    }

    /// The corners of the best course along them, and the numbers that they have then. Not inlined: pages load it
    /// later.
    #[inline(never)]
    pub(in crate::attach) fn course(
        &self,
        from: &[Terminal],
        to: &[Terminal],
    ) -> Option<(Vec<BoardPoint>, Vec<usize>)> {
        let ((first, before), (last, after)) = (self.first, self.last);
        // Two that now lie on the same line are one.
        let between = if before == after { first..first } else { first + 1..last + 1 };
        let mut kept = self.points.get(between)?.to_vec();
        if let [corner, ..] = &mut kept[..] {
            *corner = before.nearest(*corner);
        }
        if let [.., corner] = &mut kept[..] {
            *corner = after.nearest(*corner);
        }
        let obstacle = |ends: &[Terminal]| ends.first().map_or(Bounds::EMPTY, |it| it.obstacle);
        let obstacles = [obstacle(from), obstacle(to)];
        let search = |line, favored| {
            let clearance = clearance(obstacles[0], obstacles[1]);
            Search { line, obstacles, clearance, favored, own: Vec::new() }
        };
        // Two pieces that are not laid keep their places if they may as well.
        let near = |range: std::ops::Range<usize>| {
            let pieces = self.points.get(range).unwrap_or_default().windows(2);
            pieces.filter_map(|ends| Line::of(ends[0], ends[1])).collect::<Vec<_>>()
        };
        let n = self.points.len();
        let mut at_start = near(first.saturating_sub(2)..first + 1);
        let at_end = near(last + 1..n.min(last + 4));
        let stubs = |ends: &[Terminal], line, others| -> Vec<Stub> {
            ends.iter().map(|end| Stub::of(end, line, others)).collect()
        };
        let starts = stubs(from, before, to);
        let ends = stubs(to, after, from);
        let course = if let (Some(&head), Some(&tail)) = (kept.first(), kept.last()) {
            let start = search(before, at_start).course(&starts, &[Stub::on(before, head)])?;
            let end = search(after, at_end).course(&ends, &[Stub::on(after, tail)])?;
            tidied(start.into_iter().chain(kept).chain(end.into_iter().rev()))
        } else {
            at_start.extend(at_end);
            tidied(search(before, at_start).course(&starts, &ends)?.into_iter())
        };
        let mut numbers = Vec::new();
        for &(piece, line) in &self.lines {
            let line = match piece {
                it if it == first => before,
                it if it == last => after,
                _ => line,
            };
            let next = numbers.last().map_or(0, |last| last + 1);
            let is_there =
                |piece: &usize| Line::of(course[*piece], course[piece + 1]) == Some(line);
            numbers.extend((next..course.len() - 1).find(is_there));
        }
        Some((course, numbers))
    }
}

/// A line far enough from the side that faces it, which is not beyond what the course goes on to.
fn roomy(line: Line, (own, other): (&[Terminal], &[Terminal]), near: Option<&BoardPoint>) -> Line {
    let Some(end) = line.facing(own) else { return line };
    let way = match (near, line.facing(other).or(other.first())) {
        (Some(near), _) => end.way_to(*near),
        (None, Some(other)) if end.way_to(other.at) > 0.0 && other.way_to(end.at) > 0.0 => {
            end.way_to_share(other)
        }
        _ => f64::INFINITY,
    };
    line.roomy(end, way)
}
