//! All rooms that are in memory. Opening one twice gives the same room; a room leaves only while
//! nobody holds it, so that no joiner ever reaches one that is going away.

mod handle;
mod mailbox;

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use shared::id::{Incarnation, RoomName};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

pub use handle::{ImportRefused, Membership, RoomClosed, RoomHandle};
pub use mailbox::{Inbox, Mailbox};

use crate::clock::Clock;
use crate::limits::{COMPACTIONS_AT_ONCE, Limits, UNCOMMITTED_MAX_BYTES};
use crate::metrics::{Metrics, Refusal};
use crate::room::ConnId;
use crate::room_task::{self, Letter};
use crate::shards::{Shard, Shards};
use crate::store::{CommitFailed, Store};

/// The rooms of this server; clones are the same rooms.
#[derive(Clone)]
pub struct Rooms(Arc<Inner>);

struct Inner {
    store: Arc<dyn Store>,
    limits: Arc<Limits>,
    metrics: Metrics,
    shards: Shards,
    clock: Clock,
    stop: CancellationToken,
    tasks: TaskTracker,
    /// The only senders beside those of handles, which are cloned under this lock.
    open: Mutex<HashMap<RoomName, Mailbox>>,
    n_conns: AtomicU64,
    /// A permit for each byte of edits that are read and not committed yet.
    uncommitted: Arc<Semaphore>,
    compactions: Semaphore,
}

/// Why a room cannot be opened now.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum OpenRefused {
    /// As many rooms are in memory as may be.
    #[error("too many boards are open; try again later")]
    TooMany,
    /// The store cannot be written to: what would be drawn could not be kept.
    #[error("the server cannot save anything now; try again later")]
    StoreFailed,
}

impl Rooms {
    /// Rooms that are kept in `store`. When `stop` is cancelled, each ends as soon as its members
    /// have left; `tasks` then says when all have.
    pub fn new(
        store: Arc<dyn Store>,
        limits: Arc<Limits>,
        metrics: Metrics,
        shards: Shards,
        stop: CancellationToken,
        tasks: TaskTracker,
    ) -> Self {
        Self(Arc::new(Inner {
            store,
            limits,
            metrics,
            shards,
            clock: Clock::new(),
            stop,
            tasks,
            open: Mutex::default(),
            n_conns: AtomicU64::new(0),
            uncommitted: Arc::new(Semaphore::new(UNCOMMITTED_MAX_BYTES)),
            compactions: Semaphore::new(COMPACTIONS_AT_ONCE),
        }))
    }

    /// The room called `name`, loaded if it is not in memory and there may be one more.
    pub fn open(&self, name: &RoomName) -> Result<RoomHandle, OpenRefused> {
        if self.0.store.has_failed() {
            self.0.metrics.refused(Refusal::Store);
            return Err(OpenRefused::StoreFailed);
        }
        let mut open = self.lock();
        if let Some(sender) = open.get(name).filter(|sender| !sender.is_closed()) {
            return Ok(self.handle(sender.clone()));
        }
        if open.len() >= self.0.limits.rooms {
            self.0.metrics.refused(Refusal::Rooms);
            return Err(OpenRefused::TooMany);
        }
        let (sender, mailbox) = mailbox::mailbox();
        open.insert(name.clone(), sender.clone());
        let task = room_task::run(self.clone(), name.clone(), mailbox);
        self.0.tasks.spawn_on(task, self.shard(name).runtime());
        Ok(self.handle(sender))
    }

    /// Ends a room's life: all that was drawn is gone, and its members come again to an empty board.
    pub async fn delete(&self, name: &RoomName) -> Result<Incarnation, CommitFailed> {
        let next = self.0.store.delete(name).await?;
        // Who opens the room from now on finds its next life.
        let ended = self.lock().remove(name);
        if let Some(ended) = ended {
            // It may have ended by itself.
            ended.post(Letter::Deleted).await.ok();
        }
        Ok(next)
    }

    /// A number for a new connection.
    pub fn next_conn(&self) -> ConnId {
        ConnId(self.0.n_conns.fetch_add(1, Ordering::Relaxed))
    }

    /// Where the rooms are kept.
    pub fn store(&self) -> &dyn Store {
        &*self.0.store
    }

    /// What is refused.
    pub fn limits(&self) -> &Arc<Limits> {
        &self.0.limits
    }

    /// What is counted of all rooms.
    pub fn metrics(&self) -> &Metrics {
        &self.0.metrics
    }

    /// The clock of all rooms.
    pub fn clock(&self) -> Clock {
        self.0.clock
    }

    /// Where a room runs.
    pub fn shard(&self, room: &RoomName) -> &Shard {
        self.0.shards.of(room)
    }

    /// Held by whoever compacts a log.
    pub(crate) fn compactions(&self) -> &Semaphore {
        &self.0.compactions
    }

    /// Runs something beside a room, on its thread.
    pub(crate) fn spawn(&self, name: &RoomName, task: impl Future<Output = ()> + Send + 'static) {
        self.0.tasks.spawn_on(task, self.shard(name).runtime());
    }

    /// Cancelled when the server stops.
    pub fn stop(&self) -> &CancellationToken {
        &self.0.stop
    }

    /// Forgets a room if nobody holds it and no letter waits for it. After `true` its task ends.
    pub fn retire(&self, name: &RoomName, mailbox: &Inbox) -> bool {
        let mut open = self.lock();
        // One that is not there any more was deleted, and its name leads to another.
        let is_open = open.get(name).is_some_and(|sender| sender.leads_to(mailbox));
        let is_held = is_open && open.get(name).is_some_and(|sender| sender.n_holders() > 1);
        if is_held || !mailbox.is_empty() {
            return false;
        }
        if is_open {
            open.remove(name);
        }
        true
    }

    /// Forgets a room whose task has ended for a reason of its own.
    pub fn forget_closed(&self, name: &RoomName) {
        let mut open = self.lock();
        if open.get(name).is_some_and(Mailbox::is_closed) {
            open.remove(name);
        }
    }

    fn handle(&self, mailbox: Mailbox) -> RoomHandle {
        RoomHandle::new(mailbox, Arc::clone(&self.0.uncommitted))
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<RoomName, Mailbox>> {
        // Nothing panics while the map is being changed.
        self.0.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
