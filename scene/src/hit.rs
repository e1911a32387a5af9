//! Whether a point on the board touches an element, and the box that everything it paints lies in.

use kurbo::{BezPath, Point};
use shared::color::Color;
use shared::element::{Brush, Dash, Element, Shape, Style};
use shared::geometry::{BoardPoint, Bounds};

use crate::hand::{Hand, seed_of};
use crate::ink;
use crate::link;
use crate::outline::{is_closed, outline, pieces};
use crate::picture::picture_of;

/// How far the straight pieces that stand for a curve may miss it, in board units.
const FLATNESS: f64 = 0.25;

/// The box on the board around `element`, with strokes, heads and the turn, as if it were drawn exactly; for
/// ink a little more, so that it costs nothing to ask.
pub fn bounds(element: &Element) -> Bounds {
    match &element.shape {
        Shape::Ink(drawn) => {
            element.geometry.turned_bounds().inflated(ink::reach(drawn, element.style.width))
        }
        Shape::Frame(_) | Shape::Note => element.geometry.turned_bounds(),
        _ => {
            let style = Style { roughness: 0, fill: Color::TRANSPARENT, ..element.style };
            picture_of(&style, &element.shape, element.geometry, 0).bounds
        }
    }
}

/// A box on the board that `element` does not paint beyond, quicker than the smallest one.
pub(crate) fn reach(element: &Element) -> Bounds {
    let reach = reach_of_shape(element);
    if element.link.is_none() {
        return reach;
    }
    reach.union(element.geometry.turned_bounds().inflated(link::REACH))
}

fn reach_of_shape(element: &Element) -> Bounds {
    let Element { geometry, style, .. } = element;
    match &element.shape {
        Shape::Ink(drawn) => geometry.turned_bounds().inflated(ink::reach(drawn, style.width)),
        // Letters may be larger than their author's browser found.
        Shape::Text(text) => {
            // Nor must its author have said how large it is.
            let is_unsaid = geometry.w <= 0.0;
            let n = text.lines.iter().map(String::len).max().filter(|_| is_unsaid).unwrap_or(1);
            geometry.turned_bounds().inflated(text.size * n.max(1) as f64)
        }
        Shape::Rectangle | Shape::Ellipse | Shape::Diamond | Shape::Triangle => {
            let hand = Hand::of(style, &element.shape, *geometry, 0);
            let line = half_width(element) * std::f64::consts::SQRT_2;
            geometry.turned_bounds().inflated(line + hand.reach())
        }
        shape => {
            // What is inside stays inside, and would take long to make. It can be touched where it would be if
            // the hand were steady.
            let style = Style { fill: Color::TRANSPARENT, ..*style };
            let hand = Hand::of(&style, shape, *geometry, 0);
            let picture = picture_of(&style, shape, *geometry, seed_of(&element.id));
            picture.bounds.inflated(hand.reach())
        }
    }
}

/// Whether `at` touches `element`, give or take `tolerance` board units.
///
/// Text and what is filled are touched anywhere inside, everything else near its line.
pub fn hits(element: &Element, at: BoardPoint, tolerance: f64) -> bool {
    let geometry = element.geometry;
    let turned = geometry.angle != 0.0;
    let at = if turned { at.rotated(geometry.center(), -geometry.angle) } else { at };
    let reach = tolerance + half_width(element);
    // A curve may swing out of the box of its points, by less than its size; nothing else does.
    let is_curve = matches!(element.shape, Shape::Line(_) | Shape::Arrow(_));
    let swing = if is_curve { geometry.w.max(geometry.h) } else { 0.0 };
    if !geometry.bounds().inflated(reach + swing).contains_point(at) {
        return false;
    }
    let at = Point::new(at.x - geometry.center().x, at.y - geometry.center().y);
    let path = outline(&element.shape, geometry, element.style.edges);
    touches(&path, at, reach, is_solid(element))
}

fn is_solid(element: &Element) -> bool {
    match element.shape {
        Shape::Text(_) | Shape::Note | Shape::Image(_) => true,
        Shape::Unknown(_) => false,
        _ => !element.style.fill.is_transparent() && is_closed(&element.shape, element.geometry),
    }
}

fn half_width(element: &Element) -> f64 {
    let width = element.style.width;
    match (&element.shape, element.style.dash) {
        (Shape::Ink(drawn), _) if drawn.brush == Brush::Highlighter => ink::reach(drawn, width),
        (Shape::Ink(_), _) => ink::radius(width, 0.5),
        (Shape::Text(_) | Shape::Note | Shape::Frame(_) | Shape::Image(_), _) => 0.0,
        (Shape::Unknown(_), _) => 0.0,
        (_, Dash::Solid) => width / 2.0,
        (_, Dash::Dashed | Dash::Dotted) => (width + 0.5) / 2.0,
    }
}

/// Whether `path` passes within `reach` of `at` or, if it is solid, goes around it.
fn touches(path: &BezPath, at: Point, reach: f64, solid: bool) -> bool {
    let bounds = path.control_box().inflate(reach, reach);
    if !(bounds.x0..=bounds.x1).contains(&at.x) || !(bounds.y0..=bounds.y1).contains(&at.y) {
        return false;
    }
    let pieces = pieces(path, FLATNESS);
    let mut is_near = pieces.iter().map(|(from, to)| distance_squared(at, *from, *to));
    if is_near.any(|squared| squared <= reach * reach) {
        return true;
    }
    // A line whose ends almost meet counts as closed.
    let closing = pieces.first().zip(pieces.last()).map(|(first, last)| (last.1, first.0));
    let turns = pieces.iter().chain(&closing).map(|(from, to)| turn_around(at, *from, *to));
    solid && turns.sum::<i32>() != 0
}

/// 1 or -1 if the straight piece crosses the ray from `at` to the right, by its direction.
fn turn_around(at: Point, from: Point, to: Point) -> i32 {
    let side = (to - from).cross(at - from);
    if from.y <= at.y && to.y > at.y && side > 0.0 {
        1
    } else if from.y > at.y && to.y <= at.y && side < 0.0 {
        -1
    } else {
        0
    }
}

/// The squared distance of `at` to the straight piece between `from` and `to`.
fn distance_squared(at: Point, from: Point, to: Point) -> f64 {
    let along = to - from;
    let length_squared = along.hypot2();
    let part = if length_squared > 0.0 { (at - from).dot(along) / length_squared } else { 0.0 };
    at.distance_squared(from + along * part.clamp(0.0, 1.0))
}
