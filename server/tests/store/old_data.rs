//! Data folders of other versions. Each released format has one in `server/tests/fixtures`, written by
//! the program of that time.

use std::fs;

use server::room::Document;
use server::store::{SqliteStore, Store, StoreError};
use shared::board::Replica;
use shared::id::Seq;
use shared::json::elements_json;
use tempfile::TempDir;

use crate::records::room;

const FIXTURES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures");

/// A copy of a fixture, for opening it changes it.
fn folder(fixture: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let file = format!("{FIXTURES}/{fixture}/tandem.db");
    fs::copy(file, folder.path().join("tandem.db")).unwrap();
    folder
}

/// `data-1` was written by `tandem serve` of schema 1: two rectangles and ellipses imported into the
/// boards `first` and `second`, and a stroke by `tests/examples/bot.rs` on the first; then its log was
/// emptied, so that it is one file. What its `/api/rooms/first/board` answered lies beside it.
#[tokio::test]
async fn boards_of_schema_1_are_found() {
    let folder = folder("data-1");
    let store = SqliteStore::open(folder.path()).unwrap();
    let log = store.load(&room("first")).await.unwrap().unwrap();
    assert_eq!((log.records.len(), log.n_bytes()), (52, 2105));
    assert!(log.records.iter().all(|record| record.author.is_some()));
    let mut replica = Replica::default();
    for record in &log.records {
        replica.take(&record.bytes).unwrap();
    }
    let shown = fs::read_to_string(format!("{FIXTURES}/data-1/first.board.json")).unwrap();
    let shown: serde_json::Value = serde_json::from_str(&shown).unwrap();
    assert_eq!(elements_json(&replica.elements()), shown);
    let names = store.rooms(None).await.unwrap();
    assert_eq!(names, [room("first"), room("second")]);

    // What such records are put into is a snapshot like any other.
    let compacted = Document::from_log(&log).unwrap().compacted();
    store.compact(&room("first"), log.incarnation, compacted.clone()).await.unwrap();
    drop(store);
    let store = SqliteStore::open(folder.path()).unwrap();
    let again = store.load(&room("first")).await.unwrap().unwrap();
    assert_eq!((again.incarnation, again.compacted), (log.incarnation, Some(compacted)));
    assert_eq!(store.history(&room("first"), Seq(0)).await.unwrap(), log.records);
}

#[test]
fn a_database_of_a_newer_program_is_left_alone() {
    let folder = folder("data-1");
    let file = folder.path().join("tandem.db");
    rusqlite::Connection::open(&file).unwrap().pragma_update(None, "user_version", 99).unwrap();
    let before = fs::read(&file).unwrap();
    let error = SqliteStore::open(folder.path()).err().unwrap();
    assert!(matches!(error, StoreError::Newer { version: 99, .. }));
    assert!(error.to_string().contains("newer version of Tandem (schema 99)"), "{error}");
    assert_eq!(fs::read(&file).unwrap(), before);
}
