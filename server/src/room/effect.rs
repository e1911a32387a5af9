//! What a room wants done, and the numbers by which it names those whom it concerns.

use std::sync::Arc;

use bytes::Bytes;
use shared::id::{ClientId, Seq};
use shared::protocol::CloseCode;

use super::mark::Mark;
use crate::log::Record;
use crate::metrics::Refusal;

/// One connection, unique for as long as the server runs.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct ConnId(pub u64);

/// What a connection speaks.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Dialect {
    /// Tandem's own protocol, at `/ws`.
    Native,
    /// The y-websocket protocol, at `/yjs`.
    Yjs,
}

/// One question from outside a room, unique within the room.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct RequestId(pub u64);

/// Something for the room's driver to do. Frames are shared, never copied for each receiver.
#[derive(Clone, PartialEq, Debug)]
pub enum Effect {
    /// Send the first messages; from now on the connection is one of those that
    /// [`Effect::SendAll`] means.
    Admit {
        /// Whom.
        conn: ConnId,
        /// What it speaks.
        dialect: Dialect,
        /// The messages, in this order.
        frames: Vec<Bytes>,
        /// Where it leads to.
        mark: Arc<Mark>,
    },
    /// Answer what one of them said, in [`Lane::Answer`].
    Send {
        /// To whom.
        conn: ConnId,
        /// The message.
        frame: Bytes,
    },
    /// Send to all admitted who speak a dialect.
    SendAll {
        /// Which.
        to: Dialect,
        /// The message.
        frame: Bytes,
        /// In which lane.
        lane: Lane,
        /// Whom to leave out.
        except: Option<ConnId>,
    },
    /// Everybody admitted has been sent all up to here.
    Mark(Arc<Mark>),
    /// Send presence that only some see.
    Show {
        /// To whom.
        conn: ConnId,
        /// The messages, in this order.
        frames: Vec<Bytes>,
    },
    /// A Yjs client shows itself under an id: what it repeats of others need not be passed on.
    Own {
        /// Who.
        conn: ConnId,
        /// Under which.
        client: ClientId,
    },
    /// Send what brings the connection to a place: what it asked for, or lost.
    CatchUp {
        /// To whom.
        conn: ConnId,
        /// Whether updates had been dropped.
        has_lost: bool,
        /// The messages, in this order.
        frames: Vec<Bytes>,
        /// Where they lead to.
        mark: Arc<Mark>,
    },
    /// Send what makes up for lost presence.
    ShowAgain {
        /// To whom.
        conn: ConnId,
        /// The messages, in this order.
        frames: Vec<Bytes>,
    },
    /// Tell a connection why and close it. The room has forgotten it already.
    Close {
        /// Whom.
        conn: ConnId,
        /// How.
        code: CloseCode,
        /// Why, in a sentence.
        text: String,
        /// What was not let in, if that is the reason.
        refusal: Option<Refusal>,
    },
    /// Write to the log and report how that went. Records come in order and without gaps.
    Append(Record),
    /// Answer a question from outside.
    Answer {
        /// Which one.
        request: RequestId,
        /// What to say.
        answer: Answer,
    },
    /// The document is damaged: load it again.
    Reload,
}

/// The kinds of traffic to a connection.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Lane {
    /// All of it must arrive, in order; what is dropped is made up for by a diff.
    Update,
    /// Only the latest matters.
    Presence,
    /// What a client waits for by its own number: never dropped.
    Answer,
}

/// An answer to somebody outside the room.
#[derive(Clone, PartialEq, Debug)]
pub enum Answer {
    /// How the board stands.
    Snapshot(Snapshot),
    /// The import is committed.
    Imported,
    /// The board is as large as one may be.
    Full,
    /// It did not work out.
    Failed,
}

/// A board at one position of its log.
#[derive(Clone, PartialEq, Debug)]
pub struct Snapshot {
    /// The whole document: a Yjs v1 update.
    pub state: Bytes,
    /// The position.
    pub seq: Seq,
    /// Bytes of all updates in the log.
    pub n_bytes: u64,
    /// How many are in the room.
    pub n_members: usize,
}
