//! A look over a Yjs update or state vector before the CRDT sees it.
//!
//! The CRDT's decoder recurses as deep as the bytes nest and reserves as much as they claim: sixteen
//! kilobytes end a process, five bytes reserve a gigabyte. The scan walks the same format with a stack
//! of its own and allocates nothing by what a count says. What it lets through has every count backed
//! by bytes, nests at most [`ANY_DEPTH_MAX`] deep, and has client ids and clocks in their ranges.
//!
//! It also lets nothing through that other Yjs programs cannot read although ours can: what is once in
//! a document comes to all of them, and one struct would keep them from the whole of it. And it tells
//! what an update needs to be there already, and can cut one up. It knows no document.

mod bytes;
mod cut;
mod lists;
mod maps;
mod merge;
mod parts;
mod structs;
mod walk;

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use crate::id::ClientId;
#[cfg(doc)]
use crate::limits::ANY_DEPTH_MAX;
use crate::limits::CLOCK_MAX;
use bytes::Bytes;

pub use cut::trim_update;
pub use lists::{Lists, Members};
pub use maps::{Content, Maps, Node};
pub use merge::{Deletions, merge_updates};
pub use parts::{PartSize, Parts, STEPS_EACH, Splitter, cut_update, split_update};

/// Why bytes are not given to the CRDT.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum ScanError {
    /// The bytes end before what they promise, or go on after it.
    #[error("the bytes end too early or too late")]
    Length,
    /// A number or kind that the format does not have.
    #[error("a number is out of range")]
    Range,
    /// More than [`COMPETITORS_MAX`] structs of one author in one place.
    #[error("too many structs in the same place")]
    Crowded,
    /// An author is named twice.
    #[error("an author is named twice")]
    Repeated,
    /// A struct builds on one that its author wrote later, or on itself.
    #[error("a struct builds on what comes after it")]
    Order,
    /// Values nest deeper than [`ANY_DEPTH_MAX`].
    #[error("values nest too deep")]
    Depth,
    /// A struct between neighbors of two lists.
    #[error("a struct between two that are apart")]
    Apart,
    /// A value in a map that no map has so.
    #[error("a value in a map is longer than one, or among what has no key")]
    Key,
}

type Scanned<T> = Result<T, ScanError>;

/// What an update is about: whose structs it holds, and which it takes for granted.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Outline {
    /// Everybody of whom it names a struct.
    pub authors: HashMap<ClientId, Mention>,
    /// How many structs there may be more of after it; a stretch that it deletes can be the middle of one.
    pub n_structs: usize,
    /// Whether it deletes anything, known or not.
    pub deletes: bool,
    /// Whether it leaves anything out between or after its structs.
    pub skips: bool,
    /// The structs that are said to have children: the author and the clock of each.
    pub parents: Vec<(ClientId, u64)>,
}

/// What an update holds and names of one author, in clocks.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Mention {
    /// From its first struct to its last; empty if it has none.
    pub structs: Range<u64>,
    /// Where the structs begin that reach the last one without a gap.
    pub unbroken_from: u64,
    /// The end of what it deletes or others build on: so far must the author's structs reach.
    pub needed: u64,
    /// Which of its structs can have children, or are gone and may have had some.
    pub holders: Vec<Range<u64>>,
}

/// Most structs of one author that an update may put into the very same place. An author who writes
/// one after the other has one in each; to order those that compete takes the CRDT quadratic time.
const COMPETITORS_MAX: usize = 64;

/// Whether what only takes time is refused, too. What comes to a page the room has judged.
const IS_JUDGE: bool = cfg!(not(target_arch = "wasm32"));

/// Looks over a Yjs v1 update.
pub fn scan_update(bytes: &[u8]) -> Scanned<Outline> {
    let mut bytes = Bytes(bytes);
    let mut outline = Outline::default();
    let mut named = HashSet::new();
    for _ in 0..bytes.count()? {
        let n_structs = bytes.count()?;
        let author = bytes.client()?;
        // The CRDT keeps pointers to structs that it frees when an author comes twice.
        if !named.insert(author) {
            return Err(ScanError::Repeated);
        }
        outline.add_section(author, n_structs, &mut bytes)?;
    }
    for (author, ranges) in deletions(&mut bytes)? {
        if let Some(last) = ranges.last() {
            outline.need(author, last.end);
            outline.n_structs += 2 * ranges.len();
            outline.deletes = true;
        }
    }
    bytes.end()?;
    Ok(outline)
}

