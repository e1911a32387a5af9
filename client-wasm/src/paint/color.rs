//! Colors on the screen: as they are, or turned for a dark board.

use scene::Blend;
use shared::color::Color;

use crate::shown::Theme;

/// The color as CSS writes it.
pub(crate) fn css(color: Color, theme: Theme) -> String {
    match theme {
        Theme::Light => color.to_string(),
        Theme::Dark => color.darkened().to_string(),
    }
}

/// The color of what is painted so, as CSS writes it.
pub(crate) fn blended(color: Color, blend: Blend, theme: Theme) -> String {
    seen_as(color, blend, theme).to_string()
}

/// The color that what is painted so has on the screen.
pub(super) fn seen_as(color: Color, blend: Blend, theme: Theme) -> Color {
    match theme {
        Theme::Light => color,
        Theme::Dark => blend.on_dark(color),
    }
}
