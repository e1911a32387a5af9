//! Boards that are deleted while somebody is at them.

use server::store::{Pace, Step, Store};
use shared::protocol::CloseCode;

use crate::person::Person;
use crate::{Story, edit, name, write};

#[tokio::test(start_paused = true)]
async fn an_edit_before_the_deletion_goes_with_the_board() {
    let story = Story::begin();
    let room = story.open();
    write(&room, 1, "gone").await.unwrap();
    story.app.rooms.delete(&name()).await.unwrap();
    assert_eq!(story.texts().await, [""; 0]);
    assert!(room.snapshot().await.is_err(), "the old room has ended");
    let new = story.open();
    write(&new, 2, "new").await.unwrap();
    assert_eq!(story.texts().await, ["new"]);
    assert_eq!(story.after_crash().texts().await, ["new"]);
}

#[tokio::test(start_paused = true)]
async fn an_edit_that_is_committed_after_the_deletion_is_refused() {
    let story = Story::begin();
    let room = story.open();
    write(&room, 1, "gone").await.unwrap();
    story.store.set_pace(Step::Append, Pace::Held);
    let (author, updates) = edit(2, "late");
    let late = tokio::spawn(async move { room.import(author, updates).await });
    story.store.until_waiting(Step::Append, 1).await;
    story.app.rooms.delete(&name()).await.unwrap();
    story.store.set_pace(Step::Append, Pace::Free);
    assert!(late.await.unwrap().is_err());
    assert_eq!(story.texts().await, [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn an_edit_that_comes_before_the_room_hears_of_the_deletion_is_refused() {
    let story = Story::begin();
    let room = story.open();
    write(&room, 1, "gone").await.unwrap();
    // In the store alone: the room knows nothing of it.
    story.store.delete(&name()).await.unwrap();
    assert!(write(&room, 2, "late").await.is_err());
    assert_eq!(story.texts().await, [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn a_board_that_is_deleted_while_it_is_loaded_is_empty_for_the_next() {
    let before = Story::begin();
    write(&before.open(), 1, "gone").await.unwrap();
    let story = before.after_crash();
    story.store.set_pace(Step::Load, Pace::Held);
    let early = story.open();
    story.store.until_waiting(Step::Load, 1).await;
    story.app.rooms.delete(&name()).await.unwrap();
    let late = story.open();
    story.store.set_pace(Step::Load, Pace::Free);
    assert!(write(&early, 2, "late").await.is_err());
    write(&late, 3, "new").await.unwrap();
    assert_eq!(story.texts().await, ["new"]);
}

#[tokio::test(start_paused = true)]
async fn a_deletion_that_fails_changes_nothing() {
    let story = Story::begin();
    let room = story.open();
    write(&room, 1, "kept").await.unwrap();
    story.store.set_pace(Step::Delete, Pace::Held);
    let rooms = story.app.rooms.clone();
    let deleting = tokio::spawn(async move { rooms.delete(&name()).await });
    story.store.until_waiting(Step::Delete, 1).await;
    story.store.fail(0);
    story.store.let_one(Step::Delete);
    assert!(deleting.await.unwrap().is_err());
    story.store.heal();
    assert_eq!(story.texts().await, ["kept"]);
}

/// By real sockets, and so by the real clock.
#[tokio::test]
async fn people_are_sent_away_and_keep_what_is_unsaved() {
    let story = Story::begin();
    let mut ann = Person::new(story.listen().await, 1);
    ann.connect().await;
    ann.until(Person::is_live).await;
    ann.draw();
    ann.until(|it| it.n_unsaved() == 0).await;
    story.store.set_pace(Step::Append, Pace::Held);
    ann.draw();
    let drawing = ann.until(|_| false);
    let deleting = async {
        story.store.until_waiting(Step::Append, 1).await;
        story.app.rooms.delete(&name()).await.unwrap();
    };
    tokio::join!(drawing, deleting);
    assert_eq!((ann.code, ann.n_unsaved()), (Some(CloseCode::Restarting as u16), 1));
    story.store.set_pace(Step::Append, Pace::Free);

    ann.connect().await;
    ann.until(|it| it.is_replaced).await;
    assert_eq!(ann.n_unsaved(), 1, "it is hers to keep");
    assert_eq!(story.texts().await, [""; 0], "and nothing came back");
}
