//! How attached elements stand: elbows around what they join, labels in what they label.
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use proptest::prelude::*;
use scene::{attach_all, corners, grown, room};
use shared::board::Board;
use shared::color::Color;
use shared::element::{
    Arrow, Binding, Edges, Element, Heads, NewElement, Path, Shape, Style, Text,
};
use shared::geometry::{BoardPoint, Bounds, Geometry};
use shared::id::{ClientId, ElementId};

/// Between an outline that is 2 wide and the end of an arrow.
const GAP: f64 = 6.0;

fn at(x: f64, y: f64, w: f64, h: f64) -> Geometry {
    Geometry { x, y, w, h, ..Geometry::default() }
}

fn element(id: &str, geometry: Geometry, shape: Shape) -> Element {
    let id = ElementId::parse(id).unwrap();
    NewElement::new(Some(geometry), Style::default(), shape).alone(id)
}

fn bound(to: &str, at: (f64, f64)) -> Option<Binding> {
    Some(Binding { element: ElementId::parse(to).unwrap(), at, gap: 5.0 })
}

fn elbow(start: Option<Binding>, end: Option<Binding>, points: [(f64, f64); 2]) -> Element {
    let points = points.map(|(x, y)| BoardPoint::new(x, y)).to_vec();
    let (path, heads) = (Path { points }, Heads::default());
    let geometry = Geometry::over(path.bounds());
    let arrow = Arrow { path, heads, is_elbow: true, start, end, ..Arrow::default() };
    element("arrow", geometry, Shape::Arrow(arrow))
}

/// The course between the middles of two boxes.
fn course(a: Geometry, b: Geometry) -> Vec<BoardPoint> {
    let arrow = elbow(bound("a", (0.5, 0.5)), bound("b", (0.5, 0.5)), [(0.0, 0.0), (1.0, 1.0)]);
    let boxes = [("a", a), ("b", b)].map(|(id, place)| element(id, place, Shape::Rectangle));
    let all = attach_all(boxes.into_iter().chain([arrow]).collect());
    corners(&all[2])
}

#[track_caller]
fn check(a: Geometry, b: Geometry, points: &[(f64, f64)]) {
    let found = course(a, b);
    let is_near = |(a, b): (&BoardPoint, &(f64, f64))| a.distance(BoardPoint::new(b.0, b.1)) < 0.01;
    assert!(found.len() == points.len() && found.iter().zip(points).all(is_near), "{found:?}");
}

#[test]
fn an_elbow_is_straight_where_it_can_be_and_turns_halfway_where_not() {
    let a = at(0.0, 0.0, 100.0, 100.0);
    check(a, at(300.0, 0.0, 100.0, 100.0), &[(100.0 + GAP, 50.0), (300.0 - GAP, 50.0)]);
    let down = [(100.0 + GAP, 50.0), (200.0, 50.0), (200.0, 130.0), (300.0 - GAP, 130.0)];
    check(a, at(300.0, 80.0, 100.0, 100.0), &down);
    let across = [(50.0, 100.0 + GAP), (50.0, 200.0), (130.0, 200.0), (130.0, 300.0 - GAP)];
    check(a, at(80.0, 300.0, 100.0, 100.0), &across);
}

#[test]
fn an_elbow_leaves_by_the_side_that_it_is_bound_to_and_goes_around() {
    let boxes = || {
        [("a", at(0.0, 0.0, 100.0, 100.0)), ("b", at(300.0, 0.0, 100.0, 100.0))]
            .map(|(id, place)| element(id, place, Shape::Rectangle))
    };
    // Out on the left of the one, in on the right of the other.
    let arrow = elbow(bound("a", (0.02, 0.5)), bound("b", (0.98, 0.5)), [(0.0, 0.0), (1.0, 1.0)]);
    let points = corners(&attach_all(boxes().into_iter().chain([arrow]).collect())[2]);
    assert_eq!(points.len(), 6, "{points:?}");
    assert!(points[1].x < 0.0 && points[4].x > 400.0);
    for (_, place) in [("a", at(0.0, 0.0, 100.0, 100.0)), ("b", at(300.0, 0.0, 100.0, 100.0))] {
        assert!(!crosses(&points, place.bounds()), "{points:?}");
    }
}

