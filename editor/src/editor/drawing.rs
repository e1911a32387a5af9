//! What becomes of what was drawn, and where text is written.

use scene::Blend;
use shared::board::Board;
use shared::color::Color;
use shared::element::{Arrow, Element, Font, Shape, StylePatch};
use shared::geometry::BoardPoint;
use shared::id::ElementId;

use super::Editor;
use crate::camera::ScreenPoint;
use crate::effects::Effects;
use crate::gesture::Doing;
use crate::handles::{Framed, framed};
use crate::input::Pointer;
use crate::note::{self, Next};
use crate::relations::settle;
use crate::selection::{Selection, element_at};
use crate::text::{NAME_SIZE, TextEdit};
use crate::tool::Tool;

/// Pixels around a pointer that still touch an element.
const REACH: f64 = 6.0;

/// The width of what can be touched of a name, at least, in letter heights.
const LEAST_NAME: f64 = 3.0;

impl Editor {
    /// Something was drawn: it is chosen, and lies in the frame that it was drawn in.
    pub(super) fn handle_drawn(&mut self, id: ElementId, board: &mut Board) {
        settle(board, &id);
        self.selection = Selection::from([id]);
        if !self.is_tool_locked {
            self.tool = Tool::Select;
        }
    }

    /// The frame whose name is at a place.
    pub(super) fn frame_named_at(&self, at: BoardPoint, board: &Board) -> Option<ElementId> {
        let size = NAME_SIZE / self.camera.zoom();
        let is_named = |it: &&std::sync::Arc<Element>| {
            let Shape::Frame(frame) = &it.shape else { return false };
            let g = it.geometry;
            // A name of nothing can be touched, too, to be given one.
            let width = (self.measure)(Font::Sans, &frame.name).max(LEAST_NAME) * size;
            (g.x..g.x + width.min(g.w)).contains(&at.x) && (g.y - 2.0 * size..g.y).contains(&at.y)
        };
        board.elements().rev().find(is_named).map(|it| it.id.clone())
    }

    /// Takes the color that is seen at the pointer for what is chosen and what comes: for outlines, with Shift
    /// for insides. Then one goes on with the tool of before. Where there is no color nothing happens.
    pub(super) fn pick_color(&mut self, pointer: &Pointer, board: &mut Board) {
        let Some((color, _)) = self.color_at(pointer.sample.at, board) else { return };
        let color = Some(color);
        let patch = match pointer.modifiers.shift {
            true => StylePatch { fill: color, ..StylePatch::default() },
            false => StylePatch { stroke: color, ..StylePatch::default() },
        };
        self.leave_eyedropper();
        self.restyle(&patch, false, board, &mut Effects::default());
    }

    /// Takes the tool of before into the hand again.
    pub(super) fn leave_eyedropper(&mut self) {
        self.tool = self.tool_before;
    }

    /// Where the eyedropper is, and the color that it would take, with what becomes of it on a dark board;
    /// `None` while another tool is in hand.
    pub fn pointed_color(&self, board: &Board) -> Option<(ScreenPoint, Option<(Color, Blend)>)> {
        let at = self.pointer.filter(|_| self.tool == Tool::Eyedropper)?;
        Some((at, self.color_at(at, board)))
    }

    fn color_at(&self, at: ScreenPoint, board: &Board) -> Option<(Color, Blend)> {
        let (at, reach) = (self.camera.to_board(at), REACH / self.camera.zoom());
        let id = element_at(&self.index, board, at, reach)?;
        let element = board.element(&id)?;
        let style = element.style;
        let color = match &element.shape {
            // Its colors are in its file.
            Shape::Image(_) | Shape::Frame(_) | Shape::Unknown(_) => return None,
            Shape::Note => scene::note_color(&style),
            // Inside of what is full one sees that; otherwise one touches the line.
            _ if style.fill.is_transparent() => style.stroke,
            _ => {
                let mut line = (**element).clone();
                line.style.fill = Color::TRANSPARENT;
                if scene::hits(&line, at, 0.0) { style.stroke } else { style.fill }
            }
        };
        Some((color, Blend::of(&element.shape))).filter(|(color, _)| !color.is_transparent())
    }

    /// Writes the line that is being drawn, if it has two points.
    pub(super) fn finish_line(&mut self, board: &mut Board) {
        if let Doing::Line(line) = std::mem::replace(&mut self.doing, Doing::Nothing)
            && let Some(id) = line.finish(board)
        {
            self.handle_drawn(id, board);
        }
    }

