//! Sleeping until the next tick: with many cursors on the move, a thread that woke up for each message
//! would spend much of its time on waking up.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Longest sleep when one room ticks, and there was nothing but presence lately.
const ALONE_SLEEP_MAX: Duration = Duration::from_millis(10);

/// Longest sleep otherwise: neither an edit nor the first cursor of another room should wait.
const SLEEP_MAX: Duration = Duration::from_millis(2);

/// How long it takes to be calm again.
const CALM_AFTER: Duration = Duration::from_secs(1);

/// So long before a tick the messages that wait are read.
const BEFORE_TICK: Duration = Duration::from_micros(500);

/// Shorter sleeps are not worth it.
const SLEEP_MIN: Duration = Duration::from_micros(200);

/// When the rooms of a thread tick; clones are the same.
#[derive(Clone)]
pub struct Doze(Arc<Inner>);

struct Inner {
    started: Instant,
    /// The ticks to come, the first one on top. Only the thread itself ever looks.
    ticks: Mutex<BinaryHeap<Reverse<Instant>>>,
    /// Microseconds since the start.
    last_urgent: AtomicU64,
}

impl Doze {
    /// Nothing is going to happen.
    pub(super) fn new() -> Self {
        let (ticks, last_urgent) = (Mutex::default(), AtomicU64::new(0));
        Self(Arc::new(Inner { started: Instant::now(), ticks, last_urgent }))
    }

    /// A room ticks at a moment, and until then wants only to be woken for what is urgent. It says so
    /// once for each tick.
    pub fn note_tick(&self, at: Instant) {
        let mut ticks = self.0.ticks.lock().unwrap_or_else(PoisonError::into_inner);
        // Where nobody sleeps, nobody looks.
        forget_past(&mut ticks, Instant::now());
        ticks.push(Reverse(at));
    }

    /// A room is told something that does not only matter at its next tick.
    pub fn note_urgent(&self) {
        self.0.last_urgent.store(self.micros(Instant::now()), Ordering::Relaxed);
    }

    /// Called by the thread when it has nothing to do: sleeps while a tick is ahead.
    pub(super) fn sleep(&self) {
        let now = Instant::now();
        let mut ticks = self.0.ticks.lock().unwrap_or_else(PoisonError::into_inner);
        forget_past(&mut ticks, now);
        let Some(Reverse(next)) = ticks.peek().copied() else { return };
        let is_alone = ticks.len() == 1;
        drop(ticks);
        let left = next.saturating_duration_since(now).saturating_sub(BEFORE_TICK);
        if left < SLEEP_MIN {
            return;
        }
        let last_urgent = self.0.last_urgent.load(Ordering::Relaxed);
        let calm_for = self.micros(now).saturating_sub(last_urgent);
        let is_calm = Duration::from_micros(calm_for) >= CALM_AFTER;
        let sleep_max = if is_alone && is_calm { ALONE_SLEEP_MAX } else { SLEEP_MAX };
        std::thread::sleep(left.min(sleep_max));
    }

    fn micros(&self, at: Instant) -> u64 {
        at.saturating_duration_since(self.0.started).as_micros() as u64
    }
}

fn forget_past(ticks: &mut BinaryHeap<Reverse<Instant>>, now: Instant) {
    while ticks.peek().is_some_and(|Reverse(at)| *at <= now) {
        ticks.pop();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_tick_of_any_room_ends_the_sleep_and_past_ones_are_forgotten() {
        let doze = Doze::new();
        let later = Instant::now() + Duration::from_secs(3600);
        for minutes in [3, 1, 2] {
            doze.note_tick(later + Duration::from_secs(60 * minutes));
        }
        let mut ticks = doze.0.ticks.lock().unwrap();
        forget_past(&mut ticks, later + Duration::from_secs(60));
        let left: Vec<_> = std::iter::from_fn(|| ticks.pop()).map(|Reverse(at)| at).collect();
        assert_eq!(left, [2, 3].map(|minutes| later + Duration::from_secs(60 * minutes)));
        drop(ticks);
        doze.sleep();
    }
}