#[test]
fn an_elbow_that_is_free_turns_once() {
    let all = attach_all(vec![elbow(None, None, [(0.0, 0.0), (200.0, 100.0)])]);
    assert_eq!(corners(&all[0]).len(), 3);
}

#[test]
fn the_head_of_an_elbow_has_room_however_near_the_boxes_are() {
    let a = at(0.0, 0.0, 100.0, 100.0);
    // Less than half of what is between them is left for the start.
    let near = course(a, at(150.0, 60.0, 100.0, 100.0));
    assert_eq!(near.len(), 4, "{near:?}");
    assert!((near[3].x - near[2].x - 32.0).abs() < 0.01, "{near:?}");
    // Too near: it comes in from another side.
    let nearer = course(a, at(120.0, 60.0, 100.0, 100.0));
    assert!(!crosses(&nearer, a.bounds()), "{nearer:?}");
    let [.., before, end] = nearer[..] else { panic!("{nearer:?}") };
    assert!(before.distance(end) >= 32.0, "{nearer:?}");
}

#[test]
fn a_free_end_with_a_head_is_gone_to_straight() {
    let ends = |to| corners(&attach_all(vec![elbow(None, None, [(0.0, 0.0), to])])[0]);
    let at = |points: &[(f64, f64)]| -> Vec<_> {
        points.iter().map(|&(x, y)| BoardPoint::new(x, y)).collect()
    };
    assert_eq!(ends((200.0, 5.0)), at(&[(0.0, 0.0), (100.0, 0.0), (100.0, 5.0), (200.0, 5.0)]));
    assert_eq!(ends((200.0, 100.0)), at(&[(0.0, 0.0), (200.0, 0.0), (200.0, 100.0)]));
    assert_eq!(ends((6.0, 5.0)), at(&[(0.0, 0.0), (6.0, 0.0), (6.0, 5.0)]));
}

/// Where a label of this size stands on an elbow with these corners.
fn labeled(points: &[(f64, f64)], label: (f64, f64)) -> (f64, f64) {
    let points = points.iter().map(|&(x, y)| BoardPoint::new(x, y)).collect();
    let (path, label) = (Path { points }, Some(label));
    let geometry = Geometry::over(path.bounds());
    let arrow = Arrow { path, is_elbow: true, label, ..Arrow::default() };
    let room = room(&element("arrow", geometry, Shape::Arrow(arrow)), 20.0).unwrap();
    (room.center.x, room.center.y)
}

#[test]
fn the_label_of_an_elbow_stands_on_a_piece_that_can_carry_it() {
    let small = (60.0, 25.0);
    let step = [(0.0, 0.0), (150.0, 0.0), (150.0, 200.0), (300.0, 200.0)];
    assert_eq!(labeled(&step, small), (150.0, 100.0), "the middle piece");
    let corner = [(0.0, 0.0), (200.0, 0.0), (200.0, 200.0)];
    assert_eq!(labeled(&corner, small), (100.0, 0.0), "never on the bend");
    assert_eq!(labeled(&corner, (180.0, 25.0)), (200.0, 100.0), "where it is not too wide");
    let low = [(0.0, 0.0), (150.0, 0.0), (150.0, 40.0), (300.0, 40.0)];
    assert_eq!(labeled(&low, small), (75.0, 0.0), "the middle piece is too short");
    assert_eq!(labeled(&[(0.0, 0.0), (30.0, 0.0)], small), (15.0, 0.0));
}

#[test]
fn an_elbow_that_was_laid_by_hand_stays_while_its_ends_do() {
    let mut arrow = elbow(None, None, [(0.0, 0.0), (200.0, 100.0)]);
    let points = [(0.0, 0.0), (0.0, 150.0), (200.0, 150.0), (200.0, 100.0)];
    let points = points.map(|(x, y)| BoardPoint::new(x, y)).to_vec();
    let Shape::Arrow(it) = &mut arrow.shape else { unreachable!() };
    it.path.points.clone_from(&points);
    arrow.geometry = Geometry::over(it.path.bounds());
    assert_eq!(corners(&attach_all(vec![arrow])[0]), points);
}

