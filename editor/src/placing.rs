//! Elements at other places than the board has them: shown while a gesture lasts, written when it ends.
//!
//! What follows something else is collected here and nowhere else: labels, what lies in frames, and
//! arrows that are bound.

use shared::board::{Board, Change};
use shared::element::{Binding, Element, Shape, StylePatch};
use shared::geometry::Geometry;
use shared::id::ElementId;
use shared::limits::SHOWN_ELEMENTS_MAX;
use shared::presence::{Gesture, PlaceGesture, ShownPlace};

use crate::preview::{Draft, Preview};
use crate::selection::Selection;

/// What changes when `chosen` is moved, turned or taken away: without what is locked, with the labels of
/// what is chosen, and with what lies in chosen frames.
pub(crate) fn carried(board: &Board, chosen: &Selection) -> Selection {
    let is_free = |id: &&ElementId| board.element(id).is_some_and(|element| !element.locked);
    let mut all: Selection = chosen.iter().filter(is_free).cloned().collect();
    // What lies in a frame may have a label.
    loop {
        let follows = |element: &&std::sync::Arc<Element>| {
            !all.contains(&element.id) && holder(element).is_some_and(|id| all.contains(id))
        };
        let more: Vec<_> = board.elements().filter(follows).map(|it| it.id.clone()).collect();
        if more.is_empty() {
            return all;
        }
        all.extend(more);
    }
}

/// What an element goes along with: what it labels, or the frame that it lies in.
pub(crate) fn holder(element: &Element) -> Option<&ElementId> {
    match &element.shape {
        Shape::Text(text) if text.container.is_some() => text.container.as_ref(),
        _ => element.frame.as_ref(),
    }
}

/// Takes elements away with all that goes along, and lets go of them whatever is bound to them.
pub(crate) fn delete(board: &mut Board, chosen: &Selection) {
    let gone = carried(board, chosen);
    let is_gone = |end: &Option<Binding>| end.as_ref().is_some_and(|it| gone.contains(&it.element));
    let mut freed = Vec::new();
    for element in board.elements().filter(|element| !gone.contains(&element.id)) {
        if let Shape::Arrow(arrow) = &element.shape {
            let start = is_gone(&arrow.start).then_some(Change::BindStart(None));
            let end = is_gone(&arrow.end).then_some(Change::BindEnd(None));
            freed.extend(start.into_iter().chain(end).map(|it| (element.id.clone(), it)));
        } else if holder(element).is_some_and(|id| gone.contains(id)) {
            // It is locked and stays.
            freed.push((element.id.clone(), Change::Frame(None)));
        }
    }
    board.change(&freed);
    board.delete(&gone.into_iter().collect::<Vec<_>>());
}

/// Elements as they are placed anew, in the order of the stack.
#[derive(Clone, Default)]
pub(crate) struct Placing(Vec<(ElementId, Draft)>);

impl Placing {
    /// Places each of `ids` by `place`.
    pub(crate) fn of(board: &Board, ids: &Selection, place: impl Fn(&Element, &mut Draft)) -> Self {
        let placed = |element: &std::sync::Arc<Element>| {
            let mut draft = Draft::of_element(element);
            place(element, &mut draft);
            (element.id.clone(), draft)
        };
        // So that drafts cover each other as the elements do.
        let ids = board.elements().filter(|element| ids.contains(&element.id));
        Self(ids.map(placed).collect())
    }

    /// Writes all of it, in one transaction of the current step.
    pub(crate) fn write(self, board: &mut Board) {
        let mut changes = Vec::new();
        for (id, draft) in self.0 {
            if let Some(element) = board.element(&id) {
                let changed = changes_to(element, draft);
                changes.extend(changed.into_iter().flatten().map(|change| (id.clone(), change)));
            }
        }
        board.change(&changes);
    }

    /// Shows it to oneself.
    pub(crate) fn preview(&self, preview: &mut Preview) {
        preview.hidden.extend(self.0.iter().map(|(id, _)| id.clone()));
        preview.drafts.extend(self.0.iter().map(|(_, draft)| draft.clone()));
    }

