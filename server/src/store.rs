//! Where rooms are kept. What [`Append::done`] was told is safe even if the power fails.
//!
//! [`SqliteStore`] is the real one, [`SimulatedStore`] fails when it is told to. What every store
//! promises is what `server/tests/store/contract.rs` asks of each.

mod simulated;
mod sqlite;

use std::path::{Path, PathBuf};
use std::pin::Pin;

use shared::id::{Incarnation, RoomName, Seq};
use tokio::sync::watch;

pub use simulated::{Pace, SimulatedStore, Step};
pub use sqlite::SqliteStore;

use crate::log::{Compacted, Log, Record};
use crate::ticket::Secret;

/// Something that a store is about to do.
pub type Pending<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// A place for the logs of rooms.
pub trait Store: Send + Sync {
    /// What tickets are made with; it stays the same as long as the store.
    fn secret(&self) -> &Secret;

    /// Whether the store can be written to. Never changes by itself but between two commits.
    fn health(&self) -> &watch::Receiver<Health>;

    /// Takes records for the next commit; waits while too many wait already. After an error nothing
    /// was taken, and `done` is not called.
    fn append(&self, append: Append) -> Pending<'_, Result<(), CommitFailed>>;

    /// The committed log of a room; `None` if nothing was ever written to it.
    fn load(&self, room: &RoomName) -> Pending<'_, Result<Option<Log>, StoreError>>;

    /// Puts a board in place of the records that led to it. They stay in the archive: the answer is
    /// how much that took.
    fn compact(
        &self,
        room: &RoomName,
        incarnation: Incarnation,
        compacted: Compacted,
    ) -> Pending<'_, Result<Archived, CompactError>>;

    /// Some of the records after `after`, in order, whether they are archived or not; none where
    /// there are no more.
    fn history(&self, room: &RoomName, after: Seq) -> Pending<'_, Result<Vec<Record>, StoreError>>;

    /// Ends a life of the room: its log and its archive are gone, and what is appended to it later is
    /// refused. The answer is its next life.
    fn delete(&self, room: &RoomName) -> Pending<'_, Result<Incarnation, CommitFailed>> {
        self.replace(room, Vec::new())
    }

    /// The same, and the next life begins with these records, all in one: who crashes has either.
    fn replace(
        &self,
        room: &RoomName,
        records: Vec<Record>,
    ) -> Pending<'_, Result<Incarnation, CommitFailed>>;

    /// Some of the rooms that hold anything, in the order of their names, beginning after a name; none
    /// where there are no more.
    fn rooms(&self, after: Option<&RoomName>) -> Pending<'_, Result<Vec<RoomName>, StoreError>>;

    /// Copies everything as it is at one moment into a new file, while the store goes on.
    fn backup(&self, to: &Path) -> Pending<'_, Result<(), StoreError>>;

    /// Whether commits fail. The store itself finds out when that is over.
    fn has_failed(&self) -> bool {
        *self.health().borrow() == Health::Failed
    }
}

/// How a store is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Health {
    /// It commits.
    Serving,
    /// A commit failed in such a way that the next one would too, or could not be trusted.
    Failed,
}

/// Records to be added to a room's log, which comes into being with its first one.
pub struct Append {
    /// Whose log.
    pub room: RoomName,
    /// Which life of the room.
    pub incarnation: Incarnation,
    /// In order, following those that are there.
    pub records: Vec<Record>,
    /// Told once, on any thread: after the commit, or when it failed.
    pub done: Box<dyn FnOnce(Result<(), CommitFailed>) + Send>,
}

/// Whether records follow each other, and what a room's log has, which is of another life if the room
/// was deleted. After a failed commit the room may have sent more already, and a log with a hole could
/// never be read again.
fn follows(incarnation: Incarnation, records: &[Record], log: Option<(Incarnation, Seq)>) -> bool {
    let (present, mut last) = log.unwrap_or((incarnation, Seq::default()));
    let are_next = records.iter().all(|record| {
        let is_next = record.seq == last.next();
        last = record.seq;
        is_next
    });
    are_next && present == incarnation
}

/// What was written is not kept; the store's log says why.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("the store could not be written to")]
pub struct CommitFailed;

/// What became of the records that a board was put in the place of, and of those that an earlier
/// compaction had left behind.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Archived {
    /// How many there are.
    pub n_records: u64,
    /// Bytes of their updates.
    pub n_bytes: u64,
    /// Bytes that they take up in the archive.
    pub n_stored_bytes: u64,
}

/// Why records were not compacted; then they are still in the log, or some of them.
#[derive(Debug, thiserror::Error)]
pub enum CompactError {
    /// The room has another life by now, or a board from later on.
    #[error("the board is not what the room's log leads to any more")]
    Outdated,
    /// It could not be written.
    #[error(transparent)]
    Commit(#[from] CommitFailed),
    /// The records could not be read.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Why the store cannot be opened or read.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The data folder cannot be made or locked.
    #[error("the data folder {} cannot be used: {source}", folder.display())]
    Folder {
        /// Which one.
        folder: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// Another server has it open.
    #[error("the data folder {} is in use by another server", .0.display())]
    InUse(PathBuf),
    /// Written by a newer Tandem.
    #[error("{} was written by a newer version of Tandem (schema {version})", file.display())]
    Newer {
        /// The database.
        file: PathBuf,
        /// Its schema.
        version: i64,
    },
    /// The database does not answer.
    #[error("the database {} cannot be read: {why}", file.display())]
    Database {
        /// The database.
        file: PathBuf,
        /// What SQLite says.
        why: String,
    },
    /// What is in the file is not what was written there.
    #[error(
        "the database {} is damaged: {why}. It is left as it is; put a backup in its place, or move \
         it away, with the files beside it, to begin with empty boards",
        file.display()
    )]
    Damaged {
        /// The database.
        file: PathBuf,
        /// What was found.
        why: String,
    },
    /// The same of one room; the others can be read.
    #[error(
        "the board {room} in the database {} is damaged: {why}. It is left as it is, and the other \
         boards are served; the board can be put back from a backup",
        file.display()
    )]
    DamagedRoom {
        /// The database.
        file: PathBuf,
        /// Which one.
        room: RoomName,
        /// What was found.
        why: String,
    },
    /// The disk has failed, or is full; the store goes on by itself when it can.
    #[error("the store cannot be used now")]
    Failed,
    /// The copy could not be written.
    #[error("the backup {} cannot be written: {why}", to.display())]
    Backup {
        /// The copy.
        to: PathBuf,
        /// What went wrong.
        why: String,
    },
}
