//! What every store promises. A new one gets a place in which it is opened, and a line in its own file
//! for each of these.

use server::log::Log;
use server::store::{CommitFailed, CompactError, Health, Store};
use shared::id::{Incarnation, RoomName, Seq};

use crate::records::{LIFE, append, begin_append, compacted, history, record, records, room};

/// Somewhere to keep rooms. Opened again, after the store before was dropped, it has what was committed.
pub trait Place {
    type Store: Store;

    fn open(&self) -> Self::Store;
}

pub async fn what_was_committed_is_there_after_reopening(place: &impl Place) {
    let store = place.open();
    assert_eq!(*store.health().borrow(), Health::Serving);
    let first_life = store.secret().first_incarnation(&room("a"));
    assert_eq!(store.load(&room("a")).await.unwrap(), None);
    let first = begin_append(&store, "a", LIFE, [1, 2]).await;
    let other = begin_append(&store, "b", LIFE, [1]).await;
    let second = begin_append(&store, "a", LIFE, [3]).await;
    for report in [first, other, second] {
        assert_eq!(report.await, Ok(Ok(())));
    }
    drop(store);
    let store = place.open();
    let log = Log { records: records(1..=3), ..Log::empty(LIFE) };
    assert_eq!(store.load(&room("a")).await.unwrap(), Some(log));
    assert_eq!(store.load(&room("b")).await.unwrap().unwrap().records, [record(1)]);
    assert_eq!(store.load(&room("c")).await.unwrap(), None);
    assert_eq!(store.secret().first_incarnation(&room("a")), first_life);
}

pub async fn a_log_has_neither_holes_nor_forks(place: &impl Place) {
    let store = place.open();
    assert_eq!(append(&store, "a", LIFE, [1]).await, Ok(()));
    for wrong in [vec![1], vec![3], vec![2, 2], vec![2, 1], vec![2, 4]] {
        assert_eq!(append(&store, "a", LIFE, wrong.clone()).await, Err(CommitFailed), "{wrong:?}");
    }
    assert_eq!(append(&store, "nowhere", LIFE, [2]).await, Err(CommitFailed));
    // What does not fit harms nobody who comes at the same time.
    let hole = begin_append(&store, "a", LIFE, [3]).await;
    let other = begin_append(&store, "b", LIFE, [1]).await;
    assert_eq!((hole.await, other.await), (Ok(Err(CommitFailed)), Ok(Ok(()))));
    assert_eq!(append(&store, "a", LIFE, [2, 3]).await, Ok(()));
    assert_eq!(store.load(&room("a")).await.unwrap().unwrap().records, records(1..=3));
    assert_eq!(store.load(&room("nowhere")).await.unwrap(), None);
    assert!(!store.has_failed());
}

pub async fn a_snapshot_takes_the_place_of_records_which_stay_readable(place: &impl Place) {
    let store = place.open();
    assert_eq!(append(&store, "a", LIFE, 1..=10).await, Ok(()));
    let archived = store.compact(&room("a"), LIFE, compacted(7, 1000)).await.unwrap();
    assert_eq!((archived.n_records, archived.n_bytes), (7, 21));
    assert!(archived.n_stored_bytes > 0);
    let log =
        Log { incarnation: LIFE, compacted: Some(compacted(7, 1000)), records: records(8..=10) };
    assert_eq!(store.load(&room("a")).await.unwrap(), Some(log.clone()));
    assert_eq!(history(&store, "a").await, records(1..=10));
    assert_eq!(store.history(&room("a"), Seq(10)).await.unwrap(), []);
    assert_eq!(append(&store, "a", LIFE, [11]).await, Ok(()));
    drop(store);

    // More than once, and up to the very end, by a snapshot of several parts.
    let store = place.open();
    let large = compacted(11, 700_000);
    store.compact(&room("a"), LIFE, large.clone()).await.unwrap();
    let log = Log { compacted: Some(large), records: Vec::new(), ..log };
    assert_eq!(store.load(&room("a")).await.unwrap(), Some(log));
    assert_eq!(append(&store, "a", LIFE, [11]).await, Err(CommitFailed), "it was there");
    assert_eq!(append(&store, "a", LIFE, [12]).await, Ok(()));
    store.compact(&room("a"), LIFE, compacted(12, 10)).await.unwrap();
    assert_eq!(store.load(&room("a")).await.unwrap().unwrap().compacted, Some(compacted(12, 10)));
    assert_eq!(history(&store, "a").await, records(1..=12));
}

