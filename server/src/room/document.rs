//! The room's copy of the board, the position in the log that it stands for, and the gate that every
//! update has to pass.

use std::collections::HashSet;

use bytes::Bytes;
use shared::board::{CheckedUpdate, Replica, ReplicaError};
use shared::id::{ClientId, Seq};
use shared::scan::{PartSize, Parts, scan_update};
use shared::time::Time;

use crate::limits::{PART_MAX_BYTES, PART_MAX_STEPS};
use crate::log::{Compacted, Log, Record};

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
    /// The authors who have tickets: each has written, and nobody else ever may under its id.
    ticketed: HashSet<ClientId>,
    /// The whole state, once it was encoded for somebody who came with nothing.
    whole: Option<Bytes>,
    /// How large the state was when it was last measured, and what updates have added since.
    measured: BoardSize,
    unmeasured: BoardSize,
    /// Whether something was deleted since it was measured.
    has_shrunk: bool,
}

/// How large a board is, or may be.
#[derive(Clone, Copy, Default, Debug)]
pub struct BoardSize {
    /// Of its state, as a Yjs v1 update.
    pub n_bytes: u64,
    /// Each takes some hundred bytes of memory, though it may be two bytes of an update.
    pub n_structs: u64,
}

impl BoardSize {
    fn plus(self, more: Self) -> Self {
        Self { n_bytes: self.n_bytes + more.n_bytes, n_structs: self.n_structs + more.n_structs }
    }

    fn fits(self, max: Self) -> bool {
        self.n_bytes <= max.n_bytes && self.n_structs <= max.n_structs
    }
}

/// What became of an update.
pub(super) enum Verdict {
    /// It is in the document; the record belongs into the log.
    Taken {
        record: Record,
        /// Under whose ids there is something new.
        authors: Vec<ClientId>,
    },
    /// It was in the document before.
    Known,
    /// It is not allowed, or no update at all. The document is as it was.
    Refused(String),
    /// The board would be larger than one may be. The document is as it was.
    Full,
    /// It follows updates that are not here. The document is as it was.
    TooEarly,
    /// It builds on what is not here. The document is damaged.
    Missing,
    /// It is hostile. The document is damaged.
    Broken(String),
}

/// Under which client ids an update may hold new structs.
pub(super) enum Writer<'a> {
    /// Under its own, which it has proved.
    Ticketed(ClientId),
    /// Under any that is nobody's: neither ticketed, nor refused by this.
    Yjs(&'a dyn Fn(ClientId) -> bool),
}

impl Document {
    /// The document that a log leads to.
    pub fn from_log(log: &Log) -> Result<Self, DamagedLog> {
        let mut document = match &log.compacted {
            Some(compacted) => Self::from_compacted(compacted)?,
            None => Self::default(),
        };
        log.records.iter().try_for_each(|record| document.replay(record))?;
        if log.compacted.is_some() {
            // Not known otherwise; and whoever opens the room is going to ask for the state anyway.
            document.measure();
        }
        Ok(document)
    }

    fn from_compacted(compacted: &Compacted) -> Result<Self, DamagedLog> {
        let Compacted { seq, n_bytes, ticketed, replica } = compacted;
        let (replica, state) = Replica::from_snapshot(replica)
            .map_err(|error| DamagedLog { seq: *seq, why: error.to_string() })?;
        let ticketed = ticketed.iter().copied().collect();
        let whole = Some(state.into());
        Ok(Self { replica, seq: *seq, n_bytes: *n_bytes, ticketed, whole, ..Self::default() })
    }

    /// What can take the place of all records so far.
    pub fn compacted(&self) -> Result<Compacted, ReplicaError> {
        let ticketed = self.ticketed();
        let replica = self.replica.snapshot()?;
        Ok(Compacted { seq: self.seq, n_bytes: self.n_bytes, ticketed, replica })
    }

    /// Everybody who has a ticket and has written, the smallest id first.
    pub fn ticketed(&self) -> Vec<ClientId> {
        let mut ticketed: Vec<_> = self.ticketed.iter().copied().collect();
        ticketed.sort_unstable();
        ticketed
    }

    /// Applies the next record of the log.
    pub(super) fn replay(&mut self, record: &Record) -> Result<(), DamagedLog> {
        let damaged = |why: String| DamagedLog { seq: record.seq, why };
        if record.seq != self.seq.next() {
            return Err(damaged(format!("it follows record {}", self.seq.0)));
        }
        let checked = self.replica.check(&record.bytes);
        let checked = checked.map_err(|error| damaged(error.to_string()))?;
        let growth = growth(&checked, &record.bytes);
        self.replica.apply(checked).map_err(|error| damaged(error.to_string()))?;
        self.ticketed.extend(record.author);
        self.advance(growth);
        Ok(())
    }

