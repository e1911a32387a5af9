//! The pointer on the canvas: whose it is, whether it moves the board or acts on it, and how a gesture goes on. What a
//! press begins is in `press`, what remains of it in `release`.

use std::time::Duration;

use shared::board::Board;
use shared::geometry::BoardPoint;
use shared::ink::InkPoint;
use shared::time::Time;

use super::Editor;
use crate::binding::aimed_at;
use crate::camera::ScreenPoint;
use crate::effects::{Ask, Effects};
use crate::gesture::Doing;
use crate::input::{Pointer, PointerKind, Sample};
use crate::tool::Tool;

/// Pixels around a pointer that still touch an element.
pub(super) const REACH: f64 = 6.0;
/// Pixels between two taps, or around one, that are still the same place.
pub(super) const TAP_REACH: f64 = 24.0;
const MAIN_BUTTON: i16 = 0;
const MIDDLE_BUTTON: i16 = 1;
const SECOND_BUTTON: i16 = 2;
/// The other end of a stylus.
const ERASER_BUTTON: i16 = 5;
/// A finger that rests this long opens the menu.
const LONG_PRESS: Duration = Duration::from_millis(500);

impl Editor {
    pub(super) fn handle_down(
        &mut self,
        pointer: Pointer,
        board: &mut Board,
        effects: &mut Effects,
    ) {
        if self.is_palm(&pointer) {
            return;
        }
        if pointer.kind == PointerKind::Pen {
            self.take_stylus(pointer.id);
        }
        let screen = pointer.sample.at;
        self.pointer = Some(screen);
        let can_rest = self.tool.chooses() && self.tool != Tool::Eyedropper;
        self.resting =
            (pointer.kind == PointerKind::Touch && can_rest).then_some((pointer.now, screen));
        let had_text = self.text.is_some();
        if pointer.button != Pointer::NO_BUTTON {
            self.finish_text(board, effects);
        }
        effects.everything();
        if pointer.kind == PointerKind::Touch
            && self.touches.handle_down(pointer.id, screen, pointer.now)
        {
            self.resting = None;
            // What is long enough to be safe on disk was meant; the rest was a pinch from the start.
            match std::mem::replace(&mut self.doing, Doing::Nothing) {
                Doing::Ink(stroke) if stroke.is_written() => stroke.finish(pointer.now, board),
                _ => {}
            }
            self.doing = Doing::Pinch;
            return;
        }
        if let Doing::Line(line) = &mut self.doing
            && pointer.button == MAIN_BUTTON
        {
            line.press(screen);
        }
        if self.is_busy() {
            return;
        }
        (self.point, self.aimed) = (None, None);
        if pointer.button == MAIN_BUTTON && !self.is_space_held && self.press_link(screen) {
            return;
        }
        if self.pans(&pointer) {
            self.doing = Doing::Pan { last: screen };
        } else if pointer.button == SECOND_BUTTON {
            self.open_menu(screen, board, effects);
        } else if pointer.button == ERASER_BUTTON {
            let at = self.camera.to_board(screen);
            self.doing = self.erase(at, pointer.now, board);
        } else if pointer.button == MAIN_BUTTON
            && !(had_text && matches!(self.tool, Tool::Text | Tool::Note))
        {
            self.begin(pointer, board);
        }
    }

    /// Whether a press moves the board, whatever the tool.
    fn pans(&self, pointer: &Pointer) -> bool {
        let is_barrel = pointer.kind == PointerKind::Pen && pointer.button == SECOND_BUTTON;
        let is_idle_finger = self.modes.pen && pointer.kind == PointerKind::Touch;
        let is_looking = self.modes.view && pointer.button != SECOND_BUTTON;
        self.tool == Tool::Hand && pointer.button != SECOND_BUTTON
            || self.is_space_held
            || pointer.button == MIDDLE_BUTTON
            || is_barrel
            || is_idle_finger && !self.tool.chooses()
            || is_looking && self.tool != Tool::Laser
    }

    /// Whether a hand rests on the screen while its stylus draws.
    pub(super) fn is_palm(&self, pointer: &Pointer) -> bool {
        self.stylus.is_some() && pointer.kind == PointerKind::Touch
    }

    /// A stylus touches the board: from the first time on, fingers do not draw, and those that came before
    /// it were a palm.
    fn take_stylus(&mut self, id: i32) {
        self.stylus = Some(id);
        self.modes.pen |= !std::mem::replace(&mut self.has_stylus, true);
        self.touches.clear();
        if matches!(self.doing, Doing::Pan { .. } | Doing::Pinch) {
            self.doing = Doing::Nothing;
        }
    }

    /// The browser took a pointer away.
    pub(super) fn handle_cancel(&mut self, id: i32, board: &mut Board, effects: &mut Effects) {
        self.touches.handle_up(id);
        if self.stylus.is_none_or(|stylus| stylus == id) {
            (self.stylus, self.resting) = (None, None);
            self.drop_gesture(board, effects);
        }
    }

