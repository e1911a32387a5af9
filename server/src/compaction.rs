//! Compaction of a room's log: a snapshot of the board takes the place of the records that led to it.
//!
//! It works on what the store has, off the room's task, while the room goes on: what is committed
//! meanwhile follows the snapshot in the log. A board is a few times as quick to load afterwards.

use shared::board::ReplicaError;
use shared::id::RoomName;
use tokio::sync::oneshot;
use tracing::{debug, warn};

use crate::limits::{COMPACT_LOG_BYTES, COMPACT_UNLOADED_BYTES, COMPACT_UNLOADED_SHARE};
use crate::log::{Compacted, Log};
use crate::room::{DamagedLog, Document};
use crate::rooms::Rooms;
use crate::store::{CompactError, StoreError};

/// Why a log was not compacted. It is as good as before.
#[derive(Debug, thiserror::Error)]
enum Failed {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Compact(#[from] CompactError),
    #[error(transparent)]
    Log(#[from] DamagedLog),
    #[error("the snapshot could not be read again: {0}")]
    Snapshot(#[from] ReplicaError),
    #[error("the snapshot is not the board that it was made of")]
    Different,
    #[error("making the snapshot panicked")]
    Panicked,
}

/// How far a room's log was compacted.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
struct Extent {
    /// Bytes of all updates that are not in the log any more.
    n_left: u64,
    /// Bytes of the snapshot in their place.
    n_snapshot: u64,
}

impl Extent {
    fn of(compacted: Option<&Compacted>) -> Self {
        compacted.map_or(Self::default(), |it| Self { n_left: it.n_bytes, n_snapshot: it.size() })
    }
}

/// How much a room's log has grown since it was compacted, and whether it is being compacted now.
pub struct Growth {
    /// Bytes of all updates that were ever committed.
    n_committed: u64,
    extent: Extent,
    /// Nothing before the log is so long: the last attempt failed.
    not_before: u64,
    running: Option<oneshot::Receiver<Option<Extent>>>,
}

impl Growth {
    /// That of a log which was just loaded.
    pub fn of(log: &Log) -> Self {
        let extent = Extent::of(log.compacted.as_ref());
        let n_committed = extent.n_left + log.n_bytes();
        Self { n_committed, extent, not_before: 0, running: None }
    }

    /// So many more bytes of updates are committed.
    pub fn note_committed(&mut self, n_bytes: u64) {
        self.n_committed += n_bytes;
    }

    /// Begins a compaction if the log has outgrown its snapshot.
    pub fn compact_if_due(&mut self, rooms: &Rooms, name: &RoomName) {
        self.look_after();
        if self.running.is_none()
            && self.is_longer_than(COMPACT_LOG_BYTES.max(self.extent.n_snapshot))
        {
            self.running = Some(spawn(rooms, name));
        }
    }

    /// Begins one when nobody needs the room any more, if whoever comes next would notice.
    pub fn compact_unloaded(&mut self, rooms: &Rooms, name: &RoomName) {
        self.look_after();
        let share = self.extent.n_snapshot / COMPACT_UNLOADED_SHARE;
        if self.running.is_none() && self.is_longer_than(COMPACT_UNLOADED_BYTES.max(share)) {
            drop(spawn(rooms, name));
        }
    }

    fn is_longer_than(&self, n_bytes: u64) -> bool {
        let n_log = self.n_committed.saturating_sub(self.extent.n_left);
        n_log > n_bytes.max(self.not_before)
    }

    /// Takes note of a compaction that has ended.
    fn look_after(&mut self) {
        let Some(running) = &mut self.running else { return };
        match running.try_recv() {
            Err(oneshot::error::TryRecvError::Empty) => return,
            Ok(Some(extent)) => (self.extent, self.not_before) = (extent, 0),
            Ok(None) | Err(oneshot::error::TryRecvError::Closed) => {
                let n_log = self.n_committed.saturating_sub(self.extent.n_left);
                self.not_before = 2 * n_log;
            }
        }
        self.running = None;
    }
}

/// Compacts a room's log as far as it is committed when its turn comes; tells how far that was.
fn spawn(rooms: &Rooms, name: &RoomName) -> oneshot::Receiver<Option<Extent>> {
    let (done, running) = oneshot::channel();
    let (rooms_, name_) = (rooms.clone(), name.clone());
    rooms.spawn(name, async move {
        let (rooms, name) = (rooms_, name_);
        let stop = rooms.stop().clone();
        let compacted = tokio::select! {
            compacted = compact(&rooms, &name) => compacted,
            // Whatever was begun is good as it is.
            () = stop.cancelled() => return,
        };
        let extent = match compacted {
            Ok(extent) => Some(extent),
            Err(Failed::Compact(CompactError::Outdated)) => None,
            Err(error) => {
                warn!(room = %name, "the room's log cannot be compacted: {error}");
                None
            }
        };
        // The room may have ended meanwhile.
        done.send(extent).ok();
    });
    running
}

async fn compact(rooms: &Rooms, name: &RoomName) -> Result<Extent, Failed> {
    // The semaphore is never closed.
    let _turn = rooms.compactions().acquire().await;
    let Some(log) = rooms.store().load(name).await? else { return Ok(Extent::default()) };
    let incarnation = log.incarnation;
    let making = tokio::task::spawn_blocking(move || snapshot(&log));
    let compacted = making.await.unwrap_or(Err(Failed::Panicked))?;
    let (seq, extent) = (compacted.seq, Extent::of(Some(&compacted)));
    let archived = rooms.store().compact(name, incarnation, compacted).await?;
    debug!(room = %name, seq = seq.0, n_snapshot = extent.n_snapshot, ?archived, "log compacted");
    Ok(extent)
}

/// The board that a log leads to. It counts only if what comes out again is the same board.
fn snapshot(log: &Log) -> Result<Compacted, Failed> {
    let document = Document::from_log(log)?;
    let compacted = document.compacted();
    if document.is_told_by(&compacted)? { Ok(compacted) } else { Err(Failed::Different) }
}
