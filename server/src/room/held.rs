//! What a room wants to say but must not yet: each thing waits until the log is committed up to the
//! position that it tells of.

use std::collections::VecDeque;
use std::sync::Arc;

use bytes::Bytes;
use shared::id::{Batch, Seq};

use super::effect::{Answer, ConnId, RequestId};
use super::hello::Delivery;
use super::mark::Mark;
use crate::log::Record;

/// Something that waits for a commit.
pub(super) enum Held {
    Update {
        record: Record,
        origin: Origin,
    },
    Ack {
        conn: ConnId,
        batch: Batch,
    },
    Welcome {
        conn: ConnId,
        update: Bytes,
        state_vector: Vec<u8>,
        delivery: Delivery,
    },
    Answer {
        request: RequestId,
        answer: Answer,
    },
    /// A Yjs client is let in, and asked for what it has.
    Open {
        conn: ConnId,
        state_vector: Vec<u8>,
    },
    /// A Yjs client is asked again for what it has.
    Ask {
        conn: ConnId,
        state_vector: Vec<u8>,
    },
    /// What brings a connection to where the room is.
    Diff {
        conn: ConnId,
        update: Bytes,
        state_vector: Vec<u8>,
        /// Before which it knew everything, if it has lost what came since.
        lost_since: Option<Arc<Mark>>,
    },
    Mark {
        state_vector: Vec<u8>,
    },
}

/// Whom an update came from.
pub(super) enum Origin {
    Client {
        conn: ConnId,
        /// What to acknowledge: of a native client, with the last part of an edit.
        batch: Option<Batch>,
    },
    Import,
}

impl Origin {
    /// The connection that need not be told.
    pub(super) fn conn(&self) -> Option<ConnId> {
        match self {
            Self::Client { conn, .. } => Some(*conn),
            Self::Import => None,
        }
    }
}

/// What waits, in the order of positions.
pub(super) struct HeldQueue {
    queue: VecDeque<(Seq, Held)>,
    committed: Seq,
}

impl HeldQueue {
    /// Nothing waits, and the log is committed up to `committed`.
    pub(super) fn new(committed: Seq) -> Self {
        Self { queue: VecDeque::new(), committed }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.queue.is_empty()
    }

    pub(super) fn len(&self) -> usize {
        self.queue.len()
    }

    /// A connection is over. Were what waits for it kept, whoever comes again and again while the disk
    /// is slow would fill the memory.
    pub(super) fn forget(&mut self, gone: ConnId) {
        self.queue.retain(|(_, held)| match held {
            Held::Ack { conn, .. }
            | Held::Welcome { conn, .. }
            | Held::Open { conn, .. }
            | Held::Ask { conn, .. }
            | Held::Diff { conn, .. } => *conn != gone,
            Held::Update { .. } | Held::Answer { .. } | Held::Mark { .. } => true,
        });
    }

    /// `held` waits for `seq`, which is never before that of an earlier one.
    pub(super) fn push(&mut self, seq: Seq, held: Held) {
        self.queue.push_back((seq, held));
    }

    pub(super) fn commit(&mut self, up_to: Seq) {
        self.committed = self.committed.max(up_to);
    }

    /// The next whose time has come.
    pub(super) fn pop_due(&mut self) -> Option<(Seq, Held)> {
        self.queue.pop_front_if(|(seq, _)| *seq <= self.committed)
    }

    /// The records that are not known to be committed.
    pub(super) fn records(&self) -> impl Iterator<Item = &Record> {
        self.queue.iter().filter_map(|(_, held)| match held {
            Held::Update { record, .. } => Some(record),
            Held::Ack { .. }
            | Held::Welcome { .. }
            | Held::Answer { .. }
            | Held::Open { .. }
            | Held::Ask { .. }
            | Held::Diff { .. }
            | Held::Mark { .. } => None,
        })
    }

    pub(super) fn drain(&mut self) -> impl Iterator<Item = Held> {
        self.queue.drain(..).map(|(_, held)| held)
    }
}
