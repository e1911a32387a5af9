//! Each close code of the table on the protocol's page, over a real socket.

use std::time::Duration;

use futures_util::SinkExt;
use rusqlite::Connection;
use server::Limits;
use shared::board::Board;
use shared::element::{NewElement, Shape, Style};
use shared::id::{Batch, ClientId};
use shared::limits::{FRAME_MAX_BYTES, PROTOCOL_VERSION, SILENCE_MAX};
use shared::protocol::{ClientMessage, CloseCode, Hello, NewUpdate};
use tokio::time::{pause, resume, sleep};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::protocol::frame::Frame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::{Data, OpCode};

use crate::limited::{Limited, Socket, hello};

const PAGE: &str = include_str!("../../../docs/protocol.md");

/// Codes that are kept for what is not built yet: tokens.
const KEPT: [u16; 1] = [4001];

/// Each code in the page's table, and whether it says that coming again cannot help.
fn rows() -> Vec<(u16, bool)> {
    let (_, section) = PAGE.split_once("## Close codes").unwrap();
    let row = |line: &str| {
        let code = line.strip_prefix("| ")?.split(' ').next()?.parse().ok()?;
        Some((code, line.contains("**final**")))
    };
    section.lines().filter_map(row).collect()
}

#[tokio::test]
async fn every_close_code_is_used_as_the_protocol_page_says() {
    let rows = rows();
    assert!(rows.len() >= 14, "{} codes were found", rows.len());
    for (code, is_final) in rows {
        assert_eq!(CloseCode::is_final(code), is_final, "{code}");
        if KEPT.contains(&code) {
            continue;
        }
        let ending = match code {
            1000 => a_goodbye().await,
            1001 => a_silent_peer().await,
            1002 => first_frame(reserved()).await,
            1008 => first_frame(Message::text("hello")).await,
            1009 => first_frame(Message::binary(vec![0; FRAME_MAX_BYTES + 1])).await,
            1011 => a_store_that_fails().await,
            1012 => a_restart().await,
            1013 => one_too_many(Limits { connections: 0, ..Limits::default() }).await,
            4003 => first_frame(Message::binary(&b"\xc1 garbage"[..])).await,
            4004 => no_hello().await,
            4008 => a_flood().await,
            4009 => one_too_many(Limits { room_members: 0, ..Limits::default() }).await,
            4010 => a_newer_version().await,
            _ => panic!("nothing here ends with {code}"),
        };
        // Nobody has to be told why if all is well.
        assert_eq!(ending, (Some(code).filter(|&code| code != 1000), code));
    }
}

type Ending = (Option<u16>, u16);

async fn send(socket: &mut Socket, frame: Message) {
    // Whoever is being thrown out cannot always finish.
    socket.socket.send(frame).await.ok();
}

async fn first_frame(frame: Message) -> Ending {
    let server = Limited::start(Limits::default()).await;
    let mut socket = server.connect("a").await;
    send(&mut socket, frame).await;
    socket.ending().await
}

async fn one_too_many(limits: Limits) -> Ending {
    let server = Limited::start(limits).await;
    server.hello("a", 1).await.ending().await
}

/// A frame of a kind that means nothing.
fn reserved() -> Message {
    Message::Frame(Frame::message("?", OpCode::Data(Data::Reserved(3)), true))
}

async fn a_goodbye() -> Ending {
    let server = Limited::start(Limits::default()).await;
    let mut ann = server.join("a", 1).await;
    let goodbye = CloseFrame { code: 1000.into(), reason: "".into() };
    send(&mut ann, Message::Close(Some(goodbye))).await;
    ann.ending().await
}

/// Time is simulated for as long as nothing is said.
async fn a_silent_peer() -> Ending {
    let server = Limited::start(Limits::default()).await;
    let mut ann = server.join("a", 1).await;
    pause();
    // She reads nothing either, and so answers no ping.
    sleep(SILENCE_MAX + Duration::from_millis(100)).await;
    resume();
    ann.ending().await
}

/// Its table is taken away behind its back.
async fn a_store_that_fails() -> Ending {
    let server = Limited::start(Limits::default()).await;
    let mut ann = server.join("a", 1).await;
    let database = Connection::open(server.data.path().join("tandem.db")).unwrap();
    database.execute_batch("ALTER TABLE updates RENAME TO gone").unwrap();
    let mut board = Board::new(ClientId::new(1).unwrap(), 1);
    board.insert(NewElement::new(None, Style::default(), Shape::Ellipse));
    let bytes = board.take_updates().remove(0);
    ann.say(&ClientMessage::Update(NewUpdate { batch: Batch(1), bytes })).await;
    ann.ending().await
}

async fn a_restart() -> Ending {
    let server = Limited::start(Limits::default()).await;
    let mut ann = server.join("a", 1).await;
    tokio::join!(ann.ending(), server.running.shutdown()).0
}

async fn no_hello() -> Ending {
    let hello_timeout = Duration::from_millis(50);
    let server = Limited::start(Limits { hello_timeout, ..Limits::default() }).await;
    server.connect("a").await.ending().await
}

async fn a_flood() -> Ending {
    let server = Limited::start(Limits { messages_per_second: 1, ..Limits::default() }).await;
    let mut ann = server.join("a", 1).await;
    for number in 0..40 {
        ann.say(&ClientMessage::Ping(number)).await;
    }
    ann.ending().await
}

async fn a_newer_version() -> Ending {
    let newer = Hello { version: PROTOCOL_VERSION + 1, ..hello(1) };
    first_frame(Message::binary(ClientMessage::Hello(newer).encode())).await
}