    /// Takes in an update of `writer`, unless the board would then be larger than `max`.
    pub(super) fn take(
        &mut self,
        bytes: Bytes,
        writer: &Writer<'_>,
        time: Time,
        max: BoardSize,
    ) -> Verdict {
        let checked = match self.replica.check(&bytes) {
            Ok(checked) => checked,
            Err(ReplicaError::Missing) => return Verdict::TooEarly,
            Err(error @ (ReplicaError::Broken(_) | ReplicaError::Malformed(_))) => {
                return Verdict::Refused(error.to_string());
            }
        };
        let may_write = |author: &ClientId| match writer {
            Writer::Ticketed(own) => author == own,
            Writer::Yjs(is_free) => !self.ticketed.contains(author) && is_free(*author),
        };
        if !checked.authors().iter().all(may_write) {
            return Verdict::Refused("the update writes under somebody else's client id".into());
        }
        if !checked.is_news() {
            return Verdict::Known;
        }
        // The log has what is applied, so that all who follow it see the same.
        let bytes = checked.trimmed().map_or(bytes, Bytes::copy_from_slice);
        let only_deletes = checked.authors().is_empty();
        let growth = growth(&checked, &bytes);
        let is_full = if only_deletes {
            // What is full can be made smaller, if not cut into ever smaller pieces.
            let n_structs = max.n_structs.saturating_mul(2);
            !self.has_room_for(growth, BoardSize { n_bytes: u64::MAX, n_structs })
        } else {
            !self.has_room_for(growth, max)
        };
        if is_full {
            return Verdict::Full;
        }
        let authors = checked.authors().to_vec();
        match self.replica.apply(checked) {
            // Only deletions, and all of them known: what Yjs programs say whenever they are asked.
            Ok(false) => Verdict::Known,
            Ok(true) => {
                self.has_shrunk |= only_deletes;
                let seq = self.advance(growth);
                let author = match writer {
                    Writer::Ticketed(own) => Some(*own),
                    Writer::Yjs(_) => None,
                };
                self.ticketed.extend(author);
                Verdict::Taken { record: Record { seq, time, author, bytes }, authors }
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

    /// Whether `client` has a ticket and has written.
    pub(super) fn is_ticketed(&self, client: ClientId) -> bool {
        self.ticketed.contains(&client)
    }

    /// What somebody with `state_vector` lacks.
    pub fn diff(&mut self, state_vector: &[u8]) -> Result<Bytes, ReplicaError> {
        /// A Yjs v1 state vector without an entry.
        const NOTHING: [u8; 1] = [0];
        if !state_vector.is_empty() && state_vector != NOTHING {
            return self.replica.diff(state_vector).map(Into::into);
        }
        if self.whole.is_none() {
            self.whole = Some(self.replica.diff(&[])?.into());
        }
        Ok(self.whole.clone().unwrap_or_default())
    }

    pub(super) fn state_vector(&self) -> Vec<u8> {
        self.replica.state_vector()
    }

    /// Cuts an update into parts of which none takes long or much memory; `None` if it is small enough.
    pub(super) fn cut(&self, update: &[u8]) -> Result<Option<Parts>, ReplicaError> {
        self.replica.cut(update, PartSize { n_steps: PART_MAX_STEPS, n_bytes: PART_MAX_BYTES })
    }

    /// Whether the state stays within `max` if it grows.
    fn has_room_for(&mut self, growth: BoardSize, max: BoardSize) -> bool {
        // What was overwritten or deleted counts no more; but looking costs time, so not each time.
        let is_stale = self.has_shrunk
            || self.unmeasured.n_bytes > max.n_bytes / 16
            || self.unmeasured.n_structs > max.n_structs / 16;
        if !self.measured.plus(self.unmeasured).plus(growth).fits(max) && is_stale {
            self.measure();
        }
        self.measured.plus(self.unmeasured).plus(growth).fits(max)
    }

    fn measure(&mut self) {
        let Ok(state) = self.diff(&[]) else { return };
        let Ok(outline) = scan_update(&state) else { return };
        let (n_bytes, n_structs) = (state.len() as u64, outline.n_structs as u64);
        self.measured = BoardSize { n_bytes, n_structs };
        self.unmeasured = BoardSize::default();
        self.has_shrunk = false;
    }

    fn advance(&mut self, growth: BoardSize) -> Seq {
        self.whole = None;
        self.seq = self.seq.next();
        self.n_bytes += growth.n_bytes;
        self.unmeasured = self.unmeasured.plus(growth);
        self.seq
    }
}

/// By how much the board grows with a checked update of which `bytes` are logged.
fn growth(checked: &CheckedUpdate, bytes: &Bytes) -> BoardSize {
    BoardSize { n_bytes: bytes.len() as u64, n_structs: checked.n_structs() as u64 }
}
