//! The part of a board that a picture of some elements shows: what is painted of them, and a margin.

use std::collections::HashMap;

use shared::element::{Element, Shape};
use shared::geometry::{Bounds, Geometry};
use shared::id::ElementId;

use crate::hit::bounds;

/// Around everything, in board units.
const MARGIN: f64 = 10.0;
/// Room above a frame for its name, in board units.
const NAME_ROOM: f64 = 24.0;

/// Where a picture of `elements` begins and ends: at whole units, so that it is as sharp as the board, and never
/// empty.
pub fn sheet(elements: &[&Element]) -> Bounds {
    let frames: HashMap<&ElementId, Geometry> =
        elements.iter().filter_map(|it| Some((&it.id, frame(it)?))).collect();
    let reach = |element: &Element| {
        let around = element.frame.as_ref().and_then(|id| frames.get(id));
        match (frame(element), around) {
            (Some(own), _) => {
                let b = own.turned_bounds();
                Bounds { y0: b.y0 - NAME_ROOM, ..b }
            }
            (None, Some(around)) => bounds(element).intersection(around.turned_bounds()),
            (None, None) => bounds(element),
        }
    };
    let all = elements
        .iter()
        .map(|it| reach(it))
        .filter(|it| !it.is_empty())
        .fold(Bounds::EMPTY, Bounds::union);
    let all = if all.is_empty() { Bounds::around([Default::default()]) } else { all };
    let Bounds { x0, y0, x1, y1 } = all.inflated(MARGIN);
    Bounds { x0: x0.floor(), y0: y0.floor(), x1: x1.ceil(), y1: y1.ceil() }
}

/// Where a frame is that cuts off what lies in it.
pub(crate) fn frame(element: &Element) -> Option<Geometry> {
    matches!(element.shape, Shape::Frame(_)).then_some(element.geometry)
}
