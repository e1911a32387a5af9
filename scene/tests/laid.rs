//! Elbows of which pieces were laid by hand.
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use std::fmt;

use proptest::prelude::*;
use scene::{attach_all, corners};
use shared::board::Board;
use shared::element::{
    Arrow, Binding, Edges, Element, Head, Heads, NewElement, Path, Shape, Style,
};
use shared::geometry::{BoardPoint, Bounds, Geometry};
use shared::id::{ClientId, ElementId};

/// Between an outline that is 2 wide and the end of an arrow.
const GAP: f64 = 6.0;
/// The length of the piece that ends in a head.
const HEAD: f64 = 32.0;
/// Where in a box an end is bound that means all of it.
const MIDDLE: (f64, f64) = (0.5, 0.5);
/// The same at its right, left, upper and lower side.
const PLACES: [(f64, f64); 5] = [MIDDLE, (0.98, 0.4), (0.02, 0.6), (0.3, 0.02), (0.7, 0.98)];

fn at(x: f64, y: f64, w: f64, h: f64) -> Geometry {
    Geometry { x, y, w, h, ..Geometry::default() }
}

/// Two boxes and an elbow from the one to the other.
#[derive(Clone)]
struct Joined {
    boxes: [Element; 2],
    arrow: Element,
}

impl fmt::Debug for Joined {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for Geometry { x, y, w, h, angle, .. } in self.boxes.iter().map(|it| it.geometry) {
            write!(f, "[{x} {y} {w} {h} {angle}] ")?;
        }
        let Shape::Arrow(Arrow { start, end, heads, fixed, .. }) = &self.arrow.shape else {
            return Ok(());
        };
        let at = [start, end].map(|end| end.as_ref().map(|it| it.at));
        write!(f, "{at:?} {:?} {:?} {fixed:?} ", heads.start, heads.end)?;
        self.points().iter().try_for_each(|at| write!(f, "({} {})", at.x, at.y))
    }
}

impl Joined {
    fn new(places: [Geometry; 2], ends: [(f64, f64); 2], heads: Heads) -> Self {
        let element = |id: &str, geometry, shape| {
            let style = Style { edges: Edges::Sharp, ..Style::default() };
            NewElement::new(Some(geometry), style, shape).alone(ElementId::parse(id).unwrap())
        };
        let [a, b] = places;
        let boxes = [element("a", a, Shape::Rectangle), element("b", b, Shape::Rectangle)];
        let points = vec![BoardPoint::default(), BoardPoint::new(1.0, 1.0)];
        let bound = |to: &Element, at| Some(Binding { element: to.id.clone(), at, gap: 5.0 });
        let (start, end) = (bound(&boxes[0], ends[0]), bound(&boxes[1], ends[1]));
        let (is_elbow, path) = (true, Path { points });
        let geometry = Geometry::over(path.bounds());
        let arrow = Arrow { path, is_elbow, start, end, heads, ..Arrow::default() };
        Self { boxes, arrow: element("arrow", geometry, Shape::Arrow(arrow)) }.stood()
    }

    /// As it stands on a board.
    fn stood(mut self) -> Self {
        let all = self.boxes.iter().chain([&self.arrow]).cloned().collect();
        self.arrow = attach_all(all).remove(2);
        self
    }

    fn points(&self) -> Vec<BoardPoint> {
        corners(&self.arrow)
    }

    fn fixed(&self) -> &[usize] {
        let Shape::Arrow(arrow) = &self.arrow.shape else { panic!("an arrow") };
        &arrow.fixed
    }

    /// With a piece laid through a place, or let go.
    fn laid(&self, piece: usize, through: Option<(f64, f64)>) -> Self {
        let mut board = Board::new(ClientId::new(1).unwrap(), 1);
        for it in &self.boxes {
            board.insert_as(it.id.clone(), NewElement::copy_of(it));
        }
        let through = through.map(|(x, y)| BoardPoint::new(x, y));
        let arrow = scene::laid(&self.arrow, piece, through, &board).unwrap();
        Self { arrow, ..self.clone() }
    }

    fn moved(mut self, (dx, dy): (f64, f64)) -> Self {
        self.boxes[1].geometry = self.boxes[1].geometry.moved(dx, dy);
        self.stood()
    }

    /// Across and down only, each piece another way than the one before, and none back.
    #[track_caller]
    fn expect_square(&self) {
        let points = self.points();
        let is_across = |ends: &[BoardPoint]| {
            let (w, h) = ((ends[0].x - ends[1].x).abs(), (ends[0].y - ends[1].y).abs());
            assert!(w.min(h) < 0.01 && w.max(h) > 0.0, "{self:?}");
            w > h
        };
        let ways: Vec<bool> = points.windows(2).map(is_across).collect();
        assert!(ways.windows(2).all(|pair| pair[0] != pair[1]), "{self:?}");
    }

