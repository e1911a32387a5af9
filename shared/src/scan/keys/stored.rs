//! [`Keyed`] as bytes, for whoever keeps it beside the document that it belongs to.

use std::collections::HashMap;

use super::super::bytes::Bytes;
use super::super::cut::put_varint;
use super::super::{ScanError, Scanned, end_of};
use super::Keyed;

impl Keyed {
    /// The number of authors, and for each its id, the number of its stretches, and of each stretch the
    /// clocks that it leaves out and those that it has; all as varints, the smallest id first.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut authors: Vec<_> = self.0.iter().collect();
        authors.sort_unstable_by_key(|(author, _)| **author);
        let mut out = Vec::new();
        put_varint(authors.len() as u64, &mut out);
        for (author, ranges) in authors {
            put_varint(author.value(), &mut out);
            put_varint(ranges.len() as u64, &mut out);
            let mut last = 0;
            for range in ranges {
                put_varint(range.start - last, &mut out);
                put_varint(range.end - range.start, &mut out);
                last = range.end;
            }
        }
        out
    }

    /// What [`Keyed::to_bytes`] has written.
    pub fn from_bytes(bytes: &[u8]) -> Scanned<Self> {
        let mut bytes = Bytes(bytes);
        let mut all = HashMap::new();
        for _ in 0..bytes.count()? {
            let author = bytes.client()?;
            let mut ranges = Vec::new();
            let mut last = 0u64;
            for _ in 0..bytes.count()? {
                let start = last.checked_add(bytes.clock()?).ok_or(ScanError::Range)?;
                last = end_of(start, bytes.varint()?)?;
                ranges.push(start..last);
            }
            if all.insert(author, ranges).is_some() {
                return Err(ScanError::Repeated);
            }
        }
        bytes.end()?;
        Ok(Self(all))
    }
}
