//! Texts in boxes: labels in shapes, notes and on arrows, and free text whose width was chosen. How they are
//! broken into lines, and how large what they label must be for them.

use std::rc::Rc;

use scene::text_height;
use shared::board::{Around, Board, Change};
use shared::element::{Element, Font, Shape, Text};
use shared::geometry::{BoardPoint, Geometry};
use shared::id::ElementId;

use crate::wrapping::{broken, longest};

/// How wide a line of text is in a family of letters, in letter heights: the editor does not measure by
/// itself.
pub type Measure = Rc<dyn Fn(Font, &str) -> f64>;

/// Letters half as wide as high, for who has nothing to measure with.
pub(crate) fn even_letters() -> Measure {
    Rc::new(|_, text| text.chars().count() as f64 / 2.0)
}

/// A shape grows with words up to so many letter heights.
const WORD_MAX: f64 = 12.0;
/// Board units by which a line may be wider in the browser's own field.
const SPARE: f64 = 1.0;

/// A text as it stands in a box.
pub(crate) struct Fit {
    pub(crate) lines: Vec<String>,
    pub(crate) w: f64,
    pub(crate) h: f64,
}

/// Breaks what `text` says at `max` board units; without, only where it is typed so.
pub(crate) fn fit(text: &Text, value: &str, max: Option<f64>, measure: &Measure) -> Fit {
    let width = |line: &str| measure(text.font, line) * text.size;
    let max = max.unwrap_or(f64::INFINITY);
    let lines = broken(value, max, &width);
    let w = lines.iter().map(|line| width(line)).fold(0.0, f64::max).min(max);
    let h = text_height(lines.len(), text.size);
    Fit { lines, w, h }
}

/// Where `container` must be to have room for a text of this height: never lower than `least`; a note no
/// higher than it needs to be.
pub(crate) fn with_room(container: &Element, height: f64, least: f64) -> Geometry {
    let g = container.geometry;
    let Some(needed) = scene::grown(container, height) else { return g };
    let least = if matches!(container.shape, Shape::Note) { g.w } else { least };
    with_height(g, needed.max(least))
}

/// Where `container` must be so that no word of its label is cut: never narrower than `least`, its middle where it was.
pub(crate) fn with_words(
    container: &Element,
    text: &Text,
    least: f64,
    measure: &Measure,
) -> Geometry {
    let g = container.geometry;
    let word = longest(&text.value, &|line| measure(text.font, line) * text.size);
    // What is no word, as an address, is cut; as is one for which the shape would be many times as wide.
    let word = if word > text.size * WORD_MAX { 0.0 } else { word };
    let Some(needed) = scene::widened(container, word + SPARE) else { return g };
    let w = needed.max(least);
    Geometry { x: g.x - (w - g.w) / 2.0, w, ..g }
}

/// The same place with another height; what was above stays there, as seen by who is turned with it.
fn with_height(g: Geometry, h: f64) -> Geometry {
    let (sin, cos) = g.angle.sin_cos();
    let by = (h - g.h) / 2.0;
    let center = BoardPoint::new(g.center().x - sin * by, g.center().y + cos * by);
    Geometry { x: center.x - g.w / 2.0, y: center.y - h / 2.0, h, ..g }
}

/// What else changes when elements get other sizes: their labels are broken anew, and they are as high as
/// these need.
pub(crate) fn refitted(
    board: &Board,
    placed: &Element,
    measure: &Measure,
) -> Vec<(ElementId, Change)> {
    let mut changes = Vec::new();
    let mut height = 0.0;
    for label in board.labels(&placed.id) {
        let Shape::Text(text) = &label.shape else { continue };
        let Some(room) = scene::room(placed, text.size) else { continue };
        let Fit { lines, w, h } = fit(text, &text.value, Some(room.w), measure);
        height += h;
        if lines != text.lines || (w, h) != (label.geometry.w, label.geometry.h) {
            let geometry = Geometry { w, h, ..label.geometry };
            changes.push((label.id.clone(), Change::Lines(lines)));
            changes.push((label.id.clone(), Change::Place(geometry)));
        }
    }
    if height > 0.0 {
        let geometry = with_room(placed, height, placed.geometry.h);
        if geometry != placed.geometry {
            changes.push((placed.id.clone(), Change::Place(geometry)));
        }
    }
    changes
}

/// A text that is broken at the width of a box: its lines, and the box with the height that they take.
pub(crate) fn rewrapped(
    text: &Text,
    geometry: Geometry,
    measure: &Measure,
) -> (Vec<String>, Geometry) {
    let Fit { lines, h, .. } = fit(text, &text.value, Some(geometry.w), measure);
    (lines, with_height(geometry, h))
}
