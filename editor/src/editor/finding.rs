//! Looking for a text on the board, and going from one place of it to the next.

use shared::board::Board;

use super::Editor;
use crate::effects::Effects;
use crate::find::{Found, find};

impl Editor {
    /// Looks for a text: chooses a place of it and brings it into view.
    #[inline(never)]
    pub(super) fn find(
        &mut self,
        wanted: &str,
        step: i8,
        board: &mut Board,
        effects: &mut Effects,
    ) {
        self.finish_text(board, effects);
        let found = find(board, wanted);
        let of = found.len();
        let here = found.iter().position(|id| self.selection.contains(id));
        let n = match here {
            _ if of == 0 => 0,
            Some(place) => (place + of).saturating_add_signed(step.into()) % of + 1,
            None => 1,
        };
        self.found = Found { n, of };
        self.selection = n.checked_sub(1).and_then(|n| found.get(n).cloned()).into_iter().collect();
        let place = self.selection_bounds(board);
        self.camera.bring_into_view(place, self.covered(board));
        effects.everything();
    }

    /// What was last looked for.
    pub fn found(&self) -> Found {
        self.found
    }
}
