//! The board document over yrs. Only this module names the CRDT.
//!
//! A root map `elements` holds a nested map for each element, so that two people who change
//! different properties of one element both keep their change. [`Replica`] is a copy that only takes
//! updates in (the server's); [`Board`] is one that an author writes, with undo and a cache of
//! parsed elements (the client's).

mod attached;
mod author;
mod change;
mod glimpse;
mod gone;
mod growth;
mod history;
mod kin;
mod properties;
mod read;
mod remains;
mod replica;
mod seen;
mod snapshot;
mod steps;
mod write;

pub use attached::{Around, Attach};
pub use author::{Board, UndoState};
pub use change::Change;
pub use glimpse::Glimpse;
pub use replica::{CheckedUpdate, Replica, ReplicaError};
pub use snapshot::{Encoding, ReplicaSnapshot};
pub use write::Restack;
