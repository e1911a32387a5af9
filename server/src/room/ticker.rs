//! Gathers changes of presence and lets them out once a tick, encoded once for the whole room.

use std::collections::BTreeMap;
use std::time::Duration;

use bytes::Bytes;
use shared::id::MemberId;
use shared::limits::FRAME_MAX_BYTES;
use shared::presence::{PresenceChange, PresencePatch};
use shared::protocol::ServerMessage;
use shared::time::Time;

use super::effect::ConnId;

/// A tick of a small room: 60 Hz, as precisely as whole milliseconds allow.
const TICK_MIN: Duration = Duration::from_millis(16);

/// A tick of a very large room.
const TICK_MAX: Duration = Duration::from_millis(100);

/// What changed since the last tick.
#[derive(Default)]
pub(super) struct Ticker {
    changes: BTreeMap<MemberId, PresencePatch>,
    /// Who has lost presence and is to be shown everything.
    behind: Vec<ConnId>,
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
        self.wake(now, n_connections);
    }

    /// Somebody has lost presence and reads again.
    pub(super) fn note_behind(&mut self, conn: ConnId, now: Time, n_connections: usize) {
        self.behind.push(conn);
        self.wake(now, n_connections);
    }

    fn wake(&mut self, now: Time, n_connections: usize) {
        self.due.get_or_insert_with(|| now.max(self.last + tick(n_connections)));
    }

    /// A member is gone, and its number may soon be another's.
    pub(super) fn forget(&mut self, member: MemberId) {
        self.changes.remove(&member);
        if self.changes.is_empty() && self.behind.is_empty() {
            self.due = None;
        }
    }

    /// The tick, if it is time.
    pub(super) fn take(&mut self, now: Time) -> Option<Tick> {
        self.due.take_if(|due| *due <= now)?;
        self.last = now;
        let changes = std::mem::take(&mut self.changes).into_iter();
        let changes = changes.map(|(member, patch)| PresenceChange { member, patch });
        Some(Tick { frames: encode(changes.collect()), behind: std::mem::take(&mut self.behind) })
    }
}

/// What goes out at one moment.
pub(super) struct Tick {
    /// The changes, for everybody.
    pub(super) frames: Vec<Bytes>,
    /// Who is to be shown everything.
    pub(super) behind: Vec<ConnId>,
}

/// 60 Hz up to 60 connections, 50 Hz at 100, 10 Hz from 900 on.
fn tick(n_connections: usize) -> Duration {
    let tick = Duration::from_millis(10 + n_connections as u64 / 10);
    tick.clamp(TICK_MIN, TICK_MAX)
}

/// One frame, or more if it would be larger than a frame may be; none if nothing changed.
pub(super) fn encode(changes: Vec<PresenceChange>) -> Vec<Bytes> {
    let mut frames = Vec::new();
    if !changes.is_empty() {
        encode_into(changes, &mut frames);
    }
    frames
}

fn encode_into(changes: Vec<PresenceChange>, frames: &mut Vec<Bytes>) {
    let n_changes = changes.len();
    let message = ServerMessage::Presences(changes);
    let frame = message.encode();
    match message {
        ServerMessage::Presences(mut changes) if frame.len() > FRAME_MAX_BYTES && n_changes > 1 => {
            let rest = changes.split_off(n_changes / 2);
            encode_into(changes, frames);
            encode_into(rest, frames);
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
