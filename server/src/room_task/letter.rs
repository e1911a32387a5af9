//! What comes into a room's mailbox.

use std::sync::{Arc, OnceLock};

use bytes::Bytes;
use shared::id::ClientId;
use shared::protocol::{ClientMessage, Hello};
use tokio::sync::{OwnedSemaphorePermit, oneshot};

use crate::outbox::Outbox;
use crate::room::{Answer, ConnId, Delivery};
use crate::yjs::YjsMessage;

/// What a room's task is told.
pub enum Letter {
    /// A connection says hello.
    Hello {
        /// Which one.
        conn: ConnId,
        /// What it said.
        hello: Box<Hello>,
        /// How the board is to come to it.
        delivery: Delivery,
        /// How to answer it.
        outbox: Outbox,
    },
    /// A connection that has said hello says something else.
    Message {
        /// Which one.
        conn: ConnId,
        /// What it said.
        message: Box<ClientMessage>,
        /// Its share of the memory for edits that are not committed yet.
        permit: Option<OwnedSemaphorePermit>,
    },
    /// A Yjs client connects.
    YjsOpen {
        /// Which connection.
        conn: ConnId,
        /// How to answer it.
        outbox: Outbox,
        /// Where to say under which id it shows itself.
        own: Arc<OnceLock<ClientId>>,
    },
    /// A Yjs client says something.
    Yjs {
        /// Which connection.
        conn: ConnId,
        /// What it said.
        message: YjsMessage,
        /// As above.
        permit: Option<OwnedSemaphorePermit>,
    },
    /// A connection is over.
    Gone(ConnId),
    /// Somebody asks how the board stands.
    Snapshot {
        /// Whom to tell.
        reply: oneshot::Sender<Answer>,
    },
    /// The room's life was ended in the store.
    Deleted,
    /// Somebody adds to the board from outside.
    Import {
        /// Under which fresh client id.
        author: ClientId,
        /// Yjs v1 updates.
        updates: Vec<Bytes>,
        /// Whom to tell when they are committed.
        reply: oneshot::Sender<Answer>,
    },
}

impl Letter {
    /// Whether it only matters at the next tick.
    pub fn is_quiet(&self) -> bool {
        match self {
            Self::Message { message, .. } => matches!(**message, ClientMessage::Presence(_)),
            Self::Yjs { message, .. } => matches!(message, YjsMessage::Awareness(_)),
            _ => false,
        }
    }
}
