//! Elements become pictures that painters can draw without asking back.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use kurbo::Shape as _;
use scene::{Item, Picture, bounds, picture, picture_of};
use shared::color::Color;
use shared::element::{
    Align, Arrow, Dash, Edges, Element, FillStyle, Font, Head, Heads, Ink, Path, Shape, Style, Text,
};
use shared::geometry::{BoardPoint, Bounds, Geometry};
use shared::id::ElementId;
use shared::ink::InkPoint;
use shared::order::ZIndex;

fn at(x: f64, y: f64) -> BoardPoint {
    BoardPoint::new(x, y)
}

fn placed(x: f64, y: f64, w: f64, h: f64) -> Geometry {
    Geometry { x, y, w, h, angle: 0.0, ..Geometry::default() }
}

fn path(points: &[(f64, f64)]) -> Path {
    Path { points: points.iter().map(|&(x, y)| at(x, y)).collect() }
}

fn drawn(style: Style, shape: &Shape) -> Picture {
    let geometry = Geometry::over(shape.natural_bounds().unwrap());
    picture_of(&style, shape, geometry)
}

fn filled() -> Style {
    Style { fill: Color::rgb(0xffc9c9), ..Style::default() }
}

#[track_caller]
fn check_bounds(picture: &Picture, x0: f64, y0: f64, x1: f64, y1: f64) {
    let wanted = Bounds { x0, y0, x1, y1 };
    let close = |a: f64, b: f64| (a - b).abs() < 1e-6;
    let Bounds { x0: a, y0: b, x1: c, y1: d } = picture.bounds;
    assert!(
        close(a, x0) && close(b, y0) && close(c, x1) && close(d, y1),
        "{:?} instead of {wanted:?}",
        picture.bounds
    );
}

#[test]
fn boxes_reach_half_a_stroke_beyond_their_edges() {
    for shape in [Shape::Rectangle, Shape::Ellipse, Shape::Diamond] {
        for edges in [Edges::Round, Edges::Sharp] {
            let style = Style { edges, width: 4.0, ..filled() };
            let picture = picture_of(&style, &shape, placed(10.0, 20.0, 100.0, 50.0));
            let [Item::Fill { .. }, Item::Stroke { width, .. }] = &picture.items[..] else {
                panic!("{:?}", picture.items);
            };
            assert_eq!(*width, 4.0);
            assert_eq!(picture.origin, at(60.0, 45.0));
            if edges == Edges::Sharp || shape != Shape::Diamond {
                check_bounds(&picture, 8.0, 18.0, 112.0, 72.0);
            }
        }
    }
}

#[test]
fn a_turned_box_reaches_as_far_as_its_corners() {
    let style = Style { edges: Edges::Sharp, width: 2.0, ..Style::default() };
    let quarter = Geometry { angle: std::f64::consts::FRAC_PI_2, ..placed(0.0, 0.0, 100.0, 20.0) };
    let picture = picture_of(&style, &Shape::Rectangle, quarter);
    check_bounds(&picture, 39.0, -41.0, 61.0, 61.0);
}

#[test]
fn moving_and_turning_leave_the_items_alone() {
    let line = Shape::Arrow(Arrow {
        path: path(&[(0.0, 0.0), (30.0, 40.0), (90.0, 0.0)]),
        heads: Heads::default(),
        ..Arrow::default()
    });
    let here = Geometry::over(line.natural_bounds().unwrap());
    let there = Geometry { angle: 1.0, ..here.moved(1000.0, -500.0) };
    let style = Style::default();
    assert_eq!(picture_of(&style, &line, here).items, picture_of(&style, &line, there).items);
}

#[test]
fn what_cannot_be_seen_is_not_painted() {
    let nothing = Style { stroke: Color::TRANSPARENT, ..Style::default() };
    let shapes = [
        Shape::Rectangle,
        Shape::Arrow(Arrow {
            path: path(&[(0.0, 0.0), (9.0, 9.0)]),
            heads: Heads { start: Head::Bar, end: Head::Dot },
            ..Arrow::default()
        }),
        Shape::Unknown("hologram".into()),
    ];
    for shape in shapes {
        let picture = picture_of(&nothing, &shape, placed(0.0, 0.0, 10.0, 10.0));
        assert_eq!(picture.items, [], "{}", shape.kind());
        assert_eq!(picture.bounds, Bounds { x0: 0.0, y0: 0.0, x1: 10.0, y1: 10.0 });
    }
}

#[test]
fn only_lines_that_meet_their_start_are_filled() {
    let open = path(&[(0.0, 0.0), (100.0, 0.0), (100.0, 100.0)]);
    let closed = path(&[(0.0, 0.0), (100.0, 0.0), (100.0, 100.0), (0.0, 0.0)]);
    let n_fills = |shape: &Shape| {
        let items = drawn(filled(), shape).items;
        items.iter().filter(|item| matches!(item, Item::Fill { .. })).count()
    };
    assert_eq!(n_fills(&Shape::Line(open)), 0);
    assert_eq!(n_fills(&Shape::Line(closed.clone())), 1);
    assert_eq!(
        n_fills(&Shape::Arrow(Arrow { path: closed, heads: Heads::default(), ..Arrow::default() })),
        0
    );
}

