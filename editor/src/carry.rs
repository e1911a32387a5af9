//! What goes along when elements are moved, turned, copied or taken away: labels with what they label, what lies in a
//! frame with it, and what is stuck on a sticky note with the note. What then changes about it is in `relations`.

use std::collections::HashMap;
use std::sync::Arc;

use shared::board::Board;
use shared::element::{Element, Shape};
use shared::geometry::{BoardPoint, Bounds};
use shared::id::ElementId;

use crate::relations::{with_content, with_labels};
use crate::selection::{Selection, labeled, members};
use crate::tied::is_bound;

/// What is stuck on a note takes at most this part of it; strokes may take all of it.
const SMALL: f64 = 0.25;
/// Board units by which what is stuck on a note may reach over its edge.
const OVER: f64 = 2.0;

/// What changes when `chosen` is moved, turned or copied: without what is locked, with what lies in chosen
/// frames and on notes, and with the labels of all that.
pub(crate) fn carried(board: &Board, chosen: &Selection) -> Selection {
    let mut all = with_content(board, &free(board, chosen));
    stick(board, &mut all);
    with_labels(board, &all)
}

/// The same for what gets another size: without what lies in it or on it.
pub(crate) fn alone(board: &Board, chosen: &Selection) -> Selection {
    with_labels(board, &free(board, chosen))
}

/// What is taken away with `chosen`: what lies in a frame stays, what is stuck on a note does not.
pub(crate) fn taken(board: &Board, chosen: &Selection) -> Selection {
    let mut all = free(board, chosen);
    stick(board, &mut all);
    all
}

/// What of it is not locked.
pub(crate) fn free(board: &Board, chosen: &Selection) -> Selection {
    let is_free = |id: &&ElementId| board.element(id).is_some_and(|element| !element.locked);
    chosen.iter().filter(is_free).cloned().collect()
}

/// Adds what is stuck on the notes among `all`.
fn stick(board: &Board, all: &mut Selection) {
    let is_note = |it: &&Arc<Element>| matches!(it.shape, Shape::Note);
    let mut notes: Vec<_> = all.iter().filter_map(|id| board.element(id)).filter(is_note).collect();
    let area = |it: &Arc<Element>| it.geometry.turned_bounds().inflated(OVER);
    let mut around = notes.iter().map(|it| area(it)).fold(Bounds::EMPTY, Bounds::union);
    let lowest = notes.iter().copied().min_by(|a, b| place_of(a).cmp(&place_of(b)));
    let Some(lowest) = lowest else { return };
    let mut grouped: HashMap<&String, Vec<&ElementId>> = HashMap::new();
    for it in board.elements_above(lowest) {
        let box_ = it.geometry.turned_bounds();
        if !around.contains(box_) || all.contains(&it.id) || !can_stick(board, it) {
            continue;
        }
        let is_on = |note: &&Arc<Element>| place_of(note) < place_of(it) && lies_on(note, it);
        let Some(note) = notes.iter().copied().find(is_on) else { continue };
        // Something else may lie between.
        let covers = |under: &&Arc<Element>| match &under.shape {
            Shape::Note => under.geometry.turned_bounds().intersects(box_),
            Shape::Rectangle
            | Shape::Ellipse
            | Shape::Diamond
            | Shape::Triangle
            | Shape::Image(_) => under.geometry.turned_bounds().contains(box_),
            _ => false,
        };
        let under = board.elements_below(it).find(covers);
        if under.is_none_or(|under| !all.contains(&under.id)) {
            continue;
        }
        // A group goes as a whole, or not at all.
        let own = it.groups.last().filter(|group| note.groups.last() != Some(group));
        if let Some(group) = own {
            grouped.entry(group).or_default().push(&it.id);
        }
        all.insert(it.id.clone());
        if is_note(&it) {
            notes.push(it);
            around = around.union(area(it));
        }
    }
    for (group, ids) in grouped {
        if !members(board, group).is_subset(all) {
            all.retain(|id| !ids.contains(&id));
        }
    }
}

/// Where an element is in the stack.
fn place_of(element: &Element) -> (&shared::order::ZIndex, &ElementId) {
    (&element.z, &element.id)
}

/// Whether an element can be stuck on a note: what it belongs to is nothing else.
fn can_stick(board: &Board, element: &Element) -> bool {
    !element.locked
        && labeled(board, element).is_none()
        && match &element.shape {
            Shape::Frame(_) | Shape::Unknown(_) => false,
            Shape::Arrow(arrow) => !is_bound(arrow),
            _ => true,
        }
}

/// Whether all of an element lies on a note, and it is small beside that.
fn lies_on(note: &Element, element: &Element) -> bool {
    let own = note.geometry;
    let paper = own.bounds().inflated(OVER);
    let is_inside = |at: &BoardPoint| paper.contains_point(at.rotated(own.center(), -own.angle));
    let small = match element.shape {
        Shape::Ink(_) | Shape::Line(_) | Shape::Arrow(_) => 1.0,
        _ => SMALL,
    };
    let box_ = element.geometry;
    box_.w * box_.h <= own.w * own.h * small && box_.corners().iter().all(is_inside)
}
