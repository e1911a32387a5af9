//! Sizes, turns and mirrors by handles and by numbers.

use std::f64::consts::{FRAC_PI_2, PI};

use editor::{Command, Grip, Input, Measures, Preview, Tool};
use shared::board::Change;
use shared::element::{Arrow, Binding, Frame, NewElement, Path, Shape, Style};
use shared::geometry::{BoardPoint, Flip, Geometry};
use shared::presence::Gesture;

use crate::copying::pasted;
use crate::hand::Hand;
use crate::{ALT, SHIFT};

fn one_box(geometry: Geometry) -> Hand {
    let mut hand = Hand::new();
    hand.given(vec![NewElement::new(Some(geometry), Style::default(), Shape::Rectangle)]);
    hand.command(Command::SelectAll);
    hand
}

fn place(x: f64, y: f64, w: f64, h: f64) -> Geometry {
    Geometry { x, y, w, h, ..Geometry::default() }
}

#[track_caller]
fn check_near(found: Geometry, wanted: Geometry) {
    let numbers = |g: Geometry| [g.x, g.y, g.w, g.h, g.angle];
    let is_near = numbers(found).iter().zip(numbers(wanted)).all(|(a, b)| (a - b).abs() < 0.1);
    assert!(is_near && found.flip == wanted.flip, "{found:?} is not {wanted:?}");
}

/// Where the handle that turns is on the screen.
fn turn_handle(hand: &Hand) -> (f64, f64) {
    let handles = hand.editor.handles(&hand.board);
    let (_, at) = handles.into_iter().find(|(grip, _)| *grip == Grip::Turn).unwrap();
    (at.x, at.y)
}

#[test]
fn the_handle_above_turns_and_shift_turns_in_steps() {
    let mut hand = one_box(place(100.0, 100.0, 200.0, 100.0));
    let handle = turn_handle(&hand);
    hand.drag(handle, (500.0, 150.0));
    check_near(
        hand.only().geometry,
        Geometry { angle: FRAC_PI_2, ..place(100.0, 100.0, 200.0, 100.0) },
    );
    hand.command(Command::Undo);
    hand.holding(SHIFT, |hand| {
        hand.drag(handle, (500.0, 190.0));
    });
    let steps = hand.only().geometry.angle / (PI / 12.0);
    assert!((steps - steps.round()).abs() < 1e-4 && steps > 5.0, "{steps}");
}

#[test]
fn several_turn_around_their_middle_and_others_see_it() {
    let mut hand = Hand::new();
    let ids = hand.given_boxes(&[[100.0, 100.0, 50.0, 50.0], [250.0, 100.0, 50.0, 50.0]]);
    hand.command(Command::SelectAll).board.take_updates();
    let (x, y) = turn_handle(&hand);
    hand.press(x, y).move_to(600.0, 125.0);
    assert!(hand.board.take_updates().is_empty());
    let mut preview = Preview::default();
    preview.show(&hand.shown.gesture, &hand.board);
    assert_eq!(preview.drafts.len(), 2);
    check_near(
        preview.drafts[0].geometry,
        Geometry { angle: FRAC_PI_2, ..place(175.0, 25.0, 50.0, 50.0) },
    );
    hand.release(600.0, 125.0);
    assert_eq!(hand.shown.gesture, Gesture::default());
    check_near(
        hand.geometry(&ids[1]),
        Geometry { angle: FRAC_PI_2, ..place(175.0, 175.0, 50.0, 50.0) },
    );
    assert_eq!(hand.board.take_updates().len(), 1);
}

#[test]
fn a_side_dragged_over_the_other_mirrors() {
    let mut hand = one_box(place(100.0, 100.0, 100.0, 100.0));
    hand.drag((205.0, 150.0), (55.0, 150.0));
    let flip = Flip { across: true, down: false };
    check_near(hand.only().geometry, Geometry { flip, ..place(50.0, 100.0, 50.0, 100.0) });
    hand.command(Command::Undo).command(Command::SelectAll);
    hand.holding(ALT, |hand| {
        hand.drag((205.0, 205.0), (225.0, 215.0));
    });
    check_near(hand.only().geometry, place(80.0, 90.0, 140.0, 120.0));
}

