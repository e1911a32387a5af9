//! The marks of elements that lead somewhere: what is under the pointer, and what a click on one does.

use shared::board::Board;
use shared::element::Element;
use shared::geometry::Bounds;
use shared::id::ElementId;

use super::Editor;
use crate::camera::ScreenPoint;
use crate::effects::Effects;
use crate::gesture::Doing;
use crate::selection::near;
use crate::tool::Tool;

/// Pixels that a pointer may move between going down on a mark and going up.
const SLIP: f64 = 6.0;

impl Editor {
    /// Where the mark under the pointer leads, if one is there and a click would follow it.
    pub fn pointed_link(&self) -> Option<&str> {
        let element = self.marked_at(self.pointer?)?;
        element.link.as_deref()
    }

    /// The topmost element whose mark is at a place.
    fn marked_at(&self, at: ScreenPoint) -> Option<&Element> {
        let follows = matches!(self.tool, Tool::Select | Tool::Hand) && self.text.is_none();
        let is_free = matches!(self.doing, Doing::Nothing);
        if !follows || !is_free {
            return None;
        }
        let (at, pixel) = (self.camera.to_board(at), 1.0 / self.camera.zoom());
        let is_at = |element: &Element| {
            scene::link_mark(element, pixel).is_some_and(|mark| mark.contains_point(at))
        };
        let mut from_top = near(&self.index, Bounds::around([at])).rev();
        from_top.find(|element| is_at(element)).map(|element| &**element)
    }

    /// The pointer goes down. Whether that is on a mark.
    pub(super) fn press_link(&mut self, at: ScreenPoint) -> bool {
        let id = self.marked_at(at).map(|element| element.id.clone());
        self.pressed_link = id.map(|id: ElementId| (id, at));
        self.pressed_link.is_some()
    }

    /// The pointer goes up. If it went down on a mark, and still is about there, that is followed.
    pub(super) fn release_link(&mut self, at: ScreenPoint, board: &Board, effects: &mut Effects) {
        let Some((id, _)) = self.pressed_link.take_if(|(_, from)| from.distance(at) <= SLIP) else {
            self.pressed_link = None;
            return;
        };
        let link = board.element(&id).and_then(|element| element.link.clone());
        if let Some(link) = link {
            self.follow_link(&link, board, effects);
        }
    }
}