    /// Puts a sticky note down, to be written on.
    pub(super) fn put_note(&mut self, at: BoardPoint, board: &mut Board) {
        board.begin_step();
        let id = note::put(board, at, note::style(self.style));
        let is_locked = std::mem::replace(&mut self.is_tool_locked, true);
        self.handle_drawn(id.clone(), board);
        self.is_tool_locked = is_locked;
        self.write_on(&id, board);
    }

    /// Writes on the note beside the chosen one.
    pub(super) fn next_note(&mut self, to: Next, board: &mut Board, effects: &mut Effects) {
        let chosen = self.only_chosen(board).filter(|it| matches!(it.shape, Shape::Note));
        let Some(chosen) = chosen.cloned() else {
            effects.is_handled = false;
            return;
        };
        let id = note::next(board, &chosen, to);
        self.write_on(&id, board);
        effects.everything();
    }

    /// Opens the text of an element, or its label.
    fn write_on(&mut self, id: &ElementId, board: &mut Board) {
        let Some(element) = board.element(id).cloned() else { return };
        if let Some(text) = TextEdit::of(&element, self.text_style, self.camera.zoom(), board) {
            (self.text, self.point) = (Some(text), None);
            self.selection.clear();
        }
    }

    /// Opens the text at a place, or new text there.
    pub(super) fn edit_text_at(&mut self, screen: ScreenPoint, board: &mut Board) {
        let at = self.camera.to_board(screen);
        self.follow(board);
        let named = self.frame_named_at(at, board);
        let touched = named
            .or_else(|| element_at(&self.index, board, at, REACH / self.camera.zoom()))
            .or_else(|| labeled_at(board, at));
        self.selection.clear();
        if let Some(id) = touched {
            let can_have = board.element(&id).is_some_and(|it| !matches!(it.shape, Shape::Line(_)));
            self.write_on(&id, board);
            if self.text.is_some() || !can_have {
                return;
            }
        }
        let id = board.new_id();
        self.text = Some(TextEdit::new(id, at, self.style, self.text_style));
    }

    pub(super) fn edit_selected_text(&mut self, board: &mut Board, effects: &mut Effects) {
        if self.end_crop(board) || self.begin_crop(board, effects) {
            effects.everything();
        } else if let Some(id) = self.only_chosen(board).map(|it| it.id.clone()) {
            self.write_on(&id, board);
            effects.everything();
        }
    }

    /// The chosen element, if it is the only one.
    fn only_chosen<'a>(&self, board: &'a Board) -> Option<&'a Element> {
        let id = self.selection.first().filter(|_| self.selection.len() == 1)?;
        board.element(id).map(AsRef::as_ref)
    }

    /// The line or arrow that is chosen alone: its points can be moved.
    pub(super) fn chosen_line<'a>(&self, board: &'a Board) -> Option<&'a Element> {
        let is_idle = self.tool == Tool::Select && self.text.is_none();
        let is_line = |it: &&Element| matches!(it.shape, Shape::Line(_) | Shape::Arrow(_));
        self.only_chosen(board).filter(|it| is_idle && !it.locked).filter(is_line)
    }

    /// What the frame with handles lies around: a line that has handles of its own needs it only if there
    /// is more to it than two points.
    pub(super) fn framed(&self, board: &Board) -> Option<Framed> {
        let is_plain = |it: &Element| match &it.shape {
            Shape::Line(path) => path.points.len() < 3,
            Shape::Arrow(Arrow { path, is_elbow, start, end, .. }) => {
                path.points.len() < 3 || *is_elbow || start.is_some() || end.is_some()
            }
            _ => false,
        };
        let has_own = self.chosen_line(board).is_some_and(is_plain);
        framed(board, &self.selection).filter(|_| !has_own)
    }
}

/// The topmost shape around a place, filled or not.
fn labeled_at(board: &Board, at: BoardPoint) -> Option<ElementId> {
    let is_around = |it: &&std::sync::Arc<Element>| {
        let is_shape = !matches!(it.shape, Shape::Arrow(_) | Shape::Image(_));
        if !is_shape || !it.geometry.turned_bounds().contains_point(at) {
            return false;
        }
        let mut solid = (***it).clone();
        solid.style.fill = Color::INK;
        scene::room(it, 1.0).is_some() && !it.locked && scene::hits(&solid, at, 0.0)
    };
    board.elements().rev().find(is_around).map(|it| it.id.clone())
}
