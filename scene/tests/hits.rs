//! A click touches what a person would say it touches.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use scene::hits;
use shared::color::Color;
use shared::element::{
    Align, Arrow, Edges, Element, Font, Heads, Ink, NewElement, Path, Shape, Style, Text,
};
use shared::geometry::{BoardPoint, Geometry};
use shared::id::ElementId;
use shared::ink::InkPoint;

const TOLERANCE: f64 = 2.0;

fn element(shape: Shape) -> Element {
    let box_ = Geometry { x: 0.0, y: 0.0, w: 100.0, h: 60.0, angle: 0.0, ..Geometry::default() };
    let place = shape.natural_bounds().map_or(box_, Geometry::over);
    NewElement::new(Some(place), Style::default(), shape).alone(ElementId::of_number(1))
}

fn filled(shape: Shape) -> Element {
    let mut element = element(shape);
    element.style.fill = Color::rgb(0xa5d8ff);
    element
}

fn path(points: &[(f64, f64)]) -> Path {
    Path { points: points.iter().map(|&(x, y)| BoardPoint::new(x, y)).collect() }
}

#[track_caller]
fn check(element: &Element, x: f64, y: f64, wanted: bool) {
    let touched = hits(element, BoardPoint::new(x, y), TOLERANCE);
    assert_eq!(touched, wanted, "{} at {x}, {y}", element.shape.kind());
}

#[test]
fn an_empty_box_is_touched_at_its_line_and_a_full_one_inside() {
    for shape in [Shape::Rectangle, Shape::Ellipse, Shape::Diamond] {
        let (mut empty, full) = (element(shape.clone()), filled(shape));
        empty.style.edges = Edges::Sharp;
        check(&empty, 50.0, 1.0, true);
        check(&empty, 50.0, -2.9, true);
        check(&empty, 50.0, -3.1, false);
        check(&empty, 50.0, 30.0, false);
        check(&full, 50.0, 30.0, true);
        check(&full, 104.0, 30.0, false);
    }
}

#[test]
fn the_corners_of_the_box_belong_to_no_ellipse_or_diamond() {
    check(&filled(Shape::Rectangle), 3.0, 3.0, true);
    check(&filled(Shape::Ellipse), 3.0, 3.0, false);
    check(&filled(Shape::Diamond), 3.0, 3.0, false);
}

#[test]
fn turning_is_taken_into_account() {
    let mut upright = filled(Shape::Rectangle);
    upright.geometry.angle = std::f64::consts::FRAC_PI_2;
    check(&upright, 50.0, 75.0, true);
    check(&upright, 90.0, 30.0, false);
}

#[test]
fn lines_are_touched_along_their_course() {
    let corner = path(&[(0.0, 0.0), (100.0, 0.0), (100.0, 100.0)]);
    let mut sharp = element(Shape::Line(corner.clone()));
    sharp.style.edges = Edges::Sharp;
    check(&sharp, 99.0, 2.0, true);
    check(&sharp, 50.0, 50.0, false);
    check(
        &element(Shape::Arrow(Arrow { path: corner, heads: Heads::default(), ..Arrow::default() })),
        100.0,
        99.0,
        true,
    );

    let ring = path(&[(0.0, 0.0), (90.0, 0.0), (50.0, 90.0), (0.0, 0.0)]);
    check(&filled(Shape::Line(ring.clone())), 45.0, 30.0, true);
    check(&element(Shape::Line(ring)), 45.0, 30.0, false);
}

#[test]
fn a_resized_line_is_touched_where_it_is_now() {
    let mut line = element(Shape::Line(path(&[(0.0, 0.0), (10.0, 10.0)])));
    line.geometry =
        Geometry { x: 1000.0, y: 0.0, w: 200.0, h: 100.0, angle: 0.0, ..Geometry::default() };
    check(&line, 1100.0, 50.0, true);
    check(&line, 5.0, 5.0, false);
}

#[test]
fn ink_is_touched_where_the_pen_went() {
    let points = (0..10_000).map(|i| {
        let turn = f64::from(i) * 0.01;
        let at = BoardPoint::new(turn * 10.0, turn.sin() * 100.0);
        InkPoint { at, pressure: 0.5 }
    });
    let wave = element(Shape::Ink(Ink {
        points: points.collect(),
        has_pressure: false,
        ..Ink::default()
    }));
    check(&wave, 0.0, 0.0, true);
    check(&wave, 15.7, 100.0, true);
    check(&wave, 15.7, 0.0, false);

    let dot = InkPoint { at: BoardPoint::new(7.0, 7.0), pressure: 0.5 };
    let dot = element(Shape::Ink(Ink { points: vec![dot], has_pressure: false, ..Ink::default() }));
    check(&dot, 8.0, 8.0, true);
    check(&dot, 27.0, 7.0, false);
}

#[test]
fn text_is_touched_anywhere_in_its_box() {
    let text = element(Shape::Text(Text {
        value: "hello".into(),
        lines: vec!["hello".into()],
        size: 20.0,
        font: Font::Sans,
        align: Align::Left,
        ..Text::default()
    }));
    check(&text, 80.0, 40.0, true);
    check(&text, 103.0, 40.0, false);
}

#[test]
fn numbers_that_are_none_touch_nothing() {
    check(&filled(Shape::Rectangle), f64::NAN, 1.0, false);
    check(&filled(Shape::Ellipse), 1.0, f64::INFINITY, false);
    check(&element(Shape::Ink(Ink::default())), 0.0, 0.0, false);
}
