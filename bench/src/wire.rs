//! What the load's clients say and hear, in the language of the server that is measured.
//!
//! Everything that is measured carries a number: a cursor shows it, an edit is named after it. The
//! tally knows when a sender sent each number.

mod edit;
mod garbage;
mod lib0;
mod native;
mod yjs;

use shared::id::ClientId;

use crate::websocket::{Kind, put_frame};

pub use edit::Author;

/// A language.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Wire {
    /// The y-websocket protocol.
    Yjs,
    /// The same in envelopes that name the room, after a login.
    Hocuspocus,
    /// Tandem's own.
    Native,
}

/// Who speaks, and where.
#[derive(Clone, Debug)]
pub struct Speaker {
    /// Counted over all rooms, from 0.
    pub index: usize,
    /// The room's name.
    pub room: String,
}

/// What matters of what a server says.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Heard {
    /// The server wants to know what the client's document has beyond the server's.
    Asked,
    /// The client now has the document.
    Synced,
    /// Somebody's cursor.
    Cursor {
        /// [`Speaker::index`] of whose it is.
        sender: usize,
        /// Counts a sender's cursors, from 1.
        number: u32,
    },
    /// An edit by the room's only writer.
    Edit {
        /// Counts the edits, from 1.
        number: u32,
    },
}

impl Wire {
    /// Appends what a client says first.
    pub fn put_greeting(self, speaker: &Speaker, out: &mut Vec<u8>) {
        match self {
            Self::Yjs => put_frame(out, Kind::Binary, &yjs::step1()),
            Self::Hocuspocus => {
                put_frame(out, Kind::Binary, &yjs::enveloped(speaker, &yjs::login()));
                put_frame(out, Kind::Binary, &yjs::enveloped(speaker, &yjs::step1()));
            }
            Self::Native => put_frame(out, Kind::Binary, &native::hello(speaker)),
        }
    }

    /// Appends the answer to [`Heard::Asked`]: nothing beyond.
    pub fn put_answer(self, speaker: &Speaker, out: &mut Vec<u8>) {
        self.put_yjs(speaker, &yjs::empty_step2(), out);
    }

    /// Appends a cursor.
    pub fn put_cursor(self, speaker: &Speaker, number: u32, out: &mut Vec<u8>) {
        match self {
            Self::Yjs | Self::Hocuspocus => {
                self.put_yjs(speaker, &yjs::cursor(speaker.index, number), out);
            }
            Self::Native => put_frame(out, Kind::Binary, &native::cursor(speaker.index, number)),
        }
    }

    /// Appends an edit, whose bytes are a Yjs update by [`Author`].
    pub fn put_edit(self, speaker: &Speaker, number: u32, update: &[u8], out: &mut Vec<u8>) {
        match self {
            Self::Yjs | Self::Hocuspocus => self.put_yjs(speaker, &yjs::update(update), out),
            Self::Native => put_frame(out, Kind::Binary, &native::update(number, update)),
        }
    }

    /// Tells what matters in a message.
    pub fn hear(self, message: &[u8], hear: &mut impl FnMut(Heard)) {
        match self {
            Self::Yjs => yjs::hear(message, hear),
            Self::Hocuspocus => yjs::hear_enveloped(message, hear),
            Self::Native => native::hear(message, hear),
        }
    }

    fn put_yjs(self, speaker: &Speaker, message: &[u8], out: &mut Vec<u8>) {
        if self == Self::Hocuspocus {
            put_frame(out, Kind::Binary, &yjs::enveloped(speaker, message));
        } else {
            put_frame(out, Kind::Binary, message);
        }
    }
}

/// The id under which a client writes: each its own, about as long as those that Yjs rolls.
fn client_id(index: usize) -> ClientId {
    ClientId::new(FIRST_ID + index as u64).expect("the load's ids are far below 2^53")
}

/// Where a client's cursor is, in board units: everybody moves along a desk of their own.
fn place(sender: usize, number: u32) -> (f64, f64) {
    let (column, row) = (sender % DESKS_IN_A_ROW, sender / DESKS_IN_A_ROW);
    let step = f64::from(number % DESK_STEPS) / STEPS_PER_UNIT;
    (column as f64 * DESK_UNITS + step, row as f64 * DESK_UNITS)
}

/// The first client's id; the others follow.
const FIRST_ID: u64 = 3_000_000_000;

const DESKS_IN_A_ROW: usize = 32;
/// An eighth of a board unit, to which the native protocol is exact.
const STEPS_PER_UNIT: f64 = 8.0;
/// Different places at one desk: more than one run shows.
const DESK_STEPS: u32 = 8_000;
const DESK_UNITS: f64 = DESK_STEPS as f64 / STEPS_PER_UNIT;
