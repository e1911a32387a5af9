//! What the gate of a room lets into the document: nothing that builds on what is missing, and of what
//! is partly known only the rest, so that everybody who follows the log sees the same.
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

#[path = "replica/snapshot.rs"]
mod snapshot;

use proptest::prelude::*;
use shared::board::{Board, Replica, ReplicaError, Restack};
use shared::element::{Align, Element, Font, Ink, NewElement, Shape, Style, Text};
use shared::geometry::{BoardPoint, Geometry};
use shared::id::ClientId;
use shared::ink::{InkPoint, NO_PRESSURE, Quantum};
use shared::scan::{scan_update, trim_update};
use yrs::StateVector;
use yrs::updates::decoder::Decode;
use yrs::updates::encoder::Encode;

fn text(value: &str) -> NewElement {
    let text = Text {
        value: value.into(),
        lines: vec![value.into()],
        size: 20.0,
        font: Font::Hand,
        align: Align::Left,
        ..Text::default()
    };
    NewElement::new(Some(Geometry::default()), Style::default(), Shape::Text(text))
}

fn author(id: u64) -> ClientId {
    ClientId::new(id).unwrap()
}

/// A replica and the updates that it took, as a room keeps both.
#[derive(Default)]
struct Room {
    replica: Replica,
    log: Vec<Vec<u8>>,
}

impl Room {
    fn take(&mut self, update: &[u8]) -> Result<(), ReplicaError> {
        let checked = self.replica.check(update)?;
        if checked.is_news() {
            self.log.push(checked.trimmed().unwrap_or(update).to_vec());
            self.replica.apply(checked)?;
        }
        Ok(())
    }

    /// Checks that who replays the log, and who is sent the state, see what the room shows.
    #[track_caller]
    fn check_newcomers(&self) -> Vec<Element> {
        let mut replay = Replica::default();
        for update in &self.log {
            let checked = replay.check(update).unwrap();
            assert_eq!(checked.trimmed(), None, "the log has nothing twice");
            replay.apply(checked).unwrap();
        }
        let mut welcomed = Replica::default();
        welcomed.take(&self.replica.diff(&[]).unwrap()).unwrap();
        let shown = self.replica.elements();
        assert_eq!(replay.elements(), shown, "after the log");
        assert_eq!(welcomed.elements(), shown, "after the welcome");
        shown
    }
}

/// A struct's first byte: what it holds and which ids come first.
const STRING: u8 = 4;
const ANY: u8 = 8;
const PARENT_SUB: u8 = 0x20;
const ORIGIN: u8 = 0x80;
const RIGHT_ORIGIN: u8 = 0x40;

/// An update with one struct of author 9 and nothing deleted.
fn one_struct(clock: u8, bytes: &[u8]) -> Vec<u8> {
    [&[1, 1, 9, clock], bytes, &[0]].concat()
}

#[test]
fn what_is_missing_is_noticed_before_the_document_is_touched() {
    let mut room = Room::default();
    let named_root = [STRING, 1, 1, b'r', 1, b'x'];
    room.take(&one_struct(0, &named_root)).unwrap();
    let missing: [(&str, Vec<u8>); 8] = [
        ("an earlier struct", one_struct(2, &named_root)),
        ("an origin", one_struct(1, &[STRING | ORIGIN, 8, 0, 1, b'x'])),
        ("a right origin", one_struct(1, &[STRING | RIGHT_ORIGIN, 8, 0, 1, b'x'])),
        ("a parent", one_struct(1, &[STRING, 0, 8, 0, 1, b'x'])),
        ("a later struct of a known author", {
            let other = [1, 1, 8, 0, STRING | ORIGIN, 9, 1, 1, b'x', 0];
            other.to_vec()
        }),
        ("what is deleted", vec![0, 1, 9, 1, 0, 2]),
        ("whose it is that is deleted", vec![0, 1, 8, 1, 0, 1]),
        ("what is skipped", [&[1, 2, 9, 1, 10, 3][..], &named_root, &[0]].concat()),
    ];
    for (what, update) in missing {
        assert!(matches!(room.replica.check(&update), Err(ReplicaError::Missing)), "{what}");
    }
    for (what, clock) in [("itself", 1), ("what comes later", 5)] {
        let update = one_struct(1, &[STRING | ORIGIN, 9, clock, 1, b'x']);
        assert!(matches!(room.replica.check(&update), Err(ReplicaError::Malformed(_))), "{what}");
    }
    let in_a_letter = one_struct(1, &[STRING, 0, 9, 0, 1, b'x']);
    assert!(matches!(room.replica.check(&in_a_letter), Err(ReplicaError::Malformed(_))));
    let follows = one_struct(1, &[STRING | ORIGIN, 9, 0, 2, b'y', b'z']);
    room.take(&follows).unwrap();
    room.take(&[0, 1, 9, 1, 0, 3]).unwrap();
    assert!(room.replica.check(&one_struct(3, &[STRING, 0, 9, 0, 1, b'x'])).is_ok(), "it is gone");
    assert_eq!(room.log.len(), 3);
}

