//! Shapes that are not in the document yet, painted like those that are.

use editor::Draft;
use scene::picture_of;

use super::brush::Brush;
use super::pictures::KeptPicture;

/// Paints drafts.
pub(super) fn paint<'a>(drafts: impl Iterator<Item = &'a Draft>, brush: &mut Brush<'_>) {
    for Draft { style, geometry, shape, seed } in drafts {
        let mut picture = KeptPicture::new(picture_of(style, shape, *geometry, *seed));
        brush.picture(&mut picture, (0.0, 0.0), 1.0);
    }
}
