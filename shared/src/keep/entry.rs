//! What stands in the browser's store, entry by entry. Numbers of kinds are never given out again, as on
//! the wire; what cannot be read is damaged.

use crate::id::{ClientId, Incarnation, RoomName};
use crate::limits::SERVER_FRAME_MAX_BYTES;
use crate::protocol::Ticket;
use crate::wire::{self, WireError, numbered, record};

/// An entry's place in the store. Later entries have larger ones; none is given out twice.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, Default)]
pub struct Key(pub u64);

numbered! {
    /// One entry.
    #[derive(Clone, PartialEq, Debug)]
    pub enum Entry {
        /// Which life of the room the board is of.
        0 => Life(Incarnation),
        /// A part of the board, or all of it: a Yjs v1 update that the server has.
        1 => Document(Vec<u8>),
        /// The proof of a client id that was used here.
        2 => Ticket(KnownTicket),
        /// An edit that the server has not acknowledged.
        3 => Work(Work),
        /// The board was replaced, and what was here was kept as another one, of which nobody was told yet.
        4 => Recovered(Recovered),
    }
}

impl Entry {
    /// The entry as bytes.
    pub fn encode(&self) -> Vec<u8> {
        wire::encode(self)
    }

    /// Reads an entry's bytes.
    pub fn decode(bytes: &[u8]) -> Result<Self, WireError> {
        wire::decode(bytes, SERVER_FRAME_MAX_BYTES)
    }
}

/// A client id with its proof.
#[derive(Clone, PartialEq, Debug)]
pub struct KnownTicket {
    /// The id.
    pub client: ClientId,
    /// The proof.
    pub ticket: Ticket,
}

record!(KnownTicket { client, ticket });

/// An edit that the server has not acknowledged.
#[derive(Clone, PartialEq, Debug)]
pub struct Work {
    /// Under whom it is written.
    pub client: ClientId,
    /// The life of the room that it was done in, if the page had heard of it.
    pub life: Option<Incarnation>,
    /// A Yjs v1 update.
    pub bytes: Vec<u8>,
}

record!(Work { client, life, bytes });

/// Where the last copy of a board that was replaced is.
#[derive(Clone, PartialEq, Debug)]
pub struct Recovered {
    /// The room that it became.
    pub room: RoomName,
    /// Why it could not stay where it was, in a sentence.
    pub why: String,
}

record!(Recovered { room, why });
