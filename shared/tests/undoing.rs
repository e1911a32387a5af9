//! Undo among people who change the same things.
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use shared::board::{Board, Change, Replica};
use shared::element::{Element, NewElement, Shape, Style};
use shared::geometry::Geometry;
use shared::id::{ClientId, ElementId};

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
