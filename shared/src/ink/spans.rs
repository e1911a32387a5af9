//! Which parts of a stroke are rubbed out. Places along a stroke are counted by its points, which keep
//! their numbers for good, so that what two people rub out at once is the union of both.

use std::ops::Range;

use super::{InkError, InkPoint, put_varint, take_varint};
use crate::geometry::BoardPoint;

/// Places from one point of a stroke to the next.
pub const PLACES_PER_POINT: u32 = 64;

const VERSION: u8 = 1;

/// Parts of a stroke, in places: 64 times a point's number, and what lies between two points.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Spans(
    /// In order; none is empty and none touches the next.
    Vec<Range<u32>>,
);

impl Spans {
    /// Whether there is no part.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Adds the part that begins at the place `span.start` and ends right before `span.end`.
    pub fn add(&mut self, mut span: Range<u32>) {
        if span.is_empty() {
            return;
        }
        let from = self.0.partition_point(|it| it.end < span.start);
        let to = self.0.partition_point(|it| it.start <= span.end);
        for known in &self.0[from..to] {
            span = span.start.min(known.start)..span.end.max(known.end);
        }
        self.0.splice(from..to, [span]);
    }

    /// All that any of `all` has.
    pub fn union(all: impl IntoIterator<Item = Self>) -> Self {
        Self::of(all.into_iter().flat_map(|it| it.0).collect())
    }

    /// The parts, in order.
    pub fn iter(&self) -> impl Iterator<Item = Range<u32>> {
        self.0.iter().cloned()
    }

    /// What these parts leave of a stroke of so many points: from where to where, both ends included.
    pub fn kept(&self, n_points: usize) -> Vec<(u32, u32)> {
        let Some(last) = last_place(n_points) else { return Vec::new() };
        let starts = std::iter::once(0).chain(self.0.iter().map(|span| span.end));
        let ends = self.0.iter().map(|span| span.start).chain([u32::MAX]);
        // At place 0 nothing is left of a cut that begins there; elsewhere the stroke goes up to the cut.
        let is_left = |&(from, to): &(u32, u32)| from < to && from <= last;
        starts.zip(ends).filter(is_left).map(|(from, to)| (from, to.min(last))).collect()
    }

    /// What `self` has beyond `known`.
    pub fn beyond(&self, known: &Self) -> Self {
        let mut rest = Self::default();
        for span in &self.0 {
            let mut from = span.start;
            for other in known.0.iter().filter(|it| it.end > span.start && it.start < span.end) {
                rest.add(from..other.start.max(from));
                from = other.end;
            }
            rest.add(from..span.end.max(from));
        }
        rest
    }

    /// The parts as bytes.
    pub fn encode(&self) -> Vec<u8> {
        let mut bytes = vec![VERSION];
        let mut reached = 0;
        for span in &self.0 {
            put_varint(&mut bytes, i64::from(span.start) - i64::from(reached));
            put_varint(&mut bytes, i64::from(span.end) - i64::from(span.start));
            reached = span.end;
        }
        bytes
    }

    /// The parts that [`Spans::encode`] made bytes of. Memory is bounded by the bytes given.
    pub fn decode(bytes: &[u8]) -> Result<Self, InkError> {
        let [VERSION, rest @ ..] = bytes else { return Err(InkError::Version) };
        let mut rest = rest;
        let mut spans = Vec::new();
        let mut reached = 0u32;
        while !rest.is_empty() {
            let mut place = |from: u32| {
                let step = u32::try_from(take_varint(&mut rest)?).ok();
                step.and_then(|step| from.checked_add(step)).ok_or(InkError::Damaged)
            };
            let start = place(reached)?;
            reached = place(start)?;
            spans.push(start..reached);
        }
        Ok(Self::of(spans))
    }

    /// All of these parts, which may overlap, in any order.
    fn of(mut parts: Vec<Range<u32>>) -> Self {
        parts.retain(|part| !part.is_empty());
        parts.sort_unstable_by_key(|part| part.start);
        parts.dedup_by(|next, part| {
            let is_touched = next.start <= part.end;
            if is_touched {
                part.end = part.end.max(next.end);
            }
            is_touched
        });
        Self(parts)
    }
}

/// The place of the last of so many points; `None` if there is none.
pub fn last_place(n_points: usize) -> Option<u32> {
    let last = u32::try_from(n_points.checked_sub(1)?).unwrap_or(u32::MAX);
    Some(last.saturating_mul(PLACES_PER_POINT))
}

