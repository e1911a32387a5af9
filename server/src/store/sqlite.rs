//! The store in one SQLite file: one thread that writes, commits that many rooms share, and
//! connections that only read.
//!
//! Only this module knows SQL.

mod archive;
mod backup;
mod connection;
mod folder;
mod lives;
mod recovery;
mod schema;
mod segment;
mod updates;
mod writer;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread::JoinHandle;

use rusqlite::{Connection, ErrorCode, Transaction};
use shared::id::{Incarnation, RoomName, Seq};
use tokio::sync::{Semaphore, mpsc, oneshot, watch};

use super::{
    Append, Archived, CommitFailed, CompactError, Health, Pending, Store, StoreError, follows,
};
use crate::limits::STORE_QUEUE_JOBS;
use crate::log::{Compacted, Log, Record};
use crate::ticket::Secret;
use archive::Step;
use connection::Readers;
use folder::Folder;
use writer::{Fit, Job, Outcome, Write, Writer};

/// The store in one SQLite file; clones are the same one. It is closed when the last clone is dropped.
#[derive(Clone)]
pub struct SqliteStore(Arc<Inner>);

struct Inner {
    /// `None` only while it is being dropped.
    writer: Option<(mpsc::Sender<Job>, JoinHandle<()>)>,
    readers: Arc<Readers>,
    file: PathBuf,
    secret: Secret,
    /// Held by whoever compacts.
    compacting: Semaphore,
    health: watch::Receiver<Health>,
    /// Last, so that nobody else opens the folder before all is closed.
    _folder: Folder,
}

impl SqliteStore {
    /// Opens the store in a folder, which is made if it is missing.
    pub fn open(folder: &Path) -> Result<Self, StoreError> {
        let folder = Folder::lock(folder)?;
        let file = folder.database();
        let mut connection = schema::open(&file)?;
        let secret = schema::secret(&mut connection).map_err(|it| unreadable(&file, &it))?;
        let readers = Arc::new(Readers::new(file.clone()));
        // So that what is wrong with the file shows now.
        readers.with(|_| Ok(())).map_err(|it| unreadable(&file, &it))?;
        let (told, health) = watch::channel(Health::Serving);
        let (jobs, queue) = mpsc::channel(STORE_QUEUE_JOBS);
        let unusable = |source| StoreError::Folder { folder: folder.path().to_owned(), source };
        let writer = Writer::new(file.clone(), connection, queue, Arc::clone(&readers), told);
        let writer = writer.map_err(unusable)?;
        let thread = std::thread::Builder::new().name("store".into());
        let thread = thread.spawn(move || writer.run()).map_err(unusable)?;
        let writer = Some((jobs, thread));
        let compacting = Semaphore::new(1);
        let inner = Inner { writer, readers, file, secret, compacting, health, _folder: folder };
        Ok(Self(Arc::new(inner)))
    }

    /// Runs something on a connection that only reads, on a thread that may wait for the disk.
    async fn read<T: Send + 'static>(
        &self,
        read: impl FnOnce(&mut Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, StoreError> {
        if self.has_failed() {
            return Err(StoreError::Failed);
        }
        let inner = Arc::clone(&self.0);
        let reading = tokio::task::spawn_blocking(move || {
            inner.readers.with(read).map_err(|error| unreadable(&inner.file, &error))
        });
        reading.await.unwrap_or_else(|error| {
            Err(StoreError::Database { file: self.0.file.clone(), why: error.to_string() })
        })
    }

    /// Gives the writer something to do, and waits until that is committed.
    async fn write(&self, write: Write) -> Result<Fit, CommitFailed> {
        let (done, outcome) = oneshot::channel();
        let done = Box::new(move |outcome| {
            // Who waits may have gone meanwhile.
            done.send(outcome).ok();
        });
        self.give(Job { write, done }).await?;
        match outcome.await {
            Ok(Outcome::Committed) => Ok(Fit::Fits),
            Ok(Outcome::Unfit) => Ok(Fit::Unfit),
            Ok(Outcome::Failed) | Err(_) => Err(CommitFailed),
        }
    }

    async fn give(&self, job: Job) -> Result<(), CommitFailed> {
        let (jobs, _) = self.0.writer.as_ref().ok_or(CommitFailed)?;
        if self.has_failed() {
            return Err(CommitFailed);
        }
        jobs.send(job).await.map_err(|_| CommitFailed)
    }

    async fn compact(
        &self,
        room: RoomName,
        incarnation: Incarnation,
        compacted: Compacted,
    ) -> Result<Archived, CompactError> {
        // Two at a time could mix their parts. The semaphore is never closed.
        let _turn = self.0.compacting.acquire().await;
        for write in archive::put_snapshot(&room, incarnation, &compacted) {
            if self.write(write).await? == Fit::Unfit {
                return Err(CompactError::Outdated);
            }
        }
        let mut archived = Archived::default();
        loop {
            let name = room.clone();
            let next = self.read(move |reader| archive::next_step(reader, &name, incarnation));
            let Some(step) = next.await? else { return Ok(archived) };
            if let Step::Move(segment) = &step {
                archived.n_records += segment.n_records();
                archived.n_bytes += segment.n_bytes;
                archived.n_stored_bytes += segment.bytes.len() as u64;
            }
            let name = room.clone();
            let write = move |transaction: &Transaction<'_>| {
                archive::take_step(transaction, &name, incarnation, &step)
            };
            if self.write(Box::new(write)).await? == Fit::Unfit {
                return Err(CompactError::Outdated);
            }
        }
    }
}

