//! Changing sizes by a handle: shown while it lasts, written once at the end. Shift keeps the ratio,
//! Alt keeps the middle; what is dragged over its other side is mirrored. By a corner the letters of
//! text grow with it, by a side its lines are broken at the new width.

use shared::board::Board;
use shared::element::{Element, Shape};
use shared::geometry::{BoardPoint, Flip, Geometry};
use shared::presence::Gesture;

use super::tidy;
use crate::carry::{alone, carried};
use crate::handles::SizeHandle;
use crate::input::Modifiers;
use crate::label::Measure;
use crate::placing::{Placing, Stretch};
use crate::preview::{Draft, Preview};
use crate::selection::{Selection, labeled};

/// Nothing gets smaller than this many board units.
const SMALLEST: f64 = 1.0;
/// No line of text is narrower than this many letter heights.
const NARROWEST_LINE: f64 = 1.0;

/// A frame whose handle is dragged.
pub(crate) struct Resize {
    handle: SizeHandle,
    stretch: Stretch,
    /// How far beside the frame's sides the handle was grasped, across and down.
    grasp: (f64, f64),
    keeps_ratio: bool,
    /// What is in the frame.
    subject: Subject,
    /// What changes with it.
    carried: Selection,
    placing: Placing,
}

/// What the handles' frame lies around.
#[derive(Clone, Copy, PartialEq)]
enum Subject {
    /// One element.
    One,
    /// One text, by one of its sides: its letters keep their size. The number is the narrowest box.
    Lines(f64),
    /// Several.
    Many,
}

impl Resize {
    pub(crate) fn begin(
        handle: SizeHandle,
        from: Geometry,
        at: BoardPoint,
        board: &Board,
        chosen: &Selection,
    ) -> Self {
        let elements = || chosen.iter().filter_map(|id| board.element(id));
        let only = elements().next().filter(|_| chosen.len() == 1).map(|element| &element.shape);
        let subject = match only {
            Some(Shape::Text(text)) if handle.y == 0 => Subject::Lines(text.size * NARROWEST_LINE),
            Some(_) => Subject::One,
            None => Subject::Many,
        };
        let is_text = elements().any(|element| matches!(element.shape, Shape::Text(_)));
        // Turned elements among several would be sheared by anything else.
        let is_turned = || elements().any(|element| element.geometry.angle != 0.0);
        let keeps_ratio = match subject {
            Subject::One => is_text,
            Subject::Lines(_) => false,
            Subject::Many => is_text || is_turned(),
        };
        // A frame or a note alone gets another size around what lies in it.
        let carried = if only.is_some() { alone(board, chosen) } else { carried(board, chosen) };
        let b = from.bounds();
        let at = at.rotated(from.center(), -from.angle);
        let miss = |side: i8, low: f64, high: f64, at: f64| match side {
            0 => 0.0,
            1.. => at - high,
            _ => at - low,
        };
        let grasp = (miss(handle.x, b.x0, b.x1, at.x), miss(handle.y, b.y0, b.y1, at.y));
        let from = Geometry { flip: Flip::default(), ..from };
        let stretch = Stretch { from, to: from };
        let placing = Placing::default();
        Self { handle, stretch, grasp, keeps_ratio, subject, carried, placing }
    }

