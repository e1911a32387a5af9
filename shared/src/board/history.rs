//! Undo and redo of the author's own steps, over the CRDT's manager.
//!
//! The manager alone breaks a promise twice: it passes over a step that others have undone in effect
//! and takes back an earlier one instead, and it takes back an element with all that others have since
//! done to it. Both are noticed here, and made good at once.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex};

use yrs::undo::{Options, UndoManager};

use super::author::{OWN, Seen, lock};
use super::replica::Replica;
use crate::id::ElementId;

/// The author's steps.
pub(super) struct History {
    /// Each step knows how many updates by others had come when it was begun.
    manager: UndoManager<u64>,
    seen: Arc<Mutex<Seen>>,
}

/// Which way to go.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Way {
    Back,
    Forth,
}

impl History {
    pub(super) fn new(replica: &Replica, seen: &Arc<Mutex<Seen>>) -> Self {
        Self { manager: manager(replica, seen, Steps::default()), seen: Arc::clone(seen) }
    }

    /// Ends the current step.
    pub(super) fn begin_step(&mut self) {
        self.manager.reset();
    }

    pub(super) fn can_go(&self, way: Way) -> bool {
        self.n_steps(way) > 0
    }

    /// Goes a step back or forth. `false` if there is none, if others left nothing of it to do, or if
    /// it would take away what they have changed since: then all is as it was.
    pub(super) fn go(&mut self, way: Way, replica: &Replica) -> bool {
        let made_at = self.made_at(way);
        let n_before = made_at.len();
        let Some(&last) = made_at.last() else { return false };
        let changed = changed_since(&lock(&self.seen).others, last, &replica.ids());
        if !self.step(way, last) {
            return false;
        }
        let n_left = self.n_steps(way);
        let (n_taken, taken_at) = (n_before - n_left, made_at.get(n_left).copied());
        let is_hurt = !changed.is_subset(&replica.ids());
        if n_taken == 1 && !is_hurt {
            return true;
        }
        let back = if way == Way::Back { Way::Forth } else { Way::Back };
        self.step(back, taken_at.unwrap_or(last));
        if is_hurt {
            // Or it would stand in the way of all earlier steps for ever.
            self.drop_last(way, replica);
        }
        false
    }

    /// Whatever way it goes, the step is as old as it was when it was begun.
    fn step(&mut self, way: Way, made_at: u64) -> bool {
        lock(&self.seen).going_at = Some(made_at);
        let has_gone = match way {
            Way::Back => self.manager.undo_blocking(),
            Way::Forth => self.manager.redo_blocking(),
        };
        lock(&self.seen).going_at = None;
        has_gone
    }

    fn n_steps(&self, way: Way) -> usize {
        match way {
            Way::Back => self.manager.undo_stack().len(),
            Way::Forth => self.manager.redo_stack().len(),
        }
    }

    /// How many updates by others had come when each step was begun.
    fn made_at(&self, way: Way) -> Vec<u64> {
        let stack = match way {
            Way::Back => self.manager.undo_stack(),
            Way::Forth => self.manager.redo_stack(),
        };
        stack.iter().map(|step| *step.meta()).collect()
    }

    /// Forgets the last step; the manager has no other way than to be made anew.
    fn drop_last(&mut self, way: Way, replica: &Replica) {
        let mut steps = Steps {
            back: self.manager.undo_stack().to_vec(),
            forth: self.manager.redo_stack().to_vec(),
        };
        match way {
            Way::Back => steps.back.pop(),
            Way::Forth => steps.forth.pop(),
        };
        self.manager = manager(replica, &self.seen, steps);
    }
}

#[derive(Default)]
struct Steps {
    back: Vec<yrs::undo::StackItem<u64>>,
    forth: Vec<yrs::undo::StackItem<u64>>,
}

fn manager(replica: &Replica, seen: &Arc<Mutex<Seen>>, steps: Steps) -> UndoManager<u64> {
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
    manager.observe_item_added("made", move |_, event| {
        let mut seen = lock(&made);
        seen.has_steps = true;
        *event.meta_mut() = seen.going_at.unwrap_or(seen.n_remote);
    });
    manager
}

/// The elements on the board that others changed after `made_at`.
fn changed_since(
    others: &HashMap<ElementId, u64>,
    made_at: u64,
    present: &HashSet<ElementId>,
) -> HashSet<ElementId> {
    let is_later = |(id, at): &(&ElementId, &u64)| **at > made_at && present.contains(*id);
    others.iter().filter(is_later).map(|(id, _)| id.clone()).collect()
}