/// The points of a stroke from one place to another, with points at both ends.
pub fn points_between(points: &[InkPoint], (from, to): (u32, u32)) -> Vec<InkPoint> {
    let first = from / PLACES_PER_POINT + 1;
    let end = to.div_ceil(PLACES_PER_POINT);
    let between = points.get(first as usize..end as usize).unwrap_or_default();
    let ends = [from, to].map(|place| point_at(points, place));
    let [start, end] = ends;
    let end = end.filter(|_| to > from);
    start.into_iter().chain(between.iter().copied()).chain(end).collect()
}

/// The point at a place of a stroke, between two of its points if need be.
fn point_at(points: &[InkPoint], place: u32) -> Option<InkPoint> {
    let index = (place / PLACES_PER_POINT) as usize;
    let before = points.get(index)?;
    let Some(after) = points.get(index + 1) else { return Some(*before) };
    let part = f64::from(place % PLACES_PER_POINT) / f64::from(PLACES_PER_POINT);
    let mix = |a: f64, b: f64| a + (b - a) * part;
    let at = BoardPoint::new(mix(before.at.x, after.at.x), mix(before.at.y, after.at.y));
    let pressure = mix(before.pressure.into(), after.pressure.into()) as f32;
    Some(InkPoint { at, pressure })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn spans(ranges: &[(u32, u32)]) -> Spans {
        let mut spans = Spans::default();
        ranges.iter().for_each(|&(from, to)| spans.add(from..to));
        spans
    }

    #[test]
    fn what_is_left_is_what_lies_between() {
        assert_eq!(spans(&[]).kept(3), [(0, 128)]);
        assert_eq!(spans(&[(30, 40)]).kept(3), [(0, 30), (40, 128)]);
        assert_eq!(spans(&[(0, 40)]).kept(3), [(40, 128)]);
        assert_eq!(spans(&[(90, 129)]).kept(3), [(0, 90)]);
        assert_eq!(spans(&[(0, 129)]).kept(3), []);
        assert_eq!(spans(&[(0, 1)]).kept(1), [], "a dot");
        assert_eq!(spans(&[(0, 129)]).kept(4), [(129, 192)], "it was drawn on");
        assert_eq!(spans(&[]).kept(0), []);
    }

    #[test]
    fn the_points_between_two_places_begin_and_end_there() {
        let point = |x: f64| InkPoint { at: BoardPoint::new(x, 0.0), pressure: 0.5 };
        let points: Vec<_> = (0..4).map(|n| point(f64::from(n) * 10.0)).collect();
        let xs = |from, to| -> Vec<f64> {
            points_between(&points, (from, to)).iter().map(|it| it.at.x).collect()
        };
        assert_eq!(xs(0, 192), [0.0, 10.0, 20.0, 30.0]);
        assert_eq!(xs(32, 128), [5.0, 10.0, 20.0]);
        assert_eq!(xs(32, 48), [5.0, 7.5]);
        assert_eq!(xs(64, 160), [10.0, 20.0, 25.0]);
        assert_eq!(xs(192, 192), [30.0]);
        assert_eq!(xs(9_000, 9_001), [0.0; 0], "beyond the end");
    }

    #[test]
    fn spans_have_these_bytes() {
        let bytes = spans(&[(64, 100), (110, 120)]).encode();
        assert_eq!(bytes, [1, 0x80, 0x01, 72, 20, 20]);
        assert_eq!(Spans::decode(&[]), Err(InkError::Version));
        assert_eq!(Spans::decode(&[2]), Err(InkError::Version));
        assert_eq!(Spans::decode(&[1, 2]), Err(InkError::Damaged), "no end");
        assert_eq!(Spans::decode(&[1, 1, 2]), Err(InkError::Damaged), "backwards");
    }

    proptest! {
        #[test]
        fn spans_are_sets_of_places(
            a in prop::collection::vec((0u32..300, 0u32..40), 0..8),
            b in prop::collection::vec((0u32..300, 0u32..40), 0..8),
        ) {
            let make = |raw: &[(u32, u32)]| {
                spans(&raw.iter().map(|(at, n)| (*at, at + n)).collect::<Vec<_>>())
            };
            let places = |spans: &Spans| -> Vec<u32> { spans.iter().flatten().collect() };
            let (a, b) = (make(&a), make(&b));
            let both = Spans::union([a.clone(), b.clone()]);
            let (in_a, in_b) = (places(&a), places(&b));
            let mut union: Vec<u32> = in_a.iter().chain(&in_b).copied().collect();
            union.sort_unstable();
            union.dedup();
            prop_assert_eq!(places(&both), union);
            let rest: Vec<u32> = in_a.iter().filter(|it| !in_b.contains(it)).copied().collect();
            prop_assert_eq!(places(&a.beyond(&b)), rest);
            prop_assert_eq!(Spans::decode(&both.encode()), Ok(both));
        }

        #[test]
        fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..40)) {
            Spans::decode(&bytes).ok();
        }
    }
}
