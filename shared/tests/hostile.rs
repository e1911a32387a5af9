//! Bytes that hurt: nothing a peer sends may abort, panic, or reserve more than it brings.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use proptest::prelude::*;
use shared::board::{Board, Replica, ReplicaError};
use shared::element::{NewElement, Path, Shape, Style};
use shared::excalidraw;
use shared::geometry::{BoardPoint, Geometry};
use shared::id::ClientId;
use shared::scan::{ScanError, scan_state_vector, scan_update};

/// A replica with something on it.
fn replica() -> Replica {
    let mut replica = Replica::default();
    for update in updates() {
        replica.take(&update).unwrap();
    }
    replica
}

/// The updates of somebody who draws, moves, types and takes back.
fn updates() -> Vec<Vec<u8>> {
    let mut board = Board::new(ClientId::new(77).unwrap(), 1);
    let points = vec![BoardPoint::new(1.0, 2.0), BoardPoint::new(3.5, 4.0)];
    let shape = Shape::Line(Path { points });
    let id = board.insert(NewElement::new(None, Style::default(), shape));
    board.begin_step();
    board.place(&[(id.clone(), Geometry { x: 0.5, ..Geometry::default() })]);
    let text = r#"{"type":"excalidraw","version":2,"elements":[{"id":"t","type":"text","x":0,
        "y":0,"width":10,"height":10,"text":"añ🦀","fontSize":20}]}"#;
    let ids = board.insert_copies(excalidraw::import(text).unwrap().elements);
    board.set_text(&ids[0], "ab", &["ab".into()], Geometry::default());
    board.undo();
    board.delete(&[id]);
    board.take_updates()
}

fn fixture(name: &str) -> Vec<u8> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/hostile/");
    std::fs::read(format!("{folder}{name}")).unwrap()
}

#[test]
fn deep_nesting_is_seen_before_it_recurses() {
    let bytes = fixture("nested-any-array-8000.update");
    assert_eq!(scan_update(&bytes), Err(ScanError::Depth));
    assert!(matches!(replica().take(&bytes), Err(ReplicaError::Malformed(_))));
}

#[test]
fn counts_that_no_bytes_back_reserve_nothing() {
    assert_eq!(scan_update(&fixture("count-900M.update")), Err(ScanError::Length));
    let vector = fixture("count-900M.state-vector");
    assert_eq!(scan_state_vector(&vector), Err(ScanError::Length));
    assert!(replica().diff(&vector).is_err());
}

#[test]
fn poison_does_not_stay_in_the_document() {
    let mut replica = replica();
    let before = replica.elements();
    assert!(replica.take(&fixture("poison-pending.update")).is_err());
    assert_eq!(replica.elements(), before);
    assert!(replica.diff(&[]).is_ok());
}

#[test]
fn an_update_that_fails_half_way_says_so() {
    assert!(replica().take(&fixture("half-applied.update")).is_err());
}

#[test]
fn an_author_named_twice_is_refused() {
    // Two authors' sections, both of author 7 from clock 0, each with one deleted struct under a root.
    let section = [1, 7, 0, 1, 1, 1, b'r', 1];
    let update = [&[2][..], &section, &section, &[0]].concat();
    assert_eq!(scan_update(&update), Err(ScanError::Repeated));
    let once = [&[1][..], &section, &[0]].concat();
    assert_eq!(scan_update(&once), Ok(()));
    let deleted_twice = [0, 2, 7, 1, 0, 1, 7, 1, 0, 1];
    assert_eq!(scan_update(&deleted_twice), Err(ScanError::Repeated));
}

#[test]
fn what_only_our_crdt_can_read_is_refused() {
    // Author 7, from clock 0, one struct under the root `r` by the key `k`, no deletions.
    let of = |info: u8, content: &[u8]| {
        [&[1, 1, 7, 0, info, 1, 1, b'r', 1, b'k'], content, &[0]].concat()
    };
    const TYPE_BY_KEY: u8 = 0x27;
    const ANY_BY_KEY: u8 = 0x28;
    const DOC_BY_KEY: u8 = 0x29;
    for good in [0, 1, 2, 4, 6] {
        assert_eq!(scan_update(&of(TYPE_BY_KEY, &[good])), Ok(()), "{good}");
    }
    for bad in [5, 7, 9, 15] {
        assert_eq!(scan_update(&of(TYPE_BY_KEY, &[bad])), Err(ScanError::Range), "{bad}");
    }
    assert_eq!(scan_update(&of(TYPE_BY_KEY | 0x10, &[1])), Err(ScanError::Range));
    assert_eq!(scan_update(&of(DOC_BY_KEY, &[1, b'g', 118, 0])), Ok(()));
    assert_eq!(scan_update(&of(DOC_BY_KEY, &[1, b'g', 126])), Err(ScanError::Range));
    // 2^53 - 1, as JavaScript can count, and one more: six bits, then six times seven, then five.
    let number = |last: &[u8]| of(ANY_BY_KEY, &[&[1, 125, 0xbf][..], &[0xff; 6], last].concat());
    assert_eq!(scan_update(&number(&[0x1f])), Ok(()));
    assert_eq!(scan_update(&number(&[0x3f])), Err(ScanError::Range));
    assert_eq!(scan_update(&number(&[0xff; 9])), Err(ScanError::Range));
}

#[test]
fn an_array_with_a_wide_letter_is_not_walked() {
    use yrs::{Any, In, Map, MapPrelim, ReadTxn, StateVector, TextPrelim, Transact, WriteTxn};
    // The CRDT goes round for ever in an array that holds such a text: nobody may walk one.
    let doc = yrs::Doc::new();
    let update = {
        let mut txn = doc.transact_mut();
        let elements = txn.get_or_insert_map("elements");
        let wide = || In::Text(TextPrelim::new("🦀").into());
        let ink = yrs::ArrayPrelim::from(vec![wide()]);
        let of = |kind: &str, list: &str, items| {
            MapPrelim::from([
                (String::from("kind"), In::Any(Any::from(kind))),
                (list.to_owned(), In::Array(items)),
            ])
        };
        elements.insert(&mut txn, "a", of("ink", "ink", ink.clone()));
        elements.insert(&mut txn, "b", of("line", "points", ink.clone()));
        elements.insert(&mut txn, "c", of("rectangle", "groups", ink));
        txn.encode_diff_v1(&StateVector::default())
    };
    let mut replica = Replica::default();
    replica.take(&update).unwrap();
    assert_eq!(replica.elements().len(), 3);
}

#[test]
fn what_honest_clients_write_passes() {
    for update in updates() {
        assert_eq!(scan_update(&update), Ok(()));
    }
    let replica = replica();
    assert_eq!(scan_update(&replica.diff(&[]).unwrap()), Ok(()));
    assert_eq!(scan_state_vector(&replica.state_vector()), Ok(()));
}

proptest! {
    #[test]
    fn damaged_updates_never_abort(
        which in any::<prop::sample::Index>(),
        damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
    ) {
        let mut updates = updates();
        let update = which.get_mut(&mut updates);
        for (at, byte) in damage {
            *at.get_mut(update) = byte;
        }
        let mut replica = Replica::default();
        if replica.take(update).is_ok() {
            replica.elements();
            prop_assert!(replica.diff(&[]).is_ok());
        }
    }

    #[test]
    fn no_bytes_abort(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        Replica::default().take(&bytes).ok();
        Replica::default().diff(&bytes).ok();
    }
}
