//! The simulated store keeps the contract, and fails as it is told.

use std::cell::RefCell;

use server::log::Log;
use server::store::{CommitFailed, Pace, SimulatedStore, Step, Store, StoreError};

use crate::contract::Place;
use crate::records::{LIFE, append, begin_append, compacted, history, records, room};

struct Memory(RefCell<SimulatedStore>);

impl Place for Memory {
    type Store = SimulatedStore;

    fn open(&self) -> SimulatedStore {
        let after = self.0.borrow().after_crash(0);
        self.0.replace(after.clone());
        after
    }
}

fn place() -> Memory {
    Memory(RefCell::default())
}

crate::contract!();

#[tokio::test]
async fn what_waits_is_committed_in_order_or_lost() {
    let store = SimulatedStore::default();
    store.set_pace(Step::Append, Pace::Held);
    let mut first = begin_append(&store, "a", LIFE, [1]).await;
    let mut second = begin_append(&store, "a", LIFE, [2]).await;
    assert!(first.try_recv().is_err() && second.try_recv().is_err());
    assert_eq!(store.load(&room("a")).await.unwrap(), None);
    assert!(store.let_one(Step::Append));
    assert_eq!(first.try_recv(), Ok(Ok(())));
    assert!(second.try_recv().is_err());

    let lost = store.after_crash(0);
    assert_eq!(lost.load(&room("a")).await.unwrap().unwrap().records, records([1]));
    let kept = store.after_crash(1);
    assert_eq!(kept.load(&room("a")).await.unwrap().unwrap().records, records([1, 2]));
    store.set_pace(Step::Append, Pace::Free);
    assert_eq!(second.try_recv(), Ok(Ok(())));
    assert!(!store.let_one(Step::Append));
}

#[tokio::test]
async fn a_failed_disk_takes_nothing_until_it_is_healed() {
    let store = SimulatedStore::default();
    store.set_pace(Step::Append, Pace::Held);
    let waits = begin_append(&store, "a", LIFE, [1]).await;
    store.fail(0);
    assert_eq!(waits.await, Ok(Err(CommitFailed)));
    assert_eq!(append(&store, "a", LIFE, [1]).await, Err(CommitFailed));
    assert!(matches!(store.load(&room("a")).await, Err(StoreError::Failed)));
    store.heal();
    store.set_pace(Step::Append, Pace::Free);
    assert_eq!(append(&store, "a", LIFE, [1]).await, Ok(()));
}

/// Nobody was told, and yet it is there: the same records again do not fit.
#[tokio::test]
async fn a_failed_commit_may_be_on_the_disk_nevertheless() {
    let store = SimulatedStore::default();
    store.set_pace(Step::Append, Pace::Held);
    let kept = begin_append(&store, "a", LIFE, [1]).await;
    let lost = begin_append(&store, "a", LIFE, [2]).await;
    store.fail(1);
    assert_eq!((kept.await, lost.await), (Ok(Err(CommitFailed)), Ok(Err(CommitFailed))));
    store.heal();
    store.set_pace(Step::Append, Pace::Free);
    assert_eq!(append(&store, "a", LIFE, [1]).await, Err(CommitFailed));
    assert_eq!(store.load(&room("a")).await.unwrap().unwrap().records, records([1]));
}

#[tokio::test]
async fn a_crash_between_snapshot_and_archive_loses_nothing() {
    let store = SimulatedStore::default();
    assert_eq!(append(&store, "a", LIFE, 1..=5).await, Ok(()));
    store.set_pace(Step::Archive, Pace::Held);
    let before = store.clone();
    let name = room("a");
    let crashed = tokio::select! {
        _ = store.compact(&name, LIFE, compacted(4, 10)) => panic!("it is held"),
        () = before.until_waiting(Step::Archive, 1) => before.after_crash(0),
    };
    let log = Log { incarnation: LIFE, compacted: Some(compacted(4, 10)), records: records([5]) };
    assert_eq!(crashed.load(&room("a")).await.unwrap(), Some(log));
    assert_eq!(history(&crashed, "a").await, records(1..=5));
    let archived = crashed.compact(&room("a"), LIFE, compacted(5, 10)).await.unwrap();
    assert_eq!(archived.n_records, 5, "with those that were left behind");
    assert_eq!(history(&crashed, "a").await, records(1..=5));
}
