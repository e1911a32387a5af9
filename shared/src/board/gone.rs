//! What the author took away, so that undo brings it back whole. The CRDT's manager does not restore a
//! property that somebody else changed in the meantime: a box that was moved while it was taken away would
//! come back with no place at all.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use yrs::{Map, MapRef, Out, Transact};

use super::properties::properties;
use super::replica::Replica;
use crate::element::{Element, NewElement};
use crate::geometry::Geometry;
use crate::id::ElementId;

/// Marks transactions that belong to a step but are no step.
pub(super) const MENDING: &str = "mending";

/// More of these than that are looked over.
const LOOKED_OVER_FROM: usize = 256;

/// Elements as they were before the author took them away, as the document had them.
#[derive(Default)]
pub(super) struct Gone {
    elements: HashMap<ElementId, Arc<Element>>,
    /// How many were left when they were last looked over.
    n_needed: usize,
}

impl Gone {
    /// The author took an element away.
    pub(super) fn learn(&mut self, element: Arc<Element>) {
        self.elements.insert(element.id.clone(), element);
    }

    /// An element is on the board by an edit or by somebody else's hand, and is as it is meant.
    pub(super) fn forget(&mut self, id: &ElementId) {
        self.elements.remove(id);
    }

    /// Forgets what no step brings back any more, if that may be many. `needed` are the elements that the steps changed.
    pub(super) fn forget_others(&mut self, needed: impl FnOnce() -> HashSet<ElementId>) {
        if self.elements.len() > LOOKED_OVER_FROM.max(2 * self.n_needed) {
            let needed = needed();
            self.elements.retain(|id, _| needed.contains(id));
            self.n_needed = self.elements.len();
        }
    }

    /// After a step of undo or redo: what came back gets the properties that it lacks.
    pub(super) fn mend(&mut self, replica: &Replica) {
        if self.elements.is_empty() {
            return;
        }
        let mut txn = replica.doc.transact_mut_with(MENDING);
        self.elements.retain(|id, old| {
            let Some(Out::YMap(map)) = replica.elements.get(&txn, id.as_str()) else { return true };
            for (key, value) in properties(as_new(old), &old.z) {
                if !map.contains_key(&txn, key) {
                    MapRef::insert(&map, &mut txn, key, value);
                }
            }
            false
        });
    }
}

fn as_new(old: &Element) -> NewElement {
    let mut new = NewElement::copy_of(old);
    // Where the points are is not written.
    let natural = new.shape.natural_bounds().map(Geometry::over);
    new.geometry = new.geometry.filter(|geometry| natural != Some(*geometry));
    new
}
