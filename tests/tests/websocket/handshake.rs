//! The request that opens a socket, and what is wrong with others.

use std::time::Duration;

use tests::{FrameSocket, TestServer};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{Instant, pause, timeout};

use crate::room::Room;

impl Room {
    /// The proper request, changed, is answered with `status`; gives the answer's head.
    async fn check_answer(&self, change: impl Fn(String) -> String, status: u16) -> String {
        let request = change(FrameSocket::upgrade(self.site, "r", ""));
        let (head, _) = FrameSocket::request(self.site, request.as_bytes()).await;
        assert!(head.starts_with(&format!("HTTP/1.1 {status} ")), "{request}{head}");
        self.check_undisturbed().await;
        head
    }
}

/// The request without the header of this name.
fn without(name: &str) -> impl Fn(String) -> String {
    move |request| {
        let lines = request.split_inclusive("\r\n");
        let rest: String = lines.filter(|line| !line.starts_with(name)).collect();
        assert_ne!(rest, request);
        rest
    }
}

/// The request with this line added.
fn with(line: String) -> impl Fn(String) -> String {
    move |request| format!("{}{line}\r\n\r\n", request.strip_suffix("\r\n").unwrap())
}

#[tokio::test]
async fn names_and_values_are_read_in_any_case() {
    let room = Room::open().await;
    let shout = |request: String| {
        request
            .replace("Upgrade: websocket", "UPGRADE: WebSocket")
            .replace("Connection: Upgrade", "connection: keep-alive, UPGRADE")
    };
    room.check_answer(shout, 101).await;
}

#[tokio::test]
async fn no_extension_and_no_subprotocol_is_agreed_on() {
    let room = Room::open().await;
    let offers = "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n\
                  Sec-WebSocket-Protocol: chat, superchat\r\n";
    let request = FrameSocket::upgrade(room.site, "r", offers);
    let answer = FrameSocket::request(room.site, request.as_bytes()).await;
    assert!(!answer.0.to_ascii_lowercase().contains("sec-websocket-protocol"), "{}", answer.0);
    let mut socket = FrameSocket::opened(answer);
    socket.join(room.hello()).await;
    room.check_well(socket).await;
}

#[tokio::test]
async fn another_version_is_told_the_right_one() {
    let room = Room::open().await;
    for version in ["8", "0", "14", "x"] {
        let ask = |request: String| request.replace("Version: 13", &format!("Version: {version}"));
        let head = room.check_answer(ask, 426).await;
        assert!(head.to_ascii_lowercase().contains("sec-websocket-version: 13\r\n"), "{head}");
    }
    room.check_answer(without("Sec-WebSocket-Version"), 426).await;
}

#[tokio::test]
async fn a_request_that_asks_for_no_socket_is_refused() {
    let room = Room::open().await;
    for header in ["Sec-WebSocket-Key", "Upgrade", "Connection"] {
        room.check_answer(without(header), 400).await;
    }
    room.check_answer(|request| request.replace("Upgrade: websocket", "Upgrade: h2c"), 400).await;
    for method in ["POST ", "PUT "] {
        room.check_answer(|request| request.replace("GET ", method), 405).await;
    }
}

#[tokio::test]
async fn a_page_of_another_site_is_refused() {
    let room = Room::open().await;
    for origin in ["https://evil.example", "null", "file://", "http://127.0.0.1.evil.example"] {
        room.check_answer(with(format!("Origin: {origin}")), 403).await;
    }
    for origin in [format!("http://{}", room.site.0), "http://localhost:8080".into()] {
        room.check_answer(with(format!("Origin: {origin}")), 101).await;
    }
}

#[tokio::test]
async fn a_room_that_cannot_be_called_so_is_refused() {
    let room = Room::open().await;
    for name in ["a.b", "a%20b", "%ff", &"x".repeat(65)] {
        let ask = |request: String| request.replace("/ws/r ", &format!("/ws/{name} "));
        room.check_answer(ask, 400).await;
    }
    room.check_answer(|request| request.replace("/ws/r ", "/ws/ "), 404).await;
}

#[tokio::test]
async fn no_http_at_all_is_refused() {
    let room = Room::open().await;
    room.check_answer(|_| "\u{16}\u{3}\u{1}hello\r\n\r\n".into(), 400).await;
}

/// Time is simulated from the moment that half of the request has been sent.
#[tokio::test]
async fn a_request_is_due_in_time() {
    let server = TestServer::start().await;
    let mut stream = TcpStream::connect(server.site.0).await.unwrap();
    stream.write_all(b"GET /ws/r HTTP/1.1\r\nHost:").await.unwrap();
    pause();
    let ended = timeout(Duration::from_secs(600), stream.read_to_end(&mut Vec::new())).await;
    ended.expect("it is waited for").ok();
}

#[tokio::test]
async fn a_request_that_never_ends_does_not_keep_a_server_from_stopping() {
    let server = TestServer::start().await;
    let mut stream = TcpStream::connect(server.site.0).await.unwrap();
    stream.write_all(b"GET /ws/r HTTP/1.1\r\nHost:").await.unwrap();
    // Whoever is answered came later, so half of that one is known.
    server.site.request("GET /healthz", b"").await;
    pause();
    let start = Instant::now();
    server.shutdown().await;
    assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
}
