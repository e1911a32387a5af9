//! What an element looks like from so far away that its details are smaller than a pixel.

mod raster;
mod words;

use kurbo::Point;
use shared::color::Color;
use shared::element::{Brush, Element, Ink, Shape};
use shared::geometry::{BoardPoint, Bounds, Geometry};

use crate::outline::local;
use crate::{afar, ink};

pub use raster::{Lie, Raster};

/// Nearer than this many board units in a pixel, the hand is seen, and that the edges of ink are curves.
pub const FAR: f64 = 4.0;
/// Ink thinner than this many pixels is a line.
const THIN: f64 = 1.5;
/// What is smaller than this many pixels is a speck.
const SPECK: f64 = 1.0;

/// An element without its details, in board units.
#[derive(Clone, PartialEq, Debug)]
pub enum Sketch {
    /// Upright boxes of a color.
    Bars(Vec<Bounds>, Color),
    /// Lines of straight pieces, of a color and a width.
    Lines(Vec<Vec<BoardPoint>>, Color, f64),
    /// Straight pieces around an area; either of the colors may be transparent.
    Area {
        /// The corners; the last is the first if it is closed.
        edge: Vec<BoardPoint>,
        /// The color inside.
        fill: Color,
        /// The color of the edge.
        stroke: Color,
        /// How broad the edge is, in board units.
        width: f64,
    },
}

/// The element as it is seen where a pixel is `pixel` board units wide; `None` if it has details that
/// are seen. Opacity is not in it.
pub fn sketch(element: &Element, pixel: f64) -> Option<Sketch> {
    let Element { geometry, style, .. } = element;
    let size = geometry.w.max(geometry.h);
    if size + style.width < SPECK * pixel {
        let half = (size.max(style.width) / 2.0).max(pixel / 4.0);
        let center = geometry.center();
        return Some(Sketch::Bars(vec![Bounds::around([center]).inflated(half)], style.stroke));
    }
    match &element.shape {
        Shape::Ink(drawn) => {
            let width = 2.0 * ink::radius(style.width, 0.5);
            let is_filled = !style.fill.is_transparent() || drawn.brush == Brush::Highlighter;
            let has_gaps = !drawn.rubbed.is_empty();
            if is_filled || has_gaps || drawn.points.len() < 2 {
                return None;
            }
            let natural = drawn.bounds();
            if width > THIN * pixel {
                return if pixel < FAR { None } else { inked(drawn, element, natural, pixel) };
            }
            let at = drawn.points.iter().map(|point| point.at);
            let points = decimated(at, natural, *geometry, pixel);
            Some(Sketch::Lines(vec![points], style.stroke, width))
        }
        Shape::Text(text) => words::sketch(text, *geometry, style, pixel),
        _ => afar::sketch(element, pixel),
    }
}

/// Ink whose edges are seen.
fn inked(drawn: &Ink, element: &Element, natural: Bounds, pixel: f64) -> Option<Sketch> {
    let Element { geometry, style, .. } = element;
    let points = drawn.points.iter().map(|it| (local(it.at, *geometry, natural), it.pressure));
    let edge = ink::edge(points, style.width, drawn.has_pressure, pixel);
    let edge: Vec<_> = edge.into_iter().map(|at| on_board(at, *geometry)).collect();
    let (fill, stroke) = (style.stroke, Color::TRANSPARENT);
    (edge.len() > 2).then_some(Sketch::Area { edge, fill, stroke, width: 0.0 })
}

/// Where a place around the middle of an element's box is on the board.
pub(crate) fn on_board(at: Point, geometry: Geometry) -> BoardPoint {
    let center = geometry.center();
    BoardPoint::new(center.x + at.x, center.y + at.y).rotated(center, geometry.angle)
}

/// The points on the board, without those less than a pixel from the one before.
fn decimated(
    points: impl ExactSizeIterator<Item = BoardPoint>,
    natural: Bounds,
    geometry: Geometry,
    pixel: f64,
) -> Vec<BoardPoint> {
    let last = points.len() - 1;
    let mut kept: Vec<BoardPoint> = Vec::new();
    // Placing one after the other would ask each time by how much they are stretched.
    let [origin, one] = [0.0, 1.0].map(|at| geometry.place(natural, BoardPoint::new(at, at)));
    let (across, down) = (one.x - origin.x, one.y - origin.y);
    for (index, point) in points.enumerate() {
        let mut at = BoardPoint::new(origin.x + point.x * across, origin.y + point.y * down);
        if geometry.angle != 0.0 {
            at = at.rotated(geometry.center(), geometry.angle);
        }
        let is_near = kept
            .last()
            .is_some_and(|&it| (it.x - at.x).abs() < pixel && (it.y - at.y).abs() < pixel);
        if !is_near || (index == last && kept.len() < 2) {
            kept.push(at);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use shared::element::{Ink, NewElement, Style};
    use shared::id::ElementId;
    use shared::ink::InkPoint;

    use super::*;

    fn stroke() -> Element {
        let point =
            |n: i32| InkPoint { at: BoardPoint::new(f64::from(n) * 8.0, 0.0), pressure: 0.5 };
        let ink =
            Ink { points: (0..50).map(point).collect(), has_pressure: false, ..Ink::default() };
        NewElement::new(None, Style::default(), Shape::Ink(ink)).alone(ElementId::of_number(1))
    }

    #[test]
    fn a_stroke_has_its_details_nearby_and_loses_them_far_away() {
        assert_eq!(sketch(&stroke(), 1.0), None);
        let Some(Sketch::Lines(lines, ..)) = sketch(&stroke(), 25.0) else { panic!("no line") };
        let [points] = &lines[..] else { panic!("{lines:?}") };
        assert_eq!(points.first(), Some(&BoardPoint::new(0.0, 0.0)));
        assert!(points.len() < 20 && points.len() > 10, "{}", points.len());
        let end = points.last().map_or(0.0, |point| point.x);
        assert!(end > 8.0 * 49.0 - 25.0, "{end}");
    }

    #[test]
    fn what_is_smaller_than_a_pixel_is_a_speck_at_its_middle() {
        let Some(Sketch::Bars(bars, _)) = sketch(&stroke(), 1000.0) else { panic!("no bar") };
        let [bar] = bars[..] else { panic!("{bars:?}") };
        assert!(bar.contains_point(BoardPoint::new(196.0, 0.0)) && bar.width() <= 500.0, "{bar:?}");
    }
}
