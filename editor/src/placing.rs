//! Elements at other places than the board has them: shown while a gesture lasts, written when it ends.
//!
//! What goes along is collected in `carry`; what then changes about it is in `relations`.

use shared::board::{Board, Change};
use shared::element::{Element, Shape, StylePatch};
use shared::geometry::Geometry;
use shared::id::ElementId;
use shared::limits::SHOWN_ELEMENTS_MAX;
use shared::presence::{Gesture, PlaceGesture, ShownPlace};

use crate::carry::free;
use crate::label::{Measure, rewrapped};
use crate::preview::{Draft, Preview};
use crate::relations::{followers, remove};
use crate::selection::{Selection, labeled};

/// Takes elements away, but for those that are locked, and lets go of them whatever has to do with them.
pub(crate) fn delete(board: &mut Board, chosen: &Selection) {
    let free = free(board, chosen);
    remove(board, &free);
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

    /// Breaks the texts in it at the widths that they have now.
    pub(crate) fn rewrap(&mut self, measure: &Measure) {
        for (_, draft) in &mut self.0 {
            if let Shape::Text(text) = &mut draft.shape
                && text.container.is_none()
            {
                (text.lines, draft.geometry) = rewrapped(text, draft.geometry, measure);
            }
        }
    }

    /// Writes all of it and what follows from it, in one transaction of the current step.
    pub(crate) fn write(self, board: &mut Board, measure: &Measure) {
        let mut places = Vec::new();
        let mut changes = Vec::new();
        for (id, draft) in self.0 {
            if let Some(element) = board.element(&id) {
                if draft.geometry != element.geometry {
                    places.push((id.clone(), draft.geometry));
                }
                let changed = changes_of_letters(element, draft).into_iter().flatten();
                changes.extend(changed.map(|change| (id.clone(), change)));
            }
        }
        let mut all = followers(board, &places, measure);
        all.append(&mut changes);
        board.change(&all);
    }

    /// Shows it to oneself.
    pub(crate) fn preview(&self, board: &Board, preview: &mut Preview) {
        for (id, draft) in &self.0 {
            // Labels follow by themselves.
            if board.element(id).is_some_and(|element| labeled(board, element).is_none()) {
                preview.places.insert(id.clone(), draft.geometry);
                preview.hidden.insert(id.clone());
                preview.drafts.push(draft.clone());
            }
        }
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

fn changes_of_letters(element: &Element, draft: Draft) -> [Option<Change>; 3] {
    let (Shape::Text(old), Shape::Text(new)) = (&element.shape, draft.shape) else {
        return [None, None, None];
    };
    let patch = StylePatch { font_size: Some(new.size), ..StylePatch::default() };
    let size = (new.size != old.size).then_some(Change::Restyle(patch));
    let wrap = (new.wraps != old.wraps).then_some(Change::Wrap(new.wraps));
    let lines = (new.lines != old.lines).then_some(Change::Lines(new.lines));
    [size, wrap, lines]
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
        let (from, to, mirror) = (self.from, self.to, self.to.flip);
        let geometry = &mut draft.geometry;
        let center = geometry.center();
        let x = mapped(center.x, (from.x, from.w), (to.x, to.w), mirror.across);
        let y = mapped(center.y, (from.y, from.h), (to.y, to.h), mirror.down);
        let (scale_x, scale_y) = self.scale();
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

/// Where a place in a stretch (its start and its length) is in another one.
fn mapped(at: f64, from: (f64, f64), to: (f64, f64), is_mirrored: bool) -> f64 {
    let ((start, size), (to, to_size)) = (from, to);
    if size <= 0.0 {
        return to + at - start;
    }
    let part = (at - start) / size * to_size;
    if is_mirrored { to + to_size - part } else { to + part }
}

/// An angle from 0 to a whole turn, in steps that are stored in few bytes.
pub(crate) fn tidy_angle(angle: f64) -> f64 {
    const STEPS_PER_RADIAN: f64 = 1_048_576.0;
    (angle.rem_euclid(std::f64::consts::TAU) * STEPS_PER_RADIAN).round() / STEPS_PER_RADIAN
}
