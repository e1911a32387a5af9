//! The pointer on the canvas: which gesture it begins, and how that goes on.

use std::time::Duration;

use shared::board::Board;
use shared::geometry::BoardPoint;
use shared::ink::InkPoint;

use super::Editor;
use super::style::ink_style;
use crate::camera::ScreenPoint;
use crate::effects::Effects;
use crate::gesture::{Doing, Draw, Erase, Marquee, Moving, Resize, Stroke};
use crate::handles::{framed, handle_at};
use crate::input::{Pointer, PointerKind, Sample};
use crate::selection::{Selection, element_at, with_group};
use crate::text::TextEdit;
use crate::tool::Tool;

/// Pixels around a pointer that still touch an element.
const REACH: f64 = 6.0;
/// The same for a finger.
const TOUCH_REACH: f64 = 12.0;
/// Time between the two taps of a double tap.
const DOUBLE_TAP: Duration = Duration::from_millis(350);
/// Pixels between the two.
const TAP_REACH: f64 = 24.0;
const MAIN_BUTTON: i16 = 0;
const MIDDLE_BUTTON: i16 = 1;

impl Editor {
    pub(super) fn handle_down(
        &mut self,
        pointer: Pointer,
        board: &mut Board,
        effects: &mut Effects,
    ) {
        let screen = pointer.sample.at;
        self.pointer = Some(screen);
        let had_text = self.text.is_some();
        self.finish_text(board, effects);
        effects.everything();
        if pointer.kind == PointerKind::Touch && self.touches.handle_down(pointer.id, screen) {
            // What is long enough to be safe on disk was meant; the rest was a pinch from the start.
            match std::mem::replace(&mut self.doing, Doing::Nothing) {
                Doing::Ink(stroke) if stroke.is_written() => stroke.finish(pointer.now, board),
                _ => {}
            }
            self.doing = Doing::Pinch;
            return;
        }
        if self.is_busy() {
            return;
        }
        let is_panning =
            self.tool == Tool::Hand || self.is_space_held || pointer.button == MIDDLE_BUTTON;
        if is_panning {
            self.doing = Doing::Pan { last: screen };
        } else if pointer.button == MAIN_BUTTON && !(had_text && self.tool == Tool::Text) {
            self.begin(pointer, board);
        }
    }

    fn begin(&mut self, pointer: Pointer, board: &mut Board) {
        let at = self.camera.to_board(pointer.sample.at);
        let zoom = self.camera.zoom();
        self.doing = match self.tool {
            Tool::Select => {
                self.follow(board);
                self.begin_select(pointer, at, board)
            }
            Tool::Hand => Doing::Pan { last: pointer.sample.at },
            Tool::Rectangle | Tool::Diamond | Tool::Ellipse | Tool::Arrow | Tool::Line => {
                self.selection.clear();
                match self.tool.drawn_shape() {
                    Some(shape) => Doing::Draw(Draw::begin(shape, self.style, at)),
                    None => Doing::Nothing,
                }
            }
            Tool::Pen => {
                let has_pressure = pointer.kind == PointerKind::Pen;
                let first = self.ink_point(&pointer.sample);
                let (id, now) = (board.new_id(), pointer.now);
                Doing::Ink(Stroke::begin(id, ink_style(self.style), zoom, has_pressure, first, now))
            }
            Tool::Text => {
                self.edit_text_at(pointer.sample.at, board);
                Doing::Nothing
            }
            Tool::Eraser => {
                self.follow(board);
                Doing::Erase(Erase::begin(at, zoom, board, &self.index))
            }
        };
    }

    fn begin_select(&mut self, pointer: Pointer, at: BoardPoint, board: &Board) -> Doing {
        let is_touch = pointer.kind == PointerKind::Touch;
        let reach = if is_touch { TOUCH_REACH } else { REACH } / self.camera.zoom();
        let is_adding = pointer.modifiers.shift;
        if let Some(frame) = framed(board, &self.selection)
            && let Some(handle) = handle_at(frame, at, self.camera.zoom(), is_touch)
        {
            return Doing::Resize(Resize::begin(handle, frame, at, board, &self.selection));
        }
        let inside_selection = || {
            let bounds = self.selection_bounds(board);
            let first = self.selection.first().cloned();
            first.filter(|_| bounds.contains_point(at) && !is_adding)
        };
        let pressed = element_at(&self.index, at, reach).or_else(inside_selection);
        let Some(pressed) = pressed else {
            let kept = if is_adding { self.selection.clone() } else { Selection::new() };
            self.selection.clone_from(&kept);
            return Doing::Marquee(Marquee::begin(at, kept));
        };
        let was_chosen = self.selection.contains(&pressed);
        if !was_chosen {
            let group = with_group(board, &pressed);
            if is_adding {
                self.selection.extend(group);
            } else {
                self.selection = group;
            }
        }
        Doing::Moving(Moving::begin(pressed, pointer.sample.at, at, was_chosen))
    }

