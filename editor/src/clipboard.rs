//! Copies through the clipboard, as text in Excalidraw's format: between boards, and to and from
//! Excalidraw itself. Text that is none becomes a text element.

use std::sync::Arc;

use shared::board::Board;
use shared::element::{Element, NewElement, Shape, Text};
use shared::excalidraw::{self, Format};
use shared::geometry::{Bounds, Geometry};
use shared::id::ElementId;
use shared::limits::TEXT_MAX_BYTES;

use crate::editor::Editor;
use crate::effects::Effects;
use crate::label::{Fit, fit};
use crate::placing::carried;
use crate::selection::{Selection, labeled};

/// Letters that any text in Excalidraw's format has, to leave other texts alone quickly.
const MARK: &str = "\"excalidraw";

impl Editor {
    /// What is chosen as text for the clipboard; `None` if nothing is.
    pub fn copied(&self, board: &Board) -> Option<String> {
        let chosen: Selection = self.selection().cloned().collect();
        let carried = carried(board, &chosen);
        let elements = board.elements().filter(|element| carried.contains(&element.id));
        let text = excalidraw::export(elements.map(AsRef::as_ref), Format::Clipboard);
        (!carried.is_empty()).then_some(text)
    }

    /// Puts what was on the clipboard where the pointer is, or in the middle of the screen, as one step.
    pub(crate) fn paste(
        &mut self,
        pasted: &str,
        is_text: bool,
        board: &mut Board,
        effects: &mut Effects,
    ) {
        let middle = self.place_for_new();
        let read = || excalidraw::import(pasted).ok().map(|import| import.elements);
        let is_drawing = !is_text && pasted.contains(MARK);
        let mut elements = match read().filter(|elements| is_drawing && !elements.is_empty()) {
            Some(elements) => elements,
            None => match self.text_of(pasted) {
                Some(text) => vec![(board.new_id(), text)],
                None => return,
            },
        };
        let reach = |new: &NewElement| new.place().turned_bounds();
        let bounds = elements.iter().map(|(_, new)| reach(new)).fold(Bounds::EMPTY, Bounds::union);
        let from = bounds.center();
        let (dx, dy) = ((middle.x - from.x).round(), (middle.y - from.y).round());
        for (_, new) in &mut elements {
            new.geometry = Some(new.place().moved(dx, dy));
        }
        board.begin_step();
        let ids = board.insert_copies(elements);
        // Labels are chosen with what they label, and what lies in a frame with it.
        let is_own = |id: &&ElementId| {
            let is_own = |it: &Arc<Element>| {
                labeled(board, it).is_none() && it.frame.as_ref().is_none_or(|it| !ids.contains(it))
            };
            board.element(id).is_some_and(is_own)
        };
        self.take_up(ids.iter().filter(is_own).cloned());
        effects.everything();
    }

    fn text_of(&self, pasted: &str) -> Option<NewElement> {
        let mut value = pasted.replace('\r', "");
        value.truncate(value.floor_char_boundary(TEXT_MAX_BYTES));
        if value.trim().is_empty() {
            return None;
        }
        let (style, text_style) = self.style_for_new();
        let (size, font, align) = (text_style.size, text_style.font, text_style.align);
        let text = Text { size, font, align, ..Text::default() };
        let Fit { lines, w, h } = fit(&text, &value, None, self.letters());
        let text = Text { value, lines, ..text };
        let geometry = Geometry { w, h, ..Geometry::default() };
        Some(NewElement::new(Some(geometry), style, Shape::Text(text)))
    }
}