impl Store for SqliteStore {
    fn secret(&self) -> &Secret {
        &self.0.secret
    }

    fn health(&self) -> &watch::Receiver<Health> {
        &self.0.health
    }

    fn append(&self, append: Append) -> Pending<'_, Result<(), CommitFailed>> {
        let Append { room, incarnation, records, done } = append;
        let write = Box::new(move |transaction: &Transaction<'_>| {
            updates::append(transaction, &room, incarnation, &records)
        });
        let done = Box::new(move |outcome| match outcome {
            Outcome::Committed => done(Ok(())),
            Outcome::Unfit | Outcome::Failed => done(Err(CommitFailed)),
        });
        Box::pin(self.give(Job { write, done }))
    }

    fn load(&self, room: &RoomName) -> Pending<'_, Result<Option<Log>, StoreError>> {
        let name = room.clone();
        Box::pin(async move {
            let room = name.clone();
            let log = self.read(move |reader| updates::read_log(reader, &name)).await;
            // Others may well be found.
            log.map_err(|error| match error {
                StoreError::Damaged { file, why } => StoreError::DamagedRoom { file, room, why },
                error => error,
            })
        })
    }

    fn compact(
        &self,
        room: &RoomName,
        incarnation: Incarnation,
        compacted: Compacted,
    ) -> Pending<'_, Result<Archived, CompactError>> {
        Box::pin(self.compact(room.clone(), incarnation, compacted))
    }

    fn history(&self, room: &RoomName, after: Seq) -> Pending<'_, Result<Vec<Record>, StoreError>> {
        let name = room.clone();
        Box::pin(self.read(move |reader| archive::history(reader, &name, after)))
    }

    fn replace(
        &self,
        room: &RoomName,
        records: Vec<Record>,
    ) -> Pending<'_, Result<Incarnation, CommitFailed>> {
        let name = room.clone();
        Box::pin(async move {
            let next = lives::fresh_incarnation().ok_or(CommitFailed)?;
            if !follows(next, &records, None) {
                return Err(CommitFailed);
            }
            let write = move |transaction: &Transaction<'_>| {
                let fit = lives::end(transaction, &name, next)?;
                updates::append(transaction, &name, next, &records)?;
                Ok(fit)
            };
            self.write(Box::new(write)).await?;
            Ok(next)
        })
    }

    fn rooms(&self, after: Option<&RoomName>) -> Pending<'_, Result<Vec<RoomName>, StoreError>> {
        let after = after.cloned();
        Box::pin(self.read(move |reader| lives::list(reader, after.as_ref())))
    }

    fn backup(&self, to: &Path) -> Pending<'_, Result<(), StoreError>> {
        let (to, copy) = (to.to_owned(), to.to_owned());
        let copying = self.read(move |reader| Ok(backup::copy(reader, &copy)));
        Box::pin(async move {
            copying.await?.map_err(|error| StoreError::Backup { to, why: error.to_string() })
        })
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.readers.renew();
        if let Some((jobs, thread)) = self.writer.take() {
            drop(jobs);
            // The thread commits what is queued and ends. If it panicked, there is nobody to tell.
            thread.join().ok();
        }
    }
}

/// What an unreadable database is reported as.
fn unreadable(file: &Path, error: &rusqlite::Error) -> StoreError {
    let (file, why) = (file.to_owned(), error.to_string());
    if is_damage(error) {
        StoreError::Damaged { file, why }
    } else {
        StoreError::Database { file, why }
    }
}

/// Whether the file's content is wrong, or is so for one room, rather than that the disk fails.
fn is_damage(error: &rusqlite::Error) -> bool {
    match error.sqlite_error_code() {
        Some(
            ErrorCode::DatabaseCorrupt
            | ErrorCode::NotADatabase
            | ErrorCode::ConstraintViolation
            | ErrorCode::TypeMismatch
            | ErrorCode::TooBig,
        ) => true,
        Some(_) => false,
        // SQLite did what it was told, and what came out is not what was once written.
        None => true,
    }
}

/// A value in the database that was never written there.
fn damage(why: impl Into<String>) -> rusqlite::Error {
    let error: Box<dyn std::error::Error + Send + Sync> = why.into().into();
    rusqlite::Error::FromSqlConversionFailure(0, rusqlite::types::Type::Blob, error)
}
