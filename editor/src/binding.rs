//! What an arrow's end is bound to when it is dropped somewhere.

use std::sync::Arc;

use scene::Index;
use shared::board::Board;
use shared::color::Color;
use shared::element::{Binding, Element, FillStyle, Shape, Style};
use shared::geometry::{BoardPoint, Bounds};
use shared::id::ElementId;

use crate::preview::Draft;
use crate::selection::near;

/// Pixels around an element in which an end is bound to it.
const REACH: f64 = 16.0;
/// Board units around an element in which an end that moves has not left it.
const HOLD: f64 = 16.0;
/// Board units between an arrow's end and the outline.
const GAP: f64 = 5.0;
/// Nearer to the middle than this part of the box, an end means the whole element.
const MIDDLE: f64 = 0.15;
/// No place is nearer to the edge of the box than this part of it.
const EDGE: f64 = 0.02;
/// The color of what an end would be bound to.
const ACCENT: Color = Color::rgb(0x0b7a75);

/// The topmost element that an end at `at` would be bound to.
pub(crate) fn target(board: &Board, at: BoardPoint, zoom: f64) -> Option<&Arc<Element>> {
    target_among(board.elements(), at, zoom)
}

/// The same for a pointer that only moves about: it looks at what is near.
pub(crate) fn aimed_at(index: &Index, at: BoardPoint, zoom: f64) -> Option<ElementId> {
    let near = near(index, Bounds::around([at]).inflated(REACH / zoom));
    target_among(near, at, zoom).map(|element| element.id.clone())
}

fn target_among<'a>(
    elements: impl DoubleEndedIterator<Item = &'a Arc<Element>>,
    at: BoardPoint,
    zoom: f64,
) -> Option<&'a Arc<Element>> {
    let is_touched = |element: &&Arc<Element>| {
        !element.locked && scene::is_bindable(element) && touches(element, at, REACH / zoom)
    };
    elements.rev().find(is_touched)
}

/// Whether a point is in an element or within so many board units around it; frames have nothing inside.
fn touches(element: &Element, at: BoardPoint, reach: f64) -> bool {
    if !element.geometry.turned_bounds().inflated(reach).contains_point(at) {
        return false;
    }
    let mut solid = element.clone();
    if !matches!(solid.shape, Shape::Frame(_)) {
        solid.style.fill = Color::INK;
    }
    scene::hits(&solid, at, reach)
}

/// The binding of an end that is dropped at `at` on `element` or near it.
pub(crate) fn binding(element: &Element, at: BoardPoint) -> Binding {
    let at = place_in(element, at);
    let is_middle = (at.0 - 0.5).abs() < MIDDLE && (at.1 - 0.5).abs() < MIDDLE;
    let at = if is_middle { (0.5, 0.5) } else { at };
    Binding { element: element.id.clone(), at, gap: GAP }
}

/// Where a point lies in an element's unturned box, or at its edge: 0 to 1 across and down.
pub(crate) fn place_in(element: &Element, at: BoardPoint) -> (f64, f64) {
    let g = element.geometry;
    let at = at.rotated(g.center(), -g.angle);
    let part = |at: f64, low: f64, size: f64| {
        let part = if size > 0.0 { (at - low) / size } else { 0.5 };
        // Half of a per mille is enough, and short to write.
        (part.clamp(EDGE, 1.0 - EDGE) * 1024.0).round() / 1024.0
    };
    (part(at.x, g.x, g.w), part(at.y, g.y, g.h))
}

/// Whether an end that moves is still at an element that it was bound to.
pub(crate) fn holds(element: &Element, at: BoardPoint) -> bool {
    touches(element, at, HOLD)
}

/// How an element is shown that an end is about to be bound to.
pub(crate) fn shown(element: &Element, zoom: f64) -> Draft {
    let shape = match &element.shape {
        Shape::Rectangle | Shape::Ellipse | Shape::Diamond | Shape::Triangle => {
            element.shape.clone()
        }
        _ => Shape::Rectangle,
    };
    let style = Style {
        stroke: ACCENT,
        fill: Color { a: 20, ..ACCENT },
        fill_style: FillStyle::Solid,
        width: 3.0 / zoom,
        roughness: 0,
        opacity: 0.7,
        dash: Default::default(),
        edges: element.style.edges,
    };
    Draft { style, geometry: element.geometry, shape, seed: 0 }
}
