//! Text in shapes, sticky notes and frames.

use editor::{Command, Input, Next, Preview, TextInput, Tool};
use shared::board::{Around, Board, Change};
use shared::element::{Element, NewElement, Shape, Style, StylePatch, Text};
use shared::geometry::{BoardPoint, Geometry};
use shared::id::{ClientId, ElementId};
use shared::presence::{Gesture, MoveGesture, PlaceGesture, ShownPlace};

use crate::hand::Hand;
use crate::{ALT, typed};

#[track_caller]
fn label(board: &Board) -> (Element, Text) {
    let is_text = |it: &&std::sync::Arc<Element>| matches!(it.shape, Shape::Text(_));
    let element = board.elements().find(is_text).expect("a label");
    let Shape::Text(text) = &element.shape else { unreachable!() };
    ((**element).clone(), text.clone())
}

fn boxed(tool: Tool) -> Hand {
    let mut hand = Hand::new();
    hand.pick(tool).drag((100.0, 100.0), (300.0, 200.0));
    hand
}

fn done() -> Input {
    Input::Text(TextInput::Done)
}

#[test]
fn enter_and_a_double_click_write_into_a_shape() {
    for way in ["Enter", "double click"] {
        let mut hand = boxed(Tool::Rectangle);
        if way == "Enter" {
            hand.key("Enter");
        } else {
            hand.input(Input::DoubleClick(editor::ScreenPoint::new(200.0, 150.0)));
        }
        hand.input(typed("Hello")).input(done());
        let (element, text) = label(&hand.board);
        assert_eq!(text.container, Some(hand.elements()[0].id.clone()));
        assert_eq!(element.geometry.center(), hand.elements()[0].geometry.center());
        assert_eq!(hand.editor.selection().next(), text.container.as_ref());
        hand.command(Command::Undo).expect_kinds(&["rectangle"]);
    }
}

#[test]
fn a_label_wraps_and_its_shape_grows_and_shrinks_back() {
    for tool in [Tool::Rectangle, Tool::Ellipse, Tool::Diamond, Tool::Triangle] {
        let mut hand = boxed(tool);
        hand.key("Enter").input(typed(&"word ".repeat(40)));
        let shape = &hand.elements()[0];
        let (element, text) = label(&hand.board);
        assert!(text.lines.len() > 8, "{tool:?} {text:?}");
        assert!(shape.geometry.bounds().contains(element.geometry.bounds()), "{tool:?}");
        assert!(shape.geometry.h > 200.0 && shape.geometry.y == 100.0);
        hand.input(typed("word"));
        assert_eq!(hand.elements()[0].geometry.h, 100.0);
    }
}

#[test]
fn a_label_goes_where_its_shape_goes() {
    let mut hand = boxed(Tool::Ellipse);
    hand.key("Enter").input(typed("Hi")).input(done());
    hand.drag((100.0, 150.0), (400.0, 350.0));
    assert_eq!(label(&hand.board).0.geometry.center(), hand.elements()[0].geometry.center());
    hand.holding(ALT, |hand| {
        hand.drag((400.0, 350.0), (100.0, 150.0));
    });
    hand.expect_kinds(&["ellipse", "text", "ellipse", "text"]);
    let elements = hand.elements();
    let Shape::Text(copy) = &elements[3].shape else { panic!("text") };
    assert_eq!(copy.container.as_ref(), Some(&elements[2].id));
    assert_eq!(hand.n_selected(), 1);
    hand.key("Delete").expect_kinds(&["ellipse", "text"]);
    hand.command(Command::Undo).expect_kinds(&["ellipse", "text", "ellipse", "text"]);
}

#[test]
fn a_click_on_a_label_chooses_the_shape() {
    let mut hand = boxed(Tool::Rectangle);
    hand.key("Enter").input(typed("Hello")).input(done());
    hand.click(800.0, 700.0).click(200.0, 150.0);
    assert_eq!(hand.editor.selection().next(), Some(&hand.elements()[0].id));
    hand.command(Command::SelectAll);
    assert_eq!(hand.n_selected(), 1);
}

