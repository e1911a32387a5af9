//! A disk that is full for a while: what it costs, and that everything resumes by itself.
//!
//! No file of a process may grow while [`Full`] lives, not even the one that its output may go to. So
//! each story is told by a process of its own, which talks into a pipe.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod person;
#[path = "../store/records.rs"]
#[allow(dead_code, reason = "the stories of the store use all of it")]
mod records;
mod server;

use std::fs;
use std::process::Command;

use ::server::store::{CommitFailed, CompactError, Health, SqliteStore, Store, StoreError};
use rustix::process::{Resource, Rlimit, Signal, getrlimit, setrlimit};
use tokio::runtime::Builder;
use tokio::signal::unix::{SignalKind, signal};

use records::{LIFE, append, begin_append, compacted, records, room};

/// Says to a process that it is to tell the story itself.
const TELLS: &str = "TANDEM_TELLS_OF_A_FULL_DISK";

/// Has a story told by another process; `name` is that of its test.
#[track_caller]
pub fn tell(name: &str, story: impl Future<Output = ()>) {
    if std::env::var_os(TELLS).is_some() {
        let runtime = Builder::new_multi_thread().enable_all().build().unwrap();
        return runtime.block_on(story);
    }
    let mut teller = Command::new(std::env::current_exe().unwrap());
    let output = teller.args(["--exact", name]).env(TELLS, "1").output().unwrap();
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8_lossy(&said);
    assert!(output.status.success() && said.contains("1 passed"), "{said}");
}

/// As long as it lives, nothing can be written to files but to their first few bytes.
pub struct Full(Rlimit);

impl Full {
    /// From now on.
    pub fn begin() -> Self {
        // Who writes more than is allowed is killed, unless somebody listens.
        let _ = signal(SignalKind::from_raw(Signal::XFSZ.as_raw())).unwrap();
        let before = getrlimit(Resource::Fsize);
        setrlimit(Resource::Fsize, Rlimit { current: Some(16), ..before }).unwrap();
        Self(before)
    }
}

impl Drop for Full {
    fn drop(&mut self) {
        setrlimit(Resource::Fsize, self.0).unwrap();
    }
}

/// Returns when the store is so.
pub async fn until(store: &dyn Store, wanted: Health) {
    store.health().clone().wait_for(|health| *health == wanted).await.unwrap();
}

#[test]
fn everything_stops_until_there_is_space() {
    tell("everything_stops_until_there_is_space", stop_and_resume());
}

async fn stop_and_resume() {
    let folder = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(folder.path()).unwrap();
    assert_eq!(append(&store, "a", LIFE, 1..=3).await, Ok(()));
    let full = Full::begin();
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

#[test]
fn a_store_that_is_closed_meanwhile_loses_nothing() {
    tell("a_store_that_is_closed_meanwhile_loses_nothing", close_while_full());
}

async fn close_while_full() {
    let folder = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(folder.path()).unwrap();
    assert_eq!(append(&store, "a", LIFE, 1..=3).await, Ok(()));
    let full = Full::begin();
    assert_eq!(append(&store, "a", LIFE, [4]).await, Err(CommitFailed));
    until(&store, Health::Failed).await;
    drop(store);
    drop(full);
    let store = SqliteStore::open(folder.path()).unwrap();
    assert_eq!(store.load(&room("a")).await.unwrap().unwrap().records, records(1..=3));
}

/// An unmounted disk looks like a folder in which there was never anything.
#[test]
fn a_database_that_is_gone_is_not_begun_anew() {
    tell("a_database_that_is_gone_is_not_begun_anew", lose_the_database());
}

async fn lose_the_database() {
    let folder = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(folder.path()).unwrap();
    assert_eq!(append(&store, "a", LIFE, 1..=3).await, Ok(()));
    let full = Full::begin();
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
