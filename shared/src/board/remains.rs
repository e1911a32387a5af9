//! What the author's steps took away and none of them brings back any more.
//!
//! The CRDT's undo manager keeps the contents of all that its author ever took away, for as long as the board is
//! open, and writes them into every copy that is made of it: of an element that is wiped away and brought back again
//! and again, every former self. Here these are let go of, as any other copy of the board has done at once.
//!
//! A step finds what it changed by the ids that this had then, through all former selves up to the present one. So
//! they stay until no other step changed the same element.

use std::collections::HashSet;

use yrs::{BranchID, ID, IdSet, ReadTxn};

use crate::id::ElementId;

/// So many are asked for their steps in one go.
const ASKED_MAX: usize = 16;

/// So many structs are let go of in one go, or a part of all if that is more: a millisecond for each two hundred.
const TOGETHER: u32 = 2_000;
const TOGETHER_PART: u32 = 8;

/// What waits for its steps to be forgotten.
#[derive(Default)]
pub(super) struct Remains {
    waiting: Vec<Remain>,
    /// What no step needs.
    free: IdSet,
}

struct Remain {
    step: u64,
    elements: HashSet<ElementId>,
    dead: IdSet,
}

impl Remains {
    /// A step was gone, or is forgotten: it had taken away what is `dead`, and changed these elements.
    pub(super) fn add(&mut self, step: u64, elements: HashSet<ElementId>, dead: IdSet) {
        if !dead.is_empty() {
            self.waiting.push(Remain { step, elements, dead });
        }
    }

    /// Whether nothing waits.
    pub(super) fn is_empty(&self) -> bool {
        self.waiting.is_empty() && self.free.is_empty()
    }

    /// Takes some of what is not needed by any step. `is_needed` says whether another step than this one changed any of
    /// these elements.
    pub(super) fn take_free(
        &mut self,
        is_needed: impl Fn(u64, &HashSet<ElementId>) -> bool,
    ) -> IdSet {
        let n_asked = self.waiting.len().min(ASKED_MAX);
        for remain in self.waiting.drain(..n_asked).collect::<Vec<_>>() {
            if is_needed(remain.step, &remain.elements) {
                self.waiting.push(remain);
            } else {
                self.free.merge_with(remain.dead);
            }
        }
        // The last ones first: what is behind them in the CRDT's lists moves up.
        let mut left = TOGETHER.max(n_structs(&self.free) / TOGETHER_PART);
        let (mut part, mut rest) = (IdSet::default(), IdSet::default());
        for (client, ranges) in self.free.iter() {
            for range in ranges.iter().rev() {
                let n = (range.end - range.start).min(left);
                left -= n;
                let middle = range.end - n;
                for (set, range) in
                    [(&mut rest, range.start..middle), (&mut part, middle..range.end)]
                {
                    if !range.is_empty() {
                        set.insert(ID::new(*client, range.start), range.end - range.start);
                    }
                }
            }
        }
        self.free = rest;
        part
    }
}

/// How many structs a set names.
pub(super) fn n_structs(set: &IdSet) -> u32 {
    set.iter().flat_map(|(_, ranges)| ranges.iter()).map(|range| range.end - range.start).sum()
}

/// Which of the dead the CRDT is to be told of. With a map it takes all that is in it. Then it joins each struct that it
/// was told of with all before and the next one behind, and moves up the rest of the author's list. Told of all of a map in
/// their order it would do that for each one; but it goes from range to range from the end, so that it is told of every
/// other one.
pub(super) fn to_be_told<T: ReadTxn>(txn: &T, dead: &IdSet) -> IdSet {
    let mut told = IdSet::default();
    let mut has_maps = false;
    for (client, ranges) in dead.iter() {
        for range in ranges.iter() {
            let mut n_since = 0;
            for clock in range.clone().rev() {
                let id = ID::new(*client, clock);
                n_since += 1;
                if BranchID::get_nested(txn, &id).is_some() {
                    (n_since, has_maps) = (0, true);
                }
                if n_since % 2 == 0 {
                    told.insert(id, 1);
                }
            }
        }
    }
    if has_maps { told } else { dead.clone() }
}
