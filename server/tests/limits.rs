//! Each limit over a real socket: whoever is over it is told so by the right close code, it is
//! counted, and nobody else notices.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use server::{Config, Limits, Running, Server};
use shared::color::Color;
use shared::id::{ClientId, Seq};
use shared::limits::PROTOCOL_VERSION;
use shared::protocol::{ClientMessage, Hello, Identity, ServerMessage};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

struct Limited {
    running: Running,
    _data: TempDir,
}

impl Limited {
    async fn start(limits: Limits) -> Self {
        let data = tempfile::tempdir().unwrap();
        let config =
            Config { listen: ([127, 0, 0, 1], 0).into(), data: data.path().into(), limits };
        Self { running: Server::start(config).await.unwrap(), _data: data }
    }

    async fn connect(&self, room: &str) -> Socket {
        let url = format!("ws://{}/ws/{room}", self.running.addr());
        Socket(connect_async(url).await.unwrap().0)
    }

    /// Says hello, and waits for the welcome.
    async fn join(&self, room: &str, client: u64) -> Socket {
        let mut socket = self.hello(room, client).await;
        while !matches!(socket.hear().await, ServerMessage::Welcome(_)) {}
        socket
    }

    async fn hello(&self, room: &str, client: u64) -> Socket {
        let mut socket = self.connect(room).await;
        let hello = Hello {
            version: PROTOCOL_VERSION,
            token: None,
            identity: Identity::new("Ann", Color::INK),
            client: ClientId::new(client).unwrap(),
            ticket: None,
            incarnation: None,
            last_seq: Seq(0),
            state_vector: vec![0],
        };
        socket.say(&ClientMessage::Hello(hello)).await;
        socket
    }

    async fn get(&self, path: &str) -> String {
        let mut stream = TcpStream::connect(self.running.addr()).await.unwrap();
        let head = format!("GET {path} HTTP/1.1\r\nhost: test\r\nconnection: close\r\n\r\n");
        stream.write_all(head.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        answer
    }

    /// Checks how often something was refused for this reason.
    async fn check_refused(&self, reason: &str, n_times: usize) {
        let line = format!("tandem_refused_total{{reason=\"{reason}\"}} {n_times}");
        let metrics = self.get("/metrics").await;
        assert!(metrics.lines().any(|it| it == line), "{line} is not in {metrics}");
    }
}

struct Socket(WebSocketStream<MaybeTlsStream<TcpStream>>);

impl Socket {
    async fn say(&mut self, message: &ClientMessage) {
        // Whoever is being thrown out cannot always finish.
        self.0.send(Message::binary(message.encode())).await.ok();
    }

    async fn hear(&mut self) -> ServerMessage {
        loop {
            if let Message::Binary(frame) = self.0.next().await.unwrap().unwrap() {
                return ServerMessage::decode(&frame).unwrap();
            }
        }
    }

    async fn closed(&mut self) -> u16 {
        loop {
            if let Message::Close(frame) = self.0.next().await.unwrap().unwrap() {
                return frame.unwrap().code.into();
            }
        }
    }

    /// It is still served.
    async fn check_alive(&mut self) {
        self.say(&ClientMessage::Ping(7)).await;
        while self.hear().await != ServerMessage::Pong(7) {}
    }
}

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
        flood.0.send(Message::Ping(vec![0; 100].into())).await.ok();
    }
    assert_eq!(flood.closed().await, 4008, "control frames count too");
}

#[tokio::test]
async fn bytes_are_limited_by_the_second() {
    let server = Limited::start(Limits { bytes_per_second: 1000, ..Limits::default() }).await;
    let mut ann = server.join("a", 1).await;
    let mut flood = server.join("a", 2).await;
    flood.0.send(Message::binary(vec![0xc1; 21_000])).await.unwrap();
    assert_eq!(flood.closed().await, 4008);
    server.check_refused("byte_rate", 1).await;
    ann.check_alive().await;
}

#[tokio::test]
async fn a_hello_is_due_in_time() {
    let hello_timeout = Duration::from_millis(50);
    let server = Limited::start(Limits { hello_timeout, ..Limits::default() }).await;
    assert_eq!(server.connect("a").await.closed().await, 4004);
    server.check_refused("hello_timeout", 1).await;
}
