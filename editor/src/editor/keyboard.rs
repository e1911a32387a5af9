//! Keys on the canvas, letters in the text field, and the tool that is picked up.

use shared::board::Board;
use shared::element::{Element, Shape};

use super::{Editor, Streak};
use crate::command::Command;
use crate::effects::{Ask, Effects};
use crate::gesture::Doing;
use crate::input::{KeyPress, TextInput};
use crate::note::Next;
use crate::tool::{TOOLS, Tool};

impl Editor {
    pub(super) fn handle_key(
        &mut self,
        press: &KeyPress,
        streak: Streak,
        board: &mut Board,
        effects: &mut Effects,
    ) {
        if press.code == "Space" {
            self.is_space_held = true;
            effects.overlay = true;
            effects.is_handled = true;
            return;
        }
        if matches!(self.doing, Doing::Line(_)) && matches!(&*press.key, "Enter" | "Escape") {
            self.finish_line(board);
            effects.everything();
            effects.is_handled = true;
            return;
        }
        if self.is_busy() && press.key != "Escape" {
            // A key that is bumped in the middle of a drag must not cost the drawing.
            effects.is_handled = true;
            return;
        }
        self.pastes_text = false;
        let command = crate::COMMANDS.iter().find(|row| row.keys.iter().any(|k| k.matches(press)));
        let tool = TOOLS.iter().find(|row| row.keys.iter().any(|k| k.matches(press)));
        effects.is_handled = true;
        match (command, tool, press.key.as_str()) {
            // The browser tells of these by itself, with the clipboard at hand.
            (Some(row), ..) if row.command.is_of_clipboard() => {
                self.pastes_text = row.command == Command::PasteText;
                effects.is_handled = false;
            }
            (Some(row), _, _) => self.run(row.command, streak, board, effects),
            (None, Some(row), _) if row.tool == self.tool && row.tool == Tool::Eraser => {
                self.run(Command::RubMode, streak, board, effects);
            }
            (None, Some(row), _) => self.pick(row.tool, board, effects),
            (None, None, "Enter") if press.modifiers.ctrl => {
                self.next_note(Next::Below, board, effects);
            }
            (None, None, "Enter") => self.edit_selected_text(board, effects),
            (None, None, "Tab") => self.handle_tab(press.modifiers.shift, board, effects),
            (None, None, "ContextMenu") => self.ask_for_menu(board, effects),
            (None, None, "F10") if press.modifiers.shift => self.ask_for_menu(board, effects),
            (None, None, _) => effects.is_handled = false,
        }
    }

    #[inline(never)]
    pub(super) fn handle_text(
        &mut self,
        input: TextInput,
        board: &mut Board,
        effects: &mut Effects,
    ) {
        match (input, &mut self.text) {
            (TextInput::Typed(value), Some(text)) => {
                // Where there is one line only, Enter ends it.
                let is_done = text.is_name() && value.contains('\n') && !text.value.contains('\n');
                let value = if is_done { value.replace('\n', "") } else { value };
                text.handle_typed(value, board, &self.measure);
                if is_done {
                    self.finish_text(board, effects);
                }
                effects.everything();
            }
            (TextInput::Next(next), Some(_)) => {
                self.finish_text(board, effects);
                self.next_note(next, board, effects);
            }
            (TextInput::Done, Some(_)) => self.finish_text(board, effects),
            (_, None) => {}
        }
    }

    /// Somebody says how arrows are to look. If none is chosen, one is going to be drawn.
    #[inline(never)]
    pub(super) fn take_arrow(&mut self, board: &mut Board, effects: &mut Effects) {
        let is_arrow = |it: &Element| matches!(it.shape, Shape::Arrow(_));
        if self.tool != Tool::Arrow && !self.chosen_elements(board).any(is_arrow) {
            self.pick(Tool::Arrow, board, effects);
        }
    }

    /// Picks up another tool.
    pub(super) fn pick(&mut self, tool: Tool, board: &mut Board, effects: &mut Effects) {
        if self.modes.view && !tool.is_for_viewing() {
            return;
        }
        self.finish_text(board, effects);
        self.drop_gesture(board, effects);
        if tool == Tool::Image {
            effects.asks.push(Ask::Pictures);
            return;
        }
        if self.tool != Tool::Eyedropper {
            self.tool_before = self.tool;
        }
        self.tool = tool;
        (self.point, self.aimed) = (None, None);
        if !tool.chooses() {
            self.selection.clear();
            self.entered = None;
        }
        effects.everything();
    }
}
