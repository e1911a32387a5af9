//! Bytes that hurt: nothing a peer sends may abort, panic, or reserve more than it brings.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a failed unwrap is a failed test")]

#[path = "hostile/damage.rs"]
mod damage;
#[path = "hostile/forgery.rs"]
mod forgery;
#[path = "hostile/properties.rs"]
mod properties;

use proptest::prelude::*;
use shared::board::{Replica, ReplicaError};
use shared::id::Batch;
use shared::protocol::{ClientMessage, NewUpdate};
use shared::scan::{PartSize, STEPS_EACH, ScanError, scan_state_vector, scan_update, split_update};

use damage::damaged;
use forgery::forged;
use properties::real_updates;

/// A replica with something on it.
fn replica() -> Replica {
    let mut replica = Replica::default();
    for update in real_updates() {
        replica.take(&update).unwrap();
    }
    replica
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
    assert!(scan_update(&once).is_ok());
    let deleted_twice = [0, 2, 7, 1, 0, 1, 7, 1, 0, 1];
    assert_eq!(scan_update(&deleted_twice), Err(ScanError::Repeated));
}

#[test]
fn a_document_within_the_document_is_refused() {
    // A map that holds a document, and the deletion of the map: the CRDT then writes into the document's
    // struct, which it has freed.
    let update = [1, 2, 9, 0, 7, 1, 1, b'r', 1, 0x29, 0, 9, 0, 1, b'k', 1, b'a', 118, 0, 0];
    assert_eq!(scan_update(&update), Err(ScanError::Range));
    assert!(matches!(replica().take(&update), Err(ReplicaError::Malformed(_))));
}

#[test]
fn a_struct_between_two_parents_is_refused() {
    // Two texts, each with a letter, and a letter between those: when one of the texts is deleted, the
    // CRDT goes on to look at it from there. Also if all comes at once.
    let letter = |parent: u8| [4, 0, 9, parent, 1, b'x'];
    let texts = [7, 1, 1, b'r', 2, 7, 1, 1, b'r', 2];
    let apart = [0xc4, 9, 2, 9, 3, 1, b'y'];
    let first = [&[1, 4, 9, 0][..], &texts, &letter(0), &letter(1), &[0]].concat();
    let second = [&[1, 1, 9, 4], &apart[..], &[0]].concat();
    let both = [&[1, 5, 9, 0][..], &texts, &letter(0), &letter(1), &apart, &[0]].concat();
    let mut replica = replica();
    assert!(matches!(replica.take(&both), Err(ReplicaError::Malformed(_))));
    replica.take(&first).unwrap();
    assert!(matches!(replica.take(&second), Err(ReplicaError::Malformed(_))));
    let together = [&[1, 1, 9, 4, 0xc4, 9, 2, 9, 2, 1, b'y'][..], &[0]].concat();
    replica.take(&together).unwrap();
}

/// What the room says to an update, and whether it then has what it had.
#[track_caller]
fn check_refused(replica: &mut Replica, update: &[u8]) {
    let before = replica.diff(&[]).unwrap();
    assert!(matches!(replica.take(update), Err(ReplicaError::Malformed(_))));
    assert_eq!(replica.diff(&[]).unwrap(), before);
}

