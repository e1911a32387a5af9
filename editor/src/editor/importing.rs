//! Drawings that come from files: where they go on a board with something on it, and what of them is chosen.

use shared::board::Board;
use shared::element::NewElement;
use shared::geometry::Bounds;
use shared::id::ElementId;

use super::Editor;
use crate::effects::Effects;
use crate::selection::{bounds_of_all, extent, labeled};

/// Between a drawing that is brought in and what is there, in board units.
const GAP: f64 = 80.0;
/// Pixels that are to be seen around it.
const MARGIN: f64 = 40.0;

/// Where a drawing goes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Whereto {
    /// Where it was drawn, whatever is there.
    AsDrawn,
    /// Where it covers nothing, and into view.
    WithRoom,
}

impl Editor {
    /// Puts a drawing's elements, bottom first, on the board as one step and chooses them. Labels are not chosen, for
    /// they are a part of what they label.
    pub fn bring(
        &mut self,
        mut drawing: Vec<(ElementId, NewElement)>,
        whereto: Whereto,
        board: &mut Board,
    ) -> Effects {
        let bounds = extent_of(&drawing);
        if whereto == Whereto::WithRoom && board.n_elements() > 0 {
            let (dx, dy) = self.way_to_room(bounds, board);
            for (_, new) in &mut drawing {
                new.geometry = Some(new.place().moved(dx, dy));
            }
        }
        board.begin_step();
        let ids = board.insert_copies(drawing);
        board.begin_step();
        if whereto == Whereto::WithRoom {
            self.look_over(extent(board, &ids), board.n_elements() == ids.len());
        }
        let is_label =
            |id: &ElementId| board.element(id).is_some_and(|it| labeled(board, it).is_some());
        self.choose(ids.into_iter().filter(|id| !is_label(id)))
    }

    /// How far a box goes to the middle of the view or, if there it would not be seen whole or cover anything, to the
    /// right of all that is there.
    fn way_to_room(&mut self, bounds: Bounds, board: &mut Board) -> (f64, f64) {
        let (from, view) = (bounds.center(), self.camera.view());
        let middle = view.center();
        let way = ((middle.x - from.x).round(), (middle.y - from.y).round());
        let there = moved(bounds, way);
        let margin = MARGIN / self.camera.zoom();
        let is_free = self.follow(board).slots_in(there.inflated(margin.min(GAP / 2.0))).is_empty();
        if is_free && view.inflated(-margin).contains(there) {
            return way;
        }
        let all = bounds_of_all(board);
        // At the height of what one is looking at.
        let y = middle.y.clamp(all.y0, all.y1.max(all.y0));
        ((all.x1 + GAP - bounds.x0).round(), (y - from.y).round())
    }

    /// Shows a box if it is not seen whole: from as near as before if it has room there, from anew on a new board. What
    /// comes is chosen, so all panels are there.
    fn look_over(&mut self, bounds: Bounds, is_new: bool) {
        let (free, margin) = (self.camera.free(self.panels), MARGIN / self.camera.zoom());
        let has_room =
            |length: f64, free: f64| (length + 2.0 * margin) * self.camera.zoom() <= free;
        let has_room =
            has_room(bounds.width(), free.width()) && has_room(bounds.height(), free.height());
        if is_new || !has_room {
            self.camera.fit(bounds, self.panels);
        } else {
            self.camera.bring_into_view(bounds, self.panels);
        }
    }
}

/// The box around a drawing, without its strokes.
pub(crate) fn extent_of(drawing: &[(ElementId, NewElement)]) -> Bounds {
    let reach = |(_, new): &(ElementId, NewElement)| new.place().turned_bounds();
    drawing.iter().map(reach).fold(Bounds::EMPTY, Bounds::union)
}

fn moved(bounds: Bounds, (dx, dy): (f64, f64)) -> Bounds {
    Bounds { x0: bounds.x0 + dx, y0: bounds.y0 + dy, x1: bounds.x1 + dx, y1: bounds.y1 + dy }
}
