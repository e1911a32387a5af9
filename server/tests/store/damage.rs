//! Files that are not what was written: the error names the file and what to do, other boards are
//! served, and nobody makes it worse.

use std::fs;
use std::path::{Path, PathBuf};

use server::log::Record;
use server::store::{SqliteStore, Store, StoreError};
use shared::id::Seq;
use tempfile::TempDir;

use crate::records::{LIFE, append, compacted, history, record, records, room};

fn file_in(folder: &TempDir) -> PathBuf {
    folder.path().join("tandem.db")
}

/// A database with two boards, the first one far larger than a page.
async fn two_boards() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(folder.path()).unwrap();
    for first in (1..=2_000).step_by(500) {
        assert_eq!(append(&store, "broken", LIFE, first..first + 500).await, Ok(()));
    }
    assert_eq!(append(&store, "whole", LIFE, 1..=3).await, Ok(()));
    folder
}

/// Changes bytes of a file; nobody has it open.
fn damage(file: &Path, change: impl FnOnce(&mut Vec<u8>)) -> Vec<u8> {
    let mut bytes = fs::read(file).unwrap();
    change(&mut bytes);
    fs::write(file, &bytes).unwrap();
    bytes
}

/// Where a record's row is, by its bytes: the first column in them is unlike any other row's.
fn find(haystack: &[u8], needle: &[u8]) -> usize {
    haystack.windows(needle.len()).position(|it| it == needle).unwrap()
}

#[track_caller]
fn check_refused(folder: &Path, words: &[&str]) {
    let error = SqliteStore::open(folder).err().unwrap();
    let text = error.to_string();
    for word in words {
        assert!(text.contains(word), "{text}");
    }
    assert!(matches!(error, StoreError::Damaged { .. }), "{error:?}");
}

#[test]
fn what_is_no_database_is_named_and_left_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let text = "no database at all, though long enough to look like one ".repeat(40);
    fs::write(file_in(&folder), &text).unwrap();
    check_refused(folder.path(), &["tandem.db", "not a database", "backup"]);
    assert_eq!(fs::read_to_string(file_in(&folder)).unwrap(), text);
}

#[tokio::test]
async fn a_truncated_file_is_named_and_left_as_it_is() {
    let folder = two_boards().await;
    let file = file_in(&folder);
    let half = damage(&file, |bytes| bytes.truncate(bytes.len() / 2));
    check_refused(folder.path(), &["tandem.db", "malformed", "backup"]);
    assert_eq!(fs::read(&file).unwrap(), half);
}

/// SQLite would take it for a database that is just being made, and throw away the log beside it.
#[tokio::test]
async fn an_empty_file_beside_a_log_is_not_begun_anew() {
    let folder = two_boards().await;
    fs::write(file_in(&folder), []).unwrap();
    let log = folder.path().join("tandem.db-wal");
    fs::write(&log, [7; 100]).unwrap();
    check_refused(folder.path(), &["tandem.db", "its log is not"]);
    assert_eq!(fs::read(&log).unwrap(), [7; 100]);
}

#[tokio::test]
async fn a_changed_record_harms_its_own_board_alone() {
    let folder = two_boards().await;
    let file = file_in(&folder);
    let Record { seq, .. } = record(1_234);
    // The last byte of the row before ends in front of the next one's head; the update itself is three
    // times the number's lowest byte.
    let bytes = damage(&file, |bytes| {
        let row = find(bytes, &[(seq.0 >> 8) as u8, seq.0 as u8, 0x08, 0xba]);
        let update = row + find(&bytes[row..], &[seq.0 as u8; 3]);
        bytes[update] ^= 1;
    });
    let store = SqliteStore::open(folder.path()).unwrap();
    let error = store.load(&room("broken")).await.unwrap_err();
    let text = error.to_string();
    assert!(matches!(error, StoreError::DamagedRoom { .. }), "{text}");
    for word in ["tandem.db", "broken", "record 1234", "backup"] {
        assert!(text.contains(word), "{text}");
    }
    assert_eq!(store.load(&room("whole")).await.unwrap().unwrap().records, records(1..=3));
    drop(store);
    assert!(fs::read(&file).unwrap() == bytes, "the file is as it was");
    // What is written elsewhere is not held up.
    let store = SqliteStore::open(folder.path()).unwrap();
    assert_eq!(append(&store, "whole", LIFE, [4]).await, Ok(()));
    assert!(!store.has_failed());
}

