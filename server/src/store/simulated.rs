//! A store in memory, for tests: it stalls, fails and loses what is not synced exactly when it is told
//! to, and does nothing by itself. Knows no thread and no clock.

mod disk;

use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use shared::id::{Incarnation, RoomName, Seq};
use tokio::sync::{oneshot, watch};

use super::{
    Append, Archived, CommitFailed, CompactError, Health, Pending, Store, StoreError, follows,
};
use crate::limits::STORE_QUEUE_JOBS;
use crate::log::{Compacted, Log, Record};
use crate::ticket::{SECRET_BYTES, Secret};
use disk::{Disk, Waiting};

/// The simulated store; clones are the same one.
#[derive(Clone)]
pub struct SimulatedStore(Arc<Inner>);

struct Inner {
    secret: Secret,
    health: (watch::Sender<Health>, watch::Receiver<Health>),
    disk: Mutex<Disk>,
    /// Rings when something begins to wait, or ends it.
    changed: watch::Sender<()>,
}

/// What a store does, one after the other.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Step {
    /// Commit what was appended.
    Append,
    /// Read a log.
    Load,
    /// Commit a snapshot.
    Compact,
    /// Move to the archive what the snapshot stands for.
    Archive,
    /// End a life.
    Delete,
}

/// Whether steps of a kind are taken.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Pace {
    /// At once.
    #[default]
    Free,
    /// Only when [`SimulatedStore::let_one`] says so.
    Held,
}

impl Default for SimulatedStore {
    fn default() -> Self {
        Self::with(Disk::default())
    }
}

impl SimulatedStore {
    fn with(disk: Disk) -> Self {
        Self(Arc::new(Inner {
            secret: Secret::new([7; SECRET_BYTES]),
            health: watch::channel(Health::Serving),
            disk: Mutex::new(disk),
            changed: watch::Sender::default(),
        }))
    }

    /// Sets how steps of a kind are taken from now on. Freed, those that wait are taken, in order.
    pub fn set_pace(&self, step: Step, pace: Pace) {
        self.disk().paces.insert(step, pace);
        while pace == Pace::Free && self.let_one(step) {}
    }

    /// Lets the first go that waits for a step of this kind; `false` if there is none.
    pub fn let_one(&self, step: Step) -> bool {
        let next = self.disk().take_waiting(step);
        let Some(next) = next else { return false };
        match next {
            Waiting::Commit(append) => self.commit(append),
            // Who has waited may have gone.
            Waiting::Go(_, go) => drop(go.send(())),
        }
        self.0.changed.send_replace(());
        true
    }

    /// How many steps of a kind wait.
    pub fn n_waiting(&self, step: Step) -> usize {
        self.disk().n_waiting(step)
    }

    /// How many steps of a kind were ever begun.
    pub fn n_begun(&self, step: Step) -> usize {
        self.disk().n_begun.get(&step).copied().unwrap_or_default()
    }

    /// Returns when so many steps of a kind wait.
    pub async fn until_waiting(&self, step: Step, n: usize) {
        let mut changed = self.0.changed.subscribe();
        while self.n_waiting(step) < n {
            // This store is among the senders.
            changed.changed().await.ok();
        }
    }

    /// Commits fail from now on, also those that wait. The first `n_kept` of these are on the disk
    /// nevertheless, as after a sync of which nobody knows how far it came.
    pub fn fail(&self, n_kept: usize) {
        self.0.health.0.send_replace(Health::Failed);
        let mut appends = Vec::new();
        while let Some(Waiting::Commit(append)) = self.disk().take_waiting(Step::Append) {
            appends.push(append);
        }
        for (at, append) in appends.into_iter().enumerate() {
            if at < n_kept {
                self.disk().append(&append);
            }
            (append.done)(Err(CommitFailed));
        }
        self.0.changed.send_replace(());
    }

    /// The disk works again.
    pub fn heal(&self) {
        self.0.health.0.send_replace(Health::Serving);
    }

    /// What a server finds that starts after a power failure: all that was committed, and of what waits
    /// the first `n_kept` appends. Nobody is told anything of those.
    pub fn after_crash(&self, n_kept: usize) -> Self {
        Self::with(self.disk().after_crash(n_kept))
    }

