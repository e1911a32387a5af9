//! What the simulated store has on its disk, and what waits to be written there.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::ops::Bound;

use shared::id::{Incarnation, RoomName, Seq};
use tokio::sync::oneshot;

use super::{Pace, Step};
use crate::log::{Compacted, Log, Record};
use crate::store::{Append, Archived, follows};

/// Records and names that are answered together: few, so that tests with little see more than one page.
const TOGETHER: usize = 3;

#[derive(Default)]
pub(super) struct Disk {
    lives: BTreeMap<RoomName, Life>,
    n_deleted: u64,
    pub(super) paces: HashMap<Step, Pace>,
    pub(super) waiting: VecDeque<Waiting>,
    pub(super) n_begun: HashMap<Step, usize>,
}

/// Something that waits for its turn.
pub(super) enum Waiting {
    Commit(Append),
    Go(Step, oneshot::Sender<()>),
}

impl Waiting {
    fn step(&self) -> Step {
        match self {
            Self::Commit(_) => Step::Append,
            Self::Go(step, _) => *step,
        }
    }
}

#[derive(Clone)]
struct Life {
    incarnation: Incarnation,
    archived: Vec<Record>,
    compacted: Option<Compacted>,
    /// Also those that are still to be archived.
    records: Vec<Record>,
}

impl Life {
    fn begin(incarnation: Incarnation) -> Self {
        Self { incarnation, archived: Vec::new(), compacted: None, records: Vec::new() }
    }

    fn last(&self) -> Seq {
        let snapshot = self.snapshot_seq();
        self.records.last().map_or(snapshot, |record| record.seq.max(snapshot))
    }

    fn snapshot_seq(&self) -> Seq {
        self.compacted.as_ref().map_or(Seq::default(), |it| it.seq)
    }
}

impl Disk {
    pub(super) fn pace(&self, step: Step) -> Pace {
        self.paces.get(&step).copied().unwrap_or_default()
    }

    pub(super) fn n_waiting(&self, step: Step) -> usize {
        self.waiting.iter().filter(|it| it.step() == step).count()
    }

    pub(super) fn take_waiting(&mut self, step: Step) -> Option<Waiting> {
        let at = self.waiting.iter().position(|it| it.step() == step)?;
        self.waiting.remove(at)
    }

    /// What is left when the power fails and of what waits only the first appends were written.
    pub(super) fn after_crash(&self, n_kept: usize) -> Self {
        let mut after =
            Self { lives: self.lives.clone(), n_deleted: self.n_deleted, ..Self::default() };
        let appends = self.waiting.iter().filter_map(|it| match it {
            Waiting::Commit(append) => Some(append),
            Waiting::Go(..) => None,
        });
        for append in appends.take(n_kept) {
            after.append(append);
        }
        after
    }

    /// Whether the records fit.
    pub(super) fn append(&mut self, append: &Append) -> bool {
        let Append { room, incarnation, records, done: _ } = append;
        let life = self.lives.get(room);
        if !follows(*incarnation, records, life.map(|life| (life.incarnation, life.last()))) {
            return false;
        }
        let life = self.lives.entry(room.clone()).or_insert_with(|| Life::begin(*incarnation));
        life.records.extend(records.iter().cloned());
        true
    }

    pub(super) fn log(&self, room: &RoomName) -> Option<Log> {
        let life = self.lives.get(room)?;
        let after = life.snapshot_seq();
        let records = life.records.iter().filter(|record| record.seq > after);
        Some(Log {
            incarnation: life.incarnation,
            compacted: life.compacted.clone(),
            records: records.cloned().collect(),
        })
    }

    fn life(&mut self, room: &RoomName, incarnation: Incarnation) -> Option<&mut Life> {
        self.lives.get_mut(room).filter(|life| life.incarnation == incarnation)
    }

    /// Whether the snapshot fits.
    pub(super) fn put_snapshot(
        &mut self,
        room: &RoomName,
        incarnation: Incarnation,
        compacted: Compacted,
    ) -> bool {
        let Some(life) = self.life(room, incarnation) else { return false };
        let fits = compacted.seq > life.snapshot_seq() && compacted.seq <= life.last();
        if fits {
            life.compacted = Some(compacted);
        }
        fits
    }

    pub(super) fn archive(
        &mut self,
        room: &RoomName,
        incarnation: Incarnation,
    ) -> Option<Archived> {
        let life = self.life(room, incarnation)?;
        let after = life.snapshot_seq();
        let n_moved = life.records.partition_point(|record| record.seq <= after);
        let moved: Vec<_> = life.records.drain(..n_moved).collect();
        let n_bytes = moved.iter().map(|record| record.bytes.len() as u64).sum();
        life.archived.extend(moved);
        Some(Archived { n_records: n_moved as u64, n_bytes, n_stored_bytes: n_bytes })
    }

    pub(super) fn history(&self, room: &RoomName, after: Seq) -> Vec<Record> {
        let Some(life) = self.lives.get(room) else { return Vec::new() };
        let all = life.archived.iter().chain(&life.records);
        all.filter(|record| record.seq > after).take(TOGETHER).cloned().collect()
    }

    pub(super) fn delete(&mut self, room: &RoomName) -> Incarnation {
        self.n_deleted += 1;
        let next = Incarnation(self.n_deleted);
        self.lives.insert(room.clone(), Life::begin(next));
        next
    }

    pub(super) fn rooms(&self, after: Option<&RoomName>) -> Vec<RoomName> {
        let after = after.map_or(Bound::Unbounded, Bound::Excluded);
        let some = self.lives.range::<RoomName, _>((after, Bound::Unbounded));
        let some = some.filter(|(_, life)| life.last() > Seq::default());
        some.map(|(name, _)| name.clone()).take(TOGETHER).collect()
    }
}
