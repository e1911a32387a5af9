//! Copies through the clipboard.

use editor::{Ask, Command, Covered, Input, Modifiers, Pasted, Whereto};
use shared::element::{
    Arrow, Binding, Brush, Frame, Heads, Ink, NewElement, Path, Shape, Style, Text,
};
use shared::excalidraw::{self, Format};
use shared::geometry::{BoardPoint, Flip, Geometry};
use shared::id::ElementId;
use shared::ink::{InkPoint, PLACES_PER_POINT, Spans};

use crate::CTRL;
use crate::hand::Hand;

/// What the page makes of a text on the clipboard.
pub(crate) fn pasted(text: impl Into<String>) -> Input {
    let text = text.into();
    let read = excalidraw::import_to_bytes(excalidraw::import(&text));
    let drawing = excalidraw::import_of_bytes(&read).map(|import| import.elements);
    let drawing = drawing.unwrap_or_default();
    Input::Paste(Pasted { text, drawing })
}

/// What the clipboard holds of what is chosen.
pub(crate) fn written(hand: &Hand) -> String {
    let copied = excalidraw::elements_to_bytes(&hand.editor.copied(&hand.board));
    let elements = excalidraw::elements_of_bytes(&copied).unwrap().into_iter();
    let elements: Vec<_> = elements.map(|(id, new)| new.alone(id)).collect();
    excalidraw::export(&elements, Format::Clipboard)
}

fn copied(hand: &mut Hand) -> String {
    hand.command(Command::SelectAll);
    written(hand)
}

/// A box with a label, as a file brings it.
fn labeled_box() -> Vec<(ElementId, NewElement)> {
    let file = r#"{"type":"excalidraw","version":2,"elements":[
        {"id":"box","type":"rectangle","x":1000,"y":1000,"width":200,"height":100,
            "boundElements":[{"id":"label","type":"text"}]},
        {"id":"label","type":"text","x":1050,"y":1030,"width":80,"height":25,"text":"A label",
            "fontSize":20,"fontFamily":1,"containerId":"box"}]}"#;
    let read = excalidraw::import_to_bytes(excalidraw::import(file));
    excalidraw::import_of_bytes(&read).unwrap().elements
}

fn bring(hand: &mut Hand, whereto: Whereto) -> Geometry {
    hand.effects = hand.editor.bring(labeled_box(), whereto, &mut hand.board);
    let chosen: Vec<_> = hand.editor.selection().cloned().collect();
    let [only] = &chosen[..] else { panic!("the box without its label: {chosen:?}") };
    hand.geometry(only)
}

#[test]
fn a_drawing_on_an_empty_board_is_where_it_was_drawn_and_seen() {
    let mut hand = Hand::new();
    let place = bring(&mut hand, Whereto::WithRoom);
    assert_eq!((place.x, place.y), (1000.0, 1000.0));
    assert!(hand.editor.camera().view().contains(place.bounds()));
    hand.command(Command::Undo);
    assert!(hand.elements().is_empty());
}

#[test]
fn a_drawing_goes_to_the_middle_of_the_view_if_that_is_free() {
    let mut hand = Hand::new();
    hand.given_boxes(&[[0.0, 0.0, 100.0, 100.0]]);
    let view = hand.editor.camera().view();
    let place = bring(&mut hand, Whereto::WithRoom);
    assert_eq!(place.center(), view.center());
    assert_eq!(hand.editor.camera().view(), view);
}

#[test]
fn a_drawing_goes_beside_what_is_there_and_into_view() {
    let mut hand = Hand::new();
    hand.given_boxes(&[[0.0, 300.0, 900.0, 200.0]]);
    let place = bring(&mut hand, Whereto::WithRoom);
    assert!((940.0..1040.0).contains(&place.x), "{place:?}");
    assert!(hand.editor.camera().view().contains(place.bounds()));
    assert_eq!(hand.editor.camera().zoom(), 1.0);
    // As programs have it that ask for no more.
    let drawn = bring(&mut hand, Whereto::AsDrawn);
    assert_eq!((drawn.x, drawn.y), (1000.0, 1000.0));
}

