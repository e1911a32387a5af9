//! Lines and arrows: drawn, bent, and bound to what they touch.

use editor::{
    Axis, Command, End, Input, Measures, Modifiers, PointHandle, Preview, ScreenPoint, TextInput,
    Tool,
};
use shared::board::Board;
use shared::element::{Arrow, Element, Head, Shape, StylePatch};
use shared::geometry::{BoardPoint, Geometry};
use shared::id::{ClientId, ElementId};
use shared::presence::Gesture;

use crate::hand::Hand;
use crate::{CTRL, SHIFT};

/// The corners of the arrow on the board, where they are seen.
#[track_caller]
fn course(board: &Board) -> Vec<BoardPoint> {
    scene::corners(arrow(board))
}

#[track_caller]
fn arrow(board: &Board) -> &Element {
    let is_line =
        |it: &&std::sync::Arc<Element>| matches!(it.shape, Shape::Arrow(_) | Shape::Line(_));
    board.elements().find(is_line).unwrap()
}

fn bindings(board: &Board) -> (Option<ElementId>, Option<ElementId>) {
    let Shape::Arrow(Arrow { start, end, .. }) = &arrow(board).shape else { panic!("an arrow") };
    let name = |end: &Option<shared::element::Binding>| end.as_ref().map(|end| end.element.clone());
    (name(start), name(end))
}

#[track_caller]
fn check(board: &Board, points: &[(f64, f64)]) {
    let found = course(board);
    let is_near = |(a, b): (&BoardPoint, &(f64, f64))| a.distance(BoardPoint::new(b.0, b.1)) < 0.6;
    assert!(found.len() == points.len() && found.iter().zip(points).all(is_near), "{found:?}");
}

/// Two boxes of 100 x 100 at (100, 100) and (500, 100).
fn two_boxes() -> Hand {
    let mut hand = Hand::new();
    sharp(&mut hand);
    hand.pick(Tool::Rectangle).drag((100.0, 100.0), (200.0, 200.0));
    hand.pick(Tool::Rectangle).drag((500.0, 100.0), (600.0, 200.0));
    hand
}

fn sharp(hand: &mut Hand) {
    let edges = Some(shared::element::Edges::Sharp);
    hand.input(Input::Restyle(StylePatch { edges, ..StylePatch::default() }));
}

fn elbow(hand: &mut Hand) {
    hand.input(Input::Restyle(StylePatch { is_elbow: Some(true), ..StylePatch::default() }));
}

#[test]
fn who_says_how_arrows_look_draws_one() {
    let mut hand = Hand::new();
    elbow(&mut hand);
    assert_eq!(hand.editor.tool(), Tool::Arrow);
    hand.drag((100.0, 100.0), (300.0, 200.0)).pick(Tool::Pen);
    hand.input(Input::Head(End::Start, Head::Dot));
    assert_eq!(hand.editor.tool(), Tool::Arrow);
    hand.pick(Tool::Rectangle).drag((400.0, 400.0), (500.0, 500.0));
    elbow(&mut hand);
    assert_eq!((hand.editor.tool(), hand.n_selected()), (Tool::Arrow, 0));
    // One that is chosen is changed instead.
    hand.drag((100.0, 500.0), (300.0, 600.0)).input(Input::Head(End::Last, Head::Bar));
    assert_eq!((hand.editor.tool(), hand.n_selected()), (Tool::Select, 1));
}

/// Ends stop this far before an outline that is 2 wide.
const GAP: f64 = 6.0;

#[test]
fn a_line_is_drawn_from_click_to_click_until_enter() {
    let mut hand = Hand::new();
    hand.pick(Tool::Line).click(100.0, 100.0).move_to(200.0, 100.0).click(200.0, 100.0);
    hand.move_to(200.0, 200.0).click(200.0, 200.0).move_to(300.0, 300.0);
    assert!(hand.elements().is_empty(), "nothing is written on the way");
    hand.key("Enter");
    check(&hand.board, &[(100.0, 100.0), (200.0, 100.0), (200.0, 200.0)]);
    assert_eq!((hand.editor.tool(), hand.n_selected()), (Tool::Select, 1));
    hand.command(Command::Undo);
    assert!(hand.elements().is_empty());
}

