//! The mark beside an element that leads somewhere: as large on the screen at any zoom.

use shared::element::Element;
use shared::geometry::Bounds;

/// How wide and high the mark is, in pixels.
const SIDE: f64 = 16.0;
/// Pixels between the element's box and the mark, across and down: room for the handle at the corner.
const GAP: f64 = 7.0;
/// From further away than this many board units in a pixel, there is no mark.
const FAR: f64 = 4.0;

/// How far the mark may reach beyond the element, in board units.
pub(crate) const REACH: f64 = (SIDE + GAP) * FAR;

/// Where on the board the mark of `element` is, where a pixel is `pixel` board units wide: above its box, at the
/// right. `None` if it leads nowhere, or is too far away.
pub fn link_mark(element: &Element, pixel: f64) -> Option<Bounds> {
    if element.link.is_none() || pixel > FAR {
        return None;
    }
    let Bounds { x1, y0, .. } = element.geometry.turned_bounds();
    let (left, bottom) = (x1 + GAP * pixel, y0 - GAP * pixel);
    let side = SIDE * pixel;
    Some(Bounds { x0: left, y0: bottom - side, x1: left + side, y1: bottom })
}
