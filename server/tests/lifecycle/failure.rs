//! Commits that fail, over real sockets: what nobody was told of may be on the disk or not, and either
//! way it is there once when it was sent again.

use server::store::{Pace, Step};
use shared::protocol::CloseCode;

use crate::Story;
use crate::person::Person;

/// Two edits wait when the disk fails, and `n_kept` of them are on it nevertheless.
async fn check(n_kept: usize) {
    let story = Story::begin();
    let addr = story.listen().await;
    let mut ann = Person::new(addr, 1);
    ann.connect().await;
    ann.until(Person::is_live).await;
    ann.draw();
    ann.until(|it| it.n_unsaved() == 0).await;

    story.store.set_pace(Step::Append, Pace::Held);
    ann.draw();
    let failing = async {
        story.store.until_waiting(Step::Append, 1).await;
        story.store.fail(n_kept);
    };
    tokio::join!(ann.until(|it| it.n_unsaved() == 0), failing);
    assert_eq!(ann.code, Some(CloseCode::Internal as u16));
    assert_eq!(ann.n_unsaved(), 1, "a failed commit is never acknowledged");
    ann.connect().await;
    ann.until(Person::is_live).await;
    assert_eq!(ann.code, Some(CloseCode::TryLater as u16));

    story.store.set_pace(Step::Append, Pace::Free);
    story.store.heal();
    ann.draw();
    ann.connect().await;
    ann.until(|it| it.is_live() && it.n_unsaved() == 0).await;
    assert_eq!(ann.board.elements().count(), 3);
    let mut bob = Person::new(addr, 2);
    bob.connect().await;
    bob.until(Person::is_live).await;
    assert!(bob.board.elements().eq(ann.board.elements()));
}

#[tokio::test]
async fn what_a_failed_commit_lost_is_taken_again() {
    check(0).await;
}

#[tokio::test]
async fn what_a_failed_commit_has_written_is_not_written_twice() {
    check(1).await;
}
