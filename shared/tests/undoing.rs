//! Undo among people who change the same things.
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use proptest::prelude::*;
use shared::board::{Board, Change, Replica};
use shared::element::{Element, Ink, NewElement, Shape, Style, Text};
use shared::geometry::{BoardPoint, Geometry};
use shared::id::{ClientId, ElementId};
use shared::ink::{InkPoint, Quantum};

fn board(author: u64) -> Board {
    Board::new(ClientId::new(author).unwrap(), author)
}

fn rectangle(x: f64) -> NewElement {
    NewElement::new(Some(at(x)), Style::default(), Shape::Rectangle)
}

fn at(x: f64) -> Geometry {
    Geometry { x, y: 0.0, w: 100.0, h: 50.0, ..Geometry::default() }
}

fn hear(to: &mut Board, from: &Board) {
    to.apply_remote(&from.diff(&to.state_vector()).unwrap()).unwrap();
}

/// The board is what anybody sees who reads all of it.
#[track_caller]
fn check(board: &Board) {
    let mut read = Replica::default();
    read.take(&board.diff(&[]).unwrap()).unwrap();
    let kept: Vec<Element> = board.elements().map(|it| (**it).clone()).collect();
    assert_eq!(kept, read.elements());
}

fn x(board: &Board, id: &ElementId) -> Option<f64> {
    Some(board.element(id)?.geometry.x)
}

/// The CRDT goes through what a step took away in another order each time.
const OFTEN: usize = 20;

#[test]
fn undo_of_what_others_changed_leaves_all_as_it_is_everywhere() {
    let (mut ann, mut bob) = (board(1), board(2));
    let id = ann.insert(rectangle(0.0));
    hear(&mut bob, &ann);
    bob.place(&[(id.clone(), at(10.0))]);
    hear(&mut ann, &bob);
    ann.place(&[(id.clone(), at(20.0))]);
    ann.take_updates();
    assert!(!ann.undo(), "it would take away what he works on");
    assert!(ann.take_updates().is_empty());
    assert_eq!(x(&ann, &id), Some(20.0));
    check(&ann);
    // What he does at the same time is not lost.
    bob.place(&[(id.clone(), at(30.0))]);
    hear(&mut bob, &ann);
    hear(&mut ann, &bob);
    assert_eq!(x(&ann, &id), x(&bob, &id));
    check(&bob);
}

#[test]
fn undo_of_a_step_that_others_wrote_into_brings_back_what_they_wrote() {
    for _ in 0..OFTEN {
        let (mut ann, mut bob) = (board(1), board(2));
        let id = ann.insert(rectangle(0.0));
        hear(&mut bob, &ann);
        ann.begin_step();
        for step in 0..3 {
            ann.place(&[(id.clone(), at(5.0 + f64::from(step)))]);
            hear(&mut bob, &ann);
            bob.place(&[(id.clone(), at(10.0 + f64::from(step)))]);
            hear(&mut ann, &bob);
        }
        ann.place(&[(id.clone(), at(20.0))]);
        for _ in 0..3 {
            assert!(ann.undo());
            hear(&mut bob, &ann);
            check(&ann);
            check(&bob);
            assert_eq!((x(&ann, &id), x(&bob, &id)), (Some(12.0), Some(12.0)));
            assert!(ann.redo());
            hear(&mut bob, &ann);
            check(&ann);
            check(&bob);
            assert_eq!((x(&ann, &id), x(&bob, &id)), (Some(20.0), Some(20.0)));
        }
    }
}

#[test]
fn undo_of_two_steps_does_not_reach_behind_what_others_wrote_between() {
    for _ in 0..OFTEN {
        let (mut ann, mut bob) = (board(1), board(2));
        let id = ann.insert(rectangle(0.0));
        ann.begin_step();
        ann.place(&[(id.clone(), at(5.0))]);
        hear(&mut bob, &ann);
        bob.place(&[(id.clone(), at(10.0))]);
        hear(&mut ann, &bob);
        ann.begin_step();
        ann.place(&[(id.clone(), at(20.0))]);
        ann.undo();
        assert_eq!(x(&ann, &id), Some(10.0));
        ann.undo();
        assert_eq!(x(&ann, &id), Some(10.0));
        ann.redo();
        assert_eq!(x(&ann, &id), Some(10.0));
        ann.redo();
        assert_eq!(x(&ann, &id), Some(20.0));
        hear(&mut bob, &ann);
        assert_eq!(x(&bob, &id), Some(20.0));
        check(&ann);
        check(&bob);
    }
}

