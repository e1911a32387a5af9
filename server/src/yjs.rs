//! The y-websocket protocol: what every Yjs program speaks. Frames become messages that cannot be
//! wrong, messages become frames; rooms decide what they mean.

mod awareness;
mod message;
mod read;
mod state;

pub use awareness::Entry;
pub use message::{MESSAGES_MAX, YjsMessage, awareness, decode, step1, step2, update};
pub use state::{State, native_state};

/// Bytes that are no message of the y-websocket protocol.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum YjsError {
    /// The bytes end before what they promise.
    #[error("the message ends too early")]
    Length,
    /// A number or kind that the protocol does not have.
    #[error("a number is out of range")]
    Range,
    /// A state that is no JSON.
    #[error("an awareness state is no JSON text")]
    State,
    /// A state larger than [`crate::limits::AWARENESS_STATE_MAX_BYTES`].
    #[error("an awareness state is too large")]
    TooBig,
}
