//! The room's copy of the board, the position in the log that it stands for, and the gate that every
//! update has to pass.

use bytes::Bytes;
use shared::board::{Replica, ReplicaError};
use shared::id::{ClientId, Seq};
use shared::time::Time;

use crate::log::{Log, Record};

/// A log that does not lead to a document: the store's file is damaged.
#[derive(Debug, thiserror::Error)]
#[error("record {seq:?} of the log cannot be applied: {why}", seq = .seq.0)]
pub struct DamagedLog {
    seq: Seq,
    why: String,
}

/// The board after a number of log records.
#[derive(Default)]
pub struct Document {
    replica: Replica,
    seq: Seq,
    n_bytes: u64,
}

/// What became of an update.
pub(super) enum Verdict {
    /// It is in the document; this belongs into the log.
    Taken(Record),
    /// It was in the document before.
    Known,
    /// It is not allowed, or no update at all. The document is as it was.
    Refused(String),
    /// It follows updates that are not here. The document is as it was.
    TooEarly,
    /// It builds on what is not here. The document is damaged.
    Missing,
    /// It is hostile. The document is damaged.
    Broken(String),
}

impl Document {
    /// The document that a log leads to.
    pub fn from_log(log: &Log) -> Result<Self, DamagedLog> {
        let mut document = Self::default();
        log.records.iter().try_for_each(|record| document.replay(record))?;
        Ok(document)
    }

    /// Applies the next record of the log.
    pub(super) fn replay(&mut self, record: &Record) -> Result<(), DamagedLog> {
        let damaged = |why: String| DamagedLog { seq: record.seq, why };
        if record.seq != self.seq.next() {
            return Err(damaged(format!("it follows record {}", self.seq.0)));
        }
        self.replica.take(&record.bytes).map_err(|error| damaged(error.to_string()))?;
        self.advance(&record.bytes);
        Ok(())
    }

    /// Takes in an update that may hold new structs of `author` only.
    pub(super) fn take(&mut self, bytes: Bytes, author: ClientId, time: Time) -> Verdict {
        let checked = match self.replica.check(&bytes) {
            Ok(checked) => checked,
            Err(ReplicaError::Missing) => return Verdict::TooEarly,
            Err(error @ (ReplicaError::Broken(_) | ReplicaError::Malformed(_))) => {
                return Verdict::Refused(error.to_string());
            }
        };
        if checked.authors().iter().any(|&writer| writer != author) {
            return Verdict::Refused("the update writes under somebody else's client id".into());
        }
        if !checked.is_news() {
            return Verdict::Known;
        }
        match self.replica.apply(checked) {
            Ok(()) => {
                let seq = self.advance(&bytes);
                Verdict::Taken(Record { seq, time, author, bytes })
            }
            Err(ReplicaError::Missing) => Verdict::Missing,
            Err(error @ (ReplicaError::Broken(_) | ReplicaError::Malformed(_))) => {
                Verdict::Broken(error.to_string())
            }
        }
    }

    /// The position in the log.
    pub fn seq(&self) -> Seq {
        self.seq
    }

    /// Bytes of all updates so far.
    pub(super) fn n_bytes(&self) -> u64 {
        self.n_bytes
    }

    /// Whether anything was ever written under `author`.
    pub(super) fn knows(&self, author: ClientId) -> bool {
        self.replica.knows(author)
    }

    /// What somebody with `state_vector` lacks.
    pub(super) fn diff(&self, state_vector: &[u8]) -> Result<Vec<u8>, ReplicaError> {
        self.replica.diff(state_vector)
    }

    pub(super) fn state_vector(&self) -> Vec<u8> {
        self.replica.state_vector()
    }

    fn advance(&mut self, bytes: &Bytes) -> Seq {
        self.seq = self.seq.next();
        self.n_bytes += bytes.len() as u64;
        self.seq
    }
}
