//! A WebSocket client that writes byte by byte what it is told to, the handshake included.
//!
//! [`crate::RawSocket`] says wrong things in the right way; this one says things in the wrong way.

use shared::protocol::{ClientMessage, Hello, ServerMessage, Welcome};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::yield_now;
use tokio::time::timeout;

use crate::{Frame, PATIENCE, Site};

/// The key in the RFC's example.
const KEY: &str = "dGhlIHNhbXBsZSBub25jZQ==";

/// The answer to it.
const ACCEPT: &str = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

/// An open connection.
pub struct FrameSocket {
    stream: TcpStream,
    /// Has come and was not looked at yet.
    unread: Vec<u8>,
}

/// How a connection ended.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Goodbye {
    /// The code in the close frame; `None` if it had none.
    pub code: Option<u16>,
    /// The code in the error message that came before, if one did.
    pub told: Option<u16>,
}

impl FrameSocket {
    /// The request that opens a room's socket, up to the empty line, with these lines added.
    pub fn upgrade(site: Site, room: &str, lines: &str) -> String {
        format!(
            "GET /ws/{room} HTTP/1.1\r\nHost: {}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
             Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {KEY}\r\n{lines}\r\n",
            site.0
        )
    }

    /// Sends any bytes, and gives the head of what they are answered with.
    pub async fn request(site: Site, bytes: &[u8]) -> (String, Self) {
        let stream = TcpStream::connect(site.0).await.unwrap();
        stream.set_nodelay(true).unwrap();
        let mut socket = Self { stream, unread: Vec::new() };
        socket.write(bytes).await;
        let end = loop {
            match socket.unread.windows(4).position(|it| it == b"\r\n\r\n") {
                Some(at) => break at + 4,
                None => assert!(socket.read().await, "it ended without an answer"),
            }
        };
        let head = socket.unread.drain(..end).collect();
        (String::from_utf8(head).unwrap(), socket)
    }

    /// Opens a room's socket.
    pub async fn open(site: Site, room: &str) -> Self {
        let request = Self::upgrade(site, room, "");
        Self::opened(Self::request(site, request.as_bytes()).await)
    }

    /// The socket, if the answer's head says that it is open.
    pub fn opened((head, socket): (String, Self)) -> Self {
        assert!(head.starts_with("HTTP/1.1 101 "), "{head}");
        let accept = format!("sec-websocket-accept: {ACCEPT}");
        assert!(head.lines().any(|line| line.eq_ignore_ascii_case(&accept)), "{head}");
        assert!(!head.to_ascii_lowercase().contains("sec-websocket-extensions"), "{head}");
        socket
    }

    /// Says hello and gives the welcome.
    pub async fn join(&mut self, hello: Hello) -> Welcome {
        self.say(&ClientMessage::Hello(hello)).await;
        self.welcomed().await
    }

    /// Waits for the welcome.
    pub async fn welcomed(&mut self) -> Welcome {
        match self.message().await {
            ServerMessage::Welcome(welcome) => welcome,
            other => panic!("expected a welcome, not {other:?}"),
        }
    }

    /// Sends a proper message.
    pub async fn say(&mut self, message: &ClientMessage) {
        self.send(Frame::binary(message.encode())).await;
    }

    /// Sends a frame.
    pub async fn send(&mut self, frame: Frame) {
        self.write(&frame.encode()).await;
    }

    /// Sends bytes.
    pub async fn write(&mut self, bytes: &[u8]) {
        // Whoever is being thrown out cannot always finish.
        let written = timeout(PATIENCE, self.stream.write_all(bytes)).await;
        written.expect("nothing is read").ok();
    }

    /// Sends bytes, each in a segment of its own.
    pub async fn write_chopped(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write(&[*byte]).await;
            yield_now().await;
        }
    }

    /// Says that nothing more comes, but reads on.
    pub async fn shut(&mut self) {
        self.stream.shutdown().await.unwrap();
    }

    /// Ends the connection as a crash does: the other end is told only that it is over.
    pub fn reset(self) {
        self.stream.set_zero_linger().unwrap();
    }

    /// The next frame; `None` if the connection is over.
    pub async fn hear(&mut self) -> Option<Frame> {
        loop {
            if let Some((frame, n_bytes)) = Frame::decode(&self.unread) {
                self.unread.drain(..n_bytes);
                return Some(frame);
            }
            if !self.read().await {
                assert!(self.unread.is_empty(), "it ended within a frame");
                return None;
            }
        }
    }

    /// The next message that is not about others; frames that are none are passed over.
    pub async fn message(&mut self) -> ServerMessage {
        self.find("a message", |frame| {
            let frame = Some(frame).filter(|frame| frame.opcode == Frame::BINARY)?;
            match ServerMessage::decode(&frame.payload).unwrap() {
                ServerMessage::Update(_)
                | ServerMessage::Presences(_)
                | ServerMessage::Joined(_)
                | ServerMessage::Left(_) => None,
                message => Some(message),
            }
        })
        .await
    }

    /// The payload of the next pong.
    pub async fn pong(&mut self) -> Vec<u8> {
        let payload = |frame: Frame| Some(frame.payload).filter(|_| frame.opcode == Frame::PONG);
        self.find("a pong", payload).await
    }

    /// The first of the next frames in which there is what is looked for.
    async fn find<T>(&mut self, what: &str, mut look: impl FnMut(Frame) -> Option<T>) -> T {
        let finding = async {
            loop {
                let frame = self.hear().await;
                let frame = frame.unwrap_or_else(|| panic!("it ended before {what} came"));
                if let Some(found) = look(frame) {
                    return found;
                }
            }
        };
        // All of it, as pings come for ever.
        timeout(PATIENCE, finding).await.unwrap_or_else(|_| panic!("waited in vain for {what}"))
    }

    /// It is a member, and what it says is heard.
    pub async fn check_heard(&mut self) {
        self.say(&ClientMessage::Ping(0x0123_4567)).await;
        assert_eq!(self.message().await, ServerMessage::Pong(0x0123_4567));
    }

    /// Waits until the server closes, answers that, and waits for the end of the connection.
    pub async fn goodbye(&mut self) -> Goodbye {
        let mut told = None;
        let code = self
            .find("a close frame", |frame| match frame.opcode {
                Frame::CLOSE => Some(frame.close_code()),
                Frame::BINARY => {
                    let message = ServerMessage::decode(&frame.payload).unwrap();
                    if let ServerMessage::Error(report) = message {
                        assert!(!report.text.is_empty(), "an error says why");
                        told = Some(report.code);
                    }
                    None
                }
                _ => None,
            })
            .await;
        self.send(Frame::close(1000, b"")).await;
        assert_eq!(self.hear().await, None, "nothing follows a close frame");
        Goodbye { code, told }
    }

    /// Whether something came, instead of the end.
    async fn read(&mut self) -> bool {
        let reading = timeout(PATIENCE, self.stream.read_buf(&mut self.unread)).await;
        // A server that does not want the rest resets the connection.
        reading.expect("nothing came").is_ok_and(|n_bytes| n_bytes > 0)
    }
}
