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

/// How far along its side an end slides, as a part of what is between the side's middle and its corner; less where an
/// outline is not along the side of its box.
const SLIDES: f64 = 0.8;
const SLIDES_ROUND: f64 = 0.45;
/// No place is nearer to the middle than this part of the box's half: there an end means the whole element.
const OFF_MIDDLE: f64 = 0.25;

/// An elbow whose first or last piece is dragged to a place beside it that is before the same side of what its end is
/// bound to: the end is bound there. To be attached by who asks; `None` if the piece is to be laid.
pub(crate) fn slid_along(
    element: &Element,
    piece: usize,
    to: BoardPoint,
    board: &Board,
) -> Option<Element> {
    let Shape::Arrow(arrow) = &element.shape else { return None };
    let corners = scene::corners(element);
    let n_pieces = corners.len().checked_sub(1)?;
    let (a, b) = (*corners.get(piece)?, *corners.get(piece + 1)?);
    if arrow.fixed.contains(&piece) || piece != 0 && piece + 1 != n_pieces {
        return None;
    }
    let is_across = (a.x - b.x).abs() >= (a.y - b.y).abs();
    let slid = |end: &Option<Binding>, tip: BoardPoint| {
        let binding = end.as_ref()?;
        let target = Around::element(board, &binding.element)?;
        let bounds = target.geometry.turned_bounds();
        let (center, half) = (bounds.center(), (bounds.width() / 2.0, bounds.height() / 2.0));
        let is_round = matches!(target.shape, Shape::Ellipse | Shape::Diamond | Shape::Triangle);
        let reach = if is_round { SLIDES_ROUND } else { SLIDES };
        // As parts of the half box: along the side, and out to it.
        let along = if is_across { (to.y - center.y) / half.1 } else { (to.x - center.x) / half.0 };
        let out = if is_across { tip.x - center.x } else { tip.y - center.y };
        let out = (along.abs() * 1.05).max(OFF_MIDDLE).copysign(out);
        let (x, y) = if is_across { (out, along) } else { (along, out) };
        let at = BoardPoint::new(center.x + x * half.0, center.y + y * half.1);
        let binding = Binding { at: place_in(&target, at), ..binding.clone() };
        (along.abs() < reach).then_some(binding)
    };
    let mut arrow = arrow.clone();
    if piece == 0 {
        arrow.start = Some(slid(&arrow.start, a)?);
    }
    if piece + 1 == n_pieces {
        arrow.end = Some(slid(&arrow.end, b)?);
    }
    Some(Element { shape: Shape::Arrow(arrow), ..element.clone() })
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