#[test]
fn a_second_click_on_the_last_point_ends_a_line_and_escape_too() {
    for end in ["click", "Escape"] {
        let mut hand = Hand::new();
        hand.pick(Tool::Line).click(100.0, 100.0).move_to(200.0, 100.0).click(200.0, 100.0);
        if end == "click" {
            hand.click(201.0, 100.0)
        } else {
            hand.move_to(300.0, 9.0).key(end)
        };
        check(&hand.board, &[(100.0, 100.0), (200.0, 100.0)]);
        assert!(!hand.editor.is_busy());
    }
}

#[test]
fn a_click_on_the_first_point_closes_a_line() {
    let mut hand = Hand::new();
    hand.pick(Tool::Line);
    for (x, y) in [(100.0, 100.0), (200.0, 100.0), (200.0, 200.0), (103.0, 101.0)] {
        hand.move_to(x, y).click(x, y);
    }
    check(&hand.board, &[(100.0, 100.0), (200.0, 100.0), (200.0, 200.0), (100.0, 100.0)]);
}

#[test]
fn shift_turns_lines_in_steps() {
    let mut hand = Hand::new();
    hand.pick(Tool::Line).holding(SHIFT, |hand| {
        hand.drag((100.0, 100.0), (300.0, 110.0));
    });
    let end = course(&hand.board)[1];
    assert!((end.y - 100.0).abs() < 0.1, "{end:?}");
}

#[test]
fn a_point_is_dragged_a_midpoint_makes_one_and_delete_takes_one() {
    let mut hand = Hand::new();
    hand.pick(Tool::Line).drag((100.0, 100.0), (300.0, 100.0));
    hand.drag((300.0, 100.0), (300.0, 200.0));
    check(&hand.board, &[(100.0, 100.0), (300.0, 200.0)]);
    hand.drag((200.0, 150.0), (250.0, 100.0));
    check(&hand.board, &[(100.0, 100.0), (250.0, 100.0), (300.0, 200.0)]);
    hand.click(250.0, 100.0).key("Delete");
    check(&hand.board, &[(100.0, 100.0), (300.0, 200.0)]);
    hand.command(Command::Undo).command(Command::Undo);
    check(&hand.board, &[(100.0, 100.0), (300.0, 200.0)]);
}

#[test]
fn an_arrow_is_bound_to_what_it_joins_and_follows_it() {
    let mut hand = two_boxes();
    hand.pick(Tool::Arrow).drag((150.0, 150.0), (550.0, 150.0));
    check(&hand.board, &[(200.0 + GAP, 150.0), (500.0 - GAP, 150.0)]);
    hand.board.take_updates();
    hand.click(500.0, 120.0).drag((500.0, 120.0), (500.0, 420.0));
    assert_eq!(hand.board.take_updates().len(), 1, "the arrow is not written");
    let [from, to] = course(&hand.board)[..] else { panic!("two points") };
    assert!(from.y > 150.0 && from.x < 210.0 && to.x < 500.0 && to.y > 350.0, "{from:?} {to:?}");
    hand.command(Command::Undo);
    check(&hand.board, &[(200.0 + GAP, 150.0), (500.0 - GAP, 150.0)]);
}

#[test]
fn an_arrow_aims_at_where_it_was_dropped() {
    let mut hand = two_boxes();
    hand.pick(Tool::Arrow).drag((300.0, 120.0), (510.0, 120.0));
    check(&hand.board, &[(300.0, 120.0), (500.0 - GAP, 120.0)]);
    hand.click(600.0, 150.0).drag((600.0, 150.0), (600.0, 190.0));
    let end = course(&hand.board)[1];
    assert!((end.x - (500.0 - GAP)).abs() < 1.0 && (155.0..161.0).contains(&end.y), "{end:?}");
}

#[test]
fn ctrl_leaves_an_arrow_unbound_and_near_is_enough_to_bind() {
    let mut hand = two_boxes();
    hand.pick(Tool::Arrow).holding(CTRL, |hand| {
        hand.drag((150.0, 150.0), (550.0, 150.0));
    });
    assert_eq!(bindings(&hand.board), (None, None));
    check(&hand.board, &[(150.0, 150.0), (550.0, 150.0)]);
    hand.drag((550.0, 150.0), (493.0, 150.0));
    assert!(bindings(&hand.board).1.is_some());
}

