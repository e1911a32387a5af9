//! What waits to be sent to one connection: filled by its room, bounded, and written to the socket.
//!
//! Pushing never waits. The room writes what it pushed itself, as far as the socket takes it at once;
//! only what is left wakes the connection's own task. When a lane overflows, all that waits in it is
//! dropped and nothing is added to it any more, until the connection has read on; then the room makes
//! up for what was dropped.

mod ending;
mod frame;
mod queue;

use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::net::TcpStream;
use tokio::net::tcp::OwnedWriteHalf;
use tokio::sync::Notify;
use tokio::time::Instant;

pub use ending::Ending;
pub use frame::Frame;
pub use queue::{Pushed, Queue};

use crate::room::{Dialect, Lane, Lost, Mark};

/// One connection's outbox; clones are the same one.
#[derive(Clone)]
pub struct Outbox(Arc<Shared>);

struct Shared {
    update_max_bytes: usize,
    dialect: Dialect,
    socket: OwnedWriteHalf,
    queue: Mutex<Queue>,
    changed: Notify,
}

/// How far writing has come.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Written {
    /// Nothing is left.
    All,
    /// The socket takes no more for now.
    Blocked,
    /// The last word is said.
    Ended,
}

impl Outbox {
    /// An empty outbox in which at most `update_max_bytes` of updates wait.
    pub fn new(socket: OwnedWriteHalf, dialect: Dialect, update_max_bytes: usize) -> Self {
        Self(Arc::new(Shared {
            update_max_bytes,
            dialect,
            socket,
            queue: Mutex::default(),
            changed: Notify::new(),
        }))
    }

    /// Adds a frame, unless its lane has overflowed or does so now. When the connection is about to
    /// end, the frame is dropped. It leaves with the next [`Outbox::write`].
    pub fn push(&self, lane: Lane, frame: Frame) -> Pushed {
        self.queue().push(lane, frame, self.0.update_max_bytes)
    }

    /// Remembers that all updates up to here were pushed.
    pub fn push_mark(&self, mark: Arc<Mark>) {
        self.queue().push_mark(mark);
    }

    /// Adds what brings the connection to `mark`, of whatever size: the welcome, or what makes up for
    /// dropped updates. The lane carries updates again.
    pub fn push_whole(&self, frames: impl IntoIterator<Item = Frame>, mark: Arc<Mark>) {
        self.queue().push_whole(frames, mark);
    }

    /// Adds what makes up for dropped presence. The lane carries presence again.
    pub fn push_presence_again(&self, frames: impl IntoIterator<Item = Frame>) {
        self.queue().push_presence_again(frames);
    }

    /// Ends the connection after what waits already. The first ending counts.
    pub fn close(&self, ending: Ending) {
        self.queue().close(ending);
        self.0.changed.notify_one();
    }

    /// Drops all that waits and ends the connection, as soon as it takes anything.
    pub fn abandon(&self, ending: Ending) {
        self.queue().abandon(ending);
        self.0.changed.notify_one();
    }

    /// Writes as much as the socket takes at once, and tells how many bytes. If something is left,
    /// the connection's task is woken to write it.
    pub fn write(&self) -> usize {
        match self.try_write() {
            Ok((Written::All, n_bytes)) => n_bytes,
            Ok((Written::Blocked | Written::Ended, n_bytes)) => {
                self.0.changed.notify_one();
                n_bytes
            }
            // The connection's task is going to meet the same error.
            Err(_) => {
                self.0.changed.notify_one();
                0
            }
        }
    }

    /// The same for the connection's own task.
    pub fn try_write(&self) -> io::Result<(Written, usize)> {
        self.queue().write(&self.0.socket, self.0.dialect)
    }

    /// Waits until there is something to write that [`Outbox::write`] could not.
    pub async fn changed(&self) {
        self.0.changed.notified().await;
    }

    /// Says on the level of TCP that nothing follows. The peer may still say something.
    pub fn shut_down(&self) {
        let socket: &TcpStream = self.0.socket.as_ref();
        // A broken socket needs no goodbye.
        rustix::net::shutdown(socket, rustix::net::Shutdown::Write).ok();
    }

    /// Since when the socket has taken nothing of what waits for it, if it is full.
    pub fn blocked_since(&self) -> Option<Instant> {
        self.queue().blocked_since()
    }

    /// Waits until the socket takes something.
    pub async fn writable(&self) {
        // A broken socket takes everything, and then reports an error.
        self.0.socket.writable().await.ok();
    }

    /// What the room is to make up for, if the connection reads again. The room is told once.
    pub fn ask(&self) -> Option<Lost> {
        self.queue().ask()
    }

    /// Whether something was dropped that the room is still to be asked for.
    pub fn has_lost(&self) -> bool {
        self.queue().has_lost()
    }

    /// Bytes of updates and presence that wait, without a welcome or what makes up for dropped ones.
    pub fn n_bytes(&self) -> usize {
        self.queue().n_bytes()
    }

    fn queue(&self) -> MutexGuard<'_, Queue> {
        // Nothing in here panics half-way, so the queue is whole even then.
        self.0.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