fn crosses(points: &[BoardPoint], inner: Bounds) -> bool {
    let inner = inner.inflated(-0.01);
    points.windows(2).any(|ends| Bounds::from_corners(ends[0], ends[1]).intersects(inner))
}

proptest! {
    /// Wherever two boxes are, the course runs across and down, begins and ends before them, turns five
    /// times at most, and goes through neither if they leave room.
    #[test]
    fn elbows_go_around_what_they_join(
        (x, y) in (-400.0..400.0f64, -400.0..400.0f64),
        (w, h) in (20.0..200.0f64, 20.0..200.0f64),
    ) {
        let (a, b) = (at(0.0, 0.0, 120.0, 80.0), at(x, y, w, h));
        let points = course(a, b);
        for ends in points.windows(2) {
            prop_assert!((ends[0].x - ends[1].x).abs() < 0.01 || (ends[0].y - ends[1].y).abs() < 0.01, "{:?}", points);
        }
        prop_assert!(points.len() <= 7, "{:?}", points);
        let is_apart = !a.bounds().inflated(2.0 * GAP + 2.0).intersects(b.bounds());
        if is_apart {
            prop_assert!(!crosses(&points, a.bounds()) && !crosses(&points, b.bounds()), "{:?}", points);
        }
        // Room for the head, wherever there is room at all.
        let is_near = a.bounds().inflated(20.0).intersects(b.bounds());
        let long = points[points.len() - 2].distance(points[points.len() - 1]);
        prop_assert!(is_near || points.len() == 2 || long > 31.0, "{:?}", points);
        prop_assert_eq!(points, course(a, b));
    }

    /// A shape that is grown for a label has room for it.
    #[test]
    fn a_grown_shape_has_room(height in 10.0..800.0f64, w in 60.0..400.0f64, angle in 0.0..6.0f64) {
        for shape in [Shape::Rectangle, Shape::Ellipse, Shape::Diamond, Shape::Triangle, Shape::Note] {
            let mut it = element("a", Geometry { angle, ..at(0.0, 0.0, w, 10.0) }, shape);
            it.geometry.h = grown(&it, height).unwrap();
            let room = room(&it, 10.0).unwrap();
            prop_assert!((room.h - height).abs() < 1e-6);
            let text = Text::default();
            let place = room.place(&text, room.w, room.h);
            it.style = Style { fill: Color::INK, edges: Edges::Sharp, ..it.style };
            for corner in place.corners() {
                prop_assert!(scene::hits(&it, corner, 0.5), "{:?} {:?}", it.shape, corner);
            }
        }
    }
}

#[test]
fn a_list_of_elements_stands_as_a_board_does() {
    let mut board = Board::new(ClientId::new(1).unwrap(), 1);
    let mut insert =
        |geometry, shape| board.insert(NewElement::new(geometry, Style::default(), shape));
    let a = insert(Some(at(0.0, 0.0, 100.0, 100.0)), Shape::Rectangle);
    let b = insert(Some(at(300.0, 200.0, 100.0, 100.0)), Shape::Ellipse);
    let points = vec![BoardPoint::default(), BoardPoint::new(9.0, 9.0)];
    let end = |id: &ElementId| Some(Binding { element: id.clone(), at: (0.5, 0.5), gap: 5.0 });
    let arrow = Arrow { path: Path { points }, start: end(&a), end: end(&b), ..Arrow::default() };
    let arrow = insert(None, Shape::Arrow(arrow));
    for container in [a, arrow] {
        let (value, container) = ("Hi".into(), Some(container));
        let text = Text { value, container, lines: vec!["Hi".into()], ..Text::default() };
        insert(Some(at(0.0, 0.0, 20.0, 25.0)), Shape::Text(text));
    }
    let stored: Vec<Element> = board.elements().map(|it| (**it).clone()).collect();
    board.attach_by(scene::attached);
    let stand: Vec<Element> = board.elements().map(|it| (**it).clone()).collect();
    assert_ne!(stored, stand);
    assert_eq!(attach_all(stored), stand);
}
