//! The bytes of an update, read from the front: numbers, texts and values, none of them longer than
//! the bytes that are left.

use super::{ScanError, Scanned};
use crate::id::ClientId;
use crate::limits::{ANY_DEPTH_MAX, CLOCK_MAX};

/// What a struct is called: its author and the first of its clocks.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Id {
    pub client: ClientId,
    pub clock: u64,
}

/// The bytes that are still to be looked at.
pub(super) struct Bytes<'a>(pub(super) &'a [u8]);

impl<'a> Bytes<'a> {
    pub(super) fn end(&self) -> Scanned<()> {
        if self.0.is_empty() { Ok(()) } else { Err(ScanError::Length) }
    }

    pub(super) fn slice(&mut self, n: u64) -> Scanned<&'a [u8]> {
        let n = usize::try_from(n).map_err(|_| ScanError::Length)?;
        let (slice, rest) = self.0.split_at_checked(n).ok_or(ScanError::Length)?;
        self.0 = rest;
        Ok(slice)
    }

    pub(super) fn byte(&mut self) -> Scanned<u8> {
        let [byte, rest @ ..] = self.0 else { return Err(ScanError::Length) };
        self.0 = rest;
        Ok(*byte)
    }

    pub(super) fn varint(&mut self) -> Scanned<u64> {
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

    /// What was read since all of `before` was left.
    pub(super) fn since(&self, before: &'a [u8]) -> &'a [u8] {
        &before[..before.len() - self.0.len()]
    }

    /// How many things follow, each of at least a byte.
    pub(super) fn count(&mut self) -> Scanned<u64> {
        let count = self.varint()?;
        if count <= self.0.len() as u64 { Ok(count) } else { Err(ScanError::Length) }
    }

    pub(super) fn client(&mut self) -> Scanned<ClientId> {
        ClientId::new(self.varint()?).ok_or(ScanError::Range)
    }

    pub(super) fn clock(&mut self) -> Scanned<u64> {
        let clock = self.varint()?;
        if clock <= CLOCK_MAX { Ok(clock) } else { Err(ScanError::Range) }
    }

    pub(super) fn id(&mut self) -> Scanned<Id> {
        Ok(Id { client: self.client()?, clock: self.clock()? })
    }

    pub(super) fn buffer(&mut self) -> Scanned<&'a [u8]> {
        let n = self.varint()?;
        self.slice(n)
    }

    pub(super) fn text(&mut self) -> Scanned<&'a str> {
        std::str::from_utf8(self.buffer()?).map_err(|_| ScanError::Range)
    }

    /// `n` values of any kind, one after the other, with all that they hold.
    pub(super) fn anys(&mut self, n: u64) -> Scanned<()> {
        /// How many values are left on a level, and whether each has a key before it.
        struct Level {
            left: u64,
            has_keys: bool,
        }
        let mut level = Level { left: n, has_keys: false };
        // Those around it: most values hold no others.
        let mut around = Vec::new();
        loop {
            if level.left == 0 {
                let Some(outer) = around.pop() else { return Ok(()) };
                level = outer;
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
                kind @ (118 | 117) => {
                    let left = self.count()?;
                    if around.len() >= ANY_DEPTH_MAX {
                        return Err(ScanError::Depth);
                    }
                    let inner = Level { left, has_keys: kind == 118 };
                    around.push(std::mem::replace(&mut level, inner));
                }
                _ => return Err(ScanError::Range),
            }
        }
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
