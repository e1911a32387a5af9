//! Shapes that are not in the document yet, painted like those that are.

use editor::Draft;
use scene::picture_of;
use web_sys::CanvasRenderingContext2d;

use super::pictures::KeptPicture;
use crate::shown::Theme;

/// Paints drafts in board units.
pub(super) fn paint<'a>(
    context: &CanvasRenderingContext2d,
    drafts: impl Iterator<Item = &'a Draft>,
    theme: Theme,
) {
    for Draft { style, geometry, shape } in drafts {
        let mut picture = KeptPicture::new(picture_of(style, shape, *geometry));
        picture.paint(context, (0.0, 0.0), 1.0, theme);
    }
}
