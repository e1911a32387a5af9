//! Updates made one again: what came in many small ones, without what was written in them and is gone by now.

use std::collections::HashMap;
use std::ops::Range;

use super::bytes::{Bytes, Id};
use super::cut::Section;
use super::{Scanned, covers, deletions, end_of};
use crate::id::ClientId;
use crate::varint;

/// What updates delete: stretches of clocks of each author.
#[derive(Default)]
pub struct Deletions {
    by_author: HashMap<ClientId, Vec<Range<u64>>>,
    is_sorted: bool,
}

impl Deletions {
    /// Notes what an update deletes besides.
    pub fn read(&mut self, update: &[u8]) -> Scanned<()> {
        let mut bytes = Bytes(update);
        for _ in 0..bytes.count()? {
            let n_structs = bytes.count()?;
            bytes.client()?;
            bytes.clock()?;
            for _ in 0..n_structs {
                bytes.next_struct()?;
            }
        }
        self.add(&mut bytes)
    }

    fn add(&mut self, bytes: &mut Bytes<'_>) -> Scanned<()> {
        for (author, ranges) in deletions(bytes)? {
            self.by_author.entry(author).or_default().extend(ranges);
        }
        self.is_sorted = false;
        Ok(())
    }

    /// Puts the stretches in order and makes those one that touch.
    pub fn sort(&mut self) {
        if std::mem::replace(&mut self.is_sorted, true) {
            return;
        }
        for ranges in self.by_author.values_mut() {
            ranges.sort_unstable_by_key(|range| range.start);
            ranges.dedup_by(|next, last| {
                let touches = next.start <= last.end;
                if touches {
                    last.end = last.end.max(next.end);
                }
                touches
            });
        }
    }

    /// Whether all of these clocks are deleted, once they are sorted.
    fn has(&self, author: ClientId, clocks: &Range<u64>) -> bool {
        self.by_author.get(&author).is_some_and(|ranges| covers(ranges, clocks))
    }

    fn put(&self, out: &mut Vec<u8>) {
        varint::put(self.by_author.len() as u64, out);
        for (author, ranges) in &self.by_author {
            varint::put(author.value(), out);
            varint::put(ranges.len() as u64, out);
            for range in ranges {
                varint::put(range.start, out);
                varint::put(range.end - range.start, out);
            }
        }
    }
}

/// Makes one Yjs v1 update of several, each after those that it builds on: it does what they do one after the other.
/// Of what they write and what they, or `gone`, delete, it only says that there was something. Nothing if they cannot
/// be one, as something is left out between them.
pub fn merge_updates<'a>(
    updates: impl Iterator<Item = &'a [u8]> + Clone,
    gone: &Deletions,
) -> Scanned<Option<Vec<u8>>> {
    let mut deleted = Deletions::default();
    for update in updates.clone() {
        deleted.read(update)?;
    }
    deleted.sort();
    let mut sections: Vec<(Section, u64)> = Vec::new();
    let mut by_author: HashMap<ClientId, usize> = HashMap::new();
    for update in updates {
        let mut bytes = Bytes(update);
        for _ in 0..bytes.count()? {
            let n_structs = bytes.count()?;
            let client = bytes.client()?;
            let mut clock = bytes.clock()?;
            let n_sections = sections.len();
            let at = *by_author.entry(client).or_insert(n_sections);
            if at == n_sections {
                sections.push((Section::from(Id { client, clock }), clock));
            }
            let (section, known) = &mut sections[at];
            if clock < section.first_clock() {
                // What comes before may stand nowhere else.
                return Ok(None);
            }
            for _ in 0..n_structs {
                let one = bytes.next_struct()?;
                let id = Id { client, clock };
                clock = end_of(clock, one.len)?;
                if clock <= *known {
                    continue;
                }
                if one.is_skip() || id.clock > *known {
                    return Ok(None);
                }
                let clocks = id.clock..clock;
                let is_gone = deleted.has(client, &clocks) || gone.has(client, &clocks);
                section.push_as(&one, id, *known, is_gone)?;
                *known = clock;
            }
        }
    }
    sections.retain(|(section, _)| !section.is_empty());
    let mut out = Vec::new();
    varint::put(sections.len() as u64, &mut out);
    sections.iter().for_each(|(section, _)| section.put(&mut out));
    deleted.put(&mut out);
    Ok(Some(out))
}
