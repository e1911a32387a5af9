//! All rooms that are in memory. Opening one twice gives the same room; a room leaves only while
//! nobody holds it, so that no joiner ever reaches one that is going away.

mod handle;
mod mailbox;

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use shared::id::RoomName;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

pub use handle::{ImportRefused, Membership, RoomClosed, RoomHandle};
pub use mailbox::{Inbox, Mailbox};

use crate::clock::Clock;
use crate::limits::{Limits, UNCOMMITTED_MAX_BYTES};
use crate::metrics::{Metrics, Refusal};
use crate::room::ConnId;
use crate::room_task;
use crate::shards::{Shard, Shards};
use crate::store::Store;

/// The rooms of this server; clones are the same rooms.
#[derive(Clone)]
pub struct Rooms(Arc<Inner>);

struct Inner {
    store: Store,
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
}

/// As many rooms are in memory as may be.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("too many boards are open; try again later")]
pub struct TooManyRooms;

impl Rooms {
    /// Rooms that are kept in `store`. When `stop` is cancelled, each ends as soon as its members
    /// have left; `tasks` then says when all have.
    pub fn new(
        store: Store,
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
        }))
    }

    /// The room called `name`, loaded if it is not in memory and there may be one more.
    pub fn open(&self, name: &RoomName) -> Result<RoomHandle, TooManyRooms> {
        let mut open = self.lock();
        if let Some(sender) = open.get(name).filter(|sender| !sender.is_closed()) {
            return Ok(self.handle(sender.clone()));
        }
        if open.len() >= self.0.limits.rooms {
            self.0.metrics.refused(Refusal::Rooms);
            return Err(TooManyRooms);
        }
        let (sender, mailbox) = mailbox::mailbox();
        open.insert(name.clone(), sender.clone());
        let task = room_task::run(self.clone(), name.clone(), mailbox);
        self.0.tasks.spawn_on(task, self.shard(name).runtime());
        Ok(self.handle(sender))
    }

    /// A number for a new connection.
    pub fn next_conn(&self) -> ConnId {
        ConnId(self.0.n_conns.fetch_add(1, Ordering::Relaxed))
    }

    /// Where the rooms are kept.
    pub fn store(&self) -> &Store {
        &self.0.store
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

    /// Cancelled when the server stops.
    pub fn stop(&self) -> &CancellationToken {
        &self.0.stop
    }

    /// Forgets a room if nobody holds it and no letter waits for it. After `true` its task ends.
    pub fn retire(&self, name: &RoomName, mailbox: &Inbox) -> bool {
        let mut open = self.lock();
        let is_held = open.get(name).is_some_and(|sender| sender.n_holders() > 1);
        if is_held || !mailbox.is_empty() {
            return false;
        }
        open.remove(name);
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
