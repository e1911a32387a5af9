//! Somebody with a page open, over a real socket: what is not acknowledged is sent again when the page
//! connects again.

use std::net::SocketAddr;

use futures_util::{SinkExt, StreamExt};
use shared::board::Board;
use shared::color::Color;
use shared::element::{NewElement, Shape, Style};
use shared::geometry::Geometry;
use shared::id::ClientId;
use shared::protocol::Identity;
use shared::session::{Connection, Event, Session};
use shared::time::Time;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

/// A person, in the room `r` unless it is said otherwise.
pub struct Person {
    pub board: Board,
    pub session: Session,
    /// How the last socket was closed, if it was.
    pub code: Option<u16>,
    /// And why.
    pub reason: String,
    /// Whether the server says that the board is another one now.
    pub is_replaced: bool,
    addr: SocketAddr,
    socket: Option<WebSocketStream<MaybeTlsStream<TcpStream>>>,
    now: Time,
}

impl Person {
    pub fn new(addr: SocketAddr, author: u64) -> Self {
        let session = Session::new(Identity::new("Ann", Color::INK), None, author);
        let board = Board::new(ClientId::new(author).unwrap(), author);
        let (socket, code, reason) = (None, None, String::new());
        let (is_replaced, now) = (false, Time(0));
        Self { board, session, code, reason, is_replaced, addr, socket, now }
    }

    pub fn draw(&mut self) {
        let shape = Shape::Ellipse;
        self.board.insert(NewElement::new(Some(Geometry::default()), Style::default(), shape));
        self.session.handle_edits(&mut self.board);
    }

    /// Opens a socket, as the page does when its time has come.
    pub async fn connect(&mut self) {
        self.connect_to("r").await;
    }

    /// The same in another room.
    pub async fn connect_to(&mut self, room: &str) {
        (self.socket, self.code) = (None, None);
        self.session.connect(self.now);
        let (socket, _) = connect_async(format!("ws://{}/ws/{room}", self.addr)).await.unwrap();
        self.socket = Some(socket);
        self.session.handle_open(self.now, &self.board);
    }

    /// Talks until `is_enough`, or until the server has closed the socket.
    pub async fn until(&mut self, is_enough: impl Fn(&Self) -> bool) {
        while !is_enough(self) {
            let Some(socket) = &mut self.socket else { return };
            while let Some(frame) = self.session.poll_transmit() {
                // A socket that is closing says so when it is read.
                socket.send(Message::binary(frame)).await.ok();
            }
            match socket.next().await {
                Some(Ok(Message::Binary(bytes))) => {
                    self.session.handle_message(self.now, &bytes, &mut self.board);
                }
                Some(Ok(Message::Close(frame))) => {
                    let frame = frame.expect("the server always says why");
                    let code = u16::from(frame.code);
                    (self.code, self.reason) = (Some(code), frame.reason.to_string());
                    self.session.handle_close(self.now, code, &self.reason);
                    self.socket = None;
                }
                Some(Ok(_)) => {}
                Some(Err(_)) | None => panic!("a socket that ends without a word"),
            }
            while let Some(event) = self.session.poll_event() {
                assert!(!matches!(event, Event::Refused(_)), "{event:?}");
                self.is_replaced |= event == Event::Replaced;
            }
        }
    }

    pub fn is_live(&self) -> bool {
        self.session.connection() == Connection::Live
    }

    pub fn n_unsaved(&self) -> usize {
        self.session.unsaved().len()
    }
}
