//! Gathers changes of presence and lets them out once a tick, encoded once for the whole room.

use std::collections::BTreeMap;
use std::time::Duration;

use bytes::Bytes;
use shared::id::MemberId;
use shared::limits::FRAME_MAX_BYTES;
use shared::presence::{PresenceChange, PresencePatch};
use shared::protocol::ServerMessage;
use shared::time::Time;

/// A tick of a small room: 60 Hz, as precisely as whole milliseconds allow.
const TICK_MIN: Duration = Duration::from_millis(16);

/// A tick of a very large room.
const TICK_MAX: Duration = Duration::from_millis(100);

/// What changed since the last tick.
#[derive(Default)]
pub(super) struct Ticker {
    changes: BTreeMap<MemberId, PresencePatch>,
    last: Time,
    due: Option<Time>,
}

impl Ticker {
    /// When the next tick is, if anything changed.
    pub(super) fn due(&self) -> Option<Time> {
        self.due
    }

    /// A member shows something else. The first change after a pause goes out at once.
    pub(super) fn note(
        &mut self,
        member: MemberId,
        patch: PresencePatch,
        now: Time,
        n_connections: usize,
    ) {
        self.changes.entry(member).or_default().merge(patch);
        self.due.get_or_insert_with(|| now.max(self.last + tick(n_connections)));
    }

    /// A member is gone, and its number may soon be another's.
    pub(super) fn forget(&mut self, member: MemberId) {
        self.changes.remove(&member);
        if self.changes.is_empty() {
            self.due = None;
        }
    }

    /// The tick's changes, if it is time.
    pub(super) fn take_frames(&mut self, now: Time) -> Vec<Bytes> {
        let mut frames = Vec::new();
        if self.due.is_some_and(|due| due <= now) {
            self.due = None;
            self.last = now;
            let changes = std::mem::take(&mut self.changes).into_iter();
            let changes = changes.map(|(member, patch)| PresenceChange { member, patch });
            encode(changes.collect(), &mut frames);
        }
        frames
    }
}

/// 60 Hz up to 60 connections, 50 Hz at 100, 10 Hz from 900 on.
fn tick(n_connections: usize) -> Duration {
    let tick = Duration::from_millis(10 + n_connections as u64 / 10);
    tick.clamp(TICK_MIN, TICK_MAX)
}

/// One frame, or more if it would be larger than a frame may be.
fn encode(changes: Vec<PresenceChange>, frames: &mut Vec<Bytes>) {
    let n_changes = changes.len();
    let message = ServerMessage::Presences(changes);
    let frame = message.encode();
    match message {
        ServerMessage::Presences(mut changes) if frame.len() > FRAME_MAX_BYTES && n_changes > 1 => {
            let rest = changes.split_off(n_changes / 2);
            encode(changes, frames);
            encode(rest, frames);
        }
        _ => frames.push(frame.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn large_rooms_tick_slower() {
        let hertz = |n| 1000 / tick(n).as_millis();
        assert_eq!([1, 60, 100, 1_000, 10_000].map(hertz), [62, 62, 50, 10, 10]);
    }
}
