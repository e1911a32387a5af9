//! An update in parts, each an update of its own, that do together what the whole would.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use super::bytes::{Bytes, Id};
use super::cut::Section;
use super::lists::{Lists, Members};
use super::structs::Struct;
use super::walk::Walk;
use super::{Scanned, covers, deletions};
use crate::id::ClientId;
use crate::varint;

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
    let (mut walk, mut bytes) = Walk::new(update)?;
    while let Some((id, one)) = walk.next(update)? {
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
    let mut splitter = Splitter::new(Arc::new(update), max_bytes);
    std::iter::from_fn(|| splitter.step()).flatten().collect()
}

/// Does what [`split_update`] does, a step after the other, of which none takes long.
pub struct Splitter {
    update: Arc<Vec<u8>>,
    size: PartSize,
    state: Splitting,
}

enum Splitting {
    New,
    LookingOver(Walk),
    Cutting(Cut),
    Done,
}

impl Splitter {
    /// To split an update into parts of about so many bytes.
    pub fn new(update: Arc<Vec<u8>>, max_bytes: usize) -> Self {
        let size = PartSize { n_steps: u64::MAX, n_bytes: max_bytes };
        Self { update, size, state: Splitting::New }
    }

    /// Takes a step. The answer is a part if one is complete; nothing at all when there are no more. What
    /// cannot be cut comes as a whole, even after some of its parts: then that is not right either.
    pub fn step(&mut self) -> Option<Option<Vec<u8>>> {
        match self.try_step() {
            Ok(part) => part,
            Err(_) => {
                self.state = Splitting::Done;
                Some(Some(self.update.to_vec()))
            }
        }
    }

    fn try_step(&mut self) -> Scanned<Option<Option<Vec<u8>>>> {
        let update = &self.update[..];
        self.state = match std::mem::replace(&mut self.state, Splitting::Done) {
            Splitting::New => Splitting::LookingOver(Walk::begin(update)?),
            Splitting::LookingOver(mut walk) => match walk.look_over(update)? {
                Some(rest) => Splitting::Cutting(Cut::new(walk, rest)?),
                None => Splitting::LookingOver(walk),
            },
            Splitting::Cutting(mut cut) => {
                let Some(part) = cut.next(update, self.size, &mut |_, _| 0)? else {
                    return Ok(None);
                };
                let mut bytes = Vec::with_capacity(part.n_bytes + HEAD_BYTES);
                part.put(&mut bytes);
                self.state = Splitting::Cutting(cut);
                return Ok(Some(Some(bytes)));
            }
            Splitting::Done => return Ok(None),
        };
        Ok(Some(None))
    }
}

fn cut(
    update: &[u8],
    size: PartSize,
    mut passes_by: impl FnMut(Id, &Struct<'_>) -> u64,
) -> Scanned<Parts> {
    let (walk, rest) = Walk::new(update)?;
    let mut cut = Cut::new(walk, rest)?;
    let mut parts = Parts::default();
    while let Some(part) = cut.next(update, size, &mut passes_by)? {
        part.put(&mut parts.bytes);
        parts.ends.push(parts.bytes.len());
    }
    Ok(parts)
}

/// An update that is being cut.
struct Cut {
    walk: Walk,
    /// What the next struct costs, if it found no room before.
    pending: Option<u64>,
    /// Whether what follows is deletions only.
    has_walked: bool,
    deletions: Vec<(ClientId, Vec<Range<u64>>)>,
    by_author: HashMap<ClientId, usize>,
    /// The author and the range that are deleted next.
    at: (usize, usize),
}

impl Cut {
    fn new(walk: Walk, mut rest: Bytes<'_>) -> Scanned<Self> {
        let deletions = deletions(&mut rest)?;
        rest.end()?;
        let by_author = deletions.iter().zip(0..).map(|((author, _), at)| (*author, at)).collect();
        Ok(Self { walk, pending: None, has_walked: false, deletions, by_author, at: (0, 0) })
    }

    /// The next part.
    fn next(
        &mut self,
        update: &[u8],
        size: PartSize,
        passes_by: &mut impl FnMut(Id, &Struct<'_>) -> u64,
    ) -> Scanned<Option<Part>> {
        let mut part = Part::default();
        while let Some((id, one)) = self.walk.next(update)? {
            let n_steps = self.pending.take().unwrap_or_else(|| STEPS_EACH + passes_by(id, &one));
            if !part.has_room(n_steps, one.bytes.len(), size) {
                self.walk.put_back(id, &one);
                self.pending = Some(n_steps);
                return Ok(Some(part));
            }
            part.n_steps = part.n_steps.saturating_add(n_steps);
            part.add(id, &one)?;
            let at = self.by_author.get(&id.client).filter(|_| one.is_values() && one.len > 1);
            if let Some((_, ranges)) = at.and_then(|&at| self.deletions.get(at)) {
                let range = id.clock..id.clock + one.len;
                if covers(ranges, &range) {
                    part.delete(id.client, range);
                }
            }
        }
        if !std::mem::replace(&mut self.has_walked, true) && !part.deletions.is_empty() {
            // They would stand there twice.
            return Ok(Some(part));
        }
        while let Some((author, ranges)) = self.deletions.get(self.at.0) {
            let Some(range) = ranges.get(self.at.1) else {
                self.at = (self.at.0 + 1, 0);
                continue;
            };
            if !part.has_room(STEPS_EACH, RANGE_BYTES, size) {
                return Ok(Some(part));
            }
            part.n_steps = part.n_steps.saturating_add(STEPS_EACH);
            part.delete(*author, range.clone());
            self.at.1 += 1;
        }
        Ok((part.n_steps > 0).then_some(part))
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
    /// Whether it can take something more; if it is empty it can take everything.
    fn has_room(&self, n_steps: u64, n_bytes: usize, size: PartSize) -> bool {
        self.n_steps == 0
            || self.n_steps.saturating_add(n_steps) <= size.n_steps
                && HEAD_BYTES + self.n_bytes + n_bytes + HEAD_BYTES <= size.n_bytes
    }

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
        varint::put(self.sections.len() as u64, out);
        self.sections.iter().for_each(|section| section.put(out));
        varint::put(self.deletions.len() as u64, out);
        for (author, ranges) in self.deletions {
            varint::put(author.value(), out);
            varint::put(ranges.len() as u64, out);
            for range in ranges {
                varint::put(range.start, out);
                varint::put(range.end - range.start, out);
            }
        }
    }
}
