//! Ink of which some was rubbed out: what is left looks as it did, for the whole course is followed and
//! the cuts are made in it. And which part of a stroke an eraser's tip passes over.

use kurbo::{BezPath, Point};
use shared::element::{Brush, Element, Ink, Shape};
use shared::geometry::{BoardPoint, Bounds};
use shared::ink::{PLACES_PER_POINT, Spans, last_place};

use super::course::{self, Sample};
use super::{PEN_PER_WIDTH, covered, marked_along, reach};
use crate::outline::local;

/// Places on the course nearer than this are one, in board units.
const SAME: f64 = 1e-3;

/// Halvings of a stretch between two places on the course, until a cut is exact enough.
const HALVINGS: u32 = 12;

/// A place on a course with its number along the stroke.
type Numbered = (f64, Sample);

/// What is left of `ink`, whose points have been placed at `points`: an area for the pen, and for a marker
/// the middle of its lines.
pub(crate) fn left(
    ink: &Ink,
    points: impl IntoIterator<Item = (Point, f32)>,
    width: f64,
) -> BezPath {
    let course = numbered(ink, points, width);
    let mut path = BezPath::new();
    for (from, to) in ink.rubbed.kept(ink.points.len()) {
        let piece = between(&course, from.into(), to.into());
        path.extend(match ink.brush {
            Brush::Pen => covered(&piece),
            Brush::Highlighter => marked_along(&piece),
        });
    }
    path
}

/// Which part of `element` lies within `tip` board units of the straight way between two places; nothing
/// unless it is ink. What was rubbed out before may be in it.
pub fn rubbed(element: &Element, way: (BoardPoint, BoardPoint), tip: f64) -> Spans {
    let mut spans = Spans::default();
    let Shape::Ink(ink) = &element.shape else { return spans };
    let (geometry, width) = (element.geometry, element.style.width);
    let around = Bounds::around([way.0, way.1]).inflated(tip + reach(ink, width));
    if !geometry.turned_bounds().intersects(around) {
        return spans;
    }
    let center = geometry.center();
    let inside = |at: BoardPoint| {
        let at = at.rotated(center, -geometry.angle);
        Point::new(at.x - center.x, at.y - center.y)
    };
    let way = (inside(way.0), inside(way.1));
    let natural = ink.bounds();
    let points = ink.points.iter().map(|it| (local(it.at, geometry, natural), it.pressure));
    let course = numbered(ink, points, width);
    let half = |sample: &Sample| match ink.brush {
        Brush::Pen => sample.radius,
        Brush::Highlighter => width / 2.0,
    };
    // How far the ink at a place is from the tip: not at all below 0.
    let far = |(_, sample): &Numbered| distance(sample.at, way) - half(sample) - tip;
    let end = last_place(ink.points.len()).map_or(0, |last| last.saturating_add(1));
    if let [only] = course.as_slice() {
        if far(only) <= 0.0 {
            spans.add(0..end);
        }
        return spans;
    }
    for (index, pair) in course.windows(2).enumerate() {
        let Some((from, to)) = touched(|part| far(&mix(&pair[0], &pair[1], part))) else {
            continue;
        };
        let place = |part: f64| mix(&pair[0], &pair[1], part).0.round() as u32;
        let is_end = index + 2 == course.len() && to >= 1.0;
        spans.add(place(from)..if is_end { end } else { place(to) });
    }
    spans
}

/// Between which parts of the way from 0 to 1 `far` is at most 0: it falls, and then rises.
fn touched(far: impl Fn(f64) -> f64) -> Option<(f64, f64)> {
    let (mut low, mut high) = (0.0, 1.0);
    let mut inside = [0.0, 1.0].into_iter().find(|part| far(*part) <= 0.0);
    for _ in 0..HALVINGS {
        if inside.is_some() {
            break;
        }
        let (a, b) = (low + (high - low) / 3.0, high - (high - low) / 3.0);
        inside = [a, b].into_iter().find(|part| far(*part) <= 0.0);
        if far(a) < far(b) { high = b } else { low = a }
    }
    let inside = inside?;
    let edge = |outside: f64| {
        let (mut outside, mut inside) = (outside, inside);
        if far(outside) <= 0.0 {
            return outside;
        }
        for _ in 0..HALVINGS {
            let middle = (outside + inside) / 2.0;
            if far(middle) <= 0.0 { inside = middle } else { outside = middle }
        }
        outside
    };
    Some((edge(0.0), edge(1.0)))
}

