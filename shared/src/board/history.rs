//! Undo and redo of the author's own steps, over the CRDT's manager.
//!
//! The manager alone breaks a promise three times. It passes over a step that others have undone in effect and takes back
//! an earlier one instead: so it is shown one step at a time. It takes back an element with all that others have since
//! done to it: such a step is not gone, but forgotten. (To go it and make it again would not do. The element would be
//! another one, which others' work at the same time misses; and of what others wrote while the step was being made, the
//! manager writes a place beside something in the former self, where no other copy finds it.) And of several values that
//! a step wrote over, its own and others', it brings them back in any order, so that any may be the last: what others
//! wrote since the step was made is put right then.
//!
//! And of a step that first changes a property and then takes the element away, it brings the property back
//! where nobody else finds it: as part of the element that is gone. So such a step is made as two, which are taken
//! back and made again together.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex};

use yrs::undo::{Options, StackItem, UndoManager};
use yrs::{IdSet, Map, Transact};

use super::author::OWN;
use super::gone::{Gone, MENDING};
use super::remains::{Remains, to_be_told};
use super::replica::Replica;
use super::seen::{Seen, Theirs, Written, lock};
use super::steps::NO_STEP;
use super::write::element_map;
use crate::id::ElementId;

/// The most steps that can be taken back. What they took away is in memory.
const STEPS_MAX: usize = 200;

/// The steps that can be taken back name at most so many structs of the document, which is about 50 MB: an element
/// is about ten. The last step may be larger.
const STRUCTS_MAX: u32 = 250_000;

/// The author's steps.
pub(super) struct History {
    manager: UndoManager<Made>,
    seen: Arc<Mutex<Seen>>,
    remains: Remains,
}

/// What a step knows of how it was made.
#[derive(Clone, Copy, Default)]
pub(super) struct Made {
    /// Its number, whichever way it is gone.
    number: u64,
    /// How many updates by others had come when it was begun.
    pub(super) at: u64,
    /// Whether it goes together with the step before.
    is_linked: bool,
}

/// Which way to go.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Way {
    Back,
    Forth,
}

impl Way {
    fn back(self) -> Self {
        match self {
            Self::Back => Self::Forth,
            Self::Forth => Self::Back,
        }
    }
}

impl History {
    pub(super) fn new(replica: &Replica, seen: &Arc<Mutex<Seen>>) -> Self {
        let manager = manager(replica, seen, Steps::default());
        Self { manager, seen: Arc::clone(seen), remains: Remains::default() }
    }

    /// Ends the current step.
    pub(super) fn begin_step(&mut self, replica: &Replica) {
        self.manager.reset();
        {
            let mut seen = lock(&self.seen);
            seen.in_step.clear();
            seen.is_linked = false;
        }
        self.forget_oldest(replica);
        let (removed, dead) = lock(&self.seen).steps.take_removed();
        self.remains.add(NO_STEP, removed, dead);
        self.let_go(replica);
    }

    /// These elements are about to be taken away.
    pub(super) fn split_before_deleting(&mut self, ids: &[ElementId], replica: &Replica) {
        let is_changed = |seen: &Seen| ids.iter().any(|id| seen.in_step.contains(id));
        if is_changed(&lock(&self.seen)) {
            self.begin_step(replica);
            lock(&self.seen).is_linked = true;
        }
    }

    /// Forgets the oldest steps if there are too many, or if they are too large.
    fn forget_oldest(&mut self, replica: &Replica) {
        let back = self.manager.undo_stack();
        let sizes: Vec<u32> = {
            let seen = lock(&self.seen);
            back.iter().map(|step| seen.steps.n_structs(step.meta().number)).collect()
        };
        let total = sizes.iter().sum::<u32>();
        // An eighth more, so that it is not done for each step.
        if back.len() <= STEPS_MAX + STEPS_MAX / 8 && total <= STRUCTS_MAX + STRUCTS_MAX / 8 {
            return;
        }
        self.drop_oldest(&sizes, replica);
    }

    /// Forgets the oldest steps, which have these sizes, until the others are few and small enough. Not inlined: pages
    /// load it later.
    #[inline(never)]
    fn drop_oldest(&mut self, sizes: &[u32], replica: &Replica) {
        let back = self.manager.undo_stack();
        let mut left = sizes.iter().sum::<u32>();
        let is_too_much = |(n, size): &(usize, &u32)| {
            let is_it = back.len() - n > STEPS_MAX || left > STRUCTS_MAX && n + 1 < back.len();
            left -= **size;
            is_it
        };
        let n_old = sizes.iter().enumerate().take_while(is_too_much).count();
        // Of two that go together both stay.
        let is_whole = |n: &usize| back.get(*n).is_none_or(|step| !step.meta().is_linked);
        let n_old = (0..=n_old).rev().find(is_whole).unwrap_or(0);
        let mut steps = self.steps();
        for step in steps.back.drain(..n_old) {
            self.leave(*step.meta(), step.deletions().clone());
        }
        self.manager = manager(replica, &self.seen, steps);
        self.forget_seen();
    }

