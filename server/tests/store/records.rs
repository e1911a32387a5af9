//! Records, and how they are given to a store.

use bytes::Bytes;
use server::log::{Compacted, Record};
use server::store::{Append, CommitFailed, Store};
use shared::board::ReplicaSnapshot;
use shared::id::{ClientId, Incarnation, RoomName, Seq};
use shared::time::Time;
use tokio::sync::oneshot;

/// The life of which most stories tell.
pub const LIFE: Incarnation = Incarnation(u64::MAX);

pub fn room(name: &str) -> RoomName {
    RoomName::parse(name).unwrap()
}

/// The record at a place of any log.
pub fn record(seq: u64) -> Record {
    // Every second one has a ticket.
    let author = ClientId::new((1 << 53) - 1).filter(|_| seq.is_multiple_of(2));
    let bytes = Bytes::from(vec![seq as u8; 3]);
    Record { seq: Seq(seq), time: Time(1_000 + seq), author, bytes }
}

pub fn records(seqs: impl IntoIterator<Item = u64>) -> Vec<Record> {
    seqs.into_iter().map(record).collect()
}

/// A board in place of the records up to `seq`, of so many bytes. The store does not look into it.
pub fn compacted(seq: u64, n_bytes: usize) -> Compacted {
    let replica = ReplicaSnapshot { state: (0..n_bytes).map(|at| (at / 251) as u8).collect() };
    let ticketed = [2, 3, (1 << 53) - 1].map(|id| ClientId::new(id).unwrap()).into();
    Compacted { seq: Seq(seq), n_bytes: 3 * seq, ticketed, replica }
}

/// How an append ended, when it has.
pub type Report = oneshot::Receiver<Result<(), CommitFailed>>;

/// Appends without waiting for the commit.
pub async fn begin_append(
    store: &impl Store,
    name: &str,
    life: Incarnation,
    seqs: impl IntoIterator<Item = u64>,
) -> Report {
    let (done, report) = oneshot::channel();
    let append = Append {
        room: room(name),
        incarnation: life,
        records: records(seqs),
        done: Box::new(move |result| {
            // A story may have ended without waiting.
            done.send(result).ok();
        }),
    };
    // A refused append is dropped, and the report's other end with it.
    store.append(append).await.ok();
    report
}

/// Appends, and answers how that ended.
pub async fn append(
    store: &impl Store,
    name: &str,
    life: Incarnation,
    seqs: impl IntoIterator<Item = u64>,
) -> Result<(), CommitFailed> {
    begin_append(store, name, life, seqs).await.await.unwrap_or(Err(CommitFailed))
}

/// The places of all records that a store still has of a room, archived or not.
pub async fn history(store: &impl Store, name: &str) -> Vec<Record> {
    let mut all: Vec<Record> = Vec::new();
    loop {
        let after = all.last().map_or(Seq::default(), |record| record.seq);
        let more = store.history(&room(name), after).await.unwrap();
        if more.is_empty() {
            return all;
        }
        all.extend(more);
    }
}
