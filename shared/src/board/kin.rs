//! Whether the structs of an update stand where they can stand. The CRDT notices some that cannot, but
//! half-way; of others it keeps pointers to parents that it has freed.

use yrs::{Assoc, BranchID, ID, ReadTxn, StickyIndex};

use super::replica::Replica;
use crate::id::ClientId;
use crate::scan::{Outline, Parent, ScanError, parents_of_neighbors};

/// Whether the parents in an update, none of which is missing, can have children, or are gone.
pub(super) fn has_true_parents<T: ReadTxn>(replica: &Replica, txn: &T, outline: &Outline) -> bool {
    let mut deleted = None;
    outline.parents.iter().all(|&(author, clock)| {
        if clock >= replica.clock(txn, author) {
            return outline.holds(author, clock);
        }
        let id = yrs_id(author, clock);
        // All that is deleted is gathered only where somebody may have deleted the parent.
        BranchID::get_nested(txn, &id).is_some()
            || deleted.get_or_insert_with(|| txn.snapshot().delete_set).contains(&id)
    })
}

/// Whether each struct of an update with two neighbors has them in the same parent. The update is by one
/// author, of whom it holds nothing that is known.
pub(super) fn has_true_neighbors<T: ReadTxn>(txn: &T, update: &[u8]) -> Result<bool, ScanError> {
    let pairs = parents_of_neighbors(update)?;
    Ok(pairs.into_iter().all(|(left, right)| match (here(txn, left), here(txn, right)) {
        (Some(left), Some(right)) => left == right,
        // Next to what is gone there is only one neighbor.
        (None, _) | (_, None) => true,
    }))
}

/// What the document calls a parent; `None` if it is gone.
fn here<T: ReadTxn>(txn: &T, parent: Parent<'_>) -> Option<BranchID> {
    match parent {
        Parent::Root(name) => Some(BranchID::Root(name.into())),
        Parent::Struct(author, clock) => Some(BranchID::Nested(yrs_id(author, clock))),
        Parent::Of(author, clock) => {
            let place = StickyIndex::from_id(yrs_id(author, clock), Assoc::After);
            place.get_offset(txn).map(|place| place.branch.id())
        }
        Parent::Gone => None,
    }
}

/// The scan has seen that clocks fit.
fn yrs_id(author: ClientId, clock: u64) -> ID {
    ID::new(yrs::ClientID::new(author.value()), clock as u32)
}
