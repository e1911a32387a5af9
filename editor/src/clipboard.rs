//! Copies through the clipboard: between boards, and to and from Excalidraw, whose format the clipboard
//! holds. Who calls the editor reads and writes that. Text that is no drawing becomes a text element.

use std::sync::Arc;

use shared::board::Board;
use shared::element::{Element, NewElement, Shape, Text};
use shared::geometry::Geometry;
use shared::id::ElementId;
use shared::limits::TEXT_MAX_BYTES;

use crate::carry::carried;
use crate::editor::{Editor, extent_of};
use crate::effects::Effects;
use crate::label::{Fit, fit};
use crate::selection::{Selection, labeled};

/// What was pasted.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Pasted {
    /// The text itself.
    pub text: String,
    /// The elements of the drawing that the text is, by their ids there; none if it is no drawing.
    pub drawing: Vec<(ElementId, NewElement)>,
}

impl Editor {
    /// What is chosen, for the clipboard, bottom first; empty if nothing is.
    pub fn copied(&self, board: &Board) -> Vec<(ElementId, NewElement)> {
        let chosen: Selection = self.selection().cloned().collect();
        let carried = carried(board, &chosen);
        let elements = board.elements().filter(|element| carried.contains(&element.id));
        elements.map(|element| (element.id.clone(), NewElement::copy_of(element))).collect()
    }

    /// Puts what was on the clipboard where the pointer is, or in the middle of the screen, as one step.
    #[inline(never)]
    pub(crate) fn paste(
        &mut self,
        Pasted { text, drawing }: Pasted,
        is_text: bool,
        board: &mut Board,
        effects: &mut Effects,
    ) {
        let middle = self.place_for_new();
        let mut elements = drawing;
        if is_text || elements.is_empty() {
            let Some(text) = self.text_of(&text) else { return };
            elements = vec![(board.new_id(), text)];
        }
        let from = extent_of(&elements).center();
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
