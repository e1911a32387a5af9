//! Where rooms' logs are kept: one SQLite file, one thread that writes, commits that many rooms
//! share. What [`Append::done`] was told is safe even if the power fails.
//!
//! Only this module knows SQL.

mod folder;
mod schema;
mod writer;

#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use rusqlite::Connection;
use shared::id::{Incarnation, RoomName};
use tokio::sync::mpsc;

use crate::limits::STORE_QUEUE_JOBS;
use crate::log::{Log, Record};
use crate::ticket::Secret;
use folder::Folder;
use writer::Writer;

/// The store; clones are the same one. It is closed when the last clone is dropped.
#[derive(Clone)]
pub struct Store(Arc<Inner>);

struct Inner {
    /// `None` only while it is being dropped.
    writer: Option<(mpsc::Sender<Append>, JoinHandle<()>)>,
    reader: Mutex<Connection>,
    file: PathBuf,
    secret: Secret,
    has_failed: Arc<AtomicBool>,
    /// Last, so that nobody else opens the folder before all is closed.
    _folder: Folder,
}

/// Records to be added to a room's log, which comes into being with its first one.
pub struct Append {
    /// Whose log.
    pub room: RoomName,
    /// Which life of the room.
    pub incarnation: Incarnation,
    /// In order, following those that are there.
    pub records: Vec<Record>,
    /// Told once, on the writer's thread: after the commit, or when it failed.
    pub done: Box<dyn FnOnce(Result<(), CommitFailed>) + Send>,
}

/// The records are not kept; the store's log says why.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("the log could not be written")]
pub struct CommitFailed;

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
    /// The database does not answer as it should; most likely the file is damaged.
    #[error("the database {} cannot be read: {why}", file.display())]
    Database {
        /// The database.
        file: PathBuf,
        /// What SQLite says, or what is wrong with the content.
        why: String,
    },
}

impl Store {
    /// Opens the store in a folder, which is made if it is missing.
    pub fn open(folder: &Path) -> Result<Self, StoreError> {
        let folder = Folder::lock(folder)?;
        let file = folder.database();
        let unreadable = |error: rusqlite::Error| schema::unreadable(&file, &error);
        let mut connection = schema::open(&file)?;
        let secret = schema::secret(&mut connection).map_err(unreadable)?;
        let reader = schema::open_reader(&file).map_err(unreadable)?;
        let has_failed = Arc::new(AtomicBool::new(false));
        let (jobs, queue) = mpsc::channel(STORE_QUEUE_JOBS);
        let writer = Writer::new(connection, queue, Arc::clone(&has_failed));
        let thread = std::thread::Builder::new().name("store".into());
        let thread = thread
            .spawn(move || writer.run())
            .map_err(|source| StoreError::Folder { folder: folder.path().to_owned(), source })?;
        Ok(Self(Arc::new(Inner {
            writer: Some((jobs, thread)),
            reader: Mutex::new(reader),
            file,
            secret,
            has_failed,
            _folder: folder,
        })))
    }

    /// What tickets are made with; it stays the same as long as the folder.
    pub fn secret(&self) -> &Secret {
        &self.0.secret
    }

    /// Whether a commit failed in such a way that none can be trusted until the server is restarted.
    pub fn has_failed(&self) -> bool {
        self.0.has_failed.load(Ordering::Acquire)
    }

    /// Takes records for the next commit; waits while the queue is full.
    pub async fn append(&self, append: Append) -> Result<(), CommitFailed> {
        let (jobs, _) = self.0.writer.as_ref().ok_or(CommitFailed)?;
        jobs.send(append).await.map_err(|_| CommitFailed)
    }

    /// The committed log of a room; `None` if nothing was ever written to it.
    pub async fn load(&self, room: &RoomName) -> Result<Option<Log>, StoreError> {
        let (inner, room) = (Arc::clone(&self.0), room.clone());
        let load = tokio::task::spawn_blocking(move || inner.load(&room));
        load.await.unwrap_or_else(|error| {
            Err(StoreError::Database { file: self.0.file.clone(), why: error.to_string() })
        })
    }
}

impl Inner {
    fn load(&self, room: &RoomName) -> Result<Option<Log>, StoreError> {
        let mut reader = self.reader.lock().unwrap_or_else(PoisonError::into_inner);
        let unreadable = |why: String| StoreError::Database { file: self.file.clone(), why };
        schema::read_log(&mut reader, room).map_err(|error| unreadable(error.to_string()))
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        if let Some((jobs, thread)) = self.writer.take() {
            drop(jobs);
            // The thread commits what is queued and ends. If it panicked, there is nobody to tell.
            thread.join().ok();
        }
    }
}
