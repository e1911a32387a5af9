//! A look over a Yjs update or state vector before the CRDT sees it.
//!
//! The CRDT's decoder recurses as deep as the bytes nest and reserves as much as they claim: sixteen
//! kilobytes end a process, five bytes reserve a gigabyte. The scan walks the same format with a stack
//! of its own and allocates nothing by what a count says. What it lets through has every count backed
//! by bytes, nests at most [`ANY_DEPTH_MAX`] deep, and has client ids and clocks in their ranges.
//!
//! It also lets nothing through that other Yjs programs cannot read although ours can: what is once in
//! a document comes to all of them, and one struct would keep them from the whole of it.

use std::collections::HashSet;

use crate::limits::{ANY_DEPTH_MAX, CLOCK_MAX};

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
    /// Values nest deeper than [`ANY_DEPTH_MAX`].
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

// The kinds of structs, in the low bits of the byte before each.
const GC: u8 = 0;
const DELETED: u8 = 1;
const BINARY: u8 = 3;
const STRING: u8 = 4;
const EMBED: u8 = 5;
const FORMAT: u8 = 6;
const TYPE: u8 = 7;
const ANY: u8 = 8;
const DOC: u8 = 9;
const SKIP: u8 = 10;
/// Yjs itself looks at this bit, too.
const KIND_MASK: u8 = 0x1f;
/// The kind of a value that has keys.
const OBJECT: u8 = 118;
const HAS_PARENT_SUB: u8 = 0x20;
const HAS_RIGHT_ORIGIN: u8 = 0x40;
const HAS_ORIGIN: u8 = 0x80;

/// The bytes that are still to be looked at.
struct Bytes<'a>(&'a [u8]);

impl<'a> Bytes<'a> {
    fn end(&self) -> Scanned<()> {
        if self.0.is_empty() { Ok(()) } else { Err(ScanError::Length) }
    }

    fn slice(&mut self, n: u64) -> Scanned<&'a [u8]> {
        let n = usize::try_from(n).map_err(|_| ScanError::Length)?;
        let (slice, rest) = self.0.split_at_checked(n).ok_or(ScanError::Length)?;
        self.0 = rest;
        Ok(slice)
    }

    fn byte(&mut self) -> Scanned<u8> {
        self.slice(1).map(|slice| slice[0])
    }

    fn varint(&mut self) -> Scanned<u64> {
        let mut value = 0u64;
        for shift in (0..63).step_by(7) {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Ok(value);
            }
        }
        Err(ScanError::Range)
    }

    /// How many things follow, each of at least a byte.
    fn count(&mut self) -> Scanned<u64> {
        let count = self.varint()?;
        if count <= self.0.len() as u64 { Ok(count) } else { Err(ScanError::Length) }
    }

    fn client(&mut self) -> Scanned<u64> {
        let client = self.varint()?;
        if client >> 53 == 0 { Ok(client) } else { Err(ScanError::Range) }
    }

    fn clock(&mut self) -> Scanned<u64> {
        let clock = self.varint()?;
        if clock <= CLOCK_MAX { Ok(clock) } else { Err(ScanError::Range) }
    }

    fn id(&mut self) -> Scanned<()> {
        self.client()?;
        self.clock().map(|_| ())
    }

    fn buffer(&mut self) -> Scanned<&'a [u8]> {
        let n = self.varint()?;
        self.slice(n)
    }

    /// A text; the answer is its length as clocks count it, in UTF-16 units.
    fn text(&mut self) -> Scanned<u64> {
        let text = std::str::from_utf8(self.buffer()?).map_err(|_| ScanError::Range)?;
        Ok(text.chars().map(|c| c.len_utf16() as u64).sum())
    }

    /// A struct; the answer is by how much it moves its author's clock.
    fn block(&mut self) -> Scanned<u64> {
        let info = self.byte()?;
        if info == SKIP || info == GC {
            return self.varint();
        }
        if info & HAS_ORIGIN != 0 {
            self.id()?;
        }
        if info & HAS_RIGHT_ORIGIN != 0 {
            self.id()?;
        }
        if info & (HAS_ORIGIN | HAS_RIGHT_ORIGIN) == 0 {
            match self.varint()? {
                1 => self.text().map(|_| ())?,
                0 => self.id()?,
                _ => return Err(ScanError::Range),
            }
            if info & HAS_PARENT_SUB != 0 {
                self.text()?;
            }
        }
        self.content(info & KIND_MASK)
    }

    fn content(&mut self, kind: u8) -> Scanned<u64> {
        match kind {
            DELETED => return self.varint(),
            STRING => return self.text(),
            ANY => {
                let n = self.count()?;
                self.anys(n)?;
                return Ok(n);
            }
            BINARY => self.buffer().map(|_| ())?,
            EMBED => self.text().map(|_| ())?,
            FORMAT => {
                self.text()?;
                self.text()?;
            }
            TYPE => self.type_ref()?,
            DOC => {
                self.text()?;
                if self.0.first() != Some(&OBJECT) {
                    return Err(ScanError::Range);
                }
                self.anys(1)?;
            }
            // Also the list of JSON texts that Yjs has not written for years: the CRDT reads one text
            // more than there are.
            _ => return Err(ScanError::Range),
        }
        Ok(1)
    }

    fn type_ref(&mut self) -> Scanned<()> {
        const NAMED: u8 = 3;
        match self.byte()? {
            NAMED => self.text().map(|_| ()),
            0..=2 | 4 | 6 => Ok(()),
            // Among them those that ours alone writes or reads in this way: hooks, documents, undefined.
            _ => Err(ScanError::Range),
        }
    }

    /// `n` values of any kind, one after the other, with all that they hold.
    fn anys(&mut self, n: u64) -> Scanned<()> {
        /// How many values are left on a level, and whether each has a key before it.
        struct Level {
            left: u64,
            has_keys: bool,
        }
        let mut levels = vec![Level { left: n, has_keys: false }];
        while let Some(level) = levels.last_mut() {
            if level.left == 0 {
                levels.pop();
                continue;
            }
            level.left -= 1;
            if level.has_keys {
                self.text()?;
            }
            match self.byte()? {
                // Undefined, null, false, true.
                127 | 126 | 121 | 120 => {}
                125 => self.signed_varint()?,
                124 => self.slice(4).map(|_| ())?,
                123 | 122 => self.slice(8).map(|_| ())?,
                119 => self.text().map(|_| ())?,
                116 => self.buffer().map(|_| ())?,
                kind @ (OBJECT | 117) => {
                    let left = self.count()?;
                    if levels.len() > ANY_DEPTH_MAX {
                        return Err(ScanError::Depth);
                    }
                    levels.push(Level { left, has_keys: kind == OBJECT });
                }
                _ => return Err(ScanError::Range),
            }
        }
        Ok(())
    }

    /// A whole number with a sign, as far as JavaScript can count.
    fn signed_varint(&mut self) -> Scanned<()> {
        let mut byte = self.byte()?;
        let mut value = u64::from(byte & 0x3f);
        for shift in (6..62).step_by(7) {
            if byte & 0x80 == 0 {
                break;
            }
            byte = self.byte()?;
            value |= u64::from(byte & 0x7f) << shift;
        }
        if byte & 0x80 == 0 && value >> 53 == 0 { Ok(()) } else { Err(ScanError::Range) }
    }
}
