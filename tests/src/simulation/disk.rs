//! The disk: a log that survives crashes, and commits that take their time or fail.

use std::collections::VecDeque;
use std::time::Duration;

use fastrand::Rng;
use server::log::Record;
use shared::id::Seq;
use shared::time::Time;

/// Records that a room wants to be committed.
pub(super) struct Job {
    /// Which instance of the room.
    pub life: u64,
    pub records: Vec<Record>,
    /// The memory that the server lets go of when the job is done.
    pub n_bytes: usize,
}

/// How a job went.
pub(super) struct Report {
    pub life: u64,
    pub n_bytes: usize,
    /// Up to where the log is safe, unless the commit failed.
    pub result: Option<Seq>,
}

/// How commits go at the moment.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Mood {
    Fast,
    Slow,
    /// They fail, and nothing is written.
    Full,
    /// The next one fails, and nobody knows what is written. From then on all fail until a restart.
    Failing,
}

pub(super) struct Disk {
    pub mood: Mood,
    rng: Rng,
    /// What is found after a crash, whatever happens.
    log: Vec<Record>,
    /// What may be found after a crash.
    unsure: Vec<Record>,
    has_failed: bool,
    waiting: VecDeque<Job>,
    /// What is being committed, and until when.
    committing: Option<(Time, Vec<Job>)>,
    reports: VecDeque<(Time, Report)>,
}

impl Disk {
    pub(super) fn new(rng: Rng) -> Self {
        Self {
            mood: Mood::Fast,
            rng,
            log: Vec::new(),
            unsure: Vec::new(),
            has_failed: false,
            waiting: VecDeque::new(),
            committing: None,
            reports: VecDeque::new(),
        }
    }

    /// What is certain to be there.
    pub(super) fn log(&self) -> &[Record] {
        &self.log
    }

    pub(super) fn is_idle(&self) -> bool {
        self.waiting.is_empty() && self.committing.is_none() && self.reports.is_empty()
    }

    /// Whether all commits fail until the server is started again.
    pub(super) fn has_failed(&self) -> bool {
        self.has_failed
    }

    pub(super) fn append(&mut self, job: Job, now: Time) {
        self.waiting.push_back(job);
        self.begin(now);
    }

    /// When [`Disk::commit`] or [`Disk::report`] wants to be called.
    pub(super) fn due(&self) -> Option<Time> {
        let commit = self.committing.as_ref().map(|(at, _)| *at);
        let report = self.reports.front().map(|(at, _)| *at);
        [commit, report].into_iter().flatten().min()
    }

    /// Ends the commit whose time has come. The answer is what is safe from now on.
    pub(super) fn commit(&mut self, now: Time) -> Vec<Record> {
        let Some((_, jobs)) = self.committing.take_if(|(at, _)| *at <= now) else {
            return Vec::new();
        };
        let is_well = !self.has_failed && matches!(self.mood, Mood::Fast | Mood::Slow);
        let mut safe = Vec::new();
        for Job { life, records, n_bytes } in &jobs {
            let last = end_of(&safe).max(end_of(&self.log));
            let is_next = records.first().is_some_and(|first| first.seq == last.next());
            let result = (is_well && is_next).then(|| end_of(records));
            if result.is_some() {
                safe.extend(records.iter().cloned());
            }
            let at = now + Duration::from_millis(self.rng.u64(..3));
            let at = self.reports.back().map_or(at, |(last, _)| at.max(*last));
            self.reports.push_back((at, Report { life: *life, n_bytes: *n_bytes, result }));
        }
        if self.mood == Mood::Failing && !self.has_failed {
            self.unsure = self.fitting(jobs);
        }
        if self.mood == Mood::Failing {
            self.has_failed = true;
            self.mood = Mood::Fast;
        }
        self.log.extend(safe.iter().cloned());
        self.begin(now);
        safe
    }

    /// The next report whose time has come.
    pub(super) fn report(&mut self, now: Time) -> Option<Report> {
        self.reports.pop_front_if(|(at, _)| *at <= now).map(|(_, report)| report)
    }

    /// The server is gone, and with it all that was not written. A commit under way is in the log or
    /// not, as a whole.
    pub(super) fn crash(&mut self) {
        let committing = self.committing.take();
        // After a commit that failed half-way, nothing is written any more.
        if !self.has_failed
            && self.mood != Mood::Full
            && let Some((_, jobs)) = committing
        {
            self.unsure = self.fitting(jobs);
        }
        if self.rng.bool() {
            self.log.append(&mut self.unsure);
        }
        self.unsure.clear();
        self.waiting.clear();
        self.reports.clear();
        self.has_failed = false;
    }

    /// Breaks the promise: forgets the last record.
    pub(super) fn forget(&mut self) {
        self.log.pop();
    }

    /// The records that continue the log: all that one transaction would write.
    fn fitting(&self, jobs: Vec<Job>) -> Vec<Record> {
        let mut records: Vec<Record> = Vec::new();
        for job in jobs {
            let last = end_of(&records).max(end_of(&self.log));
            if job.records.first().is_some_and(|first| first.seq == last.next()) {
                records.extend(job.records);
            }
        }
        records
    }

    fn begin(&mut self, now: Time) {
        if self.committing.is_none() && !self.waiting.is_empty() {
            let millis = match self.mood {
                Mood::Fast | Mood::Full | Mood::Failing => self.rng.u64(..6),
                Mood::Slow => 1 << self.rng.u32(4..14),
            };
            let jobs = self.waiting.drain(..).collect();
            self.committing = Some((now + Duration::from_millis(millis), jobs));
        }
    }
}

/// The last position of a log.
fn end_of(log: &[Record]) -> Seq {
    log.last().map_or(Seq(0), |record| record.seq)
}
