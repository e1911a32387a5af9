//! Fingers, a stylus, and switches.

use std::time::Duration;

use editor::{Command, Covered, End, Input, Looks, Modifiers, PointerKind, Tool, find};
use shared::element::{Arrow, Dash, Head, NewElement, Path, Shape, Style, StylePatch, Text};
use shared::geometry::{BoardPoint, Geometry};

use super::hand::Hand;

/// Somebody who has a stylus in hand and touched the board with it once.
fn with_stylus() -> Hand {
    let mut hand = Hand::new();
    hand.kind = PointerKind::Pen;
    hand.pick(Tool::Pen).drag((100.0, 100.0), (200.0, 100.0));
    hand
}

fn touch(hand: &Hand, id: i32, x: f64, y: f64) -> editor::Pointer {
    editor::Pointer { kind: PointerKind::Touch, ..hand.pointer(id, x, y) }
}

fn tap_with(hand: &mut Hand, fingers: std::ops::Range<i32>, rest: Duration) {
    for id in fingers.clone() {
        let down = touch(hand, id, 300.0 + 40.0 * f64::from(id), 300.0);
        hand.input(Input::Down(down));
    }
    hand.pass(rest);
    for id in fingers {
        let up = touch(hand, id, 300.0 + 40.0 * f64::from(id), 300.0);
        hand.input(Input::Up(up));
    }
}

#[test]
fn after_the_first_stroke_of_a_stylus_fingers_pan() {
    let mut hand = with_stylus();
    assert!(hand.editor.modes().pen);
    let center = hand.editor.camera().center();
    hand.kind = PointerKind::Touch;
    hand.drag((400.0, 400.0), (450.0, 430.0));
    assert_eq!(hand.elements().len(), 1, "a finger draws nothing");
    let moved = hand.editor.camera().center();
    assert_eq!((moved.x, moved.y), (center.x - 50.0, center.y - 30.0));
    // Once it is switched off it stays off, even if the stylus draws again.
    hand.command(Command::PenMode);
    hand.drag((400.0, 400.0), (450.0, 430.0));
    hand.kind = PointerKind::Pen;
    hand.drag((400.0, 500.0), (450.0, 500.0));
    assert_eq!((hand.elements().len(), hand.editor.modes().pen), (3, false));
}

#[test]
fn a_finger_that_only_closed_something_draws_nothing_and_still_zooms() {
    let mut hand = Hand::new();
    hand.pick(Tool::Pen);
    let closing =
        editor::Pointer { button: editor::Pointer::NO_BUTTON, ..touch(&hand, 1, 300.0, 300.0) };
    hand.input(Input::Down(closing));
    let moved = touch(&hand, 1, 340.0, 300.0);
    hand.input(Input::Move(moved, vec![moved.sample]));
    let second = touch(&hand, 2, 440.0, 300.0);
    hand.input(Input::Down(second));
    let apart = touch(&hand, 2, 540.0, 300.0);
    hand.input(Input::Move(apart, vec![apart.sample]));
    for id in [1, 2] {
        let up = touch(&hand, id, 540.0, 300.0);
        hand.input(Input::Up(up));
    }
    assert!(hand.elements().is_empty());
    assert!(hand.editor.camera().zoom() > 1.5);
}

#[test]
fn a_palm_neither_draws_nor_ends_the_stroke() {
    let mut hand = with_stylus();
    // The palm comes down first, then the stylus.
    let palm = touch(&hand, 7, 600.0, 600.0);
    hand.input(Input::Down(palm));
    hand.press(100.0, 300.0);
    let slips = touch(&hand, 7, 640.0, 640.0);
    hand.input(Input::Move(slips, vec![slips.sample]));
    let center = hand.editor.camera().center();
    let second = touch(&hand, 8, 500.0, 600.0);
    hand.input(Input::Down(second));
    for step in 1..=10 {
        hand.move_to(100.0 + f64::from(step) * 20.0, 300.0);
    }
    hand.input(Input::Cancel(7)).input(Input::Up(second));
    hand.release(300.0, 300.0);
    assert_eq!(hand.editor.camera().center(), center, "and does not pan");
    let elements = hand.elements();
    assert_eq!(elements.len(), 2);
    let stroke = elements[1].geometry;
    assert!(stroke.w > 190.0 && stroke.h < 1.0, "nothing of the palm: {stroke:?}");
}