    /// A finger that rests on something opens the menu for it.
    pub(super) fn handle_rest(&mut self, now: Time, board: &mut Board, effects: &mut Effects) {
        let Some((_, at)) = self.resting.take_if(|(since, _)| now.since(*since) >= LONG_PRESS)
        else {
            return;
        };
        self.drop_gesture(board, effects);
        self.open_menu(at, board, effects);
    }

    fn open_menu(&mut self, at: ScreenPoint, board: &Board, effects: &mut Effects) {
        if !self.modes.view {
            self.choose_for_menu(at, board);
        }
        effects.asks.push(Ask::Menu(at));
    }

    pub(super) fn handle_move(
        &mut self,
        pointer: Pointer,
        samples: &[Sample],
        board: &mut Board,
        effects: &mut Effects,
    ) {
        if self.is_palm(&pointer) {
            return;
        }
        let screen = pointer.sample.at;
        self.pointer = Some(screen);
        self.resting.take_if(|(_, at)| at.distance(screen) > TAP_REACH / 2.0);
        let to = self.snap_pointer(self.camera.to_board(screen), pointer.modifiers, board);
        let zoom = self.camera.zoom();
        if let Doing::Moving(moving) = &self.doing
            && let Some(piece) = moving.piece(screen, pointer.modifiers, &self.selection, board)
        {
            self.doing = Doing::Point(piece);
        }
        match &mut self.doing {
            Doing::Nothing => return self.aim(&pointer, effects),
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
                self.selection = marquee.drag(to, board, &self.index, self.entered.as_deref());
                effects.panels = true;
            }
            Doing::Lasso(lasso) => {
                self.selection = lasso.drag(to, zoom, board, &self.index, self.entered.as_deref());
                effects.panels = true;
            }
            Doing::Moving(moving) => {
                moving.drag(screen, to, pointer.modifiers, &self.selection, board);
                effects.scene = true;
            }
            Doing::Resize(resize) => {
                resize.drag(to, pointer.modifiers, board, &self.measure);
                effects.scene = true;
            }
            Doing::Turn(turn) => {
                turn.drag(to, pointer.modifiers, board);
                effects.scene = true;
            }
            Doing::Crop(crop) => {
                crop.drag(to, pointer.modifiers.shift);
                effects.scene = true;
            }
            Doing::Draw(draw) => draw.drag(to, pointer.modifiers),
            Doing::Line(line) => line.drag((screen, to), (zoom, pointer.modifiers), board),
            Doing::Point(point) => {
                point.drag((screen, to), (zoom, pointer.modifiers), board);
                effects.scene = true;
            }
            Doing::PickColor => {}
            Doing::Laser(laser) => {
                let points = samples.iter().map(|sample| self.camera.to_board(sample.at));
                laser.drag(points, pointer.now);
            }
            Doing::Ink(stroke) => {
                let camera = &self.camera;
                stroke.drag(
                    samples.iter().map(|sample| ink_point(camera.to_board(sample.at), sample)),
                    pointer.now,
                );
                stroke.handle_tick(pointer.now, board);
            }
            Doing::Erase(erase) => {
                erase.drag(to, zoom, board, &self.index);
                effects.scene = true;
            }
            Doing::Rub(rub) => {
                for sample in samples {
                    rub.drag(self.camera.to_board(sample.at), zoom, board, &self.index);
                }
                rub.handle_tick(pointer.now, board);
                effects.scene = true;
            }
        }
        self.snap_moved(pointer.modifiers, board);
        if pointer.kind == PointerKind::Touch {
            // A first finger that is drawing is where a pinch would start from.
            self.touches.handle_move(pointer.id, screen, &mut self.camera.clone());
        }
        effects.overlay = true;
    }

    /// A pointer moves over the board with nothing held: what an arrow would be bound to is marked.
    fn aim(&mut self, pointer: &Pointer, effects: &mut Effects) {
        // What it would take is shown beside it.
        effects.overlay |= self.tool == Tool::Eyedropper;
        let can_bind = self.tool == Tool::Arrow && !pointer.modifiers.ctrl && !self.modes.view;
        let (at, zoom) = (self.camera.to_board(pointer.sample.at), self.camera.zoom());
        let aimed = can_bind.then(|| aimed_at(&self.index, at, zoom)).flatten();
        if self.aimed != aimed {
            self.aimed = aimed;
            effects.overlay = true;
        }
    }

    /// The browser expects the pointer to pass these places next. A stroke in progress is shown to go there,
    /// until the pointer really moves; nothing of it is written, and others do not see it.
    pub fn expect(&mut self, samples: &[Sample]) {
        let camera = &self.camera;
        if let Doing::Ink(stroke) = &mut self.doing {
            stroke.expect(samples.iter().map(|it| ink_point(camera.to_board(it.at), it)));
        }
    }

    pub(super) fn ink_point(&self, sample: &Sample) -> InkPoint {
        ink_point(self.camera.to_board(sample.at), sample)
    }
}

fn ink_point(at: BoardPoint, sample: &Sample) -> InkPoint {
    InkPoint { at, pressure: sample.pressure }
}
