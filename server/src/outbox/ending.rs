//! How a connection ends, and what it is told last.

use shared::protocol::{CloseCode, ErrorReport, ServerMessage};

use super::frame::Frame;
use crate::metrics::Refusal;
use crate::room::Dialect;

/// How a connection ends.
#[derive(Clone, PartialEq, Debug)]
pub struct Ending {
    /// The code of the close frame; `None` if the peer has closed, and been answered.
    pub code: Option<CloseCode>,
    /// Why, in a sentence.
    pub text: String,
    /// What was not let in, if that is the reason.
    pub refusal: Option<Refusal>,
}

impl Ending {
    /// An ending for a reason.
    pub fn new(code: CloseCode, text: impl Into<String>) -> Self {
        Self { code: Some(code), text: text.into(), refusal: None }
    }

    /// An ending because something was not let in.
    pub fn refused(refusal: Refusal, text: impl Into<String>) -> Self {
        Self { code: Some(refusal.code()), text: text.into(), refusal: Some(refusal) }
    }

    /// The peer ended it.
    pub fn by_peer() -> Self {
        Self { code: None, text: "the peer closed".into(), refusal: None }
    }

    /// The last frames.
    pub(super) fn frames(&self, dialect: Dialect) -> Vec<Frame> {
        let Some(code) = self.code else { return Vec::new() };
        let close = Frame::close(code, &self.text);
        // The Yjs protocol has no message for it, and a goodbye needs no reason.
        if dialect == Dialect::Yjs || code == CloseCode::Normal {
            return vec![close];
        }
        let report = ErrorReport { code: code as u16, text: self.text.clone() };
        vec![Frame::message(ServerMessage::Error(report).encode().into()), close]
    }
}
