//! Dragging a shape open. Shift makes it even (squares, circles), Alt grows it from its middle.

use shared::board::Board;
use shared::element::{NewElement, Style};
use shared::geometry::BoardPoint;
use shared::id::ElementId;
use shared::presence::{DrawGesture, DrawnShape, Gesture};

use super::tidy;
use crate::input::Modifiers;
use crate::preview::Draft;

/// Smaller drags, in pixels, are slips and draw nothing.
const SMALLEST: f64 = 3.0;

/// A shape being dragged open.
pub(crate) struct Draw {
    /// What the document is going to call it: its looks are drawn from this.
    id: ElementId,
    shape: DrawnShape,
    style: Style,
    from: BoardPoint,
    to: BoardPoint,
    held: Modifiers,
}

impl Draw {
    pub(crate) fn begin(id: ElementId, shape: DrawnShape, style: Style, from: BoardPoint) -> Self {
        Self { id, shape, style, from, to: from, held: Modifiers::default() }
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
        let Draft { style, geometry, shape, .. } = self.draft();
        board.begin_step();
        board.insert_as(self.id.clone(), NewElement::new(Some(geometry), style, shape));
        Some(self.id)
    }

    pub(crate) fn draft(&self) -> Draft {
        let draft = Draft::of_points(self.shape, self.style, self.points().to_vec());
        Draft { seed: scene::seed_of(&self.id), ..draft }
    }

    pub(crate) fn shown(&self) -> Gesture {
        let points = self.points().map(Into::into).to_vec();
        Gesture::Draw(DrawGesture { shape: self.shape, style: self.style, points })
    }

    fn points(&self) -> [BoardPoint; 2] {
        let (mut dx, mut dy) = (self.to.x - self.from.x, self.to.y - self.from.y);
        if self.held.shift {
            let side = dx.abs().max(dy.abs());
            (dx, dy) = (side.copysign(dx), side.copysign(dy));
        }
        let to = BoardPoint::new(self.from.x + dx, self.from.y + dy);
        let from = if self.held.alt {
            BoardPoint::new(self.from.x - dx, self.from.y - dy)
        } else {
            self.from
        };
        [tidy(from), tidy(to)]
    }
}