#[test]
fn a_turned_element_keeps_its_other_corner() {
    let turned = Geometry { angle: FRAC_PI_2, ..place(100.0, 100.0, 200.0, 100.0) };
    let corner = |geometry: Geometry| geometry.corners()[0];
    let mut hand = one_box(turned);
    // Turned by 90°, its lower right corner is at the lower left.
    hand.drag((145.0, 255.0), (125.0, 305.0));
    let resized = hand.only().geometry;
    check_near(
        Geometry { x: 0.0, y: 0.0, ..resized },
        Geometry { angle: FRAC_PI_2, ..place(0.0, 0.0, 250.0, 120.0) },
    );
    assert!(corner(turned).distance(corner(resized)) < 0.1);
}

#[test]
fn flipping_mirrors_places_and_turns_and_twice_is_nothing() {
    let mut hand = Hand::new();
    let lines = [[0.0, 0.0], [100.0, 50.0]].map(|[x, y]| BoardPoint::new(x, y));
    let line = Shape::Line(Path { points: lines.into() });
    let angle = 0.5;
    let ids = hand.given(vec![
        NewElement::new(
            Some(Geometry { angle, ..place(100.0, 100.0, 100.0, 50.0) }),
            Style::default(),
            line,
        ),
        NewElement::new(Some(place(300.0, 100.0, 50.0, 50.0)), Style::default(), Shape::Rectangle),
    ]);
    let before = hand.geometry(&ids[0]);
    hand.command(Command::SelectAll).holding(SHIFT, |hand| {
        hand.key("h");
    });
    let after = hand.geometry(&ids[0]);
    assert!((after.angle - (2.0 * PI - angle)).abs() < 1e-4 && after.flip.across);
    assert!(hand.geometry(&ids[1]).x < 110.0);
    hand.holding(SHIFT, |hand| {
        hand.key("h");
    });
    check_near(hand.geometry(&ids[0]), before);
    hand.command(Command::Undo).command(Command::Undo);
    assert_eq!(hand.geometry(&ids[0]), before);
}

#[test]
fn numbers_place_one_and_many() {
    let mut hand = one_box(place(100.0, 100.0, 100.0, 50.0));
    let to = |x, w, angle| Input::Measure(Measures { x, w, angle, ..Measures::default() });
    hand.input(to(Some(10.0), None, None)).input(to(None, Some(200.0), None));
    hand.expect_box(10.0, 100.0, 200.0, 50.0);
    hand.input(to(None, None, Some(FRAC_PI_2)));
    check_near(
        hand.only().geometry,
        Geometry { angle: FRAC_PI_2, ..place(10.0, 100.0, 200.0, 50.0) },
    );
    hand.command(Command::Undo).expect_box(100.0, 100.0, 100.0, 50.0);
    hand.given_boxes(&[[300.0, 100.0, 100.0, 50.0]]);
    hand.command(Command::SelectAll).input(to(Some(0.0), Some(600.0), None));
    hand.expect_boxes(&[[0.0, 100.0, 200.0, 50.0], [400.0, 100.0, 200.0, 50.0]]);
    hand.input(to(Some(f64::NAN), Some(-5.0), Some(f64::INFINITY)));
}

