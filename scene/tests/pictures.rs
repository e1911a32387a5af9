//! Elements become pictures that painters can draw without asking back.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use kurbo::Shape as _;
use scene::{Blend, Item, Picture, bounds, picture, picture_of};
use shared::color::Color;
use shared::element::{
    Align, Arrow, Brush, Dash, Edges, FillStyle, Font, Head, Heads, Ink, NewElement, Path, Shape,
    Style, Text,
};
use shared::geometry::{BoardPoint, Bounds, Geometry};
use shared::id::ElementId;
use shared::ink::InkPoint;

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
    picture_of(&style, shape, geometry, 0)
}

/// Drawn by a steady hand.
fn exact() -> Style {
    Style { roughness: 0, ..Style::default() }
}

fn filled() -> Style {
    Style { fill: Color::rgb(0xffc9c9), ..exact() }
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
            let picture = picture_of(&style, &shape, placed(10.0, 20.0, 100.0, 50.0), 0);
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
    let style = Style { edges: Edges::Sharp, width: 2.0, ..exact() };
    let quarter = Geometry { angle: std::f64::consts::FRAC_PI_2, ..placed(0.0, 0.0, 100.0, 20.0) };
    let picture = picture_of(&style, &Shape::Rectangle, quarter, 0);
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
    assert_eq!(picture_of(&style, &line, here, 0).items, picture_of(&style, &line, there, 0).items);
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
        let picture = picture_of(&nothing, &shape, placed(0.0, 0.0, 10.0, 10.0), 0);
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

/// The lines inside a box of 100 by 80.
fn lines_inside(fill_style: FillStyle, style: Style, seed: u32) -> Item {
    let style = Style { fill_style, ..style };
    let mut picture = picture_of(&style, &Shape::Ellipse, placed(0.0, 0.0, 100.0, 80.0), seed);
    picture.items.swap_remove(0)
}

#[test]
fn hatching_stays_inside_the_outline_and_is_as_dense_as_the_outline_is_thin() {
    let n_lines = |fill_style, width: f64| {
        let item = lines_inside(fill_style, Style { width, ..filled() }, 0);
        let Item::Hatch { path, color, .. } = item else { panic!("{item:?}") };
        assert_eq!(color, filled().fill);
        for segment in path.segments() {
            for end in [kurbo::ParamCurve::start(&segment), kurbo::ParamCurve::end(&segment)] {
                let (x, y) = (end.x / 50.0, end.y / 40.0);
                assert!(x * x + y * y < 1.05, "{end:?} is outside");
            }
        }
        path.segments().count()
    };
    for fill_style in [FillStyle::Hachure, FillStyle::CrossHatch, FillStyle::Zigzag] {
        let (thin, thick) = (n_lines(fill_style, 1.0), n_lines(fill_style, 4.0));
        assert!(thin > 3 * thick && thick > 3, "{fill_style:?}: {thin} and {thick}");
    }
    let hachure = n_lines(FillStyle::Hachure, 2.0);
    assert!(n_lines(FillStyle::CrossHatch, 2.0) > hachure * 3 / 2);
}

#[test]
fn a_huge_hatched_box_has_no_more_lines_than_one_can_count() {
    let style = Style { fill_style: FillStyle::CrossHatch, width: 0.01, ..filled() };
    let huge = placed(0.0, 0.0, 1e6, 1e6);
    let picture = picture_of(&style, &Shape::Rectangle, huge, 0);
    let [Item::Hatch { path, .. }, ..] = &picture.items[..] else { panic!("no lines") };
    assert!(path.elements().len() < 10_000, "{}", path.elements().len());
}

#[test]
fn an_element_keeps_its_look_and_another_one_has_another() {
    let rough = Style { roughness: 1, ..filled() };
    for fill_style in [FillStyle::Solid, FillStyle::Hachure] {
        let style = Style { fill_style, ..rough };
        let of = |seed, x: f64| {
            picture_of(&style, &Shape::Rectangle, placed(x, 0.0, 100.0, 80.0), seed).items
        };
        assert_eq!(of(7, 0.0), of(7, 1000.0), "moved");
        assert_ne!(of(7, 0.0), of(8, 0.0));
    }
}

#[test]
fn a_dashed_line_is_gone_over_once() {
    let n_segments = |dash| {
        let style = Style { dash, ..Style::default() };
        let picture = picture_of(&style, &Shape::Diamond, placed(0.0, 0.0, 100.0, 80.0), 1);
        let [Item::Stroke { path, .. }] = &picture.items[..] else { panic!("no outline") };
        path.segments().count()
    };
    assert_eq!(n_segments(Dash::Solid), 2 * n_segments(Dash::Dashed));
}

#[test]
fn a_head_that_one_sees_through_has_no_line_inside() {
    let reach = |head| {
        let style = Style { dash: Dash::Dashed, ..exact() };
        let heads = Heads { start: Head::None, end: head };
        let path = path(&[(0.0, 0.0), (100.0, 0.0)]);
        let picture = drawn(style, &Shape::Arrow(Arrow { path, heads, ..Arrow::default() }));
        let Item::Stroke { path, .. } = &picture.items[0] else { panic!("no line") };
        path.bounding_box().x1
    };
    assert_eq!(reach(Head::Bar), 50.0, "the items' origin is in the middle");
    for head in [Head::TriangleOutline, Head::DotOutline, Head::DiamondOutline] {
        assert!((20.0..45.0).contains(&reach(head)), "{head:?}: {}", reach(head));
    }
}

#[test]
fn a_highlighter_is_one_stroke_that_lets_colors_through() {
    let point = |x: f64, y: f64| InkPoint { at: at(x, y), pressure: 0.5 };
    let points = [(0.0, 0.0), (50.0, 50.0), (50.0, 0.0), (0.0, 50.0)];
    let points = points.map(|(x, y)| point(x, y)).to_vec();
    let ink = Shape::Ink(Ink {
        points,
        has_pressure: false,
        brush: Brush::Highlighter,
        ..Ink::default()
    });
    let picture = drawn(Style { width: 20.0, ..Style::default() }, &ink);
    assert_eq!(picture.blend, Blend::Marker);
    let [Item::Stroke { color, width, .. }] = &picture.items[..] else { panic!("not one stroke") };
    assert!(color.a < 255 && *width == 20.0);
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
        let style = Style { width: 2.0, ..exact() };
        let arrow = Shape::Arrow(Arrow {
            path: path(&[(0.0, 0.0), (20.0, 0.0)]),
            heads: ends,
            ..Arrow::default()
        });
        let picture = drawn(style, &arrow);
        let n_items = match head {
            Head::None => 1,
            // What is inside, and its outline.
            Head::Triangle | Head::Diamond | Head::CrowfootOneOrMany => 5,
            _ => 3,
        };
        assert_eq!(picture.items.len(), n_items, "{head:?}");
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
    let picture = drawn(exact(), &Shape::Line(path(&corners)));
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
    let style = Style { width: 2.0, ..exact() };
    check_bounds(
        &picture_of(&style, &line, placed(100.0, 0.0, 40.0, 20.0), 0),
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
        let picture = picture_of(&Style::default(), &shape, placed(0.0, 0.0, 100.0, 75.0), 0);
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
        let ink = NewElement::new(Some(geometry), Style::default(), shape.clone());
        let ink = ink.alone(ElementId::of_number(1));
        assert!(bounds(&ink).contains(picture(&ink).bounds));
        let Item::Fill { path, .. } = &picture(&ink).items[0] else { panic!("ink is an area") };
        assert!(path.area().abs() > 100.0);
    }
}
