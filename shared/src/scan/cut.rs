//! Updates made smaller: without what is known already, or in parts that follow each other.

use super::Scanned;
use super::bytes::{Bytes, Id};
use super::structs::Struct;
use crate::id::ClientId;

/// What is new in an update to a document that has the structs of each author up to the clock that
/// `known` says; no struct may be left out after that. What was deleted stays.
///
/// Applied there, it does just what the update would. Elsewhere it does the same as there, even if the
/// update claims something else of what was known than the document has.
pub fn trim_update(update: &[u8], known: impl Fn(ClientId) -> u64) -> Scanned<Vec<u8>> {
    let mut bytes = Bytes(update);
    let mut sections = Vec::new();
    for _ in 0..bytes.count()? {
        let n_structs = bytes.count()?;
        let client = bytes.client()?;
        let mut clock = bytes.clock()?;
        let known = known(client);
        let mut section = Section::from(Id { client, clock: clock.max(known) });
        for _ in 0..n_structs {
            let one = bytes.next_struct()?;
            let id = Id { client, clock };
            clock += one.len;
            if clock > known && !one.is_skip() {
                section.push(&one, id, known)?;
            }
        }
        if section.n_structs > 0 {
            sections.push(section);
        }
    }
    let mut out = Vec::with_capacity(update.len());
    put_varint(sections.len() as u64, &mut out);
    sections.iter().for_each(|section| section.put(&mut out));
    out.extend_from_slice(bytes.0);
    Ok(out)
}

/// An update of one author, in parts of at most `max` bytes that are to be applied in order; what is
/// deleted comes last. A part is larger if a single struct is, or the list of what is deleted, of at
/// most ten bytes for each stretch of neighbors. What has several authors comes back as it is: their
/// structs may build on each other. So does what has several values in a row, which no board writes: they
/// may be old values of one key, and are taken only along with their deletion.
pub fn split_update(update: Vec<u8>, max: usize) -> Vec<Vec<u8>> {
    if update.len() <= max {
        return vec![update];
    }
    match split(&update, max) {
        Ok(parts) if !parts.is_empty() => parts,
        _ => vec![update],
    }
}

fn split(update: &[u8], max: usize) -> Scanned<Vec<Vec<u8>>> {
    let mut bytes = Bytes(update);
    let n_sections = bytes.count()?;
    if n_sections > 1 {
        return Ok(Vec::new());
    }
    let mut parts = Vec::new();
    for _ in 0..n_sections {
        let n_structs = bytes.count()?;
        let client = bytes.client()?;
        let mut clock = bytes.clock()?;
        let mut section = Section::from(Id { client, clock });
        for _ in 0..n_structs {
            let one = bytes.next_struct()?;
            if one.len > 1 && one.is_values() {
                return Ok(Vec::new());
            }
            if section.n_structs > 0 && section.bytes.len() + one.bytes.len() + HEAD_BYTES > max {
                parts.push(section.alone());
                section = Section::from(Id { client, clock });
            }
            section.push(&one, Id { client, clock }, clock)?;
            clock += one.len;
        }
        parts.push(section.alone());
    }
    if bytes.0 != NO_DELETES {
        parts.push([&[0], bytes.0].concat());
    }
    Ok(parts)
}

/// The end of an update that deletes nothing.
const NO_DELETES: [u8; 1] = [0];

/// The most that stands around the structs of an update of one author.
const HEAD_BYTES: usize = 32;

/// Structs of one author that follow each other.
struct Section {
    first: Id,
    n_structs: u64,
    bytes: Vec<u8>,
}

impl Section {
    fn from(first: Id) -> Self {
        Self { first, n_structs: 0, bytes: Vec::new() }
    }

    /// Appends a struct called `id`, as far as it does not end before the clock `from`.
    fn push(&mut self, one: &Struct<'_>, id: Id, from: u64) -> Scanned<()> {
        self.n_structs += 1;
        one.put_from(id, from, &mut self.bytes)
    }

    fn put(&self, out: &mut Vec<u8>) {
        put_varint(self.n_structs, out);
        put_varint(self.first.client.value(), out);
        put_varint(self.first.clock, out);
        out.extend_from_slice(&self.bytes);
    }

    /// The section as an update.
    fn alone(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(self.bytes.len() + HEAD_BYTES);
        out.push(1);
        self.put(&mut out);
        out.extend_from_slice(&NO_DELETES);
        out
    }
}

pub(super) fn put_varint(mut value: u64, out: &mut Vec<u8>) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}