/// The course of all points, with places counted as [`Spans`] does.
fn numbered(
    ink: &Ink,
    points: impl IntoIterator<Item = (Point, f32)>,
    width: f64,
) -> Vec<Numbered> {
    let has_pressure = ink.has_pressure || ink.brush == Brush::Highlighter;
    let course = course::numbered(points, PEN_PER_WIDTH * width, has_pressure);
    let place = |(n, sample): (usize, Sample)| (n as f64 * f64::from(PLACES_PER_POINT), sample);
    course.into_iter().map(place).collect()
}

/// The course from one place to another.
fn between(course: &[Numbered], from: f64, to: f64) -> Vec<Sample> {
    // Looked for in the order of the course: a stroke may be in very many pieces.
    let first = course.partition_point(|(place, _)| *place <= from);
    let inner = course[first..].iter().take_while(|(place, _)| *place < to);
    let ends = [from, to].map(|place| at(course, place));
    let [start, end] = ends;
    let mut piece: Vec<Sample> = Vec::new();
    for sample in start.into_iter().chain(inner.map(|it| it.1)) {
        if piece.last().is_none_or(|last| last.at.distance(sample.at) > SAME) {
            piece.push(sample);
        }
    }
    if let Some(end) = end {
        while piece.len() > 1 && piece.last().is_some_and(|it| it.at.distance(end.at) <= SAME) {
            piece.pop();
        }
        if piece.last().is_none_or(|last| last.at.distance(end.at) > SAME) {
            piece.push(end);
        }
    }
    piece
}

/// The pen at a place of a course.
fn at(course: &[Numbered], place: f64) -> Option<Sample> {
    let after = course.partition_point(|(other, _)| *other <= place);
    match (after.checked_sub(1).and_then(|before| course.get(before)), course.get(after)) {
        (Some(before), Some(next)) => {
            Some(mix(before, next, (place - before.0) / (next.0 - before.0)).1)
        }
        (one, other) => one.or(other).map(|it| it.1),
    }
}

fn mix(from: &Numbered, to: &Numbered, part: f64) -> Numbered {
    let between = |a: f64, b: f64| a + (b - a) * part;
    let at = from.1.at.lerp(to.1.at, part);
    (between(from.0, to.0), Sample { at, radius: between(from.1.radius, to.1.radius) })
}

/// How far a point is from a straight way.
fn distance(at: Point, (from, to): (Point, Point)) -> f64 {
    let along = to - from;
    let length = along.hypot2();
    let part = if length > 0.0 { ((at - from).dot(along) / length).clamp(0.0, 1.0) } else { 0.0 };
    at.distance(from + along * part)
}

#[cfg(test)]
mod tests {
    use kurbo::Shape as _;
    use shared::element::{NewElement, Style};
    use shared::geometry::Geometry;
    use shared::id::ElementId;
    use shared::ink::InkPoint;

    use super::*;

    /// A stroke from (0, 0) to (200, 0), a little wavy, with growing pressure.
    fn stroke(brush: Brush) -> Element {
        let point = |n: i32| {
            let at = BoardPoint::new(f64::from(n) * 5.0, (f64::from(n) / 3.0).sin());
            InkPoint { at, pressure: 0.3 + n as f32 / 100.0 }
        };
        let ink = Ink {
            points: (0..=40).map(point).collect(),
            has_pressure: true,
            brush,
            ..Ink::default()
        };
        let style = Style { width: 4.0, ..Style::default() };
        NewElement::new(None, style, Shape::Ink(ink)).alone(ElementId::of_number(1))
    }

    fn cut(mut element: Element, spans: Spans) -> Element {
        if let Shape::Ink(ink) = &mut element.shape {
            let before = ink.bounds();
            ink.rubbed = Spans::union([ink.rubbed.clone(), spans]);
            element.geometry = element.geometry.reframed(before, ink.bounds());
        }
        element
    }

    fn tip(x: f64) -> (BoardPoint, BoardPoint) {
        (BoardPoint::new(x, -30.0), BoardPoint::new(x, 30.0))
    }

    /// Paths of everything painted, on the board.
    fn painted(element: &Element) -> BezPath {
        let picture = crate::picture(element);
        let by = kurbo::Affine::translate((picture.origin.x, picture.origin.y));
        let paths = picture.items.iter().filter_map(|item| match item {
            crate::Item::Fill { path, .. } | crate::Item::Stroke { path, .. } => Some(path),
            _ => None,
        });
        by * paths.flat_map(BezPath::elements).copied().collect::<BezPath>()
    }

