//! Shapes from so far away that one does not see whether a hand drew them: straight pieces along the exact
//! outline, and an even color inside.

use kurbo::BezPath;
use shared::color::Color;
use shared::element::{Dash, Element, Shape, Style};
use shared::geometry::{BoardPoint, Geometry};

use crate::display::Item;
use crate::filling::{has_lines, tint};
use crate::note;
use crate::outline::{is_closed, outline, pieces};
use crate::picture::picture_of;
use crate::sketch::{FAR, Sketch, on_board};

/// Lines are at least so many pixels thick, or they would hardly be seen.
const THIN: f64 = 0.35;
/// How far straight pieces may miss a curve, in pixels.
const FLATNESS: f64 = 0.2;

/// The shape as it is seen where a pixel is `pixel` board units wide; `None` if it has details that are
/// seen, or is none of the plain shapes.
pub(crate) fn sketch(element: &Element, pixel: f64) -> Option<Sketch> {
    let Element { shape, geometry, style, .. } = element;
    if pixel < FAR || style.dash != Dash::Solid || has_lines(style, pixel) {
        return None;
    }
    let is_full = is_closed(shape, *geometry);
    let (fill, stroke) = match shape {
        Shape::Rectangle | Shape::Ellipse | Shape::Diamond | Shape::Triangle => {
            (tint(style), style.stroke)
        }
        Shape::Line(_) => (if is_full { tint(style) } else { Color::TRANSPARENT }, style.stroke),
        Shape::Note => (note::color(style), Color::TRANSPARENT),
        Shape::Arrow(_) => return arrow(element, pixel),
        _ => return None,
    };
    let edge = course(&outline(shape, *geometry, style.edges), *geometry, pixel);
    Some(Sketch::Area { edge, fill, stroke, width: style.width.max(THIN * pixel) })
}

/// An arrow with its heads; `None` if anything of them is filled.
fn arrow(element: &Element, pixel: f64) -> Option<Sketch> {
    let Element { shape, geometry, style, .. } = element;
    let steady = Style { roughness: 0, ..*style };
    let mut lines: Vec<Vec<_>> = Vec::new();
    for item in picture_of(&steady, shape, *geometry, 0).items {
        let Item::Stroke { path, .. } = item else { return None };
        for (from, to) in pieces(&path, FLATNESS * pixel) {
            let [from, to] = [from, to].map(|at| on_board(at, *geometry));
            match lines.last_mut() {
                Some(line) if line.last() == Some(&from) => line.push(to),
                _ => lines.push(vec![from, to]),
            }
        }
    }
    Some(Sketch::Lines(lines, style.stroke, style.width.max(THIN * pixel)))
}

/// The places on the board along a course.
fn course(path: &BezPath, geometry: Geometry, pixel: f64) -> Vec<BoardPoint> {
    let pieces = pieces(path, FLATNESS * pixel);
    let first = pieces.first().map(|piece| piece.0).into_iter();
    first.chain(pieces.iter().map(|piece| piece.1)).map(|at| on_board(at, geometry)).collect()
}

#[cfg(test)]
mod tests {
    use shared::element::{FillStyle, NewElement, Style};
    use shared::geometry::Geometry;
    use shared::id::ElementId;

    use super::*;

    fn element(style: Style) -> Element {
        let place = Geometry { x: 100.0, y: 50.0, w: 400.0, h: 200.0, ..Geometry::default() };
        NewElement::new(Some(place), style, Shape::Rectangle).alone(ElementId::of_number(1))
    }

    #[test]
    fn from_afar_a_hatched_box_has_an_even_tint_and_few_corners() {
        let fill = Color::rgb(0xffc9c9);
        let style = Style { fill, fill_style: FillStyle::Hachure, ..Style::default() };
        assert_eq!(sketch(&element(style), 1.0), None, "its lines are seen");
        let Some(Sketch::Area { edge, fill: tint, .. }) = sketch(&element(style), 10.0) else {
            panic!("no sketch")
        };
        assert!((5..40).contains(&edge.len()) && edge.first() == edge.last(), "{edge:?}");
        assert!((30..90).contains(&tint.a), "{tint:?}");
        let reach = shared::geometry::Bounds::around(edge);
        assert_eq!(reach, element(style).geometry.bounds());
    }

    #[test]
    fn thick_hatching_is_seen_from_further_away() {
        let fill = Color::rgb(0xffc9c9);
        let style = Style { fill, fill_style: FillStyle::Hachure, width: 16.0, ..Style::default() };
        assert_eq!(sketch(&element(style), 10.0), None);
    }
}
