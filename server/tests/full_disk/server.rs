//! People who draw while the disk is full: none of their edits is lost.

use std::net::SocketAddr;

use futures_util::{SinkExt, StreamExt};
use server::store::{Health, SqliteStore};
use server::{App, Limits, Shards, http};
use shared::board::Board;
use shared::color::Color;
use shared::element::{NewElement, Shape, Style};
use shared::geometry::Geometry;
use shared::id::ClientId;
use shared::protocol::{CloseCode, Identity};
use shared::session::{Connection, Event, Session};
use shared::time::Time;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use crate::{Disk, until};

/// Somebody with a page open: what is not acknowledged is sent again when the page connects again.
struct Person {
    addr: SocketAddr,
    board: Board,
    session: Session,
    socket: Option<WebSocketStream<MaybeTlsStream<TcpStream>>>,
    /// How the last socket was closed.
    code: Option<u16>,
    now: Time,
}

impl Person {
    fn new(addr: SocketAddr, author: u64) -> Self {
        let session = Session::new(Identity::new("Ann", Color::INK), None, author);
        let board = Board::new(ClientId::new(author).unwrap(), author);
        Self { addr, board, session, socket: None, code: None, now: Time(0) }
    }

    fn draw(&mut self) {
        let shape = Shape::Ellipse;
        self.board.insert(NewElement::new(Some(Geometry::default()), Style::default(), shape));
        self.session.handle_edits(&mut self.board);
    }

    /// Opens a socket, as the page does when its time has come.
    async fn connect(&mut self) {
        (self.socket, self.code) = (None, None);
        self.session.connect(self.now);
        let (socket, _) = connect_async(format!("ws://{}/ws/r", self.addr)).await.unwrap();
        self.socket = Some(socket);
        self.session.handle_open(self.now, &self.board);
    }

    /// Talks until `is_enough`, or until the server has closed the socket.
    async fn until(&mut self, is_enough: impl Fn(&Self) -> bool) {
        while !is_enough(self) {
            let Some(socket) = &mut self.socket else { return };
            while let Some(frame) = self.session.poll_transmit() {
                // A socket that is closing says so when it is read.
                socket.send(Message::binary(frame)).await.ok();
            }
            while let Some(event) = self.session.poll_event() {
                assert!(!matches!(event, Event::Refused(_) | Event::Replaced), "{event:?}");
            }
            match socket.next().await {
                Some(Ok(Message::Binary(bytes))) => {
                    self.session.handle_message(self.now, &bytes, &mut self.board);
                }
                Some(Ok(Message::Close(frame))) => {
                    let code = frame.map(|frame| u16::from(frame.code));
                    self.code = code;
                    self.session.handle_close(self.now, code.unwrap_or(1006), "");
                    self.socket = None;
                }
                Some(Ok(_)) => {}
                Some(Err(_)) | None => panic!("a socket that ends without a word"),
            }
        }
    }

    fn is_live(&self) -> bool {
        self.session.connection() == Connection::Live
    }

    fn n_unsaved(&self) -> usize {
        self.session.unsaved().len()
    }
}

async fn get(addr: SocketAddr, path: &str) -> String {
    let mut stream = TcpStream::connect(addr).await.unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nHost: {addr}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer
}

#[tokio::test]
async fn nobody_loses_an_edit_and_work_goes_on_when_there_is_space() {
    let disk = Disk::new().await;
    let data = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(data.path()).unwrap();
    let app = App::new(store.clone(), Limits::default(), Shards::start(0).unwrap());
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let addr = listener.local_addr().unwrap();
    tokio::spawn(http::serve(listener, app));
    let mut ann = Person::new(addr, 1);
    let mut bob = Person::new(addr, 2);
    for person in [&mut ann, &mut bob] {
        person.connect().await;
        person.until(Person::is_live).await;
        person.draw();
        person.until(|it| it.n_unsaved() == 0).await;
    }
    assert!(get(addr, "/readyz").await.starts_with("HTTP/1.1 200"));

    let full = disk.fill();
    ann.draw();
    ann.until(|it| it.n_unsaved() == 0).await;
    assert_eq!(ann.code, Some(CloseCode::Internal as u16), "she is told, and not acknowledged");
    assert_eq!(ann.n_unsaved(), 1);
    bob.draw();
    bob.until(|_| false).await;
    assert_eq!((bob.code, bob.n_unsaved()), (Some(CloseCode::Internal as u16), 1));
    until(&store, Health::Failed).await;
    assert!(get(addr, "/readyz").await.starts_with("HTTP/1.1 503"));
    assert!(get(addr, "/healthz").await.starts_with("HTTP/1.1 200"), "it need not be restarted");
    assert!(get(addr, "/api/rooms/r").await.starts_with("HTTP/1.1 503"));
    assert!(get(addr, "/metrics").await.contains("tandem_refused_total{reason=\"store\"} 1"));
    ann.connect().await;
    ann.draw();
    ann.until(Person::is_live).await;
    assert_eq!(ann.code, Some(CloseCode::TryLater as u16));
    assert_eq!(ann.n_unsaved(), 2);

    drop(full);
    until(&store, Health::Serving).await;
    assert!(get(addr, "/readyz").await.starts_with("HTTP/1.1 200"));
    for person in [&mut ann, &mut bob] {
        person.connect().await;
        person.until(|it| it.is_live() && it.n_unsaved() == 0).await;
    }
    ann.until(|it| it.board.elements().count() == 5).await;
    bob.until(|it| it.board.elements().count() == 5).await;
    assert!(ann.board.elements().eq(bob.board.elements()));
}
