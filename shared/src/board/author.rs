//! The board as its author has it: edits, each author's own undo, and the elements parsed and in order.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::ops::Bound;
use std::sync::{Arc, Mutex};

use yrs::{Map, MapRef, Out, Transact, TransactionMut};

use super::attached::Attached;
use super::gone::Gone;
use super::growth::{Growing, Touch};
use super::history::{History, Way};
use super::read::{own_geometry, read_element};
use super::replica::{Replica, ReplicaError};
use super::seen::{Seen, lock, observe};
use crate::element::Element;
use crate::geometry::Geometry;
use crate::id::{ClientId, ElementId};
use crate::limits::UPDATE_MAX_BYTES;
use crate::order::ZIndex;
use crate::scan::split_update;

/// Marks the author's own transactions; those that take in others' updates have no origin.
pub(super) const OWN: &str = "own";

/// Whose hand changed the board.
#[derive(Clone, Copy, PartialEq)]
enum By {
    /// The author's, by an edit.
    Edit,
    /// The author's, a step back or forth.
    Step,
    /// Somebody else's.
    Others,
}

/// A board that somebody edits.
///
/// After an edit, [`Board::take_updates`] gives what is to be sent, and [`Board::take_changes`] what is
/// to be painted anew. Undo takes back the author's own steps only.
pub struct Board {
    pub(super) replica: Replica,
    pub(super) rng: fastrand::Rng,
    author: ClientId,
    history: History,
    gone: Gone,
    seen: Arc<Mutex<Seen>>,
    pub(super) elements: HashMap<ElementId, Arc<Element>>,
    pub(super) attached: Attached,
    order: BTreeSet<(ZIndex, ElementId)>,
    growing: Growing,
    pub(super) changes: HashSet<ElementId>,
    /// What is shown by a first look at updates: see [`Board::begin_preview`].
    pub(super) previewed: HashSet<ElementId>,
    /// Those updates, as long as they are not read.
    pub(super) unread: Vec<Arc<Vec<u8>>>,
    /// What was made here, of which they tell nothing.
    pub(super) made: HashSet<ElementId>,
}

/// Whether there is anything to undo or redo.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct UndoState {
    /// The author has a step to take back.
    pub can_undo: bool,
    /// The author took back a step and has made none since.
    pub can_redo: bool,
}

impl Board {
    /// An empty board written by `author`; `seed` is for the ids of new elements.
    pub fn new(author: ClientId, seed: u64) -> Self {
        let replica = Replica::new(Some(author));
        let seen = Arc::new(Mutex::new(Seen::default()));
        observe(&replica, &seen);
        let history = History::new(&replica, &seen);
        Self {
            replica,
            rng: fastrand::Rng::with_seed(seed),
            author,
            history,
            gone: Gone::default(),
            seen,
            elements: HashMap::new(),
            attached: Attached::default(),
            order: BTreeSet::new(),
            growing: Growing::default(),
            changes: HashSet::new(),
            previewed: HashSet::new(),
            unread: Vec::new(),
            made: HashSet::new(),
        }
    }

    /// Under whom this board is written.
    pub fn author(&self) -> ClientId {
        self.author
    }

    /// Takes in an update by others, or an earlier one by the same author.
    pub fn apply_remote(&mut self, bytes: &[u8]) -> Result<(), ReplicaError> {
        let applied = self.replica.take(bytes);
        self.refresh(By::Others);
        applied
    }

    /// What the board has: a Yjs v1 state vector.
    pub fn state_vector(&self) -> Vec<u8> {
        self.replica.state_vector()
    }

    /// What somebody with `state_vector` lacks: a Yjs v1 update.
    pub fn diff(&self, state_vector: &[u8]) -> Result<Vec<u8>, ReplicaError> {
        self.replica.diff(state_vector)
    }

    /// Whether somebody with `state_vector` (Yjs v1) has more of what was written under this board's
    /// author than the board.
    pub fn lacks_own(&self, state_vector: &[u8]) -> bool {
        self.replica.lacks(state_vector, self.author)
    }

    /// The author's edits since the last call, in order: Yjs v1 updates, to be sent and kept until
    /// they are acknowledged. One that brings back a large part of a board comes in several, each small
    /// enough for a message: no single struct that a board writes is larger than that.
    pub fn take_updates(&mut self) -> Vec<Vec<u8>> {
        let updates = std::mem::take(&mut lock(&self.seen).own_updates);
        updates.into_iter().flat_map(|update| split_update(update, UPDATE_MAX_BYTES)).collect()
    }

    /// The elements that came, went or changed since the last call.
    pub fn take_changes(&mut self) -> HashSet<ElementId> {
        std::mem::take(&mut self.changes)
    }

    /// The elements in the order of the stack, bottom first.
    pub fn elements(&self) -> impl DoubleEndedIterator<Item = &Arc<Element>> {
        self.order.iter().filter_map(|(_, id)| self.elements.get(id))
    }

    /// What lies below `element` in the stack, nearest first.
    pub fn elements_below(&self, element: &Element) -> impl Iterator<Item = &Arc<Element>> {
        let place = (element.z.clone(), element.id.clone());
        self.order.range(..place).rev().filter_map(|(_, id)| self.elements.get(id))
    }

    /// What lies above `element` in the stack, nearest first.
    pub fn elements_above(&self, element: &Element) -> impl Iterator<Item = &Arc<Element>> {
        let place = (element.z.clone(), element.id.clone());
        let above = self.order.range((Bound::Excluded(place), Bound::Unbounded));
        above.filter_map(|(_, id)| self.elements.get(id))
    }

