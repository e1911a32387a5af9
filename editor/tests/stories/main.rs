//! What gestures do, told as stories.
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod arranging;
mod arrows;
mod choosing;
mod copying;
mod cropping;
mod elbows;
mod hand;
mod labels;
mod many;
mod notes;
mod pictures;
mod placing;
mod rubbing;
mod snapping;
mod touching;

use std::time::Duration;

use editor::{
    COMMANDS, Command, Input, Modifiers, PointerKind, RemoteStrokes, Sample, ScreenPoint, TOOLS,
    TextInput, Tool,
};
use hand::Hand;
use shared::board::Board;
use shared::color::Color;
use shared::element::{Shape, StylePatch};
use shared::id::{ClientId, MemberId};
use shared::limits::INK_COMMIT_EVERY;
use shared::presence::Gesture;
use shared::time::Time;

const SHIFT: Modifiers = Modifiers { shift: true, ctrl: false, alt: false };
const ALT: Modifiers = Modifiers { shift: false, ctrl: false, alt: true };
const CTRL: Modifiers = Modifiers { shift: false, ctrl: true, alt: false };

#[test]
fn dragging_draws_each_shape_and_hands_back_the_select_tool() {
    for (tool, kind) in [
        (Tool::Rectangle, "rectangle"),
        (Tool::Ellipse, "ellipse"),
        (Tool::Diamond, "diamond"),
        (Tool::Line, "line"),
        (Tool::Arrow, "arrow"),
    ] {
        let mut hand = Hand::new();
        hand.pick(tool).drag((100.0, 100.0), (300.0, 250.0));
        hand.expect_kinds(&[kind]).expect_box(100.0, 100.0, 200.0, 150.0);
        assert_eq!((hand.editor.tool(), hand.n_selected()), (Tool::Select, 1));
    }
}

#[test]
fn the_highlighter_covers_a_line_of_handwriting() {
    let mut hand = Hand::new();
    hand.pick(Tool::Highlighter).drag((0.0, 0.0), (50.0, 0.0));
    assert_eq!(hand.only().style.width, 20.0);
    hand.pick(Tool::Select).key("Escape").click(20.0, 0.0);
    assert_eq!(hand.editor.shown_style(&hand.board).0.width, 2.0);
}

#[test]
fn a_locked_tool_stays_in_hand() {
    let mut hand = Hand::new();
    hand.pick(Tool::Rectangle).key("q").drag((0.0, 0.0), (50.0, 50.0));
    hand.drag((100.0, 0.0), (150.0, 50.0));
    hand.expect_kinds(&["rectangle", "rectangle"]);
    assert_eq!(hand.editor.tool(), Tool::Rectangle);
}

#[test]
fn shift_makes_squares_and_alt_grows_from_the_middle() {
    let mut hand = Hand::new();
    hand.pick(Tool::Rectangle);
    hand.holding(SHIFT, |hand| {
        hand.drag((100.0, 100.0), (300.0, 150.0));
    });
    hand.expect_box(100.0, 100.0, 200.0, 200.0);
    hand.command(Command::Undo).pick(Tool::Rectangle);
    hand.holding(ALT, |hand| {
        hand.drag((100.0, 100.0), (150.0, 120.0));
    });
    hand.expect_box(50.0, 80.0, 100.0, 40.0);
}

#[test]
fn a_slip_draws_nothing() {
    let mut hand = Hand::new();
    hand.pick(Tool::Rectangle).drag((100.0, 100.0), (101.0, 101.0));
    assert!(hand.elements().is_empty());
    assert!(hand.board.take_updates().is_empty());
}

#[test]
fn a_stroke_is_written_in_chunks_and_undone_as_one() {
    let mut hand = Hand::new();
    hand.pick(Tool::Pen).press(10.0, 10.0);
    assert!(hand.board.take_updates().is_empty(), "a press alone writes nothing");
    for x in 1..=30 {
        hand.move_to(10.0 + f64::from(x), 10.0);
        hand.pass(Duration::from_millis(20));
    }
    let written = hand.n_ink_points();
    assert!((20..31).contains(&written), "most of it is safe before the end: {written}");
    hand.release(40.0, 10.0);
    assert_eq!(hand.n_ink_points(), 31);
    hand.command(Command::Undo);
    assert!(hand.elements().is_empty());
    hand.command(Command::Redo);
    assert_eq!(hand.n_ink_points(), 31);
}

