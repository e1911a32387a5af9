//! A server as the outside world knows it: an address to send requests to and to join rooms at.

use std::net::SocketAddr;

use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::{Client, PATIENCE, RawSocket, Seen};

/// Where a server listens.
#[derive(Clone, Copy, Debug)]
pub struct Site(pub SocketAddr);

impl Site {
    /// The address of a page or route.
    pub fn url(self, path: &str) -> String {
        format!("http://{}{path}", self.0)
    }

    /// The address of a room's socket.
    pub fn socket_url(self, room: &str) -> String {
        format!("ws://{}/ws/{room}", self.0)
    }

    /// What a y-websocket provider is told: it adds the name of a room.
    pub fn yjs_url(self) -> String {
        format!("ws://{}/yjs", self.0)
    }

    /// Somebody who has joined `room` and is live.
    pub async fn join(self, room: &str, name: &str) -> Client {
        let client = self.arrive(room, name);
        client.until("being live", Seen::is_live).await;
        client
    }

    /// Somebody who is about to join `room`.
    pub fn arrive(self, room: &str, name: &str) -> Client {
        Client::new(self.socket_url(room), name)
    }

    /// A socket that says only what a test makes it say.
    pub async fn raw(self, room: &str) -> RawSocket {
        RawSocket::open(&self.socket_url(room)).await
    }

    /// Status and body of a request such as `GET /healthz`.
    pub async fn request(self, line: &str, body: &[u8]) -> (u16, String) {
        let asking = timeout(PATIENCE, self.ask(line, body));
        asking.await.unwrap_or_else(|_| panic!("no answer to {line}"))
    }

    /// The JSON that a request is answered with.
    pub async fn json(self, line: &str, body: &[u8]) -> Value {
        let (status, text) = self.request(line, body).await;
        assert_eq!(status, 200, "{line}: {text}");
        serde_json::from_str(&text).unwrap()
    }

    /// The elements on a room's board, as the server tells them.
    pub async fn elements(self, room: &str) -> Vec<Value> {
        let board = self.json(&format!("GET /api/rooms/{room}/board"), b"").await;
        board["elements"].as_array().unwrap().clone()
    }

    async fn ask(self, line: &str, body: &[u8]) -> (u16, String) {
        let mut stream = TcpStream::connect(self.0).await.unwrap();
        let head = format!(
            "{line} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\ncontent-length: {}\r\n\r\n",
            self.0,
            body.len()
        );
        stream.write_all(head.as_bytes()).await.unwrap();
        // A server that refuses a body need not read it.
        stream.write_all(body).await.ok();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await.ok();
        let answer = String::from_utf8_lossy(&answer);
        let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
        let status = head.split(' ').nth(1).unwrap_or_else(|| panic!("{line}: {answer:?}"));
        (status.parse().unwrap(), body.to_owned())
    }
}
