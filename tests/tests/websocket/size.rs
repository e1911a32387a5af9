//! Section 9 of Autobahn, the other way round: what is too large is refused, however it comes.

use shared::limits::FRAME_MAX_BYTES;
use shared::protocol::{ClientMessage, CloseCode};
use tests::{Frame, Length};

use crate::room::Room;

#[tokio::test]
async fn a_frame_above_the_limit_is_refused() {
    let room = Room::open().await;
    room.check_refused(&[Frame::binary(vec![0; FRAME_MAX_BYTES + 1])], CloseCode::TooBig).await;
}

/// Refused when the last of it has come, or as soon as it is more than is read at all.
#[tokio::test]
async fn fragments_are_too_large_together() {
    let room = Room::open().await;
    for (n_bytes, max_bytes) in [
        (FRAME_MAX_BYTES + 1, 64 * 1024),
        (FRAME_MAX_BYTES + 1, FRAME_MAX_BYTES),
        (4 * FRAME_MAX_BYTES + 1, FRAME_MAX_BYTES),
    ] {
        let frames = Frame::fragments(&vec![0; n_bytes], max_bytes);
        room.check_refused(&frames, CloseCode::TooBig).await;
    }
}

/// Nothing is kept free for them: so much memory there is nowhere.
#[tokio::test]
async fn a_frame_that_claims_more_than_there_can_be_is_refused_at_once() {
    let room = Room::open().await;
    for claimed in [4 * FRAME_MAX_BYTES as u64 + 1, 1 << 32, 1 << 63, u64::MAX] {
        let length = Length::Claimed(claimed);
        for opcode in [Frame::BINARY, Frame::CONTINUATION, Frame::TEXT, Frame::PING, Frame::CLOSE] {
            room.check_refused(&[Frame { length, ..Frame::new(opcode, "") }], CloseCode::TooBig)
                .await;
        }
    }
}

/// The promised rest never comes, and the ping in its place is a part of it.
#[tokio::test]
async fn a_frame_that_claims_much_and_brings_little_harms_nobody() {
    let room = Room::open().await;
    let length = Length::Claimed(4 * FRAME_MAX_BYTES as u64);
    let mut sockets = Vec::new();
    for _ in 0..50 {
        let mut socket = room.stranger().await;
        socket.send(Frame { length, ..Frame::binary("") }).await;
        socket.say(&ClientMessage::Ping(1)).await;
        sockets.push(socket);
    }
    room.check_undisturbed().await;
}
