//! Which list each struct of a document belongs to: the values that one key of a parent has had, or the
//! parent's sequence. The CRDT passes by all of a list to find a struct's place; it takes all values of
//! a key but the last for deleted; and it keeps pointers to parents that it has freed when neighbors
//! are of two lists. So the room knows the lists, and refuses what breaks them.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::ops::Range;

use super::bytes::Id;
use super::structs::Struct;
use super::walk::Walk;
use super::{ScanError, Scanned, covers, deletions};
use crate::id::ClientId;

/// A list, by a hash of its parent and key that nobody can foresee. The lowest bit is whether it is a key's.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
struct List(u32);

impl List {
    /// Of what is gone or not here.
    const NONE: Self = Self(0);

    fn is_keyed(self) -> bool {
        self.0 & 1 == 1
    }
}

/// The lists of a document.
#[derive(Default)]
pub struct Lists {
    hasher: RandomState,
    members: Members,
}

/// Who is in which list, and how many are.
#[derive(Default)]
pub struct Members {
    /// Of each author, in order: the clock after the last struct of those that follow each other in one list.
    runs: HashMap<ClientId, Vec<(u32, List)>>,
    /// How many structs a list has had.
    lens: HashMap<List, u32>,
}

impl Members {
    fn end(&self, author: ClientId) -> u64 {
        self.runs.get(&author).and_then(|runs| runs.last()).map_or(0, |(end, _)| u64::from(*end))
    }

    fn of(&self, id: Id) -> List {
        let Some(runs) = self.runs.get(&id.client) else { return List::NONE };
        let n_before = runs.partition_point(|(end, _)| u64::from(*end) <= id.clock);
        runs.get(n_before).map_or(List::NONE, |(_, list)| *list)
    }

    fn len(&self, list: List) -> u32 {
        self.lens.get(&list).copied().unwrap_or_default()
    }

    fn push(&mut self, id: Id, len: u64, list: List) {
        let gap = (self.end(id.client) < id.clock).then_some((id.clock, List::NONE));
        let runs = self.runs.entry(id.client).or_default();
        for (end, list) in gap.into_iter().chain([(id.clock + len, list)]) {
            // The scan has seen that it fits.
            let end = end as u32;
            match runs.last_mut() {
                Some((last, same)) if *same == list => *last = end,
                _ => runs.push((end, list)),
            }
        }
        if list != List::NONE {
            *self.lens.entry(list).or_default() += 1;
        }
    }
}

impl Lists {
    /// Adds what [`Lists::read`] has found.
    pub fn append(&mut self, later: Members) {
        for (author, later) in later.runs {
            let known = self.members.end(author);
            let runs = self.members.runs.entry(author).or_default();
            runs.extend(later.into_iter().filter(|(end, _)| u64::from(*end) > known));
        }
        for (list, len) in later.lens {
            *self.members.lens.entry(list).or_default() += len;
        }
    }

    /// The lists of the structs of an update, none of which the document has, if they are as Yjs programs
    /// write them: with both neighbors in one list; what has a key without a right neighbor, and one clock
    /// long unless it is deleted at once.
    pub fn read(&self, update: &[u8]) -> Scanned<Members> {
        let (mut walk, mut rest) = Walk::new(update)?;
        let mut new = Members::default();
        let mut long = Vec::new();
        while let Some((id, one)) = walk.next(update)? {
            if one.is_skip() {
                continue;
            }
            if let [left, Some(right), _] = one.builds_on {
                let left = left.map_or(List::NONE, |left| self.of(&new, left));
                let right = self.of(&new, right);
                if left.is_keyed() || right.is_keyed() {
                    return Err(ScanError::Key);
                }
                if left != right && left != List::NONE && right != List::NONE {
                    return Err(ScanError::Apart);
                }
            }
            let list = self.list_of(&new, &one);
            if list.is_keyed() && one.len > 1 {
                if one.is_text() {
                    return Err(ScanError::Key);
                } else if one.is_values() {
                    long.push((id.client, id.clock..id.clock + one.len));
                }
            }
            new.push(id, one.len, list);
        }
        if !long.is_empty() {
            let deleted: HashMap<_, _> = deletions(&mut rest)?.into_iter().collect();
            let is_deleted = |(author, range): &(ClientId, Range<u64>)| {
                deleted.get(author).is_some_and(|ranges| covers(ranges, range))
            };
            if !long.iter().all(is_deleted) {
                return Err(ScanError::Key);
            }
        }
        Ok(new)
    }

    /// The lists of a document, of which `state` is all.
    pub fn of_state(state: &[u8]) -> Scanned<Self> {
        let mut lists = Self::default();
        let mut new = Members::default();
        let (mut walk, _) = Walk::new(state)?;
        while let Some((id, one)) = walk.next(state)? {
            let list = lists.list_of(&new, &one);
            new.push(id, one.len, list);
        }
        lists.members = new;
        Ok(lists)
    }

    /// How many structs there are that one of an update may have to pass by. `new` are those of the update
    /// before it, among which it is counted from now on.
    pub(super) fn passes_by(&self, new: &mut Members, id: Id, one: &Struct<'_>) -> u64 {
        if one.is_skip() || id.clock + one.len <= self.members.end(id.client) {
            return 0;
        }
        let list = self.list_of(new, one);
        let n_there = u64::from(self.members.len(list)) + u64::from(new.len(list));
        new.push(id, one.len, list);
        n_there
    }

    fn list_of(&self, new: &Members, one: &Struct<'_>) -> List {
        match one.builds_on {
            // What is gone belongs nowhere, and so the right neighbor counts.
            [Some(left), right, _] => match (self.of(new, left), right) {
                (List::NONE, Some(right)) => self.of(new, right),
                (list, _) => list,
            },
            [None, Some(right), _] => self.of(new, right),
            [None, None, parent] if parent.is_some() || one.root.is_some() => {
                let parent = parent.map(|id| (id.client.value(), id.clock));
                let hash = self.hasher.hash_one((parent, one.root, one.key)) as u32;
                // Never that of none.
                List((hash | 2) & !1 | u32::from(one.key.is_some()))
            }
            [None, None, _] => List::NONE,
        }
    }

    fn of(&self, new: &Members, id: Id) -> List {
        let is_known = id.clock < self.members.end(id.client);
        if is_known { self.members.of(id) } else { new.of(id) }
    }
}