    /// It does not cross itself.
    #[track_caller]
    fn expect_no_loop(&self) {
        let points = self.points();
        let piece = |ends: &[BoardPoint]| Bounds::from_corners(ends[0], ends[1]);
        for (n, ends) in points.windows(2).enumerate() {
            let mut later = points.windows(2).skip(n + 2);
            assert!(!later.any(|it| piece(it).intersects(piece(ends))), "a loop: {self:?}");
        }
    }

    /// It leaves both boxes, and goes through neither.
    #[track_caller]
    fn expect_around(&self) {
        let points = self.points();
        for (n, it) in self.boxes.iter().enumerate() {
            let own = if n == 0 { 0 } else { points.len() - 2 };
            let inner = it.geometry.turned_bounds().inflated(-0.01);
            let through = points.windows(2).enumerate().find(|(piece, ends)| {
                // Before an outline that is turned, an end lies in the box around it.
                let is_exempt = *piece == own && it.geometry.angle != 0.0;
                !is_exempt && Bounds::from_corners(ends[0], ends[1]).intersects(inner)
            });
            assert!(through.is_none(), "{through:?} of {self:?}");
        }
    }

    #[track_caller]
    fn expect_corners(&self, expected: &[(f64, f64)]) -> &Self {
        let found = self.points();
        let is_near =
            |(a, b): (&BoardPoint, &(f64, f64))| a.distance(BoardPoint::new(b.0, b.1)) < 0.01;
        let is_same = found.len() == expected.len();
        assert!(is_same && found.iter().zip(expected).all(is_near), "{found:?}");
        self
    }
}

/// From the middle of a box to that of another one: across, down at x = 200, across.
fn step(ends: [(f64, f64); 2]) -> Joined {
    let places = [at(0.0, 0.0, 100.0, 80.0), at(300.0, 200.0, 100.0, 80.0)];
    Joined::new(places, ends, Heads::default())
}

#[test]
fn a_piece_that_is_laid_right_before_a_box_leaves_the_head_its_length() {
    let end = 300.0 - GAP;
    let last = |points: &[BoardPoint]| {
        let [.., before, last] = points[..] else { panic!("{points:?}") };
        (before.distance(last), last)
    };
    for x in [150.0, 250.0, 280.0, 290.0, 293.0, 297.0] {
        let laid = step([MIDDLE; 2]).laid(1, Some((x, 100.0)));
        let x = x.min(end - HEAD);
        laid.expect_corners(&[(100.0 + GAP, 40.0), (x, 40.0), (x, 240.0), (end, 240.0)]);
    }
    // The piece with the head itself, laid beside its end.
    for y in [235.0, 180.0, 300.0] {
        let laid = step([MIDDLE; 2]).laid(2, Some((0.0, y)));
        assert!(last(&laid.points()).0 >= HEAD - 0.01, "{y}: {laid:?}");
        laid.expect_around();
    }
}

#[test]
fn an_end_that_means_a_whole_box_stands_where_a_laid_piece_meets_its_side() {
    for x in [315.0, 350.0, 385.0] {
        let laid = step([MIDDLE; 2]).laid(1, Some((x, 100.0)));
        laid.expect_corners(&[(100.0 + GAP, 40.0), (x, 40.0), (x, 200.0 - GAP)]);
    }
    for x in [15.0, 50.0, 85.0] {
        let laid = step([MIDDLE; 2]).laid(1, Some((x, 100.0)));
        laid.expect_corners(&[(x, 80.0 + GAP), (x, 240.0), (300.0 - GAP, 240.0)]);
    }
    // Too near to the corner, it comes to the middle.
    let laid = step([MIDDLE; 2]).laid(1, Some((305.0, 100.0)));
    let out = 200.0 - GAP - HEAD;
    let end = [(305.0, out), (350.0, out), (350.0, 200.0 - GAP)];
    laid.expect_corners(&[&[(106.0, 40.0), (305.0, 40.0)][..], &end].concat());
}