#[test]
fn a_frame_takes_along_what_lies_in_it() {
    let mut hand = Hand::new();
    let frame = Shape::Frame(Frame::default());
    let frame = NewElement::new(Some(place(100.0, 100.0, 300.0, 300.0)), Style::default(), frame);
    let frame = hand.given(vec![frame]).remove(0);
    let inside = hand.given_boxes(&[[150.0, 150.0, 50.0, 50.0]]).remove(0);
    hand.board.change(&[(inside.clone(), Change::Frame(Some(frame.clone())))]);
    hand.pick(Tool::Select).drag((100.0, 300.0), (120.0, 300.0));
    assert_eq!((hand.geometry(&frame).x, hand.geometry(&inside).x), (120.0, 170.0));
    let sizes = hand.editor.handles(&hand.board);
    assert!(sizes.iter().all(|(grip, _)| *grip != Grip::Turn), "frames stand upright");
    hand.drag((425.0, 405.0), (525.0, 405.0));
    assert_eq!((hand.geometry(&frame).w, hand.geometry(&inside).w), (400.0, 50.0));
    hand.command(Command::Undo).command(Command::Undo).key("Delete");
    assert_eq!((hand.only().id, hand.only().frame), (inside, None), "what lay in it stays");
    hand.command(Command::Undo);
    assert_eq!(hand.elements().len(), 2);
}

#[test]
fn what_is_deleted_lets_go_of_arrows() {
    let mut hand = Hand::new();
    let boxes = hand.given_boxes(&[[100.0, 100.0, 50.0, 50.0], [400.0, 100.0, 50.0, 50.0]]);
    let points = [[150.0, 125.0], [400.0, 125.0]].map(|[x, y]| BoardPoint::new(x, y)).into();
    let arrow = Shape::Arrow(Arrow { path: Path { points }, ..Arrow::default() });
    let arrow = hand.given(vec![NewElement::new(None, Style::default(), arrow)]).remove(0);
    let bound = |at: usize| Some(Binding { element: boxes[at].clone(), at: (0.5, 0.5), gap: 0.0 });
    hand.board.change(&[
        (arrow.clone(), Change::BindStart(bound(0))),
        (arrow.clone(), Change::BindEnd(bound(1))),
    ]);
    hand.board.begin_step();
    hand.pick(Tool::Select).click(100.0, 110.0).key("Delete");
    let is_bound = |hand: &Hand| match &hand.board.element(&arrow).unwrap().shape {
        Shape::Arrow(arrow) => (arrow.start.is_some(), arrow.end.is_some()),
        _ => panic!("an arrow"),
    };
    assert_eq!(is_bound(&hand), (false, true));
    hand.command(Command::Undo);
    assert_eq!(is_bound(&hand), (true, true));
}

#[test]
fn text_grows_by_a_corner_and_is_broken_anew_by_a_side() {
    let mut hand = Hand::new();
    hand.input(pasted("one two three")).command(Command::SelectAll);
    let text = |hand: &Hand| match hand.only().shape {
        Shape::Text(text) => text,
        _ => panic!("text"),
    };
    let from = hand.only().geometry;
    let (right, bottom) = (from.x + from.w, from.y + from.h);
    hand.press(right + 5.0, bottom + 5.0).move_to(right + 30.0, bottom + 5.0);
    hand.move_to(right + 5.0 + from.w, bottom + 5.0);
    let mut preview = Preview::default();
    preview.show(&hand.shown.gesture, &hand.board);
    let Shape::Text(shown) = &preview.drafts[0].shape else { panic!("text") };
    assert!((shown.size - 40.0).abs() < 0.5, "others see the letters grow: {}", shown.size);
    hand.release(right + 5.0 + from.w, bottom + 5.0);
    assert_eq!((text(&hand).size, text(&hand).wraps), (40.0, false));
    check_near(hand.only().geometry, place(from.x, from.y, from.w * 2.0, from.h * 2.0));
    hand.command(Command::Undo).command(Command::SelectAll);
    hand.drag((right + 5.0, from.center().y), (right + 5.0 - from.w / 2.0, from.center().y));
    assert_eq!((text(&hand).size, text(&hand).wraps, text(&hand).lines.len()), (20.0, true, 3));
}
