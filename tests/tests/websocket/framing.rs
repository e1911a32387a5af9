//! Section 1 of Autobahn: lengths, masks, and how the bytes are cut on their way.

use shared::limits::FRAME_MAX_BYTES;
use shared::protocol::{ClientMessage, CloseCode, Hello, ServerMessage};
use tests::{Frame, FrameSocket, Length};

use crate::room::Room;

/// A hello of exactly so many bytes, which the token fills up.
fn hello_of(n_bytes: usize, hello: &Hello) -> Vec<u8> {
    let with_token = |n| {
        let token = Some("x".repeat(n));
        ClientMessage::Hello(Hello { token, ..hello.clone() }).encode()
    };
    let n_rest = with_token(n_bytes).len() - n_bytes;
    // A shorter token needs fewer bytes for its own length.
    let mut lengths = n_bytes - n_rest..n_bytes;
    let encoded = lengths.find_map(|n| Some(with_token(n)).filter(|it| it.len() == n_bytes));
    encoded.unwrap_or_else(|| panic!("no token makes {n_bytes} bytes"))
}

#[tokio::test]
async fn a_frame_at_the_edge_of_each_form_of_length_is_heard() {
    let room = Room::open().await;
    for n_bytes in [125, 126, 127, 128, 65_535, 65_536, 65_537, FRAME_MAX_BYTES] {
        let mut socket = room.stranger().await;
        socket.send(Frame::binary(hello_of(n_bytes, &room.hello()))).await;
        socket.welcomed().await;
        room.check_well(socket).await;
    }
}

/// A sender must not, a reader need not mind.
#[tokio::test]
async fn a_length_told_in_more_bytes_than_it_needs_is_understood() {
    let room = Room::open().await;
    for length in [Length::InTwoBytes, Length::InEightBytes] {
        let mut socket = room.member().await;
        let ping = ClientMessage::Ping(1).encode();
        socket.send(Frame { length, ..Frame::binary(ping) }).await;
        assert_eq!(socket.message().await, ServerMessage::Pong(1));
        socket.send(Frame { length, ..Frame::ping("abc") }).await;
        assert_eq!(socket.pong().await, b"abc");
        room.check_well(socket).await;
    }
}

#[tokio::test]
async fn frames_that_come_byte_by_byte_are_heard() {
    let room = Room::open().await;
    let mut socket = room.stranger().await;
    let hello = hello_of(300, &room.hello());
    socket.write_chopped(&Frame::binary(hello).encode()).await;
    socket.welcomed().await;
    let ping = ClientMessage::Ping(1).encode();
    for length in [Length::Shortest, Length::InTwoBytes, Length::InEightBytes] {
        let frame = Frame { length, ..Frame::binary(ping.clone()) };
        socket.write_chopped(&frame.encode()).await;
        assert_eq!(socket.message().await, ServerMessage::Pong(1));
    }
    room.check_well(socket).await;
}

#[tokio::test]
async fn frames_that_come_all_at_once_are_heard_in_order() {
    let room = Room::open().await;
    let mut socket = room.stranger().await;
    let mut bytes = Frame::binary(ClientMessage::Hello(room.hello()).encode()).encode();
    for number in 0..100 {
        bytes.extend(Frame::binary(ClientMessage::Ping(number).encode()).encode());
    }
    socket.write(&bytes).await;
    socket.welcomed().await;
    for number in 0..100 {
        assert_eq!(socket.message().await, ServerMessage::Pong(number));
    }
    room.check_well(socket).await;
}

#[tokio::test]
async fn frames_that_come_with_the_handshake_are_heard() {
    let room = Room::open().await;
    let mut bytes = FrameSocket::upgrade(room.site, "r", "").into_bytes();
    let hello = Frame::binary(ClientMessage::Hello(room.hello()).encode()).encode();
    // The second frame is cut in its middle.
    let ping = Frame::binary(ClientMessage::Ping(1).encode()).encode();
    bytes.extend([&hello[..], &ping[..4]].concat());
    let mut socket = FrameSocket::opened(FrameSocket::request(room.site, &bytes).await);
    socket.welcomed().await;
    socket.write(&ping[4..]).await;
    assert_eq!(socket.message().await, ServerMessage::Pong(1));
    room.check_well(socket).await;
}

#[tokio::test]
async fn any_mask_is_a_mask() {
    let room = Room::open().await;
    let mut socket = room.member().await;
    for mask in [[0; 4], [0xff; 4], [0, 0, 0, 1]] {
        let ping = ClientMessage::Ping(1).encode();
        socket.send(Frame { mask: Some(mask), ..Frame::binary(ping) }).await;
        assert_eq!(socket.message().await, ServerMessage::Pong(1));
        socket.send(Frame { mask: Some(mask), ..Frame::ping("abcde") }).await;
        assert_eq!(socket.pong().await, b"abcde");
    }
    room.check_well(socket).await;
}

#[tokio::test]
async fn a_frame_without_a_mask_is_refused() {
    let room = Room::open().await;
    let hello = ClientMessage::Hello(room.hello()).encode();
    for frame in [Frame::binary(hello), Frame::ping(""), Frame::pong("x"), Frame::close(1000, b"")]
    {
        room.check_refused(&[Frame { mask: None, ..frame }], CloseCode::Broken).await;
    }
}

#[tokio::test]
async fn an_empty_frame_is_no_message() {
    let room = Room::open().await;
    room.check_refused(&[Frame::binary("")], CloseCode::Refused).await;
}

#[tokio::test]
async fn a_frame_that_ends_in_its_middle_was_never_said() {
    let room = Room::open().await;
    let rename = ClientMessage::Ping(1).encode();
    let bytes = Frame::binary(rename).encode();
    for n_bytes in 0..bytes.len() {
        let mut socket = room.member().await;
        socket.write(&bytes[..n_bytes]).await;
        drop(socket);
    }
    room.check_undisturbed().await;
}
