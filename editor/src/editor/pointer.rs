//! The pointer on the canvas: which gesture it begins, and how that goes on.

use std::time::Duration;

use shared::board::Board;
use shared::element::Brush;
use shared::geometry::BoardPoint;
use shared::id::ElementId;
use shared::ink::InkPoint;
use shared::time::Time;

use super::style::ink_style;
use super::{Editor, Streak};
use crate::binding::aimed_at;
use crate::camera::ScreenPoint;
use crate::command::Command;
use crate::effects::{Ask, Effects};
use crate::gesture::{
    Doing, Draw, Erase, Laser, Lasso, LineDraw, LineState, Marquee, Moving, PointDrag, Resize, Rub,
    Stroke, Turn, point_at, release_piece,
};
use crate::handles::Grip;
use crate::input::{Pointer, PointerKind, Sample};
use crate::selection::{Selection, element_at, extent, group_of, locked_at, members, unit};
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
        self.finish_text(board, effects);
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
    fn is_palm(&self, pointer: &Pointer) -> bool {
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

    fn begin(&mut self, pointer: Pointer, board: &mut Board) {
        let at = self.camera.to_board(pointer.sample.at);
        let zoom = self.camera.zoom();
        self.doing = match self.tool {
            Tool::Select => {
                self.follow(board);
                match self.press_crop(at, pointer.kind, board) {
                    Some(drag) => Doing::Crop(drag),
                    None => self.begin_select(pointer, at, board),
                }
            }
            Tool::Lasso => {
                let kept = self.kept(pointer.modifiers.shift);
                Doing::Lasso(Lasso::begin(at, kept))
            }
            Tool::Hand => Doing::Pan { last: pointer.sample.at },
            Tool::Image => Doing::Nothing,
            Tool::Rectangle | Tool::Diamond | Tool::Ellipse | Tool::Triangle | Tool::Frame => {
                self.selection.clear();
                match self.tool.drawn_shape() {
                    Some(shape) => {
                        let at = self.snap_start(at, pointer.modifiers);
                        Doing::Draw(Draw::begin(board.new_id(), shape, self.style, at))
                    }
                    None => Doing::Nothing,
                }
            }
            Tool::Arrow | Tool::Line => {
                self.selection.clear();
                let at = self.snap_start(at, pointer.modifiers);
                let (from, held) = ((pointer.sample.at, at), (zoom, pointer.modifiers));
                match self.tool.line(self.arrow_style.is_elbow) {
                    Some(kind) => {
                        let kind = kind.with_heads(self.arrow_style.heads);
                        Doing::Line(Box::new(LineDraw::begin(kind, self.style, from, held, board)))
                    }
                    None => Doing::Nothing,
                }
            }
            Tool::Pen | Tool::Highlighter => {
                let has_pressure = pointer.kind == PointerKind::Pen;
                let first = self.ink_point(&pointer.sample);
                let (id, now) = (board.new_id(), pointer.now);
                let (brush, style) = match self.tool {
                    Tool::Highlighter => (Brush::Highlighter, self.highlighter),
                    _ => (Brush::Pen, self.style),
                };
                let style = ink_style(style, brush);
                Doing::Ink(Stroke::begin(id, style, brush, zoom, has_pressure, first, now))
            }
            Tool::Note => {
                self.put_note(at, board);
                Doing::Nothing
            }
            Tool::Eyedropper => Doing::PickColor,
            Tool::Laser => Doing::Laser(Laser::begin(at, pointer.now)),
            Tool::Text => {
                self.edit_text_at(pointer.sample.at, board);
                Doing::Nothing
            }
            Tool::Eraser => {
                self.follow(board);
                self.erase(at, pointer.now, board)
            }
        };
    }

    fn erase(&self, at: BoardPoint, now: Time, board: &Board) -> Doing {
        let zoom = self.camera.zoom();
        if self.modes.rub {
            Doing::Rub(Rub::begin(at, zoom, now, board, &self.index))
        } else {
            Doing::Erase(Erase::begin(at, zoom, board, &self.index))
        }
    }

    fn begin_select(&mut self, pointer: Pointer, at: BoardPoint, board: &Board) -> Doing {
        let is_touch = pointer.kind == PointerKind::Touch;
        let reach = if is_touch { TOUCH_REACH } else { REACH } / self.camera.zoom();
        let is_adding = pointer.modifiers.shift;
        if let Some(line) = self.chosen_line(board)
            && let Some(handle) = point_at(line, at, self.camera.zoom(), is_touch)
        {
            return Doing::Point(PointDrag::begin(line.id.clone(), handle, pointer.sample.at));
        }
        if let Some((grip, frame)) = self.grip_at(pointer.sample.at, is_touch, board) {
            return match grip {
                Grip::Size(handle) => {
                    Doing::Resize(Resize::begin(handle, frame, at, board, &self.selection))
                }
                Grip::Turn => Doing::Turn(Turn::begin(frame, at, board, &self.selection)),
            };
        }
        let inside_selection = || {
            let bounds = extent(board, &self.selection);
            let first = self.selection.first().cloned();
            first.filter(|_| bounds.contains_point(at) && !is_adding)
        };
        let pressed = element_at(&self.index, board, at, reach)
            .or_else(|| self.frame_named_at(at, board))
            .or_else(inside_selection);
        let Some(pressed) = pressed else {
            let kept = self.kept(is_adding);
            let is_inside = |group: &String| {
                crate::selection::bounds_of(board, &members(board, group)).contains_point(at)
            };
            self.entered.take_if(|group| !is_inside(group));
            return if pointer.modifiers.alt {
                Doing::Lasso(Lasso::begin(at, kept))
            } else {
                Doing::Marquee(Marquee::begin(at, kept))
            };
        };
        self.enter_for(&pressed, pointer.modifiers.ctrl, board);
        let was_chosen = self.selection.contains(&pressed);
        if !was_chosen {
            let unit = unit(board, &pressed, self.entered.as_deref());
            if is_adding {
                self.selection.extend(unit);
            } else {
                self.selection = unit;
            }
        }
        Doing::Moving(Moving::begin(pressed, pointer.sample.at, at, was_chosen))
    }

    /// Leaves the group that one is inside of if `pressed` is not in it; `deep` goes into the innermost
    /// group around `pressed` at once.
    fn enter_for(&mut self, pressed: &ElementId, deep: bool, board: &Board) {
        let Some(element) = board.element(pressed) else { return };
        self.entered.take_if(|group| !element.groups.contains(group));
        if let Some(innermost) = element.groups.first()
            && deep
        {
            if self.entered.as_ref() != Some(innermost) {
                self.selection.clear();
            }
            self.entered = Some(innermost.clone());
        }
    }

    /// What stays chosen when one begins to choose by a box or a loop.
    fn kept(&mut self, is_adding: bool) -> Selection {
        if !is_adding {
            self.selection.clear();
        }
        self.selection.clone()
    }

    /// The menu is for what is under the pointer, locked or not, or for all that is chosen if that is
    /// part of it.
    fn choose_for_menu(&mut self, screen: ScreenPoint, board: &Board) {
        let at = self.camera.to_board(screen);
        let reach = REACH / self.camera.zoom();
        let touched =
            element_at(&self.index, board, at, reach).or_else(|| locked_at(&self.index, at, reach));
        self.tool = if self.tool.chooses() { self.tool } else { Tool::Select };
        match touched {
            Some(id) if self.selection.contains(&id) => {}
            Some(id) => {
                self.enter_for(&id, false, board);
                self.selection = unit(board, &id, self.entered.as_deref());
                // Of what is locked the members of a group are not found.
                self.selection.insert(id);
            }
            None if extent(board, &self.selection).contains_point(at) => {}
            None => self.selection.clear(),
        }
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
            Doing::Nothing | Doing::Pan { .. } | Doing::Marquee(_) => {}
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
                && !self.begin_crop_at(at, board)
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

    fn ink_point(&self, sample: &Sample) -> InkPoint {
        ink_point(self.camera.to_board(sample.at), sample)
    }
}

fn ink_point(at: BoardPoint, sample: &Sample) -> InkPoint {
    InkPoint { at, pressure: sample.pressure }
}