#[test]
fn a_value_in_a_map_that_is_two_clocks_long_is_refused() {
    // Found by the fuzzer: a letter of two UTF-16 units as a value, then what deletes half of it and the
    // map. The CRDT would keep the other half, with a pointer to the map that it has freed.
    let found = [
        1, 3, 77, 17, 36, 1, 8, 101, 108, 101, 109, 101, 110, 116, 115, 4, 107, 105, 110, 100, 5,
        98, 240, 159, 166, 128, 40, 0, 77, 10, 1, 101, 2, 119, 4, 116, 101, 120, 116, 126, 164, 77,
        20, 5, 98, 240, 159, 166, 128, 1, 77, 1, 8, 4,
    ];
    let mut replica = Replica::default();
    for update in real_updates().iter().take(4) {
        replica.take(update).unwrap();
    }
    check_refused(&mut replica, &found);
    // Also as the second value, on one of the same update or one that is known, and of any kind.
    let first = [0x28, 1, 1, b'r', 1, b'k', 1, 126];
    let values: [&[u8]; 2] = [&[0x88, 9, 0, 2, 126, 126], &[0x84, 9, 0, 2, b'a', b'b']];
    for second in values {
        check_refused(&mut replica, &[&[1, 2, 9, 0][..], &first, second, &[0]].concat());
    }
    replica.take(&[&[1, 1, 9, 0][..], &first, &[0]].concat()).unwrap();
    for second in values {
        check_refused(&mut replica, &[&[1, 1, 9, 1][..], second, &[0]].concat());
        // By another author.
        check_refused(&mut replica, &[&[1, 1, 8, 0][..], second, &[0]].concat());
        // Half of it deleted.
        check_refused(&mut replica, &[&[1, 1, 9, 1][..], second, &[1, 9, 1, 1, 1]].concat());
    }
    // On a deleted value, too; but one is fine.
    replica.take(&[0, 1, 9, 1, 0, 1]).unwrap();
    check_refused(&mut replica, &[&[1, 1, 9, 1][..], values[0], &[0]].concat());
    replica.take(&[1, 1, 9, 1, 0x88, 9, 0, 1, 126, 0]).unwrap();
    replica.take(&[1, 1, 9, 2, 0x81, 9, 1, 5, 0]).unwrap();
    check_refused(&mut replica, &[1, 1, 9, 7, 0x88, 9, 4, 2, 126, 126, 0]);
    replica.take(&[1, 1, 9, 7, 0x88, 9, 4, 1, 126, 0]).unwrap();
}

#[test]
fn old_values_that_a_yjs_program_keeps_for_its_undo_pass() {
    // Four values in a row, of which Yjs sends the first three as one struct, deleted.
    let update = [
        1, 2, 9, 0, 0x28, 1, 1, b'r', 1, b'k', 3, 125, 1, 125, 2, 125, 3, 0x88, 9, 2, 1, 125, 4, 1,
        9, 1, 0, 3,
    ];
    let mut room = Replica::default();
    room.take(&update).unwrap();
    let state = room.diff(&[]).unwrap();
    let mut welcomed = Replica::default();
    welcomed.take(&state).unwrap();
    assert_eq!(welcomed.diff(&[]).unwrap(), state);
    // Cut up, it comes with its deletion.
    let mut in_parts = Replica::default();
    for part in split_update(update.to_vec(), 16) {
        in_parts.take(&part).unwrap();
    }
    assert_eq!(in_parts.diff(&[]).unwrap(), state);
}

#[test]
fn what_several_wrote_is_cut_where_it_follows_what_it_builds_on() {
    // Two authors who have written a text in turns, the later one first.
    let update = [
        2, 2, 9, 0, 0x84, 8, 0, 1, b'b', 0x84, 8, 1, 1, b'd', 2, 8, 0, 4, 1, 1, b'r', 1, b'a',
        0x84, 9, 0, 1, b'c', 1, 8, 1, 0, 1,
    ];
    let parts = |n_structs: u64| {
        let n_steps = n_structs * STEPS_EACH + 3;
        Replica::default().cut(&update, PartSize { n_steps, n_bytes: usize::MAX }).unwrap()
    };
    assert!(parts(6).is_none());
    let parts = parts(1).unwrap();
    assert_eq!(parts.n_parts(), 5);
    let (mut whole, mut in_parts) = (Replica::default(), Replica::default());
    whole.take(&update).unwrap();
    parts.iter().for_each(|part| in_parts.take(part).unwrap());
    assert_eq!(in_parts.diff(&[]).unwrap(), whole.diff(&[]).unwrap());
}

