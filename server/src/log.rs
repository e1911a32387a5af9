//! A room's log as plain data, on its way between rooms and the store.

use bytes::Bytes;
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

/// All that the store has of a room.
#[derive(Clone, PartialEq, Debug)]
pub struct Log {
    /// Which life of the room it is.
    pub incarnation: Incarnation,
    /// The updates in order.
    pub records: Vec<Record>,
}