#[test]
fn a_label_is_broken_anew_when_its_shape_gets_another_size() {
    let mut hand = boxed(Tool::Rectangle);
    hand.key("Enter").input(typed("one two three four")).input(done());
    assert_eq!(label(&hand.board).1.lines.len(), 1);
    hand.drag((305.0, 150.0), (205.0, 150.0));
    assert!(label(&hand.board).1.lines.len() > 1);
    hand.command(Command::Undo);
    assert_eq!(label(&hand.board).1.lines.len(), 1);
}

#[test]
fn larger_letters_break_a_label_anew() {
    let mut hand = boxed(Tool::Rectangle);
    hand.key("Enter").input(typed("one two three four")).input(done());
    let patch = StylePatch { font_size: Some(36.0), ..StylePatch::default() };
    hand.input(Input::Restyle(patch));
    let (element, text) = label(&hand.board);
    assert!(text.size == 36.0 && text.lines.len() == 2, "{text:?}");
    assert_eq!(element.geometry.h, 90.0);
}

#[test]
fn an_arrow_leaves_room_for_its_label() {
    let mut hand = Hand::new();
    hand.pick(Tool::Arrow).drag((100.0, 100.0), (500.0, 100.0));
    hand.input(Input::DoubleClick(editor::ScreenPoint::new(400.0, 100.0)));
    hand.input(typed("yes")).input(done());
    let (element, _) = label(&hand.board);
    assert_eq!((element.geometry.center().x, element.geometry.center().y), (300.0, 100.0));
    let Shape::Arrow(arrow) = &hand.elements()[0].shape else { panic!("an arrow") };
    assert_eq!(arrow.label, Some((30.0, 25.0)));
    hand.command(Command::Undo);
    let Shape::Arrow(arrow) = &hand.only().shape else { panic!("an arrow") };
    assert_eq!(arrow.label, None);
}

#[test]
fn two_who_write_on_one_shape_at_once_keep_both() {
    let mut hand = boxed(Tool::Rectangle);
    let mut other = Hand::new();
    hand.board.take_updates();
    other.board = {
        let mut board = Board::new(ClientId::new(2).unwrap(), 9);
        board.attach_by(scene::attached);
        board.apply_remote(&hand.board.diff(&board.state_vector()).unwrap()).unwrap();
        board
    };
    for (at, text) in [(&mut hand, "mine"), (&mut other, "yours")] {
        at.pick(Tool::Select);
        at.input(Input::DoubleClick(editor::ScreenPoint::new(200.0, 150.0)));
        at.input(typed(text)).input(done());
    }
    for update in hand.board.take_updates() {
        other.board.apply_remote(&update).unwrap();
    }
    for update in other.board.take_updates() {
        hand.board.apply_remote(&update).unwrap();
    }
    assert!(hand.board.elements().eq(other.board.elements()));
    let id = hand.elements()[0].id.clone();
    assert_eq!(hand.board.labels(&id).len(), 2);
    let [first, second] = &hand.elements()[1..] else { panic!("two labels") };
    assert_eq!(second.geometry.y, first.geometry.y + first.geometry.h, "one below the other");
}

#[test]
fn what_is_written_on_a_note_that_somebody_takes_away_stays_as_a_text() {
    let mut ann = Hand::of(1);
    let mut ben = Hand::of(2);
    ann.key("n").click(200.0, 200.0).input(typed("idea"));
    share(&mut ann, &mut ben);
    ben.key("v").click(110.0, 110.0).key("Delete");
    share(&mut ann, &mut ben);
    assert_eq!(ann.elements().len(), 0);
    ann.input(typed("idea that is too long for one line")).input(done());
    let Shape::Text(text) = ann.only().shape else { panic!("a text") };
    assert_eq!((text.container, text.lines.len(), ann.only().geometry.w), (None, 3, 168.0));
}

