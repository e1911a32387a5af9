//! Each limit over a real socket: whoever is over it is told so by the right close code, it is
//! counted, and nobody else notices. And each close code, by its row on the protocol's page.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod close_codes;
mod limited;

use std::time::Duration;

use futures_util::SinkExt;
use server::Limits;
use shared::board::Board;
use shared::element::{NewElement, Shape, Style};
use shared::id::{Batch, ClientId};
use shared::protocol::{ClientMessage, NewUpdate, ServerMessage};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::frame::Frame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::{Data, OpCode};

use limited::Limited;

#[tokio::test]
async fn connections_are_limited_in_all() {
    let server = Limited::start(Limits { connections: 2, ..Limits::default() }).await;
    let mut ann = server.join("a", 1).await;
    let bob = server.join("b", 2).await;
    assert_eq!(server.connect("a").await.closed().await, 1013);
    server.check_refused("connections", 1).await;
    drop(bob);
    // The place is free as soon as the server knows.
    loop {
        let mut socket = server.hello("a", 3).await;
        match socket.hear().await {
            ServerMessage::Error(_) => {}
            ServerMessage::Welcome(_) => break,
            other => panic!("expected a welcome, not {other:?}"),
        }
    }
    ann.check_alive().await;
}

#[tokio::test]
async fn this_machines_connections_are_not_limited_by_address() {
    let server = Limited::start(Limits { address_connections: 0, ..Limits::default() }).await;
    server.join("a", 1).await.check_alive().await;
}

#[tokio::test]
async fn members_of_a_room_are_limited() {
    let server = Limited::start(Limits { room_members: 1, ..Limits::default() }).await;
    let mut ann = server.join("a", 1).await;
    assert_eq!(server.hello("a", 2).await.closed().await, 4009);
    server.check_refused("members", 1).await;
    server.join("b", 2).await.check_alive().await;
    ann.check_alive().await;
}

#[tokio::test]
async fn rooms_are_limited() {
    let server = Limited::start(Limits { rooms: 1, ..Limits::default() }).await;
    let mut ann = server.join("a", 1).await;
    assert_eq!(server.hello("b", 2).await.closed().await, 1013);
    assert!(server.get("/api/rooms/b").await.starts_with("HTTP/1.1 503"));
    assert!(server.get("/api/rooms/a").await.starts_with("HTTP/1.1 200"));
    server.check_refused("rooms", 2).await;
    ann.check_alive().await;
}

#[tokio::test]
async fn messages_are_limited_by_the_second() {
    let server = Limited::start(Limits { messages_per_second: 1, ..Limits::default() }).await;
    let mut ann = server.join("a", 1).await;
    let mut flood = server.join("a", 2).await;
    for number in 0..40 {
        flood.say(&ClientMessage::Ping(number)).await;
    }
    assert_eq!(flood.closed().await, 4008);
    server.check_refused("message_rate", 1).await;
    ann.check_alive().await;

    let mut flood = server.join("a", 3).await;
    for _ in 0..40 {
        flood.socket.send(Message::Ping(vec![0; 100].into())).await.ok();
    }
    assert_eq!(flood.closed().await, 4008, "control frames count too");
}

#[tokio::test]
async fn bytes_are_limited_by_the_second() {
    let server = Limited::start(Limits { bytes_per_second: 1000, ..Limits::default() }).await;
    let mut ann = server.join("a", 1).await;
    let mut flood = server.join("a", 2).await;
    flood.socket.send(Message::binary(vec![0xc1; 21_000])).await.unwrap();
    assert_eq!(flood.closed().await, 4008);
    server.check_refused("byte_rate", 1).await;
    ann.check_alive().await;
}

#[tokio::test]
async fn the_time_that_edits_take_is_limited() {
    let edit_time_per_second = Duration::ZERO;
    let server = Limited::start(Limits { edit_time_per_second, ..Limits::default() }).await;
    let mut ann = server.join("a", 1).await;
    let mut bob = server.join("a", 2).await;
    let mut board = Board::new(ClientId::new(2).unwrap(), 1);
    board.insert(NewElement::new(None, Style::default(), Shape::Ellipse));
    let bytes = board.take_updates().remove(0);
    bob.say(&ClientMessage::Update(NewUpdate { batch: Batch(1), bytes })).await;
    assert_eq!(bob.closed().await, 4008);
    server.check_refused("edit_time", 1).await;
    ann.check_alive().await;
}

#[tokio::test]
async fn a_small_edit_that_would_take_minutes_ends_its_sender_alone() {
    /// Bytes all in a row, each of `author` on the one of author 1 before it.
    fn row(author: u64, range: std::ops::Range<u64>) -> Vec<u8> {
        let varint = |mut value: u64, out: &mut Vec<u8>| {
            while value >= 0x80 {
                out.push(value as u8 | 0x80);
                value >>= 7;
            }
            out.push(value as u8);
        };
        let mut update = vec![1];
        varint(range.end - range.start, &mut update);
        update.extend([author as u8, 0]);
        for at in range {
            if at == 0 {
                update.extend([3, 1, 1, b'r', 1, 7]);
            } else {
                update.extend([0x83, 1]);
                varint(at - 1, &mut update);
                update.extend([1, 7]);
            }
        }
        update.push(0);
        update
    }
    // Twenty times that may be spent at once.
    let edit_time_per_second = Duration::from_millis(25);
    let server = Limited::start(Limits { edit_time_per_second, ..Limits::default() }).await;
    let edit = |bytes| ClientMessage::Update(NewUpdate { batch: Batch(1), bytes });
    let mut ann = server.join("a", 1).await;
    ann.say(&edit(row(1, 0..5_000))).await;
    while ann.hear().await != ServerMessage::Ack(Batch(1)) {}

    // Each has to pass by nearly all of the five thousand.
    let mut bob = server.join("a", 2).await;
    bob.say(&edit(row(2, 1..4_000))).await;
    for _ in 0..10 {
        ann.check_alive().await;
    }
    assert_eq!(bob.closed().await, 4008);
    server.check_refused("edit_time", 1).await;
    ann.check_alive().await;
}

#[tokio::test]
async fn a_hello_is_due_in_time() {
    let hello_timeout = Duration::from_millis(50);
    let server = Limited::start(Limits { hello_timeout, ..Limits::default() }).await;
    assert_eq!(server.connect("a").await.closed().await, 4004);
    server.check_refused("hello_timeout", 1).await;
}

#[tokio::test]
async fn bytes_of_a_message_that_never_ends_are_limited() {
    let server = Limited::start(Limits { bytes_per_second: 1000, ..Limits::default() }).await;
    let mut ann = server.join("a", 1).await;
    let mut flood = server.join("a", 2).await;
    for n_sent in 0..30 {
        let opcode = if n_sent == 0 { Data::Binary } else { Data::Continue };
        let fragment = Frame::message(vec![0; 1000], OpCode::Data(opcode), false);
        flood.socket.send(Message::Frame(fragment)).await.ok();
    }
    assert_eq!(flood.closed().await, 4008);
    server.check_refused("byte_rate", 1).await;
    ann.check_alive().await;
}
