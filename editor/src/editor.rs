//! The editor: what it holds, and which part of it an input concerns.

mod commands;
mod pointer;
mod show;
mod style;

use std::collections::HashSet;

use scene::Index;
use shared::board::Board;
use shared::element::{Style, StylePatch};
use shared::geometry::Bounds;
use shared::id::ElementId;
use shared::presence::Presence;
use shared::time::Time;

use crate::camera::{Camera, ScreenPoint};
use crate::effects::Effects;
use crate::gesture::{Doing, Touches};
use crate::input::{Input, KeyPress, TextInput};
use crate::selection::Selection;
use crate::text::{TextEdit, TextStyle};
use crate::tool::{TOOLS, Tool};

pub use style::PanelFields;

/// Inputs of which many in a row are one step of undo.
#[derive(Clone, Copy, PartialEq, Default)]
enum Streak {
    /// Anything else.
    #[default]
    None,
    /// The opacity slider moves.
    Opacity,
    /// A color is being mixed. Clicks on two swatches are one step, too: the first was a try.
    Stroke,
    /// The same for the color inside.
    Fill,
    /// An arrow key is held or pressed again.
    Nudge,
}

impl Streak {
    fn of(patch: &StylePatch) -> Self {
        match patch {
            StylePatch { opacity: Some(_), .. } => Self::Opacity,
            StylePatch { stroke: Some(_), .. } => Self::Stroke,
            StylePatch { fill: Some(_), .. } => Self::Fill,
            _ => Self::None,
        }
    }
}

/// One person's hand on one board.
pub struct Editor {
    camera: Camera,
    tool: Tool,
    is_tool_locked: bool,
    style: Style,
    text_style: TextStyle,
    selection: Selection,
    doing: Doing,
    touches: Touches,
    text: Option<TextEdit>,
    is_space_held: bool,
    /// What goes on and on: all of it is one step of undo.
    streak: Streak,
    /// The last tap of a finger, until a second one follows or it is too late.
    last_tap: Option<(Time, ScreenPoint)>,
    pointer: Option<ScreenPoint>,
    /// What others were last told.
    shown: Presence,
    /// Where everything is.
    index: Index,
    /// What changed on the board since the painter last asked, and where it looks different.
    changes: Changes,
}

/// What changed on the board.
#[derive(Default)]
pub struct Changes {
    /// The elements that came, went or changed.
    pub elements: HashSet<ElementId>,
    /// Where the board looks different: the boxes that they reached into and reach into.
    pub places: Vec<Bounds>,
}

impl Default for Editor {
    fn default() -> Self {
        Self {
            camera: Camera::default(),
            tool: Tool::Pen,
            is_tool_locked: false,
            style: Style::default(),
            text_style: TextStyle::default(),
            selection: Selection::new(),
            doing: Doing::Nothing,
            touches: Touches::default(),
            text: None,
            is_space_held: false,
            streak: Streak::None,
            last_tap: None,
            pointer: None,
            shown: Presence::default(),
            index: Index::default(),
            changes: Changes::default(),
        }
    }
}

impl Editor {
    /// Takes what happened; the board and the editor change, and the rest is in the answer.
    pub fn handle(&mut self, now: Time, input: Input, board: &mut Board) -> Effects {
        self.follow(board);
        let mut effects = Effects::default();
        let streak = std::mem::take(&mut self.streak);
        match input {
            Input::Down(pointer) => self.handle_down(pointer, board, &mut effects),
            Input::Move(pointer, samples) => {
                self.streak = streak;
                self.handle_move(pointer, &samples, board, &mut effects);
            }
            Input::Up(pointer) => self.handle_up(pointer, board, &mut effects),
            Input::Cancel(id) => {
                self.touches.handle_up(id);
                self.drop_gesture(board, &mut effects);
            }
            Input::Leave => self.pointer = None,
            Input::DoubleClick(at) => self.handle_double_click(at, board, &mut effects),
            Input::Wheel { at, dx, dy, is_zoom } => {
                if is_zoom {
                    self.camera.zoom_by((-dy / 100.0).clamp(-0.5, 0.5).exp(), at);
                } else {
                    self.camera.pan(-dx, -dy);
                }
                self.pointer = Some(at);
                effects.everything();
            }
            Input::KeyDown(press) => self.handle_key(&press, streak, board, &mut effects),
            Input::KeyUp(press) => {
                self.streak = streak;
                if press.code == "Space" {
                    self.is_space_held = false;
                    effects.overlay = true;
                }
            }
            Input::Command(command) => self.run(command, streak, board, &mut effects),
            Input::Pick(tool) => self.pick(tool, board, &mut effects),
            Input::Restyle(patch) => {
                self.streak = Streak::of(&patch);
                let is_same_step = self.streak == streak && streak != Streak::None;
                self.restyle(&patch, is_same_step, board, &mut effects);
            }
            Input::Text(input) => self.handle_text(input, board, &mut effects),
            Input::Resize(size) => {
                self.camera.resize(size);
                effects.everything();
            }
            Input::Tick => {
                self.streak = streak;
                if let Doing::Ink(stroke) = &mut self.doing {
                    stroke.handle_tick(now, board);
                }
            }
            Input::BoardChanged => {
                self.streak = streak;
                self.selection.retain(|id| board.element(id).is_some());
                if let Some(text) = &mut self.text {
                    text.handle_board_changed(board);
                }
                effects.everything();
            }
        }
        effects.presence = self.take_presence();
        effects
    }

