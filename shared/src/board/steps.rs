//! What the author's steps changed that can be taken back or made again, and what others took away meanwhile: as long as a
//! step names an element, its former selves stay (`remains.rs`).

use std::collections::{HashMap, HashSet};

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
    changed: Changed,
    steps: Vec<StepSeen>,
    /// What others took away meanwhile.
    removed: HashSet<ElementId>,
    /// The elements' maps of that.
    dead: IdSet,
}

/// What a step changed.
struct StepSeen {
    number: u64,
    elements: Changed,
    n_structs: u32,
}

/// Elements that were changed, and whether they are there since then: `None` if they only were changed.
type Changed = HashMap<ElementId, Option<bool>>;

fn add(changed: &mut Changed, id: ElementId, is_there: Option<bool>) {
    let known = changed.entry(id).or_default();
    *known = is_there.or(*known);
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
            self.changed.drain().for_each(|(id, is_there)| add(&mut step.elements, id, is_there));
            step.n_structs += n_structs;
        } else {
            let elements = std::mem::take(&mut self.changed);
            self.steps.push(StepSeen { number, elements, n_structs });
        }
    }

    /// The author changed this element.
    pub(super) fn note_own(&mut self, id: &ElementId) {
        add(&mut self.changed, id.clone(), None);
    }

    /// By an edit of the author's this element has come, or gone.
    pub(super) fn note_turned(&mut self, id: &str, change: &EntryChange) {
        if let Ok(id) = ElementId::parse(id) {
            add(&mut self.changed, id, Some(!matches!(change, EntryChange::Removed(_))));
        }
    }

    /// Whether a step made this element, or took it away: whoever goes the other way does the opposite.
    pub(super) fn is_turned(&self, number: u64, id: &ElementId) -> Option<bool> {
        *self.find(number)?.elements.get(id)?
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
        self.find(number).map(|step| step.elements.keys().cloned().collect()).unwrap_or_default()
    }

    /// How many structs a step made and took away.
    pub(super) fn n_structs(&self, number: u64) -> u32 {
        self.find(number).map_or(0, |step| step.n_structs)
    }

    /// The elements that the steps changed.
    pub(super) fn all_elements(&self) -> HashSet<ElementId> {
        self.steps.iter().flat_map(|step| step.elements.keys().cloned()).collect()
    }

    /// Whether another step than this one changed any of these elements.
    pub(super) fn is_changed_by_others(&self, own: u64, elements: &HashSet<ElementId>) -> bool {
        let mut others = self.steps.iter().filter(|step| step.number != own);
        others.any(|step| elements.iter().any(|id| step.elements.contains_key(id)))
    }

    /// What others took away since this was last asked for: the elements, and their maps.
    pub(super) fn take_removed(&mut self) -> (HashSet<ElementId>, IdSet) {
        (std::mem::take(&mut self.removed), std::mem::take(&mut self.dead))
    }
}