#[test]
fn a_click_with_the_pen_leaves_a_dot() {
    let mut hand = Hand::new();
    hand.pick(Tool::Pen).click(10.0, 10.0);
    assert_eq!(hand.n_ink_points(), 1);
}

/// Somebody who watches the hand, with a document that lags behind.
struct Viewer {
    board: Board,
    strokes: RemoteStrokes,
    now: Time,
}

impl Viewer {
    const HAND: MemberId = MemberId(1);

    fn new() -> Self {
        let board = Board::new(ClientId::new(2).unwrap(), 2);
        Self { board, strokes: RemoteStrokes::default(), now: Time(0) }
    }

    fn see(&mut self, hand: &Hand) {
        self.strokes.handle_shown(Self::HAND, &hand.shown.gesture, &self.board, self.now);
    }

    fn hear(&mut self, hand: &mut Hand) {
        for update in hand.board.take_updates() {
            self.board.apply_remote(&update).unwrap();
        }
        self.strokes.handle_board(&self.board);
    }

    /// The points of the strokes that flow.
    fn n_points(&self) -> Vec<usize> {
        self.strokes.flowing().map(|stroke| stroke.ink.points.len()).collect()
    }
}

#[test]
fn others_see_a_stroke_while_it_is_drawn() {
    let (mut hand, mut viewer) = (Hand::new(), Viewer::new());
    hand.pick(Tool::Pen).press(0.0, 0.0);
    for x in 1..=40 {
        hand.move_to(f64::from(x), 0.0).pass(Duration::from_millis(30));
        viewer.see(&hand);
        assert_eq!(viewer.n_points(), [x as usize + 1]);
        viewer.hear(&mut hand);
        assert_eq!(viewer.n_points(), [x as usize + 1], "what is written is not there twice");
    }
    hand.release(40.0, 0.0);
    assert_eq!(hand.shown.gesture, Gesture::default());
    viewer.see(&hand);
    assert_eq!(viewer.n_points(), [41], "until the document has all of it");
    viewer.hear(&mut hand);
    assert_eq!(viewer.n_points(), [0; 0]);
    assert_eq!(hand.n_ink_points(), 41);
}

#[test]
fn a_stroke_that_ended_waits_for_its_own_points_and_not_for_others() {
    let (mut hand, mut viewer) = (Hand::new(), Viewer::new());
    hand.pick(Tool::Pen).press(0.0, 0.0).move_to(9.0, 0.0);
    viewer.see(&hand);
    hand.release(9.0, 0.0);
    viewer.see(&hand);
    // Somebody else's edit comes first, and the next stroke begins.
    viewer.strokes.handle_board(&viewer.board);
    hand.press(50.0, 50.0);
    viewer.see(&hand);
    assert_eq!(viewer.n_points(), [2, 1]);
    viewer.hear(&mut hand);
    assert_eq!(viewer.n_points(), [1]);
    // The line is slow: what is not written in time is not shown either.
    hand.release(50.0, 50.0);
    viewer.see(&hand);
    let until = viewer.strokes.poll_timeout().unwrap();
    assert!(viewer.strokes.handle_timeout(until));
    assert_eq!(viewer.n_points(), [0; 0]);
}

#[test]
fn a_stroke_flows_until_its_author_vanishes_or_somebody_takes_it() {
    let begin = || {
        let (mut hand, mut viewer) = (Hand::new(), Viewer::new());
        hand.pick(Tool::Pen).press(0.0, 0.0).move_to(9.0, 0.0).pass(Duration::from_millis(300));
        hand.move_to(19.0, 0.0);
        viewer.see(&hand);
        viewer.hear(&mut hand);
        assert_eq!(viewer.n_points(), [3]);
        (hand, viewer)
    };
    let id = |viewer: &Viewer| viewer.board.elements().next().unwrap().id.clone();

    let (_, mut viewer) = begin();
    viewer.strokes.retain(|_| false);
    assert_eq!(viewer.n_points(), [0; 0]);

    let (_, mut viewer) = begin();
    viewer.board.delete(&[id(&viewer)]);
    viewer.strokes.handle_board(&viewer.board);
    assert_eq!(viewer.n_points(), [0; 0]);

    // Somewhere else only the document knows where it is.
    let (_, mut viewer) = begin();
    let place = viewer.board.element(&id(&viewer)).unwrap().geometry.moved(100.0, 0.0);
    viewer.board.place(&[(id(&viewer), place)]);
    viewer.strokes.handle_board(&viewer.board);
    assert_eq!(viewer.n_points(), [0; 0]);
}