    #[test]
    fn what_is_left_looks_as_it_did_up_to_the_cut() {
        let whole = stroke(Brush::Pen);
        let rest = cut(whole.clone(), rubbed(&whole, tip(100.0), 10.0));
        let (before, after) = (painted(&whole), painted(&rest));
        let is_in = |path: &BezPath, x: f64, y: f64| path.winding(Point::new(x, y)) != 0;
        let (mut n_left, mut n_other) = (0, 0);
        for x in -10..=210 {
            for y in -30..=30 {
                let (x, y) = (f64::from(x), f64::from(y) / 2.0);
                let is_away = (x - 100.0).abs() > 22.0;
                if is_away {
                    n_other += usize::from(is_in(&before, x, y) != is_in(&after, x, y));
                    n_left += usize::from(is_in(&after, x, y));
                } else if (x - 100.0).abs() < 9.0 {
                    assert!(!is_in(&after, x, y), "{x} {y}");
                }
            }
        }
        // The smooth edge goes through other places of the same course.
        assert!(n_left > 1_000 && n_other * 100 < n_left, "{n_other} of {n_left}");
    }

    #[test]
    fn a_marker_is_cut_where_the_tip_meets_its_edge() {
        let whole = Element {
            style: Style { width: 20.0, ..Style::default() },
            ..stroke(Brush::Highlighter)
        };
        let rest = cut(whole.clone(), rubbed(&whole, tip(100.0), 5.0));
        let ends = ends(&painted(&rest));
        assert_eq!(ends.len(), 4);
        for (end, x) in ends.iter().zip([0.0, 85.0, 115.0, 200.0]) {
            assert!((end - x).abs() < 1.5, "{ends:?}");
        }
    }

    /// From where to where each part of a path goes, one after the other.
    fn ends(path: &BezPath) -> Vec<f64> {
        let mut parts: Vec<BezPath> = Vec::new();
        for &element in path.elements() {
            if matches!(element, kurbo::PathEl::MoveTo(_)) {
                parts.push(BezPath::new());
            }
            parts.last_mut().expect("a path begins with a move").push(element);
        }
        parts.iter().map(BezPath::bounding_box).flat_map(|it| [it.x0, it.x1]).collect()
    }

    #[test]
    fn a_turned_and_stretched_stroke_is_cut_where_it_is_seen() {
        let mut element = stroke(Brush::Pen);
        element.geometry = Geometry {
            x: 300.0,
            y: 100.0,
            w: 400.0,
            angle: std::f64::consts::FRAC_PI_2,
            ..element.geometry
        };
        // It runs down through its middle now.
        let center = element.geometry.center();
        let across = |y: f64| (BoardPoint::new(0.0, y), BoardPoint::new(1_000.0, y));
        let rest = cut(element.clone(), rubbed(&element, across(center.y + 100.0), 10.0));
        let picture = crate::picture(&rest);
        let is_hit = |y: f64| crate::hits(&rest, BoardPoint::new(center.x, y), 3.0);
        assert!(is_hit(center.y - 190.0) && is_hit(center.y + 80.0) && is_hit(center.y + 190.0));
        assert!(!is_hit(center.y + 100.0));
        assert!((picture.bounds.y0 - (center.y - 200.0)).abs() < 20.0);
    }

    #[test]
    fn rubbing_all_of_it_leaves_nothing_and_missing_it_all() {
        let element = stroke(Brush::Pen);
        let along = (BoardPoint::new(-5.0, 0.0), BoardPoint::new(205.0, 0.0));
        let spans = rubbed(&element, along, 5.0);
        assert!(spans.kept(41).is_empty(), "{spans:?}");
        assert!(rubbed(&element, (BoardPoint::new(0.0, 90.0), along.1), 5.0).kept(41).len() == 1);
        let far = (BoardPoint::new(-5.0, 80.0), BoardPoint::new(205.0, 80.0));
        assert!(rubbed(&element, far, 5.0).is_empty());
        let mut dot = element;
        if let Shape::Ink(ink) = &mut dot.shape {
            ink.points.truncate(1);
        }
        dot.geometry = dot.shape.own_geometry();
        assert!(rubbed(&dot, along, 5.0).kept(1).is_empty());
        assert!(rubbed(&dot, far, 5.0).is_empty());
    }
}
