//! Where lines of text stand, and which fonts a browser is asked for.
//!
//! Lines are broken by their author's browser and only placed here: nothing measures letters.

use shared::element::{Align, Font, Style, Text, VerticalAlign};
use shared::geometry::Geometry;

use crate::display::{Item, TextLine};

/// Distance between lines, in letter heights.
pub const LINE_HEIGHT: f64 = 1.25;

/// The families of `font` as CSS wants them, best first.
pub fn font_stack(font: Font) -> &'static str {
    match font {
        Font::Hand => {
            "Excalifont, Virgil, \"Comic Sans MS\", \"Segoe Print\", \"Comic Neue\", cursive"
        }
        Font::Sans => {
            "system-ui, -apple-system, \"Segoe UI\", Roboto, Helvetica, Arial, sans-serif"
        }
        Font::Serif => "ui-serif, Georgia, Cambria, \"Times New Roman\", serif",
        Font::Mono => {
            "ui-monospace, \"Cascadia Code\", Menlo, Consolas, \"DejaVu Sans Mono\", monospace"
        }
    }
}

/// The lines of `text` around the middle of its box. Above and below they go where the text says; a box that
/// does not fit (of a program with other line heights) is missed evenly.
pub(crate) fn item(text: &Text, Geometry { w, h, .. }: Geometry, style: &Style) -> Option<Item> {
    let x = match text.align {
        Align::Left => -w / 2.0,
        Align::Center => 0.0,
        Align::Right => w / 2.0,
    };
    let line_height = text.size * LINE_HEIGHT;
    let height = line_height * text.lines.len() as f64;
    let room = (h - height).max(0.0) / 2.0;
    let top = -height / 2.0
        + match text.vertical {
            VerticalAlign::Top => -room,
            VerticalAlign::Middle => 0.0,
            VerticalAlign::Bottom => room,
        };
    let lines: Vec<_> = text
        .lines
        .iter()
        .enumerate()
        .filter(|(_, line)| !line.trim().is_empty())
        .map(|(index, line)| TextLine {
            x,
            baseline_y: top + line_height * index as f64 + text.size * baseline(text.font),
            text: line.clone(),
        })
        .collect();
    let visible = !lines.is_empty() && text.size > 0.0 && !style.stroke.is_transparent();
    visible.then_some(Item::Text {
        lines,
        size: text.size,
        font: text.font,
        color: style.stroke,
        align: text.align,
    })
}

/// From a line's top to where its letters stand, in letter heights.
fn baseline(font: Font) -> f64 {
    match font {
        Font::Hand => 0.88,
        Font::Sans | Font::Serif => 0.9,
        Font::Mono => 0.95,
    }
}
