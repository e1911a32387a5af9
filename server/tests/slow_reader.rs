//! Somebody who reads slowly or not at all, while others draw: ends with the same board, costs the
//! server a bounded amount of memory, and disturbs nobody.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use server::store::SqliteStore;
use server::{App, Limits, Shards, http};
use shared::board::Board;
use shared::color::Color;
use shared::element::{NewElement, Shape, Style, Text};
use shared::id::{Batch, ClientId};
use shared::limits::SILENCE_MAX;
use shared::protocol::{ClientMessage, Hello, Identity, NewUpdate, ServerMessage};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio::sync::{Barrier, mpsc};
use tokio::task::JoinSet;
use tokio::time::{Instant, pause, resume, sleep, timeout};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{WebSocketStream, client_async};

const N_OTHERS: u64 = 50;
const OUTBOX_BYTES: usize = 64 * 1024;
/// What the system keeps for the server's end of a socket. It keeps some 64 KiB for the other end.
const BUFFER_BYTES: u32 = 16 * 1024;
/// How long anything may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(30);

fn hello(board: &Board) -> Hello {
    Hello::new(Identity::new("Ann", Color::INK), board.author(), board.state_vector())
}

fn board(author: u64) -> Board {
    Board::new(ClientId::new(author).unwrap(), author)
}

/// Writes a text of about so many bytes.
fn write(board: &mut Board, n_bytes: usize) -> Vec<u8> {
    let value = "x".repeat(n_bytes);
    let text = Text { value, ..Text::default() };
    board.insert(NewElement::new(None, Style::default(), Shape::Text(text)));
    board.take_updates().remove(0)
}

/// A server whose ends of the sockets take little, so that what is not read soon waits in outboxes.
struct Tight {
    addr: SocketAddr,
    app: App,
    _data: TempDir,
}

impl Tight {
    fn start(limits: Limits) -> Self {
        let data = tempfile::tempdir().unwrap();
        let app =
            App::new(SqliteStore::open(data.path()).unwrap(), limits, Shards::start(0).unwrap());
        let socket = TcpSocket::new_v4().unwrap();
        socket.set_send_buffer_size(BUFFER_BYTES).unwrap();
        socket.bind(([127, 0, 0, 1], 0).into()).unwrap();
        let listener = socket.listen(1024).unwrap();
        let addr = listener.local_addr().unwrap();
        tokio::spawn(http::serve(listener, app.clone()));
        Self { addr, app, _data: data }
    }

    /// Somebody new in the room.
    async fn join(&self, author: u64) -> Somebody {
        let mut somebody = self.hello(author).await;
        somebody.until("its welcome", |it| it.is_welcome).await;
        somebody
    }

    /// Somebody who has said hello, and not heard the welcome yet.
    async fn hello(&self, author: u64) -> Somebody {
        let stream = TcpStream::connect(self.addr).await.unwrap();
        let url = format!("ws://{}/ws/r", self.addr);
        let socket = client_async(url, stream).await.unwrap().0;
        let board = board(author);
        let mut somebody =
            Somebody { socket, board, is_welcome: false, n_updates: 0, n_acks: 0, n_left: 0 };
        let hello = hello(&somebody.board);
        somebody.say(&ClientMessage::Hello(hello)).await;
        somebody
    }

    /// What is counted under a name, labels included.
    fn count(&self, name: &str) -> u64 {
        let metrics = self.app.metrics.encode().unwrap();
        let mut values = metrics.lines().filter_map(|it| it.strip_prefix(name)?.strip_prefix(' '));
        values.next().map_or(0, |value| value.parse().unwrap())
    }
}

/// One of those in the room, with a socket.
struct Somebody {
    socket: WebSocketStream<TcpStream>,
    board: Board,
    is_welcome: bool,
    n_updates: u64,
    n_acks: u64,
    n_left: u64,
}

impl Somebody {
    async fn say(&mut self, message: &ClientMessage) {
        self.socket.send(Message::binary(message.encode())).await.unwrap();
    }

    async fn draw(&mut self, batch: u64, n_bytes: usize) {
        let bytes = write(&mut self.board, n_bytes);
        self.say(&ClientMessage::Update(NewUpdate { batch: Batch(batch), bytes })).await;
    }

    /// Reads until `is_enough`; `what` says in a failure what was waited for.
    async fn until(&mut self, what: &str, is_enough: impl Fn(&Self) -> bool) {
        let reading = async {
            while !is_enough(self) {
                let message = self.socket.next().await.expect("it is over").unwrap();
                let Message::Binary(frame) = message else { continue };
                match ServerMessage::decode(&frame).unwrap() {
                    ServerMessage::Welcome(welcome) => {
                        self.is_welcome = true;
                        self.board.apply_remote(&welcome.update).unwrap();
                    }
                    ServerMessage::Update(update) => {
                        self.n_updates += 1;
                        self.board.apply_remote(&update.bytes).unwrap();
                    }
                    ServerMessage::Ack(_) => self.n_acks += 1,
                    ServerMessage::Left(_) => self.n_left += 1,
                    _ => {}
                }
            }
        };
        if timeout(PATIENCE, reading).await.is_err() {
            let Self { board, is_welcome, n_updates, n_acks, n_left, .. } = self;
            let (author, n_elements) = (board.author(), board.n_elements());
            panic!(
                "{author:?} waited in vain for {what}: {is_welcome}, {n_elements} elements, \
                 {n_updates} updates, {n_acks} acks, {n_left} left"
            );
        }
    }

