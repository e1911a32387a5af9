//! What is locked: a click chooses it, which shows a button by which it is unlocked; nothing else can be done with it.

use shared::board::Board;
use shared::geometry::{BoardPoint, Bounds};

use super::Editor;
use super::pointer::REACH;
use crate::camera::{ScreenPoint, ScreenSize};
use crate::gesture::Doing;
use crate::selection::{extent, locked_at, unit};
use crate::tool::Tool;

/// The button by which what is chosen is unlocked, in CSS pixels.
pub const UNLOCK: ScreenSize = ScreenSize { width: 86.0, height: 28.0 };
/// Pixels between the button and what it is about, or the edge of what no panel covers.
const AWAY: f64 = 12.0;

impl Editor {
    /// Whether all that is chosen is locked, if anything is.
    pub(super) fn is_all_locked(&self, board: &Board) -> bool {
        !self.selection.is_empty() && self.chosen_elements(board).all(|it| it.locked)
    }

    /// The upper left corner of the button that unlocks what is chosen: above that, where it is seen; `None` while there
    /// is nothing to unlock.
    pub fn unlock_button(&self, board: &Board) -> Option<ScreenPoint> {
        let is_idle = self.tool == Tool::Select && matches!(self.doing, Doing::Nothing);
        let is_offered = is_idle && !self.modes.view && self.is_all_locked(board);
        if is_offered { self.place_unlock(board) } else { None }
    }

    // Of its own, as all that a page does not need to open.
    #[inline(never)]
    fn place_unlock(&self, board: &Board) -> Option<ScreenPoint> {
        let chosen = extent(board, &self.selection);
        if !self.camera.view().intersects(chosen) {
            return None;
        }
        let Bounds { x0, y0, x1, .. } = chosen;
        let above = self.camera.to_screen(BoardPoint::new((x0 + x1) / 2.0, y0));
        let free = self.camera.free(self.covered(board)).inflated(-AWAY);
        let within = |at: f64, low: f64, high: f64| at.min(high).max(low);
        Some(ScreenPoint::new(
            within(above.x - UNLOCK.width / 2.0, free.x0, free.x1 - UNLOCK.width),
            within(above.y - UNLOCK.height - AWAY, free.y0, free.y1 - UNLOCK.height),
        ))
    }

    /// Whether a place is on that button.
    pub(super) fn is_on_unlock(&self, at: ScreenPoint, board: &Board) -> bool {
        self.unlock_button(board).is_some_and(|button| {
            let (dx, dy) = (at.x - button.x, at.y - button.y);
            (-REACH..UNLOCK.width + REACH).contains(&dx)
                && (-REACH..UNLOCK.height + REACH).contains(&dy)
        })
    }

    /// A click touched nothing that is free: what is locked there is chosen.
    #[inline(never)]
    pub(super) fn choose_locked(&mut self, at: ScreenPoint, board: &Board) {
        let reach = REACH / self.camera.zoom();
        if let Some(id) = locked_at(&self.index, self.camera.to_board(at), reach) {
            self.selection = unit(board, &id, None);
            // Of what is locked the members of a group are not found.
            self.selection.insert(id);
        }
    }
}
