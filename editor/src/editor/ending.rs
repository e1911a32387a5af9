//! The end of what is in progress: text that is being written, a gesture that is dropped, and what is held of elements
//! that are gone.

use shared::board::Board;

use super::Editor;
use crate::effects::Effects;
use crate::gesture::Doing;
use crate::selection::{Selection, members};
use crate::tool::Tool;

impl Editor {
    pub(super) fn finish_text(&mut self, board: &mut Board, effects: &mut Effects) {
        let Some(text) = self.text.take() else { return };
        if let Some(id) = text.finish(board, &self.measure) {
            self.selection = Selection::from([id]);
        }
        if matches!(self.tool, Tool::Text | Tool::Note) && !self.is_tool_locked {
            self.tool = Tool::Select;
        }
        board.begin_step();
        effects.everything();
    }

    /// Drops the gesture in progress as if it had not begun.
    pub(super) fn drop_gesture(&mut self, board: &mut Board, effects: &mut Effects) {
        match &self.doing {
            Doing::Line(_) => self.finish_line(board),
            _ => match std::mem::replace(&mut self.doing, Doing::Nothing) {
                Doing::Ink(stroke) => stroke.drop_it(board),
                Doing::Rub(rub) => rub.drop_it(board),
                _ => {}
            },
        }
        self.forget_snaps();
        effects.everything();
    }

    /// Lets go of what is not on the board any more.
    pub(super) fn forget_gone(&mut self, board: &Board) {
        self.selection.retain(|id| board.element(id).is_some());
        self.entered.take_if(|group| members(board, group).is_empty());
    }
}
