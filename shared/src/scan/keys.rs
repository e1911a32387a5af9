//! Which structs of an update are values in maps. The CRDT deletes only the last value of a key with
//! its map, and takes those before for deleted already. So it must never have a live value before
//! another, as it would if one is cut in two, or stands among what has no key.

mod stored;

use std::collections::HashMap;
use std::ops::Range;

use super::bytes::{Bytes, Id};
use super::structs::Struct;
use super::{ScanError, Scanned, end_of};
use crate::id::ClientId;

/// The clocks of the structs that have keys, of each author in order.
#[derive(Default)]
pub struct Keyed(HashMap<ClientId, Vec<Range<u64>>>);

impl Keyed {
    /// Whether the struct of `author` at `clock` has a key.
    pub fn has(&self, author: ClientId, clock: u64) -> bool {
        let Some(ranges) = self.0.get(&author) else { return false };
        let n_before = ranges.partition_point(|range| range.end <= clock);
        ranges.get(n_before).is_some_and(|range| range.contains(&clock))
    }

    /// Adds what comes later.
    pub fn append(&mut self, later: Self) {
        for (author, ranges) in later.0 {
            ranges.into_iter().for_each(|range| self.push(author, range));
        }
    }

    fn push(&mut self, author: ClientId, range: Range<u64>) {
        let ranges = self.0.entry(author).or_default();
        match ranges.last_mut() {
            Some(last) if last.end == range.start => last.end = range.end,
            _ => ranges.push(range),
        }
    }
}

/// The structs with keys of an update to a document, if they are as Yjs programs write them: without a
/// right neighbor, not next to one without a key, and one clock long unless they are deleted at once.
/// `known` is whether a struct of the document has a key; the update holds none of those.
pub fn keyed_structs(
    update: &[u8],
    known: impl Fn(ClientId, u64) -> Option<bool>,
) -> Scanned<Keyed> {
    let mut bytes = Bytes(update);
    let mut keys =
        Keys { known, sections: HashMap::new(), n_runs: 0, bare: Vec::new(), long: Vec::new() };
    for _ in 0..bytes.count()? {
        let n_structs = bytes.count()?;
        let author = bytes.client()?;
        let mut clock = bytes.clock()?;
        keys.sections.insert(author, Section { start: clock, runs: Vec::new() });
        for _ in 0..n_structs {
            let one = bytes.next_struct()?;
            let end = end_of(clock, one.len)?;
            keys.add(Id { client: author, clock }, end, &one);
            clock = end;
        }
    }
    for id in std::mem::take(&mut keys.bare) {
        if keys.resolve(id)? {
            return Err(ScanError::Key);
        }
    }
    let mut long = Vec::new();
    for (id, end) in std::mem::take(&mut keys.long) {
        if keys.resolve(id)? {
            long.push((id, end));
        }
    }
    if !long.is_empty() {
        let deleted = deleted(&mut bytes)?;
        let is_deleted = |(id, end): &(Id, u64)| {
            let ranges = deleted.get(&id.client).map_or(&[][..], Vec::as_slice);
            let n_before = ranges.partition_point(|range| range.end < *end);
            ranges.get(n_before).is_some_and(|range| range.start <= id.clock)
        };
        if !long.iter().all(is_deleted) {
            return Err(ScanError::Key);
        }
    }
    keys.all()
}

/// Reads what an update deletes; each author's comes in order and in one piece where it is.
fn deleted(bytes: &mut Bytes<'_>) -> Scanned<HashMap<ClientId, Vec<Range<u64>>>> {
    let mut all = HashMap::new();
    for _ in 0..bytes.count()? {
        let author = bytes.client()?;
        let mut ranges: Vec<Range<u64>> = Vec::new();
        for _ in 0..bytes.count()? {
            let clock = bytes.clock()?;
            let end = end_of(clock, bytes.varint()?)?;
            // Others are of no program's writing, and only make that nothing counts as deleted.
            if ranges.last().is_none_or(|last| last.end <= clock) {
                ranges.push(clock..end);
            }
        }
        all.insert(author, ranges);
    }
    Ok(all)
}

