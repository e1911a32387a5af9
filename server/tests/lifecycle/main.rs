//! Rooms that come, go, are saved and deleted while somebody is at them. Which of two things happens
//! first is what each story chooses: the simulated store takes a step when it is told to, and the clock
//! is simulated too.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod compaction;
mod deletion;
mod failure;
mod loading;
#[path = "../full_disk/person.rs"]
#[allow(dead_code, reason = "the stories of the full disk use all of it")]
mod person;
mod slow_disk;

use std::net::SocketAddr;

use bytes::Bytes;
use server::room::Snapshot;
use server::rooms::{ImportRefused, RoomHandle};
use server::store::{SimulatedStore, Store};
use server::{App, Limits, Shards, http};
use shared::board::{Board, Replica};
use shared::element::{Align, Font, NewElement, Shape, Style, Text};
use shared::geometry::Geometry;
use shared::id::{ClientId, RoomName};
use tokio::net::TcpListener;

/// Longer texts are all the same in these stories.
const LONG: usize = 100;

/// The room of all stories.
pub fn name() -> RoomName {
    RoomName::parse("r").unwrap()
}

/// A server without a network, on a store that does what it is told.
pub struct Story {
    /// Does what it is told.
    pub store: SimulatedStore,
    /// The server.
    pub app: App,
}

impl Story {
    /// Nothing has happened yet.
    pub fn begin() -> Self {
        Self::on(SimulatedStore::default())
    }

    /// A server starts.
    pub fn on(store: SimulatedStore) -> Self {
        let shards = Shards::start(0).unwrap();
        Self { app: App::new(store.clone(), Limits::default(), shards), store }
    }

    /// What a server finds that starts on the disk after a power failure.
    pub fn after_crash(&self) -> Self {
        Self::on(self.store.after_crash(0))
    }

    /// Has a hold on the room.
    pub fn open(&self) -> RoomHandle {
        self.app.rooms.open(&name()).unwrap()
    }

    /// Listens for people with sockets.
    pub async fn listen(&self) -> SocketAddr {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let addr = listener.local_addr().unwrap();
        tokio::spawn(http::serve(listener, self.app.clone()));
        addr
    }

    /// The texts on the board, sorted.
    pub async fn texts(&self) -> Vec<String> {
        texts(&self.open().snapshot().await.unwrap())
    }

    /// The bytes of the log as a newcomer would load it, and whether it begins with a snapshot.
    pub async fn log(&self) -> (u64, bool) {
        let log = self.store.after_crash(0).load(&name()).await.unwrap().unwrap();
        (log.n_bytes(), log.compacted.is_some())
    }
}

/// The texts on a board, sorted.
pub fn texts(snapshot: &Snapshot) -> Vec<String> {
    let mut replica = Replica::default();
    replica.take(&snapshot.state).unwrap();
    let text = |shape| match shape {
        Shape::Text(text) if text.value.len() > LONG => "long".to_owned(),
        Shape::Text(text) => text.value,
        other => panic!("nobody draws {other:?}"),
    };
    let mut all: Vec<_> = replica.elements().into_iter().map(|it| text(it.shape)).collect();
    all.sort();
    all
}

/// An edit by somebody who has never been here: the bytes write a text.
pub fn edit(author: u64, text: &str) -> (ClientId, Vec<Bytes>) {
    let author = ClientId::new(author).unwrap();
    let mut board = Board::new(author, author.value());
    let text = Text {
        value: text.into(),
        lines: vec![text.into()],
        size: 20.0,
        font: Font::Hand,
        align: Align::Left,
        ..Text::default()
    };
    board.insert(NewElement::new(Some(Geometry::default()), Style::default(), Shape::Text(text)));
    (author, board.take_updates().into_iter().map(Bytes::from).collect())
}

/// Writes a text onto the board, and waits for the commit.
pub async fn write(room: &RoomHandle, author: u64, text: &str) -> Result<(), ImportRefused> {
    let (author, updates) = edit(author, text);
    room.import(author, updates).await
}
