//! An update in parts, each an update of its own, that do together what the whole would.

use std::collections::HashMap;
use std::ops::Range;

use super::bytes::{Bytes, Id};
use super::cut::{Section, put_varint};
use super::structs::Struct;
use super::{ScanError, Scanned, deletions, end_of};
use crate::id::ClientId;

/// How much one part may hold.
#[derive(Clone, Copy, Debug)]
pub struct PartSize {
    /// Structs and stretches of deleted ones.
    pub n_structs: usize,
    /// About how many bytes; a part is larger if a single struct is.
    pub n_bytes: usize,
}

/// Cuts a Yjs v1 update into parts that are to be applied in order; `None` if it is small enough. What is deleted comes last, but for
/// long lists of values, which may be old values of one key: those are taken only along with their
/// deletion. Structs that build on each other in a circle are [`ScanError::Order`].
pub fn cut_update(update: &[u8], size: PartSize) -> Scanned<Option<Vec<Vec<u8>>>> {
    let mut bytes = Bytes(update);
    let mut sources = Vec::new();
    let mut by_author = HashMap::new();
    for _ in 0..bytes.count()? {
        let source = Source::read(&mut bytes)?;
        if by_author.insert(source.next.client, sources.len()).is_some() {
            return Err(ScanError::Repeated);
        }
        sources.push(source);
    }
    let deletions = deletions(&mut bytes)?;
    bytes.end()?;
    let n_structs: u64 = sources.iter().map(|source| source.n_left).sum();
    let n_ranges: usize = deletions.iter().map(|(_, ranges)| ranges.len()).sum();
    if n_structs as usize + n_ranges <= size.n_structs && update.len() <= size.n_bytes {
        return Ok(None);
    }
    let mut cutter = Cutter { size, part: Part::default(), parts: Vec::new() };
    put_structs(&mut cutter, &mut sources, &by_author, &deletions)?;
    if !cutter.part.deletions.is_empty() {
        // They would stand there twice.
        cutter.end_part();
    }
    for (author, ranges) in deletions {
        ranges.into_iter().for_each(|range| cutter.delete(author, range));
    }
    cutter.end_part();
    Ok(Some(cutter.parts))
}

/// The structs of one author that are not in any part yet.
struct Source<'a> {
    next: Id,
    end: u64,
    n_left: u64,
    rest: Bytes<'a>,
    /// Whether others wait for its next struct.
    is_waited_for: bool,
}

impl<'a> Source<'a> {
    fn read(bytes: &mut Bytes<'a>) -> Scanned<Self> {
        let n_left = bytes.count()?;
        let next = Id { client: bytes.client()?, clock: bytes.clock()? };
        let rest = Bytes(bytes.0);
        let mut end = next.clock;
        for _ in 0..n_left {
            end = end_of(end, bytes.next_struct()?.len)?;
        }
        Ok(Self { next, end, n_left, rest, is_waited_for: false })
    }

    fn has(&self, id: Id) -> bool {
        (self.next.clock..self.end).contains(&id.clock)
    }

    fn peek(&self) -> Scanned<Option<Struct<'a>>> {
        if self.n_left == 0 { Ok(None) } else { Bytes(self.rest.0).next_struct().map(Some) }
    }

    fn pass(&mut self, one: &Struct<'_>) {
        self.n_left -= 1;
        self.next.clock += one.len;
        self.rest = Bytes(&self.rest.0[one.bytes.len()..]);
    }
}