    fn commit(&self, append: Append) {
        let fits = !self.has_failed() && self.disk().append(&append);
        (append.done)(if fits { Ok(()) } else { Err(CommitFailed) });
    }

    /// Waits until a step may be taken.
    async fn turn(&self, step: Step) {
        let going = {
            let mut disk = self.disk();
            *disk.n_begun.entry(step).or_default() += 1;
            match disk.pace(step) {
                Pace::Free => None,
                Pace::Held => {
                    let (go, going) = oneshot::channel();
                    disk.waiting.push_back(Waiting::Go(step, go));
                    Some(going)
                }
            }
        };
        self.0.changed.send_replace(());
        if let Some(going) = going {
            // The other end is dropped only with the store.
            going.await.ok();
        }
    }

    fn disk(&self) -> MutexGuard<'_, Disk> {
        // A test that panics has failed anyway.
        self.0.disk.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Store for SimulatedStore {
    fn secret(&self) -> &Secret {
        &self.0.secret
    }

    fn health(&self) -> &watch::Receiver<Health> {
        &self.0.health.1
    }

    fn append(&self, append: Append) -> Pending<'_, Result<(), CommitFailed>> {
        Box::pin(async move {
            let mut changed = self.0.changed.subscribe();
            while self.n_waiting(Step::Append) >= STORE_QUEUE_JOBS {
                changed.changed().await.ok();
            }
            if self.has_failed() {
                return Err(CommitFailed);
            }
            let pace = {
                let mut disk = self.disk();
                *disk.n_begun.entry(Step::Append).or_default() += 1;
                disk.pace(Step::Append)
            };
            match pace {
                Pace::Free => self.commit(append),
                Pace::Held => self.disk().waiting.push_back(Waiting::Commit(append)),
            }
            self.0.changed.send_replace(());
            Ok(())
        })
    }

    fn load(&self, room: &RoomName) -> Pending<'_, Result<Option<Log>, StoreError>> {
        let room = room.clone();
        Box::pin(async move {
            self.turn(Step::Load).await;
            if self.has_failed() { Err(StoreError::Failed) } else { Ok(self.disk().log(&room)) }
        })
    }

    fn compact(
        &self,
        room: &RoomName,
        incarnation: Incarnation,
        compacted: Compacted,
    ) -> Pending<'_, Result<Archived, CompactError>> {
        let room = room.clone();
        Box::pin(async move {
            self.turn(Step::Compact).await;
            if self.has_failed() {
                return Err(CommitFailed.into());
            }
            if !self.disk().put_snapshot(&room, incarnation, compacted) {
                return Err(CompactError::Outdated);
            }
            self.turn(Step::Archive).await;
            if self.has_failed() {
                return Err(CommitFailed.into());
            }
            self.disk().archive(&room, incarnation).ok_or(CompactError::Outdated)
        })
    }

    fn history(&self, room: &RoomName, after: Seq) -> Pending<'_, Result<Vec<Record>, StoreError>> {
        let room = room.clone();
        Box::pin(async move { Ok(self.disk().history(&room, after)) })
    }

    fn replace(
        &self,
        room: &RoomName,
        records: Vec<Record>,
    ) -> Pending<'_, Result<Incarnation, CommitFailed>> {
        let room = room.clone();
        Box::pin(async move {
            self.turn(Step::Delete).await;
            if self.has_failed() || !follows(Incarnation(0), &records, None) {
                return Err(CommitFailed);
            }
            let mut disk = self.disk();
            let incarnation = disk.delete(&room);
            disk.append(&Append { room, incarnation, records, done: Box::new(|_| ()) });
            Ok(incarnation)
        })
    }

    fn rooms(&self, after: Option<&RoomName>) -> Pending<'_, Result<Vec<RoomName>, StoreError>> {
        let after = after.cloned();
        Box::pin(async move { Ok(self.disk().rooms(after.as_ref())) })
    }

    fn backup(&self, to: &Path) -> Pending<'_, Result<(), StoreError>> {
        let (to, why) = (to.to_owned(), "the simulated store has no file".into());
        Box::pin(async move { Err(StoreError::Backup { to, why }) })
    }
}
