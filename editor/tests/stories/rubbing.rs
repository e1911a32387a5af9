//! The eraser that takes parts of strokes: what it takes, who sees it, and that it is the same for all
//! whoever rubs at once.

use std::collections::BTreeMap;

use editor::{Command, Input, Tool};
use shared::element::{Brush, Ink, NewElement, Shape, Style};
use shared::geometry::BoardPoint;
use shared::id::ElementId;
use shared::ink::{InkPoint, Spans};
use shared::limits::INK_COMMIT_EVERY;

use crate::hand::Hand;

/// A stroke from `from` along a length to the right.
fn line(from: (f64, f64), length: f64, brush: Brush) -> NewElement {
    let point = |n: u32| {
        let at = BoardPoint::new(from.0 + length * f64::from(n) / 200.0, from.1);
        InkPoint { at, pressure: 0.5 }
    };
    let ink = Ink { points: (0..=200).map(point).collect(), brush, ..Ink::default() };
    NewElement::new(None, Style { width: 0.5, ..Style::default() }, Shape::Ink(ink))
}

/// A hand with the eraser that takes parts, at a board with one stroke from (100, 100) to (300, 100).
fn at_a_stroke() -> (Hand, ElementId) {
    let mut hand = Hand::new();
    let ids = hand.given(vec![line((100.0, 100.0), 200.0, Brush::Pen)]);
    hand.pick(Tool::Eraser).key("e");
    assert!(hand.editor.modes().rub);
    (hand, ids[0].clone())
}

/// From where to where the pieces of strokes go, rounded to tens.
fn pieces(hand: &Hand) -> Vec<(i32, i32)> {
    let tens = |at: f64| (at / 10.0).round() as i32 * 10;
    let of = |shape: &Shape| match shape {
        Shape::Ink(ink) => ink.pieces(),
        _ => Vec::new(),
    };
    let all = hand.elements().into_iter().flat_map(|element| of(&element.shape));
    all.map(|piece| (tens(piece[0].at.x), tens(piece[piece.len() - 1].at.x))).collect()
}

#[test]
fn a_stroke_is_split_where_the_tip_passes_and_one_undo_brings_it_back() {
    let (mut hand, id) = at_a_stroke();
    let before = hand.elements();
    hand.drag((200.0, 60.0), (200.0, 140.0));
    assert_eq!(pieces(&hand), [(100, 190), (210, 300)]);
    let after = hand.only();
    assert_eq!((&after.id, &after.z, after.style), (&id, &before[0].z, before[0].style));
    hand.drag((105.0, 60.0), (105.0, 140.0)).drag((120.0, 60.0), (120.0, 140.0));
    assert_eq!(pieces(&hand), [(130, 190), (210, 300)], "the end and what is left of it");
    let left = hand.geometry(&id);
    assert!((left.x - 132.0).abs() < 4.0, "the box is around what is left: {left:?}");
    hand.command(Command::Undo).command(Command::Undo).command(Command::Undo);
    assert_eq!(hand.elements(), before);
    hand.command(Command::Redo);
    assert_eq!(pieces(&hand), [(100, 190), (210, 300)]);
}

#[test]
fn the_same_key_changes_what_the_eraser_takes_and_whole_elements_are_the_rule() {
    let mut hand = Hand::new();
    hand.given(vec![line((100.0, 100.0), 200.0, Brush::Pen)]);
    hand.pick(Tool::Pen).key("e").drag((200.0, 60.0), (200.0, 140.0));
    assert!(hand.elements().is_empty());
    hand.command(Command::Undo).key("e").drag((200.0, 60.0), (200.0, 140.0));
    assert_eq!(pieces(&hand).len(), 2);
    hand.key("e").drag((150.0, 60.0), (150.0, 140.0));
    assert!(hand.elements().is_empty());
}