#[test]
fn dragging_an_end_away_unbinds_it() {
    let mut hand = two_boxes();
    hand.pick(Tool::Arrow).drag((150.0, 150.0), (550.0, 150.0));
    hand.drag((500.0 - GAP, 150.0), (400.0, 400.0));
    assert!(bindings(&hand.board).0.is_some() && bindings(&hand.board).1.is_none());
    assert_eq!(course(&hand.board)[1], BoardPoint::new(400.0, 400.0));
    hand.drag((400.0, 400.0), (550.0, 190.0));
    assert!(bindings(&hand.board).1.is_some());
}

#[test]
fn an_arrow_that_is_moved_away_by_itself_lets_go() {
    let mut hand = two_boxes();
    hand.pick(Tool::Arrow).drag((150.0, 150.0), (550.0, 150.0));
    hand.drag((300.0, 150.0), (300.0, 300.0));
    assert_eq!(bindings(&hand.board), (None, None));
    check(&hand.board, &[(200.0 + GAP, 300.0), (500.0 - GAP, 300.0)]);
}

#[test]
fn an_arrow_that_is_moved_slides_along_what_it_is_bound_to() {
    let mut hand = two_boxes();
    hand.pick(Tool::Arrow).drag((150.0, 150.0), (550.0, 150.0));
    let slid = [(200.0 + GAP, 180.0), (500.0 - GAP, 180.0)];
    hand.press(300.0, 150.0).move_to(300.0, 160.0).move_to(300.0, 180.0);
    let mut own = Preview::default();
    hand.editor.show_preview(&hand.board, &mut own);
    for seen in [own, others_see(&hand)] {
        let [draft] = &seen.drafts[..] else { panic!("the arrow alone: {seen:?}") };
        assert!((draft.geometry.y - 180.0).abs() < 0.6 && seen.displaced.is_empty(), "{draft:?}");
    }
    hand.release(300.0, 180.0);
    check(&hand.board, &slid);
    assert!(bindings(&hand.board).0.is_some() && bindings(&hand.board).1.is_some());
    hand.click(500.0, 120.0).drag((500.0, 120.0), (500.0, 420.0));
    let end = course(&hand.board)[1];
    assert!(end.y > 420.0, "it follows: {end:?}");
    hand.command(Command::Undo).command(Command::Undo);
    check(&hand.board, &[(200.0 + GAP, 150.0), (500.0 - GAP, 150.0)]);
}

/// What others see of a gesture.
pub(crate) fn others_see(hand: &Hand) -> Preview {
    let mut preview = Preview::default();
    preview.show(&hand.shown.gesture, &hand.board);
    preview.follow(&hand.board);
    preview
}

#[test]
fn an_end_that_has_left_what_it_was_bound_to_lets_go_and_the_other_does_not() {
    let mut hand = two_boxes();
    hand.pick(Tool::Arrow).drag((150.0, 150.0), (550.0, 150.0));
    hand.drag((300.0, 150.0), (390.0, 150.0));
    assert!(bindings(&hand.board).0.is_none() && bindings(&hand.board).1.is_some());
    check(&hand.board, &[(290.0 + GAP, 150.0), (500.0 - GAP, 150.0)]);
}

#[test]
fn dragging_an_elbow_between_two_lays_the_piece_under_the_pointer() {
    let (mut hand, id, _) = with_elbow();
    hand.key("Escape").pick(Tool::Select).drag((350.0, 200.0), (300.0, 210.0));
    assert_eq!(corners_of(&hand, &id), [(206, 150), (300, 150), (300, 350), (494, 350)]);
    let Shape::Arrow(arrow) = &hand.board.element(&id).unwrap().shape else { panic!() };
    assert!(arrow.start.is_some() && arrow.end.is_some());
    hand.expect_chosen(&[&id]);
    // Keys do not move it off, a click chooses it, and with Alt it is copied.
    hand.key("ArrowDown");
    assert_eq!(corners_of(&hand, &id)[0], (206, 150));
    hand.key("Escape").click(300.0, 200.0).expect_chosen(&[&id]);
    hand.holding(Modifiers { alt: true, ..Modifiers::default() }, |hand| {
        hand.drag((300.0, 200.0), (300.0, 600.0));
    });
    assert_eq!(hand.elements().len(), 4);
}

