//! The machine's clock, as sessions and editors want to be told.

use std::sync::LazyLock;

use shared::time::Time;
use tokio::time::Instant;

static ORIGIN: LazyLock<Instant> = LazyLock::new(Instant::now);

/// Now.
pub fn now() -> Time {
    Time(ORIGIN.elapsed().as_millis() as u64)
}

/// The moment that the runtime calls `time`.
pub(crate) fn instant(time: Time) -> Instant {
    *ORIGIN + std::time::Duration::from_millis(time.0)
}
