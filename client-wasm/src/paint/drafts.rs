//! Shapes that are not in the document yet, painted like those that are.

use editor::Draft;
use scene::picture_of;
use web_sys::CanvasRenderingContext2d;

use super::brush::Brush;
use super::layer::Look;
use super::pictures::KeptPicture;
use crate::shown::Theme;

/// Paints drafts onto a canvas on which the board lies as `look` says.
pub(super) fn paint<'a>(
    context: &CanvasRenderingContext2d,
    drafts: impl Iterator<Item = &'a Draft>,
    look: Look,
    theme: Theme,
) {
    let mut brush = Brush::new(context, look, theme);
    for Draft { style, geometry, shape, seed } in drafts {
        let mut picture = KeptPicture::new(picture_of(style, shape, *geometry, *seed));
        brush.picture(&mut picture, (0.0, 0.0), 1.0);
    }
}
