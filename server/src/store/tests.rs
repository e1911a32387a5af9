//! The store as its users see it: what was reported done is there after reopening.

use std::fs;
use std::sync::mpsc;

use bytes::Bytes;
use shared::id::{ClientId, Incarnation, RoomName, Seq};
use shared::time::Time;

use super::{Append, CommitFailed, Store, StoreError};
use crate::log::{Log, Record};

const LIFE: Incarnation = Incarnation(u64::MAX);

fn room(name: &str) -> RoomName {
    RoomName::parse(name).unwrap()
}

fn record(seq: u64) -> Record {
    // Every second one has a ticket.
    let author = ClientId::new((1 << 53) - 1).filter(|_| seq.is_multiple_of(2));
    Record {
        seq: Seq(seq),
        time: Time(1_000 + seq),
        author,
        bytes: Bytes::from(vec![seq as u8; 3]),
    }
}

type Reports = mpsc::Receiver<Result<(), CommitFailed>>;

async fn append(store: &Store, name: &str, seqs: impl IntoIterator<Item = u64>) -> Reports {
    let (report, reports) = mpsc::channel();
    let append = Append {
        room: room(name),
        incarnation: LIFE,
        records: seqs.into_iter().map(record).collect(),
        done: Box::new(move |result| report.send(result).unwrap()),
    };
    store.append(append).await.unwrap();
    reports
}

#[tokio::test]
async fn what_was_committed_is_there_after_reopening() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("made/when/missing");
    let store = Store::open(&data).unwrap();
    let ticket_secret = store.secret().first_incarnation(&room("a"));
    assert_eq!(store.load(&room("a")).await.unwrap(), None);
    let first = append(&store, "a", [1, 2]).await;
    let other = append(&store, "b", [1]).await;
    let second = append(&store, "a", [3]).await;
    // The drop lets the writer finish what is queued.
    drop(store);
    for reports in [first, other, second] {
        assert_eq!(reports.recv(), Ok(Ok(())));
    }
    let store = Store::open(&data).unwrap();
    let log = Log { incarnation: LIFE, records: [1, 2, 3].map(record).into() };
    assert_eq!(store.load(&room("a")).await.unwrap(), Some(log));
    assert_eq!(store.load(&room("b")).await.unwrap().unwrap().records, [record(1)]);
    assert_eq!(store.load(&room("c")).await.unwrap(), None);
    assert_eq!(store.secret().first_incarnation(&room("a")), ticket_secret);
}

#[tokio::test]
async fn a_commit_that_would_fork_a_log_fails_and_the_next_one_works() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path()).unwrap();
    assert_eq!(append(&store, "a", [1]).await.recv(), Ok(Ok(())));
    assert_eq!(append(&store, "a", [2, 1]).await.recv(), Ok(Err(CommitFailed)));
    assert_eq!(append(&store, "nowhere", [2]).await.recv(), Ok(Err(CommitFailed)));
    assert_eq!(store.load(&room("a")).await.unwrap().unwrap().records, [record(1)]);
    assert_eq!(append(&store, "a", [2]).await.recv(), Ok(Ok(())));
}

#[tokio::test]
async fn what_follows_a_failed_commit_leaves_no_hole_and_harms_no_other_room() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path()).unwrap();
    assert_eq!(append(&store, "a", [1]).await.recv(), Ok(Ok(())));
    // The commit of 2 failed, and the room had sent 3 already.
    let hole = append(&store, "a", [3]).await;
    let other = append(&store, "b", [1]).await;
    assert_eq!(hole.recv(), Ok(Err(CommitFailed)));
    assert_eq!(other.recv(), Ok(Ok(())));
    assert_eq!(append(&store, "a", [2, 3]).await.recv(), Ok(Ok(())));
    assert_eq!(store.load(&room("a")).await.unwrap().unwrap().records.len(), 3);
}

#[tokio::test]
async fn a_second_server_is_refused_until_the_first_has_ended() {
    let folder = tempfile::tempdir().unwrap();
    let first = Store::open(folder.path()).unwrap();
    assert!(matches!(Store::open(folder.path()), Err(StoreError::InUse(_))));
    drop(first);
    assert!(Store::open(folder.path()).is_ok());
}

#[test]
fn a_damaged_or_newer_file_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("tandem.db");
    fs::write(&file, "no database at all, though long enough to look like one ".repeat(40))
        .unwrap();
    let error = Store::open(folder.path()).err().unwrap().to_string();
    assert!(error.contains("tandem.db") && error.contains("not a database"), "{error}");

    fs::remove_file(&file).unwrap();
    drop(Store::open(folder.path()).unwrap());
    rusqlite::Connection::open(&file).unwrap().pragma_update(None, "user_version", 99).unwrap();
    let error = Store::open(folder.path()).err().unwrap().to_string();
    assert!(error.contains("newer version of Tandem (schema 99)"), "{error}");
}