#[test]
fn what_an_update_brings_itself_is_not_missing() {
    let (mut ann, mut bob) = (Board::new(author(7), 1), Board::new(author(8), 2));
    let id = ann.insert(text("a"));
    bob.apply_remote(&ann.diff(&[]).unwrap()).unwrap();
    bob.set_text(&id, "ab", &["ab".into()], Geometry::default());
    ann.apply_remote(&bob.diff(&[]).unwrap()).unwrap();
    ann.set_text(&id, "cab", &["cab".into()], Geometry::default());
    // Both build on each other.
    let mut room = Room::default();
    room.take(&ann.diff(&[]).unwrap()).unwrap();
    assert_eq!(room.check_newcomers().len(), 1);
}

#[test]
fn an_update_that_rewrites_what_is_known_means_the_same_to_all() {
    let mut board = Board::new(author(9), 1);
    board.insert(text("1"));
    let mut room = Room::default();
    room.take(&board.diff(&[]).unwrap()).unwrap();
    let vector = room.replica.state_vector();
    assert_eq!(vector[..2], [1, 9], "only author 9");
    let clock = vector[2];
    let value = |kind: &str| [&[119, kind.len() as u8], kind.as_bytes()].concat();
    // A value in a list of another program's.
    room.take(&one_struct(clock, &[&[ANY, 1, 1, b'r', 1][..], &value("x")].concat())).unwrap();
    // The same clock again and one more, now said to be the kind of the element at clock 0.
    let kind = [ANY | PARENT_SUB, 0, 9, 0, 4, b'k', b'i', b'n', b'd', 2];
    room.take(&one_struct(clock, &[&kind[..], &value("text"), &value("ellipse")].concat()))
        .unwrap();
    assert_eq!(room.check_newcomers()[0].shape.kind(), "text");
}

fn ink_point() -> InkPoint {
    InkPoint { at: BoardPoint::new(1.0, 2.0), pressure: NO_PRESSURE }
}

/// Something that an author does.
#[derive(Clone, Debug)]
enum Deed {
    Insert(String),
    Write(usize, String),
    /// Several times within one edit: the values in between are never anybody's.
    Place(usize, usize),
    Draw,
    Ink(usize),
    ToFront(usize),
    Delete(usize),
    Undo,
    Redo,
}

fn deeds() -> impl Strategy<Value = Vec<Deed>> {
    let words = || prop::collection::vec(prop::sample::select(vec!["a", "ñ", "🦀", "\n"]), 0..5);
    let deed = prop_oneof![
        words().prop_map(|words| Deed::Insert(words.concat())),
        (0..4_usize, words()).prop_map(|(which, words)| Deed::Write(which, words.concat())),
        (0..4_usize, words()).prop_map(|(which, words)| Deed::Write(which, words.concat())),
        (0..4_usize, 1..5_usize).prop_map(|(which, n)| Deed::Place(which, n)),
        Just(Deed::Draw),
        (0..4_usize).prop_map(Deed::Ink),
        (0..4_usize).prop_map(Deed::ToFront),
        (0..4_usize).prop_map(Deed::Delete),
        Just(Deed::Undo),
        Just(Deed::Redo),
    ];
    prop::collection::vec(deed, 1..20)
}