    /// Reads to the end. Gives the code of the error message and that of the close frame.
    async fn ending(&mut self) -> (Option<u16>, Option<u16>) {
        let (mut told, mut code) = (None, None);
        let reading = async {
            while let Some(Ok(message)) = self.socket.next().await {
                match message {
                    Message::Binary(frame) => {
                        if let Ok(ServerMessage::Error(report)) = ServerMessage::decode(&frame) {
                            told = Some(report.code);
                        }
                    }
                    Message::Close(frame) => code = frame.map(|frame| frame.code.into()),
                    _ => {}
                }
            }
        };
        timeout(PATIENCE, reading).await.expect("it does not end");
        (told, code)
    }
}

#[tokio::test]
async fn over_a_socket_it_ends_with_the_same_board() {
    let server = Tight::start(Limits { outbox_bytes: OUTBOX_BYTES, ..Limits::default() });
    let mut slow = server.join(1).await;
    let mut others = JoinSet::new();
    let all_are_there = Arc::new(Barrier::new(N_OTHERS as usize));
    let (drawn, mut done) = mpsc::channel(N_OTHERS as usize);
    for author in 2..2 + N_OTHERS {
        let (mut other, drawn) = (server.join(author).await, drawn.clone());
        let all_are_there = Arc::clone(&all_are_there);
        others.spawn(async move {
            all_are_there.wait().await;
            other.draw(1, 10_000).await;
            other.until("its acknowledgement", |it| it.n_acks == 1).await;
            drawn.send(()).await.unwrap();
            // Reads on, and so disturbs nobody.
            other.until("the end of the test", |_| false).await;
        });
    }
    for _ in 0..N_OTHERS {
        timeout(PATIENCE, done.recv()).await.expect("it is not acknowledged");
    }
    assert!(server.count("tandem_outbox_overflows_total{lane=\"updates\"}") >= 1);
    slow.until("all that was drawn", |it| it.board.n_elements() as u64 == N_OTHERS).await;
    assert!(slow.n_updates < N_OTHERS / 2, "{} updates instead of a diff", slow.n_updates);
    assert!(server.count("tandem_resyncs_total") >= 1);

    let mut late = server.join(2 + N_OTHERS).await;
    assert!(slow.board.elements().eq(late.board.elements()), "another board");
    // From here on it is like everybody.
    slow.n_updates = 0;
    late.draw(1, 10).await;
    slow.until("the last edit", |it| it.n_updates == 1).await;
    assert!(slow.board.elements().eq(late.board.elements()), "another board");
}

/// Time is simulated from the moment that the socket takes no more.
#[tokio::test]
async fn who_takes_nothing_for_too_long_is_closed() {
    let server = Tight::start(Limits::default());
    let mut stalled = server.join(1).await;
    let mut ann = server.join(2).await;
    // Its socket takes no more from some moment of this on.
    let before = Instant::now();
    // More than the system takes, less than the outbox: what waits is never replaced by a diff.
    for batch in 1..=30 {
        ann.draw(batch, 15_000).await;
        ann.until("its acknowledgement", |it| it.n_acks == batch).await;
    }
    let start = Instant::now();
    pause();
    // Ann reads on, and so answers pings.
    let reading =
        tokio::spawn(async move { ann.until("somebody gone", |it| it.n_left == 1).await });
    while server.count("tandem_stalled_connections_total") == 0 {
        sleep(Duration::from_millis(100)).await;
        assert!(start.elapsed() < SILENCE_MAX, "it was taken for dead instead");
    }
    resume();
    assert!(before.elapsed() >= server.app.limits.stalled_max);
    // It is told, as it wakes up right now.
    assert_eq!(stalled.ending().await, (Some(1013), Some(1013)));
    reading.await.unwrap();
}

/// Time is simulated from the moment that the welcome begins to come.
#[tokio::test]
async fn who_takes_a_little_now_and_then_is_not_closed() {
    /// About what the system keeps for this end, so that the other end can send some more.
    const STEP_BYTES: usize = 64 * 1024;
    const N_DRAWN: u64 = 8;
    let server = Tight::start(Limits::default());
    let mut ann = server.join(1).await;
    for batch in 1..=N_DRAWN {
        ann.draw(batch, 100_000).await;
        ann.until("its acknowledgement", |it| it.n_acks == batch).await;
    }
    drop(ann);
    let mut slow = server.hello(2).await.socket.into_inner();
    let mut n_bytes = 0;
    while n_bytes < 100_000 * N_DRAWN as usize {
        let mut bytes = vec![0; STEP_BYTES];
        let taken = timeout(PATIENCE, slow.read(&mut bytes)).await;
        let n_taken = taken.expect("nothing comes").unwrap_or(0);
        let n_stalled = server.count("tandem_stalled_connections_total");
        assert_ne!(n_taken, 0, "closed after {n_bytes} bytes; {n_stalled} stalled");
        n_bytes += n_taken;
        if n_bytes == n_taken {
            pause();
        }
        // An empty pong: it lives. If it was closed, that is noticed when it reads.
        slow.write_all(&[0x8a, 0x80, 0, 0, 0, 0]).await.ok();
        // The system tells the other end of free space only when there is a good deal of it.
        sleep(Duration::from_secs(4)).await;
    }
    assert_eq!(server.count("tandem_stalled_connections_total"), 0);
}

/// Time is simulated from the moment that the server begins to stop.
#[tokio::test]
async fn who_takes_nothing_does_not_keep_a_server_from_stopping() {
    let server = Tight::start(Limits::default());
    let _stalled = server.join(1).await;
    let mut ann = server.join(2).await;
    for batch in 1..=30 {
        ann.draw(batch, 15_000).await;
        ann.until("its acknowledgement", |it| it.n_acks == batch).await;
    }
    pause();
    let start = Instant::now();
    server.app.stop.cancel();
    server.app.tasks.close();
    drop(ann);
    server.app.tasks.wait().await;
    assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
}