#[test]
fn what_is_no_stroke_or_locked_is_left_alone() {
    let mut hand = Hand::new();
    hand.given_boxes(&[[100.0, 100.0, 50.0, 50.0]]);
    let locked = NewElement { locked: true, ..line((100.0, 125.0), 200.0, Brush::Pen) };
    hand.given(vec![locked, line((100.0, 130.0), 200.0, Brush::Highlighter)]);
    hand.pick(Tool::Eraser).key("e").drag((120.0, 60.0), (120.0, 180.0));
    hand.expect_kinds(&["rectangle", "ink", "ink"]);
    assert_eq!(pieces(&hand).len(), 3, "only the marker's is split");
}

#[test]
fn a_stroke_that_is_rubbed_out_whole_is_gone_and_comes_back() {
    let (mut hand, id) = at_a_stroke();
    hand.drag((80.0, 100.0), (320.0, 100.0));
    assert!(hand.elements().is_empty());
    hand.command(Command::Undo);
    assert_eq!(hand.only().id, id);
}

#[test]
fn it_is_shown_at_once_and_written_while_it_lasts() {
    let (mut hand, id) = at_a_stroke();
    hand.board.take_updates();
    hand.press(150.0, 60.0).move_to(150.0, 140.0);
    let mut preview = editor::Preview::default();
    hand.editor.show_preview(&hand.board, &mut preview);
    assert!(preview.hidden.contains(&id) && preview.drafts.len() == 1);
    assert!(hand.board.take_updates().is_empty(), "not yet");
    hand.pass(INK_COMMIT_EVERY).move_to(170.0, 140.0);
    assert_eq!(hand.board.take_updates().len(), 1);
    hand.move_to(250.0, 140.0).move_to(250.0, 60.0).release(250.0, 60.0);
    assert_eq!(pieces(&hand), [(100, 140), (160, 240), (260, 300)]);
    hand.command(Command::Undo);
    assert_eq!(pieces(&hand), [(100, 300)], "the way of a hand is one step");
    hand.press(150.0, 60.0).move_to(150.0, 140.0).pass(INK_COMMIT_EVERY).key("Escape");
    hand.release(150.0, 140.0);
    assert_eq!(pieces(&hand), [(100, 300)], "dropped");
}

#[test]
fn what_was_rubbed_at_is_moved_stretched_and_copied_like_any_other() {
    let (mut hand, id) = at_a_stroke();
    hand.drag((110.0, 60.0), (110.0, 140.0)).drag((200.0, 60.0), (200.0, 140.0));
    let left = hand.geometry(&id);
    hand.pick(Tool::Select).click(250.0, 100.0).drag((250.0, 100.0), (350.0, 150.0));
    let moved = hand.geometry(&id);
    assert_eq!((moved.x, moved.y, moved.w), (left.x + 100.0, left.y + 50.0, left.w));
    hand.command(Command::Duplicate);
    let elements = hand.elements();
    let copy = &elements[1];
    assert_eq!((copy.geometry.w, &copy.shape), (moved.w, &elements[0].shape));
    hand.command(Command::Delete).command(Command::Undo);
    assert_eq!(hand.elements(), elements, "it comes back with its gaps");
    hand.command(Command::Undo).command(Command::Undo).command(Command::Undo);
    hand.command(Command::Undo);
    assert_eq!(pieces(&hand), [(100, 300)]);
}

#[test]
fn who_moves_and_who_rubs_at_once_both_keep_what_they_did() {
    let (mut one, mut two) = (Hand::of(1), Hand::of(2));
    let ids = one.given(vec![line((100.0, 100.0), 200.0, Brush::Pen)]);
    let all = one.board.diff(&[]).unwrap();
    hear(&mut two, &[all]);
    one.pick(Tool::Eraser).key("e").drag((110.0, 60.0), (110.0, 140.0));
    two.pick(Tool::Select).click(250.0, 100.0).drag((250.0, 100.0), (250.0, 150.0));
    let (from_one, from_two) = (one.board.take_updates(), two.board.take_updates());
    hear(&mut one, &from_two);
    hear(&mut two, &from_one);
    assert_eq!(one.elements(), two.elements());
    let at = one.geometry(&ids[0]);
    assert!((at.x + at.w - 300.0).abs() < 0.1 && (at.y - 150.0).abs() < 0.1, "{at:?}");
    assert_eq!(pieces(&one), [(120, 300)]);
}

