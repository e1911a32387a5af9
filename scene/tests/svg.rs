//! Boards as SVG, read back by a parser of its own.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use proptest::prelude::*;
use roxmltree::{Document, Node};
use scene::{SvgLook, attach_all, sheet, svg};
use shared::color::Color;
use shared::element::{Crop, Element, Frame, Image, NewElement, Shape, Style, Text};
use shared::excalidraw::import;
use shared::geometry::{Bounds, Flip, Geometry};
use shared::id::{ElementId, FileId};

const PLAIN: SvgLook<'_> =
    SvgLook { is_dark: false, background: Color::TRANSPARENT, href: &|_| None };

fn element(number: usize, shape: Shape) -> Element {
    let place = Geometry { x: 10.0, y: 20.0, w: 100.0, h: 50.0, ..Geometry::default() };
    NewElement::new(Some(place), Style::default(), shape).alone(ElementId::of_number(number))
}

fn text(value: &str) -> Element {
    let lines = vec![value.to_owned()];
    element(1, Shape::Text(Text { value: value.into(), lines, ..Text::default() }))
}

/// The only one with a tag.
#[track_caller]
fn only<'a>(document: &'a Document<'_>, tag: &str) -> Node<'a, 'a> {
    let mut found = document.descendants().filter(|node| node.has_tag_name(tag));
    let first = found.next().unwrap();
    assert!(found.next().is_none(), "only one {tag}");
    first
}

fn number(node: Node<'_, '_>, name: &str) -> f64 {
    node.attribute(name).unwrap().parse().unwrap()
}

fn real(name: &str) -> Vec<Element> {
    let fixtures = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/tests/fixtures/");
    let file = std::fs::read_to_string([fixtures, name].concat()).unwrap();
    let elements = import(&file).unwrap().elements.into_iter();
    attach_all(elements.map(|(id, new)| new.alone(id)).collect())
}

#[test]
fn a_real_board_is_written_whole() {
    let elements = real("boards/board-1000.excalidraw");
    for is_dark in [false, true] {
        let written = svg(&elements, &SvgLook { is_dark, ..PLAIN });
        let document = Document::parse(&written).unwrap();
        let root = document.root_element();
        assert_eq!(root.tag_name().namespace(), Some("http://www.w3.org/2000/svg"));
        let groups = root.children().filter(|node| node.has_tag_name("g"));
        assert_eq!(groups.count(), elements.len());
        let Bounds { x0, x1, .. } = sheet(&elements.iter().collect::<Vec<_>>());
        assert!((number(root, "width") - (x1 - x0)).abs() < 0.01);
        let is_number = |it: &str| it.parse().is_ok_and(|it: f64| it.is_finite());
        for path in document.descendants().filter(|node| node.has_tag_name("path")) {
            let course = path.attribute("d").unwrap();
            let mut numbers =
                course.split(|letter: char| letter == ' ' || letter.is_ascii_uppercase());
            assert!(course.starts_with('M'), "{course}");
            assert!(numbers.all(|it| it.is_empty() || is_number(it)), "{course}");
        }
        let said: String = document.descendants().filter_map(|node| node.text()).collect();
        for element in &elements {
            if let Shape::Text(text) = &element.shape {
                assert!(text.lines.iter().all(|line| said.contains(line.as_str())), "{text:?}");
            }
        }
    }
}

#[test]
fn what_people_wrote_is_never_markup() {
    let hostile = "</text><script>alert(1)</script>&lt; \" ' ]]> <!-- \u{0}\u{b}\u{1b}";
    let frame = element(2, Shape::Frame(Frame { name: hostile.into() }));
    let written = svg(&[text(hostile), frame], &PLAIN);
    let document = Document::parse(&written).unwrap();
    assert!(!document.descendants().any(|node| node.has_tag_name("script")));
    let said: Vec<_> = document.descendants().filter(|node| node.has_tag_name("text")).collect();
    assert_eq!(said.len(), 2);
    for node in said {
        let seen = "</text><script>alert(1)</script>&lt; \" ' ]]> <!-- ";
        assert_eq!(node.text(), Some(seen), "the control characters are gone");
    }
}

#[test]
fn a_cropped_picture_is_inside() {
    let crop = Crop::new(Bounds { x0: 0.25, y0: 0.0, x1: 0.75, y1: 0.5 }).unwrap();
    let file = FileId::of_digest([7; 32]);
    let mut picture = element(1, Shape::Image(Image { file, natural: (80.0, 60.0), crop }));
    picture.geometry.flip = Flip { across: true, down: false };
    let href = |asked: FileId| (asked == file).then(|| "data:image/png;base64,AA\"<".to_owned());
    let written = svg(std::slice::from_ref(&picture), &SvgLook { href: &href, ..PLAIN });
    let document = Document::parse(&written).unwrap();
    let image = only(&document, "image");
    assert_eq!(image.attribute("href"), Some("data:image/png;base64,AA\"<"));
    let window = image.parent().unwrap();
    assert_eq!(window.attribute("viewBox"), Some("2500 0 5000 5000"));
    assert_eq!((number(window, "width"), number(window, "height")), (100.0, 50.0));
    assert_eq!(window.parent().unwrap().attribute("transform"), Some("scale(-1 1)"));
    let missing = svg(&[picture], &PLAIN);
    assert!(!missing.contains("<image"), "what is not there is a box");
    only(&Document::parse(&missing).unwrap(), "rect");
}

#[test]
fn frames_cut_off_what_lies_in_them() {
    let frame = element(1, Shape::Frame(Frame { name: "Plan".into() }));
    let mut within = element(2, Shape::Rectangle);
    within.geometry.x = 80.0;
    within.frame = Some(frame.id.clone());
    let all = [frame, within];
    let written = svg(&all, &PLAIN);
    let document = Document::parse(&written).unwrap();
    let clip = only(&document, "clipPath").attribute("id").unwrap();
    let clipped = document.descendants().filter_map(|node| node.attribute("clip-path"));
    assert_eq!(clipped.collect::<Vec<_>>(), [format!("url(#{clip})")]);
    assert_eq!(
        sheet(&all.iter().collect::<Vec<_>>()).x1,
        10.0 + 100.0 + 10.0,
        "what is cut off takes no room"
    );
}

#[test]
fn a_background_is_as_it_is_and_the_rest_is_turned_for_the_dark() {
    let white = Color::rgb(0xffffff);
    let look = SvgLook { is_dark: true, background: Color::rgb(0x121212), ..PLAIN };
    let written = svg(&[text("words")], &look);
    let document = Document::parse(&written).unwrap();
    assert_eq!(only(&document, "rect").attribute("fill"), Some("#121212"));
    let ink = Color::INK.darkened().to_string();
    assert_eq!(only(&document, "text").attribute("fill"), Some(&*ink));
    let nothing = svg(&[], &SvgLook { background: white, ..PLAIN });
    assert!(number(Document::parse(&nothing).unwrap().root_element(), "width") > 0.0);
}

proptest! {
    #[test]
    fn any_text_comes_out_as_it_went_in(value in "[^\\p{Cc}\u{fffe}\u{ffff}]{1,40}") {
        prop_assume!(!value.trim().is_empty());
        let written = svg(&[text(&value)], &PLAIN);
        let document = Document::parse(&written).unwrap();
        prop_assert_eq!(only(&document, "text").text(), Some(&*value));
    }
}
