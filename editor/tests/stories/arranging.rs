//! Groups, lines of things, looks and links, by commands and keys.

use editor::{Ask, Axis, Command, Input, Modifiers, Side, Tool};
use shared::color::Color;
use shared::element::StylePatch;
use shared::id::ElementId;

use crate::hand::Hand;
use crate::{ALT, CTRL, SHIFT};

const CTRL_SHIFT: Modifiers = Modifiers { shift: true, ctrl: true, alt: false };
const CTRL_ALT: Modifiers = Modifiers { shift: false, ctrl: true, alt: true };

fn three() -> (Hand, Vec<ElementId>) {
    let mut hand = Hand::new();
    let ids = hand.given_boxes(&[
        [0.0, 0.0, 50.0, 50.0],
        [60.0, 100.0, 100.0, 20.0],
        [300.0, 30.0, 100.0, 100.0],
    ]);
    hand.command(Command::SelectAll);
    (hand, ids)
}

#[test]
fn elements_are_aligned_and_it_is_one_step() {
    let (mut hand, _) = three();
    hand.holding(CTRL_SHIFT, |hand| {
        hand.key("ArrowLeft");
    });
    let xs = |hand: &Hand| hand.elements().iter().map(|it| it.geometry.x).collect::<Vec<_>>();
    let ys = |hand: &Hand| hand.elements().iter().map(|it| it.geometry.y).collect::<Vec<_>>();
    assert_eq!(xs(&hand), [0.0, 0.0, 0.0]);
    hand.command(Command::Undo);
    assert_eq!(xs(&hand), [0.0, 60.0, 300.0]);
    for (axis, side, wanted) in [
        (Axis::Across, Side::End, [350.0, 300.0, 300.0]),
        (Axis::Across, Side::Middle, [175.0, 150.0, 150.0]),
    ] {
        hand.command(Command::Align(axis, side));
        assert_eq!(xs(&hand), wanted);
        hand.command(Command::Undo);
    }
    hand.command(Command::Align(Axis::Down, Side::End));
    assert_eq!(ys(&hand), [80.0, 110.0, 30.0]);
}

#[test]
fn elements_are_spread_evenly_and_groups_stay_together() {
    let (mut hand, _) = three();
    hand.holding(ALT, |hand| {
        hand.key("h");
    });
    // 400 wide, 250 of it filled.
    hand.expect_boxes(&[
        [0.0, 0.0, 50.0, 50.0],
        [125.0, 100.0, 100.0, 20.0],
        [300.0, 30.0, 100.0, 100.0],
    ]);
    let (mut hand, ids) = three();
    hand.key("Escape").click(0.0, 25.0);
    hand.holding(SHIFT, |hand| {
        hand.click(60.0, 110.0);
    });
    hand.command(Command::Group).command(Command::SelectAll);
    hand.command(Command::Align(Axis::Across, Side::End));
    let gap = hand.geometry(&ids[1]).x - hand.geometry(&ids[0]).x;
    assert_eq!((gap, hand.geometry(&ids[1]).x), (60.0, 300.0));
}

#[test]
fn groups_nest_and_come_apart_one_by_one() {
    let (mut hand, ids) = three();
    let groups = |hand: &Hand| {
        ids.iter().map(|id| hand.board.element(id).unwrap().groups.len()).collect::<Vec<_>>()
    };
    hand.key("Escape").click(0.0, 25.0);
    hand.holding(SHIFT, |hand| {
        hand.click(60.0, 110.0);
    });
    hand.holding(CTRL, |hand| {
        hand.key("g").key("g");
    });
    assert_eq!(groups(&hand), [1, 1, 0], "a group of one group is none");
    hand.command(Command::SelectAll).command(Command::Group);
    assert_eq!(groups(&hand), [2, 2, 1]);
    hand.double_click(0.0, 25.0).expect_chosen(&[&ids[0], &ids[1]]);
    hand.holding(CTRL_SHIFT, |hand| {
        hand.key("g");
    });
    assert_eq!(groups(&hand), [1, 1, 1], "the inner one is apart, the outer one is whole");
    hand.key("Escape").command(Command::Ungroup);
    assert_eq!(groups(&hand), [0, 0, 0]);
    hand.command(Command::Undo).command(Command::Undo);
    assert_eq!(groups(&hand), [2, 2, 1]);
}

#[test]
fn looks_are_copied_from_one_to_others() {
    let (mut hand, ids) = three();
    let red = Color::rgb(0xff0000);
    hand.key("Escape").click(0.0, 25.0);
    let patch = StylePatch { stroke: Some(red), width: Some(4.0), ..StylePatch::default() };
    hand.input(Input::Restyle(patch)).holding(CTRL_ALT, |hand| {
        hand.key("c");
    });
    hand.click(60.0, 110.0).holding(CTRL_ALT, |hand| {
        hand.key("v");
    });
    let style = |hand: &Hand| hand.board.element(&ids[1]).unwrap().style;
    assert_eq!((style(&hand).stroke, style(&hand).width), (red, 4.0));
    hand.command(Command::Undo);
    assert_eq!(style(&hand).stroke, Color::INK);
}

