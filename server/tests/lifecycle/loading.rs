//! Rooms on their way into memory and out of it.

use std::time::Duration;

use server::limits::UNLOAD_AFTER;
use server::store::{Pace, Step, Store};
use tokio::task::JoinSet;
use tokio::time::advance;

use crate::{Story, name, texts, write};

#[tokio::test(start_paused = true)]
async fn all_who_come_to_a_cold_room_share_one_load() {
    let before = Story::begin();
    write(&before.open(), 1, "kept").await.unwrap();
    let story = before.after_crash();
    story.store.set_pace(Step::Load, Pace::Held);
    let mut askers = JoinSet::new();
    for _ in 0..10 {
        let room = story.open();
        askers.spawn(async move { texts(&room.snapshot().await.unwrap()) });
    }
    story.store.until_waiting(Step::Load, 1).await;
    // Also those who come while it is being loaded.
    let room = story.open();
    askers.spawn(async move { texts(&room.snapshot().await.unwrap()) });
    story.store.set_pace(Step::Load, Pace::Free);
    let answers = askers.join_all().await;
    assert_eq!(answers, vec![["kept"]; 11]);
    assert_eq!(story.store.n_begun(Step::Load), 1);
}

#[tokio::test(start_paused = true)]
async fn a_room_that_somebody_holds_is_not_unloaded() {
    let story = Story::begin();
    let room = story.open();
    write(&room, 1, "kept").await.unwrap();
    // Whoever joins has a hold on the room before it hears of them.
    advance(10 * UNLOAD_AFTER).await;
    assert_eq!(texts(&room.snapshot().await.unwrap()), ["kept"]);
    assert_eq!(story.store.n_begun(Step::Load), 1);
}

#[tokio::test(start_paused = true)]
async fn who_comes_when_a_room_has_just_left_loads_it_again() {
    let story = Story::begin();
    write(&story.open(), 1, "kept").await.unwrap();
    // Nobody holds it now. How often it looks again is its own affair.
    until_unloaded(&story).await;
    assert_eq!(story.texts().await, ["kept"]);
    assert_eq!(story.store.n_begun(Step::Load), 2);
}

/// Passes time until the room is not in memory any more.
pub async fn until_unloaded(story: &Story) {
    let metrics = || story.app.metrics.encode().unwrap();
    while !metrics().contains("\ntandem_rooms 0\n") {
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_room_that_cannot_be_loaded_can_be_later() {
    let before = Story::begin();
    write(&before.open(), 1, "kept").await.unwrap();
    let story = before.after_crash();
    story.store.set_pace(Step::Load, Pace::Held);
    let room = story.open();
    story.store.until_waiting(Step::Load, 1).await;
    story.store.fail(0);
    assert!(story.app.rooms.open(&name()).is_err(), "nobody is let in meanwhile");
    story.store.set_pace(Step::Load, Pace::Free);
    assert!(room.snapshot().await.is_err(), "who waited is told");
    assert!(story.store.has_failed());
    story.store.heal();
    assert_eq!(story.texts().await, ["kept"]);
}
