//! Section 6 of Autobahn: text. None is ever a message here, whether it is UTF-8 or not.

use shared::protocol::CloseCode;
use tests::Frame;

use crate::room::Room;

/// Bytes that are no UTF-8: cut off, too long a form, a surrogate, beyond the last letter, no start.
const NO_UTF8: [&[u8]; 7] = [
    b"\xce\xba\xcf",
    b"\xc0\xaf",
    b"\xed\xa0\x80",
    b"\xf4\x90\x80\x80",
    b"\x80",
    b"\xfe",
    b"a\xff",
];

#[tokio::test]
async fn text_is_refused() {
    let room = Room::open().await;
    for text in ["", "hello", "\u{fffd}", "\u{10ffff}", "κόσμε"] {
        room.check_refused(&[Frame::new(Frame::TEXT, text)], CloseCode::Policy).await;
    }
}

#[tokio::test]
async fn text_in_fragments_is_refused_also_if_a_letter_is_cut() {
    let room = Room::open().await;
    let mut frames = Frame::fragments("κόσμε".as_bytes(), 1);
    frames[0].opcode = Frame::TEXT;
    room.check_refused(&frames, CloseCode::Policy).await;
}

#[tokio::test]
async fn text_that_is_no_utf8_is_refused() {
    let room = Room::open().await;
    for bytes in NO_UTF8 {
        room.check_refused(&[Frame::new(Frame::TEXT, bytes)], CloseCode::Broken).await;
    }
    let mut frames = Frame::fragments(b"ab\xffcd", 2);
    frames[0].opcode = Frame::TEXT;
    room.check_refused(&frames, CloseCode::Broken).await;
}

#[tokio::test]
async fn a_reason_that_is_no_utf8_is_refused() {
    let room = Room::open().await;
    for bytes in NO_UTF8 {
        room.check_refused(&[Frame::close(1000, bytes)], CloseCode::Broken).await;
    }
}