    /// Brings the index up to date with the board. This takes the changes off the board: whoever paints
    /// has them from [`Editor::take_changes`].
    pub fn follow(&mut self, board: &mut Board) -> &Index {
        let elements = board.take_changes();
        if !elements.is_empty() {
            self.changes.places.extend(self.index.follow(board, &elements));
            if self.changes.elements.is_empty() {
                self.changes.elements = elements;
            } else {
                self.changes.elements.extend(elements);
            }
        }
        &self.index
    }

    /// What changed on the board since the last call, as far as the index has followed it.
    pub fn take_changes(&mut self) -> Changes {
        std::mem::take(&mut self.changes)
    }

    /// Where everything on the board is, as of the last call of [`Editor::follow`] or [`Editor::handle`].
    pub fn index(&self) -> &Index {
        &self.index
    }

    fn handle_key(
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
        if self.is_busy() && press.key != "Escape" {
            // A key that is bumped in the middle of a drag must not cost the drawing.
            effects.is_handled = true;
            return;
        }
        let command = crate::COMMANDS.iter().find(|row| row.keys.iter().any(|k| k.matches(press)));
        let tool = TOOLS.iter().find(|row| row.keys.iter().any(|k| k.matches(press)));
        effects.is_handled = true;
        match (command, tool, press.key.as_str()) {
            (Some(row), _, _) => self.run(row.command, streak, board, effects),
            (None, Some(row), _) => self.pick(row.tool, board, effects),
            (None, None, "Enter") => self.edit_selected_text(board, effects),
            (None, None, _) => effects.is_handled = false,
        }
    }

    fn handle_text(&mut self, input: TextInput, board: &mut Board, effects: &mut Effects) {
        match (input, &mut self.text) {
            (TextInput::Typed { value, width, height }, Some(text)) => {
                text.handle_typed(value, width, height, board);
                effects.everything();
            }
            (TextInput::Done, Some(_)) => self.finish_text(board, effects),
            (_, None) => {}
        }
    }

    /// Picks up another tool.
    fn pick(&mut self, tool: Tool, board: &mut Board, effects: &mut Effects) {
        self.finish_text(board, effects);
        self.drop_gesture(board, effects);
        self.tool = tool;
        if tool != Tool::Select {
            self.selection.clear();
        }
        effects.everything();
    }

    fn finish_text(&mut self, board: &mut Board, effects: &mut Effects) {
        let Some(text) = self.text.take() else { return };
        let id = text.id.clone();
        if text.finish(board) {
            self.selection = Selection::from([id]);
        }
        if self.tool == Tool::Text && !self.is_tool_locked {
            self.tool = Tool::Select;
        }
        board.begin_step();
        effects.everything();
    }

    /// Drops the gesture in progress as if it had not begun.
    fn drop_gesture(&mut self, board: &mut Board, effects: &mut Effects) {
        if let Doing::Ink(stroke) = std::mem::replace(&mut self.doing, Doing::Nothing) {
            stroke.drop_it(board);
        }
        effects.everything();
    }

    /// Looks at another part of the board, as the page or a program asks.
    pub fn look(&mut self, change: impl FnOnce(&mut Camera)) -> Effects {
        change(&mut self.camera);
        let mut effects = Effects::default();
        effects.everything();
        effects.presence = self.take_presence();
        effects
    }

    /// Chooses `ids` and nothing else, with the select tool.
    pub fn choose(&mut self, ids: impl IntoIterator<Item = ElementId>) -> Effects {
        self.tool = Tool::Select;
        self.selection = ids.into_iter().collect();
        let mut effects = Effects::default();
        effects.everything();
        effects.presence = self.take_presence();
        effects
    }

    /// What the screen shows.
    pub fn camera(&self) -> &Camera {
        &self.camera
    }

    /// The tool in hand.
    pub fn tool(&self) -> Tool {
        self.tool
    }

    /// Whether the tool stays in hand after drawing.
    pub fn is_tool_locked(&self) -> bool {
        self.is_tool_locked
    }

    /// The chosen elements.
    pub fn selection(&self) -> impl ExactSizeIterator<Item = &ElementId> {
        self.selection.iter()
    }

    /// The box around the chosen elements; empty if there are none.
    pub fn selection_bounds(&self, board: &Board) -> Bounds {
        crate::selection::bounds_of(board, &self.selection)
    }

    /// The text being written: the page shows a field for it.
    pub fn text_edit(&self) -> Option<&TextEdit> {
        self.text.as_ref()
    }

    /// Whether a gesture lasts: [`Input::Tick`] is due several times a second.
    pub fn is_busy(&self) -> bool {
        !matches!(self.doing, Doing::Nothing)
    }
}
