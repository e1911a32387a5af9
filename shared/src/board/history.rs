//! Undo and redo of the author's own steps, over the CRDT's manager.
//!
//! The manager alone breaks a promise twice: it passes over a step that others have undone in effect
//! and takes back an earlier one instead, and it takes back an element with all that others have since
//! done to it. Both are noticed here, and made good at once.
//!
//! And of a step that first changes a property and then takes the element away, it brings the property back
//! where nobody else finds it: as part of the element that is gone. So such a step is made as two, which are taken
//! back and made again together.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex};

use yrs::undo::{Options, UndoManager};

use super::author::{OWN, Seen, lock};
use super::replica::Replica;
use crate::id::ElementId;

/// The author's steps.
pub(super) struct History {
    manager: UndoManager<Made>,
    seen: Arc<Mutex<Seen>>,
}

/// What a step knows of how it was made.
#[derive(Clone, Copy, Default)]
pub(super) struct Made {
    /// How many updates by others had come when it was begun.
    at: u64,
    /// Whether it goes together with the step before.
    is_linked: bool,
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
        let mut seen = lock(&self.seen);
        seen.in_step.clear();
        seen.is_linked = false;
    }

    /// These elements are about to be taken away.
    pub(super) fn split_before_deleting(&mut self, ids: &[ElementId]) {
        let is_changed = |seen: &Seen| ids.iter().any(|id| seen.in_step.contains(id));
        if is_changed(&lock(&self.seen)) {
            self.begin_step();
            lock(&self.seen).is_linked = true;
        }
    }

    pub(super) fn can_go(&self, way: Way) -> bool {
        self.n_steps(way) > 0
    }

    /// Goes a step back or forth. `false` if there is none, if others left nothing of it to do, or if
    /// it would take away what they have changed since: then all is as it was.
    pub(super) fn go(&mut self, way: Way, replica: &Replica) -> bool {
        let mut has_gone = false;
        while let Some(next) = self.made(way).last().copied() {
            if has_gone && way == Way::Forth && !next.is_linked {
                break;
            }
            if !self.go_one(way, replica) {
                break;
            }
            has_gone = true;
            if way == Way::Back && !next.is_linked {
                break;
            }
        }
        has_gone
    }

    fn go_one(&mut self, way: Way, replica: &Replica) -> bool {
        let made = self.made(way);
        let Some(&last) = made.last() else { return false };
        let changed = changed_since(&lock(&self.seen).others, last.at, replica);
        if !self.step(way, last) {
            return false;
        }
        let n_left = self.n_steps(way);
        let n_taken = made.len() - n_left;
        let is_hurt = !replica.has_all(&changed);
        if n_taken == 1 && !is_hurt {
            return true;
        }
        let back = if way == Way::Back { Way::Forth } else { Way::Back };
        self.step(back, made.get(n_left).copied().unwrap_or(last));
        if is_hurt {
            // Or it would stand in the way of all earlier steps for ever.
            self.drop_last(way, replica);
        }
        false
    }

    /// Whatever way it goes, the step knows what it knew when it was made.
    fn step(&mut self, way: Way, made: Made) -> bool {
        lock(&self.seen).going = Some(made);
        let has_gone = match way {
            Way::Back => self.manager.undo_blocking(),
            Way::Forth => self.manager.redo_blocking(),
        };
        lock(&self.seen).going = None;
        has_gone
    }

    fn n_steps(&self, way: Way) -> usize {
        match way {
            Way::Back => self.manager.undo_stack().len(),
            Way::Forth => self.manager.redo_stack().len(),
        }
    }

    fn made(&self, way: Way) -> Vec<Made> {
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
    back: Vec<yrs::undo::StackItem<Made>>,
    forth: Vec<yrs::undo::StackItem<Made>>,
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
    manager.observe_item_added("made", move |_, event| {
        let mut seen = lock(&made);
        seen.has_steps = true;
        let is_linked = std::mem::take(&mut seen.is_linked);
        *event.meta_mut() = seen.going.unwrap_or(Made { at: seen.n_remote, is_linked });
    });
    manager
}

/// The elements on the board that others changed after `made_at`.
fn changed_since(
    others: &HashMap<ElementId, u64>,
    made_at: u64,
    replica: &Replica,
) -> Vec<ElementId> {
    let later = others.iter().filter(|(_, at)| **at > made_at).map(|(id, _)| id.clone());
    replica.present(later.collect())
}
