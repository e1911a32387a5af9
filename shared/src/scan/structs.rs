//! The structs of an update: what each builds on, how long it is, and how its end is written without
//! its beginning.

use std::hash::{DefaultHasher, Hash, Hasher};

use super::bytes::{Bytes, Id};
use super::{ScanError, Scanned};
use crate::varint;

// The kinds of structs, in the low bits of the byte before each.
const GC: u8 = 0;
const DELETED: u8 = 1;
const BINARY: u8 = 3;
const STRING: u8 = 4;
const EMBED: u8 = 5;
const FORMAT: u8 = 6;
const TYPE: u8 = 7;
const ANY: u8 = 8;
const SKIP: u8 = 10;
/// Yjs itself looks at the fifth bit, too.
const KIND_MASK: u8 = 0x1f;
const HAS_PARENT_SUB: u8 = 0x20;
const HAS_RIGHT_ORIGIN: u8 = 0x40;
const HAS_ORIGIN: u8 = 0x80;

/// One struct.
pub(super) struct Struct<'a> {
    /// By how much it moves its author's clock.
    pub len: u64,
    /// Its origin, its right origin, and the struct that is its parent.
    pub builds_on: [Option<Id>; 3],
    /// The name of the root that is its parent, if it says so.
    pub root: Option<&'a str>,
    /// Its key in the parent, if it says so.
    pub key: Option<&'a str>,
    /// All of it.
    pub bytes: &'a [u8],
    info: u8,
    /// What comes after the ids.
    content: &'a [u8],
}

impl<'a> Bytes<'a> {
    pub(super) fn next_struct(&mut self) -> Scanned<Struct<'a>> {
        let before = self.0;
        let info = self.byte()?;
        let mut builds_on = [None; 3];
        let (mut root, mut key) = (None, None);
        if info != SKIP && info != GC {
            if info & HAS_ORIGIN != 0 {
                builds_on[0] = Some(self.id()?);
            }
            if info & HAS_RIGHT_ORIGIN != 0 {
                builds_on[1] = Some(self.id()?);
            }
            if info & (HAS_ORIGIN | HAS_RIGHT_ORIGIN) == 0 {
                match self.varint()? {
                    1 => root = Some(self.text()?),
                    0 => builds_on[2] = Some(self.id()?),
                    _ => return Err(ScanError::Range),
                }
                if info & HAS_PARENT_SUB != 0 {
                    key = Some(self.text()?);
                }
            }
        }
        let content = self.0;
        let len = if info == SKIP || info == GC {
            self.varint()?
        } else {
            self.content(info & KIND_MASK)?
        };
        let content = self.since(content);
        Ok(Struct { len, builds_on, root, key, bytes: self.since(before), info, content })
    }

    /// A struct's content; the answer is its length.
    fn content(&mut self, kind: u8) -> Scanned<u64> {
        match kind {
            DELETED => return self.varint(),
            STRING => return self.text().map(|text| text.chars().map(n_utf16).sum()),
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
            // Also a document within the document: when it goes, the CRDT writes into memory that it has
            // freed. And the list of JSON texts that Yjs has not written for years, of which it reads one
            // text more than there are.
            _ => return Err(ScanError::Range),
        }
        Ok(1)
    }

    fn type_ref(&mut self) -> Scanned<()> {
        const NAMED: u8 = 3;
        match self.byte()? {
            NAMED => self.text().map(|_| ()),
            0..=2 | 4 | 6 => Ok(()),
            // Among them those that our CRDT alone writes or reads in this way: hooks, undefined.
            _ => Err(ScanError::Range),
        }
    }
}

impl<'a> Struct<'a> {
    /// A number for the place where it belongs, if it belongs anywhere: the same place has the same.
    pub(super) fn place(&self) -> Option<u64> {
        if self.info == SKIP || self.info == GC {
            return None;
        }
        let mut hasher = DefaultHasher::new();
        for id in self.builds_on {
            id.map(|id| (id.client.value(), id.clock)).hash(&mut hasher);
        }
        (self.root, self.key).hash(&mut hasher);
        Some(hasher.finish())
    }