impl Outline {
    /// Reads the structs of `author`.
    fn add_section(
        &mut self,
        author: ClientId,
        n_structs: u64,
        bytes: &mut Bytes<'_>,
    ) -> Scanned<()> {
        let mut clock = bytes.clock()?;
        let mut structs = clock..clock;
        let mut unbroken_from = clock;
        let mut holders = Vec::new();
        let mut places = Vec::new();
        for _ in 0..n_structs {
            let one = bytes.next_struct()?;
            if IS_JUDGE {
                places.extend(one.place());
            }
            for id in one.builds_on.into_iter().flatten() {
                if id.client != author {
                    self.need(id.client, id.clock + 1);
                } else if id.clock >= clock {
                    return Err(ScanError::Order);
                }
            }
            let parent = one.parent().map(|id| (id.client, id.clock));
            if let Some(parent) = parent.filter(|it| self.parents.last() != Some(it)) {
                self.parents.push(parent);
            }
            let start = clock;
            clock = end_of(start, one.len)?;
            if one.is_skip() {
                self.skips = true;
                continue;
            }
            if structs.is_empty() {
                (structs.start, unbroken_from) = (start, start);
            } else if structs.end != start {
                unbroken_from = start;
            }
            structs.end = clock;
            self.n_structs += 1;
            if one.is_holder() {
                holders.push(start..clock);
            }
        }
        if most_alike(places) > COMPETITORS_MAX {
            return Err(ScanError::Crowded);
        }
        if !structs.is_empty() {
            let mention = self.authors.entry(author).or_default();
            (mention.structs, mention.unbroken_from) = (structs, unbroken_from);
            mention.holders = holders;
        }
        Ok(())
    }

    /// Whether the update has a struct of `author` at `clock` that can have children, or is gone.
    pub fn holds(&self, author: ClientId, clock: u64) -> bool {
        let Some(Mention { holders, .. }) = self.authors.get(&author) else { return false };
        let n_before = holders.partition_point(|range| range.end <= clock);
        holders.get(n_before).is_some_and(|range| range.contains(&clock))
    }

    fn need(&mut self, author: ClientId, end: u64) {
        let needed = &mut self.authors.entry(author).or_default().needed;
        *needed = end.max(*needed);
    }
}

/// Reads what an update deletes: the clocks of each author, in order.
fn deletions(bytes: &mut Bytes<'_>) -> Scanned<Vec<(ClientId, Vec<Range<u64>>)>> {
    let mut named = HashSet::new();
    let mut all = Vec::new();
    for _ in 0..bytes.count()? {
        let author = bytes.client()?;
        if !named.insert(author) {
            return Err(ScanError::Repeated);
        }
        let mut ranges: Vec<Range<u64>> = Vec::new();
        for _ in 0..bytes.count()? {
            let clock = bytes.clock()?;
            // Every program sorts them. The CRDT takes quadratic time for those in another order.
            if ranges.last().is_some_and(|last| clock < last.end) {
                return Err(ScanError::Order);
            }
            ranges.push(clock..end_of(clock, bytes.varint()?)?);
        }
        all.push((author, ranges));
    }
    Ok(all)
}

/// Whether all of `range` lies in one of these stretches, which are in order.
fn covers(ranges: &[Range<u64>], range: &Range<u64>) -> bool {
    let n_before = ranges.partition_point(|it| it.end < range.end);
    ranges.get(n_before).is_some_and(|it| it.start <= range.start)
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

/// How many of the numbers are the same one, at most.
fn most_alike(mut numbers: Vec<u64>) -> usize {
    numbers.sort_unstable();
    numbers.chunk_by(|a, b| a == b).map(<[u64]>::len).max().unwrap_or_default()
}

/// The clock after `len` more; a struct without length is none.
fn end_of(clock: u64, len: u64) -> Scanned<u64> {
    let end = clock.checked_add(len).filter(|end| *end <= CLOCK_MAX);
    end.filter(|_| len > 0).ok_or(ScanError::Range)
}
