//! One client of the storm: a session, its board, and a socket that never waits.

use std::io::{ErrorKind, Read, Write};
use std::net::SocketAddr;

use anyhow::{Result, bail};
use mio::net::TcpStream;
use mio::{Interest, Registry, Token};
use shared::board::Board;
use shared::color::Color;
use shared::element::{NewElement, Shape, Style};
use shared::geometry::Geometry;
use shared::id::ClientId;
use shared::protocol::Identity;
use shared::session::{Connection, Event, Session};
use shared::time::Time;

use super::curve::Curve;
use crate::websocket::{self, Frames, Kind, put_frame};

/// The code of a socket that ended without one.
const NO_CLOSE_FRAME: u16 = 1006;

/// Most bytes that are read at once.
const READ_BYTES: usize = 16 * 1024;

/// A person's page.
pub struct Caller {
    index: usize,
    address: SocketAddr,
    path: String,
    session: Session,
    board: Board,
    socket: Option<Socket>,
    /// Whether the socket has something, or has just been opened.
    is_ready: bool,
}

struct Socket {
    stream: TcpStream,
    /// What has come of the answer to the handshake, until all of it has.
    head: Option<Vec<u8>>,
    frames: Frames,
    unsent: Vec<u8>,
}

/// What came of reading.
enum Came {
    Opened,
    Message(Vec<u8>),
    Closed(u16),
}

impl Caller {
    /// One that has not begun to connect.
    pub fn new(index: usize, address: SocketAddr, n_rooms: u64) -> Self {
        let number = index as u64;
        let client = ClientId::new(number + 1).expect("there are fewer than 2^53 clients");
        let identity = Identity::new(&format!("c{index}"), Color::INK);
        Self {
            index,
            address,
            path: format!("/ws/storm-{}", number % n_rooms),
            session: Session::new(identity, None, number),
            board: Board::new(client, number),
            socket: None,
            is_ready: false,
        }
    }

    /// Begins to connect.
    pub fn connect(&mut self, now: Time) {
        self.session.connect(now);
    }

    /// Draws a box.
    pub fn draw(&mut self) {
        let geometry = Geometry { w: 40.0, h: 30.0, ..Geometry::default() };
        self.board.insert(NewElement::new(Some(geometry), Style::default(), Shape::Rectangle));
        self.session.handle_edits(&mut self.board);
    }

    /// Whether edits go out and come in.
    pub fn is_live(&self) -> bool {
        self.session.connection() == Connection::Live
    }

    /// Edits that are not acknowledged.
    pub fn n_unsaved(&self) -> usize {
        self.session.unsaved().len()
    }

    /// The socket can be read or written.
    pub fn handle_ready(&mut self, now: Time) {
        self.is_ready = true;
        let Some(socket) = &mut self.socket else { return };
        for came in socket.read() {
            match came {
                Came::Opened => self.session.handle_open(now, &self.board),
                Came::Message(bytes) => {
                    self.session.handle_message(now, &bytes, &mut self.board);
                }
                Came::Closed(code) => {
                    self.socket = None;
                    return self.session.handle_close(now, code, "");
                }
            }
        }
    }

    /// Does what the session wants by now.
    pub fn drive(&mut self, now: Time, registry: &Registry, curve: &mut Curve) -> Result<()> {
        let is_due = self.session.poll_timeout().is_some_and(|due| due <= now);
        if is_due {
            self.session.handle_timeout(now);
        }
        while let Some(frame) = self.session.poll_transmit() {
            if let Some(socket) = &mut self.socket {
                put_frame(&mut socket.unsent, Kind::Binary, &frame);
                self.is_ready = true;
            }
        }
        while let Some(event) = self.session.poll_event() {
            match event {
                Event::Open => {
                    curve.attempt();
                    match self.dial(registry) {
                        Ok(socket) => self.socket = Some(socket),
                        Err(_) => self.session.handle_close(now, NO_CLOSE_FRAME, ""),
                    }
                }
                Event::Close(_) => self.socket = None,
                Event::Connection(Connection::Live) => curve.welcome(),
                refusal @ (Event::Refused(_)
                | Event::Outdated
                | Event::Stranded(_)
                | Event::Unkept
                | Event::Damaged
                | Event::Broken
                | Event::Replaced) => bail!("client {} is sent away: {refusal:?}", self.index),
                Event::Connection(_)
                | Event::Members
                | Event::Presence(_)
                | Event::Board
                | Event::Saved
                | Event::Rtt(_) => {}
            }
        }
        if std::mem::take(&mut self.is_ready)
            && let Some(socket) = &mut self.socket
            && !socket.write()
        {
            self.socket = None;
            self.session.handle_close(now, NO_CLOSE_FRAME, "");
        }
        Ok(())
    }

    fn dial(&self, registry: &Registry) -> std::io::Result<Socket> {
        let mut stream = TcpStream::connect(self.address)?;
        let interest = Interest::READABLE | Interest::WRITABLE;
        registry.register(&mut stream, Token(self.index), interest)?;
        Ok(Socket {
            stream,
            head: Some(Vec::new()),
            frames: Frames::default(),
            unsent: websocket::request(self.address, &self.path).into_bytes(),
        })
    }
}

impl Socket {
    /// Writes what the socket takes; `false` if it is broken, or was refused.
    fn write(&mut self) -> bool {
        while !self.unsent.is_empty() {
            match self.stream.write(&self.unsent) {
                Ok(n) => drop(self.unsent.drain(..n)),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                // A socket that is still being connected is not connected.
                Err(error) => {
                    let kind = error.kind();
                    return matches!(kind, ErrorKind::WouldBlock | ErrorKind::NotConnected);
                }
            }
        }
        true
    }

    fn read(&mut self) -> Vec<Came> {
        let mut came = Vec::new();
        let mut buffer = [0; READ_BYTES];
        loop {
            match self.stream.read(&mut buffer) {
                Ok(0) => came.push(Came::Closed(NO_CLOSE_FRAME)),
                Ok(n) => {
                    if !self.take(&buffer[..n], &mut came) {
                        came.push(Came::Closed(NO_CLOSE_FRAME));
                    }
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                Err(error) => match error.kind() {
                    ErrorKind::WouldBlock | ErrorKind::NotConnected => return came,
                    _ => came.push(Came::Closed(NO_CLOSE_FRAME)),
                },
            }
            if matches!(came.last(), Some(Came::Closed(_))) {
                return came;
            }
        }
    }

    /// Cuts what came into messages; `false` if it cannot be understood.
    fn take(&mut self, mut bytes: &[u8], came: &mut Vec<Came>) -> bool {
        if let Some(head) = &mut self.head {
            let n_before = head.len();
            head.extend(bytes);
            let Some(end) = head.windows(4).position(|it| it == b"\r\n\r\n") else { return true };
            if !head.starts_with(b"HTTP/1.1 101") {
                return false;
            }
            bytes = &bytes[end + 4 - n_before..];
            self.head = None;
            came.push(Came::Opened);
        }
        let unsent = &mut self.unsent;
        let heard = self.frames.feed(bytes, |kind, payload| match kind {
            Kind::Binary => came.push(Came::Message(payload.to_vec())),
            Kind::Close => {
                let code =
                    payload.first_chunk().map_or(NO_CLOSE_FRAME, |it| u16::from_be_bytes(*it));
                came.push(Came::Closed(code));
            }
            Kind::Ping => put_frame(unsent, Kind::Pong, payload),
            Kind::Text | Kind::Pong => {}
        });
        heard.is_ok()
    }
}
