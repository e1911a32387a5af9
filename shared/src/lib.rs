//! What both ends of Tandem must agree on: the messages, ids and limits, presence, the board
//! document, and the client's end of the protocol as a state machine.
//!
//! Nothing here touches a socket, a clock or randomness: time and seeds are arguments. Only [`board`]
//! names the CRDT.

pub mod board;
pub mod color;
pub mod element;
pub mod excalidraw;
pub mod geometry;
pub mod id;
pub mod ink;
pub mod json;
pub mod keep;
pub mod limits;
pub mod order;
pub mod presence;
pub mod protocol;
pub mod scan;
pub mod session;
pub mod time;
pub mod varint;
mod wire;

pub use wire::WireError;