#[test]
fn what_has_to_pass_by_many_is_cut_finely() {
    /// One byte each, all in a row, each but the first on the struct of author 9 before it.
    fn row(author: u8, range: std::ops::Range<u8>) -> Vec<u8> {
        let first = [3, 1, 1, b'r', 1, 7];
        let next = |on: u8| [0x83, 9, on, 1, 7];
        let n_structs = range.len() as u8;
        let later =
            range.flat_map(|at| if at == 0 { first.to_vec() } else { next(at - 1).to_vec() });
        [1, n_structs, author, 0].into_iter().chain(later).chain([0]).collect()
    }
    let size = PartSize { n_steps: 4 * STEPS_EACH, n_bytes: usize::MAX };
    let n_parts = |replica: &Replica, update: &[u8]| {
        replica.cut(update, size).unwrap().map_or(1, |parts| parts.n_parts())
    };
    let mut replica = Replica::default();
    assert_eq!(n_parts(&replica, &row(9, 0..4)), 2, "they have to pass by each other");
    replica.take(&row(9, 0..100)).unwrap();
    assert_eq!(n_parts(&replica, &row(8, 1..5)), 4, "each has to pass by a hundred");
    let elsewhere =
        [1, 4, 8, 0, 4, 1, 1, b's', 1, b'a', 4, 1, 1, b't', 1, b'a', 4, 1, 1, b'u', 1, b'a'];
    let elsewhere = [&elsewhere[..], &[4, 1, 1, b'v', 1, b'a', 0]].concat();
    assert_eq!(n_parts(&replica, &elsewhere), 1, "nobody is in the way");
}

#[test]
fn structs_that_build_on_each_other_in_a_circle_are_refused() {
    let circle = [2, 1, 9, 0, 0x84, 8, 0, 1, b'b', 1, 8, 0, 0x84, 9, 0, 1, b'a', 0];
    assert!(Replica::default().take(&circle).is_err());
    let size = PartSize { n_steps: 1, n_bytes: usize::MAX };
    assert!(Replica::default().cut(&circle, size).is_err());
}

#[test]
fn a_value_in_a_map_among_what_has_no_key_is_refused() {
    // A value in a map, and a letter in the same: both under the root `r`.
    let value = [0x28, 1, 1, b'r', 1, b'k', 1, 126];
    let letter = [4, 1, 1, b'r', 1, b'x'];
    let both = [&[1, 2, 9, 0][..], &value, &letter].concat();
    let mut replica = replica();
    let between: [&[u8]; 4] = [
        &[0xc4, 9, 0, 9, 1, 1, b'y'],
        &[0xc4, 9, 1, 9, 0, 1, b'y'],
        &[0xc8, 9, 0, 9, 0, 1, 126],
        &[0x44, 9, 0, 1, b'y'],
    ];
    for bytes in between {
        let all = [&[1, 3][..], &both[2..], bytes, &[0]].concat();
        check_refused(&mut replica, &all);
    }
    replica.take(&[&both[..], &[0]].concat()).unwrap();
    for bytes in between {
        check_refused(&mut replica, &[&[1, 1, 9, 2][..], bytes, &[0]].concat());
    }
    replica.take(&[1, 1, 9, 2, 0x44, 9, 1, 1, b'y', 0]).unwrap();
}

#[test]
fn keys_are_found_across_authors() {
    // What is sent as a state comes by author: a value on one of an author who follows.
    let first = [0x28, 1, 1, b'r', 1, b'k', 1, 126];
    let by_two = |second: &[u8], deletes: &[u8]| {
        [&[2, 1, 10, 0][..], second, &[1, 9, 0], &first, deletes].concat()
    };
    let long = [0x88, 9, 0, 2, 126, 126];
    check_refused(&mut replica(), &by_two(&long, &[0]));
    replica().take(&by_two(&long, &[1, 10, 1, 0, 2])).unwrap();
    replica().take(&by_two(&[0x88, 9, 0, 1, 126], &[0])).unwrap();
    let mut room = replica();
    room.take(&by_two(&[0x88, 9, 0, 1, 126], &[0])).unwrap();
    check_refused(&mut room, &[1, 1, 10, 1, 0x88, 10, 0, 2, 126, 126, 0]);
    // They build on each other in a circle.
    let circle = [2, 1, 10, 0, 0x88, 9, 0, 1, 126, 1, 9, 0, 0x88, 10, 0, 1, 126, 0];
    assert!(replica().take(&circle).is_err());
}

