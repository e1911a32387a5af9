//! Section 7 of Autobahn: how a connection ends.

use shared::protocol::{ClientMessage, CloseCode};
use tests::{Frame, Goodbye};

use crate::room::Room;

/// What `frame` is answered with, by a server that need not explain anything.
async fn check_answered(room: &Room, frame: Frame, code: Option<u16>) {
    for mut socket in [room.stranger().await, room.member().await] {
        socket.send(frame.clone()).await;
        assert_eq!(socket.goodbye().await, Goodbye { code, told: None }, "{frame:?}");
    }
    room.check_undisturbed().await;
}

#[tokio::test]
async fn a_close_is_answered_with_its_own_code() {
    let room = Room::open().await;
    check_answered(&room, Frame::new(Frame::CLOSE, ""), None).await;
    for code in
        [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 3000, 3999, 4000, 4999]
    {
        check_answered(&room, Frame::close(code, b""), Some(code)).await;
    }
    check_answered(&room, Frame::close(1000, "tschüß".as_bytes()), Some(1000)).await;
    check_answered(&room, Frame::close(1000, &[b'x'; 123]), Some(1000)).await;
}

#[tokio::test]
async fn a_code_that_nobody_may_send_is_answered_with_1002() {
    let room = Room::open().await;
    for code in [0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65_535] {
        check_answered(&room, Frame::close(code, b""), Some(1002)).await;
    }
}

#[tokio::test]
async fn a_close_of_one_byte_or_too_many_is_refused() {
    let room = Room::open().await;
    room.check_refused(&[Frame::new(Frame::CLOSE, "x")], CloseCode::Broken).await;
    room.check_refused(&[Frame::close(1000, &[b'x'; 124])], CloseCode::Broken).await;
    room.check_refused(&[Frame::close(1000, b"").unfinished()], CloseCode::Broken).await;
}

#[tokio::test]
async fn what_follows_a_close_is_not_heard() {
    let room = Room::open().await;
    let close = Frame::close(1000, b"");
    for after in [
        Frame::binary(ClientMessage::Ping(1).encode()),
        Frame::ping("too late"),
        Frame::new(Frame::TEXT, "text"),
        Frame::new(3, "no frame"),
        close.clone(),
        Frame::close(1001, b""),
    ] {
        let mut socket = room.member().await;
        socket.write(&[close.encode(), after.encode()].concat()).await;
        assert_eq!(socket.goodbye().await, Goodbye { code: Some(1000), told: None }, "{after:?}");
        room.check_undisturbed().await;
    }
}

#[tokio::test]
async fn a_close_that_comes_byte_by_byte_is_answered() {
    let room = Room::open().await;
    let mut socket = room.member().await;
    socket.write_chopped(&Frame::close(1001, b"going home").encode()).await;
    assert_eq!(socket.goodbye().await, Goodbye { code: Some(1001), told: None });
    room.check_undisturbed().await;
}

#[tokio::test]
async fn whoever_goes_without_a_word_has_left_and_did_nothing_wrong() {
    let room = Room::open().await;
    drop(room.member().await);
    drop(room.stranger().await);
    for mut half_closed in [room.stranger().await, room.member().await] {
        half_closed.shut().await;
        while half_closed.hear().await.is_some() {}
    }
    // With something unread at the server, which makes the system reset the connection.
    let mut reset = room.member().await;
    reset.write(&Frame::binary(vec![0; 1000]).encode()[..500]).await;
    reset.reset();
    room.check_undisturbed().await;
    let (_, metrics) = room.site.request("GET /metrics", b"").await;
    assert!(!metrics.contains("tandem_refused_total"), "{metrics}");
}