#[test]
fn who_comes_in_the_middle_of_a_stroke_waits_for_what_was_before() {
    let (mut hand, mut viewer) = (Hand::new(), Viewer::new());
    hand.pick(Tool::Pen).press(0.0, 0.0);
    for x in 1..=40 {
        hand.move_to(f64::from(x), 0.0).pass(Duration::from_millis(30));
    }
    viewer.see(&hand);
    assert_eq!(viewer.n_points(), [0; 0]);
    viewer.hear(&mut hand);
    assert_eq!(viewer.n_points(), [41]);
}

#[test]
fn expected_points_are_shown_and_never_written() {
    let mut hand = Hand::new();
    hand.pick(Tool::Pen).press(0.0, 0.0).move_to(9.0, 0.0);
    let expected = Sample { at: ScreenPoint::new(19.0, 0.0), pressure: 0.5 };
    let ahead = |hand: &Hand| hand.editor.flowing_ink().map(|ink| ink.ahead.len());
    hand.editor.expect(&[expected; 2]);
    assert_eq!(ahead(&hand), Some(2));
    hand.move_to(12.0, 3.0);
    assert_eq!(ahead(&hand), Some(0), "the pen went elsewhere");
    hand.editor.expect(&[expected]);
    hand.input(Input::Tick);
    assert_eq!(ahead(&hand), Some(1), "the pen is on its way");
    hand.pass(Duration::from_millis(50));
    assert_eq!((ahead(&hand), hand.effects.overlay), (Some(0), true), "the pen rests");
    hand.editor.expect(&[expected]);
    hand.release(12.0, 3.0);
    assert_eq!(hand.n_ink_points(), 3);
}

#[test]
fn a_click_selects_the_topmost_and_shift_adds() {
    let mut hand = Hand::new();
    hand.pick(Tool::Rectangle).drag((0.0, 0.0), (100.0, 100.0));
    hand.pick(Tool::Rectangle).drag((200.0, 0.0), (300.0, 100.0));
    hand.click(50.0, 400.0);
    assert_eq!(hand.n_selected(), 0, "a click beside everything selects nothing");
    hand.click(0.0, 50.0);
    assert_eq!(hand.n_selected(), 1);
    hand.holding(SHIFT, |hand| {
        hand.click(200.0, 50.0);
    });
    assert_eq!(hand.n_selected(), 2);
    hand.holding(SHIFT, |hand| {
        hand.click(200.0, 50.0);
    });
    assert_eq!(hand.n_selected(), 1);
}

#[test]
fn a_marquee_selects_what_lies_inside() {
    let mut hand = Hand::new();
    hand.pick(Tool::Rectangle).drag((100.0, 100.0), (200.0, 200.0));
    hand.pick(Tool::Rectangle).drag((300.0, 100.0), (500.0, 200.0));
    hand.pick(Tool::Select).drag((50.0, 50.0), (400.0, 300.0));
    assert_eq!(hand.n_selected(), 1);
    hand.drag((50.0, 50.0), (600.0, 300.0));
    assert_eq!(hand.n_selected(), 2);
}

#[test]
fn a_drag_of_a_hundred_steps_is_one_write() {
    let mut hand = Hand::new();
    hand.pick(Tool::Rectangle).drag((100.0, 100.0), (200.0, 200.0));
    hand.board.take_updates();
    hand.press(100.0, 150.0);
    for step in 1..=100 {
        hand.move_to(100.0 + f64::from(step), 150.0);
        assert!(matches!(hand.shown.gesture, Gesture::Move(_)) || step < 4);
    }
    assert!(hand.board.take_updates().is_empty(), "nothing is written on the way");
    hand.release(200.0, 150.0);
    assert_eq!(hand.board.take_updates().len(), 1);
    hand.expect_box(200.0, 100.0, 100.0, 100.0);
    hand.command(Command::Undo).expect_box(100.0, 100.0, 100.0, 100.0);
}

