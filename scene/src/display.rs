//! The display list: all that a painter is told, as plain data in board units.
//!
//! Items lie around (0, 0), so a painter moves to [`Picture::origin`], turns by [`Picture::angle`] and
//! paints them as they are. They stay the same while an element is only moved or turned, and small
//! numbers keep their precision far out on the board.

use kurbo::BezPath;
use shared::color::Color;
use shared::element::{Align, Font, Image};
use shared::geometry::{BoardPoint, Bounds, Flip};

use crate::note::dark_paper;

/// How one element looks.
#[derive(Clone, PartialEq, Debug)]
pub struct Picture {
    /// The upright box on the board around everything painted, with strokes, heads and the turn.
    pub bounds: Bounds,
    /// Where on the board the items' (0, 0) lies: the middle of the element.
    pub origin: BoardPoint,
    /// Clockwise turn of the items around their (0, 0), in radians.
    pub angle: f64,
    /// Opacity of the whole, 0 to 1, on top of the colors' own.
    pub opacity: f64,
    /// What becomes of the colors below.
    pub blend: Blend,
    /// What to paint, bottom first. Nothing invisible is among them.
    pub items: Vec<Item>,
}

/// What becomes of the colors below a picture.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Blend {
    /// They are covered.
    Over,
    /// They stay readable, as under a marker: they are multiplied, on a dark board the other way round.
    Marker,
    /// They are covered by a sheet of paper, which keeps more of its color on a dark board than other areas.
    Paper,
}

impl Blend {
    /// The color that stands for `color` on a dark board.
    pub fn on_dark(self, color: Color) -> Color {
        // What is dark on a light board becomes light in any case.
        let is_light = color.r.max(color.g).max(color.b) >= 128;
        match self {
            Self::Paper if is_light => dark_paper(color),
            // It lightens what it is drawn over, in its own color.
            Self::Marker if is_light => color,
            Self::Over | Self::Marker | Self::Paper => color.darkened(),
        }
    }
}

/// One thing to paint.
#[derive(Clone, PartialEq, Debug)]
pub enum Item {
    /// An area; where the path crosses itself the nonzero rule holds.
    Fill {
        /// The area's edge.
        path: BezPath,
        /// What to fill it with.
        color: Color,
    },
    /// A line with round caps and joins.
    Stroke {
        /// The line's course.
        path: BezPath,
        /// What to draw it with.
        color: Color,
        /// In board units, more than 0.
        width: f64,
        /// Lengths of dashes and gaps in turn, in board units; empty for an unbroken line.
        dash: Vec<f64>,
    },
    /// The lines of a filling, with round caps. From afar they are the color between them: unlike a
    /// [`Item::Stroke`] they may be painted as thin as they are.
    Hatch {
        /// The lines.
        path: BezPath,
        /// What to draw them with.
        color: Color,
        /// In board units, more than 0.
        width: f64,
    },
    /// Lines of text in one font.
    Text {
        /// The lines that have letters, from the top.
        lines: Vec<TextLine>,
        /// Height of the letters, in board units.
        size: f64,
        /// The family; [`crate::font_stack`] names it for browsers.
        font: Font,
        /// What to fill the letters with.
        color: Color,
        /// Which part of a line its `x` is: its left end, middle or right end.
        align: Align,
    },
    /// A picture from a file, in a box around (0, 0).
    Image {
        /// Which, and what part of it.
        image: Box<Image>,
        /// Width of the box, in board units.
        w: f64,
        /// Height of the box, in board units.
        h: f64,
        /// How it is mirrored in the box.
        flip: Flip,
    },
    /// A thin border and a name above it, at the same size on the screen however near the board is.
    Frame {
        /// Width of the box, in board units.
        w: f64,
        /// Height of the box, in board units.
        h: f64,
        /// The name, which is no longer than the box is wide.
        name: String,
    },
}

/// A line of text and where it stands.
#[derive(Clone, PartialEq, Debug)]
pub struct TextLine {
    /// The anchor that the item's `align` speaks of.
    pub x: f64,
    /// The line that the letters stand on.
    pub baseline_y: f64,
    /// The letters, unbroken.
    pub text: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_stay_small() {
        assert!(size_of::<Item>() <= 72, "{}", size_of::<Item>());
    }
}
