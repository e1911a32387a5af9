//! Ink as bytes: freehand points quantised and predicted, about two bytes a point and one for pressure.
//!
//! A chunk stands alone: a byte of version and flags, a byte with the quantum, then the first point in
//! full and every further point as the zigzag varints by which it misses a straight, even course.

mod spans;

use crate::geometry::BoardPoint;
use crate::limits::{COORDINATE_MAX, INK_CHUNK_MAX_POINTS};
use crate::varint;

pub use spans::{PLACES_PER_POINT, Spans, last_place, points_between};

/// A freehand sample.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct InkPoint {
    /// Where the pen was.
    pub at: BoardPoint,
    /// How hard it pressed, 0 to 1; 0.5 when nothing measured it.
    pub pressure: f32,
}

/// The pressure of a device that measures none.
pub const NO_PRESSURE: f32 = 0.5;

/// How finely a chunk's points are kept: steps of 2^-n board units, n from 0 to 10.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Quantum(u8);

impl Quantum {
    /// A sixteenth of a board unit: invisible at up to 400 %.
    pub const NORMAL: Self = Self(4);
    const FINEST: u8 = 10;

    /// The step for ink drawn at `zoom` (1 is 100 %): at most a sixteenth of a screen pixel.
    pub fn for_zoom(zoom: f64) -> Self {
        let finer = if zoom > 1.0 { zoom.log2().ceil() as u8 } else { 0 };
        Self((Self::NORMAL.0 + finer).min(Self::FINEST))
    }

    fn per_unit(self) -> f64 {
        f64::from(1u32 << self.0)
    }
}

/// The bytes are no chunk of ink.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum InkError {
    /// Written by a newer version, or not ink at all.
    #[error("this ink has a version that is not known here")]
    Version,
    /// The bytes end inside a point or hold numbers out of range.
    #[error("the ink's bytes are damaged")]
    Damaged,
    /// More points than a chunk may have.
    #[error("the ink has too many points")]
    TooLong,
}

const VERSION: u8 = 1;
const VERSION_MASK: u8 = 0x0f;
const HAS_PRESSURE: u8 = 0x10;
const PRESSURE_STEPS: f32 = 255.0;

/// Encodes `points` as one chunk; pressures are dropped unless `has_pressure`.
pub fn encode_chunk(points: &[InkPoint], quantum: Quantum, has_pressure: bool) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(8 + points.len() * 3);
    bytes.push(VERSION | if has_pressure { HAS_PRESSURE } else { 0 });
    bytes.push(quantum.0);
    let mut course = Course::default();
    for point in points {
        let steps =
            |v: f64| (v.clamp(-COORDINATE_MAX, COORDINATE_MAX) * quantum.per_unit()).round() as i64;
        let (x, y) = (steps(point.at.x), steps(point.at.y));
        let (guess_x, guess_y) = course.guess();
        put_varint(&mut bytes, x - guess_x);
        put_varint(&mut bytes, y - guess_y);
        if has_pressure {
            let pressure = (point.pressure.clamp(0.0, 1.0) * PRESSURE_STEPS).round() as i64;
            put_varint(&mut bytes, pressure - course.pressure);
            course.pressure = pressure;
        }
        course.advance(x, y);
    }
    bytes
}

/// A decoded chunk.
#[derive(Clone, PartialEq, Debug)]
pub struct Chunk {
    /// The points in drawing order.
    pub points: Vec<InkPoint>,
    /// Whether the pressures were measured.
    pub has_pressure: bool,
}

/// Decodes one chunk. Memory is bounded by the bytes given.
pub fn decode_chunk(bytes: &[u8]) -> Result<Chunk, InkError> {
    let [flags, quantum, rest @ ..] = bytes else { return Err(InkError::Damaged) };
    if flags & VERSION_MASK != VERSION || *quantum > Quantum::FINEST {
        return Err(InkError::Version);
    }
    let has_pressure = flags & HAS_PRESSURE != 0;
    let per_unit = Quantum(*quantum).per_unit();
    let limit = (COORDINATE_MAX * per_unit) as i64;
    let mut rest = rest;
    // Each number ends with a byte below 0x80.
    let n_numbers = rest.iter().filter(|byte| **byte < 0x80).count();
    let n_points = n_numbers / if has_pressure { 3 } else { 2 };
    let mut points = Vec::with_capacity(n_points.min(INK_CHUNK_MAX_POINTS));
    let mut course = Course::default();
    while !rest.is_empty() {
        if points.len() == INK_CHUNK_MAX_POINTS {
            return Err(InkError::TooLong);
        }
        let (guess_x, guess_y) = course.guess();
        let x = guess_x.saturating_add(take_varint(&mut rest)?);
        let y = guess_y.saturating_add(take_varint(&mut rest)?);
        if x.abs() > limit || y.abs() > limit {
            return Err(InkError::Damaged);
        }
        let mut pressure = NO_PRESSURE;
        if has_pressure {
            course.pressure = course.pressure.saturating_add(take_varint(&mut rest)?).clamp(0, 255);
            pressure = course.pressure as f32 / PRESSURE_STEPS;
        }
        course.advance(x, y);
        let at = BoardPoint::new(x as f64 / per_unit, y as f64 / per_unit);
        points.push(InkPoint { at, pressure });
    }
    Ok(Chunk { points, has_pressure })
}

