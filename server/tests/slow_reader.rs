//! Somebody who reads slowly or not at all, while others draw: ends with the same board, costs the
//! server a bounded amount of memory, and disturbs nobody.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use std::sync::Arc;
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use server::metrics::Metrics;
use server::outbox::Outbox;
use server::rooms::{Membership, Rooms};
use server::store::Store;
use server::{Config, Limits, Server};
use shared::board::Board;
use shared::color::Color;
use shared::element::{Align, Font, NewElement, Shape, Style, Text};
use shared::geometry::BoardPoint;
use shared::id::{Batch, ClientId, RoomName, Seq};
use shared::limits::PROTOCOL_VERSION;
use shared::presence::PresencePatch;
use shared::protocol::{ClientMessage, Hello, Identity, NewUpdate, ServerMessage};
use tokio::net::{TcpSocket, TcpStream};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{WebSocketStream, client_async};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

const N_OTHERS: u64 = 50;
const OUTBOX_BYTES: usize = 64 * 1024;

fn hello(board: &Board) -> Hello {
    Hello {
        version: PROTOCOL_VERSION,
        token: None,
        identity: Identity::new("Ann", Color::INK),
        client: board.author(),
        ticket: None,
        incarnation: None,
        last_seq: Seq(0),
        state_vector: board.state_vector(),
    }
}

fn board(author: u64) -> Board {
    Board::new(ClientId::new(author).unwrap(), author)
}

/// Writes a text of about so many bytes.
fn write(board: &mut Board, n_bytes: usize) -> Vec<u8> {
    let value = "x".repeat(n_bytes);
    let text = Text {
        lines: Vec::new(),
        size: 20.0,
        font: Font::Hand,
        align: Align::Left,
        container: None,
        value,
    };
    board.insert(NewElement::new(None, Style::default(), Shape::Text(text)));
    board.take_updates().remove(0)
}

fn cursor(x: f64) -> ClientMessage {
    let cursor = Some(Some(BoardPoint::new(x, 0.0).into()));
    ClientMessage::Presence(PresencePatch { cursor, ..Default::default() })
}

/// One of those in the room, without a socket.
struct Peer {
    board: Board,
    outbox: Outbox,
    membership: Membership,
    n_updates: usize,
    n_acks: u64,
    seq: Seq,
}

impl Peer {
    async fn join(rooms: &Rooms, author: u64) -> Self {
        let (board, outbox) = (board(author), Outbox::new(OUTBOX_BYTES));
        let room = rooms.open(&RoomName::parse("r").unwrap()).unwrap();
        let joining = room.join(rooms.next_conn(), hello(&board), outbox.clone());
        let membership = joining.await.unwrap();
        Self { board, outbox, membership, n_updates: 0, n_acks: 0, seq: Seq(0) }
    }

    async fn edit(&mut self, batch: u64, n_bytes: usize) {
        let bytes = write(&mut self.board, n_bytes);
        let update = NewUpdate { batch: Batch(batch), bytes };
        self.membership.send(ClientMessage::Update(update)).await.unwrap();
    }

    /// Reads until `is_enough`, and tells the room when all that was left is read.
    async fn read_until(&mut self, is_enough: impl Fn(&Self) -> bool) {
        while !is_enough(self) {
            let batch = tokio::select! {
                batch = self.outbox.next() => batch,
                () = self.outbox.drained() => {
                    self.membership.drained().await.unwrap();
                    continue;
                }
            };
            assert_eq!(batch.ending, None);
            for frame in batch.frames {
                match ServerMessage::decode(&frame).unwrap() {
                    ServerMessage::Welcome(welcome) => self.take(welcome.seq, &welcome.update),
                    ServerMessage::Update(update) => {
                        self.n_updates += 1;
                        self.take(update.seq, &update.bytes);
                    }
                    ServerMessage::Ack(batch) => self.n_acks = self.n_acks.max(batch.0),
                    _ => {}
                }
            }
        }
    }

    fn take(&mut self, seq: Seq, update: &[u8]) {
        self.board.apply_remote(update).unwrap();
        self.seq = self.seq.max(seq);
    }
}

#[tokio::test]
async fn a_room_keeps_little_for_a_slow_reader_and_sends_one_diff() {
    const N_ROUNDS: u64 = 4;
    let data = tempfile::tempdir().unwrap();
    let store = Store::open(data.path()).unwrap();
    let metrics = Metrics::default();
    let rooms = Rooms::new(
        store,
        Arc::default(),
        metrics.clone(),
        CancellationToken::new(),
        TaskTracker::new(),
    );
    let mut slow = Peer::join(&rooms, 1).await;
    let mut others = Vec::new();
    for author in 2..2 + N_OTHERS {
        others.push(Peer::join(&rooms, author).await);
    }
    slow.edit(1, 10).await;
    for round in 1..=N_ROUNDS {
        for other in &mut others {
            other.edit(round, 1000).await;
            other.membership.send(cursor(round as f64)).await.unwrap();
        }
        for other in &mut others {
            other.read_until(|it| it.n_acks == round).await;
            assert!(slow.outbox.n_bytes() <= OUTBOX_BYTES, "{} bytes", slow.outbox.n_bytes());
        }
    }
    let end = Seq(1 + N_ROUNDS * N_OTHERS);
    slow.read_until(|it| it.seq == end && it.n_acks == 1).await;
    assert!(slow.n_updates < 100, "{} updates instead of a diff", slow.n_updates);
    for other in &mut others {
        other.read_until(|it| it.seq.0 >= end.0 - 1).await;
    }
    let elements: Vec<_> = others[0].board.elements().cloned().collect();
    assert_eq!(elements.len() as u64, end.0);
    assert!(slow.board.elements().eq(&elements), "another board");

    let metrics = metrics.encode().unwrap();
    assert!(!metrics.contains("tandem_resyncs_total 0\n"), "{metrics}");

    // From here on it is like everybody.
    others[0].edit(N_ROUNDS + 1, 10).await;
    slow.read_until(|it| it.seq == end.next()).await;
    assert_eq!(slow.board.n_elements() as u64, end.next().0);
}