#[test]
fn all_kinds_come_back_whole() {
    let mut hand = Hand::new();
    let flip = Flip { across: false, down: true };
    let geometry = Geometry { x: 1.0, y: 2.5, w: 30.0, h: 40.0, angle: 0.5, flip };
    let plain = Geometry { flip: Flip::default(), ..geometry };
    let points = [[0.0, 0.0], [30.0, 40.0], [10.0, 5.0]].map(|[x, y]| BoardPoint::new(x, y));
    let path = || Path { points: points.into() };
    let text = Text {
        value: "one two".into(),
        lines: vec!["one".into(), "two".into()],
        size: 32.0,
        wraps: true,
        ..Text::default()
    };
    let ink = points.map(|at| InkPoint { at, pressure: 0.25 });
    let ink =
        Ink { points: ink.into(), has_pressure: true, brush: Brush::Highlighter, ..Ink::default() };
    let style = Style { opacity: 0.4, width: 4.0, ..Style::default() };
    let mut new: Vec<NewElement> = [
        (plain, Shape::Rectangle),
        (plain, Shape::Ellipse),
        (plain, Shape::Diamond),
        (geometry, Shape::Triangle),
        (plain, Shape::Note),
        (Geometry { angle: 0.0, ..plain }, Shape::Frame(Frame { name: "Plan".into() })),
        (plain, Shape::Line(path())),
        (plain, Shape::Arrow(Arrow { path: path(), is_elbow: false, ..Arrow::default() })),
        (plain, Shape::Ink(ink)),
        (plain, Shape::Text(text)),
    ]
    .map(|(geometry, shape)| NewElement::new(Some(geometry), style, shape))
    .into();
    new[0].groups = vec!["inner".into(), "outer".into()];
    new[1].groups = vec!["outer".into()];
    new[2].link = Some("https://example.org".into());
    hand.given(new);
    let text = copied(&mut hand);

    let mut other = Hand::new();
    other.input(pasted(text));
    let (from, to) = (hand.elements(), other.elements());
    assert_eq!(from.len(), to.len());
    assert_eq!(other.n_selected(), to.len());
    for (from, to) in from.iter().zip(&to) {
        assert_eq!((&from.style, &from.link), (&to.style, &to.link));
        assert_eq!((from.groups.len(), from.geometry.flip), (to.groups.len(), to.geometry.flip));
        let size = |geometry: Geometry| [geometry.w, geometry.h, geometry.angle];
        assert_eq!(size(from.geometry), size(to.geometry), "{to:?}");
        let shape = |shape: &Shape| match shape {
            // Points lie elsewhere, but as far from one another.
            Shape::Line(_) | Shape::Arrow(_) | Shape::Ink(_) => shape.kind().to_owned(),
            _ => format!("{shape:?}"),
        };
        assert_eq!(shape(&from.shape), shape(&to.shape));
        if let (Shape::Ink(from), Shape::Ink(to)) = (&from.shape, &to.shape) {
            let pressures = |ink: &Ink| ink.points.iter().map(|it| it.pressure).collect::<Vec<_>>();
            assert_eq!((from.brush, pressures(from)), (to.brush, pressures(to)));
        }
    }
    other.command(Command::Undo);
    assert!(other.elements().is_empty(), "a paste is one step");
}

#[test]
fn what_hangs_together_does_so_in_the_copy() {
    let mut hand = Hand::new();
    let boxes = hand.given_boxes(&[[100.0, 100.0, 50.0, 50.0], [400.0, 100.0, 50.0, 50.0]]);
    let points = [[150.0, 125.0], [400.0, 125.0]].map(|[x, y]| BoardPoint::new(x, y)).into();
    let end = |at: usize| Some(Binding { element: boxes[at].clone(), at: (0.25, 0.5), gap: 4.0 });
    let (start, end, heads) = (end(0), end(1), Heads::default());
    let arrow = Arrow { path: Path { points }, heads, start, end, ..Arrow::default() };
    hand.board.insert(NewElement::new(None, Style::default(), Shape::Arrow(arrow.clone())));
    let text = copied(&mut hand);
    assert_eq!(text.matches("boundElements").count(), 2, "Excalidraw is told from both sides");
    hand.input(pasted(text));
    let elements = hand.elements();
    let Shape::Arrow(copy) = &elements[5].shape else { panic!("an arrow") };
    let bound = copy.start.as_ref().unwrap();
    assert_eq!((&bound.element, bound.at, bound.gap), (&elements[3].id, (0.25, 0.5), 4.0));
    // Alone, the arrow is free.
    hand.click(275.0, 125.0);
    let text = written(&hand);
    let mut other = Hand::new();
    other.input(pasted(text));
    let Shape::Arrow(copy) = other.only().shape else { panic!("an arrow") };
    assert_eq!((copy.start, copy.end), (None, None));
}

