//! Pictures that are brought to the board.

use editor::{Ask, Command, Input, NewPicture, ScreenPoint, Tool};
use shared::element::{Crop, Frame, NewElement, Shape, Style};
use shared::geometry::Geometry;
use shared::id::FileId;

use crate::hand::Hand;

fn picture(n: u8, w: f64, h: f64) -> NewPicture {
    NewPicture { file: FileId::of_digest([n; 32]), natural: (w, h) }
}

/// The hand's board is a thousand units wide, and its view begins at the board's origin.
fn bring(hand: &mut Hand, pictures: &[NewPicture], at: (f64, f64)) {
    hand.input(Input::Pictures(pictures.to_vec(), Some(ScreenPoint::new(at.0, at.1))));
}

#[test]
fn pictures_lie_in_a_row_around_the_place_and_are_chosen() {
    let mut hand = Hand::new();
    bring(&mut hand, &[picture(1, 100.0, 50.0), picture(2, 60.0, 80.0)], (400.0, 300.0));
    hand.expect_boxes(&[[310.0, 275.0, 100.0, 50.0], [430.0, 260.0, 60.0, 80.0]]);
    assert_eq!((hand.n_selected(), hand.editor.tool()), (2, Tool::Select));
    hand.command(Command::Undo);
    assert!(hand.elements().is_empty(), "all of them are one step");
}

#[test]
fn a_large_picture_takes_up_a_part_of_the_view_and_keeps_its_shape() {
    let mut hand = Hand::new();
    let view = hand.editor.camera().view();
    bring(&mut hand, &[picture(1, 8000.0, 2000.0)], (400.0, 300.0));
    let Geometry { w, h, .. } = hand.only().geometry;
    assert!((w - view.width() * 0.6).abs() < 1.0 && (w / h - 4.0).abs() < 0.05, "{w} x {h}");
    let Shape::Image(image) = &hand.only().shape else { panic!("it is a picture") };
    assert_eq!((image.natural, image.crop), ((8000.0, 2000.0), Crop::WHOLE));
}

#[test]
fn a_picture_that_is_dropped_into_a_frame_lies_in_it() {
    let mut hand = Hand::new();
    let place = Geometry { x: 100.0, y: 100.0, w: 400.0, h: 300.0, ..Geometry::default() };
    let frame = Shape::Frame(Frame::default());
    let ids = hand.given(vec![NewElement::new(Some(place), Style::default(), frame)]);
    bring(&mut hand, &[picture(1, 50.0, 50.0)], (200.0, 200.0));
    assert_eq!(hand.elements()[1].frame.as_ref(), Some(&ids[0]));
}

#[test]
fn the_tool_asks_and_who_only_looks_brings_nothing() {
    let mut hand = Hand::new();
    hand.input(Input::Pick(Tool::Rectangle));
    hand.input(Input::Pick(Tool::Image));
    assert_eq!(hand.effects.asks, [Ask::Pictures]);
    assert_eq!(hand.editor.tool(), Tool::Rectangle);
    hand.command(Command::ViewMode);
    bring(&mut hand, &[picture(1, 50.0, 50.0)], (200.0, 200.0));
    assert!(hand.elements().is_empty());
}
