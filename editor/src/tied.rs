//! Arrows that are moved away from what they are bound to: an end slides along with its arrow as long as it stays
//! in what it is bound to, and lets go when it has really left that; so do the ends of one that is mirrored or
//! stretched with others. An elbow between two elements has no place of its
//! own: it is not moved at all.

use shared::board::{Around, Board};
use shared::element::{Arrow, Binding, Element, Shape};
use shared::geometry::BoardPoint;

use crate::binding::{holds, place_in};

/// A bound arrow moved by board units, with its bindings as they are then; what it is bound to stays. `None` if the
/// arrow stays, too. To be attached by who asks.
pub(crate) fn slid(element: &Element, (dx, dy): (f64, f64), board: &Board) -> Option<Element> {
    let Shape::Arrow(arrow) = &element.shape else { return None };
    if arrow.is_elbow && is_between(arrow) {
        return None;
    }
    let corners = scene::corners(element);
    let moved = |at: &BoardPoint| BoardPoint::new(at.x + dx, at.y + dy);
    let slide = |end: &Option<Binding>, tip: Option<&BoardPoint>| {
        let binding = end.as_ref()?;
        let Some(target) = Around::element(board, &binding.element) else { return end.clone() };
        let aim = moved(&scene::focus(&target, binding.at));
        let places = [Some(aim), tip.map(moved)].into_iter().flatten();
        let at = places.into_iter().find(|at| holds(&target, *at))?;
        // Elsewhere at what it is bound to, an elbow would leave that another way.
        let at = if arrow.is_elbow { binding.at } else { place_in(&target, at) };
        Some(Binding { at, ..binding.clone() })
    };
    let (start, end) = (slide(&arrow.start, corners.first()), slide(&arrow.end, corners.last()));
    let geometry = element.geometry.moved(dx, dy);
    let shape = Shape::Arrow(Arrow { start, end, ..arrow.clone() });
    Some(Element { geometry, shape, ..element.clone() })
}

/// The bindings of an arrow with other corners than before, of which each end keeps to what one of them was bound to
/// if it is there.
pub(crate) fn held_ends(
    board: &Board,
    arrow: &Arrow,
    corners: &[BoardPoint],
) -> (Option<Binding>, Option<Binding>) {
    let held = |tip: Option<&BoardPoint>| {
        let bindings = [&arrow.start, &arrow.end].into_iter().flatten();
        bindings.filter_map(|it| held(it, *tip?, arrow.is_elbow, board)).next()
    };
    let (start, end) = (held(corners.first()), held(corners.last()));
    let is_loop = start.as_ref().zip(end.as_ref()).is_some_and(|(a, b)| a.element == b.element);
    (start, end.filter(|_| !is_loop))
}

/// The binding of an end that is now at `tip`, if what it was bound to is there.
fn held(binding: &Binding, tip: BoardPoint, is_elbow: bool, board: &Board) -> Option<Binding> {
    let target = Around::element(board, &binding.element).filter(|it| holds(it, tip))?;
    let at = if is_elbow { binding.at } else { place_in(&target, tip) };
    Some(Binding { at, ..binding.clone() })
}

/// Whether an arrow is bound to anything.
pub(crate) fn is_bound(arrow: &Arrow) -> bool {
    arrow.start.is_some() || arrow.end.is_some()
}

/// Whether an arrow is bound at both ends.
pub(crate) fn is_between(arrow: &Arrow) -> bool {
    arrow.start.is_some() && arrow.end.is_some()
}

/// Whether an arrow is bound, and to nothing that goes along.
pub(crate) fn is_left(arrow: &Arrow, goes_along: impl Fn(&Binding) -> bool) -> bool {
    let mut ends = [&arrow.start, &arrow.end].into_iter().flatten().peekable();
    ends.peek().is_some() && !ends.any(goes_along)
}