/// Where the pen was and how fast it moved, in steps: the next point is guessed to go straight on.
#[derive(Default)]
struct Course {
    at: Option<(i64, i64)>,
    velocity: (i64, i64),
    pressure: i64,
}

impl Course {
    fn guess(&self) -> (i64, i64) {
        let (x, y) = self.at.unwrap_or_default();
        (x + self.velocity.0, y + self.velocity.1)
    }

    fn advance(&mut self, x: i64, y: i64) {
        if let Some((last_x, last_y)) = self.at {
            self.velocity = (x - last_x, y - last_y);
        }
        self.at = Some((x, y));
    }
}

fn put_varint(bytes: &mut Vec<u8>, value: i64) {
    varint::put(((value << 1) ^ (value >> 63)) as u64, bytes);
}

fn take_varint(bytes: &mut &[u8]) -> Result<i64, InkError> {
    let mut value = 0u64;
    for shift in (0..63).step_by(7) {
        let [byte, rest @ ..] = *bytes else { return Err(InkError::Damaged) };
        *bytes = rest;
        value |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Ok((value >> 1) as i64 ^ -((value & 1) as i64));
        }
    }
    Err(InkError::Damaged)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn point(x: f64, y: f64, pressure: f32) -> InkPoint {
        InkPoint { at: BoardPoint::new(x, y), pressure }
    }

    #[test]
    fn a_chunk_has_these_bytes() {
        let points = [point(10.0, -2.0, 0.5), point(11.0, -2.0, 1.0), point(12.0, -2.0, 1.0)];
        let bytes = encode_chunk(&points, Quantum::NORMAL, true);
        assert_eq!(
            bytes,
            [0x11, 4, 0xc0, 0x02, 0x3f, 0x80, 0x02, 0x20, 0, 0xfe, 0x01, 0, 0, 0],
            "10*16 = 160, -2*16 = -32, pressure 128; then one unit on and pressure 255; then straight on"
        );
    }

    #[test]
    fn damaged_bytes_are_refused() {
        assert_eq!(decode_chunk(&[]), Err(InkError::Damaged));
        assert_eq!(decode_chunk(&[2, 4]), Err(InkError::Version));
        assert_eq!(decode_chunk(&[1, 99]), Err(InkError::Version));
        assert_eq!(decode_chunk(&[1, 4, 0x80]), Err(InkError::Damaged));
        assert_eq!(decode_chunk(&[1, 4, 2]), Err(InkError::Damaged));
        let huge = [&[1, 0][..], &[0xff; 8], &[0x7f], &[0]].concat();
        assert_eq!(decode_chunk(&huge), Err(InkError::Damaged));
    }

    proptest! {
        #[test]
        fn points_survive_to_half_a_quantum(
            raw in prop::collection::vec((-1e6..1e6, -1e6..1e6, 0f32..=1.0), 0..50),
        ) {
            let points: Vec<_> = raw.iter().map(|&(x, y, p)| point(x, y, p)).collect();
            let chunk = decode_chunk(&encode_chunk(&points, Quantum::NORMAL, true)).unwrap();
            prop_assert_eq!(chunk.points.len(), points.len());
            for (kept, given) in chunk.points.iter().zip(&points) {
                prop_assert!((kept.at.x - given.at.x).abs() <= 1.0 / 32.0);
                prop_assert!((kept.at.y - given.at.y).abs() <= 1.0 / 32.0);
                prop_assert!((kept.pressure - given.pressure).abs() <= 0.003);
            }
        }

        #[test]
        fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            decode_chunk(&bytes).ok();
        }
    }
}