fn act(board: &mut Board, deed: &Deed) {
    let nth = |which: &usize| board.elements().nth(*which).map(|it| it.id.clone());
    match deed {
        Deed::Insert(value) => {
            board.insert(text(value));
        }
        Deed::Write(which, value) => {
            if let Some(id) = nth(which) {
                board.set_text(&id, value, std::slice::from_ref(value), Geometry::default());
            }
        }
        Deed::Place(which, n) => {
            let id = nth(which);
            let place = |n| Some((id.clone()?, Geometry { x: n as f64, ..Geometry::default() }));
            board.place(&(0..*n).filter_map(place).collect::<Vec<_>>());
        }
        Deed::Draw => {
            let ink = Ink { points: vec![ink_point()], has_pressure: false, ..Ink::default() };
            board.insert(NewElement::new(None, Style::default(), Shape::Ink(ink)));
        }
        Deed::Ink(which) => {
            if let Some(id) = nth(which) {
                board.append_ink(&id, &[ink_point()], Quantum::NORMAL, false);
            }
        }
        Deed::ToFront(which) => {
            board.restack(&nth(which).into_iter().collect::<Vec<_>>(), Restack::ToFront);
        }
        Deed::Delete(which) => {
            let ids: Vec<_> = nth(which).into_iter().collect();
            board.delete(&ids);
        }
        Deed::Undo => {
            board.undo();
        }
        Deed::Redo => {
            board.redo();
        }
    }
    board.begin_step();
}

proptest! {
    /// A client answers an old state vector while its later edits are on their way: what it sends was
    /// partly sent before, and structs that were written one after the other have become one.
    #[test]
    fn what_is_partly_known_is_taken_as_the_rest_of_it(deeds in deeds(), n_known in 0..20_usize) {
        let mut board = Board::new(author(7), 1);
        for deed in &deeds {
            act(&mut board, deed);
        }
        let updates = board.take_updates();
        let n_known = n_known.min(updates.len());
        let mut room = Room::default();
        for update in &updates[..n_known] {
            room.take(update).unwrap();
        }
        room.take(&board.diff(&[]).unwrap()).unwrap();
        for update in &updates[n_known..] {
            room.take(update).unwrap();
        }
        let shown: Vec<Element> = board.elements().map(|it| it.as_ref().clone()).collect();
        prop_assert_eq!(room.check_newcomers(), shown);
        prop_assert_eq!(room.replica.state_vector(), board.state_vector());
    }

    /// The same with the clock anywhere, also within a letter of two UTF-16 units, which no client
    /// that means well ever leaves half written.
    #[test]
    fn a_struct_can_be_cut_anywhere(deeds in deeds(), known in 0..60_u64) {
        let mut board = Board::new(author(7), 1);
        for deed in &deeds {
            act(&mut board, deed);
        }
        let whole = board.diff(&[]).unwrap();
        let rest = trim_update(&whole, |_| known).unwrap();
        let structs = |update| {
            let authors = scan_update(update).unwrap().authors;
            authors.get(&board.author()).map_or(0..0, |it| it.structs.clone())
        };
        let n_left = structs(&whole).end.saturating_sub(known);
        prop_assert_eq!(structs(&rest).end - structs(&rest).start, n_left);

        let vector = StateVector::from_iter([(yrs::ClientID::new(7), known as u32)]);
        let theirs = yrs::diff_updates_v1(&whole, &vector.encode_v1()).unwrap();
        let decoded = |update| yrs::Update::decode_v1(update).unwrap();
        prop_assert_eq!(decoded(&rest), decoded(&theirs), "as the CRDT itself does it");
    }
}
