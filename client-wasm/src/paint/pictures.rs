//! The picture of each element with its paths as the browser keeps them: building these costs far more
//! than painting them, so they stay until the element changes.

use std::sync::Arc;

use kurbo::{BezPath, PathEl};
use scene::{Item, Picture, Slot, picture};
use shared::element::Element;
use web_sys::Path2d;

/// Pieces of paths that are kept at most. One takes about a hundred bytes, here and in the browser.
const PIECES_MAX: usize = 400_000;

/// Elements' pictures by their slots.
#[derive(Default)]
pub(super) struct Pictures {
    kept: Vec<Option<(Arc<Element>, KeptPicture)>>,
    n_pieces: usize,
}

impl Pictures {
    /// The picture of `element`, made anew if it changed.
    pub(super) fn of(&mut self, slot: Slot, element: &Arc<Element>) -> &mut KeptPicture {
        if self.n_pieces > PIECES_MAX {
            self.forget();
        }
        let slot = slot as usize;
        if self.kept.len() <= slot {
            self.kept.resize_with(slot + 1, || None);
        }
        let place = &mut self.kept[slot];
        if let Some((_, old)) = place.take_if(|(of, _)| !Arc::ptr_eq(of, element)) {
            self.n_pieces -= old.n_pieces();
        }
        let n_pieces = &mut self.n_pieces;
        let (_, kept) = place.get_or_insert_with(|| {
            let kept = KeptPicture::new(picture(element));
            *n_pieces += kept.n_pieces();
            (Arc::clone(element), kept)
        });
        kept
    }

    /// Drops all of them.
    pub(super) fn forget(&mut self) {
        (self.kept, self.n_pieces) = Default::default();
    }
}

/// A picture with its paths, made when they are first painted.
pub(super) struct KeptPicture {
    picture: Picture,
    paths: Option<Vec<Option<Path2d>>>,
}

impl KeptPicture {
    pub(super) fn new(picture: Picture) -> Self {
        Self { picture, paths: None }
    }

    /// The picture, and a path for each of its items that has one.
    pub(super) fn painted(&mut self) -> (&Picture, &[Option<Path2d>]) {
        let items = &self.picture.items;
        let paths = self.paths.get_or_insert_with(|| items.iter().map(path_of).collect());
        (&self.picture, paths)
    }

    fn n_pieces(&self) -> usize {
        let pieces = |item: &Item| match item {
            Item::Fill { path, .. } | Item::Stroke { path, .. } | Item::Hatch { path, .. } => {
                path.elements().len()
            }
            Item::Text { .. } | Item::Image { .. } | Item::Frame { .. } => 1,
        };
        self.picture.items.iter().map(pieces).sum()
    }
}

fn path_of(item: &Item) -> Option<Path2d> {
    match item {
        Item::Fill { path, .. } | Item::Stroke { path, .. } | Item::Hatch { path, .. } => {
            browser_path(path)
        }
        Item::Text { .. } | Item::Image { .. } | Item::Frame { .. } => None,
    }
}

/// A path as the browser keeps it.
pub(super) fn browser_path(path: &BezPath) -> Option<Path2d> {
    let made = Path2d::new().ok()?;
    for piece in path.elements() {
        match *piece {
            PathEl::MoveTo(a) => made.move_to(a.x, a.y),
            PathEl::LineTo(a) => made.line_to(a.x, a.y),
            PathEl::QuadTo(a, b) => made.quadratic_curve_to(a.x, a.y, b.x, b.y),
            PathEl::CurveTo(a, b, c) => made.bezier_curve_to(a.x, a.y, b.x, b.y, c.x, c.y),
            PathEl::ClosePath => made.close_path(),
        }
    }
    Some(made)
}
