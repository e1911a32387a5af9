//! A button or finger goes up: what its gesture leaves, and what a second tap or click means.

use std::time::Duration;

use shared::board::Board;

use super::pointer::{REACH, TAP_REACH};
use super::{Editor, Streak};
use crate::camera::ScreenPoint;
use crate::command::Command;
use crate::effects::Effects;
use crate::gesture::{Doing, LineState, point_at, release_piece};
use crate::input::{Pointer, PointerKind};
use crate::selection::{element_at, group_of, unit};
use crate::tool::Tool;

/// Time between the two taps of a double tap.
const DOUBLE_TAP: Duration = Duration::from_millis(350);

impl Editor {
    pub(super) fn handle_up(&mut self, pointer: Pointer, board: &mut Board, effects: &mut Effects) {
        self.touches.handle_up(pointer.id);
        if self.is_palm(&pointer) {
            return;
        }
        (self.stylus, self.resting) = (None, None);
        effects.everything();
        self.release_link(pointer.sample.at, board, effects);
        let is_double_tap = self.handle_tap(&pointer);
        self.forget_snaps();
        match std::mem::replace(&mut self.doing, Doing::Nothing) {
            Doing::Nothing | Doing::Pan { .. } => {}
            Doing::Marquee(marquee) => {
                let is_click = marquee.area().width() * self.camera.zoom() < REACH
                    && marquee.area().height() * self.camera.zoom() < REACH;
                if is_click && self.selection.is_empty() {
                    self.choose_locked(pointer.sample.at, board);
                }
            }
            Doing::Lasso(_) => {
                if !self.is_tool_locked {
                    self.tool = Tool::Select;
                }
            }
            Doing::Pinch => {
                // The finger that is left does not begin to draw.
                if !self.touches.is_empty() {
                    self.doing = Doing::Pinch;
                    return;
                }
                match self.touches.tapped(pointer.now) {
                    2 => self.run(Command::Undo, Streak::None, board, effects),
                    3 => self.run(Command::Redo, Streak::None, board, effects),
                    _ => {}
                }
            }
            Doing::Moving(moving) => {
                let entered = self.entered.as_deref();
                self.selection = moving.finish(
                    &self.selection,
                    pointer.modifiers,
                    entered,
                    board,
                    &self.measure,
                );
            }
            Doing::Resize(resize) => resize.finish(board, &self.measure),
            Doing::Turn(turn) => turn.finish(board, &self.measure),
            Doing::Crop(crop) => self.write_crop(&crop, board),
            Doing::Draw(draw) => {
                let drawn = draw.finish(self.camera.zoom(), board);
                if let Some(id) = drawn {
                    self.handle_drawn(id, board);
                }
            }
            Doing::Line(mut line) => {
                let state = line.release(self.camera.zoom());
                self.doing = Doing::Line(line);
                if state == LineState::Done {
                    self.finish_line(board);
                }
            }
            Doing::Point(point) => self.point = point.finish(board),
            Doing::PickColor => self.pick_color(&pointer, board),
            Doing::Laser(_) => {}
            Doing::Ink(stroke) => stroke.finish(pointer.now, board),
            Doing::Erase(erase) => erase.finish(board),
            Doing::Rub(rub) => rub.finish(board),
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
            if !self.release_piece(at, board)
                && !self.enter_group(at, board)
                && !self.begin_crop_at(at, board, effects)
            {
                self.edit_text_at(at, board);
            }
            effects.everything();
        }
    }

    /// Lets the piece of an elbow go whose handle is at a place. Whether there is one that was laid by hand.
    fn release_piece(&mut self, at: ScreenPoint, board: &mut Board) -> bool {
        let (at, zoom) = (self.camera.to_board(at), self.camera.zoom());
        let Some(line) = self.chosen_line(board) else { return false };
        let handle = point_at(line, at, zoom, false);
        let Some(piece) = handle.filter(|it| it.is_piece && !it.is_new) else { return false };
        let id = line.id.clone();
        release_piece(board, &id, piece.index);
        true
    }

    /// Goes one deeper into the group at a place. Whether there is one.
    fn enter_group(&mut self, screen: ScreenPoint, board: &Board) -> bool {
        let at = self.camera.to_board(screen);
        let touched = element_at(&self.index, board, at, REACH / self.camera.zoom());
        let Some(element) = touched.and_then(|id| board.element(&id)) else { return false };
        let Some(group) = group_of(element, self.entered.as_deref()) else { return false };
        self.entered = Some(group.clone());
        self.selection = unit(board, &element.id, Some(group));
        true
    }
}
