//! The editor: what it holds, and which part of it an input concerns.

mod arranging;
mod commands;
mod cropping;
mod drawing;
mod grouping;
mod linking;
mod looks;
mod pointer;
mod show;
mod snapping;
mod style;

use std::collections::HashSet;

use scene::Index;
use shared::board::Board;
use shared::element::{Style, StylePatch};
use shared::geometry::{BoardPoint, Bounds};
use shared::id::ElementId;
use shared::presence::Presence;
use shared::time::Time;

use crate::camera::{Camera, ScreenPoint};
use crate::command::Command;
use crate::effects::{Ask, Effects};
use crate::find::{Found, find};
use crate::gesture::{Doing, Touches};
use crate::input::{Input, KeyPress, TextInput};
use crate::label::{Measure, even_letters};
use crate::modes::Modes;
use crate::note::Next;
use crate::selection::{Selection, members};
use crate::snap::{Guide, Snapper};
use crate::text::{TextEdit, TextStyle};
use crate::tool::{TOOLS, Tool};

pub use looks::Looks;
pub use show::writes_on;
pub use style::PanelFields;
use style::{ArrowStyle, HIGHLIGHTER};

/// By how much a notch of a wheel zooms at most, as a power of e: a wheel's are as large as a whole pinch.
const WHEEL_MAX: f64 = 0.2;

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
    /// A number is being dragged or typed.
    Measure,
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
    /// What was in hand before the eyedropper.
    tool_before: Tool,
    is_tool_locked: bool,
    style: Style,
    text_style: TextStyle,
    /// How arrows are drawn.
    arrow_style: ArrowStyle,
    /// What is switched on.
    modes: Modes,
    found: Found,
    /// The stylus that touches the board, if one does.
    stylus: Option<i32>,
    /// Whether one ever has.
    has_stylus: bool,
    /// Since when a finger has been resting where it went down, when that means something.
    resting: Option<(Time, ScreenPoint)>,
    /// The looks of what is marked.
    highlighter: Style,
    measure: Measure,
    selection: Selection,
    /// The chosen point of the line that is chosen alone.
    point: Option<(ElementId, usize)>,
    /// The group that one is inside of: what is in it is chosen piece by piece.
    entered: Option<String>,
    doing: Doing,
    touches: Touches,
    /// The picture that is being cut.
    cropping: Option<ElementId>,
    text: Option<TextEdit>,
    is_space_held: bool,
    /// The looks that were copied.
    copied_style: Option<StylePatch>,
    /// Whether what is pasted next is text, whatever it looks like.
    pastes_text: bool,
    /// What the gesture in progress can snap to, once it was looked at.
    snapper: Option<Snapper>,
    guides: Vec<Guide>,
    /// What goes on and on: all of it is one step of undo.
    streak: Streak,
    /// The last tap of a finger, until a second one follows or it is too late.
    last_tap: Option<(Time, ScreenPoint)>,
    pointer: Option<ScreenPoint>,
    /// What an arrow that begins at the pointer would be bound to.
    aimed: Option<ElementId>,
    /// The element on whose mark the pointer went down, and where: there is to follow its link.
    pressed_link: Option<(ElementId, ScreenPoint)>,
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
    pub places: Vec<(ElementId, Bounds)>,
}

impl Default for Editor {
    fn default() -> Self {
        Self {
            camera: Camera::default(),
            tool: Tool::Pen,
            tool_before: Tool::Pen,
            is_tool_locked: false,
            style: Style::default(),
            text_style: TextStyle::default(),
            arrow_style: ArrowStyle::default(),
            modes: Modes::default(),
            found: Found::default(),
            stylus: None,
            has_stylus: false,
            resting: None,
            highlighter: HIGHLIGHTER,
            measure: even_letters(),
            point: None,
            selection: Selection::new(),
            entered: None,
            doing: Doing::Nothing,
            touches: Touches::default(),
            cropping: None,
            text: None,
            is_space_held: false,
            copied_style: None,
            pastes_text: false,
            snapper: None,
            guides: Vec::new(),
            streak: Streak::None,
            last_tap: None,
            pointer: None,
            aimed: None,
            pressed_link: None,
            shown: Presence::default(),
            index: Index::default(),
            changes: Changes::default(),
        }
    }
}

