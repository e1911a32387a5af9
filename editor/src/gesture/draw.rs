//! Dragging a shape open. Shift makes it even (squares, circles, lines in steps of 15°), Alt grows it
//! from its middle.

use std::f64::consts::PI;

use shared::board::Board;
use shared::element::{NewElement, Style};
use shared::geometry::BoardPoint;
use shared::id::ElementId;
use shared::presence::{DrawGesture, DrawnShape, Gesture};

use super::tidy;
use crate::input::Modifiers;
use crate::preview::Draft;

/// A line with Shift held turns in steps of this.
const ANGLE_STEP: f64 = PI / 12.0;
/// Smaller drags, in pixels, are slips and draw nothing.
const SMALLEST: f64 = 3.0;

/// A shape being dragged open.
pub(crate) struct Draw {
    shape: DrawnShape,
    style: Style,
    from: BoardPoint,
    to: BoardPoint,
    held: Modifiers,
}

impl Draw {
    pub(crate) fn begin(shape: DrawnShape, style: Style, from: BoardPoint) -> Self {
        Self { shape, style, from, to: from, held: Modifiers::default() }
    }

    pub(crate) fn drag(&mut self, to: BoardPoint, held: Modifiers) {
        (self.to, self.held) = (to, held);
    }

    /// Writes the shape; `None` if it is too small to be meant.
    pub(crate) fn finish(self, zoom: f64, board: &mut Board) -> Option<ElementId> {
        let points = self.points();
        let [from, to] = points;
        if from.distance(to) * zoom < SMALLEST {
            return None;
        }
        let Draft { style, geometry, shape } = self.draft();
        board.begin_step();
        Some(board.insert(NewElement::new(Some(geometry), style, shape)))
    }

    pub(crate) fn draft(&self) -> Draft {
        Draft::of_points(self.shape, self.style, self.points().to_vec())
    }

    pub(crate) fn shown(&self) -> Gesture {
        let points = self.points().map(Into::into).to_vec();
        Gesture::Draw(DrawGesture { shape: self.shape, style: self.style, points })
    }

    fn is_line(&self) -> bool {
        matches!(self.shape, DrawnShape::Line(()) | DrawnShape::Arrow(_) | DrawnShape::Elbow(_))
    }

    fn points(&self) -> [BoardPoint; 2] {
        let (mut dx, mut dy) = (self.to.x - self.from.x, self.to.y - self.from.y);
        if self.held.shift && self.is_line() {
            let angle = (dy.atan2(dx) / ANGLE_STEP).round() * ANGLE_STEP;
            let length = dx.hypot(dy);
            (dx, dy) = (length * angle.cos(), length * angle.sin());
        } else if self.held.shift {
            let side = dx.abs().max(dy.abs());
            (dx, dy) = (side.copysign(dx), side.copysign(dy));
        }
        let to = BoardPoint::new(self.from.x + dx, self.from.y + dy);
        let from = if self.held.alt && !self.is_line() {
            BoardPoint::new(self.from.x - dx, self.from.y - dy)
        } else {
            self.from
        };
        [tidy(from), tidy(to)]
    }
}