    /// How many elements there are.
    pub fn n_elements(&self) -> usize {
        self.elements.len()
    }

    /// The element called `id`, if it is on the board.
    pub fn element(&self, id: &ElementId) -> Option<&Arc<Element>> {
        self.elements.get(id)
    }

    /// Where the document places an element, if it says so.
    pub(super) fn written_place(&self, id: &ElementId) -> Option<Geometry> {
        let txn = self.replica.doc.transact();
        match self.replica.elements.get(&txn, id.as_str()) {
            Some(Out::YMap(map)) => own_geometry(&txn, &map),
            _ => None,
        }
    }

    /// The order of the stack, bottom first.
    pub(super) fn order(&self) -> &BTreeSet<(ZIndex, ElementId)> {
        &self.order
    }

    /// Ends the current undo step: what follows is taken back by itself.
    pub fn begin_step(&mut self) {
        self.history.begin_step(&self.replica);
        self.gone.forget_others(|| self.history.elements());
    }

    /// These elements are about to be taken away.
    pub(super) fn before_deleting(&mut self, ids: &[ElementId]) {
        self.read_before_changing(ids);
        self.history.split_before_deleting(ids, &self.replica);
    }

    /// Takes back the author's last step. Others' work stays: a step that would take it away, or of
    /// which they left nothing, is passed over. `false` if nothing changed.
    pub fn undo(&mut self) -> bool {
        self.go(Way::Back)
    }

    /// Makes the step last taken back again, under the same terms. `false` if nothing changed.
    pub fn redo(&mut self) -> bool {
        self.go(Way::Forth)
    }

    fn go(&mut self, way: Way) -> bool {
        let is_done = self.history.go(way, &self.replica, &mut self.gone);
        self.refresh(By::Step);
        is_done
    }

    /// Whether there is anything to undo or redo.
    pub fn undo_state(&self) -> UndoState {
        UndoState {
            can_undo: self.history.can_go(Way::Back),
            can_redo: self.history.can_go(Way::Forth),
        }
    }

    /// Makes an edit in one transaction: one update for the others, part of the current step.
    pub(super) fn edit<R>(
        &mut self,
        change: impl FnOnce(&mut TransactionMut<'_>, &MapRef) -> R,
    ) -> R {
        let undone = self.history.undone();
        let result = {
            let mut txn = self.replica.doc.transact_mut_with(OWN);
            change(&mut txn, &self.replica.elements)
        };
        self.history.forget_undone(undone);
        self.refresh(By::Edit);
        result
    }

    /// Parses anew what was touched; of ink that only grew, what it grew by.
    fn refresh(&mut self, by: By) {
        let touched = std::mem::take(&mut lock(&self.seen).touched);
        let txn = self.replica.doc.transact();
        self.elements.reserve(touched.len());
        let mut read = Vec::with_capacity(touched.len());
        for (id, touch) in touched {
            let map = match self.replica.elements.get(&txn, id.as_str()) {
                Some(Out::YMap(map)) => Some(map),
                _ => None,
            };
            if let (Touch::Grown(numbers), Some(map)) = (&touch, &map)
                && let Some(element) = self.elements.get_mut(&id)
                && self.growing.grow(&txn, map, Arc::make_mut(element), numbers.clone())
            {
                self.changes.insert(id);
                continue;
            }
            self.growing.forget(&id);
            if map.is_some() && by != By::Step {
                self.gone.forget(&id);
            }
            let element = map.as_ref().and_then(|map| read_element(&txn, id.clone(), map));
            if by == By::Others && !self.previewed.is_empty() && self.previewed.contains(&id) {
                if self.stored(&id).as_deref() == element.as_ref() {
                    self.previewed.remove(&id);
                }
                // Otherwise there is more of it to come; what is left in the end is read then.
                continue;
            }
            let old = self.elements.remove(&id);
            if old.is_none() && element.is_none() {
                // A stroke of which nothing is left is no element.
                continue;
            }
            if let Some(old) = old {
                let old = self.attached.forget(old);
                self.order.remove(&(old.z.clone(), id.clone()));
                if map.is_none() && by != By::Others {
                    self.gone.learn(old);
                }
            }
            if let Some(element) = element {
                if let (Touch::Grown(_), Some(map)) = (&touch, &map) {
                    self.growing.begin(&txn, map, &element);
                }
                let (order, attached) = (&mut self.order, &mut self.attached);
                put(order, attached, &mut self.elements, element);
            }
            read.push(id.clone());
            self.changes.insert(id);
        }
        drop(txn);
        self.attach(read);
    }

    /// Parses these elements anew, whatever is shown of them.
    pub(super) fn reread(&mut self, ids: HashSet<ElementId>) {
        let touched = ids.into_iter().map(|id| (id, Touch::Changed));
        lock(&self.seen).touched.extend(touched);
        self.refresh(By::Others);
    }

    /// Puts an element that is not on the board into its place.
    pub(super) fn put(&mut self, element: Element) {
        put(&mut self.order, &mut self.attached, &mut self.elements, element);
    }
}

fn put(
    order: &mut BTreeSet<(ZIndex, ElementId)>,
    attached: &mut Attached,
    elements: &mut HashMap<ElementId, Arc<Element>>,
    element: Element,
) {
    order.insert((element.z.clone(), element.id.clone()));
    attached.learn(&element);
    elements.insert(element.id.clone(), Arc::new(element));
}