/// Hands each other what they have written.
fn share(ann: &mut Hand, ben: &mut Hand) {
    for update in ann.board.take_updates() {
        ben.board.apply_remote(&update).unwrap();
    }
    for update in ben.board.take_updates() {
        ann.board.apply_remote(&update).unwrap();
    }
    ann.input(Input::BoardChanged);
    ben.input(Input::BoardChanged);
}

#[test]
fn a_note_is_put_down_with_a_click_and_written_on() {
    let mut hand = Hand::new();
    hand.key("n").click(200.0, 200.0).input(typed("idea"));
    let note = hand.elements()[0].clone();
    assert_eq!(note.geometry, Geometry { x: 100.0, y: 100.0, w: 200.0, h: 200.0, ..note.geometry });
    assert!(!note.style.fill.is_transparent());
    hand.input(typed(&"much more to say ".repeat(30)));
    assert!(hand.elements()[0].geometry.h > 300.0);
    hand.input(typed("less"));
    assert_eq!(hand.elements()[0].geometry.h, 200.0);
    hand.input(done());
    assert_eq!((hand.editor.tool(), hand.n_selected()), (Tool::Select, 1));
}

/// Where the notes stand.
fn notes(hand: &Hand) -> Vec<(f64, f64)> {
    let elements = hand.elements();
    let notes = elements.iter().filter(|it| matches!(it.shape, Shape::Note));
    notes.map(|it| (it.geometry.x, it.geometry.y)).collect()
}

#[test]
fn tab_and_ctrl_enter_make_the_next_note() {
    let mut hand = Hand::new();
    hand.key("n").click(200.0, 200.0).input(typed("one"));
    hand.input(Input::Text(TextInput::Next(Next::Right))).input(typed("two"));
    hand.input(Input::Text(TextInput::Next(Next::Below))).input(typed("three")).input(done());
    assert_eq!(notes(&hand), [(100.0, 100.0), (320.0, 100.0), (320.0, 320.0)]);
    hand.key("Tab").input(done());
    assert_eq!(hand.elements().len(), 7, "an empty note has no label");
}

#[test]
fn the_next_note_stays_within_a_narrow_frame() {
    let mut hand = Hand::new();
    hand.key("f").drag((50.0, 50.0), (400.0, 700.0));
    hand.key("n").click(200.0, 200.0).input(typed("one"));
    hand.input(Input::Text(TextInput::Next(Next::Right))).input(typed("two")).input(done());
    assert_eq!(notes(&hand), [(100.0, 100.0), (100.0, 320.0)]);
}

#[test]
fn notes_fill_a_frame_row_by_row_and_go_on_beyond_it() {
    let mut hand = Hand::new();
    hand.key("f").drag((50.0, 50.0), (520.0, 520.0));
    // At the edge of the frame it would be cut off.
    hand.key("n").click(70.0, 70.0).input(typed("one"));
    for _ in 0..4 {
        hand.input(Input::Text(TextInput::Next(Next::Right))).input(typed("more"));
    }
    hand.input(done());
    let rows = [(60.0, 60.0), (280.0, 60.0), (60.0, 280.0), (280.0, 280.0), (540.0, 280.0)];
    assert_eq!(notes(&hand), rows);
    let is_inside = |it: &Element| it.frame.is_some();
    let elements = hand.elements();
    let inside = elements.iter().filter(|it| matches!(it.shape, Shape::Note)).map(is_inside);
    assert_eq!(inside.collect::<Vec<_>>(), [true, true, true, true, false]);
}