#[test]
fn a_piece_that_is_laid_past_a_box_is_reached_from_the_side_that_faces_it() {
    let out = 400.0 + GAP;
    for ends in [[MIDDLE; 2], [(0.98, 0.5), (0.02, 0.5)]] {
        // Beyond the end, however near.
        for x in [410.0, 438.0, 440.0, 700.0] {
            let laid = step(ends).laid(1, Some((x, 100.0)));
            let x = x.max(out + HEAD);
            laid.expect_corners(&[(106.0, 40.0), (x, 40.0), (x, 240.0), (out, 240.0)]);
        }
        // Beyond the start, and back again.
        let past = step(ends).laid(1, Some((-70.0, 100.0)));
        past.expect_corners(&[(-GAP, 40.0), (-70.0, 40.0), (-70.0, 240.0), (294.0, 240.0)]);
        let back = past.laid(past.fixed()[0], Some((180.0, 100.0)));
        back.expect_corners(&[(106.0, 40.0), (180.0, 40.0), (180.0, 240.0), (294.0, 240.0)]);
        // What is bound goes past the piece: the same.
        let moved = step(ends).laid(1, Some((250.0, 100.0))).moved((-160.0, 100.0));
        let x = 240.0 + GAP + HEAD;
        moved.expect_corners(&[(106.0, 40.0), (x, 40.0), (x, 340.0), (240.0 + GAP, 340.0)]);
    }
}

#[test]
fn an_end_at_a_place_of_a_box_keeps_its_side_where_that_is_not_much_longer() {
    let aside = step([(0.98, 0.5), (0.02, 0.5)]).laid(0, Some((150.0, -60.0)));
    aside.expect_corners(&[
        (106.0, 40.0),
        (120.0, 40.0),
        (120.0, -60.0),
        (200.0, -60.0),
        (200.0, 240.0),
        (294.0, 240.0),
    ]);
    // The same from the middle of the box: over the top is shorter.
    let over = step([MIDDLE; 2]).laid(0, Some((150.0, -60.0)));
    over.expect_corners(&[(50.0, -GAP), (50.0, -60.0), (350.0, -60.0), (350.0, 200.0 - GAP)]);
}

#[test]
fn between_boxes_side_by_side_a_piece_through_one_is_reached_around_both() {
    let places = [at(0.0, 10.0, 130.0, 80.0), at(300.0, 0.0, 130.0, 80.0)];
    let laid = Joined::new(places, [MIDDLE; 2], Heads::default()).laid(1, Some((415.0, 45.0)));
    let low = 80.0 + GAP + HEAD;
    laid.expect_corners(&[(65.0, 96.0), (65.0, low), (415.0, low), (415.0, 80.0 + GAP)]);
}

fn heads() -> impl Strategy<Value = Heads> {
    (any::<bool>(), any::<bool>()).prop_map(|(start, end)| {
        let head = |is_there| if is_there { Head::Arrow } else { Head::None };
        Heads { start: head(start), end: head(end) }
    })
}

/// Where the second box is, and how the ends are bound.
fn joined(turn: impl Strategy<Value = f64>) -> impl Strategy<Value = Joined> {
    let places = (-500.0..500.0f64, -500.0..500.0f64, 40.0..200.0f64, 40.0..200.0f64, turn);
    let ends = (0..PLACES.len(), 0..PLACES.len());
    (places, ends, heads()).prop_map(|((x, y, w, h, angle), (start, end), heads)| {
        let b = Geometry { angle, ..at(x, y, w, h) };
        let a = Geometry { angle: -angle / 2.0, ..at(0.0, 0.0, 120.0, 80.0) };
        Joined::new([a, b], [PLACES[start], PLACES[end]], heads)
    })
}

