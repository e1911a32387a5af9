//! Gathers what members show and lets it out once a tick. Knows when, and of whom something is to be
//! told; what it is and who is sent it, [`super::presence`] knows.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use shared::id::MemberId;
use shared::presence::PresencePatch;
use shared::time::Time;

use super::cells::Cell;
use super::effect::ConnId;

/// A tick of a small room: 60 Hz, as precisely as whole milliseconds allow.
const TICK_MIN: Duration = Duration::from_millis(16);

/// A tick of a very large room.
const TICK_MAX: Duration = Duration::from_millis(100);

/// In a large room, what happens out of view is told so often.
const WIDE_TICK: Duration = Duration::from_millis(500);

/// What there is to tell at the next tick.
#[derive(Default)]
pub(super) struct Ticker {
    waiting: Tick,
    /// What those were not told who did not see it, and since when.
    unseen: BTreeMap<MemberId, PresencePatch>,
    unseen_since: Option<Time>,
    last: Time,
    due: Option<Time>,
}

/// What goes out at one moment.
#[derive(Default)]
pub(super) struct Tick {
    /// What members show now.
    pub(super) changes: BTreeMap<MemberId, Change>,
    /// Members with another name.
    pub(super) renamed: BTreeSet<MemberId>,
    /// Whose entries Yjs clients are to be sent.
    pub(super) entries: BTreeSet<ConnId>,
    /// Who has lost presence and is to be shown everything.
    pub(super) behind: BTreeSet<ConnId>,
}

/// A change of what a member shows.
#[derive(Clone, PartialEq, Debug, Default)]
pub(super) struct Change {
    pub(super) patch: PresencePatch,
    /// The cell in which the cursor was: who sees it, sees it leave.
    pub(super) from: Option<Cell>,
}

impl Ticker {
    /// When the next tick is, if there is anything to tell.
    pub(super) fn due(&self) -> Option<Time> {
        let wide = self.unseen_since.map(|since| since + WIDE_TICK);
        [self.due, wide].into_iter().flatten().min()
    }

    /// When the next tick is, other than for what is out of view.
    pub(super) fn tick_due(&self) -> Option<Time> {
        self.due
    }

    /// A member shows something else; its cursor was in `from`.
    pub(super) fn note(&mut self, member: MemberId, patch: PresencePatch, from: Option<Cell>) {
        let change = self.waiting.changes.entry(member).or_default();
        change.patch.merge(patch);
        change.from = change.from.or(from);
    }

    /// What has to be told otherwise.
    pub(super) fn waiting(&mut self) -> &mut Tick {
        &mut self.waiting
    }

    /// Something was noted. The first after a pause goes out at once.
    pub(super) fn wake(&mut self, now: Time, n_connections: usize) {
        self.due.get_or_insert_with(|| now.max(self.last + tick(n_connections)));
    }

    /// A member is gone, and its number may soon be another's.
    pub(super) fn forget(&mut self, member: MemberId, conn: ConnId) {
        self.waiting.entries.remove(&conn);
        self.waiting.changes.remove(&member);
        self.waiting.renamed.remove(&member);
        self.unseen.remove(&member);
    }

    /// The tick, if it is time.
    pub(super) fn take(&mut self, now: Time) -> Option<Tick> {
        self.due.take_if(|due| *due <= now)?;
        self.last = now;
        Some(std::mem::take(&mut self.waiting))
    }

    /// Keeps changes for those who do not see them.
    pub(super) fn keep_unseen(&mut self, changes: &BTreeMap<MemberId, Change>, now: Time) {
        for (&member, Change { patch, .. }) in changes {
            self.unseen.entry(member).or_default().merge(patch.clone());
        }
        self.unseen_since.get_or_insert(now);
    }

    /// All that was kept, when it is time or nobody is left out any more.
    pub(super) fn take_unseen(
        &mut self,
        now: Time,
        is_large: bool,
    ) -> BTreeMap<MemberId, PresencePatch> {
        if self.unseen_since.take_if(|since| !is_large || now >= *since + WIDE_TICK).is_some() {
            std::mem::take(&mut self.unseen)
        } else {
            BTreeMap::new()
        }
    }
}

/// 60 Hz up to 60 connections, 50 Hz at 100, 14 Hz at 1,000, 10 Hz from 1,540 on.
fn tick(n_connections: usize) -> Duration {
    let tick = match n_connections as u64 {
        n @ 0..=100 => 10 + n / 10,
        n => 20 + (n - 100) / 18,
    };
    Duration::from_millis(tick).clamp(TICK_MIN, TICK_MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn large_rooms_tick_slower() {
        let hertz = |n| 1000 / tick(n).as_millis();
        assert_eq!([1, 60, 100, 1_000, 10_000].map(hertz), [62, 62, 50, 14, 10]);
    }
}