#[test]
fn links_lead_to_addresses_and_to_elements() {
    let (mut hand, ids) = three();
    hand.key("Escape").click(0.0, 25.0).holding(CTRL, |hand| {
        hand.key("k");
    });
    assert_eq!(hand.effects.asks, [Ask::Link]);
    for (link, leads_to) in [
        ("example.org/a", Some("https://example.org/a")),
        ("http://localhost:80/", Some("http://localhost:80/")),
        ("javascript:alert(1)", None),
    ] {
        hand.input(Input::Link(Some(link.into())));
        assert_eq!(hand.editor.link(&hand.board), Some(link));
        hand.command(Command::OpenLink);
        let asks: Vec<_> = leads_to.map(|it| Ask::Open(it.into())).into_iter().collect();
        assert_eq!(hand.effects.asks, asks);
    }
    hand.input(Input::Link(Some(format!("#{}", ids[2]))));
    hand.command(Command::OpenLink).expect_chosen(&[&ids[2]]);
    hand.click(0.0, 25.0);
}

#[test]
fn what_is_on_top_already_is_no_step_of_undo() {
    let mut hand = Hand::new();
    hand.pick(Tool::Rectangle).drag((0.0, 0.0), (50.0, 50.0));
    hand.pick(Tool::Rectangle).drag((100.0, 0.0), (150.0, 50.0));
    hand.command(Command::ToFront).command(Command::Forward).command(Command::SelectAll);
    hand.command(Command::ToBack).command(Command::Backward);
    hand.command(Command::Undo).expect_kinds(&["rectangle"]);
}

#[test]
fn a_nudge_takes_labels_and_frames_along_and_restacking_keeps_pairs() {
    let (mut hand, ids) = three();
    hand.key("Escape").click(0.0, 25.0).key("]");
    assert_eq!(hand.elements()[2].id, ids[0]);
    hand.holding(CTRL, |hand| {
        hand.key("[");
    });
    assert_eq!(hand.elements()[1].id, ids[0]);
}

#[test]
fn a_group_lies_together_in_the_stack() {
    let (mut hand, ids) = three();
    hand.key("Escape").click(0.0, 25.0);
    hand.holding(SHIFT, |hand| {
        hand.click(300.0, 80.0);
    });
    hand.command(Command::Group);
    let order = |hand: &Hand| hand.elements().into_iter().map(|it| it.id).collect::<Vec<_>>();
    assert_eq!(order(&hand), [ids[1].clone(), ids[0].clone(), ids[2].clone()]);
    hand.command(Command::Undo);
    assert_eq!(order(&hand), ids);
}

#[test]
fn a_click_on_the_mark_of_a_link_follows_it() {
    let mut hand = Hand::new();
    let ids = hand.given_boxes(&[[100.0, 100.0, 100.0, 100.0], [3_000.0, 100.0, 50.0, 50.0]]);
    hand.pick(Tool::Select).click(100.0, 150.0).input(Input::Link(Some("example.org".into())));
    hand.key("Escape").move_to(215.0, 85.0);
    assert_eq!(hand.editor.pointed_link(), Some("example.org"));
    assert_eq!(hand.editor.pointer_shape(&hand.board), "pointer");
    hand.press(215.0, 85.0).release(216.0, 85.0);
    assert_eq!(hand.effects.asks, [Ask::Open("https://example.org".into())]);
    assert_eq!(hand.n_selected(), 0);
    hand.press(215.0, 85.0).move_to(400.0, 300.0).release(400.0, 300.0);
    assert!(hand.effects.asks.is_empty(), "who slips off does not mean it");
    hand.pick(Tool::Hand).press(215.0, 85.0).release(215.0, 85.0);
    assert_eq!(hand.effects.asks.len(), 1, "who only looks follows links, too");
    hand.pick(Tool::Pen).move_to(215.0, 85.0);
    assert_eq!(hand.editor.pointed_link(), None, "a pen draws there");
    hand.pick(Tool::Select).click(100.0, 150.0);
    hand.input(Input::Link(Some(format!("#{}", ids[1])))).key("Escape").click(215.0, 85.0);
    hand.expect_chosen(&[&ids[1]]);
    assert!(hand.editor.camera().view().contains(hand.geometry(&ids[1]).bounds()));
}

#[test]
fn boxes_are_spread_and_aligned_with_the_arrows_between_them_chosen_too() {
    let mut hand = Hand::new();
    let boxes =
        [[100.0, 100.0, 100.0, 60.0], [260.0, 140.0, 100.0, 60.0], [600.0, 90.0, 100.0, 60.0]];
    let ids = hand.given_boxes(&boxes);
    hand.pick(Tool::Arrow).drag((190.0, 130.0), (270.0, 170.0));
    hand.pick(Tool::Arrow).drag((350.0, 170.0), (610.0, 120.0));
    hand.command(Command::SelectAll).command(Command::Distribute(Axis::Across));
    let left = |hand: &Hand| ids.iter().map(|id| hand.geometry(id).x).collect::<Vec<_>>();
    assert_eq!(left(&hand), [100.0, 350.0, 600.0]);
    hand.command(Command::Align(Axis::Down, Side::Start));
    assert!(ids.iter().all(|id| hand.geometry(id).y == 90.0));
}