#[test]
fn a_frame_takes_in_what_lies_in_it_moves_it_and_lets_it_out() {
    let mut hand = boxed(Tool::Rectangle);
    hand.pick(Tool::Rectangle).drag((600.0, 100.0), (700.0, 200.0));
    hand.key("f").drag((50.0, 50.0), (400.0, 400.0));
    let frame = hand.elements()[2].id.clone();
    let frames = |hand: &Hand| -> Vec<bool> {
        hand.elements().iter().map(|it| it.frame.as_ref() == Some(&frame)).collect()
    };
    assert_eq!(frames(&hand), [true, false, false]);
    hand.drag((50.0, 300.0), (150.0, 400.0));
    assert_eq!((hand.elements()[0].geometry.x, hand.elements()[0].geometry.y), (200.0, 200.0));
    assert_eq!(hand.elements()[1].geometry.x, 600.0);
    hand.click(600.0, 150.0).drag((600.0, 150.0), (300.0, 350.0));
    assert_eq!(frames(&hand), [true, true, false]);
    hand.drag((300.0, 350.0), (800.0, 350.0));
    assert_eq!(frames(&hand), [true, false, false]);
    hand.click(150.0, 450.0).key("Delete");
    hand.expect_kinds(&["rectangle", "rectangle"]);
    assert_eq!(hand.elements()[0].frame, None);
}

#[test]
fn a_note_keeps_its_text_when_it_goes_to_another_frame() {
    let mut hand = Hand::new();
    hand.key("f").drag((0.0, 50.0), (300.0, 400.0));
    hand.key("f").drag((400.0, 50.0), (700.0, 400.0));
    let frames: Vec<_> = hand.elements().into_iter().map(|it| Some(it.id)).collect();
    hand.key("n").click(150.0, 200.0).input(typed("idea")).input(done());
    hand.drag((150.0, 280.0), (550.0, 280.0));
    let within: Vec<_> = hand.elements().into_iter().skip(2).map(|it| it.frame).collect();
    assert_eq!(within, [frames[1].clone(), frames[1].clone()]);
    hand.command(Command::Undo);
    let within: Vec<_> = hand.elements().into_iter().skip(2).map(|it| it.frame).collect();
    assert_eq!(within, [frames[0].clone(), frames[0].clone()]);
}

#[test]
fn an_arrow_leaves_the_frame_with_what_it_is_bound_to() {
    let mut hand = Hand::new();
    hand.key("f").drag((0.0, 50.0), (400.0, 200.0));
    hand.pick(Tool::Rectangle).drag((50.0, 80.0), (100.0, 130.0));
    hand.pick(Tool::Rectangle).drag((250.0, 80.0), (300.0, 130.0));
    hand.pick(Tool::Arrow).drag((103.0, 105.0), (247.0, 105.0));
    let frame = Some(hand.elements()[0].id.clone());
    let of_arrow = |hand: &Hand| hand.elements().last().unwrap().frame.clone();
    assert_eq!(of_arrow(&hand), frame);
    hand.key("Escape").click(20.0, 40.0).command(Command::Duplicate);
    assert_eq!(hand.elements().len(), 8, "a copy of the frame has an arrow, too");
    assert!(of_arrow(&hand).is_some() && of_arrow(&hand) != frame);
    hand.command(Command::Undo);
    hand.key("Escape").drag((50.0, 100.0), (50.0, 500.0));
    assert_eq!(of_arrow(&hand), None, "one of its ends is outside");
    hand.drag((250.0, 100.0), (250.0, 500.0)).key("Delete");
    assert_eq!(of_arrow(&hand), None);
    hand.click(50.0, 500.0).key("Delete");
    assert_eq!((hand.elements().len(), of_arrow(&hand)), (2, None), "bound to nothing, it stays");
    hand.command(Command::Undo).command(Command::Undo).command(Command::Undo);
    assert_eq!(of_arrow(&hand), None);
    hand.command(Command::Undo);
    assert_eq!(of_arrow(&hand), frame);
}

#[test]
fn the_next_note_is_in_the_frame_that_it_lies_in() {
    let mut hand = Hand::new();
    hand.key("f").drag((0.0, 50.0), (300.0, 400.0));
    hand.key("n").click(150.0, 200.0).input(typed("one"));
    hand.input(Input::Text(TextInput::Next(Next::Right))).input(typed("two")).input(done());
    let elements = hand.elements();
    assert_eq!(elements[1].frame.as_ref(), Some(&elements[0].id));
    assert_eq!((&elements[3].frame, &elements[4].frame), (&None, &None));
}