impl Editor {
    /// An editor that measures lines of text by `measure`.
    pub fn new(measure: Measure) -> Self {
        Self { measure, ..Self::default() }
    }

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
            Input::Cancel(id) => self.handle_cancel(id, board, &mut effects),
            Input::Leave => {
                self.pointer = None;
                effects.overlay |= self.aimed.take().is_some() || self.tool == Tool::Eyedropper;
            }
            Input::DoubleClick(at) => self.handle_double_click(at, board, &mut effects),
            Input::Wheel { at, dx, dy, is_zoom } => {
                if is_zoom {
                    self.camera.zoom_by((-dy / 100.0).clamp(-WHEEL_MAX, WHEEL_MAX).exp(), at);
                } else {
                    self.camera.pan(-dx, -dy);
                }
                self.pointer = Some(at);
                self.forget_snaps();
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
            Input::Head(end, head) => self.set_head(end, head, board, &mut effects),
            Input::Find(wanted, step) => self.find(&wanted, step, board, &mut effects),
            Input::Measure(measures) => {
                self.streak = Streak::Measure;
                self.measure(measures, streak == Streak::Measure, board);
                effects.everything();
            }
            Input::Paste(_) | Input::Pictures(..) if self.modes.view => {}
            Input::Pictures(pictures, at) => {
                self.finish_text(board, &mut effects);
                self.place_pictures(&pictures, at, board, &mut effects);
            }
            Input::Paste(pasted) => {
                let is_text = std::mem::take(&mut self.pastes_text);
                self.finish_text(board, &mut effects);
                self.paste(pasted, is_text, board, &mut effects);
            }
            Input::Link(link) => {
                self.set_link(link, board);
                effects.everything();
            }
            Input::Text(input) => self.handle_text(input, board, &mut effects),
            Input::Resize(size) => {
                self.camera.resize(size);
                effects.everything();
            }
            Input::Tick => {
                self.streak = streak;
                self.handle_rest(now, board, &mut effects);
                match &mut self.doing {
                    Doing::Ink(stroke) => {
                        stroke.handle_tick(now, board);
                        effects.overlay = stroke.handle_rest(now);
                    }
                    Doing::Rub(rub) => rub.handle_tick(now, board),
                    _ => {}
                }
            }
            Input::BoardChanged => {
                self.streak = streak;
                self.forget_gone(board);
                if let Some(text) = &mut self.text {
                    text.handle_board_changed(self.camera.zoom(), board);
                }
                effects.everything();
            }
        }
        self.check_crop(board);
        effects.presence = self.take_presence(self.gesture(board));
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
            (None, None, "Tab") => self.next_note(Next::Right, board, effects),
            (None, None, _) => effects.is_handled = false,
        }
    }

    fn handle_text(&mut self, input: TextInput, board: &mut Board, effects: &mut Effects) {
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

    /// Picks up another tool.
    fn pick(&mut self, tool: Tool, board: &mut Board, effects: &mut Effects) {
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

    fn finish_text(&mut self, board: &mut Board, effects: &mut Effects) {
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
    fn drop_gesture(&mut self, board: &mut Board, effects: &mut Effects) {
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

    /// Chooses `ids`, with the select tool in hand.
    pub(crate) fn take_up(&mut self, ids: impl IntoIterator<Item = ElementId>) {
        self.tool = Tool::Select;
        self.selection = ids.into_iter().collect();
        self.entered = None;
    }

    /// Where something goes that comes from outside: under the pointer, or in the middle of the screen.
    pub(crate) fn place_for_new(&self) -> BoardPoint {
        self.pointer.map_or(self.camera.center(), |at| self.camera.to_board(at))
    }

    /// The looks of what is drawn or written next.
    pub fn style_for_new(&self) -> (Style, TextStyle) {
        (self.style, self.text_style)
    }

    /// Lets go of what is not on the board any more.
    fn forget_gone(&mut self, board: &Board) {
        self.selection.retain(|id| board.element(id).is_some());
        self.entered.take_if(|group| members(board, group).is_empty());
    }

    /// Looks at another part of the board, as the page or a program asks.
    pub fn look(&mut self, change: impl FnOnce(&mut Camera)) -> Effects {
        change(&mut self.camera);
        let mut effects = Effects::default();
        effects.everything();
        effects.presence = self.take_presence(self.shown.gesture.clone());
        effects
    }

    /// Chooses `ids` and nothing else, with the select tool.
    pub fn choose(&mut self, ids: impl IntoIterator<Item = ElementId>) -> Effects {
        self.take_up(ids);
        let mut effects = Effects::default();
        effects.everything();
        effects.presence = self.take_presence(self.shown.gesture.clone());
        effects
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

    /// Looks for a text: chooses a place of it and brings it into view.
    fn find(&mut self, wanted: &str, step: i8, board: &mut Board, effects: &mut Effects) {
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
        if !place.is_empty() && !self.camera.view().contains(place) {
            self.camera.look_at(place.center(), self.camera.zoom());
        }
        effects.everything();
    }

    /// What was last looked for.
    pub fn found(&self) -> Found {
        self.found
    }

    /// What is switched on.
    pub fn modes(&self) -> Modes {
        self.modes
    }

    /// Switches on what was on at an earlier visit.
    pub fn switch_to(&mut self, modes: Modes) {
        self.modes = modes;
    }

    /// How lines of text are measured.
    pub(crate) fn letters(&self) -> &Measure {
        &self.measure
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