pub async fn a_snapshot_that_does_not_fit_changes_nothing(place: &impl Place) {
    let store = place.open();
    assert_eq!(append(&store, "a", LIFE, 1..=5).await, Ok(()));
    store.compact(&room("a"), LIFE, compacted(3, 10)).await.unwrap();
    let before = store.load(&room("a")).await.unwrap();
    let other_life = Incarnation(1);
    for (why, name, life, seq) in [
        ("beyond the log", "a", LIFE, 6),
        ("before another", "a", LIFE, 2),
        ("the same again", "a", LIFE, 3),
        ("of another life", "a", other_life, 4),
        ("of nothing", "b", LIFE, 1),
    ] {
        let refused = store.compact(&room(name), life, compacted(seq, 10)).await;
        assert!(matches!(refused, Err(CompactError::Outdated)), "{why}");
    }
    assert_eq!(store.load(&room("a")).await.unwrap(), before);
    assert_eq!(history(&store, "a").await, records(1..=5));
}

pub async fn a_deleted_room_begins_another_life(place: &impl Place) {
    let store = place.open();
    assert_eq!(append(&store, "a", LIFE, 1..=5).await, Ok(()));
    assert_eq!(append(&store, "b", LIFE, [1]).await, Ok(()));
    store.compact(&room("a"), LIFE, compacted(3, 600_000)).await.unwrap();
    let next = store.delete(&room("a")).await.unwrap();
    assert_ne!(next, LIFE);
    assert_eq!(store.load(&room("a")).await.unwrap(), Some(Log::empty(next)));
    assert_eq!(history(&store, "a").await, []);
    let refused = store.compact(&room("a"), LIFE, compacted(4, 10)).await;
    assert!(matches!(refused, Err(CompactError::Outdated)), "of the life before");
    for late in [vec![6], vec![1]] {
        assert_eq!(append(&store, "a", LIFE, late).await, Err(CommitFailed), "of the life before");
    }
    assert_eq!(append(&store, "a", next, [6]).await, Err(CommitFailed), "it begins at 1");
    assert_eq!(append(&store, "a", next, [1, 2]).await, Ok(()));
    drop(store);

    let store = place.open();
    let log = Log { records: records([1, 2]), ..Log::empty(next) };
    assert_eq!(store.load(&room("a")).await.unwrap(), Some(log));
    assert_eq!(history(&store, "a").await, records([1, 2]));
    assert_eq!(store.load(&room("b")).await.unwrap().unwrap().records, [record(1)]);
    let third = store.delete(&room("a")).await.unwrap();
    assert!(third != next && third != LIFE);
}

pub async fn a_deletion_and_appends_keep_their_order(place: &impl Place) {
    let store = place.open();
    // An append before the deletion is committed, and gone.
    let before = begin_append(&store, "a", LIFE, [1]).await;
    let next = store.delete(&room("a")).await.unwrap();
    assert_eq!(before.await, Ok(Ok(())));
    assert_eq!(store.load(&room("a")).await.unwrap(), Some(Log::empty(next)));

    // One after it is refused, also if it would have been the first of all.
    let next = store.delete(&room("b")).await.unwrap();
    assert_eq!(append(&store, "b", LIFE, [1]).await, Err(CommitFailed));
    assert_eq!(store.load(&room("b")).await.unwrap(), Some(Log::empty(next)));

    // One on each side.
    let before = begin_append(&store, "c", LIFE, [1]).await;
    let (next, after) =
        tokio::join!(store.delete(&room("c")), begin_append(&store, "c", LIFE, [2]));
    assert_eq!((before.await, after.await), (Ok(Ok(())), Ok(Err(CommitFailed))));
    assert_eq!(store.load(&room("c")).await.unwrap(), Some(Log::empty(next.unwrap())));
}

pub async fn rooms_that_hold_something_are_listed(place: &impl Place) {
    let store = place.open();
    for name in ["b", "-", "_x", "Zoo", "a", "9", "gone", "compacted"] {
        assert_eq!(append(&store, name, LIFE, [1]).await, Ok(()));
    }
    store.compact(&room("compacted"), LIFE, compacted(1, 10)).await.unwrap();
    store.delete(&room("gone")).await.unwrap();
    store.delete(&room("never")).await.unwrap();
    let mut all = Vec::new();
    loop {
        let more = store.rooms(all.last()).await.unwrap();
        if more.is_empty() {
            break;
        }
        all.extend(more);
    }
    let names: Vec<_> = all.iter().map(RoomName::as_str).collect();
    assert_eq!(names, ["-", "9", "Zoo", "_x", "a", "b", "compacted"]);
}

/// The whole contract as tests of a module in which `place()` makes an empty place.
#[macro_export]
macro_rules! contract {
    () => {
        $crate::contract! {
            what_was_committed_is_there_after_reopening,
            a_log_has_neither_holes_nor_forks,
            a_snapshot_takes_the_place_of_records_which_stay_readable,
            a_snapshot_that_does_not_fit_changes_nothing,
            a_deleted_room_begins_another_life,
            a_deletion_and_appends_keep_their_order,
            rooms_that_hold_something_are_listed,
        }
    };
    ($($promise:ident,)+) => {
        $(
            #[tokio::test]
            async fn $promise() {
                $crate::contract::$promise(&place()).await;
            }
        )+
    };
}
