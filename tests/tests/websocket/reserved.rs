//! Sections 3 and 4 of Autobahn: bits and opcodes that mean nothing yet.

use shared::protocol::{ClientMessage, CloseCode};
use tests::Frame;

use crate::room::Room;

#[tokio::test]
async fn a_reserved_bit_is_refused_on_every_kind_of_frame() {
    let room = Room::open().await;
    for reserved in 1..8 {
        let hello = ClientMessage::Hello(room.hello()).encode();
        for frame in [Frame::binary(hello), Frame::ping("a"), Frame::close(1000, b"")] {
            room.check_refused(&[Frame { reserved, ..frame }], CloseCode::Broken).await;
        }
    }
}

#[tokio::test]
async fn a_reserved_bit_is_refused_on_a_fragment() {
    let room = Room::open().await;
    let ping = ClientMessage::Ping(1).encode();
    let mut fragments = Frame::fragments(&ping, 2);
    fragments[1].reserved = 4;
    room.check_refused(&fragments, CloseCode::Broken).await;
}

#[tokio::test]
async fn a_reserved_opcode_is_refused_with_and_without_a_payload() {
    let room = Room::open().await;
    for opcode in [3, 4, 5, 6, 7, 11, 12, 13, 14, 15] {
        room.check_refused(&[Frame::new(opcode, "")], CloseCode::Broken).await;
        room.check_refused(&[Frame::new(opcode, "some")], CloseCode::Broken).await;
    }
}

#[tokio::test]
async fn a_reserved_opcode_between_fragments_is_refused() {
    let room = Room::open().await;
    for opcode in [3, 11] {
        let mut frames = Frame::fragments(&ClientMessage::Ping(1).encode(), 2);
        frames.insert(1, Frame::new(opcode, ""));
        room.check_refused(&frames, CloseCode::Broken).await;
    }
}