#[test]
fn deleting_what_an_arrow_is_bound_to_leaves_the_arrow_where_it_is() {
    let mut hand = two_boxes();
    hand.pick(Tool::Arrow).drag((150.0, 150.0), (550.0, 150.0));
    hand.click(500.0, 120.0).drag((500.0, 120.0), (500.0, 220.0));
    let before = course(&hand.board);
    hand.key("Delete");
    assert_eq!(course(&hand.board), before);
    assert!(bindings(&hand.board).1.is_none());
    hand.command(Command::Undo);
    assert!(bindings(&hand.board).1.is_some());
    assert_eq!(course(&hand.board), before);
    hand.pick(Tool::Eraser).drag((480.0, 290.0), (520.0, 290.0));
    assert!(bindings(&hand.board).1.is_none());
    assert_eq!(course(&hand.board), before);
}

#[test]
fn a_copy_of_all_is_bound_to_the_copies() {
    let mut hand = two_boxes();
    hand.pick(Tool::Arrow).drag((150.0, 150.0), (550.0, 150.0));
    hand.command(Command::SelectAll).command(Command::Duplicate);
    let elements = hand.elements();
    let Shape::Arrow(copy) = &elements[5].shape else { panic!("an arrow") };
    assert_eq!(copy.start.as_ref().unwrap().element, elements[3].id);
    assert_eq!(copy.end.as_ref().unwrap().element, elements[4].id);
}

#[test]
fn what_is_bound_is_shown_following_while_somebody_else_drags() {
    let mut hand = two_boxes();
    hand.pick(Tool::Arrow).drag((150.0, 150.0), (550.0, 150.0));
    let mut viewer = Hand::new();
    for update in hand.board.take_updates() {
        viewer.board.apply_remote(&update).unwrap();
    }
    hand.click(500.0, 120.0).press(500.0, 120.0).move_to(500.0, 300.0).move_to(500.0, 420.0);
    let mut preview = Preview::default();
    preview.show(&hand.shown.gesture, &viewer.board);
    viewer.editor.show_preview(&viewer.board, &mut preview);
    let [draft] = &preview.drafts[..] else { panic!("the arrow alone: {preview:?}") };
    assert!(preview.hidden.contains(&arrow(&viewer.board).id));
    let end = draft.geometry.bounds();
    assert!(end.y1 > 380.0, "{end:?}");
}

#[test]
fn elbows_run_across_and_down_around_what_they_join() {
    let mut hand = two_boxes();
    elbow(&mut hand);
    hand.pick(Tool::Arrow).drag((150.0, 150.0), (550.0, 150.0));
    check(&hand.board, &[(200.0 + GAP, 150.0), (500.0 - GAP, 150.0)]);
    hand.click(500.0, 120.0).drag((500.0, 120.0), (500.0, 420.0));
    let end = 500.0 - GAP;
    check(&hand.board, &[(200.0 + GAP, 150.0), (350.0, 150.0), (350.0, 450.0), (end, 450.0)]);
}

/// Whether the end of an arrow is right before the outline of a box.
fn touches(point: BoardPoint, g: Geometry) -> bool {
    let at = point.rotated(g.center(), -g.angle);
    let out = |low: f64, size: f64, at: f64| (low - at).max(at - low - size).max(0.0);
    out(g.x, g.w, at.x).hypot(out(g.y, g.h, at.y)) < GAP * 1.5
        && !{
            let inner = g.bounds().inflated(-1.0);
            inner.contains_point(at)
        }
}

