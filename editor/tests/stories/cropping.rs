//! A picture is cut to a part of it.

use editor::{Command, Input, Modifiers, ScreenPoint, Tool};
use shared::element::{Crop, Image, NewElement, Shape, Style};
use shared::geometry::{BoardPoint, Bounds, Flip, Geometry};
use shared::id::{ElementId, FileId};

use crate::hand::Hand;

/// A picture that is 200 units wide and 100 high, at (100, 100).
const PLACE: Geometry = Geometry {
    x: 100.0,
    y: 100.0,
    w: 200.0,
    h: 100.0,
    angle: 0.0,
    flip: Flip { across: false, down: false },
};

fn hand_with(place: Geometry) -> (Hand, ElementId) {
    let mut hand = Hand::new();
    hand.pick(Tool::Select);
    let image =
        Image { file: FileId::of_digest([7; 32]), natural: (800.0, 400.0), crop: Crop::WHOLE };
    let new = NewElement::new(Some(place), Style::default(), Shape::Image(image));
    let ids = hand.given(vec![new]);
    (hand, ids[0].clone())
}

fn crop(hand: &Hand) -> Bounds {
    let Shape::Image(image) = hand.only().shape else { panic!("it is a picture") };
    image.crop.part()
}

#[track_caller]
fn expect_crop(hand: &Hand, [x0, y0, x1, y1]: [f64; 4]) {
    assert_eq!(crop(hand), Bounds { x0, y0, x1, y1 });
}

/// Where a point of the picture (in fractions of it) is seen.
fn seen(hand: &Hand, x: f64, y: f64) -> BoardPoint {
    let place = hand.only().geometry;
    let at = place.place(crop(hand), BoardPoint::new(x, y));
    at.rotated(place.center(), place.angle)
}

#[track_caller]
fn expect_near(a: BoardPoint, b: BoardPoint) {
    assert!(a.distance(b) < 5e-3, "{a:?} is not {b:?}");
}

#[test]
fn sides_are_dragged_and_the_rest_stays_where_it_was() {
    let (mut hand, _) = hand_with(PLACE);
    hand.double_click(200.0, 150.0);
    assert_eq!(hand.editor.crop_frame(&hand.board), Some(PLACE));
    hand.drag((100.0, 150.0), (150.0, 170.0));
    hand.expect_box(150.0, 100.0, 150.0, 100.0);
    expect_crop(&hand, [0.25, 0.0, 1.0, 1.0]);
    hand.drag((300.0, 200.0), (250.0, 175.0));
    hand.expect_box(150.0, 100.0, 100.0, 75.0);
    expect_crop(&hand, [0.25, 0.0, 0.75, 0.75]);
    // Back again, and no further than the picture goes.
    hand.drag((150.0, 130.0), (20.0, 130.0));
    hand.expect_box(100.0, 100.0, 150.0, 75.0);
    expect_crop(&hand, [0.0, 0.0, 0.75, 0.75]);
    // And nothing is ever left of it.
    hand.drag((250.0, 130.0), (20.0, 130.0));
    let Geometry { x, w, .. } = hand.only().geometry;
    assert!(x == 100.0 && (4.0..4.01).contains(&w), "{x} {w}");
}

#[test]
fn the_picture_is_dragged_under_its_part() {
    let (mut hand, _) = hand_with(PLACE);
    hand.double_click(200.0, 150.0).drag((300.0, 150.0), (200.0, 150.0));
    expect_crop(&hand, [0.0, 0.0, 0.5, 1.0]);
    hand.drag((150.0, 150.0), (130.0, 180.0));
    hand.expect_box(100.0, 100.0, 100.0, 100.0);
    expect_crop(
        &hand,
        [0.1, 0.0, 0.6, 1.0].map(|side| (side * 1_048_576.0_f64).round() / 1_048_576.0),
    );
    hand.drag((150.0, 150.0), (-500.0, 150.0));
    hand.expect_box(100.0, 100.0, 100.0, 100.0);
    expect_crop(&hand, [0.5, 0.0, 1.0, 1.0]);
}

#[test]
fn all_of_it_is_one_step() {
    let (mut hand, _) = hand_with(PLACE);
    hand.double_click(200.0, 150.0)
        .drag((300.0, 150.0), (200.0, 150.0))
        .drag((150.0, 150.0), (130.0, 150.0))
        .drag((150.0, 100.0), (150.0, 140.0))
        .key("Escape");
    assert_eq!((hand.editor.crop_frame(&hand.board), hand.n_selected()), (None, 1));
    let cut = hand.only();
    hand.command(Command::Undo).expect_box(100.0, 100.0, 200.0, 100.0);
    expect_crop(&hand, [0.0, 0.0, 1.0, 1.0]);
    hand.command(Command::Redo);
    assert_eq!(hand.only(), cut);
    // Undo in the middle of it, too.
    hand.double_click(150.0, 150.0).drag((200.0, 150.0), (150.0, 150.0)).command(Command::Undo);
    assert_eq!((hand.only(), hand.editor.crop_frame(&hand.board)), (cut, None));
}

