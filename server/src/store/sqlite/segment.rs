//! Records that have left a log, packed. Knows no SQL.
//!
//! Unpacked, a segment is a byte for the format, the number of its records, then of all records the
//! times, the authors and the lengths, then their bytes. Numbers are of 8 bytes, the lowest first; a
//! time is told as its difference to the one before, and an author without a ticket as 0.

use std::io::{self, Read, Write};

use shared::id::{ClientId, Seq};
use shared::time::Time;

use crate::log::Record;

const FORMAT: u8 = 1;

/// How hard zstd tries: beyond, it takes much longer for little.
const LEVEL: i32 = 3;

/// Largest segment, unpacked: one record may be as large as a frame.
const UNPACKED_MAX_BYTES: u64 = 64 * 1024 * 1024;

/// Records that follow each other.
pub(super) struct Segment {
    pub first: Seq,
    pub last: Seq,
    /// Bytes of their updates.
    pub n_bytes: u64,
    /// All of it, packed.
    pub bytes: Vec<u8>,
}

impl Segment {
    /// Packs at least one record.
    pub(super) fn pack(records: &[Record]) -> io::Result<Self> {
        let (Some(first), Some(last)) = (records.first(), records.last()) else {
            return Err(io::ErrorKind::InvalidInput.into());
        };
        let mut encoder = zstd::Encoder::new(Vec::new(), LEVEL)?;
        encoder.include_checksum(true)?;
        encoder.write_all(&[FORMAT])?;
        let mut put = |number: u64| encoder.write_all(&number.to_le_bytes());
        put(records.len() as u64)?;
        let mut before = 0;
        for Record { time, .. } in records {
            put(time.0.wrapping_sub(before))?;
            before = time.0;
        }
        for record in records {
            put(record.author.map_or(0, ClientId::value))?;
        }
        for record in records {
            put(record.bytes.len() as u64)?;
        }
        let mut n_bytes = 0;
        for Record { bytes, .. } in records {
            encoder.write_all(bytes)?;
            n_bytes += bytes.len() as u64;
        }
        let bytes = encoder.finish()?;
        Ok(Self { first: first.seq, last: last.seq, n_bytes, bytes })
    }

    /// How many records it holds.
    pub(super) fn n_records(&self) -> u64 {
        self.last.0 - self.first.0 + 1
    }

    /// The records again.
    pub(super) fn unpack(first: Seq, packed: &[u8]) -> io::Result<Vec<Record>> {
        let damaged = || io::Error::from(io::ErrorKind::InvalidData);
        let mut unpacked = Vec::new();
        zstd::Decoder::new(packed)?.take(UNPACKED_MAX_BYTES).read_to_end(&mut unpacked)?;
        let (&[FORMAT], rest) = unpacked.split_first_chunk().ok_or_else(damaged)? else {
            return Err(damaged());
        };
        let (count, rest) = rest.split_first_chunk().ok_or_else(damaged)?;
        let n_records = usize::try_from(u64::from_le_bytes(*count)).map_err(|_| damaged())?;
        let n_column = n_records.checked_mul(8).ok_or_else(damaged)?;
        let (times, rest) = rest.split_at_checked(n_column).ok_or_else(damaged)?;
        let (authors, rest) = rest.split_at_checked(n_column).ok_or_else(damaged)?;
        let (lengths, mut rest) = rest.split_at_checked(n_column).ok_or_else(damaged)?;
        let mut records = Vec::with_capacity(n_records);
        let (mut seq, mut time) = (first, 0u64);
        for ((delta, author), length) in numbers(times).zip(numbers(authors)).zip(numbers(lengths))
        {
            time = time.wrapping_add(delta);
            let author = match author {
                0 => None,
                _ => Some(ClientId::new(author).ok_or_else(damaged)?),
            };
            let length = usize::try_from(length).map_err(|_| damaged())?;
            let (bytes, after) = rest.split_at_checked(length).ok_or_else(damaged)?;
            rest = after;
            records.push(Record { seq, time: Time(time), author, bytes: bytes.to_vec().into() });
            seq = seq.next();
        }
        Ok(records)
    }
}

fn numbers(column: &[u8]) -> impl Iterator<Item = u64> {
    column.as_chunks().0.iter().map(|bytes| u64::from_le_bytes(*bytes))
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::*;

    fn records() -> Vec<Record> {
        let record = |seq: u64| Record {
            seq: Seq(seq),
            // Clocks go back now and then.
            time: Time(1_000 - 7 * seq),
            author: ClientId::new((1 << 53) - seq).filter(|_| seq.is_multiple_of(2)),
            bytes: Bytes::from(vec![seq as u8; seq as usize]),
        };
        (5..50).map(record).collect()
    }

    #[test]
    fn what_is_packed_comes_out_as_it_was() {
        let segment = Segment::pack(&records()).unwrap();
        assert_eq!((segment.first, segment.last, segment.n_records()), (Seq(5), Seq(49), 45));
        assert_eq!(segment.n_bytes, (5..50).sum::<u64>());
        assert_eq!(Segment::unpack(segment.first, &segment.bytes).unwrap(), records());
        assert!(Segment::pack(&[]).is_err());
    }

    #[test]
    fn damage_is_noticed_wherever_it_is() {
        let segment = Segment::pack(&records()).unwrap();
        for at in 0..segment.bytes.len() {
            let mut bytes = segment.bytes.clone();
            bytes[at] ^= 0x10;
            // A few bits of the head mean nothing.
            let read = Segment::unpack(segment.first, &bytes);
            assert!(read.is_err() || read.unwrap() == records(), "byte {at}");
            assert!(Segment::unpack(segment.first, &segment.bytes[..at]).is_err(), "cut at {at}");
        }
    }
}
