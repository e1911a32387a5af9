//! A whole server on a free port: sockets, routes and a restart, as a stranger's program sees them.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use futures_util::{SinkExt, StreamExt};
use server::{Config, Limits, Running, Server};
use shared::board::Board;
use shared::color::Color;
use shared::element::{NewElement, Shape, Style};
use shared::geometry::{BoardPoint, Geometry};
use shared::id::{Batch, ClientId};
use shared::limits::{FRAME_MAX_BYTES, PROTOCOL_VERSION};
use shared::presence::PresencePatch;
use shared::protocol::{ClientMessage, Hello, Identity, NewUpdate, ServerMessage, Welcome};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

/// A server and the folder that it keeps.
struct TestServer {
    running: Running,
    data: TempDir,
}

impl TestServer {
    async fn start() -> Self {
        Self::start_on(tempfile::tempdir().unwrap()).await
    }

    async fn start_on(data: TempDir) -> Self {
        let config = Config {
            listen: ([127, 0, 0, 1], 0).into(),
            data: data.path().join("data"),
            limits: Limits::default(),
            room_threads: 1,
        };
        Self { running: Server::start(config).await.unwrap(), data }
    }

    async fn restart(self) -> Self {
        self.running.shutdown().await;
        Self::start_on(self.data).await
    }

    async fn connect(&self, room: &str) -> Socket {
        let url = format!("ws://{}/ws/{room}", self.running.addr());
        Socket(connect_async(url).await.unwrap().0)
    }

    /// Joins with a fresh board and gives the welcome.
    async fn join(&self, room: &str, board: &Board) -> (Socket, Welcome) {
        let mut socket = self.connect(room).await;
        socket.say(&ClientMessage::Hello(hello(board))).await;
        match socket.hear().await {
            ServerMessage::Welcome(welcome) => (socket, welcome),
            other => panic!("expected a welcome, not {other:?}"),
        }
    }

    /// Joins, taking the board in pieces: how many came before the welcome, and all of the update.
    async fn look_in_pieces(&self, room: &str, board: &Board) -> (usize, Vec<u8>) {
        let mut socket = self.connect(&format!("{room}?pieces")).await;
        socket.say(&ClientMessage::Hello(hello(board))).await;
        let (mut n_pieces, mut whole) = (0, Vec::new());
        loop {
            match socket.hear().await {
                ServerMessage::Ahead(mut piece) => whole.append(&mut piece),
                ServerMessage::Welcome(mut welcome) => {
                    whole.append(&mut welcome.update);
                    return (n_pieces, whole);
                }
                other => panic!("expected a welcome, not {other:?}"),
            }
            n_pieces += 1;
        }
    }

    /// Status and body of a request.
    async fn request(&self, head: &str, body: &[u8]) -> (u16, String) {
        let mut stream = TcpStream::connect(self.running.addr()).await.unwrap();
        let length = body.len();
        let head = format!(
            "{head} HTTP/1.1\r\nhost: test\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n"
        );
        stream.write_all(head.as_bytes()).await.unwrap();
        // A server that refuses a body need not read it.
        stream.write_all(body).await.ok();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await.ok();
        let answer = String::from_utf8(answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        (head.split(' ').nth(1).unwrap().parse().unwrap(), body.to_owned())
    }
}

struct Socket(WebSocketStream<MaybeTlsStream<TcpStream>>);

impl Socket {
    async fn say(&mut self, message: &ClientMessage) {
        self.0.send(Message::Binary(message.encode().into())).await.unwrap();
    }

    async fn hear(&mut self) -> ServerMessage {
        loop {
            match self.0.next().await.unwrap().unwrap() {
                Message::Binary(frame) => return ServerMessage::decode(&frame).unwrap(),
                Message::Ping(_) => {}
                other => panic!("expected a message, not {other:?}"),
            }
        }
    }

