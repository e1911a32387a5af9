//! Shapes from so far away that one does not see whether a hand drew them: straight pieces along the exact
//! outline, and an even color inside.

use kurbo::{Affine, PathEl, flatten};
use shared::color::Color;
use shared::element::{Dash, Element, Shape};
use shared::geometry::BoardPoint;

use crate::filling::{has_lines, tint};
use crate::note;
use crate::outline::{is_closed, outline};
use crate::sketch::Sketch;

/// Nearer than this many board units in a pixel, the hand is seen.
const FAR: f64 = 4.0;
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
        _ => return None,
    };
    let origin = geometry.center();
    let turn = Affine::rotate(geometry.angle);
    let mut edge = Vec::new();
    let path = outline(shape, *geometry, style.edges);
    flatten(path.iter(), FLATNESS * pixel, |piece| match piece {
        PathEl::MoveTo(to) | PathEl::LineTo(to) => {
            let to = turn * to;
            edge.push(BoardPoint::new(origin.x + to.x, origin.y + to.y));
        }
        // Closing comes last; flattening leaves no curves.
        PathEl::ClosePath => edge.extend(edge.first().copied()),
        PathEl::QuadTo(..) | PathEl::CurveTo(..) => {}
    });
    Some(Sketch::Area { edge, fill, stroke, width: style.width.max(THIN * pixel) })
}
