//! Sleeping until the next tick: with many cursors on the move, a thread that woke up for each message
//! would spend much of its time on waking up.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// Longest sleep when there was nothing but presence lately.
const CALM_SLEEP_MAX: Duration = Duration::from_millis(10);

/// Longest sleep otherwise: edits should not wait.
const SLEEP_MAX: Duration = Duration::from_millis(2);

/// How long it takes to be calm again.
const CALM_AFTER: Duration = Duration::from_secs(1);

/// So long before a tick the messages that wait are read.
const BEFORE_TICK: Duration = Duration::from_micros(500);

/// Shorter sleeps are not worth it.
const SLEEP_MIN: Duration = Duration::from_micros(200);

/// When the next of a thread's rooms ticks; clones are the same.
#[derive(Clone)]
pub struct Doze(Arc<Inner>);

struct Inner {
    started: Instant,
    /// Microseconds since the start. When it is past, no room is known to tick soon.
    next_tick: AtomicU64,
    last_urgent: AtomicU64,
}

impl Doze {
    /// Nothing is going to happen.
    pub(super) fn new() -> Self {
        let (next_tick, last_urgent) = (AtomicU64::new(0), AtomicU64::new(0));
        Self(Arc::new(Inner { started: Instant::now(), next_tick, last_urgent }))
    }

    /// A room ticks at a moment, and until then wants only to be woken for what is urgent.
    pub fn note_tick(&self, at: Instant) {
        let (at, now) = (self.micros(at), self.micros(Instant::now()));
        let next = self.0.next_tick.load(Ordering::Relaxed);
        // Of two rooms, the later one may be overlooked: its messages are read a little later.
        if next <= now || at < next {
            self.0.next_tick.store(at, Ordering::Relaxed);
        }
    }

    /// A room is told something that does not only matter at its next tick.
    pub fn note_urgent(&self) {
        self.0.last_urgent.store(self.micros(Instant::now()), Ordering::Relaxed);
    }

    /// Called by the thread when it has nothing to do: sleeps while a tick is ahead.
    pub(super) fn sleep(&self) {
        let now = self.micros(Instant::now());
        let left = self.0.next_tick.load(Ordering::Relaxed).saturating_sub(now);
        let left = Duration::from_micros(left).saturating_sub(BEFORE_TICK);
        if left < SLEEP_MIN {
            return;
        }
        let calm_for = now.saturating_sub(self.0.last_urgent.load(Ordering::Relaxed));
        let is_calm = Duration::from_micros(calm_for) >= CALM_AFTER;
        std::thread::sleep(left.min(if is_calm { CALM_SLEEP_MAX } else { SLEEP_MAX }));
    }

    fn micros(&self, at: Instant) -> u64 {
        at.saturating_duration_since(self.0.started).as_micros() as u64
    }
}
