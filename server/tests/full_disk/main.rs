//! A disk that is full for a while: what it costs, and that everything resumes by itself.
//!
//! No file of this process may grow while [`Full`] lives. That is a limit of the process, so that the
//! stories are told one after the other and in a program of their own.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

#[path = "../store/records.rs"]
#[allow(dead_code, reason = "the stories of the store use all of it")]
mod records;
mod server;

use std::fs;

use ::server::store::{CommitFailed, CompactError, Health, SqliteStore, Store, StoreError};
use rustix::process::{Resource, Rlimit, Signal, getrlimit, setrlimit};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::{Mutex, MutexGuard};

use records::{LIFE, append, begin_append, compacted, records, room};

static ONE_AT_A_TIME: Mutex<()> = Mutex::const_new(());

/// As long as it lives, nothing can be written to files but to their first few bytes.
pub struct Full {
    before: Rlimit,
    _turn: MutexGuard<'static, ()>,
}

/// A disk that can be filled.
pub struct Disk(MutexGuard<'static, ()>);

impl Disk {
    /// Waits for its turn.
    pub async fn new() -> Self {
        // Who writes more than is allowed is killed, unless somebody listens.
        let _ = signal(SignalKind::from_raw(Signal::XFSZ.as_raw())).unwrap();
        Self(ONE_AT_A_TIME.lock().await)
    }

    /// From now on nothing can be written to it.
    pub fn fill(self) -> Full {
        let before = getrlimit(Resource::Fsize);
        setrlimit(Resource::Fsize, Rlimit { current: Some(16), ..before }).unwrap();
        Full { before, _turn: self.0 }
    }
}

impl Drop for Full {
    fn drop(&mut self) {
        setrlimit(Resource::Fsize, self.before).unwrap();
    }
}

/// Returns when the store is so.
pub async fn until(store: &dyn Store, wanted: Health) {
    store.health().clone().wait_for(|health| *health == wanted).await.unwrap();
}

#[tokio::test]
async fn everything_stops_until_there_is_space() {
    let disk = Disk::new().await;
    let folder = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(folder.path()).unwrap();
    assert_eq!(append(&store, "a", LIFE, 1..=3).await, Ok(()));
    let full = disk.fill();
    assert_eq!(store.load(&room("a")).await.unwrap().unwrap().records, records(1..=3));
    let first = begin_append(&store, "a", LIFE, [4]).await;
    let second = begin_append(&store, "a", LIFE, [5]).await;
    let other = begin_append(&store, "b", LIFE, [1]).await;
    for report in [first, second, other] {
        assert_ne!(report.await, Ok(Ok(())), "nothing is acknowledged");
    }
    until(&store, Health::Failed).await;
    // While that lasts nobody waits in vain, whatever is asked.
    assert_eq!(append(&store, "a", LIFE, [4]).await, Err(CommitFailed));
    assert!(matches!(store.load(&room("a")).await, Err(StoreError::Failed)));
    assert_eq!(store.delete(&room("a")).await, Err(CommitFailed));
    let compacting = store.compact(&room("a"), LIFE, compacted(2, 10)).await;
    assert!(matches!(compacting, Err(CompactError::Commit(CommitFailed))));
    let copy = folder.path().join("copy");
    assert!(matches!(store.backup(&copy).await, Err(StoreError::Failed)));

    drop(full);
    until(&store, Health::Serving).await;
    let found = store.load(&room("a")).await.unwrap().unwrap().records;
    assert_eq!(found, records(1..=3), "and none of what failed");
    assert_eq!(store.load(&room("b")).await.unwrap(), None);
    assert_eq!(append(&store, "a", LIFE, [4]).await, Ok(()));
    store.backup(&copy).await.unwrap();
    drop(store);
    let store = SqliteStore::open(folder.path()).unwrap();
    assert_eq!(store.load(&room("a")).await.unwrap().unwrap().records, records(1..=4));
}

#[tokio::test]
async fn a_store_that_is_closed_meanwhile_loses_nothing() {
    let disk = Disk::new().await;
    let folder = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(folder.path()).unwrap();
    assert_eq!(append(&store, "a", LIFE, 1..=3).await, Ok(()));
    let full = disk.fill();
    assert_eq!(append(&store, "a", LIFE, [4]).await, Err(CommitFailed));
    until(&store, Health::Failed).await;
    drop(store);
    drop(full);
    let store = SqliteStore::open(folder.path()).unwrap();
    assert_eq!(store.load(&room("a")).await.unwrap().unwrap().records, records(1..=3));
}

/// An unmounted disk looks like a folder in which there was never anything.
#[tokio::test]
async fn a_database_that_is_gone_is_not_begun_anew() {
    let disk = Disk::new().await;
    let folder = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(folder.path()).unwrap();
    assert_eq!(append(&store, "a", LIFE, 1..=3).await, Ok(()));
    let full = disk.fill();
    assert_eq!(append(&store, "a", LIFE, [4]).await, Err(CommitFailed));
    until(&store, Health::Failed).await;
    let aside = tempfile::tempdir().unwrap();
    let names = ["tandem.db", "tandem.db-wal"];
    for name in names {
        fs::rename(folder.path().join(name), aside.path().join(name)).unwrap();
    }
    drop(full);
    drop(store);
    assert!(!folder.path().join("tandem.db").exists());
    for name in names {
        fs::rename(aside.path().join(name), folder.path().join(name)).unwrap();
    }
    let store = SqliteStore::open(folder.path()).unwrap();
    assert_eq!(store.load(&room("a")).await.unwrap().unwrap().records, records(1..=3));
}
