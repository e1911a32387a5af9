//! The tiles of one zoom, in an element of the page that is moved and stretched as a whole.

use editor::{Grid, Painted, TILE_PX, Tile};
use shared::geometry::Bounds;
use web_sys::{Element, HtmlElement};

use super::layer::Look;
use super::sheet::Hung;
use crate::numeral::{numeral, px};
use crate::panels::Part;

/// Tiles are placed from one near the view, so that far out on the board places stay exact. Further away
/// from it than this, a level is begun anew.
const BASE_REACH: i64 = 1 << 12;

/// The tiles of one zoom.
pub(super) struct Level {
    pub(super) grid: Grid,
    /// The screen's own pixels for each CSS pixel.
    ratio: f64,
    base: Tile,
    element: HtmlElement,
    class: &'static str,
    /// Where the page was last told that it is.
    placed: Option<Look>,
    tiles: Vec<Kept>,
}

/// A tile with its picture.
struct Kept {
    tile: Tile,
    /// None where nothing is: an empty picture takes as much memory as any other.
    picture: Option<Hung>,
    painted: Painted,
    /// Whether it is on the page.
    is_hung: bool,
}

impl Level {
    /// A level without tiles, shown above what `holder` holds.
    pub(super) fn new(holder: &Element, scale: f64, ratio: f64, view: Bounds) -> Self {
        let grid = Grid::new(scale);
        let base = grid.middle(view);
        let element: HtmlElement = Part::new("div").as_element();
        holder.append_child(&element).ok();
        Self { grid, ratio, base, element, class: "", placed: None, tiles: Vec::new() }
    }

    /// Whether it can show `view` as exactly as one begun anew.
    pub(super) fn fits(&self, scale: f64, ratio: f64, view: Bounds) -> bool {
        let nearest = self.grid.middle(view);
        let is_near = (nearest.column - self.base.column).abs() < BASE_REACH
            && (nearest.row - self.base.row).abs() < BASE_REACH;
        self.grid.scale() == scale && self.ratio == ratio && is_near
    }

    /// Moves and stretches it to where the board lies on the screen.
    pub(super) fn place(&mut self, look: Look) {
        if self.placed.replace(look) == Some(look) {
            return;
        }
        let stretch = look.scale / self.grid.scale();
        let side = f64::from(TILE_PX) * stretch;
        let x = (look.x + self.base.column as f64 * side) / self.ratio;
        let y = (look.y + self.base.row as f64 * side) / self.ratio;
        // Edges that are not on whole pixels would show what is below: stretched tiles overlap a little.
        let class = if stretch == 1.0 { "" } else { "stretched" };
        if std::mem::replace(&mut self.class, class) != class {
            self.element.set_class_name(class);
        }
        let [x, y, stretch] = [x, y, stretch].map(numeral);
        let transform = format!("matrix({stretch},0,0,{stretch},{x},{y})");
        self.element.style().set_property("transform", &transform).ok();
    }

    /// Hangs the pictures in `view` on the page, and takes down the others: each one costs in every frame,
    /// seen or not.
    pub(super) fn hang(&mut self, view: Bounds) {
        for kept in &mut self.tiles {
            let Some(picture) = &kept.picture else { continue };
            let is_seen = self.grid.area(kept.tile).intersects(view);
            if std::mem::replace(&mut kept.is_hung, is_seen) != is_seen {
                if is_seen {
                    self.element.append_child(&picture.canvas).ok();
                } else {
                    picture.canvas.remove();
                }
            }
        }
    }

    /// Whether a tile has a picture that is up to date, where it is in `view`.
    pub(super) fn shows(&self, tile: Tile, view: Bounds) -> bool {
        self.kept(tile).is_some_and(|kept| kept.painted.shows(view))
    }

    /// Whether all of a tile has a picture that is up to date.
    pub(super) fn is_whole(&self, tile: Tile) -> bool {
        self.kept(tile).is_some_and(|kept| kept.painted.is_whole())
    }

    /// Whether a part of a tile was painted, or all of it.
    pub(super) fn has(&self, tile: Tile) -> bool {
        self.kept(tile).is_some()
    }

    /// What is not up to date about a tile's picture, if it has one: from here on it is.
    pub(super) fn take_dirty(&mut self, tile: Tile) -> Option<Bounds> {
        let kept = self.kept_mut(tile).filter(|kept| kept.picture.is_some())?;
        kept.painted.take_dirty()
    }

    /// The board looks different in `area`.
    pub(super) fn touch(&mut self, area: Bounds) {
        self.tiles.iter_mut().for_each(|kept| kept.painted.touch(area));
    }

    /// The picture that a tile has.
    pub(super) fn picture(&self, tile: Tile) -> Option<&Hung> {
        self.kept(tile)?.picture.as_ref()
    }

    /// All tiles that reach into `area`; those that had no picture have an empty one then.
    pub(super) fn pictured(&mut self, area: Bounds) -> Vec<Tile> {
        let grid = self.grid;
        let reaches = |kept: &&Kept| grid.area(kept.tile).intersects(area);
        let reaching: Vec<_> = self.tiles.iter().filter(reaches).map(|kept| kept.tile).collect();
        for &tile in &reaching {
            if self.picture(tile).is_none() {
                self.show(tile, Hung::new());
            }
        }
        reaching
    }

    /// The pictures that the tiles which reach into `area` have.
    pub(super) fn shown_in(&self, area: Bounds) -> impl Iterator<Item = (Tile, &Hung)> {
        let shown =
            self.tiles.iter().filter(move |kept| self.grid.area(kept.tile).intersects(area));
        shown.filter_map(|kept| Some((kept.tile, kept.picture.as_ref()?)))
    }

    /// A tile is up to date, where it is `done`.
    pub(super) fn finish(&mut self, tile: Tile, done: Bounds) {
        if let Some(kept) = self.kept_mut(tile) {
            kept.painted.finish(done);
        }
    }

    /// Gives a tile another picture, which is not hung yet, or none because nothing is there.
    pub(super) fn show(&mut self, tile: Tile, picture: Option<Hung>) {
        if let Some(picture) = &picture {
            self.put(tile, picture);
        }
        match self.kept_mut(tile) {
            Some(kept) => {
                if let Some(before) = std::mem::replace(&mut kept.picture, picture) {
                    before.canvas.remove();
                }
                kept.is_hung = false;
            }
            None => {
                let painted = Painted::nothing_of(self.grid.area(tile));
                self.tiles.push(Kept { tile, picture, painted, is_hung: false });
            }
        }
    }

    /// Tells a picture where its place on the page is.
    fn put(&self, tile: Tile, picture: &Hung) {
        let style = picture.canvas.style();
        let side = f64::from(TILE_PX) / self.ratio;
        for (name, length) in [
            ("left", (tile.column - self.base.column) as f64 * side),
            ("top", (tile.row - self.base.row) as f64 * side),
            ("width", side),
            ("height", side),
        ] {
            style.set_property(name, &px(length)).ok();
        }
    }

    /// Drops the pictures of tiles that are far from `view`.
    pub(super) fn drop_far(&mut self, view: Bounds) {
        let grid = self.grid;
        self.tiles.retain(|kept| !grid.is_far(kept.tile, view));
    }

    fn kept(&self, tile: Tile) -> Option<&Kept> {
        self.tiles.iter().find(|kept| kept.tile == tile)
    }

    fn kept_mut(&mut self, tile: Tile) -> Option<&mut Kept> {
        self.tiles.iter_mut().find(|kept| kept.tile == tile)
    }
}

impl Drop for Level {
    fn drop(&mut self) {
        self.element.remove();
    }
}
