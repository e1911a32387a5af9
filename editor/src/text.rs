//! Writing text: the page shows a text field where the editor says, and reports what it says.

use scene::LINE_HEIGHT;
use shared::board::Board;
use shared::element::{Align, Element, Font, NewElement, Shape, Style, StylePatch, Text};
use shared::geometry::{BoardPoint, Geometry};
use shared::id::ElementId;
use shared::limits::TEXT_MAX_BYTES;

/// How text looks, beyond its color.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct TextStyle {
    /// Height of the letters, in board units.
    pub size: f64,
    /// The family.
    pub font: Font,
    /// Where lines shorter than the box go.
    pub align: Align,
}

impl Default for TextStyle {
    fn default() -> Self {
        Self { size: 20.0, font: Font::Sans, align: Align::Left }
    }
}

impl TextStyle {
    /// The style with `patch` made.
    pub(crate) fn patched(self, patch: &StylePatch) -> Self {
        Self {
            size: patch.font_size.unwrap_or(self.size),
            font: patch.font.unwrap_or(self.font),
            align: patch.align.unwrap_or(self.align),
        }
    }

    /// The text part of an element's looks.
    pub(crate) fn of(text: &Text) -> Self {
        Self { size: text.size, font: text.font, align: text.align }
    }
}

/// Text that is being written: the page shows a text field for it.
#[derive(Clone, PartialEq, Debug)]
pub struct TextEdit {
    /// The element, on the board or about to be.
    pub id: ElementId,
    /// Where it is.
    pub geometry: Geometry,
    /// Its color and opacity.
    pub style: Style,
    /// Its letters.
    pub text_style: TextStyle,
    /// What it says. When somebody else types into it, this changes and the field must follow.
    pub value: String,
    /// Whether the board has the element.
    is_written: bool,
    /// Whether anything was typed: only then a step of undo has begun.
    is_touched: bool,
}

impl TextEdit {
    /// New text with its first line's middle at `at`.
    pub(crate) fn new(id: ElementId, at: BoardPoint, style: Style, text_style: TextStyle) -> Self {
        let height = text_style.size * LINE_HEIGHT;
        let geometry =
            Geometry { x: at.x, y: at.y - height / 2.0, w: 0.0, h: height, ..Geometry::default() };
        let value = String::new();
        Self { id, geometry, style, text_style, value, is_written: false, is_touched: false }
    }

    /// The text of an element, to be changed; `None` if it has none.
    pub(crate) fn of(element: &Element) -> Option<Self> {
        let Shape::Text(text) = &element.shape else { return None };
        Some(Self {
            id: element.id.clone(),
            geometry: element.geometry,
            style: element.style,
            text_style: TextStyle::of(text),
            value: text.value.clone(),
            is_written: true,
            is_touched: false,
        })
    }

    /// The field says something else.
    pub(crate) fn handle_typed(
        &mut self,
        value: String,
        width: f64,
        height: f64,
        board: &mut Board,
    ) {
        if !self.is_touched {
            board.begin_step();
            self.is_touched = true;
        }
        let spare = width - self.geometry.w;
        self.geometry.x -= match self.text_style.align {
            Align::Left => 0.0,
            Align::Center => spare / 2.0,
            Align::Right => spare,
        };
        (self.geometry.w, self.geometry.h) = (width, height);
        self.value = value;
        // What is longer would never get through: the field is set back to what fits.
        let end = self.value.floor_char_boundary(TEXT_MAX_BYTES);
        self.value.truncate(end);
        if self.is_written {
            let lines: Vec<String> = self.value.split('\n').map(Into::into).collect();
            board.set_text(&self.id, &self.value, &lines, self.geometry);
        } else if !self.value.trim().is_empty() {
            board.insert_as(self.id.clone(), self.element());
            self.is_written = true;
        }
    }

    /// The person is done; text of nothing goes. Whether the element stays.
    pub(crate) fn finish(self, board: &mut Board) -> bool {
        if self.is_written && self.value.trim().is_empty() {
            board.delete(&[self.id]);
            return false;
        }
        self.is_written
    }

    /// The board changed by somebody else's hand.
    pub(crate) fn handle_board_changed(&mut self, board: &Board) {
        match board.element(&self.id).and_then(|element| Self::of(element)) {
            Some(now) => {
                let is_touched = self.is_touched;
                *self = Self { is_touched, ..now };
            }
            // Somebody took it away: what is typed next brings it back.
            None => self.is_written = false,
        }
    }

    fn element(&self) -> NewElement {
        let TextStyle { size, font, align } = self.text_style;
        let text = Text {
            value: self.value.clone(),
            lines: self.value.split('\n').map(Into::into).collect(),
            size,
            font,
            align,
            ..Text::default()
        };
        NewElement::new(Some(self.geometry), self.style, Shape::Text(text))
    }
}
