//! The ways into a room: joining it, and asking it from outside.

use std::sync::{Arc, OnceLock};

use bytes::Bytes;
use shared::id::ClientId;
use shared::protocol::{ClientMessage, Hello};
use tokio::sync::mpsc::error::TrySendError;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};

use super::Mailbox;
use crate::limits::UNCOMMITTED_MAX_BYTES;
use crate::outbox::Outbox;
use crate::room::{Answer, ConnId, Delivery, Snapshot};
use crate::room_task::Letter;
use crate::yjs::YjsMessage;

/// Somebody's hold on a room: as long as it exists, the room stays.
pub struct RoomHandle {
    mailbox: Mailbox,
    uncommitted: Arc<Semaphore>,
}

/// The room has ended: the store failed, or the board is damaged.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("the board cannot be reached now; try again")]
pub struct RoomClosed;

/// Why nothing more comes onto a board; what came before stays.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum ImportRefused {
    /// The room has ended.
    #[error(transparent)]
    Closed(#[from] RoomClosed),
    /// The board is as large as one may be.
    #[error("the board would become larger than one may be")]
    Full,
}

impl RoomHandle {
    pub(super) fn new(mailbox: Mailbox, uncommitted: Arc<Semaphore>) -> Self {
        Self { mailbox, uncommitted }
    }

    /// Says hello for a connection, and how the board is to come to it. It leaves when the membership is dropped.
    pub async fn join(
        self,
        conn: ConnId,
        (hello, delivery): (Hello, Delivery),
        outbox: Outbox,
    ) -> Result<Membership, RoomClosed> {
        let letter = Letter::Hello { conn, hello: Box::new(hello), delivery, outbox };
        self.mailbox.post(letter).await?;
        Ok(Membership { conn, mailbox: self.mailbox, uncommitted: self.uncommitted })
    }

    /// Lets a Yjs client in; `own` is told under which id it shows itself.
    pub async fn join_yjs(
        self,
        conn: ConnId,
        outbox: Outbox,
        own: Arc<OnceLock<ClientId>>,
    ) -> Result<Membership, RoomClosed> {
        let letter = Letter::YjsOpen { conn, outbox, own };
        self.mailbox.post(letter).await?;
        Ok(Membership { conn, mailbox: self.mailbox, uncommitted: self.uncommitted })
    }

    /// The board as it is committed.
    pub async fn snapshot(&self) -> Result<Snapshot, RoomClosed> {
        match self.ask(|reply| Letter::Snapshot { reply }).await? {
            Answer::Snapshot(snapshot) => Ok(snapshot),
            Answer::Imported | Answer::Full | Answer::Failed => Err(RoomClosed),
        }
    }

    /// Adds updates that were written under a fresh `author`; returns when they are committed.
    pub async fn import(&self, author: ClientId, updates: Vec<Bytes>) -> Result<(), ImportRefused> {
        match self.ask(|reply| Letter::Import { author, updates, reply }).await? {
            Answer::Imported => Ok(()),
            Answer::Full => Err(ImportRefused::Full),
            Answer::Snapshot(_) | Answer::Failed => Err(RoomClosed.into()),
        }
    }

    async fn ask(
        &self,
        letter: impl FnOnce(oneshot::Sender<Answer>) -> Letter,
    ) -> Result<Answer, RoomClosed> {
        let (reply, answer) = oneshot::channel();
        self.mailbox.post(letter(reply)).await?;
        answer.await.map_err(|_| RoomClosed)
    }
}

/// A connection's place in a room.
pub struct Membership {
    conn: ConnId,
    mailbox: Mailbox,
    uncommitted: Arc<Semaphore>,
}

impl Membership {
    /// Passes on a message; waits while the room is busy, and an edit while the disk is.
    pub async fn send(&self, message: ClientMessage) -> Result<(), RoomClosed> {
        let permit = match &message {
            ClientMessage::Update(update) => self.reserve(update.bytes.len()).await,
            _ => None,
        };
        let message = Box::new(message);
        let letter = Letter::Message { conn: self.conn, message, permit };
        self.mailbox.post(letter).await
    }

    /// The same for a Yjs client.
    pub async fn send_yjs(&self, message: YjsMessage) -> Result<(), RoomClosed> {
        let permit = match &message {
            YjsMessage::Step2(bytes) | YjsMessage::Update(bytes) => self.reserve(bytes.len()).await,
            _ => None,
        };
        let letter = Letter::Yjs { conn: self.conn, message, permit };
        self.mailbox.post(letter).await
    }

    /// A share of the memory for edits that are not committed yet.
    async fn reserve(&self, n_bytes: usize) -> Option<OwnedSemaphorePermit> {
        // One frame always fits, and the semaphore is never closed.
        let n_permits = n_bytes.min(UNCOMMITTED_MAX_BYTES) as u32;
        Arc::clone(&self.uncommitted).acquire_many_owned(n_permits).await.ok()
    }
}

impl Drop for Membership {
    fn drop(&mut self) {
        let letter = Letter::Gone(self.conn);
        let Err(TrySendError::Full(letter)) = self.mailbox.try_post(letter) else {
            return;
        };
        // A full mailbox must not lose this letter, and a drop cannot wait.
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            let mailbox = self.mailbox.clone();
            runtime.spawn(async move { mailbox.post(letter).await.ok() });
        }
    }
}
