//! Colors on the screen: as they are, or turned for a dark board.

use shared::color::Color;

use crate::shown::Theme;

/// The color as CSS writes it.
pub(crate) fn css(color: Color, theme: Theme) -> String {
    match theme {
        Theme::Light => color.to_string(),
        Theme::Dark => darkened(color).to_string(),
    }
}

/// What is painted in a color: on a dark board it matters.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Tint {
    /// Lines, letters, areas.
    Plain,
    /// A sheet of paper.
    Paper,
    /// A marker's line, which lets light shine through.
    Marker,
}

/// The color of a thing, as CSS writes it.
pub(super) fn tinted(color: Color, tint: Tint, theme: Theme) -> String {
    // What is dark on a light board becomes light in any case.
    let is_light = color.r.max(color.g).max(color.b) >= 128;
    match (theme, tint) {
        (Theme::Dark, Tint::Paper) if is_light => scene::dark_paper(color).to_string(),
        // It lightens what it is drawn over, in its own color.
        (Theme::Dark, Tint::Marker) if is_light => color.to_string(),
        _ => css(color, theme),
    }
}

/// The color for a dark board: light and dark change places and the hue stays, so that black ink is
/// readable and red stays red. The same as the CSS filters `invert(93%) hue-rotate(180deg)`.
fn darkened(color: Color) -> Color {
    let invert = |channel: u8| f64::from(channel) * (1.0 - 2.0 * 0.93) + 255.0 * 0.93;
    let [r, g, b] = [color.r, color.g, color.b].map(invert);
    // Turning the hue by half a circle: the matrix that the filter effects standard gives.
    let turned = [
        -0.574 * r + 1.430 * g + 0.144 * b,
        0.426 * r + 0.430 * g + 0.144 * b,
        0.426 * r + 1.430 * g - 0.856 * b,
    ];
    let [r, g, b] = turned.map(|channel| channel.round().clamp(0.0, 255.0) as u8);
    Color { r, g, b, a: color.a }
}