#[test]
fn enter_ends_the_name_of_a_frame() {
    let mut hand = Hand::new();
    hand.key("f").drag((100.0, 100.0), (400.0, 400.0)).key("Enter");
    hand.input(typed("Plan")).input(typed("Plan\n"));
    assert!(hand.editor.text_edit().is_none());
    let Shape::Frame(frame) = hand.only().shape else { panic!("a frame") };
    assert_eq!(frame.name, "Plan");
}

#[test]
fn a_frame_is_renamed_by_a_double_click_on_its_name() {
    let mut hand = Hand::new();
    hand.key("f").drag((100.0, 100.0), (400.0, 400.0));
    hand.click(800.0, 700.0).click(120.0, 88.0);
    assert_eq!(hand.n_selected(), 1, "a click on the name chooses the frame");
    hand.input(Input::DoubleClick(editor::ScreenPoint::new(120.0, 88.0)));
    hand.input(typed("Plan")).input(done());
    let Shape::Frame(frame) = hand.only().shape else { panic!("a frame") };
    assert_eq!(frame.name, "Plan");
}

#[test]
fn a_text_whose_side_is_dragged_is_broken_at_the_new_width() {
    let mut hand = Hand::new();
    hand.pick(Tool::Text).click(100.0, 100.0).input(typed("one two three four")).input(done());
    hand.expect_box(100.0, 87.5, 180.0, 25.0);
    hand.drag((285.0, 100.0), (205.0, 100.0));
    let text = label(&hand.board).1;
    assert_eq!((text.lines.len(), text.size), (2, 20.0));
    hand.expect_box(100.0, 87.5, 100.0, 50.0);
    hand.key("Enter").input(typed("one two three four and five")).input(done());
    assert_eq!(label(&hand.board).1.lines.len(), 3);
    hand.command(Command::Undo).command(Command::Undo).expect_box(100.0, 87.5, 180.0, 25.0);
}

#[test]
fn the_eyedropper_takes_the_color_under_it() {
    let mut hand = Hand::new();
    let red = shared::color::Color::rgb(0xe03131);
    let restyle = |stroke, fill| Input::Restyle(StylePatch { stroke, fill, ..Default::default() });
    hand.input(restyle(Some(red), None)).pick(Tool::Rectangle).drag((100.0, 100.0), (200.0, 200.0));
    hand.input(restyle(Some(shared::color::Color::INK), None));
    hand.input(Input::Pick(Tool::Select)).click(800.0, 700.0);
    hand.input(restyle(Some(red), None)).pick(Tool::Ellipse).drag((300.0, 100.0), (400.0, 200.0));
    hand.click(100.0, 150.0).key("i").click(300.0, 150.0);
    assert!(hand.elements().iter().all(|it| it.style.stroke == red));
    assert_eq!(hand.editor.tool(), Tool::Select);
    hand.key("i").holding(crate::SHIFT, |hand| {
        hand.click(300.0, 150.0);
    });
    assert_eq!(hand.elements()[0].style.fill, red);
}

#[test]
fn the_eyedropper_stays_until_it_has_a_color_and_gives_the_tool_back() {
    let mut hand = Hand::new();
    let red = shared::color::Color::rgb(0xe03131);
    let style = StylePatch { stroke: Some(red), ..StylePatch::default() };
    hand.input(Input::Restyle(style)).pick(Tool::Rectangle).drag((100.0, 100.0), (200.0, 200.0));
    let chosen = hand.only().id;
    hand.key("i").move_to(500.0, 500.0);
    let seen = |hand: &Hand| hand.editor.pointed_color(&hand.board).map(|(_, color)| color);
    assert_eq!(seen(&hand), Some(None));
    hand.click(500.0, 500.0);
    assert_eq!(hand.editor.tool(), Tool::Eyedropper, "there was nothing to take");
    hand.key("Escape").expect_chosen(&[&chosen]);
    assert_eq!((hand.editor.tool(), seen(&hand)), (Tool::Select, None));
    hand.pick(Tool::Diamond).key("i").key("i").move_to(100.0, 150.0);
    assert_eq!(seen(&hand), Some(Some((red, scene::Blend::Over))));
    hand.press(500.0, 500.0).release(100.0, 150.0);
    assert_eq!(hand.editor.tool(), Tool::Diamond, "a finger looks for its place first");
}

