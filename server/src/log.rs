//! A room's log as plain data, on its way between rooms and the store.

use bytes::Bytes;
use shared::board::ReplicaSnapshot;
use shared::id::{ClientId, Incarnation, Seq};
use shared::time::Time;

/// One update with its place in the log.
#[derive(Clone, PartialEq, Debug)]
pub struct Record {
    /// The position, without gaps from 1.
    pub seq: Seq,
    /// When the server took it in, in milliseconds since 1970.
    pub time: Time,
    /// Under whose client id it came, proved by a ticket; `None` for Yjs clients, who have none.
    pub author: Option<ClientId>,
    /// A Yjs v1 update.
    pub bytes: Bytes,
}

/// All that leads to a room's board.
#[derive(Clone, PartialEq, Debug)]
pub struct Log {
    /// Which life of the room it is.
    pub incarnation: Incarnation,
    /// What it begins with, unless that is the empty board.
    pub compacted: Option<Compacted>,
    /// The updates after that, in order.
    pub records: Vec<Record>,
}

impl Log {
    /// The log of a room in which nothing was ever drawn.
    pub fn empty(incarnation: Incarnation) -> Self {
        Self { incarnation, compacted: None, records: Vec::new() }
    }

    /// Bytes of the updates that are to be replayed.
    pub fn n_bytes(&self) -> u64 {
        self.records.iter().map(|record| record.bytes.len() as u64).sum()
    }
}

/// A board in place of the records that led to it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Compacted {
    /// The last of those.
    pub seq: Seq,
    /// Bytes of all their updates.
    pub n_bytes: u64,
    /// Everybody who has written with a ticket, the smallest id first.
    pub ticketed: Vec<ClientId>,
    /// The board.
    pub replica: ReplicaSnapshot,
}

impl Compacted {
    /// About how many bytes it takes up.
    pub fn size(&self) -> u64 {
        let Self { ticketed, replica, .. } = self;
        (replica.state.len() + 8 * ticketed.len()) as u64
    }
}
