//! What the editor shows: to the painter as a preview, to others as presence, by the pointer's shape.

use shared::board::Board;
use shared::element::{Element, Frame, Shape};
use shared::geometry::{BoardPoint, Bounds, Geometry};
use shared::id::ElementId;
use shared::limits::SHOWN_ELEMENTS_MAX;
use shared::presence::{Gesture, Presence, PresencePatch};

use super::Editor;
use crate::binding::shown;
use crate::camera::ScreenPoint;
use crate::effects::Effects;
use crate::gesture::{Doing, PointHandle, RING, point_at, point_handles};
use crate::handles::{Framed, Grip, framed, grip_at, handles};
use crate::preview::{FlowingInk, Preview};
use crate::selection::{extent, members};
use crate::tool::Tool;

impl Editor {
    /// Adds what one's own gesture changes about the picture.
    pub fn show_preview(&self, board: &Board, preview: &mut Preview) {
        if let Doing::Nothing = &self.doing {
            let aimed = self.aimed.as_ref().and_then(|id| board.element(id));
            preview.drafts.extend(aimed.map(|it| shown(it, self.camera.zoom())));
        } else {
            self.preview_doing(board, preview);
        }
        if self.cropping.is_some() {
            self.preview_crop(board, preview);
        }
        preview.follow(board);
        // The text field stands for the text that is being written.
        let Some(text) = &self.text else { return };
        match board.element(&text.id) {
            Some(frame) if !text.hides() => {
                let shape = Shape::Frame(Frame::default());
                preview.show_as(Element { shape, ..(**frame).clone() });
            }
            _ => _ = preview.hidden.insert(text.id.clone()),
        }
    }

    // Of its own, as all that a page does not need to open: browsers compile a function as a whole.
    #[inline(never)]
    fn preview_doing(&self, board: &Board, preview: &mut Preview) {
        match &self.doing {
            Doing::Nothing => {}
            Doing::Pan { .. } | Doing::Pinch | Doing::Crop(_) | Doing::PickColor => {}
            Doing::Marquee(_) | Doing::Lasso(_) => {}
            Doing::Ink(stroke) => stroke.flowing().preview(preview),
            Doing::Moving(moving) => moving.preview(board, preview),
            Doing::Resize(resize) => resize.preview(board, preview),
            Doing::Turn(turn) => turn.preview(board, preview),
            Doing::Draw(draw) => preview.drafts.push(draw.draft()),
            Doing::Line(line) => line.preview(self.camera.zoom(), board, preview),
            Doing::Point(point) => point.preview(self.camera.zoom(), board, preview),
            Doing::Laser(_) => {}
            Doing::Erase(erase) => preview.dimmed.extend(erase.touched().iter().cloned()),
            Doing::Rub(rub) => rub.preview(board, preview),
        }
    }

    /// How far the text that is being written is shown from where it is: somebody moves what it is in.
    pub fn text_shift(&self, board: &Board, preview: &Preview) -> (f64, f64) {
        let Some(text) = &self.text else { return (0.0, 0.0) };
        let id = text.container().unwrap_or(&text.id);
        match (preview.displaced.get(id), preview.places.get(id), board.element(id)) {
            (Some(by), ..) => *by,
            (None, Some(place), Some(element)) => {
                let (to, from) = (place.center(), element.geometry.center());
                (to.x - from.x, to.y - from.y)
            }
            _ => (0.0, 0.0),
        }
    }

