//! Colors on the screen: as they are, or turned for a dark board.

use shared::color::Color;

use crate::shown::Theme;

/// The color as CSS writes it.
pub(crate) fn css(color: Color, theme: Theme) -> String {
    match theme {
        Theme::Light => color.to_string(),
        Theme::Dark => color.darkened().to_string(),
    }
}
