//! Updates made smaller: without what is known already.

use super::Scanned;
use super::bytes::{Bytes, Id};
use super::structs::Struct;
use crate::id::ClientId;
use crate::varint;

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
    varint::put(sections.len() as u64, &mut out);
    sections.iter().for_each(|section| section.put(&mut out));
    out.extend_from_slice(bytes.0);
    Ok(out)
}

/// Structs of one author that follow each other.
pub(super) struct Section {
    first: Id,
    n_structs: u64,
    bytes: Vec<u8>,
}

impl Section {
    pub(super) fn from(first: Id) -> Self {
        Self { first, n_structs: 0, bytes: Vec::new() }
    }

    /// Appends a struct called `id`, as far as it does not end before the clock `from`.
    pub(super) fn push(&mut self, one: &Struct<'_>, id: Id, from: u64) -> Scanned<()> {
        self.n_structs += 1;
        one.put_from(id, from, &mut self.bytes)
    }

    /// The same; of a struct that is gone only that there was one, if nothing can be in it.
    pub(super) fn push_as(
        &mut self,
        one: &Struct<'_>,
        id: Id,
        from: u64,
        is_gone: bool,
    ) -> Scanned<()> {
        if from > id.clock || !is_gone || !one.can_be_emptied() {
            return self.push(one, id, from);
        }
        self.n_structs += 1;
        one.put_emptied(&mut self.bytes);
        Ok(())
    }

    pub(super) fn first_clock(&self) -> u64 {
        self.first.clock
    }

    pub(super) fn is_empty(&self) -> bool {
        self.n_structs == 0
    }

    pub(super) fn put(&self, out: &mut Vec<u8>) {
        varint::put(self.n_structs, out);
        varint::put(self.first.client.value(), out);
        varint::put(self.first.clock, out);
        out.extend_from_slice(&self.bytes);
    }
}
