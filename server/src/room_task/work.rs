//! Edits that are taken in part by part, with other things between the parts, so that a large or costly
//! one holds nobody up for long.

use std::collections::{HashMap, VecDeque};
use std::time::Duration;

use bytes::Bytes;
use rustix::time::{ClockId, clock_gettime};
use shared::id::Batch;
use tokio::sync::OwnedSemaphorePermit;

use crate::room::ConnId;
use crate::yjs::YjsMessage;

/// Something that a connection has sent.
pub(super) enum Job {
    Part(Part),
    Yjs(YjsMessage),
    Gone,
}

/// A part of an edit, or all of it.
pub(super) struct Part {
    pub(super) bytes: Bytes,
    /// Whether more is to come.
    pub(super) is_last: bool,
    /// What a native client calls the edit; the last part has it.
    pub(super) batch: Option<Batch>,
    /// The share of memory of all of it; the last part has it.
    pub(super) permit: Option<OwnedSemaphorePermit>,
}

/// The jobs of those who have sent more than is taken in at once.
#[derive(Default)]
pub(super) struct Work {
    jobs: HashMap<ConnId, VecDeque<Job>>,
    /// Who has jobs, each once.
    turns: VecDeque<ConnId>,
}

impl Work {
    pub(super) fn is_empty(&self) -> bool {
        self.turns.is_empty()
    }

    /// Whether what `conn` sends now has to wait.
    pub(super) fn is_busy(&self, conn: ConnId) -> bool {
        self.jobs.contains_key(&conn)
    }

    /// Adds a job after those that `conn` has.
    pub(super) fn push(&mut self, conn: ConnId, job: Job) {
        let turns = &mut self.turns;
        let jobs = self.jobs.entry(conn).or_insert_with(|| {
            turns.push_back(conn);
            VecDeque::new()
        });
        jobs.push_back(job);
    }

    /// A job of whoever's turn it is.
    pub(super) fn take(&mut self) -> Option<(ConnId, Job)> {
        let conn = self.turns.pop_front()?;
        let jobs = self.jobs.get_mut(&conn)?;
        let job = jobs.pop_front()?;
        self.end_turn(conn);
        Some((conn, job))
    }

    /// Drops what is left of the edit whose part was taken last, when that is of no use any more.
    pub(super) fn drop_edit(&mut self, conn: ConnId) {
        let Some(jobs) = self.jobs.get_mut(&conn) else { return };
        while let Some(Job::Part(part)) = jobs.pop_front_if(|job| matches!(job, Job::Part(_))) {
            if part.is_last {
                break;
            }
        }
        self.turns.retain(|it| *it != conn);
        self.end_turn(conn);
    }

    fn end_turn(&mut self, conn: ConnId) {
        if self.jobs.get(&conn).is_some_and(VecDeque::is_empty) {
            self.jobs.remove(&conn);
        } else {
            self.turns.push_back(conn);
        }
    }
}

/// For how long this thread has occupied a processor.
pub(super) fn processor_time() -> Duration {
    Duration::try_from(clock_gettime(ClockId::ThreadCPUTime)).unwrap_or_default()
}