/// Two people move, turn and resize what an arrow is bound to, without hearing of each other for a while.
#[test]
fn whoever_moves_what_an_arrow_is_bound_to_it_touches_both() {
    let mut rng = fastrand::Rng::with_seed(7);
    for round in 0..60 {
        let mut hand = two_boxes();
        if round % 2 == 1 {
            elbow(&mut hand);
        }
        hand.pick(Tool::Arrow).drag((150.0, 150.0), (550.0, 150.0));
        let boxes: Vec<ElementId> = hand.elements()[..2].iter().map(|it| it.id.clone()).collect();
        let mut other = Board::new(ClientId::new(2).unwrap(), 2);
        other.attach_by(scene::attached);
        for _ in 0..5 {
            for update in hand.board.take_updates() {
                other.apply_remote(&update).unwrap();
            }
            for board in [&mut hand.board, &mut other] {
                for (n, id) in boxes.iter().enumerate() {
                    if rng.bool() {
                        let place = Geometry {
                            x: 600.0 * n as f64 + rng.f64() * 200.0,
                            y: rng.f64() * 500.0,
                            w: 30.0 + rng.f64() * 150.0,
                            h: 30.0 + rng.f64() * 150.0,
                            angle: if round % 2 == 0 { rng.f64() * 6.0 } else { 0.0 },
                            ..Geometry::default()
                        };
                        board.place(&[(id.clone(), place)]);
                    }
                }
            }
            for update in other.take_updates() {
                hand.board.apply_remote(&update).unwrap();
            }
        }
        for update in hand.board.take_updates() {
            other.apply_remote(&update).unwrap();
        }
        assert!(hand.board.elements().eq(other.elements()), "round {round}");
        let points = course(&hand.board);
        for (end, id) in [points[0], points[points.len() - 1]].into_iter().zip(&boxes) {
            let g = hand.board.element(id).unwrap().geometry;
            assert!(touches(end, g), "round {round}: {points:?} {g:?}");
        }
    }
}

#[test]
fn an_end_in_an_ellipse_or_diamond_stops_at_its_outline() {
    for (tool, out) in [(Tool::Ellipse, 0.5 - 0.125_f64.sqrt()), (Tool::Diamond, 0.25)] {
        let mut hand = Hand::new();
        sharp(&mut hand);
        hand.pick(tool).drag((500.0, 500.0), (700.0, 700.0));
        hand.pick(Tool::Arrow).drag((300.0, 300.0), (600.0, 600.0));
        let end = course(&hand.board)[1];
        let outline = BoardPoint::new(500.0 + 200.0 * out, 500.0 + 200.0 * out);
        assert!((end.distance(outline) - GAP).abs() < 0.5, "{tool:?} {end:?} {outline:?}");
    }
}

#[test]
fn what_a_hand_holds_is_none() {
    // Hovering without a button is the same as holding it between two clicks.
    let mut hand = Hand::new();
    hand.held = Modifiers::default();
    hand.pick(Tool::Line).click(100.0, 100.0);
    hand.input(Input::Leave);
    assert!(hand.editor.is_busy());
    hand.pick(Tool::Select);
    assert!(hand.elements().is_empty() && !hand.editor.is_busy());
}

/// What marks the elements that an arrow's ends are about to be bound to.
fn marked(hand: &Hand) -> Vec<Geometry> {
    let mut preview = Preview::default();
    hand.editor.show_preview(&hand.board, &mut preview);
    let marks = preview.drafts.iter().filter(|it| !matches!(it.shape, Shape::Arrow(_)));
    marks.map(|it| it.geometry).collect()
}

#[test]
fn what_an_end_would_be_bound_to_is_marked_before_and_while_one_draws() {
    let mut hand = Hand::new();
    let ids = hand.given_boxes(&[[100.0, 100.0, 100.0, 80.0], [400.0, 100.0, 100.0, 80.0]]);
    let (one, other) = (hand.geometry(&ids[0]), hand.geometry(&ids[1]));
    hand.pick(Tool::Arrow).move_to(300.0, 140.0);
    assert!(marked(&hand).is_empty() && !hand.effects.overlay);
    hand.move_to(195.0, 140.0);
    assert_eq!(marked(&hand), [one]);
    assert!(hand.effects.overlay);
    hand.move_to(196.0, 140.0);
    assert!(!hand.effects.overlay, "nothing new to be painted");
    hand.press(195.0, 140.0).move_to(300.0, 140.0);
    assert_eq!(marked(&hand), [one]);
    hand.move_to(410.0, 140.0);
    assert_eq!(marked(&hand), [one, other]);
    hand.release(410.0, 140.0);
    assert!(marked(&hand).is_empty());
    hand.pick(Tool::Select).move_to(150.0, 140.0);
    assert!(marked(&hand).is_empty(), "nothing but an arrow is bound");
}

