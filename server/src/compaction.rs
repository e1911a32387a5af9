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
    #[error("no snapshot could be made: {0}")]
    Snapshot(#[from] ReplicaError),
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
    /// Nothing before the log is longer than this: the last attempt failed.
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

    /// Whether the log has outgrown its snapshot: then it is to be compacted, and `Done` told of it.
    pub fn begin_if_due(&mut self) -> Option<Done> {
        self.look_after();
        self.begin_if_longer(COMPACT_LOG_BYTES.max(self.extent.n_snapshot))
    }

    /// The same when nobody needs the room any more: whoever comes next is to wait for little.
    pub fn begin_if_due_unloaded(&mut self) -> Option<Done> {
        self.look_after();
        let share = self.extent.n_snapshot / COMPACT_UNLOADED_SHARE;
        self.begin_if_longer(COMPACT_UNLOADED_BYTES.max(share))
    }

    fn begin_if_longer(&mut self, n_bytes: u64) -> Option<Done> {
        if self.running.is_some() || self.n_log() <= n_bytes.max(self.not_before) {
            return None;
        }
        let (done, running) = oneshot::channel();
        self.running = Some(running);
        // Unless it works.
        self.not_before = 2 * self.n_log();
        Some(Done(done))
    }

    fn n_log(&self) -> u64 {
        self.n_committed.saturating_sub(self.extent.n_left)
    }

    /// Takes note of a compaction that has ended.
    fn look_after(&mut self) {
        let Some(running) = &mut self.running else { return };
        match running.try_recv() {
            Err(oneshot::error::TryRecvError::Empty) => return,
            Ok(Some(extent)) => (self.extent, self.not_before) = (extent, 0),
            Ok(None) | Err(oneshot::error::TryRecvError::Closed) => {}
        }
        self.running = None;
    }
}

/// Where to tell how far a log was compacted.
pub struct Done(oneshot::Sender<Option<Extent>>);

/// Compacts a room's log, as far as it is committed when its turn has come.
pub async fn run(rooms: Rooms, name: RoomName, done: Done) {
    let stop = rooms.stop().clone();
    let compacted = tokio::select! {
        compacted = compact(&rooms, &name) => compacted,
        // Whatever was begun is good as it is.
        () = stop.cancelled() => return,
    };
    let extent = match compacted {
        Ok(extent) => Some(extent),
        // The room has another life by now.
        Err(Failed::Compact(CompactError::Outdated)) => None,
        Err(error) => {
            warn!(room = %name, "the room's log cannot be compacted: {error}");
            None
        }
    };
    // The room may have ended meanwhile.
    done.0.send(extent).ok();
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
    Ok(Document::from_log(log)?.compacted()?)
}

#[cfg(test)]
mod tests {
    use shared::id::Incarnation;

    use super::*;

    fn extent(n_left: u64, n_snapshot: u64) -> Option<Extent> {
        Some(Extent { n_left, n_snapshot })
    }

    #[test]
    fn a_log_is_compacted_when_it_is_as_long_as_its_snapshot() {
        let mut growth = Growth::of(&Log::empty(Incarnation(1)));
        growth.note_committed(COMPACT_LOG_BYTES);
        assert!(growth.begin_if_due().is_none(), "not yet");
        growth.note_committed(1);
        let done = growth.begin_if_due().unwrap();
        growth.note_committed(COMPACT_LOG_BYTES);
        assert!(growth.begin_if_due().is_none(), "it is being compacted");
        // What was committed meanwhile is still in the log.
        let snapshot = 3 * COMPACT_LOG_BYTES;
        done.0.send(extent(COMPACT_LOG_BYTES + 1, snapshot)).unwrap();
        assert!(growth.begin_if_due().is_none());
        growth.note_committed(2 * COMPACT_LOG_BYTES);
        assert!(growth.begin_if_due().is_none(), "as long as the snapshot");
        growth.note_committed(1);
        assert!(growth.begin_if_due().is_some());
    }

    #[test]
    fn a_log_that_is_left_is_compacted_sooner() {
        let mut growth = Growth::of(&Log::empty(Incarnation(1)));
        growth.note_committed(COMPACT_UNLOADED_BYTES + 1);
        assert!(growth.begin_if_due().is_none());
        let done = growth.begin_if_due_unloaded().unwrap();
        let snapshot = COMPACT_UNLOADED_SHARE * 2 * COMPACT_UNLOADED_BYTES;
        done.0.send(extent(COMPACT_UNLOADED_BYTES + 1, snapshot)).unwrap();
        growth.note_committed(2 * COMPACT_UNLOADED_BYTES);
        assert!(growth.begin_if_due_unloaded().is_none(), "a small part of the snapshot");
        growth.note_committed(1);
        assert!(growth.begin_if_due_unloaded().is_some());
    }

    #[test]
    fn what_failed_is_tried_again_when_the_log_is_twice_as_long() {
        let mut growth = Growth::of(&Log::empty(Incarnation(1)));
        growth.note_committed(COMPACT_LOG_BYTES + 1);
        growth.begin_if_due().unwrap().0.send(None).unwrap();
        growth.note_committed(COMPACT_LOG_BYTES);
        assert!(growth.begin_if_due().is_none());
        growth.note_committed(2);
        // One of which nothing is heard any more has failed too.
        drop(growth.begin_if_due().unwrap());
        assert!(growth.begin_if_due().is_none());
    }
}
