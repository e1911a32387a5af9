//! Logs that are compacted while their rooms go on.

use server::limits::{COMPACT_LOG_BYTES, COMPACT_UNLOADED_BYTES};
use server::store::{Pace, Step};

use crate::loading::until_unloaded;
use crate::{Story, write};

/// A text that makes a log long enough to be compacted.
fn long(n_bytes: u64) -> String {
    "x".repeat(n_bytes as usize)
}

#[tokio::test(start_paused = true)]
async fn edits_go_on_during_a_compaction_and_follow_it() {
    let story = Story::begin();
    story.store.set_pace(Step::Compact, Pace::Held);
    story.store.set_pace(Step::Archive, Pace::Held);
    let room = story.open();
    write(&room, 1, "first").await.unwrap();
    write(&room, 2, &long(COMPACT_LOG_BYTES)).await.unwrap();
    // The snapshot is made of what was committed by then.
    story.store.until_waiting(Step::Compact, 1).await;
    write(&room, 3, "meanwhile").await.unwrap();
    let boards = ["first", "long", "meanwhile"];
    assert!(!story.log().await.1);
    assert_eq!(story.after_crash().texts().await, boards, "a crash before the snapshot");

    assert!(story.store.let_one(Step::Compact));
    story.store.until_waiting(Step::Archive, 1).await;
    let (n_bytes, is_compacted) = story.log().await;
    assert!(is_compacted && n_bytes > 0 && n_bytes < 1000, "{n_bytes} bytes in the log");
    assert_eq!(story.after_crash().texts().await, boards, "a crash before the archive");
    write(&room, 4, "x").await.unwrap();

    assert!(story.store.let_one(Step::Archive));
    let all = ["first", "long", "meanwhile", "x"];
    assert_eq!(story.texts().await, all);
    assert_eq!(story.after_crash().texts().await, all, "a crash after it");
    assert_eq!(story.store.n_begun(Step::Compact), 1, "there is no need for another one");
}

#[tokio::test(start_paused = true)]
async fn a_room_that_is_left_is_compacted_while_somebody_comes_back() {
    let story = Story::begin();
    story.store.set_pace(Step::Compact, Pace::Held);
    write(&story.open(), 1, &long(COMPACT_UNLOADED_BYTES)).await.unwrap();
    until_unloaded(&story).await;
    story.store.until_waiting(Step::Compact, 1).await;
    // The room is loaded by its log, and goes on from there.
    let room = story.open();
    write(&room, 2, "back").await.unwrap();
    story.store.set_pace(Step::Archive, Pace::Held);
    story.store.set_pace(Step::Compact, Pace::Free);
    story.store.until_waiting(Step::Archive, 1).await;
    write(&room, 3, "late").await.unwrap();
    assert!(story.log().await.1);
    let all = ["back", "late", "long"];
    assert_eq!(story.texts().await, all);
    assert_eq!(story.after_crash().texts().await, all);
}

#[tokio::test(start_paused = true)]
async fn a_log_that_a_killed_server_left_too_long_is_compacted_when_it_is_loaded() {
    let before = Story::begin();
    before.store.set_pace(Step::Compact, Pace::Held);
    write(&before.open(), 1, &long(COMPACT_LOG_BYTES)).await.unwrap();
    let story = before.after_crash();
    story.store.set_pace(Step::Archive, Pace::Held);
    let _room = story.open();
    story.store.until_waiting(Step::Archive, 1).await;
    assert_eq!(story.log().await, (0, true));
}