    /// The code with which the server closes; an error message of the same code comes before.
    async fn closed(&mut self) -> u16 {
        let mut told = None;
        loop {
            match self.0.next().await.unwrap().unwrap() {
                Message::Binary(frame) => {
                    if let ServerMessage::Error(report) = ServerMessage::decode(&frame).unwrap() {
                        told = Some(report.code);
                    }
                }
                Message::Close(frame) => {
                    let code = frame.unwrap().code.into();
                    assert_eq!(told, Some(code));
                    return code;
                }
                _ => {}
            }
        }
    }
}

fn board(author: u64) -> Board {
    Board::new(ClientId::new(author).unwrap(), author)
}

fn hello(board: &Board) -> Hello {
    Hello::new(Identity::new("Ann", Color::INK), board.author(), board.state_vector())
}

fn draw(board: &mut Board) -> ClientMessage {
    let geometry = Geometry { x: 1.0, y: 2.0, w: 3.0, h: 4.0, angle: 0.0, ..Geometry::default() };
    board.insert(NewElement::new(Some(geometry), Style::default(), Shape::Rectangle));
    let bytes = board.take_updates().remove(0);
    ClientMessage::Update(NewUpdate { batch: Batch(1), bytes })
}

#[tokio::test]
async fn an_edit_reaches_the_other_the_store_and_the_next_start() {
    let server = TestServer::start().await;
    let (mut ann_board, mut bob_board) = (board(1), board(2));
    let (mut ann, welcome) = server.join("a", &ann_board).await;
    let (mut bob, _) = server.join("a", &bob_board).await;
    assert!(matches!(ann.hear().await, ServerMessage::Joined(_)));

    ann.say(&draw(&mut ann_board)).await;
    assert_eq!(ann.hear().await, ServerMessage::Ack(Batch(1)));
    match bob.hear().await {
        ServerMessage::Update(update) => bob_board.apply_remote(&update.bytes).unwrap(),
        other => panic!("expected the update, not {other:?}"),
    }
    assert_eq!(bob_board.n_elements(), 1);

    let cursor = Some(Some(BoardPoint::new(1.0, 1.0).into()));
    let patch = PresencePatch { cursor, ..Default::default() };
    bob.say(&ClientMessage::Presence(patch)).await;
    let (told_ann, told_bob) = (ann.hear().await, bob.hear().await);
    assert!(matches!(&told_ann, ServerMessage::Presences(changes) if changes.len() == 1));
    assert_eq!(told_ann, told_bob);

    let (_, summary) = server.request("GET /api/rooms/a", b"").await;
    let summary: serde_json::Value = serde_json::from_str(&summary).unwrap();
    assert_eq!(summary["elements"], 1);
    assert_eq!(summary["members"], 2);
    assert_eq!(summary["sequence"], 1);

    let restarting = tokio::spawn(server.restart());
    assert_eq!(ann.closed().await, 1012);
    assert_eq!(bob.closed().await, 1012);
    let server = restarting.await.unwrap();
    let mut fresh = board(3);
    let (_, again) = server.join("a", &fresh).await;
    fresh.apply_remote(&again.update).unwrap();
    assert_eq!(fresh.n_elements(), 1);
    assert_eq!(again.incarnation, welcome.incarnation);
    server.running.shutdown().await;
}

#[tokio::test]
async fn nonsense_is_closed_with_its_code_and_disturbs_nobody() {
    let server = TestServer::start().await;
    let (mut ann, _) = server.join("a", &board(1)).await;
    let newer = Hello { version: PROTOCOL_VERSION + 1, ..hello(&board(2)) };
    for (message, code) in [
        (Message::text("hello"), 1008),
        (Message::binary(&b"\xc1 garbage"[..]), 4003),
        (Message::binary(ClientMessage::Hello(newer).encode()), 4010),
        (Message::binary(ClientMessage::Ping(1).encode()), 1008),
        (Message::binary(vec![0; FRAME_MAX_BYTES + 1]), 1009),
        (Message::binary(vec![0; 3 * FRAME_MAX_BYTES]), 1009),
    ] {
        let mut socket = server.connect("a").await;
        socket.0.send(message).await.unwrap();
        assert_eq!(socket.closed().await, code);
    }
    let mut member = server.join("a", &board(2)).await.0;
    assert!(matches!(ann.hear().await, ServerMessage::Joined(_)));
    member.0.send(Message::binary(&b"\xc1 garbage"[..])).await.unwrap();
    assert_eq!(member.closed().await, 4003);
    assert!(matches!(ann.hear().await, ServerMessage::Left(_)));
    ann.say(&ClientMessage::Ping(1)).await;
    assert_eq!(ann.hear().await, ServerMessage::Pong(1));
}

#[tokio::test]
async fn what_happens_is_counted() {
    let server = TestServer::start().await;
    let mut ann_board = board(1);
    let (mut ann, _) = server.join("a", &ann_board).await;
    ann.say(&draw(&mut ann_board)).await;
    assert_eq!(ann.hear().await, ServerMessage::Ack(Batch(1)));
    let mut stranger = server.connect("a").await;
    stranger.0.send(Message::binary(&b"\xc1 garbage"[..])).await.unwrap();
    assert_eq!(stranger.closed().await, 4003);
    let (status, metrics) = server.request("GET /metrics", b"").await;
    assert_eq!(status, 200);
    for line in [
        "tandem_rooms 1",
        "tandem_members 1",
        "tandem_updates_total 1",
        "tandem_ack_latency_seconds_count 1",
        "tandem_refused_total{reason=\"hostile\"} 1",
        "# EOF",
    ] {
        assert!(metrics.lines().any(|it| it == line), "{line} is not in {metrics}");
    }
}

#[tokio::test]
async fn whoever_vanishes_has_left() {
    let server = TestServer::start().await;
    let (mut ann, _) = server.join("a", &board(1)).await;
    let (bob, _) = server.join("a", &board(2)).await;
    assert!(matches!(ann.hear().await, ServerMessage::Joined(_)));
    drop(bob);
    assert!(matches!(ann.hear().await, ServerMessage::Left(_)));
}

#[tokio::test]
async fn rooms_begin_empty_and_only_by_their_name() {
    let server = TestServer::start().await;
    assert_eq!(server.request("GET /healthz", b"").await.0, 200);
    assert_eq!(server.request("GET /readyz", b"").await.0, 200);
    assert_eq!(server.request("GET /", b"").await.0, 200);
    assert_eq!(server.request("GET /b/a", b"").await.0, 200);
    assert_eq!(server.request("GET /nothing", b"").await.0, 404);
    let (status, body) = server.request("GET /api/rooms/never-drawn-in/board", b"").await;
    assert_eq!((status, &body[..]), (200, r#"{"elements":[]}"#));
    let long = "x".repeat(65);
    for bad in ["a%20b", "%ff", "a.b", &long] {
        for route in [
            format!("GET /api/rooms/{bad}"),
            format!("GET /api/rooms/{bad}/board"),
            format!("POST /api/rooms/{bad}/import"),
            format!("GET /b/{bad}"),
            format!("GET /ws/{bad}"),
        ] {
            let (status, body) = server.request(&route, b"").await;
            assert_eq!(status, 400, "{route}");
            assert!(body.len() > 10, "{route}: {body}");
        }
    }
    assert_eq!(server.request("GET /ws/a", b"").await.0, 400, "no WebSocket");
}

#[tokio::test]
async fn a_page_of_another_site_is_refused() {
    let server = TestServer::start().await;
    let url = format!("ws://{}/ws/a", server.running.addr());
    let mut request = url.into_client_request().unwrap();
    request.headers_mut().insert("origin", "https://evil.example".parse().unwrap());
    let error = connect_async(request).await.err().unwrap();
    assert!(matches!(error, Error::Http(answer) if answer.status() == 403));
}

#[tokio::test]
async fn an_import_is_on_the_board_when_it_is_answered() {
    let server = TestServer::start().await;
    let (mut ann, _) = server.join("a", &board(1)).await;
    let file = br##"{"type": "excalidraw", "version": 2, "elements": [
        {"id": "one", "type": "rectangle", "x": 1, "y": 2, "width": 3, "height": 4},
        {"id": "two", "type": "holodeck", "x": 1, "y": 2, "width": 3, "height": 4}
    ]}"##;
    let (status, body) = server.request("POST /api/rooms/a/import", file).await;
    assert_eq!(status, 200, "{body}");
    let answer: serde_json::Value = serde_json::from_str(&body).unwrap();
    assert_eq!(answer["imported"], 1);
    assert_eq!(answer["skipped"][0]["id"], "two");
    assert!(matches!(ann.hear().await, ServerMessage::Update(_)));
    let (_, body) = server.request("GET /api/rooms/a/board", b"").await;
    assert!(body.contains(r#""kind":"rectangle""#), "{body}");

    for (body, expected) in
        [(&b"no JSON"[..], 400), (b"\xff\xfe", 400), (br#"{"type": "invoice"}"#, 422)]
    {
        let (status, answer) = server.request("POST /api/rooms/a/import", body).await;
        assert_eq!(status, expected);
        assert!(answer.starts_with(r#"{"error":"#), "{answer}");
    }
    // Refused by its length alone; nothing of it is read.
    let head = "POST /api/rooms/a/import HTTP/1.1\r\nhost: test\r\ncontent-length: 99999999";
    let mut stream = TcpStream::connect(server.running.addr()).await.unwrap();
    stream.write_all(format!("{head}\r\n\r\n").as_bytes()).await.unwrap();
    let mut start = [0; 12];
    stream.read_exact(&mut start).await.unwrap();
    assert_eq!(&start, b"HTTP/1.1 413");
}

#[tokio::test]
async fn a_large_edit_on_a_large_board_arrives_whole_and_is_acknowledged_once() {
    let server = TestServer::start().await;
    let (mut ann, mut bob) = (board(1), board(2));
    let rectangle = |x: f64| {
        let geometry = Geometry { x, ..Geometry::default() };
        NewElement::new(Some(geometry), Style::default(), Shape::Rectangle)
    };
    let (mut socket, _) = server.join("large", &ann).await;
    let edit = |batch: u64, ann: &mut Board, n_elements: u32| {
        let before = ann.state_vector();
        (0..n_elements).for_each(|i| drop(ann.insert(rectangle(f64::from(i)))));
        let bytes = ann.diff(&before).unwrap();
        ClientMessage::Update(NewUpdate { batch: Batch(batch), bytes })
    };
    socket.say(&edit(1, &mut ann, 3_000)).await;
    while socket.hear().await != ServerMessage::Ack(Batch(1)) {}
    let (mut listener, welcome) = server.join("large", &bob).await;
    bob.apply_remote(&welcome.update).unwrap();
    let (n_pieces, update) = server.look_in_pieces("large", &board(3)).await;
    assert_eq!((n_pieces, update), (welcome.update.len() / (256 * 1024), welcome.update));

    socket.say(&edit(2, &mut ann, 1_000)).await;
    // What comes behind it does not overtake it.
    socket.say(&edit(3, &mut ann, 1)).await;
    let mut answers = Vec::new();
    while !answers.contains(&ServerMessage::Ack(Batch(3))) {
        answers.push(socket.hear().await);
    }
    let acks = answers.iter().filter(|it| matches!(it, ServerMessage::Ack(_))).count();
    assert_eq!(acks, 2, "{answers:?}");
    let mut n_updates = 0;
    while bob.n_elements() < ann.n_elements() {
        if let ServerMessage::Update(update) = listener.hear().await {
            bob.apply_remote(&update.bytes).unwrap();
            n_updates += 1;
        }
    }
    assert!(n_updates > 2, "it was not cut up");
    assert!(bob.elements().eq(ann.elements()));
}
