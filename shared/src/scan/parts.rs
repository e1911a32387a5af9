//! An update in parts, each an update of its own, that do together what the whole would.

use std::collections::HashMap;
use std::ops::Range;

use super::bytes::{Bytes, Id};
use super::cut::{Section, put_varint};
use super::lists::{Lists, Members};
use super::structs::Struct;
use super::walk::Walk;
use super::{Scanned, covers, deletions};
use crate::id::ClientId;

/// How much one part may hold; it holds more if a single struct is more.
#[derive(Clone, Copy, Debug)]
pub struct PartSize {
    /// About how much work it may be to take it in: the structs that have to be passed by, and
    /// [`STEPS_EACH`] for each of its own and each stretch of deleted ones.
    pub n_steps: u64,
    /// About how many bytes.
    pub n_bytes: usize,
}

/// Updates, one after the other.
#[derive(Default)]
pub struct Parts {
    bytes: Vec<u8>,
    /// Where each part ends.
    ends: Vec<usize>,
}

impl Parts {
    /// How many there are.
    pub fn n_parts(&self) -> usize {
        self.ends.len()
    }

    /// All in one, and where each ends in it.
    pub fn into_bytes(self) -> (Vec<u8>, Vec<usize>) {
        (self.bytes, self.ends)
    }

    /// Each for itself.
    pub fn iter(&self) -> impl Iterator<Item = &[u8]> {
        let starts = [0].into_iter().chain(self.ends.iter().copied());
        starts.zip(&self.ends).map(|(start, &end)| &self.bytes[start..end])
    }
}

/// What a struct costs beside passing by others, in the time that it takes to pass by one.
pub const STEPS_EACH: u64 = 20;

/// Cuts a Yjs v1 update to a document with these lists into parts that are to be applied in order; `None`
/// if it is small enough. What is deleted comes last, but for long lists of values, which may be old
/// values of one key: those are taken only along with their deletion.
pub fn cut_update(update: &[u8], lists: &Lists, size: PartSize) -> Scanned<Option<Parts>> {
    let mut new = Members::default();
    let mut n_steps = 0;
    let mut bytes = Bytes(update);
    let mut walk = Walk::new(&mut bytes)?;
    while let Some((id, one)) = walk.next()? {
        n_steps += STEPS_EACH + lists.passes_by(&mut new, id, &one);
    }
    let n_ranges = deletions(&mut bytes)?.iter().map(|(_, it)| it.len() as u64).sum::<u64>();
    if n_steps + STEPS_EACH * n_ranges <= size.n_steps && update.len() <= size.n_bytes {
        return Ok(None);
    }
    let mut new = Members::default();
    cut(update, size, |id, one| lists.passes_by(&mut new, id, one)).map(Some)
}

/// Cuts an update by bytes alone; what cannot be cut comes back as it is.
pub fn split_update(update: Vec<u8>, max_bytes: usize) -> Vec<Vec<u8>> {
    if update.len() <= max_bytes {
        return vec![update];
    }
    let size = PartSize { n_steps: u64::MAX, n_bytes: max_bytes };
    match cut(&update, size, |_, _| 0) {
        Ok(parts) => parts.iter().map(<[u8]>::to_vec).collect(),
        Err(_) => vec![update],
    }
}

fn cut(
    update: &[u8],
    size: PartSize,
    mut passes_by: impl FnMut(Id, &Struct<'_>) -> u64,
) -> Scanned<Parts> {
    let mut bytes = Bytes(update);
    let mut walk = Walk::new(&mut bytes)?;
    let deletions = deletions(&mut bytes)?;
    bytes.end()?;
    let deleted: HashMap<_, _> = deletions.iter().map(|(author, it)| (*author, it)).collect();
    let mut cutter = Cutter { size, part: Part::default(), parts: Parts::default() };
    while let Some((id, one)) = walk.next()? {
        cutter.make_room(STEPS_EACH + passes_by(id, &one), one.bytes.len());
        cutter.part.add(id, &one)?;
        if let Some(ranges) = deleted.get(&id.client).filter(|_| one.is_values() && one.len > 1) {
            let range = id.clock..id.clock + one.len;
            if covers(ranges, &range) {
                cutter.part.delete(id.client, range);
            }
        }
    }
    if !cutter.part.deletions.is_empty() {
        // They would stand there twice.
        cutter.end_part();
    }
    for (author, ranges) in deletions {
        for range in ranges {
            cutter.make_room(STEPS_EACH, RANGE_BYTES);
            cutter.part.delete(author, range);
        }
    }
    cutter.end_part();
    Ok(cutter.parts)
}

struct Cutter {
    size: PartSize,
    part: Part,
    parts: Parts,
}

impl Cutter {
    /// Counts something into this part, or another one if this cannot take it.
    fn make_room(&mut self, n_steps: u64, n_bytes: usize) {
        let Part { n_steps: n_before, n_bytes: n_bytes_before, .. } = self.part;
        let is_full = n_before.saturating_add(n_steps) > self.size.n_steps
            || HEAD_BYTES + n_bytes_before + n_bytes + HEAD_BYTES > self.size.n_bytes;
        if is_full {
            self.end_part();
        }
        self.part.n_steps = self.part.n_steps.saturating_add(n_steps);
    }

    fn end_part(&mut self) {
        let part = std::mem::take(&mut self.part);
        if part.n_steps > 0 {
            part.put(&mut self.parts.bytes);
            self.parts.ends.push(self.parts.bytes.len());
        }
    }
}

/// The most that stands before the structs of an author.
const HEAD_BYTES: usize = 24;

/// The most that a stretch of deleted structs takes.
const RANGE_BYTES: usize = 10;

/// An update that grows.
#[derive(Default)]
struct Part {
    n_steps: u64,
    n_bytes: usize,
    sections: Vec<Section>,
    /// Where the section of an author is.
    by_author: HashMap<ClientId, usize>,
    deletions: Vec<(ClientId, Vec<Range<u64>>)>,
    deleted_of: HashMap<ClientId, usize>,
}

impl Part {
    /// Adds the struct called `id`, which follows on what there is of its author.
    fn add(&mut self, id: Id, one: &Struct<'_>) -> Scanned<()> {
        let n_sections = self.sections.len();
        let at = *self.by_author.entry(id.client).or_insert(n_sections);
        if at == n_sections {
            self.sections.push(Section::from(id));
            self.n_bytes += HEAD_BYTES;
        }
        self.n_bytes += one.bytes.len();
        self.sections[at].push(one, id, id.clock)
    }

    fn delete(&mut self, author: ClientId, range: Range<u64>) {
        let n_authors = self.deletions.len();
        let at = *self.deleted_of.entry(author).or_insert(n_authors);
        if at == n_authors {
            self.deletions.push((author, Vec::new()));
            self.n_bytes += HEAD_BYTES;
        }
        self.n_bytes += RANGE_BYTES;
        self.deletions[at].1.push(range);
    }

    fn put(self, out: &mut Vec<u8>) {
        put_varint(self.sections.len() as u64, out);
        self.sections.iter().for_each(|section| section.put(out));
        put_varint(self.deletions.len() as u64, out);
        for (author, ranges) in self.deletions {
            put_varint(author.value(), out);
            put_varint(ranges.len() as u64, out);
            for range in ranges {
                put_varint(range.start, out);
                put_varint(range.end - range.start, out);
            }
        }
    }
}
