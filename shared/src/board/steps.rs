//! What the author's steps changed that can be taken back or made again, and what others took away meanwhile: as long as a
//! step names an element, its former selves stay (`remains.rs`).

use std::collections::HashSet;

use yrs::branch::Branch;
use yrs::types::EntryChange;
use yrs::{BranchID, IdSet, Out, TransactionMut};

use super::remains::n_structs;
use crate::id::ElementId;

/// The number of no step: they begin with one.
pub(super) const NO_STEP: u64 = 0;

/// What the steps changed that can be gone.
#[derive(Default)]
pub(super) struct StepsSeen {
    /// The number of the last one.
    last: u64,
    /// What was changed since it was last said by which step.
    pub(super) changed: HashSet<ElementId>,
    steps: Vec<StepSeen>,
    /// What others took away meanwhile.
    removed: HashSet<ElementId>,
    /// The elements' maps of that.
    dead: IdSet,
}

/// What a step changed.
struct StepSeen {
    number: u64,
    elements: HashSet<ElementId>,
    n_structs: u32,
}

impl StepsSeen {
    /// A new step begins; its number.
    pub(super) fn begin(&mut self) -> u64 {
        self.last += 1;
        self.last
    }

    /// The transaction is this step's, and so is what was changed. Whichever way a step is gone, it is about as large
    /// as when it was new.
    pub(super) fn note(&mut self, number: u64, txn: &TransactionMut<'_>, is_new: bool) {
        let n_structs =
            if is_new { n_structs(txn.delete_set()) + n_structs(txn.insert_set()) } else { 0 };
        let known = self.steps.iter_mut().rev().find(|step| step.number == number);
        if let Some(step) = known {
            step.elements.extend(self.changed.drain());
            step.n_structs += n_structs;
        } else {
            let elements = std::mem::take(&mut self.changed);
            self.steps.push(StepSeen { number, elements, n_structs });
        }
    }

    /// Forgets all other steps.
    pub(super) fn keep_only(&mut self, is_needed: impl Fn(u64) -> bool) {
        self.steps.retain(|step| is_needed(step.number));
    }

    /// Somebody else changed the root so. What the author once changed in an element is kept when others take it away.
    pub(super) fn note_removed(&mut self, id: &str, change: &EntryChange) {
        if let (EntryChange::Removed(Out::YMap(map)), Ok(id)) = (change, ElementId::parse(id))
            && let BranchID::Nested(map) = AsRef::<Branch>::as_ref(map).id()
        {
            self.dead.insert(map, 1);
            self.removed.insert(id);
        }
    }

    fn find(&self, number: u64) -> Option<&StepSeen> {
        self.steps.iter().rev().find(|step| step.number == number)
    }

    /// The elements that a step changed.
    pub(super) fn elements(&self, number: u64) -> HashSet<ElementId> {
        self.find(number).map(|step| step.elements.clone()).unwrap_or_default()
    }

    /// How many structs a step made and took away.
    pub(super) fn n_structs(&self, number: u64) -> u32 {
        self.find(number).map_or(0, |step| step.n_structs)
    }

    /// The elements that the steps changed.
    pub(super) fn all_elements(&self) -> HashSet<ElementId> {
        self.steps.iter().flat_map(|step| step.elements.iter().cloned()).collect()
    }

    /// Whether another step than this one changed any of these elements.
    pub(super) fn is_changed_by_others(&self, own: u64, elements: &HashSet<ElementId>) -> bool {
        let mut others = self.steps.iter().filter(|step| step.number != own);
        others.any(|step| !step.elements.is_disjoint(elements))
    }

    /// What others took away since this was last asked for: the elements, and their maps.
    pub(super) fn take_removed(&mut self) -> (HashSet<ElementId>, IdSet) {
        (std::mem::take(&mut self.removed), std::mem::take(&mut self.dead))
    }
}
