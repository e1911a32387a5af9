//! Edits that are taken in part by part, with other things between the parts, so that a large or costly
//! one holds nobody up for long.

use std::collections::{HashMap, VecDeque};
use std::time::Duration;

use bytes::Bytes;
use rustix::time::{ClockId, clock_gettime};
use shared::id::Batch;
use shared::scan::Parts;
use tokio::sync::OwnedSemaphorePermit;

use crate::room::ConnId;
use crate::yjs::YjsMessage;

/// Something that a connection has sent.
pub(super) enum Job {
    Edit(Edit),
    Yjs(YjsMessage),
    Gone,
}

/// An edit that is taken in part by part.
pub(super) struct Edit {
    bytes: Bytes,
    /// Where the next part begins, and where each ends.
    start: usize,
    ends: VecDeque<usize>,
    /// What a native client calls it.
    batch: Option<Batch>,
    permit: Option<OwnedSemaphorePermit>,
}

/// A part of an edit, or all of it.
pub(super) struct Part {
    pub(super) bytes: Bytes,
    /// Whether more is to come.
    pub(super) is_last: bool,
    /// What a native client calls the edit, with the last part.
    pub(super) batch: Option<Batch>,
    /// The share of memory of the whole, with the last part.
    pub(super) permit: Option<OwnedSemaphorePermit>,
}

/// What is to be done next.
pub(super) enum Step {
    Part(Part),
    Yjs(YjsMessage),
    Gone,
}

impl Edit {
    /// One in `parts`, or one that need not be cut.
    pub(super) fn new(
        bytes: Bytes,
        parts: Option<Parts>,
        batch: Option<Batch>,
        permit: Option<OwnedSemaphorePermit>,
    ) -> Self {
        let (bytes, ends) = match parts {
            Some(parts) => {
                let (bytes, ends) = parts.into_bytes();
                (bytes.into(), ends.into())
            }
            None => {
                let ends = [bytes.len()].into();
                (bytes, ends)
            }
        };
        Self { bytes, start: 0, ends, batch, permit }
    }

    /// Whether it is in one part, or only the last one is left.
    pub(super) fn is_short(&self) -> bool {
        self.ends.len() <= 1
    }

    pub(super) fn next_part(&mut self) -> Part {
        let end = self.ends.pop_front().unwrap_or(self.start);
        let bytes = self.bytes.slice(std::mem::replace(&mut self.start, end)..end);
        let is_last = self.ends.is_empty();
        let (batch, permit) =
            if is_last { (self.batch.take(), self.permit.take()) } else { (None, None) };
        Part { bytes, is_last, batch, permit }
    }
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

    /// A step for whoever's turn it is.
    pub(super) fn next_step(&mut self) -> Option<(ConnId, Step)> {
        let conn = self.turns.pop_front()?;
        let jobs = self.jobs.get_mut(&conn)?;
        let step = match jobs.pop_front()? {
            Job::Edit(mut edit) => {
                let part = edit.next_part();
                if !part.is_last {
                    jobs.push_front(Job::Edit(edit));
                }
                Step::Part(part)
            }
            Job::Yjs(message) => Step::Yjs(message),
            Job::Gone => Step::Gone,
        };
        if jobs.is_empty() {
            self.jobs.remove(&conn);
        } else {
            self.turns.push_back(conn);
        }
        Some((conn, step))
    }

    /// Drops what is left of an edit of which a part was not taken in.
    pub(super) fn drop_edit(&mut self, conn: ConnId) {
        let Some(jobs) = self.jobs.get_mut(&conn) else { return };
        jobs.pop_front_if(|job| matches!(job, Job::Edit(_)));
        if jobs.is_empty() {
            self.jobs.remove(&conn);
            self.turns.retain(|it| *it != conn);
        }
    }
}

/// For how long this thread has occupied a processor.
pub(super) fn processor_time() -> Duration {
    Duration::try_from(clock_gettime(ClockId::ThreadCPUTime)).unwrap_or_default()
}
