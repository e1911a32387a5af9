//! The thread that writes. It takes all that waits into one transaction, so that one fsync serves
//! many rooms, and tells each how it went.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use rusqlite::{Connection, ErrorCode};
use tokio::sync::mpsc;
use tracing::error;

use super::{Append, CommitFailed, schema};
use crate::limits::COMMIT_MAX_JOBS;

/// Owns the only connection that writes.
pub(super) struct Writer {
    connection: Connection,
    queue: mpsc::Receiver<Append>,
    has_failed: Arc<AtomicBool>,
}

impl Writer {
    pub(super) fn new(
        connection: Connection,
        queue: mpsc::Receiver<Append>,
        has_failed: Arc<AtomicBool>,
    ) -> Self {
        Self { connection, queue, has_failed }
    }

    /// Commits until nobody can send any more and the queue is empty.
    pub(super) fn run(mut self) {
        let mut jobs = Vec::new();
        while self.queue.blocking_recv_many(&mut jobs, COMMIT_MAX_JOBS) > 0 {
            let mut fits = Vec::with_capacity(jobs.len());
            let result = self.commit(&jobs, &mut fits);
            for (at, job) in jobs.drain(..).enumerate() {
                let is_in = fits.get(at).copied().unwrap_or(false);
                (job.done)(if is_in { result } else { Err(CommitFailed) });
            }
        }
    }

    /// Commits the jobs that fit their logs; `fits` tells which these are.
    fn commit(&mut self, jobs: &[Append], fits: &mut Vec<bool>) -> Result<(), CommitFailed> {
        if self.has_failed.load(Ordering::Acquire) {
            return Err(CommitFailed);
        }
        self.try_commit(jobs, fits).map_err(|error| {
            if is_lasting(&error) {
                self.has_failed.store(true, Ordering::Release);
            }
            error!("a commit failed, nothing of it is acknowledged: {error}");
            CommitFailed
        })
    }

    fn try_commit(&mut self, jobs: &[Append], fits: &mut Vec<bool>) -> rusqlite::Result<()> {
        let transaction = schema::begin(&mut self.connection)?;
        for job in jobs {
            let is_next = schema::is_next(&transaction, job)?;
            fits.push(is_next);
            if is_next {
                schema::append(&transaction, job)?;
            }
        }
        transaction.commit()
    }
}

/// Whether what was written may be on the disk or not, so that reading it back proves nothing. After
/// a failed fsync the system forgets what it could not write: only a restart finds out.
fn is_lasting(error: &rusqlite::Error) -> bool {
    match error.sqlite_error_code() {
        Some(ErrorCode::DiskFull | ErrorCode::DatabaseBusy | ErrorCode::ConstraintViolation) => {
            false
        }
        Some(_) => true,
        // SQLite did what it was told; the records did not fit.
        None => false,
    }
}
