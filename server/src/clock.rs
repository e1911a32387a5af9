//! The server's only clock: never goes back, and tells about the time of day.

use std::time::{SystemTime, UNIX_EPOCH};

use shared::time::Time;
use tokio::time::Instant;

/// Tells the time in milliseconds since 1970, as it was known at the start.
#[derive(Clone, Copy, Debug)]
pub struct Clock {
    started: Instant,
    started_at: Time,
}

impl Clock {
    /// A clock set by the machine's.
    pub fn new() -> Self {
        let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Self { started: Instant::now(), started_at: Time::default() + since_1970 }
    }

    /// The time now.
    pub fn now(&self) -> Time {
        self.started_at + self.started.elapsed()
    }

    /// The moment at which [`Clock::now`] says `time`.
    pub fn instant(&self, time: Time) -> Instant {
        self.started + time.since(self.started_at)
    }
}

impl Default for Clock {
    fn default() -> Self {
        Self::new()
    }
}
