//! The course of a shape's outline, around the middle of its box and before turning.
//!
//! Painting and hit tests share it. Corners are rounded and curves bent as Excalidraw does it, so that
//! imported drawings keep their looks.

mod diamond;
mod ellipse;
mod line;
mod rectangle;
mod triangle;

use kurbo::{Affine, BezPath, PathEl, Point, flatten};
use shared::element::{Arrow, Edges, Shape};
use shared::geometry::{BoardPoint, Bounds, Geometry};
use shared::ink::InkPoint;

/// A line whose ends are this close is closed and can be filled, in board units.
const LOOP_GAP: f64 = 8.0;

/// Round corners of large shapes have this radius, in board units.
const CORNER_RADIUS: f64 = 32.0;

/// Round corners take at most this part of a side.
const CORNER_PART: f64 = 0.25;

/// The course of the outline; for ink that of the pen, for what has no outline of its own its box.
pub(crate) fn outline(shape: &Shape, geometry: Geometry, edges: Edges) -> BezPath {
    let (w, h) = (geometry.w, geometry.h);
    match shape {
        Shape::Rectangle => rectangle::outline(w, h, edges),
        Shape::Diamond => diamond::outline(w, h, edges),
        Shape::Ellipse => ellipse::outline(w, h),
        Shape::Triangle => triangle::outline(w, h, edges, geometry.flip),
        Shape::Arrow(Arrow { path, is_elbow: true, .. }) => {
            line::elbow(&placed(&path.points, geometry, path.bounds()), edges)
        }
        Shape::Line(path) | Shape::Arrow(Arrow { path, .. }) => {
            line::outline(&placed(&path.points, geometry, path.bounds()), edges)
        }
        Shape::Ink(ink) => {
            let natural = ink.bounds();
            let along = |points: &[InkPoint]| {
                line::polyline(points.iter().map(|p| local(p.at, geometry, natural)))
            };
            if ink.rubbed.is_empty() {
                return along(&ink.points);
            }
            ink.pieces().iter().flat_map(|piece| along(piece)).collect()
        }
        _ => rectangle::outline(w, h, Edges::Sharp),
    }
}

/// Whether the outline encloses an area: always for boxes, for lines and ink when their ends meet.
pub(crate) fn is_closed(shape: &Shape, geometry: Geometry) -> bool {
    let ends = match shape {
        Shape::Line(path) if path.points.len() > 2 => {
            path.points.first().copied().zip(path.points.last().copied())
        }
        Shape::Ink(ink) if ink.points.len() > 2 && ink.rubbed.is_empty() => {
            ink.points.first().map(|p| p.at).zip(ink.points.last().map(|p| p.at))
        }
        Shape::Line(_) | Shape::Ink(_) | Shape::Arrow(_) => None,
        _ => return true,
    };
    let natural = shape.natural_bounds().unwrap_or(Bounds::EMPTY);
    ends.is_some_and(|(first, last)| {
        geometry.place(natural, first).distance(geometry.place(natural, last)) <= LOOP_GAP
    })
}

/// A point of a drawing that naturally fills `natural`, around the middle of its box.
pub(crate) fn local(point: BoardPoint, geometry: Geometry, natural: Bounds) -> Point {
    let (at, center) = (geometry.place(natural, point), geometry.center());
    Point::new(at.x - center.x, at.y - center.y)
}

/// The points around the middle of their box, without those that repeat the one before.
pub(crate) fn placed(points: &[BoardPoint], geometry: Geometry, natural: Bounds) -> Vec<Point> {
    let mut placed: Vec<_> = points.iter().map(|&p| local(p, geometry, natural)).collect();
    placed.dedup();
    placed
}

/// A course as straight pieces that miss it by `flatness` at most; those that close it are among them.
pub(crate) fn pieces(path: &BezPath, flatness: f64) -> Vec<(Point, Point)> {
    let mut pieces = Vec::new();
    let (mut first, mut last) = (Point::ZERO, Point::ZERO);
    flatten(path.iter(), flatness, |piece| {
        let to = match piece {
            PathEl::MoveTo(point) => {
                (first, last) = (point, point);
                return;
            }
            PathEl::LineTo(point) => point,
            // Flattening leaves no curves.
            PathEl::ClosePath | PathEl::QuadTo(..) | PathEl::CurveTo(..) => first,
        };
        pieces.push((last, to));
        last = to;
    });
    pieces
}

/// What one letter takes: room for a label that is not there yet.
const LETTER: (f64, f64) = (12.0, 25.0);

/// Where the label of an arrow stands: at the middle of its course, by its length, and never on the bend of an elbow.
pub(crate) fn label_center(arrow: &Arrow, geometry: Geometry, edges: Edges) -> Point {
    let points = placed(&arrow.path.points, geometry, arrow.path.bounds());
    if arrow.is_elbow {
        line::carrier(&points, arrow.label.unwrap_or(LETTER))
    } else {
        line::middle(&line::outline(&points, edges))
    }
}

/// A line without what is in a box of this width and height around `center`.
pub(crate) fn without_box(path: &BezPath, center: Point, size: (f64, f64)) -> BezPath {
    line::without_box(path, center, size)
}

/// A circle, for dots.
pub(crate) fn circle(center: Point, radius: f64) -> BezPath {
    Affine::translate(center.to_vec2()) * ellipse::outline(radius * 2.0, radius * 2.0)
}

/// How far from its corner the rounding of a side this long starts.
fn corner_radius(side: f64) -> f64 {
    (side * CORNER_PART).min(CORNER_RADIUS)
}
