//! How long to wait before the next attempt: doubling, capped, and spread so that a restarted server
//! is not stormed.

use std::time::Duration;

use crate::protocol::CloseCode;

const FIRST: Duration = Duration::from_millis(250);
const LONGEST: Duration = Duration::from_secs(15);
/// A restarting or busy server is given at least this.
const RESTART: Duration = Duration::from_secs(1);

pub(super) struct Backoff {
    n_failed: u32,
    rng: fastrand::Rng,
}

impl Backoff {
    pub(super) fn new(seed: u64) -> Self {
        Self { n_failed: 0, rng: fastrand::Rng::with_seed(seed) }
    }

    pub(super) fn reset(&mut self) {
        self.n_failed = 0;
    }

    /// The wait after another failure, which ended with `code` if the server said one: between half
    /// and all of the step, so that attempts spread without any coming at once.
    pub(super) fn next_delay(&mut self, code: Option<u16>) -> Duration {
        let step = FIRST.saturating_mul(1 << self.n_failed.min(16)).min(LONGEST);
        self.n_failed = self.n_failed.saturating_add(1);
        let asks_for_time = [CloseCode::Restarting, CloseCode::TryLater].map(|c| Some(c as u16));
        let step = if asks_for_time.contains(&code) { step.max(RESTART) } else { step };
        step.mul_f64(self.rng.f64() * 0.5 + 0.5)
    }
}
