//! One DevTools connection: commands, their answers, and the events in between.

use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use crate::PATIENCE;

/// A connection to the browser or to one of its pages.
pub(super) struct Wire {
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
    last_id: u64,
    /// How long an answer may take.
    pub(super) patience: Duration,
    /// What was reported and not yet taken, oldest first.
    pub(super) events: Vec<Value>,
}

impl Wire {
    pub(super) async fn open(url: &str) -> Self {
        let socket = connect_async(url).await.unwrap().0;
        Self { socket, last_id: 0, patience: PATIENCE, events: Vec::new() }
    }

    /// Gives a command and waits for its result.
    pub(super) async fn call(&mut self, method: &str, params: Value) -> Value {
        self.last_id += 1;
        let id = self.last_id;
        let command = json!({ "id": id, "method": method, "params": params }).to_string();
        self.socket.send(Message::text(command)).await.unwrap();
        loop {
            let message = self.hear(method).await;
            if message["id"] == id {
                assert!(message["error"].is_null(), "{method}: {}", message["error"]);
                return message["result"].clone();
            }
            self.events.push(message);
        }
    }

    /// Gives a command many times without waiting in between, and then waits for all results.
    pub(super) async fn call_all(&mut self, method: &str, params: impl Iterator<Item = Value>) {
        let first = self.last_id + 1;
        for params in params {
            self.last_id += 1;
            let command = json!({ "id": self.last_id, "method": method, "params": params });
            self.socket.send(Message::text(command.to_string())).await.unwrap();
        }
        let mut n_missing = self.last_id + 1 - first;
        while n_missing > 0 {
            let message = self.hear(method).await;
            if message["id"].as_u64().is_some_and(|id| id >= first) {
                assert!(message["error"].is_null(), "{method}: {}", message["error"]);
                n_missing -= 1;
            } else {
                self.events.push(message);
            }
        }
    }

    /// Waits until the browser reports `event`, after those that were taken.
    pub(super) async fn wait_for(&mut self, event: &str) {
        while !self.events.iter().any(|reported| reported["method"] == event) {
            let message = self.hear(event).await;
            self.events.push(message);
        }
    }

    async fn hear(&mut self, what: &str) -> Value {
        loop {
            let item = timeout(self.patience, self.socket.next()).await;
            let item = item.unwrap_or_else(|_| panic!("the browser does not answer: {what}"));
            match item.unwrap_or_else(|| panic!("the browser is gone: {what}")).unwrap() {
                Message::Text(text) => return serde_json::from_str(&text).unwrap(),
                Message::Close(_) => panic!("the page is gone: {what}"),
                _ => {}
            }
        }
    }
}
