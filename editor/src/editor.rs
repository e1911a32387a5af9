//! The editor: what it holds, and which part of it an input concerns.

mod arranging;
mod commands;
mod cropping;
mod drawing;
mod ending;
mod finding;
mod grouping;
mod importing;
mod keyboard;
mod linking;
mod locked;
mod looks;
mod page;
mod pointer;
mod press;
mod release;
mod show;
mod snapping;
mod streak;
mod style;
mod walking;

use std::collections::HashSet;

use scene::Index;
use shared::board::Board;
use shared::element::{Style, StylePatch};
use shared::geometry::Bounds;
use shared::id::ElementId;
use shared::presence::Presence;
use shared::time::Time;

use crate::camera::{Camera, Covered, ScreenPoint};
use crate::effects::Effects;
use crate::find::Found;
use crate::gesture::{Doing, Touches};
use crate::input::Input;
use crate::label::{Measure, even_letters};
use crate::modes::Modes;
use crate::selection::Selection;
use crate::snap::{Guide, Snapper};
use crate::text::{TextEdit, TextStyle};
use crate::tool::Tool;

pub use importing::Whereto;
pub(crate) use importing::extent_of;
pub use locked::UNLOCK;
pub use looks::Looks;
pub use show::writes_on;
use streak::Streak;
pub use style::PanelFields;
use style::{ArrowStyle, HIGHLIGHTER};

/// By how much a notch of a wheel zooms at most, as a power of e: a wheel's are as large as a whole pinch.
const WHEEL_MAX: f64 = 0.2;

/// One person's hand on one board.
pub struct Editor {
    camera: Camera,
    /// What panels cover of the canvas when all are shown.
    panels: Covered,
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
            panels: Covered::default(),
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
            Input::Resize(size) => {
                self.camera.resize(size);
                effects.everything();
            }
            Input::BoardChanged => {
                self.streak = streak;
                self.forget_gone(board);
                if let Some(text) = &mut self.text {
                    text.handle_board_changed(self.camera.zoom(), board);
                }
                effects.everything();
            }
            act => self.handle_act(now, act, streak, board, &mut effects),
        }
        self.check_crop(board);
        effects.presence = self.take_presence(self.gesture(board));
        effects
    }

    /// What somebody does, and what follows while it lasts. Browsers compile a function as a whole when it is first
    /// called: a page opens without this one.
    #[inline(never)]
    fn handle_act(
        &mut self,
        now: Time,
        act: Input,
        streak: Streak,
        board: &mut Board,
        effects: &mut Effects,
    ) {
        match act {
            Input::Down(pointer) => self.handle_down(pointer, board, effects),
            Input::Move(pointer, samples) => {
                self.streak = streak;
                self.handle_move(pointer, &samples, board, effects);
            }
            Input::Up(pointer) => self.handle_up(pointer, board, effects),
            Input::Cancel(id) => self.handle_cancel(id, board, effects),
            Input::Leave => {
                self.pointer = None;
                effects.overlay |= self.aimed.take().is_some() || self.tool == Tool::Eyedropper;
            }
            Input::DoubleClick(at) => self.handle_double_click(at, board, effects),
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
            Input::KeyDown(press) => self.handle_key(&press, streak, board, effects),
            Input::KeyUp(press) => {
                self.streak = streak;
                if press.code == "Space" {
                    self.is_space_held = false;
                    effects.overlay = true;
                }
            }
            Input::Command(command) => self.run(command, streak, board, effects),
            Input::Pick(tool) => self.pick(tool, board, effects),
            Input::Restyle(patch) => {
                self.streak = Streak::of(&patch);
                let is_same_step = self.streak == streak && streak != Streak::None;
                self.restyle(&patch, is_same_step, board, effects);
                if patch.is_elbow.is_some() {
                    self.take_arrow(board, effects);
                }
            }
            Input::Head(end, head) => {
                self.set_head(end, head, board, effects);
                self.take_arrow(board, effects);
            }
            Input::Find(wanted, step) => self.find(&wanted, step, board, effects),
            Input::Measure(measures) => {
                self.streak = Streak::Measure;
                self.measure(measures, streak == Streak::Measure, board);
                effects.everything();
            }
            Input::Paste(_) | Input::Pictures(..) if self.modes.view => {}
            Input::Pictures(pictures, at) => {
                self.finish_text(board, effects);
                self.place_pictures(&pictures, at, board, effects);
            }
            Input::Paste(pasted) => {
                let is_text = std::mem::take(&mut self.pastes_text);
                self.finish_text(board, effects);
                self.paste(pasted, is_text, board, effects);
            }
            Input::Link(link) => {
                self.set_link(link, board);
                effects.everything();
            }
            Input::Text(input) => self.handle_text(input, board, effects),
            Input::Tick => {
                self.streak = streak;
                self.handle_rest(now, board, effects);
                match &mut self.doing {
                    Doing::Ink(stroke) => {
                        stroke.handle_tick(now, board);
                        effects.overlay = stroke.handle_rest(now);
                    }
                    Doing::Rub(rub) => rub.handle_tick(now, board),
                    _ => {}
                }
            }
            Input::Resize(_) | Input::BoardChanged => {}
        }
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
}
