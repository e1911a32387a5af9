//! What each command does.

use shared::board::{Board, Restack};
use shared::geometry::Bounds;

use super::{Editor, Streak};
use crate::command::{Command, Nudge};
use crate::effects::{Ask, Effects};
use crate::gesture::{copy, remove_point, shift};
use crate::relations::{remove, with_labels};
use crate::selection::{bounds_of, everything};
use crate::tool::Tool;

/// Zoom of one press of a button.
const ZOOM_STEP: f64 = 1.25;
/// How far copies lie from their originals, in board units.
const COPY_OFFSET: f64 = 10.0;

impl Editor {
    pub(super) fn run(
        &mut self,
        command: Command,
        streak: Streak,
        board: &mut Board,
        effects: &mut Effects,
    ) {
        let middle = self.camera.middle();
        let needs_selection = matches!(command, Command::Delete | Command::Duplicate);
        if needs_selection && self.selection.is_empty() {
            return;
        }
        effects.everything();
        match command {
            Command::Undo => self.step_back(Board::undo, board, effects),
            Command::Redo => self.step_back(Board::redo, board, effects),
            Command::Delete => {
                let is_point = self.point.take().is_some_and(|(id, index)| {
                    self.selection.contains(&id) && remove_point(board, &id, index)
                });
                if !is_point {
                    board.begin_step();
                    remove(board, &self.selection);
                    self.selection.clear();
                }
            }
            Command::Duplicate => {
                board.begin_step();
                self.selection = copy(board, &self.selection, COPY_OFFSET, COPY_OFFSET);
            }
            Command::SelectAll => {
                self.finish_text(board, effects);
                self.tool = Tool::Select;
                self.selection = everything(board);
            }
            Command::Escape => self.escape(board, effects),
            Command::Nudge(Nudge { dx, dy }) => self.nudge(dx, dy, streak, board, effects),
            Command::ToFront => self.restack(Restack::ToFront, board),
            Command::Forward => self.restack(Restack::Forward, board),
            Command::Backward => self.restack(Restack::Backward, board),
            Command::ToBack => self.restack(Restack::ToBack, board),
            Command::ZoomIn => self.camera.zoom_by(ZOOM_STEP, middle),
            Command::ZoomOut => self.camera.zoom_by(1.0 / ZOOM_STEP, middle),
            Command::ZoomReset => self.camera.zoom_to(1.0, middle),
            Command::ZoomToFit => self.camera.fit(bounds_of_all(board)),
            Command::ZoomToSelection => self.camera.fit(bounds_of(board, &self.selection)),
            Command::ToolLock => self.is_tool_locked = !self.is_tool_locked,
            Command::Theme => effects.asks.push(Ask::Theme),
            Command::Help => effects.asks.push(Ask::Help),
            Command::Share => effects.asks.push(Ask::Share),
            Command::Import => effects.asks.push(Ask::Import),
        }
    }

    fn step_back(
        &mut self,
        step: fn(&mut Board) -> bool,
        board: &mut Board,
        effects: &mut Effects,
    ) {
        self.finish_text(board, effects);
        self.drop_gesture(board, effects);
        step(board);
        self.selection.retain(|id| board.element(id).is_some());
    }

    fn escape(&mut self, board: &mut Board, effects: &mut Effects) {
        if self.text.is_some() {
            self.finish_text(board, effects);
        } else if self.is_busy() {
            self.drop_gesture(board, effects);
        } else if self.selection.is_empty() {
            self.tool = Tool::Select;
        } else {
            self.selection.clear();
        }
    }

    fn nudge(&mut self, dx: i8, dy: i8, streak: Streak, board: &mut Board, effects: &mut Effects) {
        if self.selection.is_empty() {
            effects.is_handled = false;
            return;
        }
        if streak != Streak::Nudge {
            board.begin_step();
        }
        self.streak = Streak::Nudge;
        shift(board, &self.selection, dx.into(), dy.into(), &self.measure);
    }

    fn restack(&mut self, to: Restack, board: &mut Board) {
        board.begin_step();
        let chosen = with_labels(board, &self.selection);
        board.restack(&chosen.into_iter().collect::<Vec<_>>(), to);
    }
}

/// The box around all elements, with their strokes.
fn bounds_of_all(board: &Board) -> Bounds {
    board.elements().map(|element| scene::bounds(element)).fold(Bounds::EMPTY, Bounds::union)
}
