//! What a click, a box and a loop choose: groups, locks, labels.

use editor::{Ask, Command, Input, Pointer, ScreenPoint, Tool, UNLOCK};
use shared::board::Change;
use shared::element::{Align, NewElement, Shape, Style, StylePatch, Text};
use shared::geometry::Geometry;
use shared::id::ElementId;

use crate::hand::Hand;
use crate::{ALT, CTRL, SHIFT};

/// Three boxes; the first two are a pair, and with the third one a group around it.
fn nested() -> (Hand, Vec<ElementId>) {
    let mut hand = Hand::new();
    let rectangle = |x: f64, groups: &[&str]| {
        let geometry = Geometry { x, y: 100.0, w: 50.0, h: 50.0, ..Geometry::default() };
        let mut new = NewElement::new(Some(geometry), Style::default(), Shape::Rectangle);
        new.groups = groups.iter().map(|&group| group.into()).collect();
        new
    };
    let boxes =
        [rectangle(100.0, &["a", "b"]), rectangle(200.0, &["a", "b"]), rectangle(300.0, &["b"])];
    let ids = hand.given(boxes.into());
    hand.pick(Tool::Select);
    (hand, ids)
}

#[test]
fn each_double_click_goes_one_group_deeper_and_escape_comes_out() {
    let (mut hand, ids) = nested();
    let all: Vec<_> = ids.iter().collect();
    hand.click(100.0, 120.0).expect_chosen(&all);
    hand.double_click(100.0, 120.0).expect_chosen(&all[..2]);
    hand.double_click(100.0, 120.0).expect_chosen(&all[..1]);
    hand.click(200.0, 120.0).expect_chosen(&all[1..2]);
    hand.key("Escape").expect_chosen(&all[..2]);
    hand.key("Escape").expect_chosen(&all);
    hand.key("Escape").expect_chosen(&[]);
}

#[test]
fn a_click_beside_a_group_leaves_it_and_control_goes_right_to_the_bottom() {
    let (mut hand, ids) = nested();
    let all: Vec<_> = ids.iter().collect();
    hand.holding(CTRL, |hand| {
        hand.click(200.0, 120.0);
    });
    hand.expect_chosen(&all[1..2]);
    hand.click(700.0, 700.0).expect_chosen(&[]);
    hand.click(200.0, 120.0).expect_chosen(&all);
}

#[test]
fn shift_adds_and_takes_away_whole_groups() {
    let (mut hand, ids) = nested();
    let alone = hand.given_boxes(&[[500.0, 100.0, 50.0, 50.0]]).remove(0);
    let mut all: Vec<_> = ids.iter().collect();
    hand.click(500.0, 120.0);
    hand.holding(SHIFT, |hand| {
        hand.click(300.0, 120.0);
    });
    all.push(&alone);
    hand.expect_chosen(&all);
    hand.holding(SHIFT, |hand| {
        hand.click(100.0, 120.0);
    });
    hand.expect_chosen(&[&alone]);
}

#[test]
fn a_box_that_holds_one_of_a_group_chooses_the_group() {
    let (mut hand, ids) = nested();
    hand.drag((80.0, 80.0), (160.0, 160.0));
    hand.expect_chosen(&ids.iter().collect::<Vec<_>>());
}

#[test]
fn a_loop_chooses_what_it_goes_around_and_through() {
    let mut hand = Hand::new();
    let ids = hand.given_boxes(&[
        [100.0, 100.0, 50.0, 50.0],
        [300.0, 100.0, 300.0, 50.0],
        [100.0, 500.0, 50.0, 50.0],
    ]);
    hand.pick(Tool::Lasso).press(80.0, 80.0);
    for (x, y) in [(350.0, 80.0), (350.0, 200.0), (80.0, 200.0)] {
        hand.move_to(x, y);
    }
    hand.release(80.0, 200.0).expect_chosen(&[&ids[0], &ids[1]]);
    assert_eq!(hand.editor.tool(), Tool::Select);
    hand.holding(ALT, |hand| {
        hand.press(80.0, 480.0).move_to(200.0, 480.0).move_to(200.0, 600.0).move_to(80.0, 600.0);
        assert!(hand.editor.lasso().len() > 3);
        hand.release(80.0, 600.0);
    });
    hand.expect_chosen(&[&ids[2]]);
}

#[test]
fn what_is_locked_is_not_touched_until_it_is_unlocked() {
    let mut hand = Hand::new();
    let id = hand.given_boxes(&[[100.0, 100.0, 50.0, 50.0]]).remove(0);
    hand.pick(Tool::Select).click(100.0, 120.0);
    hand.holding(SHIFT, |hand| {
        hand.key("l");
    });
    assert!(hand.only().locked);
    hand.drag((50.0, 50.0), (300.0, 300.0)).expect_chosen(&[]);
    hand.command(Command::SelectAll).expect_chosen(&[]);

    let pointer = hand.pointer(1, 100.0, 120.0);
    hand.input(Input::Down(Pointer { button: 2, ..pointer })).expect_chosen(&[&id]);
    assert_eq!(hand.effects.asks, [Ask::Menu(pointer.sample.at)]);
    hand.key("Delete").key("ArrowLeft").drag((120.0, 120.0), (300.0, 300.0));
    hand.expect_box(100.0, 100.0, 50.0, 50.0);
    assert!(hand.editor.panel_fields(&hand.board).is_empty(), "there is nothing to change");
    hand.input(Input::Restyle(StylePatch { opacity: Some(0.5), ..StylePatch::default() }));
    assert_eq!(hand.only().style.opacity, 1.0);
    hand.input(Input::Down(Pointer { button: 2, ..pointer })).command(Command::Lock);
    assert!(!hand.only().locked);
    hand.command(Command::Lock).command(Command::UnlockAll).expect_chosen(&[&id]);
}