    /// The stroke that is being drawn, if the pen draws it.
    pub fn flowing_ink(&self) -> Option<FlowingInk<'_>> {
        match &self.doing {
            Doing::Ink(stroke) => stroke.flowing().of_pen(),
            _ => None,
        }
    }

    /// The box that chooses elements, while it is dragged.
    pub fn marquee(&self) -> Option<Bounds> {
        match &self.doing {
            Doing::Marquee(marquee) => Some(marquee.area()),
            _ => None,
        }
    }

    /// The loop that chooses elements, while it is drawn; it closes by itself.
    pub fn lasso(&self) -> &[BoardPoint] {
        match &self.doing {
            Doing::Lasso(lasso) => lasso.points(),
            _ => &[],
        }
    }

    /// The handles on the frame around what is chosen, with where they are on the board.
    pub fn handles(&self, board: &Board) -> Vec<(Grip, BoardPoint)> {
        let framed = self.framed(board).filter(|_| self.cropping.is_none());
        let Some(framed) = framed else { return Vec::new() };
        let place = match &self.doing {
            Doing::Nothing if self.can_grip(framed) => framed.place,
            Doing::Resize(resize) => resize.frame(),
            Doing::Turn(turn) => turn.frame(),
            _ => return Vec::new(),
        };
        handles(Framed { place, ..framed }, self.camera().zoom())
    }

    /// The boxes around what is chosen, if it is several, and around the group that one is inside of.
    pub fn frames(&self, board: &Board) -> Vec<Geometry> {
        let chosen = match &self.doing {
            _ if self.selection.len() < 2 => None,
            Doing::Resize(resize) => Some(resize.frame()),
            Doing::Turn(turn) => Some(turn.frame()),
            Doing::Moving(moving) => {
                let by = if moving.is_drag() { moving.by() } else { BoardPoint::default() };
                framed(board, &self.selection).map(|it| it.place.moved(by.x, by.y))
            }
            _ => framed(board, &self.selection).map(|it| it.place),
        };
        let entered = self.entered.as_ref().map(|group| extent(board, &members(board, group)));
        chosen.into_iter().chain(entered.map(Geometry::over)).collect()
    }

    /// The handle at a place, with the frame that it is on.
    pub(super) fn grip_at(
        &self,
        at: ScreenPoint,
        is_touch: bool,
        board: &Board,
    ) -> Option<(Grip, Geometry)> {
        let framed = self.framed(board).filter(|framed| self.can_grip(*framed))?;
        let (at, zoom) = (self.camera.to_board(at), self.camera.zoom());
        let grip = grip_at(framed, at, zoom, is_touch)?;
        Some((grip, framed.place))
    }

    /// Whether the handles of a frame can be taken now.
    fn can_grip(&self, framed: Framed) -> bool {
        framed.is_free && self.tool == Tool::Select && self.text.is_none()
    }

    /// The handles on the points of the line that is chosen alone, with where they are on the board.
    pub fn point_handles(&self, board: &Board) -> Vec<(PointHandle, BoardPoint)> {
        let line = self.chosen_line(board).filter(|_| matches!(self.doing, Doing::Nothing));
        let Some(line) = line else { return Vec::new() };
        let chosen = self.point.as_ref().filter(|(id, _)| *id == line.id).map(|(_, index)| *index);
        let mut handles = point_handles(line, self.camera.zoom());
        for (handle, _) in &mut handles {
            if !handle.is_piece {
                handle.is_chosen = !handle.is_new && Some(handle.index) == chosen;
            }
        }
        handles
    }

    /// The pointer's shape over the canvas, as CSS calls it.
    pub fn pointer_shape(&self, board: &Board) -> &'static str {
        let over_handle = || {
            if self.is_on_unlock(self.pointer?, board) {
                return Some("pointer");
            }
            let at = self.camera.to_board(self.pointer?);
            let line = self.chosen_line(board);
            if line.is_some_and(|line| point_at(line, at, self.camera.zoom(), false).is_some()) {
                return Some("pointer");
            }
            let (grip, frame) = self.grip_at(self.pointer?, false, board)?;
            Some(grip.pointer_shape(frame.angle))
        };
        match (&self.doing, self.tool) {
            (Doing::Pan { .. }, _) => "grabbing",
            _ if self.is_space_held => "grab",
            _ if self.pointed_link().is_some() => "pointer",
            (_, Tool::Hand) => "grab",
            _ if let Some(shape) = self.crop_pointer(board) => shape,
            (Doing::Rub(_), _) => RING,
            (Doing::Nothing, Tool::Eraser) if self.modes.rub => RING,
            (Doing::Moving(_), _) => "move",
            (Doing::Turn(_), _) => "grabbing",
            (Doing::Nothing, Tool::Select) => {
                over_handle().unwrap_or(if self.is_over_chosen(board) { "move" } else { "default" })
            }
            (_, Tool::Select) => "default",
            (_, Tool::Text) => "text",
            _ => "crosshair",
        }
    }

    /// Whether a press would move what is chosen.
    fn is_over_chosen(&self, board: &Board) -> bool {
        let at = self.pointer.map(|at| self.camera.to_board(at));
        framed(board, &self.selection).zip(at).is_some_and(|(framed, at)| {
            framed.is_free && framed.place.turned_bounds().contains_point(at)
        })
    }

    /// What others are to see of what is in progress.
    pub(super) fn gesture(&self, board: &Board) -> Gesture {
        match &self.doing {
            Doing::Moving(moving) => moving.shown(),
            Doing::Resize(resize) => resize.shown(),
            Doing::Turn(turn) => turn.shown(),
            Doing::Draw(draw) => draw.shown(),
            Doing::Line(line) => line.gesture(board),
            Doing::Point(point) => point.shown(board),
            Doing::Laser(laser) => laser.shown(),
            Doing::Ink(stroke) => stroke.shown(),
            _ => Gesture::default(),
        }
    }

    /// What others are to see in one's hand. Who writes shows the tool for text and the one element that is
    /// written on; nothing else looks so to [`writes_on`].
    fn shown_hold(&self) -> (Tool, Vec<ElementId>) {
        if let Some(text) = &self.text {
            return (Tool::Text, vec![text.container().unwrap_or(&text.id).clone()]);
        }
        let is_held = self.tool == Tool::Text && !self.selection.is_empty();
        let tool = if is_held { Tool::Select } else { self.tool };
        (tool, self.selection.iter().take(SHOWN_ELEMENTS_MAX).cloned().collect())
    }

    /// What changed of what others are shown since the last call.
    pub(super) fn take_presence(&mut self, gesture: Gesture) -> PresencePatch {
        let (tool, selection) = self.shown_hold();
        let now = Presence {
            cursor: self.pointer.map(|at| self.camera.to_board(at).into()),
            viewport: Some(self.camera.view().into()),
            tool: tool.number(),
            selection,
            gesture,
        };
        let was = std::mem::replace(&mut self.shown, now.clone());
        PresencePatch {
            cursor: (now.cursor != was.cursor).then_some(now.cursor),
            viewport: now.viewport.filter(|_| now.viewport != was.viewport),
            tool: (now.tool != was.tool).then_some(now.tool),
            selection: (now.selection != was.selection).then_some(now.selection),
            gesture: (now.gesture != was.gesture).then_some(now.gesture),
        }
    }
}

/// The element that somebody who shows this writes on, if they do.
pub fn writes_on(presence: &Presence) -> Option<&ElementId> {
    presence.selection.first().filter(|_| presence.tool == Tool::Text.number())
}

impl Effects {
    pub(crate) fn everything(&mut self) {
        (self.scene, self.overlay, self.panels) = (true, true, true);
    }
}
