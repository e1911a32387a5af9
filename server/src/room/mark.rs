//! Places in what a room has told: from one of them it can tell again whatever came later.

use std::sync::Arc;

use shared::id::Seq;

/// What a member knows who has heard everything up to here.
#[derive(Clone, PartialEq, Debug)]
pub struct Mark {
    /// The position in the log.
    pub seq: Seq,
    /// What the document had there: a Yjs v1 state vector.
    pub state_vector: Vec<u8>,
    /// How many changes of the roster were told.
    pub roster: u64,
}

/// What a member who reads too slowly was not told.
#[derive(Clone, PartialEq, Debug)]
pub enum Lost {
    /// Some presence.
    Presence,
    /// Anything after a mark, presence too.
    Updates {
        /// The last that it knows.
        known: Arc<Mark>,
    },
}
