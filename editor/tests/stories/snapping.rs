//! Snapping to others, to gaps and to the grid.

use editor::{Command, Tool};
use shared::geometry::Geometry;

use crate::hand::Hand;
use crate::{ALT, CTRL, SHIFT};

fn snapping(boxes: &[[f64; 4]]) -> Hand {
    let mut hand = Hand::new();
    hand.given_boxes(boxes);
    hand.pick(Tool::Select).holding(ALT, |hand| {
        hand.key("s");
    });
    assert!(hand.editor.does_snap());
    hand
}

#[track_caller]
fn expect_last(hand: &Hand, wanted: [f64; 4]) {
    let Geometry { x, y, w, h, .. } = hand.elements().last().unwrap().geometry;
    assert_eq!([x, y, w, h], wanted);
}

#[test]
fn edges_and_middles_meet_and_a_guide_shows_it() {
    let mut hand = snapping(&[[100.0, 100.0, 100.0, 100.0], [300.0, 400.0, 40.0, 50.0]]);
    hand.press(300.0, 410.0).move_to(200.0, 410.0).move_to(104.0, 410.0);
    assert_eq!(hand.editor.guides().len(), 1);
    let guide = hand.editor.guides()[0];
    assert_eq!((guide.from.x, guide.from.y, guide.to.y), (100.0, 100.0, 450.0));
    hand.release(104.0, 410.0);
    expect_last(&hand, [100.0, 400.0, 40.0, 50.0]);
    assert!(hand.editor.guides().is_empty());
    hand.drag((100.0, 410.0), (127.0, 410.0));
    expect_last(&hand, [130.0, 400.0, 40.0, 50.0]);
    hand.holding(CTRL, |hand| {
        hand.press(130.0, 410.0);
    });
    hand.holding(CTRL, |hand| {
        hand.move_to(150.0, 410.0).move_to(107.0, 410.0).release(107.0, 410.0);
    });
    expect_last(&hand, [107.0, 400.0, 40.0, 50.0]);
}

#[test]
fn a_gap_becomes_as_wide_as_another() {
    let boxes = [[0.0, 100.0, 50.0, 50.0], [100.0, 100.0, 50.0, 50.0], [400.0, 110.0, 30.0, 30.0]];
    let mut hand = snapping(&boxes);
    hand.press(400.0, 120.0).move_to(300.0, 132.0).move_to(203.0, 132.0);
    let gaps: Vec<_> = hand.editor.guides().iter().filter(|guide| guide.is_gap).collect();
    assert_eq!(gaps.len(), 2, "{:?}", hand.editor.guides());
    hand.release(203.0, 132.0);
    assert_eq!(hand.elements()[2].geometry.x, 200.0);
    // Between two, as far from both.
    let mut hand = snapping(&[
        [0.0, 100.0, 50.0, 50.0],
        [250.0, 100.0, 50.0, 50.0],
        [600.0, 137.0, 40.0, 40.0],
    ]);
    hand.drag((600.0, 150.0), (126.0, 150.0));
    assert_eq!(hand.elements()[2].geometry.x, 130.0);
}

#[test]
fn sizes_snap_too_and_so_does_what_is_drawn() {
    let mut hand = snapping(&[[100.0, 100.0, 100.0, 100.0], [100.0, 400.0, 50.0, 50.0]]);
    hand.click(100.0, 420.0).drag((155.0, 455.0), (202.0, 480.0));
    expect_last(&hand, [100.0, 400.0, 100.0, 75.0]);
    hand.pick(Tool::Rectangle).drag((500.0, 500.0), (600.0, 203.0));
    expect_last(&hand, [500.0, 200.0, 100.0, 300.0]);
}

#[test]
fn on_a_grid_everything_stands_on_its_lines() {
    let mut hand = Hand::new();
    hand.holding(CTRL, |hand| {
        hand.key("'");
    });
    assert_eq!(hand.editor.grid(), Some(20.0));
    hand.pick(Tool::Rectangle).drag((103.0, 98.0), (217.0, 165.0));
    hand.expect_box(100.0, 100.0, 120.0, 60.0);
    hand.drag((100.0, 130.0), (113.0, 130.0)).expect_box(120.0, 100.0, 120.0, 60.0);
    hand.key("ArrowLeft").expect_box(100.0, 100.0, 120.0, 60.0);
    hand.holding(SHIFT, |hand| {
        hand.key("ArrowDown");
    });
    hand.expect_box(100.0, 105.0, 120.0, 60.0);
    hand.command(Command::Grid).drag((100.0, 130.0), (113.0, 130.0));
    hand.expect_box(113.0, 105.0, 120.0, 60.0);
    hand.command(Command::Grid).pick(Tool::Line).drag((303.0, 305.0), (444.0, 391.0));
    expect_last(&hand, [300.0, 300.0, 140.0, 100.0]);
}

#[test]
fn what_is_out_of_view_is_not_snapped_to() {
    let mut hand = snapping(&[[5_000.0, 100.0, 100.0, 100.0], [300.0, 400.0, 50.0, 50.0]]);
    hand.drag((300.0, 410.0), (300.0, 113.0));
    assert_eq!(hand.elements()[1].geometry.y, 103.0);
}