#[test]
fn special_fills_are_lighter() {
    let alpha = |fill_style| {
        let style = Style { fill_style, ..filled() };
        match &picture_of(&style, &Shape::Rectangle, placed(0.0, 0.0, 9.0, 9.0)).items[0] {
            Item::Fill { color, .. } => color.a,
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(alpha(FillStyle::Solid), 255);
    assert!(alpha(FillStyle::CrossHatch) > alpha(FillStyle::Hachure));
}

#[test]
fn broken_lines_have_excalidraws_dashes() {
    let dashes = |dash| {
        let style = Style { dash, width: 2.0, ..Style::default() };
        match &drawn(style, &Shape::Line(path(&[(0.0, 0.0), (50.0, 0.0)]))).items[..] {
            [Item::Stroke { width, dash, .. }] => (*width, dash.clone()),
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(dashes(Dash::Solid), (2.0, vec![]));
    assert_eq!(dashes(Dash::Dashed), (2.5, vec![8.0, 10.0]));
    assert_eq!(dashes(Dash::Dotted), (2.5, vec![1.5, 8.0]));
}

#[test]
fn every_head_stays_within_half_of_a_short_arrow() {
    for &head in Head::ALL {
        let ends = Heads { start: head, end: head };
        let style = Style { width: 2.0, ..Style::default() };
        let arrow = Shape::Arrow(Arrow {
            path: path(&[(0.0, 0.0), (20.0, 0.0)]),
            heads: ends,
            ..Arrow::default()
        });
        let picture = drawn(style, &arrow);
        assert_eq!(picture.items.len(), if head == Head::None { 1 } else { 3 }, "{head:?}");
        assert!(picture.bounds.height() <= 22.1, "{head:?} {:?}", picture.bounds);
        let pointless = Shape::Arrow(Arrow {
            path: path(&[(5.0, 5.0), (5.0, 5.0)]),
            heads: ends,
            ..Arrow::default()
        });
        assert!(drawn(style, &pointless).items.len() <= 1, "{head:?} without a direction");
    }
}

#[test]
fn a_smooth_line_goes_through_its_points() {
    let corners = [(0.0, 0.0), (50.0, 80.0), (100.0, 0.0), (150.0, 80.0)];
    let picture = drawn(Style::default(), &Shape::Line(path(&corners)));
    let [Item::Stroke { path, .. }] = &picture.items[..] else { panic!("{:?}", picture.items) };
    for (x, y) in corners {
        let on_line = kurbo::Point::new(x - picture.origin.x, y - picture.origin.y);
        let miss = path.segments().map(|s| kurbo::ParamCurveNearest::nearest(&s, on_line, 1e-3));
        assert!(miss.map(|n| n.distance_sq).fold(f64::INFINITY, f64::min) < 1e-6);
    }
}

#[test]
fn resizing_a_line_stretches_its_points_but_not_its_stroke() {
    let line = Shape::Line(path(&[(0.0, 0.0), (10.0, 10.0)]));
    let style = Style { width: 2.0, ..Style::default() };
    check_bounds(
        &picture_of(&style, &line, placed(100.0, 0.0, 40.0, 20.0)),
        99.0,
        -1.0,
        141.0,
        21.0,
    );
}

#[test]
fn lines_of_text_stand_in_their_box() {
    let text = |align| Text {
        value: "one\n\nthree".into(),
        lines: vec!["one".into(), String::new(), "three".into()],
        size: 20.0,
        font: Font::Hand,
        align,
        ..Text::default()
    };
    for (align, x) in [(Align::Left, -50.0), (Align::Center, 0.0), (Align::Right, 50.0)] {
        let shape = Shape::Text(text(align));
        let picture = picture_of(&Style::default(), &shape, placed(0.0, 0.0, 100.0, 75.0));
        let [Item::Text { lines, .. }] = &picture.items[..] else { panic!("{:?}", picture.items) };
        assert_eq!(lines.len(), 2, "a blank line takes room but is not painted");
        assert_eq!((lines[0].x, lines[1].x), (x, x));
        assert_eq!(lines[1].baseline_y - lines[0].baseline_y, 50.0);
        assert!((-37.5..-12.5).contains(&lines[0].baseline_y));
        assert_eq!(picture.bounds, Bounds { x0: 0.0, y0: 0.0, x1: 100.0, y1: 75.0 });
    }
}

#[test]
fn the_quick_bounds_of_ink_hold_its_picture() {
    let points = (0..200).map(|i| {
        let turn = f64::from(i) * 0.21;
        InkPoint { at: at(turn.sin() * turn * 20.0, turn.cos() * 70.0), pressure: 0.9 }
    });
    let shape = Shape::Ink(Ink { points: points.collect(), has_pressure: true, ..Ink::default() });
    for angle in [0.0, 0.7, 3.0] {
        let geometry = Geometry { angle, ..Geometry::over(shape.natural_bounds().unwrap()) };
        let ink = Element {
            id: ElementId::parse("ink").unwrap(),
            z: ZIndex::default(),
            geometry,
            style: Style::default(),
            groups: Vec::new(),
            locked: false,
            frame: None,
            link: None,
            shape: shape.clone(),
        };
        assert!(bounds(&ink).contains(picture(&ink).bounds));
        let Item::Fill { path, .. } = &picture(&ink).items[0] else { panic!("ink is an area") };
        assert!(path.area().abs() > 100.0);
    }
}
