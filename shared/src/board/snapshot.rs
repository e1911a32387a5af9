//! A board document as it is kept at rest: in Yjs v2 encoding, which is far smaller than v1 where much
//! was overwritten.

use std::panic::{AssertUnwindSafe, catch_unwind};

use yrs::updates::decoder::Decode;
use yrs::{ReadTxn, StateVector, Transact, Update};

use super::replica::{Replica, ReplicaError, decode_update};
use crate::scan::Lists;

/// All that a [`Replica`] without an author is made of.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ReplicaSnapshot {
    /// How the state is written.
    pub encoding: Encoding,
    /// The document: an update that any Yjs program can read.
    pub state: Vec<u8>,
}

/// An encoding of Yjs updates.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Encoding {
    /// For documents with contents that the CRDT writes in v2 and cannot read again: bytes in a shared array
    /// are such.
    V1,
    /// The smaller one.
    V2,
}

impl Replica {
    /// The replica as bytes, out of which it has been seen to come again. Of one that an author writes it
    /// tells nothing that its author needs.
    pub fn snapshot(&self) -> Result<ReplicaSnapshot, ReplicaError> {
        let told = self.diff(&[])?;
        let mut sent = Self::default();
        sent.integrate(decode_update(&told)?)?;
        // What is gone forms one stretch where it has no gap, however it came about.
        let told_on = sent.diff(&[])?;
        // Not `encode_state_as_update`: that one panics when structs are pending.
        let state = self.doc.transact().encode_diff_v2(&StateVector::default());
        for (encoding, state) in [(Encoding::V2, state), (Encoding::V1, told)] {
            let snapshot = ReplicaSnapshot { encoding, state };
            if Self::from_snapshot(&snapshot).is_ok_and(|(_, state)| state == told_on) {
                return Ok(snapshot);
            }
        }
        Err(ReplicaError::Broken("the snapshot is not the board that it was made of".into()))
    }

    /// The replica that a snapshot was made of, and all of it as a Yjs v1 update. It shows the same, and takes all
    /// that the other would: only where somebody builds on what is gone, it does not know any more what that was.
    ///
    /// The bytes are those of [`Replica::snapshot`] and nobody else's. The caller knows that by a
    /// checksum: here they are not looked over first, and damaged ones may cost any amount of memory.
    pub fn from_snapshot(snapshot: &ReplicaSnapshot) -> Result<(Self, Vec<u8>), ReplicaError> {
        let update = match snapshot.encoding {
            Encoding::V1 => decode_update(&snapshot.state)?,
            Encoding::V2 => catch_unwind(AssertUnwindSafe(|| Update::decode_v2(&snapshot.state)))
                .map_err(|_| ReplicaError::Malformed("decoding it panicked".into()))?
                .map_err(|error| ReplicaError::Malformed(error.to_string()))?,
        };
        let mut replica = Self::default();
        replica.integrate(update)?;
        let state = replica.diff(&[])?;
        replica.lists = Lists::of_state(&state)?;
        Ok((replica, state))
    }
}