#[test]
pub(crate) fn others_see_a_point_while_it_is_dragged() {
    let mut hand = Hand::new();
    hand.pick(Tool::Line).drag((100.0, 100.0), (300.0, 100.0));
    let id = hand.only().id;
    hand.press(300.0, 100.0).move_to(300.0, 200.0);
    let mut seen = Preview::default();
    seen.show(&hand.shown.gesture, &hand.board);
    assert!(seen.hidden.contains(&id));
    let Shape::Line(line) = &seen.drafts[0].shape else { panic!("no line") };
    let corners = [BoardPoint::new(100.0, 100.0), BoardPoint::new(300.0, 200.0)];
    assert_eq!(line.points, corners);
    hand.release(300.0, 200.0);
    assert_eq!(hand.shown.gesture, Gesture::default());
    assert_eq!(scene::corners(&hand.only()), corners);
}

/// A chosen elbow from the right of one box to the left of another, which lies lower: across, down, across.
pub(crate) fn with_elbow() -> (Hand, ElementId, Vec<ElementId>) {
    let mut hand = Hand::new();
    let boxes = hand.given_boxes(&[[100.0, 100.0, 100.0, 100.0], [500.0, 300.0, 100.0, 100.0]]);
    let elbow = StylePatch { is_elbow: Some(true), ..StylePatch::default() };
    hand.pick(Tool::Arrow).input(Input::Restyle(elbow));
    hand.drag((190.0, 150.0), (510.0, 350.0));
    let id = hand.editor.selection().next().unwrap().clone();
    (hand, id, boxes)
}

pub(crate) fn corners_of(hand: &Hand, id: &ElementId) -> Vec<(i32, i32)> {
    let whole = |at: &BoardPoint| (at.x.round() as i32, at.y.round() as i32);
    scene::corners(hand.board.element(id).unwrap()).iter().map(whole).collect()
}

#[test]
fn a_piece_of_an_elbow_stays_where_it_was_dragged_until_a_double_click() {
    let (mut hand, id, boxes) = with_elbow();
    let before = corners_of(&hand, &id);
    assert_eq!(before, [(206, 150), (350, 150), (350, 350), (494, 350)]);
    hand.press(350.0, 250.0).move_to(280.0, 260.0);
    assert!(matches!(hand.shown.gesture, Gesture::Reshape(_)), "others see it");
    hand.release(280.0, 260.0);
    assert_eq!(corners_of(&hand, &id), [(206, 150), (280, 150), (280, 350), (494, 350)]);
    // What it is bound to moves, by somebody else's hand too; the piece stays.
    hand.pick(Tool::Select).key("Escape").drag((510.0, 310.0), (560.0, 210.0));
    assert_eq!(hand.geometry(&boxes[1]).y, 200.0);
    assert_eq!(corners_of(&hand, &id), [(206, 150), (280, 150), (280, 250), (544, 250)]);
    hand.key("Escape").click(400.0, 250.0).double_click(280.0, 200.0);
    let middle = (200 + 550) / 2;
    assert_eq!(corners_of(&hand, &id), [(206, 150), (middle, 150), (middle, 250), (544, 250)]);
    hand.command(Command::Undo);
    assert_eq!(corners_of(&hand, &id)[1], (280, 150));
    hand.command(Command::Undo).command(Command::Undo);
    assert_eq!(corners_of(&hand, &id), before);
}

