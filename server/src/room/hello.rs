//! A connection's first frame: whether it is a hello in a version that is spoken here.

use shared::limits::PROTOCOL_VERSION;
use shared::protocol::{ClientMessage, Hello};

use crate::metrics::Refusal;

/// How a board comes to a newcomer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Delivery {
    /// In the welcome.
    Whole,
    /// What is large comes in pieces of [`shared::limits::WELCOME_AT_ONCE_BYTES`], the last of them in the welcome.
    InPieces,
}

/// Why a first frame is not let in.
#[derive(Clone, PartialEq, Debug)]
pub struct NoHello {
    /// What kind of reason it is.
    pub refusal: Refusal,
    /// The reason in a sentence.
    pub text: String,
}

/// Reads a connection's first frame.
pub fn read_hello(frame: &[u8]) -> Result<Hello, NoHello> {
    let refuse = |refusal, text| Err(NoHello { refusal, text });
    match Hello::version_in(frame) {
        Some(version) if version != PROTOCOL_VERSION => {
            let text = format!(
                "protocol version {version} is not spoken here, only {PROTOCOL_VERSION}; \
                 reload the page"
            );
            return refuse(Refusal::Version, text);
        }
        Some(_) | None => {}
    }
    match ClientMessage::decode(frame) {
        Ok(ClientMessage::Hello(hello)) => Ok(hello),
        Ok(_) => refuse(Refusal::Policy, "the first message must be a hello".into()),
        Err(error) => refuse(Refusal::Hostile, error.to_string()),
    }
}