    /// A step was gone, or is forgotten: what it had taken away goes when no other needs it.
    fn leave(&mut self, made: Made, dead: IdSet) {
        let elements = lock(&self.seen).steps.elements(made.number);
        self.remains.add(made.number, elements, dead);
    }

    /// Forgets what was seen of steps that cannot be gone any more.
    fn forget_seen(&self) {
        let mut made = self.made(Way::Back);
        made.extend(self.made(Way::Forth));
        let first = made.iter().map(|made| made.at).min();
        let mut seen = lock(&self.seen);
        seen.steps.keep_only(|number| made.iter().any(|made| made.number == number));
        seen.others.retain(|_, theirs| first.is_some_and(|first| theirs.at > first));
    }

    /// The elements that the steps changed.
    pub(super) fn elements(&self) -> HashSet<ElementId> {
        self.forget_seen();
        lock(&self.seen).steps.all_elements()
    }

    /// Lets go of what was taken away and no step needs any more.
    fn let_go(&mut self, replica: &Replica) {
        if !self.remains.is_empty() {
            self.drop_remains(replica);
        }
    }

    /// Not inlined: pages load it later.
    #[inline(never)]
    fn drop_remains(&mut self, replica: &Replica) {
        self.forget_seen();
        let dead = {
            let seen = lock(&self.seen);
            self.remains.take_free(|own, elements| seen.steps.is_changed_by_others(own, elements))
        };
        if dead.is_empty() {
            return;
        }
        // The manager that keeps it does not let go of parts; but one that has these alone does.
        let step = StackItem::new(replica.doc.guid(), dead.clone(), IdSet::default());
        manager(replica, &self.seen, Steps { back: vec![step], forth: Vec::new() }).clear_all();
        let mut txn = replica.doc.transact_mut();
        let told = to_be_told(&txn, &dead);
        txn.gc(Some(&told));
    }

    /// The steps that were taken back, and what that took away: the next edit makes an end of them.
    pub(super) fn undone(&self) -> Vec<(Made, IdSet)> {
        let steps = self.manager.redo_stack().iter();
        steps.map(|step| (*step.meta(), step.deletions().clone())).collect()
    }

    /// There was an edit after these had been taken back.
    pub(super) fn forget_undone(&mut self, undone: Vec<(Made, IdSet)>) {
        if self.can_go(Way::Forth) {
            return;
        }
        for (made, dead) in undone {
            self.leave(made, dead);
        }
    }

    pub(super) fn can_go(&self, way: Way) -> bool {
        self.n_steps(way) > 0
    }

    /// Goes a step back or forth. `false` if there is none, if others left nothing of it to do, or if
    /// it would take away what they have changed since: then all is as it was.
    pub(super) fn go(&mut self, way: Way, replica: &Replica, gone: &mut Gone) -> bool {
        let mut has_gone = false;
        while let Some(next) = self.made(way).last().copied() {
            if has_gone && way == Way::Forth && !next.is_linked {
                break;
            }
            if !self.go_one(way, replica) {
                break;
            }
            has_gone = true;
            // Now, or what the step before has changed would be brought back, too.
            gone.mend(replica);
            if way == Way::Back && !next.is_linked {
                break;
            }
        }
        has_gone
    }

    fn go_one(&mut self, way: Way, replica: &Replica) -> bool {
        let mut steps = self.steps();
        let Some(last) = steps.of(way).pop() else { return false };
        let made = *last.meta();
        let is_hurtful = {
            let seen = lock(&self.seen);
            let is_taken =
                |id: &ElementId| seen.steps.is_turned(made.number, id) == Some(way == Way::Back);
            let changed = changed_since(&seen.others, made.at);
            !replica.present(changed.filter(|id| is_taken(id)).cloned().collect()).is_empty()
        };
        let has_gone = !is_hurtful && self.step(way, &last, &mut steps, replica);
        let others = steps.of(way.back());
        if has_gone && let Some(step) = self.stack(way.back()).get(others.len()).cloned() {
            others.push(self.mend(way, step, replica));
        }
        self.leave(made, last.deletions().clone());
        // Otherwise it is forgotten, or it would stand in the way of all earlier steps for ever.
        self.manager = manager(replica, &self.seen, steps);
        has_gone
    }

