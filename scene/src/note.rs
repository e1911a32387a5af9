//! Sticky notes: a sheet of its fill's color with a soft edge below.

use kurbo::BezPath;
use shared::color::Color;
use shared::element::Style;
use shared::geometry::Geometry;

use crate::display::Item;

/// The color of a sheet whose style has none.
pub const NOTE_YELLOW: Color = Color::rgb(0xffec99);
/// Of the shadow: in the middle between light and dark, for boards of both.
const SHADOW: Color = Color { r: 128, g: 128, b: 128, a: 22 };
/// Of the edge all around, by which a sheet is seen on another one of its color: dark on a light board, light on a dark
/// one.
const RIM: Color = Color { r: 96, g: 96, b: 96, a: 44 };
/// How far the shadow's layers reach beyond the sheet's sides and below it, in board units. There are a
/// few layers because blurring costs more than all else on a board.
const LAYERS: [(f64, f64); 4] = [(0.5, 2.0), (0.0, 3.0), (-1.5, 4.5), (-3.0, 6.0)];

/// A sheet of this size around (0, 0).
pub(crate) fn items(style: &Style, geometry: Geometry) -> Vec<Item> {
    let (x, y) = (geometry.w / 2.0, geometry.h / 2.0);
    let sheet = |aside: f64, (above, below): (f64, f64), color| {
        let (left, right, top, bottom) = (-x - aside, x + aside, -y - above, y + below);
        let mut path = BezPath::new();
        path.move_to((left, top));
        path.line_to((right, top));
        path.line_to((right, bottom));
        path.line_to((left, bottom));
        path.close_path();
        Item::Fill { path, color }
    };
    let mut items = vec![sheet(1.0, (1.0, 1.0), RIM)];
    items.extend(LAYERS.into_iter().map(|(aside, below)| sheet(aside, (0.0, below), SHADOW)));
    items.push(sheet(0.0, (0.0, 0.0), color(style)));
    items
}

/// What color its sheet has.
pub fn color(style: &Style) -> Color {
    if style.fill.is_transparent() { NOTE_YELLOW } else { style.fill }
}

/// How far above its box a frame's name may stand, in board units: it is written at the same size on the
/// screen however far away the frame is.
pub const FRAME_REACH: f64 = 240.0;

/// How light dark paper is at most: light letters are read on it.
const DARK_PAPER_LIGHT: f64 = 0.12;

/// A light sheet of paper on a dark board: of the same hue, dark, and with far more color than a pastel tone that
/// is turned around.
pub(crate) fn dark_paper(color: Color) -> Color {
    let channels = [color.r, color.g, color.b].map(f64::from);
    let most = channels.into_iter().fold(0.0, f64::max);
    let least = channels.into_iter().fold(255.0, f64::min);
    let strength = (4.0 * (most - least) / most.max(1.0)).min(1.0);
    let mut hue = channels.map(|it| (it - least) / (most - least).max(1.0));
    if color.r >= color.g {
        // Dark yellow is olive; amber is what one expects.
        hue[1] *= 0.77;
    }
    let dark = hue.map(|it| (62.0 - 24.0 * strength + 100.0 * strength * it) / 255.0);
    let light: f64 = dark.iter().zip([0.21, 0.72, 0.07]).map(|(it, share)| it * it * share).sum();
    let scale = (DARK_PAPER_LIGHT / light).sqrt().min(1.0) * 255.0;
    let [r, g, b] = dark.map(|it| (it * scale).round() as u8);
    Color { r, g, b, a: color.a }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By the guidelines for accessible contents: 4.5 is wanted, 7 is much.
    fn contrast(one: Color, other: Color) -> f64 {
        let light = |color: Color| {
            let linear = |channel: u8| {
                let part = f64::from(channel) / 255.0;
                if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
            };
            0.2126 * linear(color.r) + 0.7152 * linear(color.g) + 0.0722 * linear(color.b) + 0.05
        };
        let (one, other) = (light(one), light(other));
        one.max(other) / one.min(other)
    }

    #[test]
    fn letters_are_read_on_dark_paper_of_any_light_color() {
        // What ink becomes on a dark board.
        let ink = Color::rgb(0xd3d3d3);
        let mut n_tried = 0;
        for r in (0..=255).step_by(15) {
            for g in (0..=255).step_by(15) {
                for b in (0..=255).step_by(15) {
                    if r.max(g).max(b) >= 128 {
                        let paper = dark_paper(Color { r, g, b, a: 255 });
                        let contrast = contrast(ink, paper);
                        assert!(contrast > 4.4, "{r} {g} {b} is {paper}: {contrast}");
                        n_tried += 1;
                    }
                }
            }
        }
        assert!(n_tried > 4_000);
    }

    #[test]
    fn yellow_paper_is_amber_in_the_dark_and_white_is_gray() {
        assert_eq!(dark_paper(Color::rgb(0xffec99)), Color::rgb(0x72531f));
        assert_eq!(dark_paper(Color::rgb(0xffffff)), Color::rgb(0x3e3e3e));
    }
}
