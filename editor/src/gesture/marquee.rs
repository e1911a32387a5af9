//! Choosing by a box: everything wholly inside, added to what was chosen if Shift was held.

use scene::Index;
use shared::board::Board;
use shared::geometry::{BoardPoint, Bounds};

use crate::selection::{Selection, caught, near};

/// A box being dragged open.
pub(crate) struct Marquee {
    from: BoardPoint,
    to: BoardPoint,
    /// What stays chosen whatever the box holds.
    kept: Selection,
}

impl Marquee {
    pub(crate) fn begin(from: BoardPoint, kept: Selection) -> Self {
        Self { from, to: from, kept }
    }

    /// The box grows to `to`; the answer is what is chosen now.
    pub(crate) fn drag(
        &mut self,
        to: BoardPoint,
        board: &Board,
        index: &Index,
        entered: Option<&str>,
    ) -> Selection {
        self.to = to;
        let area = self.area();
        let is_inside =
            |element: &shared::element::Element| area.contains(element.geometry.turned_bounds());
        let mut chosen = caught(board, near(index, area), entered, is_inside);
        chosen.extend(self.kept.iter().cloned());
        chosen
    }

    pub(crate) fn area(&self) -> Bounds {
        Bounds::from_corners(self.from, self.to)
    }
}