#[test]
fn two_fingers_tap_to_undo_and_three_to_redo() {
    let mut hand = Hand::new();
    hand.pick(Tool::Rectangle).drag((100.0, 100.0), (200.0, 200.0));
    hand.pick(Tool::Pen);
    let quick = Duration::from_millis(80);
    tap_with(&mut hand, 1..3, quick);
    assert_eq!(hand.elements().len(), 0);
    tap_with(&mut hand, 1..4, quick);
    hand.expect_kinds(&["rectangle"]);
    // Fingers that rest mean something else.
    tap_with(&mut hand, 1..3, Duration::from_secs(1));
    hand.expect_kinds(&["rectangle"]);
}

#[test]
fn the_other_end_of_a_stylus_erases_and_its_button_pans() {
    let mut hand = with_stylus();
    hand.press(100.0, 300.0).move_to(200.0, 300.0).release(200.0, 300.0);
    let with_button =
        |hand: &Hand, button, x, y| editor::Pointer { button, ..hand.pointer(1, x, y) };
    let down = with_button(&hand, 5, 150.0, 280.0);
    hand.input(Input::Down(down)).move_to(150.0, 320.0).release(150.0, 320.0);
    assert_eq!((hand.elements().len(), hand.editor.tool()), (1, Tool::Pen));
    let before = hand.editor.camera().center();
    let down = with_button(&hand, 2, 150.0, 280.0);
    hand.input(Input::Down(down)).move_to(250.0, 280.0).release(250.0, 280.0);
    assert_eq!(hand.editor.camera().center().x, before.x - 100.0);
    assert_eq!(hand.elements().len(), 1);
}

#[test]
fn a_finger_that_rests_opens_the_menu() {
    let mut hand = Hand::new();
    hand.pick(Tool::Rectangle).drag((100.0, 100.0), (300.0, 200.0));
    hand.kind = PointerKind::Touch;
    hand.press(100.0, 150.0);
    hand.pass(Duration::from_millis(300));
    assert!(hand.effects.asks.is_empty());
    hand.pass(Duration::from_millis(300));
    assert!(matches!(hand.effects.asks[..], [editor::Ask::Menu(_)]));
    hand.release(100.0, 150.0).expect_box(100.0, 100.0, 200.0, 100.0);
}

#[test]
fn who_only_looks_changes_nothing() {
    let mut hand = Hand::new();
    hand.pick(Tool::Rectangle).drag((100.0, 100.0), (200.0, 200.0));
    hand.board.take_updates();
    hand.command(Command::ViewMode);
    hand.pick(Tool::Pen).drag((100.0, 300.0), (300.0, 300.0));
    hand.drag((100.0, 150.0), (300.0, 300.0)).double_click(500.0, 500.0).key("Delete").key("p");
    hand.drag((100.0, 300.0), (300.0, 300.0));
    for info in editor::COMMANDS.iter().filter(|info| !info.command.is_for_viewing()) {
        hand.command(info.command);
    }
    hand.input(Input::Restyle(StylePatch { width: Some(4.0), ..StylePatch::default() }));
    hand.holding(Modifiers { ctrl: true, ..Modifiers::default() }, |hand| {
        hand.key("a").key("x").key("z");
    });
    assert!(hand.board.take_updates().is_empty());
    hand.command(Command::ViewMode);
    hand.pick(Tool::Pen).drag((100.0, 300.0), (300.0, 300.0));
    hand.expect_kinds(&["rectangle", "ink"]);
}

fn looks(hand: &Hand) -> Looks {
    hand.editor.looks(&hand.board)
}