/// A socket to the room.
async fn connect(server: &server::Running) -> WebSocketStream<TcpStream> {
    open(server, TcpSocket::new_v4().unwrap()).await
}

/// A socket that takes little before it is read.
async fn connect_slow(server: &server::Running) -> WebSocketStream<TcpStream> {
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(16 * 1024).unwrap();
    open(server, socket).await
}

async fn open(server: &server::Running, socket: TcpSocket) -> WebSocketStream<TcpStream> {
    let stream = socket.connect(server.addr()).await.unwrap();
    client_async(format!("ws://{}/ws/r", server.addr()), stream).await.unwrap().0
}

async fn say(socket: &mut WebSocketStream<TcpStream>, message: &ClientMessage) {
    socket.send(Message::binary(message.encode())).await.unwrap();
}

#[tokio::test]
async fn over_a_socket_it_ends_with_the_same_board() {
    const N_BYTES: usize = 150_000;
    let data = tempfile::tempdir().unwrap();
    let limits = Limits { outbox_bytes: OUTBOX_BYTES, ..Limits::default() };
    let config = Config { listen: ([127, 0, 0, 1], 0).into(), data: data.path().into(), limits };
    let server = Server::start(config).await.unwrap();
    let mut slow_board = board(1);
    let mut slow = connect_slow(&server).await;
    say(&mut slow, &ClientMessage::Hello(hello(&slow_board))).await;
    let mut drawing = Vec::new();
    for author in 2..2 + N_OTHERS {
        let mut socket = connect(&server).await;
        drawing.push(tokio::spawn(async move {
            let mut board = board(author);
            say(&mut socket, &ClientMessage::Hello(hello(&board))).await;
            // Each reads and writes on; only the acknowledgement counts.
            let bytes = write(&mut board, N_BYTES);
            say(&mut socket, &ClientMessage::Update(NewUpdate { batch: Batch(1), bytes })).await;
            while let Some(Ok(message)) = socket.next().await {
                let frame = message.into_data();
                if matches!(ServerMessage::decode(&frame), Ok(ServerMessage::Ack(_))) {
                    return;
                }
            }
            panic!("never acknowledged");
        }));
    }
    for drawing in drawing {
        drawing.await.unwrap();
    }
    let mut n_updates = 0;
    while slow_board.n_elements() < N_OTHERS as usize {
        let frame = slow.next().await.unwrap().unwrap().into_data();
        match ServerMessage::decode(&frame) {
            Ok(ServerMessage::Welcome(welcome)) => {
                slow_board.apply_remote(&welcome.update).unwrap();
            }
            Ok(ServerMessage::Update(update)) => {
                n_updates += 1;
                slow_board.apply_remote(&update.bytes).unwrap();
            }
            // A ping, or news of people.
            _ => {}
        }
    }
    assert!(n_updates < N_OTHERS, "{n_updates} updates, so nothing was dropped");
    server.shutdown().await;
}

#[tokio::test]
async fn who_takes_nothing_for_too_long_is_closed() {
    let data = tempfile::tempdir().unwrap();
    let stalled_max = Duration::from_millis(200);
    let limits = Limits { outbox_bytes: OUTBOX_BYTES, stalled_max, ..Limits::default() };
    let config = Config { listen: ([127, 0, 0, 1], 0).into(), data: data.path().into(), limits };
    let server = Server::start(config).await.unwrap();
    let mut stalled = connect_slow(&server).await;
    say(&mut stalled, &ClientMessage::Hello(hello(&board(1)))).await;
    let mut ann_board = board(2);
    let mut ann = connect(&server).await;
    say(&mut ann, &ClientMessage::Hello(hello(&ann_board))).await;
    // More than the system's own buffers take.
    for batch in 1..=1000 {
        let bytes = write(&mut ann_board, 15_000);
        say(&mut ann, &ClientMessage::Update(NewUpdate { batch: Batch(batch), bytes })).await;
    }
    loop {
        let frame = ann.next().await.unwrap().unwrap().into_data();
        if let Ok(ServerMessage::Left(_)) = ServerMessage::decode(&frame) {
            break;
        }
    }
    server.shutdown().await;
}