#[test]
fn what_only_our_crdt_can_read_is_refused() {
    // Author 7, from clock 0, one struct under the root `r` by the key `k`, no deletions.
    let of = |info: u8, content: &[u8]| {
        [&[1, 1, 7, 0, info, 1, 1, b'r', 1, b'k'], content, &[0]].concat()
    };
    const TYPE_BY_KEY: u8 = 0x27;
    const ANY_BY_KEY: u8 = 0x28;
    for good in [0, 1, 2, 4, 6] {
        assert!(scan_update(&of(TYPE_BY_KEY, &[good])).is_ok(), "{good}");
    }
    for bad in [5, 7, 9, 15] {
        assert_eq!(scan_update(&of(TYPE_BY_KEY, &[bad])), Err(ScanError::Range), "{bad}");
    }
    assert_eq!(scan_update(&of(TYPE_BY_KEY | 0x10, &[1])), Err(ScanError::Range));
    // 2^53 - 1, as JavaScript can count, and one more: six bits, then six times seven, then five.
    let number = |last: &[u8]| of(ANY_BY_KEY, &[&[1, 125, 0xbf][..], &[0xff; 6], last].concat());
    assert!(scan_update(&number(&[0x1f])).is_ok());
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
    for update in real_updates() {
        assert!(scan_update(&update).is_ok());
    }
    let replica = replica();
    assert!(scan_update(&replica.diff(&[]).unwrap()).is_ok());
    assert_eq!(scan_state_vector(&replica.state_vector()), Ok(()));
}

#[test]
fn what_the_fuzzer_begins_with_holds() {
    type Property = fn(&[u8]);
    let all: [(&str, Property); 5] = [
        ("update", properties::update),
        ("state_vector", properties::state_vector),
        ("client_message", properties::client_message),
        ("server_message", properties::server_message),
        ("excalidraw", properties::excalidraw),
    ];
    for (target, property) in all {
        let folder = format!("{}/../fuzz/seeds/{target}", env!("CARGO_MANIFEST_DIR"));
        for seed in std::fs::read_dir(folder).unwrap() {
            let path = seed.unwrap().path();
            println!("{}", path.display());
            property(&std::fs::read(path).unwrap());
        }
    }
}

/// Real updates, some of which come too early or are known, and the fixtures.
fn updates() -> Vec<Vec<u8>> {
    let mut all = real_updates();
    all.push(replica().diff(&[]).unwrap());
    all.push(fixture("half-applied.update"));
    all.push(fixture("poison-pending.update"));
    all
}

fn forgeries() -> impl Strategy<Value = Vec<Vec<u8>>> {
    prop::collection::vec(forged(properties::known_clock()), 1..6)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, ..ProptestConfig::default() })]

    #[test]
    fn damaged_updates_do_no_harm(bytes in damaged(updates())) {
        properties::update(&bytes);
    }

    #[test]
    fn forged_updates_do_no_harm(all in forgeries()) {
        properties::updates(&all);
    }

    #[test]
    fn damaged_state_vectors_do_no_harm(bytes in damaged(vec![replica().state_vector()])) {
        properties::state_vector(&bytes);
    }

    #[test]
    fn damaged_messages_do_no_harm(bytes in damaged(vec![
        ClientMessage::Update(NewUpdate { batch: Batch(300), bytes: vec![0, 0] }).encode(),
        properties::welcome().encode(),
    ])) {
        properties::client_message(&bytes);
        properties::server_message(&bytes);
    }

    #[test]
    fn no_bytes_do_harm(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        properties::update(&bytes);
        properties::state_vector(&bytes);
        properties::client_message(&bytes);
        properties::server_message(&bytes);
        properties::excalidraw(&bytes);
    }
}

#[test]
fn what_would_take_quadratic_time_is_refused() {
    // Author 9, one letter after the other, each at the very beginning of the root `r`.
    let letters = |n: u8| {
        let letter = [4, 1, 1, b'r', 1, b'x'];
        [&[1, n, 9, 0][..], &letter.repeat(n.into()), &[0]].concat()
    };
    assert!(scan_update(&letters(64)).is_ok());
    assert_eq!(scan_update(&letters(65)), Err(ScanError::Crowded));
    // Deletions from the end to the beginning.
    assert!(scan_update(&[0, 1, 9, 2, 1, 1, 3, 1]).is_ok());
    assert_eq!(scan_update(&[0, 1, 9, 2, 3, 1, 1, 1]), Err(ScanError::Order));
}
