//! The store in SQLite keeps the contract; and what only it does.

use std::fs;

use server::store::{SqliteStore, Store, StoreError};
use tempfile::TempDir;

use crate::contract::Place;
use crate::records::{LIFE, append, compacted, history, record, records, room};

struct Folder(TempDir);

impl Place for Folder {
    type Store = SqliteStore;

    fn open(&self) -> SqliteStore {
        SqliteStore::open(&self.0.path().join("made/when/missing")).unwrap()
    }
}

fn place() -> Folder {
    Folder(tempfile::tempdir().unwrap())
}

crate::contract!();

#[test]
fn sqlite_is_newer_than_the_fault_that_could_damage_a_log() {
    assert!(rusqlite::version_number() >= 3_051_003, "{}", rusqlite::version());
}

#[tokio::test]
async fn a_second_server_is_refused_until_the_first_has_ended() {
    let folder = tempfile::tempdir().unwrap();
    let first = SqliteStore::open(folder.path()).unwrap();
    assert!(matches!(SqliteStore::open(folder.path()), Err(StoreError::InUse(_))));
    drop(first);
    assert!(SqliteStore::open(folder.path()).is_ok());
}

#[tokio::test]
async fn what_is_queued_is_committed_before_the_store_is_closed() {
    let folder = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(folder.path()).unwrap();
    let report = crate::records::begin_append(&store, "a", LIFE, 1..=100).await;
    drop(store);
    assert_eq!(report.await, Ok(Ok(())));
    // One file is all there is, so that whoever copies it has everything.
    let mut names: Vec<_> = fs::read_dir(folder.path())
        .unwrap()
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(names, ["tandem.db", "tandem.lock"]);
}

#[tokio::test]
async fn the_archive_is_packed_in_many_segments() {
    let folder = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(folder.path()).unwrap();
    for first in (1..=10_000).step_by(500) {
        assert_eq!(append(&store, "a", LIFE, first..first + 500).await, Ok(()));
    }
    let archived = store.compact(&room("a"), LIFE, compacted(9_999, 10)).await.unwrap();
    assert_eq!((archived.n_records, archived.n_bytes), (9_999, 29_997));
    assert!(archived.n_stored_bytes < archived.n_bytes, "{archived:?}");
    assert_eq!(store.load(&room("a")).await.unwrap().unwrap().records, [record(10_000)]);
    assert_eq!(history(&store, "a").await, records(1..=10_000));
}

#[tokio::test]
async fn what_deleted_rooms_leave_is_cleared_away() {
    let folder = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(folder.path()).unwrap();
    for first in (1..=5_000).step_by(500) {
        assert_eq!(append(&store, "a", LIFE, first..first + 500).await, Ok(()));
    }
    store.compact(&room("a"), LIFE, compacted(2_000, 600_000)).await.unwrap();
    store.delete(&room("a")).await.unwrap();
    let file = folder.path().join("tandem.db");
    let count = |table: &str| -> i64 {
        let connection = rusqlite::Connection::open(&file).unwrap();
        let select = format!("SELECT count(*) FROM {table}");
        connection.query_row(&select, [], |row| row.get(0)).unwrap()
    };
    let mut rounds = 0;
    while count("rooms WHERE name LIKE '#%'") > 0 {
        // After each commit some of it goes.
        rounds += 1;
        assert!(rounds < 100, "it goes on for ever");
        assert_eq!(append(&store, "b", LIFE, [rounds]).await, Ok(()));
    }
    for table in ["snapshots", "snapshot_parts", "segments", "updates WHERE bytes = x'fafafa'"] {
        assert_eq!(count(table), 0, "{table}");
    }
}

#[tokio::test]
async fn a_backup_is_a_store_of_the_same_boards() {
    let (folder, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let store = SqliteStore::open(folder.path()).unwrap();
    assert_eq!(append(&store, "a", LIFE, 1..=5).await, Ok(()));
    store.compact(&room("a"), LIFE, compacted(3, 10)).await.unwrap();
    let to = other.path().join("tandem.db");
    store.backup(&to).await.unwrap();
    assert_eq!(append(&store, "a", LIFE, [6]).await, Ok(()), "the store goes on");
    let error = store.backup(&to).await.unwrap_err().to_string();
    assert!(error.contains("tandem.db") && error.contains("exists"), "{error}");
    let error = store.backup(&other.path().join("no/such/folder")).await.unwrap_err();
    assert!(matches!(error, StoreError::Backup { .. }));

    let copy = SqliteStore::open(other.path()).unwrap();
    let log = copy.load(&room("a")).await.unwrap().unwrap();
    assert_eq!((log.compacted, log.records), (Some(compacted(3, 10)), records([4, 5])));
    assert_eq!(history(&copy, "a").await, records(1..=5));
    let life = |store: &SqliteStore| store.secret().first_incarnation(&room("new"));
    assert_eq!(life(&copy), life(&store), "tickets stay good");
}
