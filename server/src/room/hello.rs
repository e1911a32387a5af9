//! A connection's first frame: whether it is a hello in a version that is spoken here.

use shared::limits::PROTOCOL_VERSION;
use shared::protocol::{ClientMessage, CloseCode, Hello};

/// Why a first frame is not let in.
#[derive(Clone, PartialEq, Debug)]
pub struct NoHello {
    /// How the socket is closed.
    pub code: CloseCode,
    /// The reason in a sentence.
    pub text: String,
}

/// Reads a connection's first frame.
pub fn read_hello(frame: &[u8]) -> Result<Hello, NoHello> {
    let refuse = |code, text| Err(NoHello { code, text });
    match Hello::version_in(frame) {
        Some(version) if version != PROTOCOL_VERSION => {
            let text = format!(
                "protocol version {version} is not spoken here, only {PROTOCOL_VERSION}; \
                 reload the page"
            );
            return refuse(CloseCode::Version, text);
        }
        Some(_) | None => {}
    }
    match ClientMessage::decode(frame) {
        Ok(ClientMessage::Hello(hello)) => Ok(hello),
        Ok(_) => refuse(CloseCode::Policy, "the first message must be a hello".into()),
        Err(error) => refuse(CloseCode::Refused, error.to_string()),
    }
}