    /// Goes this step only: the manager would pass over one of which other people left nothing, and go an earlier one. It
    /// is given the `others` on the way as steps in another document; so it does not go them, and yet knows what they took
    /// away.
    fn step(
        &mut self,
        way: Way,
        last: &StackItem<Made>,
        others: &mut Steps,
        replica: &Replica,
    ) -> bool {
        let stand_in = |step: &StackItem<Made>| {
            let (elsewhere, dead) = ("".into(), step.deletions().clone());
            StackItem::with_meta(elsewhere, dead, IdSet::default(), *step.meta())
        };
        let mut shown = Steps::default();
        shown.of(way).extend(others.of(way).iter().map(stand_in).chain([last.clone()]));
        shown.of(way.back()).clone_from(others.of(way.back()));
        self.manager = manager(replica, &self.seen, shown);
        // Whatever way it goes, the step knows what it knew when it was made.
        lock(&self.seen).going = Some(*last.meta());
        let has_gone = match way {
            Way::Back => self.manager.undo_blocking(),
            Way::Forth => self.manager.redo_blocking(),
        };
        lock(&self.seen).going = None;
        has_gone
    }

    /// A step was taken back: what others wrote since it was made is as they last wrote it, whatever the manager chose
    /// of all that was there before. Gives the `step` that makes it again, past what was written here.
    fn mend(&self, way: Way, step: StackItem<Made>, replica: &Replica) -> StackItem<Made> {
        let overwritten = std::mem::take(&mut lock(&self.seen).overwritten);
        if way == Way::Forth || overwritten.is_empty() {
            return step;
        }
        let mut txn = replica.doc.transact_mut_with(MENDING);
        for (id, Written { key, value, .. }) in overwritten {
            let Some(map) = element_map(&txn, &replica.elements, &id) else { continue };
            match value {
                Some(value) => drop(map.insert(&mut txn, key, value)),
                None => drop(map.remove(&mut txn, &key)),
            }
        }
        let (mut dead, mut new) = (step.deletions().clone(), step.insertions().clone());
        dead.merge_with(txn.delete_set().clone());
        new.merge_with(txn.insert_set().clone());
        StackItem::with_meta(replica.doc.guid(), dead, new, *step.meta())
    }

    fn steps(&self) -> Steps {
        let of = |way| self.stack(way).to_vec();
        Steps { back: of(Way::Back), forth: of(Way::Forth) }
    }

    fn stack(&self, way: Way) -> &[StackItem<Made>] {
        match way {
            Way::Back => self.manager.undo_stack(),
            Way::Forth => self.manager.redo_stack(),
        }
    }

    fn n_steps(&self, way: Way) -> usize {
        self.stack(way).len()
    }

    fn made(&self, way: Way) -> Vec<Made> {
        self.stack(way).iter().map(|step| *step.meta()).collect()
    }
}

#[derive(Default)]
struct Steps {
    back: Vec<StackItem<Made>>,
    forth: Vec<StackItem<Made>>,
}

impl Steps {
    fn of(&mut self, way: Way) -> &mut Vec<StackItem<Made>> {
        match way {
            Way::Back => &mut self.back,
            Way::Forth => &mut self.forth,
        }
    }
}

fn manager(replica: &Replica, seen: &Arc<Mutex<Seen>>, steps: Steps) -> UndoManager<Made> {
    let mut manager = UndoManager::with_options(Options {
        // Steps end where the editor says so, not by the clock: it stands still.
        capture_timeout_millis: u64::MAX,
        timestamp: Arc::new(|| 1),
        tracked_origins: HashSet::new(),
        capture_transaction: None,
        init_undo_stack: steps.back,
        init_redo_stack: steps.forth,
    });
    manager.include_origin(OWN);
    manager.expand_scope(&replica.doc, &replica.elements);
    let made = Arc::clone(seen);
    manager.observe_item_added("made", move |txn, event| {
        let mut seen = lock(&made);
        seen.has_steps = true;
        let is_linked = std::mem::take(&mut seen.is_linked);
        let made = seen.going.unwrap_or_else(|| Made {
            number: seen.steps.begin(),
            at: seen.n_remote,
            is_linked,
        });
        let is_new = seen.going.is_none();
        seen.steps.note(made.number, txn, is_new);
        *event.meta_mut() = made;
    });
    let made = Arc::clone(seen);
    manager.observe_item_updated("made", move |txn, event| {
        lock(&made).steps.note(event.meta().number, txn, true);
    });
    manager
}

/// The elements that others changed after `made_at`.
fn changed_since(
    others: &HashMap<ElementId, Theirs>,
    made_at: u64,
) -> impl Iterator<Item = &ElementId> {
    others.iter().filter(move |(_, theirs)| theirs.at > made_at).map(|(id, _)| id)
}
