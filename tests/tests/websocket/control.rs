//! Section 2 of Autobahn: pings and pongs.

use shared::protocol::CloseCode;
use tests::Frame;

use crate::room::Room;

#[tokio::test]
async fn a_ping_is_answered_with_what_it_held() {
    let room = Room::open().await;
    let mut socket = room.member().await;
    let longest: Vec<u8> = (0..125).collect();
    for payload in [&b""[..], b"hello", b"\x00\xff\xfe\xfd\xfc\xfb\x00\xff", &longest] {
        socket.send(Frame::ping(payload)).await;
        assert_eq!(socket.pong().await, payload);
    }
    room.check_well(socket).await;
}

#[tokio::test]
async fn a_ping_that_comes_byte_by_byte_is_answered() {
    let room = Room::open().await;
    let mut socket = room.member().await;
    socket.write_chopped(&Frame::ping([7; 125]).encode()).await;
    assert_eq!(socket.pong().await, [7; 125]);
    room.check_well(socket).await;
}

#[tokio::test]
async fn ten_pings_at_once_are_answered_in_order() {
    let room = Room::open().await;
    let mut socket = room.member().await;
    let bytes: Vec<u8> = (0..10).flat_map(|number| Frame::ping([number]).encode()).collect();
    socket.write(&bytes).await;
    for number in 0..10 {
        assert_eq!(socket.pong().await, [number]);
    }
    room.check_well(socket).await;
}

#[tokio::test]
async fn a_ping_before_the_hello_is_answered_and_is_no_hello() {
    let room = Room::open().await;
    let mut socket = room.stranger().await;
    socket.send(Frame::ping("early")).await;
    assert_eq!(socket.pong().await, b"early");
    socket.join(room.hello()).await;
    room.check_well(socket).await;
}

#[tokio::test]
async fn a_pong_that_nobody_asked_for_means_nothing() {
    let room = Room::open().await;
    let mut socket = room.stranger().await;
    socket.send(Frame::pong("")).await;
    socket.join(room.hello()).await;
    socket.send(Frame::pong("unasked")).await;
    socket.send(Frame::ping("asked")).await;
    socket.send(Frame::pong("unasked")).await;
    assert_eq!(socket.pong().await, b"asked");
    room.check_well(socket).await;
}

#[tokio::test]
async fn a_ping_or_pong_of_more_than_125_bytes_is_refused() {
    let room = Room::open().await;
    for n_bytes in [126, 127, 70_000] {
        room.check_refused(&[Frame::ping(vec![0; n_bytes])], CloseCode::Broken).await;
        room.check_refused(&[Frame::pong(vec![0; n_bytes])], CloseCode::Broken).await;
    }
}

#[tokio::test]
async fn a_ping_or_pong_in_fragments_is_refused() {
    let room = Room::open().await;
    room.check_refused(&[Frame::ping("a").unfinished()], CloseCode::Broken).await;
    room.check_refused(&[Frame::pong("a").unfinished()], CloseCode::Broken).await;
}
