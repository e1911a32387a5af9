//! Changing sizes by a handle: shown while it lasts, written once at the end. Shift keeps the ratio,
//! Alt keeps the middle; text always keeps its ratio, and its letters grow with it.

use shared::board::Board;
use shared::element::{Shape, StylePatch};
use shared::geometry::{BoardPoint, Geometry};
use shared::id::ElementId;

use super::tidy;
use crate::handles::SizeHandle;
use crate::input::Modifiers;
use crate::preview::{Draft, Preview};
use crate::selection::Selection;

/// Nothing gets smaller than this many board units.
const SMALLEST: f64 = 1.0;

/// A frame whose handle is dragged.
pub(crate) struct Resize {
    handle: SizeHandle,
    from: Geometry,
    to: Geometry,
    /// How far beside the frame's sides the handle was grasped, across and down.
    grasp: (f64, f64),
    keeps_ratio: bool,
}

impl Resize {
    pub(crate) fn begin(
        handle: SizeHandle,
        from: Geometry,
        at: BoardPoint,
        board: &Board,
        chosen: &Selection,
    ) -> Self {
        let is_text = |id: &ElementId| {
            board.element(id).is_some_and(|element| matches!(element.shape, Shape::Text(_)))
        };
        // Turned elements among several would be sheared by anything else.
        let is_turned = |id: &ElementId| board.element(id).is_some_and(|e| e.geometry.angle != 0.0);
        let keeps_ratio =
            chosen.iter().any(is_text) || chosen.len() > 1 && chosen.iter().any(is_turned);
        let b = from.bounds();
        let at = at.rotated(from.center(), -from.angle);
        let miss = |side: i8, low: f64, high: f64, at: f64| match side {
            0 => 0.0,
            1.. => at - high,
            _ => at - low,
        };
        let grasp = (miss(handle.x, b.x0, b.x1, at.x), miss(handle.y, b.y0, b.y1, at.y));
        Self { handle, from, to: from, grasp, keeps_ratio }
    }

    pub(crate) fn drag(&mut self, to: BoardPoint, held: Modifiers) {
        let center = self.from.center();
        let to = to.rotated(center, -self.from.angle);
        let to = tidy(BoardPoint::new(to.x - self.grasp.0, to.y - self.grasp.1));
        let b = self.from.bounds();
        let grow = if held.alt { 2.0 } else { 1.0 };
        let side = |side: i8, size: f64, low: f64, high: f64, at: f64| match side {
            0 => size,
            1.. => size + (at - high) * grow,
            _ => size + (low - at) * grow,
        };
        let mut w = side(self.handle.x, self.from.w, b.x0, b.x1, to.x).max(SMALLEST);
        let mut h = side(self.handle.y, self.from.h, b.y0, b.y1, to.y).max(SMALLEST);
        if (held.shift || self.keeps_ratio) && self.from.w > 0.0 && self.from.h > 0.0 {
            let (scale_x, scale_y) = (w / self.from.w, h / self.from.h);
            let scale = match (self.handle.x, self.handle.y) {
                (0, _) => scale_y,
                (_, 0) => scale_x,
                _ => scale_x.max(scale_y),
            };
            (w, h) = (self.from.w * scale, self.from.h * scale);
        }
        // The side across from the handle stays; without one, or with Alt, the middle does.
        let anchor = |side: i8, low: f64, high: f64, size: f64| match side {
            _ if held.alt => (low + high - size) / 2.0,
            0 => (low + high - size) / 2.0,
            1.. => low,
            _ => high - size,
        };
        let (x, y) = (anchor(self.handle.x, b.x0, b.x1, w), anchor(self.handle.y, b.y0, b.y1, h));
        let resized = Geometry { x, y, w, h, ..self.from };
        // The turn is around the middle, and the middle has moved.
        let middle = resized.center().rotated(center, self.from.angle);
        self.to = Geometry { x: middle.x - w / 2.0, y: middle.y - h / 2.0, ..resized };
    }

    pub(crate) fn finish(self, chosen: &Selection, board: &mut Board) {
        if self.to == self.from {
            return;
        }
        board.begin_step();
        let drafts = self.drafts(chosen, board);
        let places: Vec<_> = drafts.iter().map(|(id, d)| (id.clone(), d.geometry)).collect();
        board.place(&places);
        for (id, draft) in drafts {
            if let Shape::Text(text) = draft.shape {
                let patch = StylePatch { font_size: Some(text.size), ..StylePatch::default() };
                board.restyle(&[id], &patch);
            }
        }
    }

    pub(crate) fn preview(&self, chosen: &Selection, board: &Board, preview: &mut Preview) {
        for (id, draft) in self.drafts(chosen, board) {
            preview.hidden.insert(id);
            preview.drafts.push(draft);
        }
    }

    /// The frame as it is now.
    pub(crate) fn frame(&self) -> Geometry {
        self.to
    }

    fn drafts(&self, chosen: &Selection, board: &Board) -> Vec<(ElementId, Draft)> {
        let is_single = chosen.len() == 1;
        let resized = |element: &std::sync::Arc<shared::element::Element>| {
            let mut draft = Draft::of_element(element);
            draft.geometry = if is_single { self.to } else { self.carried(draft.geometry) };
            if let Shape::Text(text) = &mut draft.shape
                && self.from.h > 0.0
            {
                text.size *= self.to.h / self.from.h;
            }
            (element.id.clone(), draft)
        };
        // In the order of the stack, so that drafts cover each other as the elements do.
        board.elements().filter(|element| chosen.contains(&element.id)).map(resized).collect()
    }

    /// Where an element goes that lies in the frame with others.
    fn carried(&self, geometry: Geometry) -> Geometry {
        let scale = |to: f64, from: f64| if from > 0.0 { to / from } else { 1.0 };
        let (scale_x, scale_y) = (scale(self.to.w, self.from.w), scale(self.to.h, self.from.h));
        Geometry {
            x: self.to.x + (geometry.x - self.from.x) * scale_x,
            y: self.to.y + (geometry.y - self.from.y) * scale_y,
            w: geometry.w * scale_x,
            h: geometry.h * scale_y,
            ..geometry
        }
    }
}
