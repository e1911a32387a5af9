//! Which elements a touch means: groups as a whole unless one is inside of one, labels as what they
//! label, nothing that is locked.

#[cfg(test)]
mod tests;

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use scene::Index;
use shared::board::{Around, Board};
use shared::element::{Element, Shape};
use shared::geometry::{BoardPoint, Bounds};
use shared::id::ElementId;

/// The chosen elements.
pub(crate) type Selection = BTreeSet<ElementId>;

/// The elements that may reach into `area`, bottom first.
pub(crate) fn near(index: &Index, area: Bounds) -> impl DoubleEndedIterator<Item = &Arc<Element>> {
    let slots = index.slots_in(area).into_iter();
    slots.filter_map(|slot| index.at(slot)).map(|it| &it.element)
}

/// The topmost element that `at` touches, give or take `tolerance` board units.
pub(crate) fn element_at(
    index: &Index,
    board: &Board,
    at: BoardPoint,
    tolerance: f64,
) -> Option<ElementId> {
    let is_touched =
        |element: &&Arc<Element>| is_touchable(element) && touches(board, element, at, tolerance);
    let touched = near(index, around(at, tolerance)).rev().find(is_touched)?;
    Some(labeled(board, touched).unwrap_or(touched).id.clone())
}

/// Whether `at` touches an element. What has a label is touched anywhere inside, filled or not.
fn touches(board: &Board, element: &Element, at: BoardPoint, tolerance: f64) -> bool {
    if scene::hits(element, at, tolerance) {
        return true;
    }
    let is_box = !matches!(element.shape, Shape::Arrow(_) | Shape::Line(_) | Shape::Ink(_));
    let own = element.geometry;
    let is_inside = own.bounds().contains_point(at.rotated(own.center(), -own.angle));
    is_box && is_inside && board.labels(&element.id).iter().any(|label| !label.locked)
}

/// The same among what is locked: for what can be done with a locked element, which is to unlock it.
pub(crate) fn locked_at(index: &Index, at: BoardPoint, tolerance: f64) -> Option<ElementId> {
    let is_touched =
        |element: &&Arc<Element>| element.locked && scene::hits(element, at, tolerance);
    let mut from_top = near(index, around(at, tolerance)).rev();
    from_top.find(is_touched).map(|element| element.id.clone())
}

fn around(at: BoardPoint, tolerance: f64) -> Bounds {
    Bounds::around([at]).inflated(tolerance)
}

/// What a label labels, if it is on the board.
pub(crate) fn labeled<'a>(board: &'a Board, element: &Element) -> Option<&'a Arc<Element>> {
    let Shape::Text(text) = &element.shape else { return None };
    board.element(text.container.as_ref()?)
}

/// `id` with all that is grouped with it.
pub(crate) fn with_group(board: &Board, id: &ElementId) -> Selection {
    unit(board, id, None)
}

/// What a touch of `id` means while one is inside the group `entered`: the element alone, or all of the
/// largest group around it that is smaller than that.
pub(crate) fn unit(board: &Board, id: &ElementId, entered: Option<&str>) -> Selection {
    let group = board.element(id).and_then(|element| group_of(element, entered));
    let Some(group) = group else { return Selection::from([id.clone()]) };
    members(board, group)
}

/// The group that `element` is chosen with while one is inside the group `entered`.
pub(crate) fn group_of<'a>(element: &'a Element, entered: Option<&str>) -> Option<&'a String> {
    let groups = &element.groups;
    let n_inside = entered.and_then(|entered| groups.iter().position(|group| group == entered));
    groups[..n_inside.unwrap_or(groups.len())].last()
}

/// All that can be chosen in a group, however deep.
pub(crate) fn members(board: &Board, group: &str) -> Selection {
    let is_in = |element: &&Arc<Element>| {
        is_touchable(element) && element.groups.iter().any(|other| other == group)
    };
    board.elements().filter(is_in).map(|element| element.id.clone()).collect()
}

/// Those `among` some elements that `is_caught`, with their groups.
pub(crate) fn caught<'a>(
    board: &Board,
    among: impl Iterator<Item = &'a Arc<Element>>,
    entered: Option<&str>,
    is_caught: impl Fn(&Element) -> bool,
) -> Selection {
    let is_choosable = |element: &&Arc<Element>| {
        let is_inside = entered.is_none_or(|group| element.groups.iter().any(|g| g == group));
        is_inside && is_touchable(element) && labeled(board, element).is_none()
    };
    let mut groups = HashSet::new();
    let mut chosen = Selection::new();
    for element in among.filter(is_choosable).filter(|element| is_caught(element)) {
        groups.extend(group_of(element, entered));
        chosen.insert(element.id.clone());
    }
    if !groups.is_empty() {
        let is_with = |element: &&Arc<Element>| {
            group_of(element, entered).is_some_and(|group| groups.contains(group))
        };
        let with = board.elements().filter(is_choosable).filter(is_with);
        chosen.extend(with.map(|element| element.id.clone()));
    }
    chosen
}

/// Everything that can be chosen.
pub(crate) fn everything(board: &Board) -> Selection {
    caught(board, board.elements(), None, |_| true)
}

/// The box around `ids`, with their strokes.
pub(crate) fn bounds_of<'a>(board: &Board, ids: impl IntoIterator<Item = &'a ElementId>) -> Bounds {
    let elements = ids.into_iter().filter_map(|id| board.element(id));
    elements.map(|element| scene::bounds(element)).fold(Bounds::EMPTY, Bounds::union)
}

/// The box around all that is on the board, with strokes.
pub(crate) fn bounds_of_all(board: &Board) -> Bounds {
    bounds_of(board, board.elements().map(|element| &element.id))
}

/// The box around elements, without their strokes: what is aligned, and what handles are on.
pub(crate) fn extent<'a>(board: &Board, ids: impl IntoIterator<Item = &'a ElementId>) -> Bounds {
    let elements = ids.into_iter().filter_map(|id| board.element(id));
    elements.map(|it| it.geometry.turned_bounds()).fold(Bounds::EMPTY, Bounds::union)
}

/// Which piece each name stands for, counted from 0, and how many pieces there are: the same name is the
/// same piece.
pub(crate) fn pieces_of(names: &[&str]) -> (Vec<usize>, usize) {
    let mut known = HashMap::new();
    let mut piece = |name| {
        let next = known.len();
        *known.entry(name).or_insert(next)
    };
    let pieces = names.iter().map(|&name| piece(name)).collect();
    (pieces, known.len())
}

/// The places of `keys` from the least to the greatest.
pub(crate) fn in_order(keys: &[f64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..keys.len()).collect();
    order.sort_unstable_by(|a, b| keys[*a].total_cmp(&keys[*b]));
    order
}

/// Whether a touch can mean it.
pub(crate) fn is_touchable(element: &Element) -> bool {
    !element.locked && !matches!(element.shape, Shape::Unknown(_))
}
