//! What each command does.

use shared::board::{Board, Restack};
use shared::id::ElementId;

use super::{Editor, Streak};
use crate::carry::{carried, taken};
use crate::command::{Command, Nudge};
use crate::effects::{Ask, Effects};
use crate::gesture::{copy, remove_point, shift};
use crate::placing::delete;
use crate::selection::{Selection, bounds_of, bounds_of_all, everything, members};
use crate::snap::GRID_STEP;
use crate::tool::Tool;

/// Zoom of one press of a button.
const ZOOM_STEP: f64 = 1.25;
/// How far copies lie from their originals, in board units.
const COPY_OFFSET: f64 = 10.0;

impl Editor {
    #[inline(never)]
    pub(super) fn run(
        &mut self,
        command: Command,
        streak: Streak,
        board: &mut Board,
        effects: &mut Effects,
    ) {
        let middle = self.camera.middle();
        if command.needs_selection() && self.selection.is_empty() {
            return;
        }
        if self.modes.view && !command.is_for_viewing() {
            return;
        }
        effects.everything();
        if !command.is_for_viewing() && command != Command::Escape {
            self.end_crop(board);
        }
        match command {
            Command::Undo => self.step_back(Board::undo, board, effects),
            Command::Redo => self.step_back(Board::redo, board, effects),
            Command::Delete => {
                let is_point = self.point.take().is_some_and(|(id, index)| {
                    self.selection.contains(&id) && remove_point(board, &id, index)
                });
                if !is_point {
                    board.begin_step();
                    delete(board, &taken(board, &self.selection));
                    self.forget_gone(board);
                }
            }
            Command::Group => self.group(board),
            Command::Ungroup => self.ungroup(board),
            Command::Lock => self.lock(board),
            Command::UnlockAll => self.unlock_all(board),
            Command::Crop => _ = self.begin_crop(board, effects),
            Command::ResetCrop => self.reset_crop(board),
            Command::Flip(axis) => self.flip(axis, board),
            Command::Align(axis, side) => self.align(axis, side, board),
            Command::Distribute(axis) => self.distribute(axis, board),
            Command::Copy => effects.asks.push(Ask::Copy { is_cut: false }),
            Command::Cut => effects.asks.push(Ask::Copy { is_cut: true }),
            Command::Paste => effects.asks.push(Ask::Paste),
            Command::PasteText => {
                self.pastes_text = true;
                effects.asks.push(Ask::Paste);
            }
            Command::CopyStyle => self.copy_style(board),
            Command::PasteStyle => self.paste_style(board),
            Command::Link => effects.asks.push(Ask::Link),
            Command::OpenLink => self.open_link(board, effects),
            Command::Find => effects.asks.push(Ask::Find),
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
            Command::ZoomToFit => self.fit(bounds_of_all(board), board),
            Command::ZoomToSelection => self.fit(bounds_of(board, &self.selection), board),
            Command::ToolLock => self.is_tool_locked = !self.is_tool_locked,
            Command::Grid
            | Command::Minimap
            | Command::ViewMode
            | Command::ZenMode
            | Command::RubMode
            | Command::Snap
            | Command::PenMode => self.switch(command, board, effects),
            Command::Palette => effects.asks.push(Ask::Palette),
            Command::Theme => effects.asks.push(Ask::Theme),
            Command::Help => effects.asks.push(Ask::Help),
            Command::Share => effects.asks.push(Ask::Share),
            Command::Import => effects.asks.push(Ask::Import),
            Command::Save | Command::Export | Command::CopyPng | Command::CopySvg => {
                self.finish_text(board, effects);
                effects.asks.push(Ask::Export(command));
            }
        }
    }

    /// Turns a switch.
    fn switch(&mut self, command: Command, board: &mut Board, effects: &mut Effects) {
        if let Some(switch) = self.modes.switch(command) {
            *switch = !*switch;
        }
        if command == Command::ViewMode {
            self.finish_text(board, effects);
            self.drop_gesture(board, effects);
            self.selection.clear();
            self.entered = None;
            self.tool = if self.modes.view { Tool::Hand } else { Tool::Select };
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
        self.forget_gone(board);
    }

    fn escape(&mut self, board: &mut Board, effects: &mut Effects) {
        if self.text.is_some() {
            self.finish_text(board, effects);
        } else if self.is_busy() {
            self.drop_gesture(board, effects);
        } else if self.end_crop(board) {
            // The picture stays chosen.
        } else if let Some(group) = self.entered.take() {
            // Out by one: the group as a whole is chosen, in the group around it.
            self.selection = members(board, &group);
            let around = |id| {
                let groups = &board.element(id)?.groups;
                groups.get(groups.iter().position(|other| *other == group)? + 1)
            };
            self.entered = self.selection.first().and_then(around).cloned();
        } else if self.tool == Tool::Eyedropper {
            self.leave_eyedropper();
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
        let carried = carried(board, &self.selection);
        // On a grid, a small step is one of the grid.
        let step = if self.modes.grid && dx.abs().max(dy.abs()) == 1 { GRID_STEP } else { 1.0 };
        shift(board, &carried, f64::from(dx) * step, f64::from(dy) * step, &self.measure);
    }

    fn restack(&mut self, to: Restack, board: &mut Board) {
        board.begin_step();
        let carried: Vec<_> = carried(board, &self.selection).into_iter().collect();
        board.restack(&carried, to);
    }

    /// Goes where what is chosen leads.
    fn open_link(&mut self, board: &Board, effects: &mut Effects) {
        if let Some(link) = self.link(board).map(str::to_owned) {
            self.follow_link(&link, board, effects);
        }
    }

    /// Goes where a link leads: to another element here, or away.
    pub(super) fn follow_link(&mut self, link: &str, board: &Board, effects: &mut Effects) {
        let here = link.strip_prefix('#').and_then(|id| ElementId::parse(id).ok());
        match here.filter(|id| board.element(id).is_some()) {
            Some(id) => {
                self.selection = Selection::from([id]);
                self.fit(bounds_of(board, &self.selection), board);
            }
            None => effects.asks.extend(address(link).map(Ask::Open)),
        }
    }

    pub(super) fn chosen(&self) -> Vec<ElementId> {
        self.selection.iter().cloned().collect()
    }
}

/// Where a link leads to, with what is left out in front; `None` for what a browser would not just show.
fn address(link: &str) -> Option<String> {
    match link.split_once(':') {
        Some(("http" | "https" | "mailto", _)) => Some(link.to_owned()),
        Some((name, _)) if !name.contains(['.', '/']) => None,
        _ => Some(["https://", link].concat()),
    }
}