/// Whether a struct has a key.
#[derive(Clone, Copy)]
enum Key {
    Is(bool),
    /// As this one, which may follow in the update.
    As(Id),
}

/// The structs of one author.
struct Section {
    start: u64,
    /// Each with the clock after its last struct.
    runs: Vec<(u64, Key)>,
}

impl Section {
    fn run_at(&self, clock: u64) -> Option<usize> {
        let at = self.runs.partition_point(|(end, _)| *end <= clock);
        (clock >= self.start && at < self.runs.len()).then_some(at)
    }
}

struct Keys<F> {
    known: F,
    sections: HashMap<ClientId, Section>,
    n_runs: usize,
    /// Those that must not have keys.
    bare: Vec<Id>,
    /// Those that must not have keys unless they are deleted, with their ends.
    long: Vec<(Id, u64)>,
}

impl<F: Fn(ClientId, u64) -> Option<bool>> Keys<F> {
    fn add(&mut self, id: Id, end: u64, one: &Struct<'_>) {
        let key = match one.builds_on {
            [left, Some(right), _] => {
                left.into_iter().chain([right]).for_each(|id| self.expect_bare(id));
                Key::Is(false)
            }
            [Some(left), None, _] => self.key_of(left),
            [None, None, _] => Key::Is(one.has_key()),
        };
        let Some(Section { runs, .. }) = self.sections.get_mut(&id.client) else { return };
        match (runs.last_mut(), key) {
            (Some((last, Key::Is(a))), Key::Is(b)) if *a == b => *last = end,
            (Some((last, Key::As(a))), Key::As(b)) if *a == b => *last = end,
            _ => {
                runs.push((end, key));
                self.n_runs += 1;
            }
        }
        if one.len > 1 && !matches!(key, Key::Is(false)) {
            if one.is_text() {
                self.bare.push(id);
            } else if one.is_values() {
                self.long.push((id, end));
            }
        }
    }

    fn expect_bare(&mut self, id: Id) {
        if !matches!(self.key_of(id), Key::Is(false)) {
            self.bare.push(id);
        }
    }

    /// Of a struct of the document, or of the update so far.
    fn key_of(&self, id: Id) -> Key {
        if let Some(is) = (self.known)(id.client, id.clock) {
            return Key::Is(is);
        }
        let section = self.sections.get(&id.client);
        let run = section.and_then(|section| Some(section.runs[section.run_at(id.clock)?]));
        run.map_or(Key::As(id), |(_, key)| key)
    }

    /// Whether a struct has a key, now that all are there.
    fn resolve(&mut self, id: Id) -> Scanned<bool> {
        let mut passed = Vec::new();
        let mut at = id;
        let is = loop {
            match self.key_of(at) {
                Key::Is(is) => break is,
                // They build on each other in a circle, or on what is not there.
                Key::As(_) if passed.len() > self.n_runs => return Err(ScanError::Order),
                Key::As(next) => {
                    passed.push(at);
                    at = next;
                }
            }
        };
        for id in passed {
            if let Some(section) = self.sections.get_mut(&id.client)
                && let Some(run) = section.run_at(id.clock)
            {
                section.runs[run].1 = Key::Is(is);
            }
        }
        Ok(is)
    }

    fn all(mut self) -> Scanned<Keyed> {
        let mut open = Vec::new();
        for section in self.sections.values() {
            let ids = section.runs.iter().filter_map(|(_, key)| match key {
                Key::As(id) => Some(*id),
                Key::Is(_) => None,
            });
            open.extend(ids);
        }
        for id in open {
            self.resolve(id)?;
        }
        let mut keyed = Keyed::default();
        for (author, section) in &self.sections {
            let mut start = section.start;
            for &(end, key) in &section.runs {
                let is = match key {
                    Key::Is(is) => is,
                    Key::As(id) => matches!(self.key_of(id), Key::Is(true)),
                };
                if is {
                    keyed.push(*author, start..end);
                }
                start = end;
            }
        }
        Ok(keyed)
    }
}