    /// Shows it to others.
    pub(crate) fn shown(&self) -> Gesture {
        let place = |(id, draft): &(ElementId, Draft)| ShownPlace {
            id: id.clone(),
            geometry: draft.geometry,
        };
        if self.0.is_empty() {
            return Gesture::default();
        }
        let places = self.0.iter().take(SHOWN_ELEMENTS_MAX).map(place).collect();
        Gesture::Place(PlaceGesture { places })
    }
}

fn changes_to(element: &Element, draft: Draft) -> [Option<Change>; 3] {
    let place = (draft.geometry != element.geometry).then_some(Change::Place(draft.geometry));
    let (Shape::Text(old), Shape::Text(new)) = (&element.shape, draft.shape) else {
        return [place, None, None];
    };
    let patch = StylePatch { font_size: Some(new.size), ..StylePatch::default() };
    let size = (new.size != old.size).then_some(Change::Restyle(patch));
    let wrap = (new.wraps != old.wraps).then_some(Change::Wrap(new.wraps));
    [place, size, wrap]
}

/// From one box to another, which may be mirrored: where what lies in the first one goes.
#[derive(Clone, Copy, PartialEq)]
pub(crate) struct Stretch {
    /// The box before.
    pub(crate) from: Geometry,
    /// The box after; its flip says whether it is mirrored against the one before.
    pub(crate) to: Geometry,
}

impl Stretch {
    /// How much larger it gets, across and down.
    pub(crate) fn scale(&self) -> (f64, f64) {
        let scale = |to: f64, from: f64| if from > 0.0 { to / from } else { 1.0 };
        (scale(self.to.w, self.from.w), scale(self.to.h, self.from.h))
    }

    /// Places the one element that the box lies around.
    pub(crate) fn place_whole(&self, draft: &mut Draft) {
        let flip = draft.geometry.flip;
        draft.geometry = self.to;
        draft.geometry.flip.across ^= flip.across;
        draft.geometry.flip.down ^= flip.down;
        self.grow_letters(draft);
    }

    /// Places one of several elements in the box.
    pub(crate) fn place_part(&self, draft: &mut Draft) {
        let (scale_x, scale_y) = self.scale();
        let (mirror, from) = (self.to.flip, self.from);
        let geometry = &mut draft.geometry;
        let center = geometry.center();
        let along =
            |at: f64, start: f64, size: f64, scale: f64, to: f64, to_size: f64, is: bool| {
                let (part, room) = ((at - start) * scale, if size > 0.0 { to_size } else { 0.0 });
                if is { to + room - part } else { to + part }
            };
        let x = along(center.x, from.x, from.w, scale_x, self.to.x, self.to.w, mirror.across);
        let y = along(center.y, from.y, from.h, scale_y, self.to.y, self.to.h, mirror.down);
        (geometry.w, geometry.h) = (geometry.w * scale_x, geometry.h * scale_y);
        (geometry.x, geometry.y) = (x - geometry.w / 2.0, y - geometry.h / 2.0);
        geometry.flip.across ^= mirror.across;
        geometry.flip.down ^= mirror.down;
        if mirror.across != mirror.down {
            geometry.angle = tidy_angle(-geometry.angle);
        }
        self.grow_letters(draft);
    }

    fn grow_letters(&self, draft: &mut Draft) {
        if let Shape::Text(text) = &mut draft.shape {
            // Letters that are mirrored cannot be read.
            draft.geometry.flip = Default::default();
            text.size *= self.scale().1;
        }
    }
}

/// An angle from 0 to a whole turn, in steps that are stored in few bytes.
pub(crate) fn tidy_angle(angle: f64) -> f64 {
    const STEPS_PER_RADIAN: f64 = 1_048_576.0;
    (angle.rem_euclid(std::f64::consts::TAU) * STEPS_PER_RADIAN).round() / STEPS_PER_RADIAN
}
