//! A board document as it is kept at rest: in Yjs v2 encoding, which is far smaller than v1 where much
//! was overwritten.

use std::panic::{AssertUnwindSafe, catch_unwind};

use yrs::updates::decoder::Decode;
use yrs::{ReadTxn, StateVector, Transact, Update};

use super::replica::{Replica, ReplicaError, decode_update};
use crate::scan::Lists;

/// All that a [`Replica`] without an author is made of.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ReplicaSnapshot {
    /// The document: a Yjs v2 update that any Yjs program can read.
    pub state: Vec<u8>,
}

impl Replica {
    /// The replica as bytes. Of one that an author writes it tells nothing that its author needs.
    pub fn snapshot_v2(&self) -> ReplicaSnapshot {
        // Not `encode_state_as_update`: that one panics when structs are pending.
        let state = self.doc.transact().encode_diff_v2(&StateVector::default());
        ReplicaSnapshot { state }
    }

    /// Whether somebody who is given the snapshot has the same document as somebody who is sent it all.
    pub fn is_told_by(&self, snapshot: &ReplicaSnapshot) -> Result<bool, ReplicaError> {
        let mut sent = Self::default();
        sent.integrate(decode_update(&self.diff(&[])?)?)?;
        Ok(Self::from_snapshot(snapshot)?.diff(&[])? == sent.diff(&[])?)
    }

    /// The replica that a snapshot was made of. It shows the same, and takes all that the other would: only
    /// where somebody builds on what is gone, it does not know any more what that was.
    ///
    /// The bytes are those of [`Replica::snapshot_v2`] and nobody else's. The caller knows that by a
    /// checksum: here they are not looked over first, and damaged ones may cost any amount of memory.
    pub fn from_snapshot(snapshot: &ReplicaSnapshot) -> Result<Self, ReplicaError> {
        let malformed = |why: String| ReplicaError::Malformed(why);
        let update = catch_unwind(AssertUnwindSafe(|| Update::decode_v2(&snapshot.state)))
            .map_err(|_| malformed("decoding the snapshot panicked".into()))?
            .map_err(|error| malformed(error.to_string()))?;
        let mut replica = Self::default();
        replica.integrate(update)?;
        replica.lists = Lists::of_state(&replica.diff(&[])?)?;
        Ok(replica)
    }
}