#[test]
fn what_others_took_away_from_an_element_stays_away() {
    let (mut ann, mut bob) = (board(1), board(2));
    let id = ann.insert(rectangle(0.0));
    let link = |to: Option<&str>| [(id.clone(), Change::Link(to.map(Into::into)))];
    ann.change(&link(Some("https://example.org/1")));
    ann.begin_step();
    ann.change(&link(Some("https://example.org/2")));
    hear(&mut bob, &ann);
    bob.change(&link(None));
    hear(&mut ann, &bob);
    ann.begin_step();
    ann.delete(std::slice::from_ref(&id));
    assert!(ann.undo());
    hear(&mut bob, &ann);
    check(&bob);
    ann.undo();
    assert_eq!(ann.element(&id).unwrap().link, None);
    hear(&mut bob, &ann);
    check(&ann);
    check(&bob);
}

/// What one of three people does to the few things that all of them work on.
#[derive(Clone, Copy, Debug)]
enum Act {
    Begin,
    Insert(bool),
    Place(usize, i8),
    Link(usize, Option<u8>),
    Type(usize, u8),
    Draw(usize),
    Delete(usize),
    Undo,
    Redo,
    Hear(usize),
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        3 => Just(Act::Begin),
        2 => any::<bool>().prop_map(Act::Insert),
        6 => (0..3usize, any::<i8>()).prop_map(|(n, x)| Act::Place(n, x)),
        4 => (0..3usize, prop::option::of(any::<u8>())).prop_map(|(n, to)| Act::Link(n, to)),
        2 => (0..3usize, any::<u8>()).prop_map(|(n, letter)| Act::Type(n, letter)),
        2 => (0..3usize).prop_map(Act::Draw),
        2 => (0..3usize).prop_map(Act::Delete),
        6 => Just(Act::Undo),
        4 => Just(Act::Redo),
        10 => (0..3usize).prop_map(Act::Hear),
    ]
}

fn do_act(boards: &mut [Board; 3], who: usize, act: Act, made: &mut Vec<ElementId>) {
    let me = &mut boards[who];
    let id = |n: usize| made.iter().rev().nth(n).filter(|id| me.element(id).is_some()).cloned();
    match act {
        Act::Begin => me.begin_step(),
        Act::Insert(is_ink) => {
            let shape =
                if is_ink { Shape::Ink(Ink::default()) } else { Shape::Text(Text::default()) };
            let place = (!is_ink).then(|| at(0.0));
            made.push(me.insert(NewElement::new(place, Style::default(), shape)));
        }
        Act::Place(n, x) => {
            if let Some(id) = id(n) {
                me.place(&[(id, at(x.into()))]);
            }
        }
        Act::Link(n, to) => {
            if let Some(id) = id(n) {
                me.change(&[(id, Change::Link(to.map(|to| format!("https://example.org/{to}"))))]);
            }
        }
        Act::Type(n, letter) => {
            if let Some(id) = id(n) {
                let value = char::from(letter % 26 + b'a').to_string().repeat(3);
                me.set_text(&id, &value, std::slice::from_ref(&value), at(1.0));
            }
        }
        Act::Draw(n) => {
            if let Some(id) = id(n) {
                let point = InkPoint { at: BoardPoint::new(1.0, 2.0), pressure: 0.5 };
                me.append_ink(&id, &[point], Quantum::NORMAL, false);
            }
        }
        Act::Delete(n) => {
            if let Some(id) = id(n) {
                me.delete(&[id]);
            }
        }
        Act::Undo => drop(me.undo()),
        Act::Redo => drop(me.redo()),
        Act::Hear(from) if from != who => {
            let [me, from] = boards.get_disjoint_mut([who, from]).unwrap();
            hear(me, from);
        }
        Act::Hear(_) => {}
    }
}

proptest! {
    #[test]
    fn whoever_undoes_what_all_see_the_same(
        acts in prop::collection::vec((0..3usize, act()), 1..60),
    ) {
        let mut boards = [board(1), board(2), board(3)];
        let mut made = Vec::new();
        for (who, act) in acts {
            do_act(&mut boards, who, act, &mut made);
            check(&boards[who]);
        }
        for (to, from) in [(0, 1), (0, 2), (1, 0), (2, 0)] {
            let [to, from] = boards.get_disjoint_mut([to, from]).unwrap();
            hear(to, from);
        }
        let seen = |board: &Board| board.elements().map(|it| (**it).clone()).collect::<Vec<_>>();
        prop_assert_eq!(seen(&boards[0]), seen(&boards[1]));
        prop_assert_eq!(seen(&boards[0]), seen(&boards[2]));
    }
}