    /// Whether it stands for structs that are left out.
    pub(super) fn is_skip(&self) -> bool {
        self.info == SKIP
    }

    /// The struct that it names as its parent; most have that of their origin.
    pub(super) fn parent(&self) -> Option<Id> {
        self.builds_on[2]
    }

    /// Whether it can have children, or is gone.
    pub(super) fn is_holder(&self) -> bool {
        self.info == GC || matches!(self.info & KIND_MASK, TYPE | DELETED)
    }

    /// Whether it is a stretch of text.
    pub(super) fn is_text(&self) -> bool {
        self.info & KIND_MASK == STRING
    }

    /// Whether it is a list of values.
    pub(super) fn is_values(&self) -> bool {
        self.info & KIND_MASK == ANY
    }

    /// Its value, if it is just one.
    pub(super) fn value(&self) -> Option<&'a [u8]> {
        (self.is_values() && self.len == 1).then(|| &self.content[1..])
    }

    /// What it says, if it is a stretch of text.
    pub(super) fn text(&self) -> Option<&'a str> {
        self.is_text().then(|| Bytes(self.content).text().ok()).flatten()
    }

    /// Whether it is a map, a text or the like.
    pub(super) fn is_shared(&self) -> bool {
        self.info & KIND_MASK == TYPE
    }

    /// Whether it holds something that nothing else builds on: not the place of others, nor how a text looks.
    pub(super) fn can_be_emptied(&self) -> bool {
        matches!(self.info & KIND_MASK, ANY | STRING | BINARY | EMBED)
    }

    /// Appends what is left of the struct once it is deleted: where it was, and how long.
    pub(super) fn put_emptied(&self, out: &mut Vec<u8>) {
        let ids = &self.bytes[1..self.bytes.len() - self.content.len()];
        out.push(self.info & !KIND_MASK | DELETED);
        out.extend_from_slice(ids);
        varint::put(self.len, out);
    }

    /// Appends the struct, which is called `id`, from its clock `from` on. Nobody who has what comes
    /// before needs to know where that is: the rest builds on it.
    pub(super) fn put_from(&self, id: Id, from: u64, out: &mut Vec<u8>) -> Scanned<()> {
        let n_before = from.saturating_sub(id.clock);
        if n_before == 0 {
            out.extend_from_slice(self.bytes);
            return Ok(());
        }
        if self.info == GC {
            out.push(GC);
        } else {
            out.push(self.info | HAS_ORIGIN);
            put_id(Id { clock: from - 1, ..id }, out);
            if let Some(right) = self.builds_on[1] {
                put_id(right, out);
            }
        }
        self.put_content_after(n_before, out)
    }

    fn put_content_after(&self, n_before: u64, out: &mut Vec<u8>) -> Scanned<()> {
        let mut content = Bytes(self.content);
        match self.info & KIND_MASK {
            GC | DELETED => varint::put(self.len - n_before, out),
            STRING => {
                let rest = text_after(content.text()?, n_before);
                varint::put(rest.len() as u64, out);
                out.extend_from_slice(rest.as_bytes());
            }
            ANY => {
                content.count()?;
                content.anys(n_before)?;
                varint::put(self.len - n_before, out);
                out.extend_from_slice(content.0);
            }
            // All others have a length of one, and so either no beginning or no end.
            _ => return Err(ScanError::Range),
        }
        Ok(())
    }
}

fn put_id(id: Id, out: &mut Vec<u8>) {
    varint::put(id.client.value(), out);
    varint::put(id.clock, out);
}

/// The text without its first `n_before` UTF-16 units. Half a letter becomes a replacement character,
/// as every Yjs program has it, so that the lengths stay true.
fn text_after(text: &str, n_before: u64) -> String {
    let mut n_left = n_before;
    let mut chars = text.chars();
    while n_left > 0 {
        let Some(letter) = chars.next() else { break };
        if n_utf16(letter) > n_left {
            return format!("{}{}", char::REPLACEMENT_CHARACTER, chars.as_str());
        }
        n_left -= n_utf16(letter);
    }
    chars.as_str().to_owned()
}

fn n_utf16(letter: char) -> u64 {
    letter.len_utf16() as u64
}