/// Whether there is a way between the boxes wherever one goes.
fn is_apart(it: &Joined) -> bool {
    let [a, b] = it.boxes.each_ref().map(|it| it.geometry.turned_bounds());
    !a.inflated(2.0 * (HEAD + GAP) + 4.0).intersects(b)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    /// Wherever a piece is laid, the course runs through there, or as near as the head lets it; it goes around both
    /// boxes, never back on itself, and the head keeps its length. So it does wherever a box goes then. Read again it
    /// is the same, and let go, it is as it was found.
    #[test]
    fn a_piece_that_is_laid_anywhere_is_led_to_around_the_boxes(
        found in prop_oneof![joined(Just(0.0)), joined(0.0..6.0f64)],
        to in (-700.0..700.0f64, -700.0..700.0f64),
        by in (-300.0..300.0f64, -300.0..300.0f64),
        n in 0usize..6,
    ) {
        let points = found.points();
        let piece = n % (points.len() - 1);
        let is_across = (points[piece].x - points[piece + 1].x).abs() > (points[piece].y - points[piece + 1].y).abs();
        // A shorter one has no handle.
        prop_assume!(points[piece].distance(points[piece + 1]) > 1.0 && is_apart(&found));
        let laid = found.laid(piece, Some(to));
        for (it, n_times) in [(&laid, 1.0), (&laid.clone().moved(by), 2.0)] {
            it.expect_square();
            prop_assert!(it.fixed().len() == 1, "{it:?}");
            let points = it.points();
            prop_assert!(it.clone().stood().points() == points, "{it:?} {:?}", it.clone().stood());
            let ends = &points[it.fixed()[0]..][..2];
            let off = if is_across {
                (ends[0].y - to.1).abs().max((ends[1].y - to.1).abs())
            } else {
                (ends[0].x - to.0).abs().max((ends[1].x - to.0).abs())
            };
            let turned = if it.boxes[0].geometry.angle == 0.0 { 0.0 } else { 100.0 };
            prop_assert!(off < n_times * (HEAD + GAP + turned) + 0.01, "{off} {it:?}");
            if is_apart(it) {
                it.expect_around();
                it.expect_no_loop();
                // There may be less room beside the piece than the heads need.
                let [a, b] = it.boxes.each_ref().map(|it| it.geometry.turned_bounds());
                let beside = if is_across {
                    (a.y0 - b.y1).max(b.y0 - a.y1)
                } else {
                    (a.x0 - b.x1).max(b.x0 - a.x1)
                };
                if (-2.0 * GAP - turned..2.0 * (HEAD + GAP) + 1.0).contains(&beside) {
                    continue;
                }
                let Shape::Arrow(Arrow { heads, .. }) = &it.arrow.shape else { panic!() };
                let n = points.len();
                for (head, ends) in [(heads.start, [points[0], points[1]]), (heads.end, [points[n - 2], points[n - 1]])] {
                    prop_assert!(head == Head::None || ends[0].distance(ends[1]) > HEAD - 0.01, "{it:?}");
                }
            }
        }
        let free = laid.laid(laid.fixed()[0], None);
        prop_assert_eq!(free.points(), points);
    }

    /// With several pieces laid, one after the other, it still runs across and down, begins and ends right before the
    /// boxes, and reads the same again.
    #[test]
    fn several_pieces_are_laid_one_after_the_other(
        found in joined(Just(0.0)),
        laid in prop::collection::vec((0usize..8, (-700.0..700.0f64, -700.0..700.0f64)), 2..5),
        by in (-300.0..300.0f64, -300.0..300.0f64),
    ) {
        prop_assume!(is_apart(&found));
        let mut it = found;
        for (n, to) in laid {
            let points = it.points();
            let piece = n % (points.len() - 1);
            // A shorter one has no handle.
            if points[piece].distance(points[piece + 1]) < 2.0 {
                continue;
            }
            it = it.laid(piece, Some(to));
            it.expect_square();
            prop_assert_eq!(it.clone().stood().points(), it.points());
            prop_assert!(!it.fixed().is_empty());
        }
        let moved = it.moved(by);
        moved.expect_square();
        let points = moved.points();
        for (end, it) in [points[0], points[points.len() - 1]].into_iter().zip(&moved.boxes) {
            let is_before = it.geometry.bounds().inflated(GAP + 0.1).contains_point(end);
            prop_assert!(is_before && !it.geometry.bounds().inflated(-0.1).contains_point(end));
        }
    }

    /// Whatever another program wrote as the corners of an elbow and as laid pieces, it is led from one end to the other.
    #[test]
    fn any_corners_are_made_a_course(
        found in joined(Just(0.0)),
        points in prop::collection::vec((-3i32..4, -3i32..4), 2..9),
        fixed in prop::collection::vec(0usize..9, 0..5),
        scale in prop_oneof![Just(1e-7), Just(1.0), Just(60.0), Just(1e9)],
    ) {
        let at = |(x, y): &(i32, i32)| BoardPoint::new(f64::from(*x) * scale, f64::from(*y) * scale);
        let mut it = found;
        let Shape::Arrow(arrow) = &mut it.arrow.shape else { panic!() };
        arrow.path.points = points.iter().map(at).collect();
        arrow.fixed = fixed;
        it.arrow.geometry = Geometry::over(arrow.path.bounds());
        let it = it.stood();
        let points = it.points();
        prop_assert!(points.iter().all(|at| at.x.is_finite() && at.y.is_finite()));
        for (end, it) in [points[0], points[points.len() - 1]].into_iter().zip(&it.boxes) {
            prop_assert!(it.geometry.bounds().inflated(GAP + 0.6).contains_point(end), "{points:?}");
        }
    }
}
