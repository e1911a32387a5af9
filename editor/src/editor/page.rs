//! What the page asks about the hand on the board, and where it moves it without a gesture.

use shared::board::Board;
use shared::element::Style;
use shared::geometry::{BoardPoint, Bounds};
use shared::id::ElementId;

use super::Editor;
use crate::camera::{Camera, Covered};
use crate::effects::Effects;
use crate::gesture::Doing;
use crate::label::Measure;
use crate::modes::Modes;
use crate::selection::bounds_of_all;
use crate::text::{TextEdit, TextStyle};
use crate::tool::Tool;

impl Editor {
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

    /// Looks at the whole board.
    pub fn look_at_all(&mut self, board: &Board) -> Effects {
        let covered = self.covered(board);
        self.look(|camera| camera.fit(bounds_of_all(board), covered))
    }

    /// What the page's panels cover of the canvas when all of them are shown: the style panel at the left, the bars above
    /// and below.
    pub fn cover(&mut self, panels: Covered) {
        self.panels = panels;
    }

    /// What panels cover now.
    pub fn covered(&self, board: &Board) -> Covered {
        if self.modes.zen {
            return Covered::default();
        }
        Covered {
            left: if self.has_style_panel(board) { self.panels.left } else { 0.0 },
            ..self.panels
        }
    }

    /// How far further something that is to be chosen must go to be seen beside all panels, if it goes so far.
    pub(crate) fn way_into_view(&self, bounds: Bounds, (dx, dy): (f64, f64)) -> (f64, f64) {
        let Bounds { x0, y0, x1, y1 } = bounds;
        let there = Bounds { x0: x0 + dx, y0: y0 + dy, x1: x1 + dx, y1: y1 + dy };
        self.camera.way_into_view(there, self.panels)
    }

    /// Looks at `bounds` where no panel covers it.
    pub(super) fn fit(&mut self, bounds: Bounds, board: &Board) {
        self.camera.fit(bounds, self.covered(board));
    }

    /// Looks at another part of the board, as the page or a program asks.
    pub fn look(&mut self, change: impl FnOnce(&mut Camera)) -> Effects {
        change(&mut self.camera);
        self.anew()
    }

    /// Chooses `ids` and nothing else, with the select tool.
    pub fn choose(&mut self, ids: impl IntoIterator<Item = ElementId>) -> Effects {
        self.take_up(ids);
        self.anew()
    }

    /// All is to be painted, and others are told what is different.
    fn anew(&mut self) -> Effects {
        let mut effects = Effects::default();
        effects.everything();
        effects.presence = self.take_presence(self.shown.gesture.clone());
        effects
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