#[test]
fn escape_drops_a_drag() {
    let mut hand = Hand::new();
    hand.pick(Tool::Rectangle).drag((100.0, 100.0), (200.0, 200.0));
    hand.press(100.0, 150.0).move_to(300.0, 150.0).key("Escape").release(300.0, 150.0);
    hand.expect_box(100.0, 100.0, 100.0, 100.0);
    assert_eq!(hand.shown.gesture, Gesture::default());
}

#[test]
fn alt_drag_leaves_a_copy() {
    let mut hand = Hand::new();
    hand.pick(Tool::Rectangle).drag((100.0, 100.0), (200.0, 200.0));
    hand.holding(ALT, |hand| {
        hand.drag((100.0, 150.0), (400.0, 150.0));
    });
    let xs: Vec<f64> = hand.elements().iter().map(|element| element.geometry.x).collect();
    assert_eq!(xs, [100.0, 400.0]);
}

#[test]
fn delete_and_nudge_work_on_the_selection() {
    let mut hand = Hand::new();
    hand.pick(Tool::Rectangle).drag((100.0, 100.0), (200.0, 200.0));
    hand.key("ArrowRight");
    hand.holding(SHIFT, |hand| {
        hand.key("ArrowDown");
    });
    hand.expect_box(101.0, 105.0, 100.0, 100.0);
    hand.key("Delete");
    assert!(hand.elements().is_empty());
    hand.holding(CTRL, |hand| {
        hand.key("z");
    });
    hand.expect_box(101.0, 105.0, 100.0, 100.0);
}

#[test]
fn the_eraser_takes_what_it_touches_in_one_step() {
    let mut hand = Hand::new();
    hand.pick(Tool::Pen).drag((100.0, 0.0), (100.0, 200.0)).drag((200.0, 0.0), (200.0, 200.0));
    hand.pick(Tool::Pen).drag((900.0, 0.0), (900.0, 200.0));
    hand.pick(Tool::Eraser).drag((50.0, 100.0), (300.0, 100.0));
    hand.expect_kinds(&["ink"]);
    hand.command(Command::Undo).expect_kinds(&["ink", "ink", "ink"]);
}

fn typed(value: &str) -> Input {
    Input::Text(TextInput::Typed(value.into()))
}

#[test]
fn text_is_typed_where_one_clicks() {
    let mut hand = Hand::new();
    hand.pick(Tool::Text).click(100.0, 100.0);
    assert!(hand.editor.text_edit().is_some());
    hand.input(typed("H")).input(typed("Hi")).input(Input::Text(TextInput::Done));
    let Shape::Text(text) = hand.only().shape else { panic!("text") };
    assert_eq!(text.value, "Hi");
    hand.expect_box(100.0, 87.5, 20.0, 25.0);
    hand.command(Command::Undo);
    assert!(hand.elements().is_empty(), "typing is one step");
}

#[test]
fn text_of_nothing_leaves_nothing() {
    let mut hand = Hand::new();
    hand.pick(Tool::Text).click(100.0, 100.0).click(500.0, 500.0);
    assert!(hand.elements().is_empty());
    hand.pick(Tool::Text).click(100.0, 100.0).input(typed("Hi")).input(typed(""));
    hand.key("Escape");
    assert!(hand.elements().is_empty());
}

#[test]
fn text_typed_by_two_keeps_both() {
    let mut hand = Hand::new();
    hand.pick(Tool::Text).click(100.0, 100.0).input(typed("one"));
    let mut other = Board::new(ClientId::new(2).unwrap(), 2);
    for update in hand.board.take_updates() {
        other.apply_remote(&update).unwrap();
    }
    let element = hand.only();
    other.set_text(&element.id, "one two", &["one two".into()], element.geometry);
    for update in other.take_updates() {
        hand.board.apply_remote(&update).unwrap();
    }
    hand.input(Input::BoardChanged);
    assert_eq!(hand.editor.text_edit().unwrap().value, "one two");
    hand.input(typed("zero one two")).input(Input::Text(TextInput::Done));
    let Shape::Text(text) = hand.only().shape else { panic!("text") };
    assert_eq!(text.value, "zero one two");
}

#[test]
fn a_style_is_for_the_selection_and_for_what_comes() {
    let mut hand = Hand::new();
    let red = Color::rgb(0xe03131);
    hand.pick(Tool::Rectangle).drag((0.0, 0.0), (50.0, 50.0));
    hand.input(Input::Restyle(StylePatch { stroke: Some(red), ..StylePatch::default() }));
    hand.pick(Tool::Ellipse).drag((100.0, 0.0), (150.0, 50.0));
    assert!(hand.elements().iter().all(|element| element.style.stroke == red));
    hand.command(Command::Undo).command(Command::Undo);
    assert_eq!(hand.only().style.stroke, Color::INK);
}