    pub(crate) fn drag(
        &mut self,
        to: BoardPoint,
        held: Modifiers,
        board: &Board,
        measure: &Measure,
    ) {
        let from = self.stretch.from;
        let center = from.center();
        let to = to.rotated(center, -from.angle);
        let to = tidy(BoardPoint::new(to.x - self.grasp.0, to.y - self.grasp.1));
        let b = from.bounds();
        let grow = if held.alt { 2.0 } else { 1.0 };
        // Negative where the handle is beyond the other side.
        let side = |side: i8, size: f64, low: f64, high: f64, at: f64| match side {
            0 => size,
            1.. => size + (at - high) * grow,
            _ => size + (low - at) * grow,
        };
        let mut w = side(self.handle.x, from.w, b.x0, b.x1, to.x);
        let mut h = side(self.handle.y, from.h, b.y0, b.y1, to.y);
        if let Subject::Lines(narrowest) = self.subject {
            w = w.max(narrowest);
        }
        let is_even = held.shift && !matches!(self.subject, Subject::Lines(_));
        if (is_even || self.keeps_ratio) && from.w > 0.0 && from.h > 0.0 {
            let (scale_x, scale_y) = (w / from.w, h / from.h);
            let scale = match (self.handle.x, self.handle.y) {
                (0, _) => scale_y.abs(),
                (_, 0) => scale_x.abs(),
                _ => scale_x.abs().max(scale_y.abs()),
            };
            let scale = scale.max(SMALLEST / from.w.min(from.h));
            (w, h) = ((from.w * scale).copysign(w), (from.h * scale).copysign(h));
        }
        let at_least = |size: f64, was: f64| {
            // A level line stays level.
            if was == 0.0 { 0.0 } else { size.abs().max(SMALLEST).copysign(size) }
        };
        (w, h) = (at_least(w, from.w), at_least(h, from.h));
        // The side across from the handle stays; without one, or with Alt, the middle does.
        let start = |side: i8, low: f64, high: f64, size: f64| match side {
            _ if held.alt => (low + high - size.abs()) / 2.0,
            0 => (low + high - size.abs()) / 2.0,
            1.. => low + size.min(0.0),
            _ => high - size.max(0.0),
        };
        let (x, y) = (start(self.handle.x, b.x0, b.x1, w), start(self.handle.y, b.y0, b.y1, h));
        let flip = Flip { across: w < 0.0, down: h < 0.0 };
        let resized = Geometry { x, y, w: w.abs(), h: h.abs(), flip, ..from };
        // The turn is around the middle, and the middle has moved.
        let middle = resized.center().rotated(center, from.angle);
        let (x, y) = (middle.x - resized.w / 2.0, middle.y - resized.h / 2.0);
        self.stretch.to = Geometry { x, y, ..resized };
        self.placing = self.place(board, measure);
    }

    /// The point of the frame that the pointer at `to` drags, and whether it drags it across and down;
    /// `None` if it is not free to snap, for the frame is turned or keeps its ratio.
    pub(crate) fn dragged(&self, to: BoardPoint) -> Option<(BoardPoint, bool, bool)> {
        let at = BoardPoint::new(to.x - self.grasp.0, to.y - self.grasp.1);
        let is_free = self.stretch.from.angle == 0.0 && !self.keeps_ratio;
        is_free.then_some((at, self.handle.x != 0, self.handle.y != 0))
    }

    /// What changes with the frame.
    pub(crate) fn carried(&self) -> &Selection {
        &self.carried
    }

    fn place(&self, board: &Board, measure: &Measure) -> Placing {
        let mut placing = place(board, &self.carried, self.stretch, self.subject);
        if let Subject::Lines(_) = self.subject {
            placing.rewrap(measure);
        }
        placing
    }

    pub(crate) fn finish(self, board: &mut Board, measure: &Measure) {
        if self.stretch.to != self.stretch.from {
            board.begin_step();
            self.place(board, measure).write(board, measure);
        }
    }

    pub(crate) fn preview(&self, board: &Board, preview: &mut Preview) {
        self.placing.preview(board, preview);
    }

    pub(crate) fn shown(&self) -> Gesture {
        self.placing.shown()
    }

    /// The frame as it is now.
    pub(crate) fn frame(&self) -> Geometry {
        self.stretch.to
    }
}

/// Elements in a box that becomes another one. `is_single` if the box is that of one element.
pub(crate) fn stretched(
    board: &Board,
    carried: &Selection,
    stretch: Stretch,
    is_single: bool,
) -> Placing {
    place(board, carried, stretch, if is_single { Subject::One } else { Subject::Many })
}

fn place(board: &Board, carried: &Selection, stretch: Stretch, subject: Subject) -> Placing {
    let (from, to) = (stretch.from.center(), stretch.to.center());
    Placing::of(board, carried, |element: &Element, draft: &mut Draft| {
        let labeled = labeled(board, element).filter(|labeled| carried.contains(&labeled.id));
        match (labeled, subject) {
            (Some(_), Subject::One | Subject::Lines(_)) => {
                draft.geometry = draft.geometry.moved(to.x - from.x, to.y - from.y);
            }
            (Some(labeled), Subject::Many) => {
                let mut whole = Draft::of_element(labeled);
                stretch.place_part(&mut whole);
                let (before, after) = (labeled.geometry.center(), whole.geometry.center());
                draft.geometry = draft.geometry.moved(after.x - before.x, after.y - before.y);
            }
            (None, Subject::One) => stretch.place_whole(draft),
            (None, Subject::Many) => stretch.place_part(draft),
            (None, Subject::Lines(_)) => {
                draft.geometry = Geometry { flip: draft.geometry.flip, ..stretch.to };
                if let Shape::Text(text) = &mut draft.shape {
                    text.wraps = true;
                }
            }
        }
    })
}