/// Puts all structs into parts, each after those that it builds on.
fn put_structs(
    cutter: &mut Cutter,
    sources: &mut [Source<'_>],
    by_author: &HashMap<ClientId, usize>,
    deletions: &[(ClientId, Vec<Range<u64>>)],
) -> Scanned<()> {
    let deletions: HashMap<_, _> = deletions.iter().map(|(author, it)| (*author, it)).collect();
    for first in 0..sources.len() {
        // Each waits for those after it to have passed a clock.
        let mut waiting = vec![(first, u64::MAX)];
        while let Some(&(at, clock)) = waiting.last() {
            let one = if sources[at].next.clock > clock { None } else { sources[at].peek()? };
            let Some(one) = one else {
                waiting.pop();
                sources[at].is_waited_for = false;
                continue;
            };
            let needed = one.builds_on.into_iter().flatten().find_map(|id| {
                let source = *by_author.get(&id.client)?;
                sources[source].has(id).then_some((source, id.clock))
            });
            if let Some((source, clock)) = needed {
                if source == first || source == at || sources[source].is_waited_for {
                    return Err(ScanError::Order);
                }
                sources[source].is_waited_for = true;
                waiting.push((source, clock));
                continue;
            }
            let id = sources[at].next;
            let range = id.clock..id.clock + one.len;
            let ranges = deletions.get(&id.client).filter(|_| one.is_values() && one.len > 1);
            let is_deleted = ranges.is_some_and(|ranges| {
                let n_before = ranges.partition_point(|it| it.end < range.end);
                ranges.get(n_before).is_some_and(|it| it.start <= range.start)
            });
            cutter.put(id, &one)?;
            if is_deleted {
                cutter.part.delete(id.client, range);
            }
            sources[at].pass(&one);
        }
    }
    Ok(())
}

struct Cutter {
    size: PartSize,
    part: Part,
    parts: Vec<Vec<u8>>,
}

impl Cutter {
    /// Begins another part if this one cannot take `n_bytes` more.
    fn make_room(&mut self, n_bytes: usize) {
        let Part { n_structs, n_bytes: n_before, .. } = self.part;
        let n_bytes = HEAD_BYTES + n_before + n_bytes + HEAD_BYTES;
        let is_full = n_structs >= self.size.n_structs || n_bytes > self.size.n_bytes;
        if is_full && n_structs > 0 {
            self.end_part();
        }
    }

    fn put(&mut self, id: Id, one: &Struct<'_>) -> Scanned<()> {
        self.make_room(one.bytes.len());
        self.part.put(id, one)
    }

    fn delete(&mut self, author: ClientId, range: Range<u64>) {
        self.make_room(RANGE_BYTES);
        self.part.delete(author, range);
    }

    fn end_part(&mut self) {
        if self.part.n_structs > 0 {
            self.parts.push(std::mem::take(&mut self.part).encode());
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
    n_structs: usize,
    n_bytes: usize,
    sections: Vec<Section>,
    /// Where the section of an author is.
    by_author: HashMap<ClientId, usize>,
    deletions: Vec<(ClientId, Vec<Range<u64>>)>,
    deleted_of: HashMap<ClientId, usize>,
}

impl Part {
    /// Adds the struct called `id`, which follows on what there is of its author.
    fn put(&mut self, id: Id, one: &Struct<'_>) -> Scanned<()> {
        let n_sections = self.sections.len();
        let at = *self.by_author.entry(id.client).or_insert(n_sections);
        if at == n_sections {
            self.sections.push(Section::from(id));
            self.n_bytes += HEAD_BYTES;
        }
        self.n_structs += 1;
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
        self.n_structs += 1;
        self.n_bytes += RANGE_BYTES;
        self.deletions[at].1.push(range);
    }

    fn encode(self) -> Vec<u8> {
        let mut out = Vec::with_capacity(self.n_bytes + 2 * HEAD_BYTES);
        put_varint(self.sections.len() as u64, &mut out);
        self.sections.iter().for_each(|section| section.put(&mut out));
        put_varint(self.deletions.len() as u64, &mut out);
        for (author, ranges) in self.deletions {
            put_varint(author.value(), &mut out);
            put_varint(ranges.len() as u64, &mut out);
            for range in ranges {
                put_varint(range.start, &mut out);
                put_varint(range.end - range.start, &mut out);
            }
        }
        out
    }
}

/// [`cut_update`] by bytes alone; what cannot be cut comes back as it is.
pub fn split_update(update: Vec<u8>, max_bytes: usize) -> Vec<Vec<u8>> {
    let size = PartSize { n_structs: usize::MAX, n_bytes: max_bytes };
    match cut_update(&update, size) {
        Ok(Some(parts)) => parts,
        Ok(None) | Err(_) => vec![update],
    }
}
