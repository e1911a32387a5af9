//! Which gestures snap, and to what: to others if that is on, to the grid if that is; Ctrl turns it
//! around while it is held.

use shared::board::Board;
use shared::geometry::{BoardPoint, Bounds};

use super::Editor;
use crate::gesture::Doing;
use crate::input::Modifiers;
use crate::selection::Selection;
use crate::snap::{ALL, GRID_STEP, Guide, Lines, Snapped, Snapper, snap_to_grid};

/// No line along an axis.
const NONE: Lines = [false; 3];
/// A point along an axis.
const POINT: Lines = [true, false, false];

impl Editor {
    /// What shows what the gesture in progress snapped to.
    pub fn guides(&self) -> &[Guide] {
        &self.guides
    }

    /// Whether things snap to one another.
    pub fn does_snap(&self) -> bool {
        self.modes.snap
    }

    /// Board units between the lines of the grid, while it is shown.
    pub fn grid(&self) -> Option<f64> {
        self.modes.grid.then_some(GRID_STEP)
    }

    /// Where a point is that a gesture begins with.
    pub(super) fn snap_start(&self, at: BoardPoint, held: Modifiers) -> BoardPoint {
        if !self.modes.grid || held.ctrl {
            return at;
        }
        let Snapped { dx, dy, .. } = snap_to_grid(Bounds::around([at]), POINT, POINT);
        BoardPoint::new(at.x + dx, at.y + dy)
    }

    /// Where the pointer is taken to be, for gestures of which a point follows it.
    pub(super) fn snap_pointer(
        &mut self,
        to: BoardPoint,
        held: Modifiers,
        board: &Board,
    ) -> BoardPoint {
        self.guides.clear();
        let (dragged, left_out) = match &self.doing {
            Doing::Draw(_) if !held.shift => (Some((to, true, true)), Selection::new()),
            // Ends of lines look for what they can be bound to instead.
            Doing::Line(_) | Doing::Point(_) if !held.shift => return self.snap_start(to, held),
            Doing::Resize(resize) if !held.shift => (resize.dragged(to), resize.carried().clone()),
            _ => return to,
        };
        let Some((at, is_across, is_down)) = dragged else { return to };
        let lines = |is: bool| if is { POINT } else { NONE };
        let own = Bounds::around([at]);
        let by = self.snap(own, lines(is_across), lines(is_down), held, &left_out, board);
        BoardPoint::new(to.x + by.0, to.y + by.1)
    }

    /// Lets what is moved snap.
    pub(super) fn snap_moved(&mut self, held: Modifiers, board: &Board) {
        let Doing::Moving(moving) = &self.doing else { return };
        let Some((own, left_out)) = moving.moved_box() else { return };
        let left_out = left_out.clone();
        let is_free = |is_fixed: bool| if held.shift && is_fixed { NONE } else { ALL };
        let (across, down) = (is_free(moving.by().x == 0.0), is_free(moving.by().y == 0.0));
        let by = self.snap(own, across, down, held, &left_out, board);
        if let Doing::Moving(moving) = &mut self.doing {
            moving.push(by);
        }
    }

    fn snap(
        &mut self,
        own: Bounds,
        across: Lines,
        down: Lines,
        held: Modifiers,
        left_out: &Selection,
        board: &Board,
    ) -> (f64, f64) {
        let snapped = if self.modes.grid {
            if held.ctrl { Snapped::default() } else { snap_to_grid(own, across, down) }
        } else if self.modes.snap != held.ctrl {
            let (view, zoom) = (self.camera.view(), self.camera.zoom());
            let begin = || Snapper::begin(board, view, zoom, left_out);
            self.snapper.get_or_insert_with(begin).snap(own, across, down)
        } else {
            Snapped::default()
        };
        self.guides = snapped.guides;
        (snapped.dx, snapped.dy)
    }

    /// The gesture is over, or sees another part of the board.
    pub(super) fn forget_snaps(&mut self) {
        self.snapper = None;
        self.guides.clear();
    }
}
