//! WebSocket frames as a server writes them: unmasked, in one piece, the same bytes for everybody.

use std::io::IoSlice;

use bytes::{Buf, Bytes};
use shared::protocol::CloseCode;

/// Longest reason that fits into a close frame, in bytes.
const REASON_MAX_BYTES: usize = 123;

/// The first byte of a message in one frame.
const BINARY: u8 = 0x82;
/// The first byte of a close frame.
const CLOSE: u8 = 0x88;
/// The first byte of a ping.
const PING: u8 = 0x89;

/// Messages up to this size are copied behind their head.
const ONE_PIECE_MAX_BYTES: usize = 16 * 1024;

/// A frame, or what is left of it to be written. The message is shared by all who are sent it.
#[derive(Clone, PartialEq, Debug)]
pub struct Frame {
    head: Head,
    body: Bytes,
}

/// The bytes before a message: a kind and a length.
#[derive(Clone, Copy, PartialEq, Debug)]
struct Head {
    bytes: [u8; 10],
    /// Those to be written.
    from: u8,
    to: u8,
}

impl Frame {
    /// A message.
    pub fn message(body: Bytes) -> Self {
        Self::new(BINARY, body)
    }

    /// A ping without content.
    pub fn ping() -> Self {
        Self::new(PING, Bytes::new())
    }

    /// Frames that are complete already.
    pub fn raw(body: Bytes) -> Self {
        Self { head: Head { bytes: [0; 10], from: 0, to: 0 }, body }
    }

    /// A close frame; a long reason is cut.
    pub(super) fn close(code: CloseCode, reason: &str) -> Self {
        let reason = &reason[..reason.floor_char_boundary(REASON_MAX_BYTES)];
        let mut body = (code as u16).to_be_bytes().to_vec();
        body.extend_from_slice(reason.as_bytes());
        Self::new(CLOSE, body.into())
    }

    fn new(first: u8, body: Bytes) -> Self {
        let whole = Self::in_two_pieces(first, body);
        if whole.body.len() > ONE_PIECE_MAX_BYTES {
            return whole;
        }
        // One piece is cheaper to write, and this copy is made once for all receivers.
        Self::raw([whole.head.left(), &whole.body].concat().into())
    }

    /// A message that others are sent too, each in a frame of its own: its bytes are not copied.
    pub fn shared(body: Bytes) -> Self {
        Self::in_two_pieces(BINARY, body)
    }

    fn in_two_pieces(first: u8, body: Bytes) -> Self {
        let n = body.len();
        let mut bytes = [0; 10];
        bytes[0] = first;
        let to = match n {
            0..=125 => {
                bytes[1] = n as u8;
                2
            }
            126..=0xffff => {
                bytes[1] = 126;
                bytes[2..4].copy_from_slice(&(n as u16).to_be_bytes());
                4
            }
            _ => {
                bytes[1] = 127;
                bytes[2..].copy_from_slice(&(n as u64).to_be_bytes());
                10
            }
        };
        Self { head: Head { bytes, from: 0, to }, body }
    }

    /// Bytes that are to be written.
    pub fn len(&self) -> usize {
        self.head.left().len() + self.body.len()
    }

    /// Whether nothing is left.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The bytes, if they are one piece.
    pub(super) fn one_piece(&self) -> Option<&[u8]> {
        self.head.left().is_empty().then_some(&self.body)
    }

    /// The bytes in two pieces.
    pub(super) fn slices(&self) -> [IoSlice<'_>; 2] {
        [IoSlice::new(self.head.left()), IoSlice::new(&self.body)]
    }

    /// So many bytes were written, at most all.
    pub(super) fn advance(&mut self, n_bytes: usize) {
        let n_head = n_bytes.min(self.head.left().len());
        self.head.from += n_head as u8;
        self.body.advance(n_bytes - n_head);
    }
}

impl Head {
    fn left(&self) -> &[u8] {
        &self.bytes[usize::from(self.from)..usize::from(self.to)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(frame: &Frame) -> Vec<u8> {
        frame.slices().iter().flat_map(|slice| slice.to_vec()).collect()
    }

    #[test]
    fn each_length_has_its_form() {
        let head = |n: usize| written(&Frame::message(vec![7; n].into()))[..11].to_vec();
        assert_eq!(head(125)[..3], [0x82, 125, 7]);
        assert_eq!(head(126)[..5], [0x82, 126, 0, 126, 7]);
        assert_eq!(head(0xffff)[..5], [0x82, 126, 0xff, 0xff, 7]);
        assert_eq!(head(0x1_0000), [0x82, 127, 0, 0, 0, 0, 0, 1, 0, 0, 7]);
        assert_eq!(written(&Frame::message(Bytes::new())), [0x82, 0]);
        assert_eq!(written(&Frame::ping()), [0x89, 0]);
    }

    #[test]
    fn a_reason_is_cut_between_letters() {
        let frame = written(&Frame::close(CloseCode::Policy, &"ä".repeat(100)));
        assert_eq!(frame[..4], [0x88, 124, 0x03, 0xf0]);
        assert_eq!(std::str::from_utf8(&frame[4..]).unwrap(), "ä".repeat(61));
    }

    #[test]
    fn what_is_left_follows_what_was_written() {
        let whole = Frame::message((0..200).collect());
        for n in 0..=whole.len() {
            let mut left = whole.clone();
            left.advance(n);
            assert_eq!(written(&left), written(&whole)[n..]);
            assert_eq!(left.len(), whole.len() - n);
        }
    }
}
