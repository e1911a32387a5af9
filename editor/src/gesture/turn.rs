//! Turning elements by the handle above their frame: shown while it lasts, written once at the end. Shift
//! turns in steps of 15°.

use std::f64::consts::PI;

use shared::board::Board;
use shared::geometry::{BoardPoint, Geometry};
use shared::presence::Gesture;

use crate::carry::carried;
use crate::input::Modifiers;
use crate::label::Measure;
use crate::placing::{Placing, tidy_angle};
use crate::preview::Preview;
use crate::selection::Selection;

/// With Shift held, angles are multiples of this.
const STEP: f64 = PI / 12.0;

/// A frame that is turned around its middle.
pub(crate) struct Turn {
    from: Geometry,
    /// Where the handle was grasped, as an angle around the middle.
    grasp: f64,
    by: f64,
    carried: Selection,
    placing: Placing,
}

impl Turn {
    pub(crate) fn begin(from: Geometry, at: BoardPoint, board: &Board, chosen: &Selection) -> Self {
        let grasp = angle_of(from.center(), at);
        let carried = carried(board, chosen);
        Self { from, grasp, by: 0.0, carried, placing: Placing::default() }
    }

    pub(crate) fn drag(&mut self, to: BoardPoint, held: Modifiers, board: &Board) {
        let center = self.from.center();
        if center == to {
            return;
        }
        let mut angle = self.from.angle + angle_of(center, to) - self.grasp;
        if held.shift {
            angle = (angle / STEP).round() * STEP;
        }
        self.by = tidy_angle(angle - self.from.angle);
        self.placing = turned(board, &self.carried, center, self.by);
    }

    pub(crate) fn finish(self, board: &mut Board, measure: &Measure) {
        if self.by != 0.0 {
            board.begin_step();
            turned(board, &self.carried, self.from.center(), self.by).write(board, measure);
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
        Geometry { angle: self.from.angle + self.by, ..self.from }
    }
}

/// Elements turned by an angle around a point.
pub(crate) fn turned(board: &Board, ids: &Selection, around: BoardPoint, by: f64) -> Placing {
    Placing::of(board, ids, |element, draft| {
        let before = element.geometry.center();
        let after = super::tidy(before.rotated(around, by));
        draft.geometry = element.geometry.moved(after.x - before.x, after.y - before.y);
        draft.geometry.angle = tidy_angle(element.geometry.angle + by);
    })
}

fn angle_of(center: BoardPoint, at: BoardPoint) -> f64 {
    (at.y - center.y).atan2(at.x - center.x)
}
