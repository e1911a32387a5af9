//! Whether the structs of an update stand in what can have children. The CRDT notices that, but half-way.

use yrs::{BranchID, ID, ReadTxn};

use super::replica::Replica;
use crate::id::ClientId;
use crate::scan::Outline;

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

/// The scan has seen that clocks fit.
fn yrs_id(author: ClientId, clock: u64) -> ID {
    ID::new(yrs::ClientID::new(author.value()), clock as u32)
}