#[test]
fn a_stroke_that_was_rubbed_at_is_strokes_elsewhere_and_a_laid_piece_stays() {
    let mut hand = Hand::new();
    let point = |n: u32| InkPoint { at: BoardPoint::new(f64::from(n), 20.0), pressure: 0.5 };
    let mut rubbed = Spans::default();
    rubbed.add(100 * PLACES_PER_POINT..120 * PLACES_PER_POINT);
    let ink = Ink { points: (0..=200).map(point).collect(), rubbed, ..Ink::default() };
    let points = [[0.0, 0.0], [50.0, 0.0], [50.0, 90.0], [120.0, 90.0]];
    let path = Path { points: points.map(|[x, y]| BoardPoint::new(x, y)).into() };
    let elbow = Arrow { path, is_elbow: true, fixed: vec![1], ..Arrow::default() };
    let new = |shape| NewElement::new(None, Style::default(), shape);
    hand.given(vec![new(Shape::Ink(ink)), new(Shape::Arrow(elbow.clone()))]);
    let text = copied(&mut hand);
    assert!(text.contains(r#""fixedSegments":[{"end":[50.0,90.0],"index":2,"start":[50.0,0.0]}]"#));

    let mut other = Hand::new();
    other.input(pasted(text));
    other.expect_kinds(&["ink", "ink", "arrow"]);
    let elements = other.elements();
    let sides = |n: usize| (elements[n].geometry.x, elements[n].geometry.w);
    let (one, two) = (sides(0), sides(1));
    assert_eq!((one.1, two.1, two.0 - one.0), (100.0, 80.0, 120.0));
    let Shape::Arrow(arrow) = &elements[2].shape else { panic!("an arrow") };
    assert_eq!(arrow.fixed, elbow.fixed);
}

#[test]
fn keys_of_the_clipboard_are_left_to_the_browser() {
    let mut hand = Hand::new();
    hand.given_boxes(&[[100.0, 100.0, 50.0, 50.0]]);
    hand.command(Command::SelectAll).holding(CTRL, |hand| {
        for key in ["c", "x", "v"] {
            hand.key(key);
            assert!(!hand.effects.is_handled && hand.effects.asks.is_empty(), "{key}");
        }
    });
    hand.command(Command::Cut);
    assert_eq!(hand.effects.asks, [Ask::Copy { is_cut: true }]);
}

#[test]
fn other_text_becomes_text_and_so_does_a_drawing_if_one_wants() {
    let mut hand = Hand::new();
    hand.move_to(300.0, 200.0).input(pasted("Hello\r\nworld"));
    let Shape::Text(text) = hand.only().shape else { panic!("text") };
    assert_eq!((text.value.as_str(), text.lines.len()), ("Hello\nworld", 2));
    hand.expect_box(275.0, 175.0, 50.0, 50.0);
    hand.input(pasted("   "));
    hand.only();
    let drawing = copied(&mut hand);
    let shift = Modifiers { shift: true, ..CTRL };
    hand.holding(shift, |hand| {
        hand.key("v");
    });
    hand.input(pasted(drawing.clone()));
    let Shape::Text(text) = &hand.elements()[1].shape else { panic!("text") };
    assert_eq!(text.value, drawing);
    for broken in ["{\"type\":\"excalidraw/clipboard\"", "{\"type\":\"excalidraw\",\"elements\":7}"]
    {
        hand.input(pasted(broken));
    }
}

#[test]
fn a_long_text_from_elsewhere_is_broken_into_lines() {
    let mut hand = Hand::new();
    hand.editor.cover(Covered { left: 250.0, top: 60.0, bottom: 60.0 });
    hand.move_to(300.0, 300.0).input(pasted("word ".repeat(200)));
    let element = &hand.elements()[0];
    let Shape::Text(text) = &element.shape else { panic!("{element:?}") };
    assert!(text.wraps && text.lines.len() > 3, "{text:?}");
    assert!(element.geometry.w <= 500.0, "half of what is seen: {:?}", element.geometry);
    let left = element.geometry.x;
    assert!(left >= 250.0, "beside the panel that comes with it: {left}");
    hand.input(pasted("a few words"));
    let element = &hand.elements()[1];
    let Shape::Text(text) = &element.shape else { panic!("{element:?}") };
    assert!(!text.wraps, "a short one is as wide as it is");
}

#[test]
fn an_address_from_elsewhere_leads_there_and_cells_stay_apart() {
    let mut hand = Hand::new();
    hand.input(pasted("https://example.org/a?b=c\n"));
    assert_eq!(hand.elements()[0].link.as_deref(), Some("https://example.org/a?b=c"));
    for words in ["see https://example.org", "https://example.org and more", "javascript:alert(1)"]
    {
        hand.input(pasted(words));
        assert_eq!(hand.elements().last().unwrap().link, None, "{words}");
    }
    hand.input(pasted("Ann\t10\nBob\t8"));
    let table = hand.elements().last().unwrap().clone();
    let Shape::Text(text) = &table.shape else { panic!("{table:?}") };
    assert_eq!(text.lines, ["Ann    10", "Bob    8"]);
}

#[test]
fn a_frame_in_a_frame_is_copied_with_it() {
    let mut hand = Hand::new();
    hand.key("f").drag((100.0, 100.0), (500.0, 500.0));
    hand.key("f").drag((150.0, 150.0), (300.0, 300.0));
    let text = copied(&mut hand);
    assert!(!text.contains(r#""frameId":""#), "Excalidraw has none in frames: {text}");
    hand.input(pasted(text));
    let elements = hand.elements();
    assert_eq!(elements.len(), 4);
    assert_eq!((&elements[2].frame, &elements[3].frame), (&None, &Some(elements[2].id.clone())));
}