#[test]
fn a_click_on_a_label_means_what_it_labels() {
    let mut hand = Hand::new();
    let container = hand.given_boxes(&[[100.0, 100.0, 200.0, 100.0]]).remove(0);
    let (value, lines, align) = ("Hi".into(), vec!["Hi".into()], Align::Center);
    let text = Text { value, lines, align, ..Text::default() };
    let geometry = Geometry { x: 180.0, y: 140.0, w: 40.0, h: 25.0, ..Geometry::default() };
    let label = NewElement::new(Some(geometry), Style::default(), Shape::Text(text));
    let label = hand.given(vec![label]).remove(0);
    hand.board.change(&[(label.clone(), Change::Contain(Some(container.clone())))]);
    hand.pick(Tool::Select).click(200.0, 150.0).expect_chosen(&[&container]);
    hand.drag((200.0, 150.0), (210.0, 150.0));
    assert_eq!((hand.geometry(&container).x, hand.geometry(&label).x), (110.0, 190.0));
    hand.command(Command::Duplicate);
    assert_eq!((hand.n_selected(), hand.elements().len()), (1, 4));
    hand.command(Command::SelectAll);
    assert_eq!(hand.n_selected(), 2);
    hand.key("Delete");
    assert!(hand.elements().is_empty());
}

#[test]
fn a_click_on_what_is_locked_offers_to_unlock_it_and_moves_nothing() {
    let mut hand = Hand::new();
    let ids = hand.given_boxes(&[[100.0, 100.0, 400.0, 300.0], [200.0, 200.0, 50.0, 50.0]]);
    hand.pick(Tool::Select).click(100.0, 120.0).command(Command::Lock);
    assert_eq!(hand.editor.unlock_button(&hand.board), None);
    hand.click(100.0, 120.0).expect_chosen(&[&ids[0]]);
    assert!(hand.editor.handles(&hand.board).is_empty());
    // A box can be drawn on it as on the bare board.
    hand.drag((150.0, 150.0), (300.0, 300.0)).expect_chosen(&[&ids[1]]);
    assert_eq!(hand.editor.unlock_button(&hand.board), None, "there is nothing to unlock");
    hand.drag((100.0, 120.0), (150.0, 120.0)).expect_chosen(&[]);
    hand.click(100.0, 120.0)
        .expect_boxes(&[[100.0, 100.0, 400.0, 300.0], [200.0, 200.0, 50.0, 50.0]]);
    let button = hand.editor.unlock_button(&hand.board).unwrap();
    let mut looked = |dx: f64, dy: f64| {
        _ = hand.editor.look(|camera| camera.pan(dx, dy));
        hand.editor.unlock_button(&hand.board)
    };
    let within = looked(0.0, -200.0).unwrap();
    assert!((0.0..50.0).contains(&within.y), "it stays where it is seen: {within:?}");
    assert_eq!((looked(0.0, -900.0), looked(0.0, 1100.0)), (None, Some(button)));
    assert!(button.y + UNLOCK.height < 100.0, "{button:?}");
    hand.click(button.x + 10.0, button.y + 10.0).expect_chosen(&[&ids[0]]);
    assert!(hand.elements().iter().all(|it| !it.locked));
    assert_eq!(hand.editor.unlock_button(&hand.board), None);
    hand.command(Command::Undo);
    assert!(hand.elements()[0].locked);
    hand.command(Command::ViewMode).click(100.0, 120.0);
    assert_eq!(hand.editor.unlock_button(&hand.board), None);
}

#[test]
fn tab_goes_through_the_board_in_the_order_of_reading() {
    let mut hand = Hand::new();
    let boxes =
        [[300.0, 100.0, 50.0, 50.0], [100.0, 300.0, 50.0, 50.0], [100.0, 100.0, 50.0, 50.0]];
    let ids = hand.given_boxes(&boxes);
    hand.pick(Tool::Select).key("Tab");
    assert!(!hand.effects.is_handled, "with nothing chosen it is the page's");
    hand.command(Command::SelectAll).key("Tab").expect_chosen(&[&ids[2]]);
    assert!(hand.effects.is_handled);
    hand.key("Tab").expect_chosen(&[&ids[0]]);
    hand.key("Tab").expect_chosen(&[&ids[1]]);
    hand.key("Tab").expect_chosen(&[&ids[2]]);
    hand.holding(SHIFT, |hand| {
        hand.key("Tab").expect_chosen(&[&ids[1]]);
        hand.key("Tab").expect_chosen(&[&ids[0]]);
    });
    // A group is one stop, and what stands between its members another.
    hand.click(100.0, 120.0).holding(SHIFT, |hand| {
        hand.click(100.0, 320.0);
    });
    hand.command(Command::Group).key("Tab").expect_chosen(&[&ids[0]]);
    hand.key("Tab").expect_chosen(&[&ids[1], &ids[2]]);
    hand.key("Tab").expect_chosen(&[&ids[0]]);
    hand.key("Escape").key("Tab");
    assert!(!hand.effects.is_handled, "Escape gives it back");
}

#[test]
fn the_menu_opens_by_keys_beside_what_is_chosen() {
    let mut hand = Hand::new();
    hand.given_boxes(&[[100.0, 100.0, 50.0, 50.0]]);
    hand.pick(Tool::Select).key("ContextMenu");
    assert_eq!(hand.effects.asks, [Ask::Menu(ScreenPoint::new(500.0, 400.0))]);
    hand.click(100.0, 120.0).key("F10");
    assert_eq!(hand.effects.asks, []);
    hand.holding(SHIFT, |hand| {
        hand.key("F10");
    });
    assert_eq!(hand.effects.asks, [Ask::Menu(ScreenPoint::new(150.0, 100.0))]);
}