    pub(super) fn handle_move(
        &mut self,
        pointer: Pointer,
        samples: &[Sample],
        board: &mut Board,
        effects: &mut Effects,
    ) {
        let screen = pointer.sample.at;
        self.pointer = Some(screen);
        let to = self.camera.to_board(screen);
        let zoom = self.camera.zoom();
        match &mut self.doing {
            Doing::Nothing => return,
            Doing::Pan { last } => {
                self.camera.pan(screen.x - last.x, screen.y - last.y);
                *last = screen;
                return effects.everything();
            }
            Doing::Pinch => {
                self.touches.handle_move(pointer.id, screen, &mut self.camera);
                return effects.everything();
            }
            Doing::Marquee(marquee) => {
                self.selection = marquee.drag(to, board, &self.index);
                effects.panels = true;
            }
            Doing::Moving(moving) => {
                moving.drag(screen, to, pointer.modifiers);
                effects.scene = true;
            }
            Doing::Resize(resize) => {
                resize.drag(to, pointer.modifiers);
                effects.scene = true;
            }
            Doing::Draw(draw) => draw.drag(to, pointer.modifiers),
            Doing::Ink(stroke) => {
                let camera = &self.camera;
                stroke.drag(
                    samples.iter().map(|sample| ink_point(camera.to_board(sample.at), sample)),
                );
                stroke.handle_tick(pointer.now, board);
            }
            Doing::Erase(erase) => {
                erase.drag(to, zoom, board, &self.index);
                effects.scene = true;
            }
        }
        if pointer.kind == PointerKind::Touch {
            // A first finger that is drawing is where a pinch would start from.
            self.touches.handle_move(pointer.id, screen, &mut self.camera.clone());
        }
        effects.overlay = true;
    }

    pub(super) fn handle_up(&mut self, pointer: Pointer, board: &mut Board, effects: &mut Effects) {
        self.touches.handle_up(pointer.id);
        effects.everything();
        let is_double_tap = self.handle_tap(&pointer);
        match std::mem::replace(&mut self.doing, Doing::Nothing) {
            Doing::Nothing | Doing::Pan { .. } | Doing::Marquee(_) => {}
            Doing::Pinch => {
                // The finger that is left does not begin to draw.
                if !self.touches.is_empty() {
                    self.doing = Doing::Pinch;
                }
            }
            Doing::Moving(moving) => {
                self.selection = moving.finish(&self.selection, pointer.modifiers, board);
            }
            Doing::Resize(resize) => resize.finish(&self.selection, board),
            Doing::Draw(draw) => {
                let drawn = draw.finish(self.camera.zoom(), board);
                if let Some(id) = drawn {
                    self.selection = Selection::from([id]);
                    if !self.is_tool_locked {
                        self.tool = Tool::Select;
                    }
                }
            }
            Doing::Ink(stroke) => stroke.finish(pointer.now, board),
            Doing::Erase(erase) => erase.finish(board),
        }
        if is_double_tap {
            self.handle_double_click(pointer.sample.at, board, effects);
        }
    }

    /// Browsers report no double clicks of fingers. Whether this was the second of two taps.
    fn handle_tap(&mut self, pointer: &Pointer) -> bool {
        let at = pointer.sample.at;
        let is_tap = match &self.doing {
            Doing::Moving(moving) => !moving.is_drag(),
            Doing::Marquee(marquee) => marquee.area().width() * self.camera.zoom() < TAP_REACH,
            _ => false,
        };
        let last = self.last_tap.take();
        if pointer.kind != PointerKind::Touch || !is_tap {
            return false;
        }
        let is_second = last.is_some_and(|(then, there)| {
            pointer.now.since(then) <= DOUBLE_TAP && there.distance(at) <= TAP_REACH
        });
        if !is_second {
            self.last_tap = Some((pointer.now, at));
        }
        is_second
    }

    pub(super) fn handle_double_click(
        &mut self,
        at: ScreenPoint,
        board: &mut Board,
        effects: &mut Effects,
    ) {
        if self.tool == Tool::Select {
            self.finish_text(board, effects);
            self.edit_text_at(at, board);
            effects.everything();
        }
    }

    /// Opens the text at a place, or new text there.
    fn edit_text_at(&mut self, screen: ScreenPoint, board: &mut Board) {
        let at = self.camera.to_board(screen);
        let reach = REACH / self.camera.zoom();
        let touched = element_at(self.follow(board), at, reach);
        let there = touched.and_then(|id| TextEdit::of(board.element(&id)?));
        self.text = Some(
            there.unwrap_or_else(|| TextEdit::new(board.new_id(), at, self.style, self.text_style)),
        );
        self.selection.clear();
    }

    pub(super) fn edit_selected_text(&mut self, board: &Board, effects: &mut Effects) {
        if let [id] = self.selection.iter().collect::<Vec<_>>()[..]
            && let Some(text) = board.element(id).and_then(|element| TextEdit::of(element))
        {
            self.text = Some(text);
            self.selection.clear();
            effects.everything();
        }
    }

    fn ink_point(&self, sample: &Sample) -> InkPoint {
        ink_point(self.camera.to_board(sample.at), sample)
    }
}

fn ink_point(at: BoardPoint, sample: &Sample) -> InkPoint {
    InkPoint { at, pressure: sample.pressure }
}
