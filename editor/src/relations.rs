//! What elements have to do with each other when they are moved, copied or taken away: labels go with what
//! they label, what lies in a frame goes with it, and arrows let go of what is gone.

use std::collections::HashMap;

use shared::board::{Around, Board, Change};
use shared::element::{Arrow, Binding, Element, Shape};
use shared::geometry::{Bounds, Geometry};
use shared::id::ElementId;

use crate::label::{Measure, refitted};
use crate::selection::{Selection, labeled};
use crate::tied::{held_ends, is_left, slid};

/// An element lies in a frame if more than this part of it does.
const MOSTLY: f64 = 0.5;

/// These elements, and what lies in those of them that are frames. An arrow names its frame or not: it lies
/// where what it is bound to lies.
pub(crate) fn with_content(board: &Board, ids: &Selection) -> Selection {
    let mut all = ids.clone();
    let mut open: Vec<ElementId> = ids.iter().cloned().collect();
    while let Some(id) = open.pop() {
        for it in board.naming(&id).filter(|it| !it.locked) {
            let is_inside = it.frame.as_ref().is_some_and(|frame| all.contains(frame));
            if is_inside && all.insert(it.id.clone()) {
                open.push(it.id.clone());
            }
        }
    }
    all
}

/// These elements and their labels.
pub(crate) fn with_labels(board: &Board, ids: &Selection) -> Selection {
    let labels = ids.iter().flat_map(|id| board.labels(id)).map(|label| label.id.clone());
    ids.iter().cloned().chain(labels).collect()
}

/// What changes when elements are placed anew, the places included: arrows that are taken away from what
/// they are bound to slide along it or let go, labels are broken anew, and frames take in and let out what is moved
/// into and out of them.
pub(crate) fn followers(
    board: &Board,
    places: &[(ElementId, Geometry)],
    measure: &Measure,
) -> Vec<(ElementId, Change)> {
    let by_id: HashMap<ElementId, Geometry> = places.iter().cloned().collect();
    let frames = frames(board);
    let mut changes = Vec::new();
    for (id, geometry) in places {
        let Some(element) = board.element(id) else { continue };
        if labeled(board, element).is_some() {
            // It is where what it labels is.
            continue;
        }
        changes.push((id.clone(), Change::Place(*geometry)));
        let placed = Element { geometry: *geometry, ..(**element).clone() };
        if let Shape::Arrow(arrow) = &element.shape {
            let is_left = is_left(arrow, |end| by_id.contains_key(&end.element));
            let ends = if is_left {
                left_ends(board, element, arrow, *geometry)
            } else {
                let along =
                    |end: &Option<Binding>| end.as_ref().map(|it| mirrored(board, it, &by_id));
                Some((along(&arrow.start), along(&arrow.end)))
            };
            let Some((start, end)) = ends else {
                changes.pop();
                continue;
            };
            let bind = |old: &Option<Binding>, new: Option<Binding>, change: fn(_) -> Change| {
                (*old != new).then(|| (id.clone(), change(new)))
            };
            changes.extend(bind(&arrow.start, start, Change::BindStart));
            changes.extend(bind(&arrow.end, end, Change::BindEnd));
            if is_left {
                changes.push((id.clone(), Change::Frame(element.frame.clone())));
            }
        } else if (geometry.w, geometry.h) != (element.geometry.w, element.geometry.h) {
            changes.extend(refitted(board, &placed, measure));
        }
        changes.extend(reframed(board, &frames, &placed, &by_id));
    }
    changes
}

/// The binding of an arrow that is placed anew with what it is bound to: at the other side of that if it is mirrored.
fn mirrored(board: &Board, binding: &Binding, places: &HashMap<ElementId, Geometry>) -> Binding {
    let was = board.element(&binding.element).map(|it| it.geometry.flip).unwrap_or_default();
    let is = places.get(&binding.element).map_or(was, |place| place.flip);
    let side = |at: f64, is_mirrored: bool| if is_mirrored { 1.0 - at } else { at };
    let (x, y) = binding.at;
    let at = (side(x, was.across != is.across), side(y, was.down != is.down));
    Binding { at, ..binding.clone() }
}

/// What the ends of a bound arrow are bound to when it is placed elsewhere and what it is bound to is not; `None` if it
/// stays where it is. Turned, mirrored or stretched, each of its ends keeps to what it then is at, which may be what the
/// other one was bound to.
fn left_ends(
    board: &Board,
    element: &Element,
    arrow: &Arrow,
    to: Geometry,
) -> Option<(Option<Binding>, Option<Binding>)> {
    let from = element.geometry;
    let by = (to.x - from.x, to.y - from.y);
    if to != from.moved(by.0, by.1) {
        let placed = Element { geometry: to, ..element.clone() };
        return Some(held_ends(board, arrow, &scene::corners(&placed)));
    }
    match slid(element, by, board)?.shape {
        Shape::Arrow(Arrow { start, end, .. }) => Some((start, end)),
        _ => Some((arrow.start.clone(), arrow.end.clone())),
    }
}