#[test]
fn the_first_piece_of_an_elbow_is_laid_aside_and_two_can_stay() {
    let (mut hand, id, _) = with_elbow();
    hand.drag((278.0, 150.0), (278.0, 80.0));
    let aside = corners_of(&hand, &id);
    assert_eq!(aside[0], (206, 150), "it still begins before the box");
    assert!(aside.windows(2).any(|ends| ends[0].1 == 80 && ends[1].1 == 80), "{aside:?}");
    let Shape::Arrow(arrow) = &hand.board.element(&id).unwrap().shape else { panic!() };
    assert_eq!(arrow.fixed.len(), 1);
    let down = aside.windows(2).rfind(|ends| ends[0].0 == ends[1].0).unwrap();
    let (x, y) = (f64::from(down[0].0), f64::from(down[0].1 + down[1].1) / 2.0);
    hand.drag((x, y), (x + 40.0, y));
    let Shape::Arrow(arrow) = &hand.board.element(&id).unwrap().shape else { panic!() };
    assert_eq!(arrow.fixed.len(), 2);
    let both = corners_of(&hand, &id);
    assert!(both.windows(2).any(|ends| ends[0].1 == 80 && ends[1].1 == 80), "{both:?}");
    assert!(both.windows(2).all(|ends| ends[0].0 == ends[1].0 || ends[0].1 == ends[1].1));
}

#[test]
fn mirroring_bound_arrows_alone_swaps_their_heads() {
    let mut hand = two_boxes();
    hand.pick(Tool::Arrow).drag((150.0, 150.0), (550.0, 150.0));
    let (bound, before) = (bindings(&hand.board), course(&hand.board));
    let heads = |hand: &Hand| {
        let Shape::Arrow(arrow) = &arrow(&hand.board).shape else { panic!("an arrow") };
        (arrow.heads.start, arrow.heads.end)
    };
    assert_eq!(heads(&hand), (Head::None, Head::Arrow));
    hand.command(Command::Flip(Axis::Across));
    assert_eq!(heads(&hand), (Head::Arrow, Head::None));
    assert_eq!((bindings(&hand.board), course(&hand.board)), (bound, before));
    hand.command(Command::Undo);
    assert_eq!(heads(&hand), (Head::None, Head::Arrow));
}

#[test]
fn mirrored_with_something_else_an_arrow_keeps_to_what_its_ends_are_at() {
    let mut hand = two_boxes();
    hand.pick(Tool::Arrow).drag((150.0, 150.0), (550.0, 150.0));
    let (start, end) = bindings(&hand.board);
    hand.pick(Tool::Ellipse).drag((300.0, 120.0), (400.0, 180.0));
    // The arrow and the ellipse, which is in the middle between the boxes.
    hand.holding(SHIFT, |hand| _ = hand.click(250.0, 150.0));
    assert_eq!(hand.n_selected(), 2);
    hand.command(Command::Flip(Axis::Across));
    assert_eq!(bindings(&hand.board), (end, start), "it leads back now");
    // Upside down it is elsewhere, where nothing is that it was bound to.
    hand.command(Command::Undo).key("Escape").drag((350.0, 120.0), (350.0, 420.0));
    hand.holding(SHIFT, |hand| _ = hand.click(250.0, 150.0));
    hand.command(Command::Flip(Axis::Down));
    assert_eq!(bindings(&hand.board), (None, None));
}

#[test]
fn a_bound_arrow_alone_and_an_elbow_are_not_turned() {
    let turn = |angle| Input::Measure(Measures { angle: Some(angle), ..Measures::default() });
    let mut hand = two_boxes();
    hand.pick(Tool::Arrow).drag((150.0, 150.0), (550.0, 150.0));
    let (bound, before) = (bindings(&hand.board), course(&hand.board));
    assert!(!hand.editor.looks(&hand.board).can_turn);
    hand.input(turn(1.0));
    assert_eq!((bindings(&hand.board), course(&hand.board)), (bound, before));
    let mut free = Hand::new();
    free.pick(Tool::Arrow).drag((100.0, 100.0), (300.0, 100.0));
    assert!(free.editor.looks(&free.board).can_turn);
    free.input(turn(std::f64::consts::FRAC_PI_2));
    check(&free.board, &[(200.0, 0.0), (200.0, 200.0)]);
    free.command(Command::Undo);
    elbow(&mut free);
    assert!(!free.editor.looks(&free.board).can_turn);
}