#[tokio::test]
async fn a_changed_snapshot_harms_its_own_board_alone() {
    let folder = two_boards().await;
    let store = SqliteStore::open(folder.path()).unwrap();
    store.compact(&room("broken"), LIFE, compacted(2_000, 5_000)).await.unwrap();
    drop(store);
    damage(&file_in(&folder), |bytes| {
        let part = find(bytes, &[17; 200]);
        bytes[part] ^= 1;
    });
    let store = SqliteStore::open(folder.path()).unwrap();
    let error = store.load(&room("broken")).await.unwrap_err().to_string();
    assert!(error.contains("the snapshot at 2000"), "{error}");
    assert_eq!(store.load(&room("whole")).await.unwrap().unwrap().records, records(1..=3));
    assert_eq!(history(&store, "broken").await.len(), 2_000, "from which it could be made again");
}

/// Wherever bytes are lost, everything ends in an answer, and no record comes out that never went in.
#[tokio::test]
async fn a_lost_page_is_never_taken_for_a_board() {
    const PAGE: usize = 4096;
    let folder = two_boards().await;
    let whole = fs::read(file_in(&folder)).unwrap();
    let mut n_harmed = 0;
    for page in 1..whole.len() / PAGE {
        let mut bytes = whole.clone();
        bytes[page * PAGE..][..PAGE].fill(0xa5);
        fs::write(file_in(&folder), &bytes).unwrap();
        let Ok(store) = SqliteStore::open(folder.path()) else {
            n_harmed += 1;
            continue;
        };
        for (name, n) in [("broken", 2_000), ("whole", 3)] {
            match store.load(&room(name)).await {
                Ok(log) => assert_eq!(log.unwrap().records, records(1..=n), "page {page}"),
                Err(StoreError::DamagedRoom { .. }) => n_harmed += 1,
                Err(error) => panic!("page {page}: {error}"),
            }
        }
        drop(store);
        assert!(fs::read(file_in(&folder)).unwrap() == bytes, "page {page} is as it was");
    }
    assert!(n_harmed > 10, "{n_harmed}");
}

/// A power failure leaves what was synced, and any part of what was written after that.
#[tokio::test]
async fn a_torn_log_is_read_as_far_as_it_was_synced() {
    let folder = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(folder.path()).unwrap();
    let log = folder.path().join("tandem.db-wal");
    assert_eq!(append(&store, "a", LIFE, 1..=3).await, Ok(()));
    let n_synced = fs::metadata(&log).unwrap().len() as usize;
    assert_eq!(append(&store, "a", LIFE, [4]).await, Ok(()));
    let (database, written) = (fs::read(file_in(&folder)).unwrap(), fs::read(&log).unwrap());
    drop(store);
    assert!(written.len() > n_synced);

    let crashed = tempfile::tempdir().unwrap();
    let cuts = (n_synced..written.len()).step_by(97).map(|n| written[..n].to_vec());
    let holes = (n_synced..written.len()).step_by(97).map(|at| {
        let mut torn = written.clone();
        torn[at] ^= 0xff;
        torn
    });
    for torn in cuts.chain(holes) {
        fs::write(file_in(&crashed), &database).unwrap();
        fs::write(crashed.path().join("tandem.db-wal"), &torn).unwrap();
        fs::remove_file(crashed.path().join("tandem.db-shm")).ok();
        let store = SqliteStore::open(crashed.path()).unwrap();
        let found = store.load(&room("a")).await.unwrap().unwrap().records;
        assert_eq!(found, records(1..=3), "and none of what came after");
        assert_eq!(append(&store, "a", LIFE, [4]).await, Ok(()));
        drop(store);
    }
}

#[tokio::test]
async fn a_lost_part_of_the_archive_is_noticed() {
    let folder = two_boards().await;
    let store = SqliteStore::open(folder.path()).unwrap();
    store.compact(&room("broken"), LIFE, compacted(2_000, 10)).await.unwrap();
    drop(store);
    let connection = rusqlite::Connection::open(file_in(&folder)).unwrap();
    connection.execute("UPDATE segments SET bytes = substr(bytes, 1, 50)", []).unwrap();
    drop(connection);
    let store = SqliteStore::open(folder.path()).unwrap();
    assert!(store.history(&room("broken"), Seq(0)).await.is_err());
    assert!(store.load(&room("broken")).await.is_ok(), "the board itself is whole");
}
