//! The structs of an update: what each holds, as far as its length depends on it.

use super::bytes::Bytes;
use super::{ScanError, Scanned};

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
const KIND_MASK: u8 = 0x0f;
const HAS_PARENT_SUB: u8 = 0x20;
const HAS_RIGHT_ORIGIN: u8 = 0x40;
const HAS_ORIGIN: u8 = 0x80;

impl Bytes<'_> {
    /// A struct; the answer is by how much it moves its author's clock.
    pub(super) fn block(&mut self) -> Scanned<u64> {
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
        const UNDEFINED: u8 = 15;
        match self.byte()? {
            NAMED => self.text().map(|_| ()),
            0..=6 | DOC | UNDEFINED => Ok(()),
            _ => Err(ScanError::Range),
        }
    }
}
