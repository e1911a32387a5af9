//! A bucket of tokens: how much somebody may do at once, and how much more with every second.

use shared::time::Time;

use crate::limits::BURST_SECONDS;

/// Full at first; it holds what comes in [`BURST_SECONDS`].
pub struct Bucket {
    per_second: f64,
    level: f64,
    filled_at: Time,
}

impl Bucket {
    /// A full bucket.
    pub fn new(per_second: u64, now: Time) -> Self {
        let per_second = per_second as f64;
        Self { per_second, level: per_second * BURST_SECONDS, filled_at: now }
    }

    /// Whether so many tokens fit at all.
    pub fn holds(&self, n_tokens: usize) -> bool {
        n_tokens as f64 <= self.per_second * BURST_SECONDS
    }

    /// Takes tokens out; `false`, and nothing taken, if there are too few.
    #[must_use]
    pub fn take(&mut self, n_tokens: usize, now: Time) -> bool {
        let elapsed = now.since(self.filled_at).as_secs_f64();
        self.filled_at = now;
        let full = self.per_second * BURST_SECONDS;
        self.level = (self.level + elapsed * self.per_second).min(full);
        let n_tokens = n_tokens as f64;
        let is_enough = self.level >= n_tokens;
        if is_enough {
            self.level -= n_tokens;
        }
        is_enough
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_burst_passes_and_then_only_the_rate() {
        let mut now = Time(1_000);
        let mut bucket = Bucket::new(10, now);
        let burst = 10 * BURST_SECONDS as usize;
        assert!(bucket.take(burst, now));
        assert!(!bucket.take(1, now));
        now = now + Duration::from_millis(500);
        assert!(bucket.take(5, now));
        assert!(!bucket.take(1, now));
        now = now + Duration::from_secs(3600);
        assert!(!bucket.take(burst + 1, now), "it never holds more than at first");
        assert!(bucket.take(burst, now));
    }
}
