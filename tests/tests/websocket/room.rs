//! A room with two people at work in it, and the strangers who come to it.

use std::sync::atomic::{AtomicU64, Ordering};

use shared::board::Board;
use shared::id::ClientId;
use shared::protocol::{CloseCode, Hello};
use tests::{Bystanders, Frame, FrameSocket, Goodbye, Site, TestServer, hello};

pub struct Room {
    pub site: Site,
    bystanders: Bystanders,
    n_strangers: AtomicU64,
    _server: TestServer,
}

impl Room {
    pub async fn open() -> Self {
        let server = TestServer::start().await;
        let bystanders = Bystanders::in_the_room(&server).await;
        Self { site: server.site, bystanders, n_strangers: AtomicU64::new(1), _server: server }
    }

    /// What somebody says who was never here.
    pub fn hello(&self) -> Hello {
        let author = self.n_strangers.fetch_add(1, Ordering::Relaxed);
        hello(&Board::new(ClientId::new(author).unwrap(), author))
    }

    /// Somebody who has not said anything yet.
    pub async fn stranger(&self) -> FrameSocket {
        FrameSocket::open(self.site, "r").await
    }

    /// Somebody who has joined.
    pub async fn member(&self) -> FrameSocket {
        let mut socket = self.stranger().await;
        socket.join(self.hello()).await;
        socket
    }

    /// Whoever sends these frames, a member or not yet, is told `code`, and nobody else notices.
    pub async fn check_refused(&self, frames: &[Frame], code: CloseCode) {
        let bytes = frames.iter().map(Frame::encode).collect::<Vec<_>>().concat();
        let goodbye = Goodbye { code: Some(code as u16), told: Some(code as u16) };
        for mut socket in [self.stranger().await, self.member().await] {
            socket.write(&bytes).await;
            assert_eq!(socket.goodbye().await, goodbye, "{:?}", summary(frames));
        }
        self.check_undisturbed().await;
    }

    /// A member is heard, and can say goodbye; nobody else notices.
    pub async fn check_well(&self, mut member: FrameSocket) {
        member.check_heard().await;
        member.send(Frame::close(1000, b"")).await;
        assert_eq!(member.goodbye().await, Goodbye { code: Some(1000), told: None });
        self.check_undisturbed().await;
    }

    /// The two go on with their work.
    pub async fn check_undisturbed(&self) {
        self.bystanders.check_undisturbed().await;
    }
}

/// The frames, with payloads cut to what one wants to read.
fn summary(frames: &[Frame]) -> Vec<Frame> {
    let cut = |frame: &Frame| Frame {
        payload: frame.payload.iter().copied().take(16).collect(),
        ..frame.clone()
    };
    frames.iter().take(4).map(cut).collect()
}
