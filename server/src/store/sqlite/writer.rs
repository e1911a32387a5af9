//! The thread that writes. It takes all that waits into one transaction, so that one fsync serves
//! many rooms, and tells each how it went. When the disk fails it stops, and tries until the disk works.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, Transaction};
use tokio::runtime::{Builder, Runtime};
use tokio::sync::{mpsc, watch};
use tokio::time::{Instant, timeout_at};
use tracing::{error, info, warn};

use super::connection::{Readers, begin, checkpoint};
use super::{is_damage, lives, recovery};
use crate::limits::{COMMIT_MAX_JOBS, STORE_RECOVER_FIRST, STORE_RECOVER_MAX};
use crate::store::Health;

/// What a job writes. It may be called again, after a transaction that was given up.
pub(super) type Write = Box<dyn Fn(&Transaction<'_>) -> rusqlite::Result<Fit> + Send>;

/// Something to be committed.
pub(super) struct Job {
    pub write: Write,
    /// Told once how it went.
    pub done: Box<dyn FnOnce(Outcome) + Send>,
}

/// Whether a job fits what is in the database.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Fit {
    Fits,
    /// It fits, and leaves something to be cleared away.
    Leaves,
    /// Nothing was written for it.
    Unfit,
}

/// How a job ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Outcome {
    /// It is on the disk.
    Committed,
    /// It did not fit, and nothing was written for it.
    Unfit,
    /// It is not known to be on the disk.
    Failed,
}

/// Owns the only connection that writes.
pub(super) struct Writer {
    file: PathBuf,
    state: State,
    queue: mpsc::Receiver<Job>,
    readers: Arc<Readers>,
    health: watch::Sender<Health>,
    /// For waiting with an end. Nothing else runs on it.
    runtime: Runtime,
    /// Whether ended lives may have left something to be cleared away.
    has_remains: bool,
}

enum State {
    Serving(Connection),
    /// Nothing is committed.
    Failed {
        try_at: Instant,
        pause: Duration,
    },
}

impl Writer {
    pub(super) fn new(
        file: PathBuf,
        connection: Connection,
        queue: mpsc::Receiver<Job>,
        readers: Arc<Readers>,
        health: watch::Sender<Health>,
    ) -> io::Result<Self> {
        let runtime = Builder::new_current_thread().enable_time().build()?;
        let state = State::Serving(connection);
        Ok(Self { file, state, queue, readers, health, runtime, has_remains: true })
    }

    /// Commits until nobody can send any more and the queue is empty.
    pub(super) fn run(mut self) {
        let mut jobs = Vec::new();
        while self.wait(&mut jobs) {
            self.commit(&mut jobs);
            // Some of it each time, or it would never end on a busy day.
            self.look_after();
        }
        self.close();
    }

    /// Waits for jobs, or until there is something else to do; `false` when nobody can send any more.
    fn wait(&mut self, jobs: &mut Vec<Job>) -> bool {
        let queue = &mut self.queue;
        let until = match &self.state {
            State::Serving(_) if self.has_remains && queue.is_empty() && !queue.is_closed() => {
                return true;
            }
            State::Serving(_) => None,
            State::Failed { try_at, .. } => Some(*try_at),
        };
        self.runtime.block_on(async {
            let receiving = queue.recv_many(jobs, COMMIT_MAX_JOBS);
            match until {
                None => receiving.await > 0,
                // If nothing comes until then, it is time to try again.
                Some(until) => timeout_at(until, receiving).await.map_or(true, |n| n > 0),
            }
        })
    }

    fn commit(&mut self, jobs: &mut Vec<Job>) {
        if jobs.is_empty() {
            return;
        }
        let mut outcomes = vec![Outcome::Failed; jobs.len()];
        if let State::Serving(connection) = &mut self.state {
            match commit(connection, jobs, &mut outcomes) {
                Ok(fit) => self.has_remains |= fit == Fit::Leaves,
                Err(error) => self.fail(&error),
            }
        }
        for (job, outcome) in jobs.drain(..).zip(outcomes) {
            (job.done)(outcome);
        }
    }