#[test]
fn what_a_selection_does_not_share_is_mixed() {
    let mut hand = Hand::new();
    let place = Geometry { x: 0.0, y: 0.0, w: 50.0, h: 50.0, ..Geometry::default() };
    let style = |dash, width| Style { dash, width, ..Style::default() };
    let shape = |style, shape| NewElement::new(Some(place), style, shape);
    let arrow = Arrow {
        path: Path { points: vec![BoardPoint::new(0.0, 0.0), BoardPoint::new(50.0, 50.0)] },
        ..Arrow::default()
    };
    hand.given(vec![
        shape(style(Dash::Solid, 2.0), Shape::Rectangle),
        shape(style(Dash::Dotted, 2.0), Shape::Ellipse),
        shape(style(Dash::Dotted, 4.0), Shape::Text(Text::default())),
        shape(style(Dash::Dotted, 2.0), Shape::Arrow(arrow)),
    ]);
    hand.command(Command::SelectAll);
    let all = looks(&hand);
    assert_eq!((all.shared.width, all.shared.dash, all.n_chosen), (Some(2.0), None, 4));
    let (dotted, thin) = (
        StylePatch { dash: Some(Dash::Dotted), ..StylePatch::default() },
        StylePatch { width: Some(2.0), ..StylePatch::default() },
    );
    assert!(all.is_mixed(&dotted) && !all.agrees(&dotted));
    assert!(!all.is_mixed(&thin) && all.agrees(&thin));
    hand.input(Input::Restyle(dotted));
    assert!(looks(&hand).agrees(&dotted));
    hand.command(Command::Undo);
    assert_eq!(looks(&hand), all, "one step");
}

#[test]
fn each_end_of_an_arrow_gets_its_head_and_keeps_the_other() {
    let mut hand = Hand::new();
    hand.pick(Tool::Arrow).drag((0.0, 0.0), (100.0, 0.0));
    hand.pick(Tool::Arrow).drag((0.0, 50.0), (100.0, 50.0));
    hand.input(Input::Head(End::Start, Head::Dot));
    hand.command(Command::SelectAll);
    assert_eq!(looks(&hand).heads, [None, Some(Head::Arrow)]);
    hand.input(Input::Head(End::Last, Head::Bar));
    assert_eq!(looks(&hand).heads, [None, Some(Head::Bar)]);
    hand.input(Input::Head(End::Start, Head::Dot));
    assert_eq!(looks(&hand).heads, [Some(Head::Dot), Some(Head::Bar)]);
}

#[test]
fn text_is_found_whatever_its_case_and_one_place_after_the_other_comes_into_view() {
    let mut hand = Hand::new();
    let text = |x, y, value: &str| {
        let place = Geometry { x, y, w: 80.0, h: 25.0, ..Geometry::default() };
        let text = Text { value: value.into(), lines: vec![value.into()], ..Text::default() };
        NewElement::new(Some(place), Style::default(), Shape::Text(text))
    };
    let ids = hand.given(vec![
        text(5000.0, 5000.0, "the Plan"),
        text(0.0, 0.0, "PLAN of all"),
        text(0.0, 50.0, "something else"),
    ]);
    assert_eq!(find(&hand.board, " plan "), [ids[1].clone(), ids[0].clone()]);
    assert_eq!(find(&hand.board, "  "), []);
    let step = |hand: &mut Hand, step| {
        hand.input(Input::Find("plan".into(), step));
        let found = hand.editor.found();
        (found.n, found.of)
    };
    assert_eq!(step(&mut hand, 0), (1, 2));
    assert_eq!(step(&mut hand, 1), (2, 2));
    assert!(hand.editor.camera().view().contains_point(BoardPoint::new(5000.0, 5000.0)));
    assert_eq!(step(&mut hand, 1), (1, 2));
    assert_eq!(step(&mut hand, -1), (2, 2));
    hand.expect_chosen(&[&ids[0]]);
}

#[test]
fn what_is_found_lies_beside_the_panel_that_comes_with_it() {
    let mut hand = Hand::new();
    hand.pick(Tool::Select).editor.cover(Covered { left: 250.0, top: 60.0, bottom: 60.0 });
    let place = Geometry { x: 100.0, y: 300.0, w: 80.0, h: 25.0, ..Geometry::default() };
    let text = Text { value: "plan".into(), lines: vec!["plan".into()], ..Text::default() };
    hand.given(vec![NewElement::new(Some(place), Style::default(), Shape::Text(text))]);
    hand.input(Input::Find("plan".into(), 0));
    let seen = hand.editor.camera().to_screen(place.center());
    assert_eq!((seen.x, seen.y), (625.0, 400.0), "in the middle of what is free");
    hand.key("Escape").command(Command::ZoomToFit);
    let seen = hand.editor.camera().to_screen(place.center());
    assert_eq!((seen.x, seen.y), (500.0, 400.0), "without a panel all is free");
}
