//! Section 5 of Autobahn: messages in several frames.

use shared::protocol::{ClientMessage, CloseCode, ServerMessage};
use tests::Frame;

use crate::room::Room;

fn ping() -> Vec<u8> {
    // Five bytes of number, so that there is something to cut.
    ClientMessage::Ping(0x89ab_cdef).encode()
}

const PONG: ServerMessage = ServerMessage::Pong(0x89ab_cdef);

#[tokio::test]
async fn a_hello_in_fragments_of_a_byte_is_a_hello() {
    let room = Room::open().await;
    let mut socket = room.stranger().await;
    for frame in Frame::fragments(&ClientMessage::Hello(room.hello()).encode(), 1) {
        socket.send(frame).await;
    }
    socket.welcomed().await;
    room.check_well(socket).await;
}

#[tokio::test]
async fn a_message_is_heard_however_it_is_cut() {
    let room = Room::open().await;
    let mut socket = room.member().await;
    for max_bytes in 1..=ping().len() {
        let frames = Frame::fragments(&ping(), max_bytes);
        let bytes: Vec<u8> = frames.iter().flat_map(Frame::encode).collect();
        socket.write(&bytes).await;
        assert_eq!(socket.message().await, PONG);
        socket.write_chopped(&bytes).await;
        assert_eq!(socket.message().await, PONG);
    }
    room.check_well(socket).await;
}

#[tokio::test]
async fn empty_fragments_add_nothing() {
    let room = Room::open().await;
    let mut socket = room.member().await;
    let nothing = || Frame::new(Frame::CONTINUATION, "").unfinished();
    socket.send(Frame::binary("").unfinished()).await;
    for part in ping().chunks(3) {
        socket.send(nothing()).await;
        socket.send(Frame::new(Frame::CONTINUATION, part).unfinished()).await;
    }
    socket.send(Frame::new(Frame::CONTINUATION, "")).await;
    assert_eq!(socket.message().await, PONG);
    room.check_well(socket).await;
}

#[tokio::test]
async fn pings_and_pongs_may_come_between_fragments() {
    let room = Room::open().await;
    let mut socket = room.member().await;
    for frame in Frame::fragments(&ping(), 2) {
        let is_final = frame.is_final;
        socket.send(frame).await;
        if !is_final {
            socket.send(Frame::pong("unasked")).await;
            socket.send(Frame::ping("between")).await;
            assert_eq!(socket.pong().await, b"between");
        }
    }
    assert_eq!(socket.message().await, PONG);
    room.check_well(socket).await;
}

#[tokio::test]
async fn a_close_between_fragments_ends_the_connection() {
    let room = Room::open().await;
    let mut socket = room.member().await;
    socket.send(Frame::fragments(&ping(), 2).remove(0)).await;
    socket.send(Frame::close(1000, b"")).await;
    assert_eq!(socket.goodbye().await.code, Some(1000));
    room.check_undisturbed().await;
}

#[tokio::test]
async fn a_continuation_of_nothing_is_refused() {
    let room = Room::open().await;
    let continuation = Frame::new(Frame::CONTINUATION, ping());
    room.check_refused(std::slice::from_ref(&continuation), CloseCode::Broken).await;
    room.check_refused(&[continuation.clone().unfinished()], CloseCode::Broken).await;
    // Nor does it go on with what is finished.
    let mut socket = room.member().await;
    for frame in Frame::fragments(&ping(), 2) {
        socket.send(frame).await;
    }
    assert_eq!(socket.message().await, PONG);
    socket.send(continuation).await;
    assert_eq!(socket.goodbye().await.code, Some(CloseCode::Broken as u16));
    room.check_undisturbed().await;
}

#[tokio::test]
async fn a_new_message_within_another_is_refused() {
    let room = Room::open().await;
    let first = Frame::binary(ping()).unfinished();
    for second in [
        Frame::binary(ping()),
        Frame::binary(ping()).unfinished(),
        Frame::new(Frame::TEXT, "text"),
        Frame::new(Frame::TEXT, "text").unfinished(),
    ] {
        room.check_refused(&[first.clone(), second], CloseCode::Broken).await;
    }
}

#[tokio::test]
async fn fragments_that_make_no_message_are_refused() {
    let room = Room::open().await;
    room.check_refused(&Frame::fragments(b"\xc1 no MessagePack", 3), CloseCode::Refused).await;
}

#[tokio::test]
async fn a_message_that_never_ends_was_never_said() {
    let room = Room::open().await;
    let mut socket = room.member().await;
    socket.send(Frame::binary(ping()).unfinished()).await;
    socket.send(Frame::ping("")).await;
    assert_eq!(socket.pong().await, b"");
    drop(socket);
    room.check_undisturbed().await;
}