/// Puts an element that was placed into the frame that it lies in now, if that is another one: the innermost, of `frames`
/// side by side the topmost, which comes first.
fn reframed(
    board: &Board,
    frames: &[&Element],
    placed: &Element,
    places: &HashMap<ElementId, Geometry>,
) -> Option<(ElementId, Change)> {
    let is_label = matches!(&placed.shape, Shape::Text(text) if text.container.is_some());
    let stays = placed.frame.as_ref().is_some_and(|frame| places.contains_key(frame));
    if is_label || stays {
        return None;
    }
    let box_ = placed.geometry.turned_bounds();
    let is_around = |it: &&&Element| {
        is_mostly_in(box_, places.get(&it.id).copied().unwrap_or(it.geometry))
            && !is_within(board, it, &placed.id)
    };
    let mut around = frames.iter().filter(is_around);
    let first = around.next();
    let inner = |a: &'_ ElementId, b: &Element| is_within(board, b, a);
    let frame = first
        .map(|first| around.fold(&first.id, |a, b| if inner(a, b) { &b.id } else { a }).clone());
    (frame != placed.frame).then(|| (placed.id.clone(), Change::Frame(frame)))
}

/// A new element goes into the frame that it lies in; a new frame takes in what lies in it.
pub(crate) fn settle(board: &mut Board, id: &ElementId) {
    let Some(element) = board.element(id) else { return };
    let own = reframed(board, &frames(board), element, &HashMap::new());
    let mut changes = if is_frame(element) { taken_in(board, element, &own) } else { Vec::new() };
    changes.extend(own);
    if !changes.is_empty() {
        board.change(&changes);
    }
}

/// Whether `frame` is the frame `outer` or lies in it, however deep; a document of others' may have frames that lie in
/// each other.
fn is_within(board: &Board, frame: &Element, outer: &ElementId) -> bool {
    let mut seen = Selection::new();
    let mut here = Some(&frame.id);
    while let Some(id) = here.filter(|id| seen.insert((*id).clone())) {
        if id == outer {
            return true;
        }
        here = board.element(id).and_then(|it| it.frame.as_ref());
    }
    false
}

/// All frames, the topmost first.
fn frames(board: &Board) -> Vec<&Element> {
    board.elements().rev().map(AsRef::as_ref).filter(|it| is_frame(it)).collect()
}

fn is_frame(element: &Element) -> bool {
    matches!(element.shape, Shape::Frame(_))
}

fn is_mostly_in(inner: Bounds, frame: Geometry) -> bool {
    let frame = frame.turned_bounds();
    let part = |low: f64, high: f64, from: f64, to: f64| {
        let shared = (high.min(to) - low.max(from)).max(0.0);
        // What has no width is in if it is between.
        if high > low { shared / (high - low) } else { f64::from(from <= low && low <= to) }
    };
    let across = part(inner.x0, inner.x1, frame.x0, frame.x1);
    across * part(inner.y0, inner.y1, frame.y0, frame.y1) > MOSTLY
}

/// What a new frame takes in: all that lies in it and in no other frame but the one that it lies in itself.
fn taken_in(
    board: &Board,
    frame: &Element,
    own: &Option<(ElementId, Change)>,
) -> Vec<(ElementId, Change)> {
    let outer = match own {
        Some((_, Change::Frame(outer))) => outer,
        _ => &frame.frame,
    };
    let is_free = |it: &&std::sync::Arc<Element>| {
        let is_label = matches!(&it.shape, Shape::Text(text) if text.container.is_some());
        let is_itself = it.id == frame.id || Some(&it.id) == outer.as_ref();
        !is_label && !is_itself && it.frame == *outer && !it.locked
    };
    let inside = board.elements().filter(is_free);
    inside
        .filter(|it| is_mostly_in(it.geometry.turned_bounds(), frame.geometry))
        .map(|it| (it.id.clone(), Change::Frame(Some(frame.id.clone()))))
        .collect()
}

/// Takes elements off the board with their labels. What lay in a frame stays, in the frame around that if there is one, and
/// arrows that were bound to something that is gone stay where they are.
pub(crate) fn remove<'a>(board: &mut Board, ids: impl IntoIterator<Item = &'a ElementId>) {
    let ids: Selection = ids.into_iter().cloned().collect();
    let gone = with_labels(board, &ids);
    let mut changes = Vec::new();
    for id in &gone {
        for it in board.naming(id).filter(|it| !gone.contains(&it.id)) {
            let mut change = |change| changes.push((it.id.clone(), change));
            if it.frame.as_ref() == Some(id) {
                change(Change::Frame(left_in(board, it, &gone)));
            }
            if let Shape::Arrow(arrow) = &it.shape {
                change(Change::Points(scene::corners(it)));
                change(Change::Frame(left_in(board, it, &gone)));
                let is_gone = |end: &Option<Binding>| {
                    end.as_ref().is_some_and(|end| gone.contains(&end.element))
                };
                if is_gone(&arrow.start) {
                    change(Change::BindStart(None));
                }
                if is_gone(&arrow.end) {
                    change(Change::BindEnd(None));
                }
            }
        }
    }
    board.change(&changes);
    board.delete(&gone.into_iter().collect::<Vec<_>>());
}

/// The frame that an element lies in when those that are `gone` are no more.
fn left_in(board: &Board, element: &Element, gone: &Selection) -> Option<ElementId> {
    let mut seen = Selection::new();
    let mut frame = element.frame.as_ref();
    while let Some(id) = frame.filter(|id| gone.contains(*id)) {
        frame =
            board.element(id).and_then(|it| it.frame.as_ref()).filter(|_| seen.insert(id.clone()));
    }
    frame.filter(|id| **id != element.id).cloned()
}
