//! A press on the canvas: which gesture it begins, by the tool in hand and by what lies there.

use shared::board::Board;
use shared::element::Brush;
use shared::geometry::BoardPoint;
use shared::id::ElementId;
use shared::time::Time;

use super::Editor;
use super::pointer::REACH;
use super::style::ink_style;
use crate::camera::ScreenPoint;
use crate::gesture::{
    Doing, Draw, Erase, Laser, Lasso, LineDraw, Marquee, Moving, PointDrag, Resize, Rub, Stroke,
    Turn, point_at,
};
use crate::handles::Grip;
use crate::input::{Pointer, PointerKind};
use crate::selection::{Selection, element_at, extent, locked_at, members, unit};
use crate::tool::Tool;

/// Pixels around a finger that still touch an element.
const TOUCH_REACH: f64 = 12.0;

impl Editor {
    pub(super) fn begin(&mut self, pointer: Pointer, board: &mut Board) {
        let at = self.camera.to_board(pointer.sample.at);
        let zoom = self.camera.zoom();
        self.doing = match self.tool {
            Tool::Select => {
                self.follow(board);
                if self.is_on_unlock(pointer.sample.at, board) {
                    return self.lock(board);
                }
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

    pub(super) fn erase(&self, at: BoardPoint, now: Time, board: &Board) -> Doing {
        let zoom = self.camera.zoom();
        if self.modes.rub {
            Doing::Rub(Rub::begin(at, zoom, now, board, &self.index))
        } else {
            Doing::Erase(Erase::begin(at, zoom, board, &self.index))
        }
    }

    #[inline(never)]
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
            let is_meant = bounds.contains_point(at) && !is_adding && !self.is_all_locked(board);
            first.filter(|_| is_meant)
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
    pub(super) fn choose_for_menu(&mut self, screen: ScreenPoint, board: &Board) {
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
}