fn hear(hand: &mut Hand, updates: &[Vec<u8>]) {
    for update in updates {
        hand.board.apply_remote(update).unwrap();
    }
    hand.input(Input::BoardChanged);
}

/// What each stroke has lost.
fn lost(hand: &Hand) -> BTreeMap<ElementId, Spans> {
    let of = |shape: Shape| match shape {
        Shape::Ink(ink) => ink.rubbed,
        _ => Spans::default(),
    };
    hand.elements().into_iter().map(|it| (it.id, of(it.shape))).collect()
}

#[derive(Default)]
struct Steps {
    done: Vec<BTreeMap<ElementId, Spans>>,
    undone: Vec<BTreeMap<ElementId, Spans>>,
}

/// Three people rub at the same strokes, take that back and make it again, and hear of each other late. In the
/// end all have the same board, on which just that is missing which somebody rubbed out and did not take back.
#[test]
fn whoever_rubs_at_once_all_lose_the_same() {
    let mut n_lost = 0;
    for seed in 0..30 {
        let mut rng = fastrand::Rng::with_seed(seed);
        let mut people: Vec<Hand> = (1..=3).map(Hand::of).collect();
        let strokes = (0..4).map(|n| line((50.0, 100.0 + 40.0 * f64::from(n)), 600.0, Brush::Pen));
        let ids = people[0].given(strokes.collect());
        let all = people[0].board.diff(&[]).unwrap();
        for hand in &mut people {
            hear(hand, std::slice::from_ref(&all));
            hand.pick(Tool::Eraser).key("e");
        }
        let mut mail = vec![Vec::new(); 3];
        let mut steps: [Steps; 3] = Default::default();
        for _ in 0..40 {
            let at = rng.usize(..3);
            let (hand, own) = (&mut people[at], &mut steps[at]);
            match rng.u8(..5) {
                0 if !own.done.is_empty() => {
                    hand.command(Command::Undo);
                    own.undone.extend(own.done.pop());
                }
                1 if !own.undone.is_empty() => {
                    hand.command(Command::Redo);
                    own.done.extend(own.undone.pop());
                }
                _ => {
                    let before = lost(hand);
                    let x = f64::from(rng.u32(40..660));
                    let to = (x + f64::from(rng.i32(-40..40)), f64::from(rng.u32(110..260)));
                    hand.drag((x, f64::from(rng.u32(80..110))), to);
                    let after = lost(hand);
                    let new: BTreeMap<_, _> = after
                        .into_iter()
                        .map(|(id, spans)| (id.clone(), spans.beyond(&before[&id])))
                        .filter(|(_, spans)| !spans.is_empty())
                        .collect();
                    if !new.is_empty() {
                        own.done.push(new);
                        own.undone.clear();
                    }
                }
            }
            let updates = people[at].board.take_updates();
            for (to, mail) in mail.iter_mut().enumerate().filter(|(to, _)| *to != at) {
                mail.extend(updates.iter().cloned());
                if rng.u8(..4) == 0 {
                    hear(&mut people[to], &std::mem::take(mail));
                }
            }
        }
        for (hand, mail) in people.iter_mut().zip(mail) {
            hear(hand, &mail);
        }
        let done = || steps.iter().flat_map(|it| &it.done);
        for id in &ids {
            let expected = Spans::union(done().filter_map(|step| step.get(id).cloned()));
            for hand in &people {
                assert_eq!(lost(hand)[id], expected, "seed {seed}");
            }
            n_lost += usize::from(!expected.is_empty());
        }
        assert!(people.iter().all(|hand| hand.elements() == people[0].elements()), "seed {seed}");
    }
    assert!(n_lost > 60, "things happen: {n_lost}");
}
