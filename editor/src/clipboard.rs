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

/// Text that is wider than half of what is seen, and than this in board units, is broken into lines: at the least and at
/// the most.
const WIDTH_MAX: (f64, f64) = (200.0, 800.0);

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
        let is_text = is_text || elements.is_empty();
        if is_text {
            let Some(text) = self.text_of(&text) else { return };
            elements = vec![(board.new_id(), text)];
        }
        let extent = extent_of(&elements);
        let from = extent.center();
        let (mut dx, mut dy) = ((middle.x - from.x).round(), (middle.y - from.y).round());
        if is_text {
            // As wide as it is, half of it would lie under the panel that comes with it.
            let (more_x, more_y) = self.way_into_view(extent, (dx, dy));
            (dx, dy) = (dx + more_x.round(), dy + more_y.round());
        }
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

    /// An address leads where it says. Of a table's cells, spaces keep apart what lies beside each other.
    fn text_of(&self, pasted: &str) -> Option<NewElement> {
        let mut value = pasted.replace('\r', "").replace('\t', "    ");
        value.truncate(value.floor_char_boundary(TEXT_MAX_BYTES));
        // Whole lines are copied with the break after the last one.
        value.truncate(value.trim_end().len());
        if value.is_empty() {
            return None;
        }
        let (style, text_style) = self.style_for_new();
        let (size, font, align) = (text_style.size, text_style.font, text_style.align);
        let mut text = Text { size, font, align, ..Text::default() };
        let mut place = fit(&text, &value, None, self.letters());
        let max = (self.camera().view().width() / 2.0).clamp(WIDTH_MAX.0, WIDTH_MAX.1);
        if place.w > max {
            place = fit(&text, &value, Some(max), self.letters());
            text.wraps = true;
        }
        let Fit { lines, w, h } = place;
        let geometry = Geometry { w, h, ..Geometry::default() };
        let link = Some(&*value).filter(|it| is_address(it)).map(str::to_owned);
        let text = Text { value, lines, ..text };
        Some(NewElement { link, ..NewElement::new(Some(geometry), style, Shape::Text(text)) })
    }
}

/// Whether a text is an address of the web and nothing else.
fn is_address(text: &str) -> bool {
    let is_plain = |letter: char| !letter.is_whitespace() && !letter.is_control();
    (text.starts_with("https://") || text.starts_with("http://")) && text.chars().all(is_plain)
}
