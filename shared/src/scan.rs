//! A look over a Yjs update or state vector before the CRDT sees it.
//!
//! The CRDT's decoder recurses as deep as the bytes nest and reserves as much as they claim: sixteen
//! kilobytes end a process, five bytes reserve a gigabyte. The scan walks the same format with a stack
//! of its own and allocates nothing by what a count says. What it lets through has every count backed
//! by bytes, nests at most [`ANY_DEPTH_MAX`](crate::limits::ANY_DEPTH_MAX) deep, and has client ids and clocks in their ranges.

mod bytes;
mod structs;

use std::collections::HashSet;

use crate::limits::CLOCK_MAX;
use bytes::Bytes;

/// Why bytes are not given to the CRDT.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum ScanError {
    /// The bytes end before what they promise, or go on after it.
    #[error("the bytes end too early or too late")]
    Length,
    /// A number or kind that the format does not have.
    #[error("a number is out of range")]
    Range,
    /// An author is named twice.
    #[error("an author is named twice")]
    Repeated,
    /// Values nest deeper than [`crate::limits::ANY_DEPTH_MAX`].
    #[error("values nest too deep")]
    Depth,
}

type Scanned<T> = Result<T, ScanError>;

/// Looks over a Yjs v1 update.
pub fn scan_update(bytes: &[u8]) -> Scanned<()> {
    let mut bytes = Bytes(bytes);
    let mut authors = HashSet::new();
    for _ in 0..bytes.count()? {
        let n_structs = bytes.count()?;
        // The CRDT keeps pointers to structs that it frees when an author comes twice.
        if !authors.insert(bytes.client()?) {
            return Err(ScanError::Repeated);
        }
        let mut clock = bytes.clock()?;
        for _ in 0..n_structs {
            clock = end_of(clock, bytes.block()?)?;
        }
    }
    authors.clear();
    for _ in 0..bytes.count()? {
        if !authors.insert(bytes.client()?) {
            return Err(ScanError::Repeated);
        }
        for _ in 0..bytes.count()? {
            let clock = bytes.clock()?;
            end_of(clock, bytes.varint()?)?;
        }
    }
    bytes.end()
}

/// Looks over a Yjs v1 state vector.
pub fn scan_state_vector(bytes: &[u8]) -> Scanned<()> {
    let mut bytes = Bytes(bytes);
    for _ in 0..bytes.count()? {
        bytes.client()?;
        bytes.clock()?;
    }
    bytes.end()
}

/// The clock after `len` more; a struct without length is none.
fn end_of(clock: u64, len: u64) -> Scanned<u64> {
    let end = clock.checked_add(len).filter(|end| *end <= CLOCK_MAX);
    end.filter(|_| len > 0).ok_or(ScanError::Range)
}
