//! Arrows that are moved away from what they are bound to: an end slides along with its arrow as long as it stays
//! in what it is bound to, and lets go when it has really left that. An elbow between two elements has no place of its
//! own: it is not moved at all.

use shared::board::{Around, Board};
use shared::element::{Arrow, Binding, Element, Shape};
use shared::geometry::BoardPoint;

use crate::binding::{holds, place_in};

/// A bound arrow moved by board units, with its bindings as they are then; what it is bound to stays. `None` if the
/// arrow stays, too. To be attached by who asks.
pub(crate) fn slid(element: &Element, (dx, dy): (f64, f64), board: &Board) -> Option<Element> {
    let Shape::Arrow(arrow) = &element.shape else { return None };
    if arrow.is_elbow && arrow.start.is_some() && arrow.end.is_some() {
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

/// Whether an arrow is bound, and to nothing that goes along.
pub(crate) fn is_left(arrow: &Arrow, goes_along: impl Fn(&Binding) -> bool) -> bool {
    let mut ends = [&arrow.start, &arrow.end].into_iter().flatten().peekable();
    ends.peek().is_some() && !ends.any(goes_along)
}