#[test]
fn sliding_the_opacity_is_one_step() {
    let mut hand = Hand::new();
    hand.pick(Tool::Rectangle).drag((0.0, 0.0), (50.0, 50.0));
    for opacity in [0.9, 0.5, 0.2] {
        hand.input(Input::Restyle(StylePatch { opacity: Some(opacity), ..StylePatch::default() }));
    }
    assert_eq!(hand.only().style.opacity, 0.2);
    hand.command(Command::Undo);
    assert_eq!(hand.only().style.opacity, 1.0);
}

#[test]
fn two_fingers_pan_and_zoom_and_draw_nothing() {
    let mut hand = Hand::new();
    hand.kind = PointerKind::Touch;
    hand.pick(Tool::Pen).press(400.0, 400.0).move_to(410.0, 400.0);
    let second = hand.pointer(2, 600.0, 400.0);
    hand.input(Input::Down(second));
    let moved = hand.pointer(2, 800.0, 400.0);
    hand.input(Input::Move(moved, vec![moved.sample]));
    assert!(hand.editor.camera().zoom() > 1.9);
    hand.input(Input::Up(moved)).move_to(500.0, 500.0).release(500.0, 500.0);
    assert!(hand.elements().is_empty());
    hand.drag((100.0, 100.0), (200.0, 200.0));
    hand.expect_kinds(&["ink"]);
}

#[test]
fn a_second_finger_does_not_cost_a_stroke_that_was_meant() {
    let mut hand = Hand::new();
    hand.kind = PointerKind::Touch;
    hand.pick(Tool::Pen).press(400.0, 400.0).move_to(410.0, 400.0);
    hand.pass(INK_COMMIT_EVERY).move_to(420.0, 400.0);
    let second = hand.pointer(2, 600.0, 400.0);
    hand.input(Input::Down(second));
    assert_eq!(hand.n_ink_points(), 3);
}

#[test]
fn two_taps_open_a_text() {
    let mut hand = Hand::new();
    hand.pick(Tool::Text).click(100.0, 100.0).input(typed("Hi")).key("Escape");
    hand.kind = PointerKind::Touch;
    hand.click(105.0, 100.0);
    assert!(hand.editor.text_edit().is_none());
    hand.pass(Duration::from_millis(100)).click(106.0, 101.0);
    assert_eq!(hand.editor.text_edit().unwrap().value, "Hi");
    hand.key("Escape").pass(Duration::from_secs(1)).click(105.0, 100.0);
    hand.pass(Duration::from_secs(1)).click(105.0, 100.0);
    assert!(hand.editor.text_edit().is_none(), "two slow taps are two taps");
}

#[test]
fn a_bumped_key_does_not_cost_the_drawing() {
    let mut hand = Hand::new();
    hand.pick(Tool::Rectangle).press(0.0, 0.0).move_to(50.0, 50.0).key("o");
    hand.holding(CTRL, |hand| {
        hand.key("z");
    });
    hand.release(50.0, 50.0).expect_kinds(&["rectangle"]);
}

#[test]
fn holding_an_arrow_key_is_one_step() {
    let mut hand = Hand::new();
    hand.pick(Tool::Rectangle).drag((0.0, 0.0), (50.0, 50.0));
    for _ in 0..5 {
        hand.key("ArrowRight");
    }
    hand.expect_box(5.0, 0.0, 50.0, 50.0);
    hand.command(Command::Undo).expect_box(0.0, 0.0, 50.0, 50.0);
}

#[test]
fn space_pans_with_any_tool_and_the_wheel_pans_and_zooms() {
    let mut hand = Hand::new();
    hand.pick(Tool::Pen).key(" ").drag((500.0, 400.0), (600.0, 400.0));
    assert!(hand.elements().is_empty());
    assert_eq!(hand.editor.camera().center().x, 400.0);
    let at = ScreenPoint::new(500.0, 400.0);
    hand.input(Input::Wheel { at, dx: 50.0, dy: 0.0, is_zoom: false });
    assert_eq!(hand.editor.camera().center().x, 450.0);
    hand.input(Input::Wheel { at, dx: 0.0, dy: -20.0, is_zoom: true });
    assert!(hand.editor.camera().zoom() > 1.1);
}