#[test]
fn others_see_what_is_written_on() {
    let mut hand = Hand::new();
    let ids = hand.given_boxes(&[[100.0, 100.0, 200.0, 100.0]]);
    let written = |hand: &Hand| editor::writes_on(&hand.shown).cloned();
    hand.pick(Tool::Select).double_click(101.0, 150.0);
    assert_eq!(written(&hand).as_ref(), Some(&ids[0]));
    hand.input(typed("a label")).input(done());
    assert_eq!((written(&hand), &hand.shown.selection), (None, &vec![ids[0].clone()]));
    // With the tool kept in hand, what was just written is chosen, too.
    hand.command(Command::ToolLock).pick(Tool::Text).click(500.0, 500.0).input(typed("free"));
    let free = hand.elements().pop().map(|it| it.id);
    assert_eq!(written(&hand), free);
    hand.input(done());
    assert_eq!((written(&hand), hand.editor.tool()), (None, Tool::Text));
}

#[test]
fn a_text_that_is_written_is_shown_where_somebody_drags_its_shape() {
    let mut hand = Hand::new();
    let ids = hand.given_boxes(&[[100.0, 100.0, 200.0, 100.0]]);
    hand.pick(Tool::Select).double_click(101.0, 150.0);
    hand.input(Input::Text(TextInput::Typed("words".into())));
    let shift = |hand: &Hand, gesture: Gesture| {
        let mut preview = Preview::default();
        preview.show(&gesture, &hand.board);
        hand.editor.show_preview(&hand.board, &mut preview);
        hand.editor.text_shift(&hand.board, &preview)
    };
    assert_eq!(shift(&hand, Gesture::default()), (0.0, 0.0));
    let by = BoardPoint::new(30.0, -20.0).into();
    let moving = Gesture::Move(MoveGesture { ids: ids.clone(), by });
    assert_eq!(shift(&hand, moving), (30.0, -20.0));
    let geometry = Geometry { w: 300.0, ..hand.geometry(&ids[0]) };
    let place = ShownPlace { id: ids[0].clone(), geometry };
    let growing = Gesture::Place(PlaceGesture { places: vec![place] });
    assert_eq!(shift(&hand, growing), (50.0, 0.0));
}

#[test]
fn a_shape_grows_with_a_word_that_does_not_fit() {
    for tool in [Tool::Rectangle, Tool::Ellipse, Tool::Diamond, Tool::Triangle] {
        let mut hand = Hand::new();
        hand.pick(tool).drag((100.0, 100.0), (200.0, 200.0)).key("Enter");
        let own = |hand: &Hand| hand.elements()[0].geometry;
        hand.input(typed("complete order?"));
        assert_eq!(label(&hand.board).1.lines, ["complete", "order?"], "{tool:?}");
        assert_eq!(own(&hand).center().x, 150.0, "its middle stays");
        // Back to the width that the person gave it, and no further.
        hand.input(typed("no"));
        assert_eq!((own(&hand).x, own(&hand).w), (100.0, 100.0), "{tool:?}");
        // An address is cut, as is what no shape is meant for.
        hand.input(typed("https://example.com/a/very/long/way"));
        assert_eq!(own(&hand).w, 100.0);
        hand.input(typed("complete")).input(done());
        let wide = own(&hand).w;
        hand.command(Command::Undo);
        assert_eq!(own(&hand).w, 100.0, "{tool:?} {wide}");
    }
}