/// The handle in the middle of a piece is beside the label that stands there, and lays or bends the arrow from there.
#[test]
fn a_label_does_not_hide_the_handle_of_the_piece_that_it_stands_on() {
    let write = |hand: &mut Hand, x, y, text: &str| {
        hand.input(Input::DoubleClick(ScreenPoint::new(x, y)));
        hand.input(crate::typed(text)).input(Input::Text(TextInput::Done));
    };
    let handle = |hand: &Hand, is_meant: fn(&PointHandle) -> bool| {
        let all = hand.editor.point_handles(&hand.board);
        let line = arrow(&hand.board);
        let label = scene::label_box(line).unwrap();
        let is_beside = |(it, at): &(PointHandle, BoardPoint)| {
            !(it.is_new || it.is_piece) || !label.inflated(4.0).contains_point(*at)
        };
        assert!(all.iter().all(is_beside), "{all:?}");
        all.into_iter().find(|(it, _)| is_meant(it)).unwrap().1
    };
    let (mut hand, id, _) = with_elbow();
    write(&mut hand, 350.0, 250.0, "maybe");
    hand.key("Escape").click(350.0, 200.0).expect_chosen(&[&id]);
    let at = handle(&hand, |it| it.is_piece && it.index == 1);
    assert_eq!(at.x, 350.0, "on the piece");
    hand.drag((at.x, at.y), (at.x - 50.0, at.y));
    assert_eq!(corners_of(&hand, &id), [(206, 150), (300, 150), (300, 350), (494, 350)]);

    let mut hand = two_boxes();
    hand.pick(Tool::Arrow).drag((150.0, 150.0), (550.0, 150.0));
    write(&mut hand, 350.0, 150.0, "so");
    hand.key("Escape").click(230.0, 150.0);
    let at = handle(&hand, |it| it.is_new);
    assert_eq!(at.y, 150.0, "on the arrow");
    hand.drag((at.x, at.y), (at.x, at.y + 80.0));
    assert_eq!(course(&hand.board).len(), 3);
    // A label that covers all of a piece has it beside itself.
    let mut hand = Hand::new();
    hand.given_boxes(&[[100.0, 100.0, 100.0, 100.0], [280.0, 100.0, 100.0, 100.0]]);
    hand.pick(Tool::Arrow).drag((190.0, 150.0), (290.0, 150.0));
    write(&mut hand, 240.0, 150.0, "a long way");
    hand.key("Escape").click(220.0, 150.0);
    assert!(handle(&hand, |it| it.is_new).y > 160.0);
}

#[test]
fn mirrored_with_what_it_joins_an_arrow_is_the_mirrored_arrow() {
    let (mut hand, id, _) = with_elbow();
    // From the right side of the one to the left of the other, not to their middles.
    hand.drag((494.0, 350.0), (505.0, 330.0));
    let before = corners_of(&hand, &id);
    hand.command(Command::SelectAll).command(Command::Flip(Axis::Across));
    let mirrored: Vec<_> = before.iter().map(|(x, y)| (700 - x, *y)).collect();
    assert_eq!(corners_of(&hand, &id), mirrored);
    // Its ends are where they look to be: what it is bound to takes it along.
    hand.command(Command::SelectAll).command(Command::Flip(Axis::Down));
    let turned: Vec<_> = mirrored.iter().map(|(x, y)| (*x, 500 - y)).collect();
    assert_eq!(corners_of(&hand, &id), turned);
}

#[test]
fn who_has_written_on_a_bent_arrow_deletes_all_of_it() {
    let mut hand = Hand::new();
    hand.pick(Tool::Arrow).drag((100.0, 300.0), (500.0, 300.0));
    hand.drag((300.0, 300.0), (300.0, 200.0)).double_click(300.0, 200.0);
    hand.input(crate::typed("so")).input(Input::Text(TextInput::Done));
    let on_label: Vec<_> = hand.editor.point_handles(&hand.board);
    let on_label = on_label.iter().filter(|(it, _)| it.is_on_label).map(|(it, _)| it.index);
    assert_eq!(on_label.collect::<Vec<_>>(), [1]);
    hand.key("Delete");
    assert!(hand.elements().is_empty());
}
