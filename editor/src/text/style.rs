//! How text looks.

use shared::element::{Align, Font, StylePatch, Text};

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
