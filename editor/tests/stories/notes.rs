//! What is stuck on a sticky note goes with it.

use editor::{Command, Preview, Tool};
use shared::element::{NewElement, Shape, Style, Text};
use shared::geometry::Geometry;
use shared::id::ElementId;

use crate::ALT;
use crate::arrows::others_see;
use crate::hand::Hand;

fn new(shape: Shape, [x, y, w, h]: [f64; 4]) -> NewElement {
    let geometry = Geometry { x, y, w, h, ..Geometry::default() };
    NewElement::new(Some(geometry), Style { fill: scene::NOTE_YELLOW, ..Style::default() }, shape)
}

/// A note at (100, 100), 200 wide and high, with a dot and a text on it, and what is not stuck on it: something large,
/// something that reaches over the edge, and something below.
fn with_votes() -> (Hand, Vec<ElementId>) {
    let mut hand = Hand::new();
    let text = Text { value: "👍".into(), lines: vec!["👍".into()], ..Text::default() };
    let ids = hand.given(vec![
        new(Shape::Ellipse, [120.0, 120.0, 20.0, 20.0]),
        new(Shape::Note, [100.0, 100.0, 200.0, 200.0]),
        new(Shape::Ellipse, [250.0, 250.0, 24.0, 24.0]),
        new(Shape::Text(text), [210.0, 250.0, 25.0, 25.0]),
        new(Shape::Rectangle, [110.0, 150.0, 150.0, 90.0]),
        new(Shape::Ellipse, [290.0, 110.0, 24.0, 24.0]),
    ]);
    hand.pick(Tool::Select);
    (hand, ids)
}

fn places(hand: &Hand, ids: &[ElementId]) -> Vec<(f64, f64)> {
    ids.iter().map(|id| (hand.geometry(id).x, hand.geometry(id).y)).collect()
}

/// How far each of these has been moved.
fn moved(before: &[(f64, f64)], after: &[(f64, f64)]) -> Vec<(f64, f64)> {
    before.iter().zip(after).map(|(a, b)| (b.0 - a.0, b.1 - a.1)).collect()
}

const STAYS: (f64, f64) = (0.0, 0.0);

#[test]
fn what_is_stuck_on_a_note_goes_with_it_and_comes_back_by_one_undo() {
    let (mut hand, ids) = with_votes();
    let before = places(&hand, &ids);
    hand.press(200.0, 110.0).move_to(200.0, 200.0).move_to(250.0, 410.0);
    let by = (50.0, 300.0);
    let mut own = Preview::default();
    hand.editor.show_preview(&hand.board, &mut own);
    for seen in [own, others_see(&hand)] {
        assert_eq!(seen.displaced.len(), 3);
        assert!([1, 2, 3].iter().all(|n| seen.displaced.contains_key(&ids[*n])));
    }
    hand.release(250.0, 410.0).expect_chosen(&[&ids[1]]);
    let on_it = [STAYS, by, by, by, STAYS, STAYS];
    assert_eq!(moved(&before, &places(&hand, &ids)), on_it);
    hand.command(Command::Undo);
    assert_eq!(places(&hand, &ids), before);
    hand.command(Command::Redo);
    assert_eq!(moved(&before, &places(&hand, &ids)), on_it);
    // A vote alone goes alone.
    let at = hand.geometry(&ids[2]).center();
    hand.key("Escape").drag((at.x, at.y), (at.x - 20.0, at.y));
    let by_hand = moved(&before, &places(&hand, &ids));
    assert_eq!((by_hand[1], by_hand[2]), (by, (30.0, 300.0)));
}

#[test]
fn a_note_is_copied_deleted_and_brought_to_the_front_with_what_is_stuck_on_it() {
    let (mut hand, ids) = with_votes();
    hand.holding(ALT, |hand| _ = hand.drag((200.0, 110.0), (600.0, 110.0)));
    assert_eq!(hand.elements().len(), 9);
    hand.command(Command::Duplicate);
    assert_eq!(hand.elements().len(), 12);
    hand.key("Delete");
    assert_eq!(hand.elements().len(), 9);
    hand.command(Command::Undo).command(Command::Undo).command(Command::Undo);
    hand.key("Escape").click(200.0, 110.0).expect_chosen(&[&ids[1]]);
    hand.command(Command::ToFront);
    let order: Vec<_> = hand.elements().into_iter().map(|it| it.id).collect();
    assert_eq!(order[3..], ids[1..4], "the votes are not hidden");
    hand.command(Command::Undo).key("Escape").click(200.0, 110.0).key("Delete");
    assert_eq!(hand.elements().len(), 3);
}

#[test]
fn the_size_of_a_note_changes_around_what_is_stuck_on_it() {
    let (mut hand, ids) = with_votes();
    let before = hand.geometry(&ids[2]);
    hand.click(200.0, 110.0).drag((305.0, 305.0), (405.0, 405.0));
    assert_eq!(hand.geometry(&ids[1]).w, 300.0);
    assert_eq!(hand.geometry(&ids[2]), before);
}

#[test]
fn what_lies_on_another_note_or_is_locked_or_grouped_with_something_else_stays() {
    let mut hand = Hand::new();
    let group = |mut it: NewElement| {
        it.groups = vec!["pair".into()];
        it
    };
    let locked = |mut it: NewElement| {
        it.locked = true;
        it
    };
    let ids = hand.given(vec![
        new(Shape::Note, [100.0, 100.0, 200.0, 200.0]),
        new(Shape::Note, [220.0, 220.0, 200.0, 200.0]),
        new(Shape::Ellipse, [240.0, 240.0, 20.0, 20.0]),
        locked(new(Shape::Ellipse, [120.0, 120.0, 20.0, 20.0])),
        group(new(Shape::Ellipse, [150.0, 120.0, 20.0, 20.0])),
        group(new(Shape::Ellipse, [700.0, 120.0, 20.0, 20.0])),
        new(Shape::Ellipse, [180.0, 120.0, 20.0, 20.0]),
    ]);
    let before = places(&hand, &ids);
    hand.pick(Tool::Select).drag((110.0, 180.0), (110.0, 480.0));
    let by = (0.0, 300.0);
    let after = moved(&before, &places(&hand, &ids));
    assert_eq!(after, [by, STAYS, STAYS, STAYS, STAYS, STAYS, by]);
    hand.key("Escape").drag((400.0, 400.0), (500.0, 400.0));
    let after = moved(&before, &places(&hand, &ids));
    assert_eq!((after[1], after[2]), ((100.0, 0.0), (100.0, 0.0)));
}

#[test]
fn a_frame_that_is_moved_takes_notes_with_what_is_stuck_on_them() {
    let (mut hand, ids) = with_votes();
    hand.pick(Tool::Frame).drag((50.0, 50.0), (450.0, 450.0));
    let before = places(&hand, &ids);
    hand.key("Escape").drag((50.0, 300.0), (150.0, 300.0));
    let by = (100.0, 0.0);
    assert_eq!(moved(&before, &places(&hand, &ids)), [by; 6]);
    // Into the frame and out of it with its note.
    hand.command(Command::Undo).key("Escape").drag((200.0, 110.0), (700.0, 110.0));
    let frame = |id: &ElementId| hand.board.element(id).unwrap().frame.clone();
    assert!([1, 2, 3].iter().all(|n| frame(&ids[*n]).is_none()) && frame(&ids[4]).is_some());
}