    /// Stops committing. Before anybody hears of it, so that nobody comes back too early.
    fn fail(&mut self, error: &rusqlite::Error) {
        error!("a commit failed, and nothing is acknowledged until the disk works: {error}");
        let pause = STORE_RECOVER_FIRST;
        self.health.send_replace(Health::Failed);
        self.state = State::Failed { try_at: Instant::now() + pause, pause };
        self.readers.renew();
    }

    /// Clears something away, or tries whether the disk works.
    fn look_after(&mut self) {
        match &mut self.state {
            State::Serving(_) if !self.has_remains => {}
            State::Failed { try_at, .. } if Instant::now() < *try_at => {}
            State::Serving(connection) => match clear_remains(connection) {
                Ok(has_more) => self.has_remains = has_more,
                Err(error) if is_damage(&error) => {
                    warn!("what deleted boards have left cannot be cleared away: {error}");
                    self.has_remains = false;
                }
                Err(error) => self.fail(&error),
            },
            State::Failed { pause, .. } => {
                let pause = (*pause * 2).min(STORE_RECOVER_MAX);
                // Readers of before the failure may have come back.
                self.readers.renew();
                match recovery::recover(&self.file) {
                    Ok(connection) => {
                        self.state = State::Serving(connection);
                        self.health.send_replace(Health::Serving);
                        info!("the store works again");
                    }
                    Err(error) => {
                        warn!("the store does not work yet: {error}");
                        self.state = State::Failed { try_at: Instant::now() + pause, pause };
                    }
                }
            }
        }
    }

    /// Leaves one file behind, if all is well.
    fn close(self) {
        let State::Serving(connection) = self.state else { return };
        let closed = checkpoint(&connection).and_then(|()| {
            connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, false)?;
            connection.close().map_err(|(_, error)| error)
        });
        if let Err(error) = closed {
            // All that was acknowledged is on the disk, if not in the database itself.
            warn!("the log of the database could not be emptied: {error}");
        }
    }
}

/// Commits all jobs together, or, if something is wrong with one of them, each by itself; the answer is
/// whether one left something. After an error the disk cannot be trusted, and those that have no outcome
/// yet have failed.
fn commit(
    connection: &mut Connection,
    jobs: &[Job],
    outcomes: &mut [Outcome],
) -> rusqlite::Result<Fit> {
    match commit_together(connection, jobs, outcomes) {
        Err(error) if is_damage(&error) => {}
        result => return result,
    }
    let mut fit = Fit::Fits;
    for (job, outcome) in jobs.iter().zip(outcomes) {
        let (job, outcome) = (std::slice::from_ref(job), std::slice::from_mut(outcome));
        match commit_together(connection, job, outcome) {
            // The other rooms go on.
            Err(error) if is_damage(&error) => {
                error!("an edit cannot be written where it belongs: {error}");
            }
            result => {
                if result? == Fit::Leaves {
                    fit = Fit::Leaves;
                }
            }
        }
    }
    Ok(fit)
}

fn commit_together(
    connection: &mut Connection,
    jobs: &[Job],
    outcomes: &mut [Outcome],
) -> rusqlite::Result<Fit> {
    let transaction = begin(connection)?;
    let mut fits = Vec::with_capacity(jobs.len());
    for job in jobs {
        fits.push((job.write)(&transaction)?);
    }
    transaction.commit()?;
    for (outcome, fit) in outcomes.iter_mut().zip(&fits) {
        *outcome = match fit {
            Fit::Fits | Fit::Leaves => Outcome::Committed,
            Fit::Unfit => Outcome::Unfit,
        };
    }
    Ok(if fits.contains(&Fit::Leaves) { Fit::Leaves } else { Fit::Fits })
}

fn clear_remains(connection: &mut Connection) -> rusqlite::Result<bool> {
    let transaction = begin(connection)?;
    let has_more = lives::clear(&transaction)?;
    transaction.commit()?;
    Ok(has_more)
}
