//! Which elements a touch means: groups as a whole, nothing that is locked.

#[cfg(test)]
mod tests;

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use scene::Index;
use shared::board::Board;
use shared::element::{Element, Shape};
use shared::geometry::{BoardPoint, Bounds};
use shared::id::ElementId;

/// The chosen elements.
pub(crate) type Selection = BTreeSet<ElementId>;

/// The topmost element that `at` touches, give or take `tolerance` board units.
pub(crate) fn element_at(index: &Index, at: BoardPoint, tolerance: f64) -> Option<ElementId> {
    let near = index.slots_in(Bounds::around([at]).inflated(tolerance));
    let is_touched =
        |element: &&Arc<Element>| is_touchable(element) && scene::hits(element, at, tolerance);
    let mut from_top = near.into_iter().rev().filter_map(|slot| index.at(slot));
    from_top.find(|it| is_touched(&&it.element)).map(|it| it.element.id.clone())
}

/// `id` with all that is grouped with it.
pub(crate) fn with_group(board: &Board, id: &ElementId) -> Selection {
    let group = board.element(id).and_then(|element| element.groups.last());
    let Some(group) = group else { return Selection::from([id.clone()]) };
    let is_in_group = |element: &&Arc<Element>| element.groups.last() == Some(group);
    board.elements().filter(is_in_group).map(|element| element.id.clone()).collect()
}

/// The elements that lie wholly in `area`, with their groups.
pub(crate) fn inside(board: &Board, index: &Index, area: Bounds) -> Selection {
    let is_inside = |element: &&Arc<Element>| {
        is_touchable(element) && area.contains(element.geometry.turned_bounds())
    };
    let mut groups = HashSet::new();
    let mut chosen = Selection::new();
    let near = index.slots_in(area).into_iter().filter_map(|slot| index.at(slot));
    for element in near.map(|it| &it.element).filter(is_inside) {
        groups.extend(element.groups.last());
        chosen.insert(element.id.clone());
    }
    if !groups.is_empty() {
        let is_with = |element: &&Arc<Element>| {
            is_touchable(element) && element.groups.last().is_some_and(|it| groups.contains(it))
        };
        chosen.extend(board.elements().filter(is_with).map(|element| element.id.clone()));
    }
    chosen
}

/// Everything that can be chosen.
pub(crate) fn everything(board: &Board) -> Selection {
    let touchable = board.elements().filter(|element| is_touchable(element));
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
