//! Wiping elements away: what the eraser touched is dimmed, and deleted when it is lifted.

use scene::Index;
use shared::board::Board;
use shared::geometry::BoardPoint;

use crate::placing::delete;
use crate::selection::{Selection, element_at, with_group};

/// Pixels around the eraser's middle that it touches.
const REACH: f64 = 6.0;

/// What the eraser touched so far.
pub(crate) struct Erase {
    last: BoardPoint,
    touched: Selection,
}

impl Erase {
    pub(crate) fn begin(at: BoardPoint, zoom: f64, board: &Board, index: &Index) -> Self {
        let mut erase = Self { last: at, touched: Selection::new() };
        erase.touch(at, zoom, board, index);
        erase
    }

    pub(crate) fn drag(&mut self, to: BoardPoint, zoom: f64, board: &Board, index: &Index) {
        // A fast hand leaves wide gaps between two samples: look in between too.
        let n_steps = (self.last.distance(to) * zoom / REACH).ceil().clamp(1.0, 200.0);
        let from = self.last;
        for step in 1..=n_steps as u32 {
            let part = f64::from(step) / n_steps;
            let at =
                BoardPoint::new(from.x + (to.x - from.x) * part, from.y + (to.y - from.y) * part);
            self.touch(at, zoom, board, index);
        }
        self.last = to;
    }

    pub(crate) fn finish(self, board: &mut Board) {
        if !self.touched.is_empty() {
            board.begin_step();
            delete(board, &self.touched);
        }
    }

    pub(crate) fn touched(&self) -> &Selection {
        &self.touched
    }

    fn touch(&mut self, at: BoardPoint, zoom: f64, board: &Board, index: &Index) {
        if let Some(id) = element_at(index, board, at, REACH / zoom)
            && !self.touched.contains(&id)
        {
            self.touched.extend(with_group(board, &id));
        }
    }
}