#[test]
fn it_ends_by_enter_by_escape_and_by_a_press_beside_it() {
    let (mut hand, id) = hand_with(PLACE);
    let is_cropping = |hand: &Hand| hand.editor.crop_frame(&hand.board).is_some();
    hand.click(200.0, 150.0).key("Enter");
    assert!(is_cropping(&hand) && hand.editor.handles(&hand.board).is_empty());
    hand.key("Enter");
    assert!(!is_cropping(&hand) && !hand.editor.handles(&hand.board).is_empty());
    hand.key("Enter").key("Escape").expect_chosen(&[&id]);
    assert!(!is_cropping(&hand));
    hand.key("Enter").click(600.0, 500.0).expect_chosen(&[]);
    assert!(!is_cropping(&hand));
    hand.double_click(200.0, 150.0).pick(Tool::Rectangle);
    assert!(!is_cropping(&hand));
    hand.pick(Tool::Select).double_click(200.0, 150.0).key("Delete");
    assert!(!is_cropping(&hand) && hand.elements().is_empty());
}

#[test]
fn a_drag_that_is_dropped_cuts_nothing() {
    let (mut hand, _) = hand_with(PLACE);
    hand.double_click(200.0, 150.0).press(300.0, 150.0).move_to(200.0, 150.0);
    let frame = hand.editor.crop_frame(&hand.board).expect("it is being cut");
    assert_eq!((frame.x, frame.w), (100.0, 100.0), "it is shown");
    hand.key("Escape").expect_box(100.0, 100.0, 200.0, 100.0);
    assert_eq!(hand.editor.crop_frame(&hand.board), Some(PLACE), "and goes on");
}

#[test]
fn shift_keeps_the_ratio() {
    let (mut hand, _) = hand_with(PLACE);
    hand.double_click(200.0, 150.0);
    hand.holding(Modifiers { shift: true, ..Modifiers::default() }, |hand| {
        hand.drag((300.0, 200.0), (200.0, 195.0));
    });
    let Geometry { w, h, .. } = hand.only().geometry;
    assert!((w / h - 2.0).abs() < 1e-3 && w < 200.0, "{w} x {h}");
}

/// Whatever is dragged: what is still seen of the picture stays where it was.
#[test]
fn turned_and_mirrored_pictures_are_cut_where_they_are() {
    for bits in 0..4 {
        for angle in [0.0, 0.5, 2.0, -1.0] {
            let flip = Flip::of_bits(bits);
            let (mut hand, _) = hand_with(Geometry { angle, flip, ..PLACE });
            let middle = PLACE.center();
            let on_screen = |x: f64, y: f64| {
                let at = BoardPoint::new(x, y).rotated(middle, angle);
                (at.x, at.y)
            };
            let kept = seen(&hand, 0.5, 0.5);
            hand.double_click(200.0, 150.0);
            // The corner at the right and below, as it is seen before the turn.
            hand.drag(on_screen(300.0, 200.0), on_screen(260.0, 180.0));
            let Geometry { w, h, .. } = hand.only().geometry;
            assert!((w - 160.0).abs() < 5e-3 && (h - 80.0).abs() < 5e-3, "{w} x {h}");
            expect_near(seen(&hand, 0.5, 0.5), kept);
            // Moving the picture moves what is seen as the hand does.
            let from = on_screen(180.0, 140.0);
            hand.drag(from, (from.0, from.1 - 6.0));
            let moved = seen(&hand, 0.5, 0.5);
            let by = BoardPoint::new(moved.x - kept.x, moved.y - kept.y)
                .rotated(BoardPoint::default(), -angle);
            let wanted = BoardPoint::new(0.0, -6.0).rotated(BoardPoint::default(), -angle);
            // As far as there is room: nothing was cut off at the left and above.
            let least = |wanted: f64| wanted.min(0.0);
            expect_near(by, BoardPoint::new(least(wanted.x), least(wanted.y)));
            hand.command(Command::ResetCrop);
            let Geometry { w, h, .. } = hand.only().geometry;
            assert!((w - 200.0).abs() < 1e-2 && (h - 100.0).abs() < 1e-2, "{w} x {h}");
            expect_near(seen(&hand, 0.5, 0.5), moved);
        }
    }
}

#[test]
fn a_reset_shows_all_of_it_again() {
    let (mut hand, _) = hand_with(PLACE);
    hand.double_click(200.0, 150.0).drag((100.0, 100.0), (150.0, 150.0)).key("Enter");
    hand.command(Command::ResetCrop).expect_box(100.0, 100.0, 200.0, 100.0);
    expect_crop(&hand, [0.0, 0.0, 1.0, 1.0]);
    hand.command(Command::Undo).expect_box(150.0, 150.0, 150.0, 50.0);
}

#[test]
fn what_is_locked_or_only_looked_at_is_not_cut() {
    let (mut hand, _) = hand_with(PLACE);
    hand.click(200.0, 150.0).command(Command::Lock).command(Command::Crop);
    assert_eq!(hand.editor.crop_frame(&hand.board), None);
    hand.command(Command::UnlockAll).command(Command::ViewMode).double_click(200.0, 150.0);
    assert_eq!(hand.editor.crop_frame(&hand.board), None);
}

#[test]
fn it_ends_when_the_picture_is_taken_away() {
    let (mut hand, id) = hand_with(PLACE);
    hand.double_click(200.0, 150.0);
    hand.board.delete(&[id]);
    hand.input(Input::BoardChanged);
    assert_eq!(hand.editor.crop_frame(&hand.board), None);
    hand.input(Input::DoubleClick(ScreenPoint::new(200.0, 150.0)));
    assert!(hand.editor.text_edit().is_some(), "there is nothing any more");
}
