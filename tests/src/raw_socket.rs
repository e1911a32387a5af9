//! A socket without manners: it sends what it is told to and shows what comes back.

use futures_util::{SinkExt, StreamExt};
use shared::board::Board;
use shared::color::Color;
use shared::protocol::{ClientMessage, Hello, Identity, ServerMessage, Welcome};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use crate::PATIENCE;

/// An open WebSocket.
pub struct RawSocket(WebSocketStream<MaybeTlsStream<TcpStream>>);

/// The first message of somebody with `board`, who was never here.
pub fn hello(board: &Board) -> Hello {
    Hello::new(Identity::new("Raw", Color::INK), board.author(), board.state_vector())
}

impl RawSocket {
    /// Opens one at `url`.
    pub async fn open(url: &str) -> Self {
        Self(connect_async(url).await.unwrap().0)
    }

    /// Says hello and gives the welcome.
    pub async fn join(&mut self, hello: Hello) -> Welcome {
        self.say(&ClientMessage::Hello(hello)).await;
        match self.hear().await {
            ServerMessage::Welcome(welcome) => welcome,
            other => panic!("expected a welcome, not {other:?}"),
        }
    }

    /// Sends a proper message.
    pub async fn say(&mut self, message: &ClientMessage) {
        self.send(Message::binary(message.encode())).await;
    }

    /// Sends any frame.
    pub async fn send(&mut self, frame: Message) {
        self.0.send(frame).await.unwrap();
    }

    /// The next message.
    pub async fn hear(&mut self) -> ServerMessage {
        let hearing = async {
            loop {
                match self.next().await {
                    Message::Binary(frame) => return ServerMessage::decode(&frame).unwrap(),
                    Message::Ping(_) | Message::Pong(_) => {}
                    other => panic!("expected a message, not {other:?}"),
                }
            }
        };
        // All of it, as pings come for ever.
        timeout(PATIENCE, hearing).await.expect("no message came")
    }

    /// Waits until a server closes that has no message for the reason. Gives the code.
    pub async fn closed_without_a_word(&mut self) -> u16 {
        loop {
            if let Message::Close(frame) = self.next().await {
                return frame.unwrap().code.into();
            }
        }
    }

    /// Waits until the server closes. Gives the code, and checks that an error message said it before.
    pub async fn closed(&mut self) -> u16 {
        timeout(PATIENCE, self.ending()).await.expect("it was not closed")
    }

    async fn ending(&mut self) -> u16 {
        let mut told = None;
        loop {
            match self.next().await {
                Message::Binary(frame) => {
                    if let ServerMessage::Error(report) = ServerMessage::decode(&frame).unwrap() {
                        assert!(!report.text.is_empty(), "an error says why");
                        told = Some(report.code);
                    }
                }
                Message::Close(frame) => {
                    let code = frame.unwrap().code.into();
                    assert_eq!(told, Some(code), "the error and the close frame agree");
                    return code;
                }
                _ => {}
            }
        }
    }

    async fn next(&mut self) -> Message {
        self.0.next().await.expect("the socket ended without a close frame").unwrap()
    }
}