#[test]
fn groups_are_chosen_whole() {
    let mut hand = Hand::new();
    hand.pick(Tool::Rectangle).drag((0.0, 0.0), (50.0, 50.0));
    hand.pick(Tool::Rectangle).drag((100.0, 0.0), (150.0, 50.0));
    let grouped = hand.elements().into_iter().map(|element| {
        let mut new = shared::element::NewElement::copy_of(&element);
        new.groups = vec!["pair".into()];
        (element.id, new)
    });
    let grouped = grouped.collect();
    hand.command(Command::SelectAll).command(Command::Delete);
    hand.board.insert_copies(grouped);
    hand.pick(Tool::Select).click(0.0, 25.0);
    assert_eq!(hand.n_selected(), 2);
    hand.command(Command::Duplicate);
    assert_eq!((hand.n_selected(), hand.elements().len()), (2, 4));
}

#[test]
fn every_tool_and_command_has_a_row_and_no_key_means_two_things() {
    for info in TOOLS {
        assert_eq!(Tool::named(info.name), Some(info.tool));
        assert_eq!(info.tool.info().label, info.label);
    }
    let tools = TOOLS.iter().flat_map(|info| info.keys);
    let keys: Vec<_> = tools.chain(COMMANDS.iter().flat_map(|info| info.keys)).collect();
    for (at, key) in keys.iter().enumerate() {
        assert!(!keys[..at].contains(key), "{key:?} stands twice");
    }
}

#[test]
fn keys_pick_tools() {
    let mut hand = Hand::new();
    for (key, tool) in [
        ("v", Tool::Select),
        ("r", Tool::Rectangle),
        ("P", Tool::Pen),
        ("h", Tool::Hand),
        ("x", Tool::Pen),
        ("3", Tool::Diamond),
        ("0", Tool::Eraser),
    ] {
        hand.key(key);
        assert_eq!(hand.editor.tool(), tool, "{key}");
    }
    hand.holding(CTRL, |hand| {
        hand.key("r");
    });
    assert!(!hand.effects.is_handled, "the browser's own keys stay the browser's");
}

#[test]
fn handles_change_sizes() {
    let mut hand = Hand::new();
    hand.pick(Tool::Rectangle).drag((100.0, 100.0), (200.0, 200.0));
    hand.board.take_updates();
    hand.drag((205.0, 205.0), (305.0, 255.0));
    hand.expect_box(100.0, 100.0, 200.0, 150.0);
    assert_eq!(hand.board.take_updates().len(), 1, "one write for the whole drag");
    hand.command(Command::Undo).expect_box(100.0, 100.0, 100.0, 100.0);
    hand.command(Command::SelectAll).holding(SHIFT, |hand| {
        hand.drag((95.0, 95.0), (45.0, 95.0));
    });
    hand.expect_box(50.0, 50.0, 150.0, 150.0);
}

#[test]
fn several_elements_are_resized_together_and_letters_grow() {
    let mut hand = Hand::new();
    hand.pick(Tool::Text).click(100.0, 112.5).input(typed("Hi")).key("Escape");
    hand.pick(Tool::Rectangle).drag((200.0, 100.0), (220.0, 120.0));
    hand.command(Command::SelectAll).drag((225.0, 130.0), (345.0, 160.0));
    let sizes: Vec<f64> = hand.elements().iter().map(|element| element.geometry.h).collect();
    let Shape::Text(text) = &hand.elements()[0].shape else { panic!("text") };
    assert_eq!(text.size / 20.0, sizes[0] / 25.0);
    assert!(sizes[0] > 45.0 && (sizes[0] / 25.0 - sizes[1] / 20.0).abs() < 1e-9, "{sizes:?}");
}

#[test]
fn a_highlighter_marks_much_broader_than_a_pen() {
    let mut hand = Hand::new();
    hand.pick(Tool::Pen).drag((0.0, 0.0), (50.0, 0.0));
    hand.pick(Tool::Highlighter).drag((0.0, 100.0), (50.0, 100.0));
    let widths: Vec<f64> = hand.elements().iter().map(|it| it.style.width).collect();
    assert_eq!(widths, [1.0, 20.0]);
}
