//! Lays the items of a library out side by side, so that all can be seen.

use std::collections::HashMap;

use super::{FILE_MAX_ELEMENTS, Import};
use crate::element::{NewElement, Shape};
use crate::geometry::{BoardPoint, Bounds, Geometry};
use crate::id::ElementId;

/// Rows are about this wide, in board units; a wider item has a row of its own.
const ROW_WIDTH: f64 = 2000.0;

/// Room between items, in board units.
const GAP: f64 = 80.0;

/// The items in rows from the origin. The elements of an item keep their places relative to one another.
///
/// Groups are told apart by their item's number, as items are often copies of one another. Elements
/// outside all groups form one, so that an item is not left in pieces when it is moved.
pub(super) fn laid_out(items: Vec<Import>) -> Import {
    let mut board = Import::default();
    let (mut x, mut y, mut row_height) = (0.0, 0.0, 0.0f64);
    for (number, item) in items.into_iter().enumerate() {
        board.skipped.extend(item.skipped);
        let mut elements = item.elements;
        let bounds =
            elements.iter().map(|(_, element)| reach(element)).fold(Bounds::EMPTY, Bounds::union);
        if bounds.is_empty() {
            continue;
        }
        if x > 0.0 && x + bounds.width() > ROW_WIDTH {
            (x, y, row_height) = (0.0, y + row_height + GAP, 0.0);
        }
        for (_, element) in &mut elements {
            shift(element, x - bounds.x0, y - bounds.y0);
        }
        group(&mut elements, number);
        tell_apart(&mut elements, number);
        board.elements.append(&mut elements);
        x += bounds.width() + GAP;
        row_height = row_height.max(bounds.height());
    }
    board
}

fn reach(element: &NewElement) -> Bounds {
    let natural = || element.shape.natural_bounds().unwrap_or(Bounds::EMPTY);
    element.geometry.map_or_else(natural, Geometry::turned_bounds)
}

fn shift(element: &mut NewElement, dx: f64, dy: f64) {
    element.geometry = element.geometry.map(|geometry| geometry.moved(dx, dy));
    let moved = |at: &mut BoardPoint| *at = BoardPoint::new(at.x + dx, at.y + dy);
    match &mut element.shape {
        Shape::Line(path) => path.points.iter_mut().for_each(moved),
        Shape::Arrow(arrow) => arrow.path.points.iter_mut().for_each(moved),
        Shape::Ink(ink) => ink.points.iter_mut().for_each(|point| moved(&mut point.at)),
        _ => {}
    }
}

fn group(elements: &mut [(ElementId, NewElement)], number: usize) {
    for (_, element) in elements.iter_mut() {
        for group in &mut element.groups {
            *group = format!("{number}-{group}");
        }
    }
    let loose: Vec<_> = elements.iter_mut().filter(|(_, e)| e.groups.is_empty()).collect();
    if loose.len() > 1 {
        for (_, element) in loose {
            element.groups.push(format!("{number}-item"));
        }
    }
}

/// Items may use the same ids.
fn tell_apart(elements: &mut [(ElementId, NewElement)], number: usize) {
    let names = elements.iter().enumerate();
    let names: HashMap<_, _> = names
        .map(|(at, (id, _))| (id.clone(), ElementId::of_number(number * FILE_MAX_ELEMENTS + at)))
        .collect();
    for (id, element) in elements {
        element.relate(|other| names.get(other).cloned());
        if let Some(name) = names.get(id) {
            id.clone_from(name);
        }
    }
}
