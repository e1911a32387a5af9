//! A server with limits of its own, and those who come to it.

use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use server::{Config, Limits, Running, Server};
use shared::color::Color;
use shared::id::ClientId;
use shared::protocol::{ClientMessage, Hello, Identity, ServerMessage};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

/// How long anything may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(30);

/// A server with a store of its own.
pub struct Limited {
    pub running: Running,
    pub data: TempDir,
}

impl Limited {
    pub async fn start(limits: Limits) -> Self {
        let data = tempfile::tempdir().unwrap();
        let config = Config {
            listen: ([127, 0, 0, 1], 0).into(),
            data: data.path().into(),
            limits,
            room_threads: 0,
        };
        Self { running: Server::start(config).await.unwrap(), data }
    }

    pub async fn connect(&self, room: &str) -> Socket {
        let url = format!("ws://{}/ws/{room}", self.running.addr());
        Socket { socket: connect_async(url).await.unwrap().0 }
    }

    /// Says hello, and waits for the welcome.
    pub async fn join(&self, room: &str, client: u64) -> Socket {
        let mut socket = self.hello(room, client).await;
        while !matches!(socket.hear().await, ServerMessage::Welcome(_)) {}
        socket
    }

    pub async fn hello(&self, room: &str, client: u64) -> Socket {
        let mut socket = self.connect(room).await;
        socket.say(&ClientMessage::Hello(hello(client))).await;
        socket
    }

    pub async fn get(&self, path: &str) -> String {
        let mut stream = TcpStream::connect(self.running.addr()).await.unwrap();
        let head = format!("GET {path} HTTP/1.1\r\nhost: test\r\nconnection: close\r\n\r\n");
        stream.write_all(head.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        answer
    }

    /// Checks how often something was refused for this reason.
    pub async fn check_refused(&self, reason: &str, n_times: usize) {
        let line = format!("tandem_refused_total{{reason=\"{reason}\"}} {n_times}");
        let metrics = self.get("/metrics").await;
        assert!(metrics.lines().any(|it| it == line), "{line} is not in {metrics}");
    }
}

/// What Ann says first.
pub fn hello(client: u64) -> Hello {
    Hello::new(Identity::new("Ann", Color::INK), ClientId::new(client).unwrap(), vec![0])
}

/// A connection.
pub struct Socket {
    pub socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
}

impl Socket {
    pub async fn say(&mut self, message: &ClientMessage) {
        // Whoever is being thrown out cannot always finish.
        self.socket.send(Message::binary(message.encode())).await.ok();
    }

    pub async fn hear(&mut self) -> ServerMessage {
        let reading = async {
            loop {
                if let Message::Binary(frame) = self.socket.next().await.unwrap().unwrap() {
                    return ServerMessage::decode(&frame).unwrap();
                }
            }
        };
        timeout(PATIENCE, reading).await.expect("nothing comes")
    }

    /// The code in the close frame. The error message that comes before has the same.
    pub async fn closed(&mut self) -> u16 {
        let (told, code) = self.ending().await;
        assert_eq!(told, Some(code));
        code
    }

    /// Reads to the end, which answers the close frame. Gives the code of the error message, if one
    /// came, and that of the close frame.
    pub async fn ending(&mut self) -> (Option<u16>, u16) {
        let (mut told, mut code) = (None, None);
        let reading = async {
            while let Some(Ok(message)) = self.socket.next().await {
                match message {
                    Message::Binary(frame) => {
                        let message = ServerMessage::decode(&frame).unwrap();
                        if let ServerMessage::Error(report) = message {
                            told = Some(report.code);
                        }
                    }
                    Message::Close(frame) => code = Some(frame.unwrap().code.into()),
                    _ => {}
                }
            }
        };
        timeout(PATIENCE, reading).await.expect("it does not end");
        (told, code.expect("it ended without a close frame"))
    }

    /// It is still served.
    pub async fn check_alive(&mut self) {
        self.say(&ClientMessage::Ping(7)).await;
        while self.hear().await != ServerMessage::Pong(7) {}
    }
}