#[test]
fn a_frame_in_a_frame_goes_with_it() {
    let mut hand = Hand::new();
    hand.key("f").drag((150.0, 150.0), (350.0, 350.0));
    hand.pick(Tool::Rectangle).drag((200.0, 200.0), (250.0, 250.0));
    // Drawn around both, later.
    hand.key("f").drag((100.0, 100.0), (500.0, 500.0));
    let ids: Vec<_> = hand.elements().into_iter().map(|it| it.id).collect();
    let within = |hand: &Hand| -> Vec<_> {
        hand.elements().into_iter().take(3).map(|it| it.frame).collect()
    };
    let (inner, outer) = (Some(ids[0].clone()), Some(ids[2].clone()));
    assert_eq!(within(&hand), [outer.clone(), inner.clone(), None]);
    // What is dropped there lies in the inner one, though the outer one lies above.
    hand.click(200.0, 225.0).drag((200.0, 225.0), (210.0, 225.0));
    assert_eq!(within(&hand), [outer.clone(), inner.clone(), None]);
    hand.key("Escape").click(100.0, 450.0).drag((100.0, 450.0), (110.0, 460.0));
    hand.expect_boxes(&[
        [160.0, 160.0, 200.0, 200.0],
        [220.0, 210.0, 50.0, 50.0],
        [110.0, 110.0, 400.0, 400.0],
    ]);
    hand.command(Command::Duplicate);
    assert_eq!(hand.elements().len(), 6);
    let copies = hand.elements();
    assert_eq!(copies[3].frame.as_ref(), Some(&copies[5].id));
    assert_eq!(copies[4].frame.as_ref(), Some(&copies[3].id));
    hand.command(Command::Undo);
    // Without the inner frame, what lay in it lies in the outer one.
    hand.key("Escape").click(160.0, 300.0).key("Delete");
    assert_eq!(hand.elements()[0].frame, outer);
    hand.command(Command::Undo);
    // Dragged out, the inner frame takes along what lies in it.
    hand.key("Escape").click(160.0, 300.0).drag((160.0, 300.0), (710.0, 300.0));
    assert_eq!(within(&hand), [None, inner.clone(), None]);
    hand.drag((710.0, 300.0), (160.0, 300.0));
    assert_eq!(within(&hand), [outer, inner, None]);
    // A new frame inside is in the innermost one, and takes from that only.
    hand.key("f").drag((205.0, 190.0), (300.0, 300.0));
    let elements = hand.elements();
    assert_eq!(
        (&elements[1].frame, &elements[3].frame),
        (&Some(elements[3].id.clone()), &Some(ids[0].clone()))
    );
}

#[test]
fn frames_that_lie_in_each_other_end() {
    let mut hand = Hand::new();
    let frame = |x| {
        let geometry = Geometry { x, y: 100.0, w: 300.0, h: 300.0, ..Geometry::default() };
        let shape = Shape::Frame(shared::element::Frame::default());
        NewElement::new(Some(geometry), Style::default(), shape)
    };
    let ids = hand.given(vec![frame(100.0), frame(120.0)]);
    let lies = |id: &ElementId, frame: &ElementId| (id.clone(), Change::Frame(Some(frame.clone())));
    hand.board.change(&[lies(&ids[0], &ids[1]), lies(&ids[1], &ids[0])]);
    hand.pick(Tool::Select).click(100.0, 150.0).drag((100.0, 150.0), (110.0, 150.0));
    assert_eq!((hand.geometry(&ids[0]).x, hand.geometry(&ids[1]).x), (110.0, 130.0));
    hand.command(Command::Duplicate).command(Command::Undo);
    hand.pick(Tool::Rectangle).drag((200.0, 200.0), (250.0, 250.0));
    hand.pick(Tool::Select)
        .click(110.0, 150.0)
        .key("Delete")
        .command(Command::SelectAll)
        .key("Delete");
    assert!(hand.elements().is_empty());
}
