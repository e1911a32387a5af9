//! Which elements a touch means: groups as a whole, nothing that is locked.

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use shared::board::Board;
use shared::element::{Element, Shape};
use shared::geometry::{BoardPoint, Bounds};
use shared::id::ElementId;

/// The chosen elements.
pub(crate) type Selection = BTreeSet<ElementId>;

/// The topmost element that `at` touches, give or take `tolerance` board units.
pub(crate) fn element_at(board: &Board, at: BoardPoint, tolerance: f64) -> Option<ElementId> {
    let is_touched =
        |element: &&Arc<Element>| is_touchable(element) && scene::hits(element, at, tolerance);
    board.elements().rev().find(is_touched).map(|element| labeled(element).clone())
}

/// What a touch of an element means: of a label, what it labels.
fn labeled(element: &Element) -> &ElementId {
    match &element.shape {
        Shape::Text(text) => text.container.as_ref().unwrap_or(&element.id),
        _ => &element.id,
    }
}

/// `id` with all that is grouped with it.
pub(crate) fn with_group(board: &Board, id: &ElementId) -> Selection {
    let group = board.element(id).and_then(|element| element.groups.last());
    let Some(group) = group else { return Selection::from([id.clone()]) };
    let is_in_group =
        |element: &&Arc<Element>| element.groups.last() == Some(group) && !is_label(element);
    board.elements().filter(is_in_group).map(|element| element.id.clone()).collect()
}

/// The elements that lie wholly in `area`, with their groups.
pub(crate) fn inside(board: &Board, area: Bounds) -> Selection {
    let touchable =
        || board.elements().filter(|element| is_touchable(element) && !is_label(element));
    let is_inside = |element: &&Arc<Element>| area.contains(element.geometry.turned_bounds());
    let mut groups = HashSet::new();
    let mut chosen = Selection::new();
    for element in touchable().filter(is_inside) {
        groups.extend(element.groups.last());
        chosen.insert(element.id.clone());
    }
    let is_with =
        |element: &&Arc<Element>| element.groups.last().is_some_and(|group| groups.contains(group));
    chosen.extend(touchable().filter(is_with).map(|element| element.id.clone()));
    chosen
}

/// Everything that can be chosen.
pub(crate) fn everything(board: &Board) -> Selection {
    let touchable = board.elements().filter(|element| is_touchable(element) && !is_label(element));
    touchable.map(|element| element.id.clone()).collect()
}

/// The box around `ids`, with their strokes.
pub(crate) fn bounds_of<'a>(board: &Board, ids: impl IntoIterator<Item = &'a ElementId>) -> Bounds {
    let elements = ids.into_iter().filter_map(|id| board.element(id));
    elements.map(|element| scene::bounds(element)).fold(Bounds::EMPTY, Bounds::union)
}

fn is_touchable(element: &Element) -> bool {
    !element.locked && !matches!(element.shape, Shape::Unknown(_))
}

/// Whether an element is chosen with what it labels, not by itself.
fn is_label(element: &Element) -> bool {
    labeled(element) != &element.id
}
