//! Which squares of the board a screen shows: pictures of them are kept, and panning moves these.

use shared::geometry::{BoardPoint, Bounds};

/// Sides of a tile, in the screen's own pixels.
pub const TILE_PX: u32 = 512;

/// Tiles further from the view than this many of the screen's own pixels are not wanted yet.
const AHEAD_PX: f64 = 200.0;

/// Tiles further from the view than this many columns or rows are not wanted any more.
const MARGIN: i64 = 1;

/// A square of the board: its column and row in a grid whose corner is the board's origin.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Tile {
    /// Columns to the right.
    pub column: i64,
    /// Rows down.
    pub row: i64,
}

/// The board cut into tiles.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Grid {
    /// The screen's own pixels for each board unit.
    scale: f64,
}

impl Grid {
    /// The grid for looking with so many of the screen's own pixels for each board unit, more than 0.
    pub fn new(scale: f64) -> Self {
        Self { scale }
    }

    /// The screen's own pixels for each board unit.
    pub fn scale(self) -> f64 {
        self.scale
    }

    /// The part of the board on a tile.
    pub fn area(self, tile: Tile) -> Bounds {
        let side = f64::from(TILE_PX) / self.scale;
        let corner = |x: i64, y: i64| BoardPoint::new(x as f64 * side, y as f64 * side);
        let Tile { column, row } = tile;
        Bounds::from_corners(corner(column, row), corner(column + 1, row + 1))
    }

    /// The tile at the middle of `view`.
    pub fn middle(self, view: Bounds) -> Tile {
        let middle = view.center();
        let (column, row, ..) = self.span(Bounds::around([middle]));
        Tile { column, row }
    }

    /// Of the tiles that `view` touches and that are `wanted`, the nearest to its middle.
    pub fn next_seen(self, view: Bounds, wanted: impl Fn(Tile) -> bool) -> Option<Tile> {
        self.nearest(view, view, wanted)
    }

    /// The same with those around it, which are soon seen when it moves.
    pub fn next_near(self, view: Bounds, wanted: impl Fn(Tile) -> bool) -> Option<Tile> {
        self.nearest(view, view.inflated(AHEAD_PX / self.scale), wanted)
    }

    /// Whether a tile is so far from `view` that its picture need not be kept.
    pub fn is_far(self, tile: Tile, view: Bounds) -> bool {
        let (x0, y0, x1, y1) = self.span(view);
        let is_near = |at: i64, low: i64, high: i64| (low - MARGIN..=high + MARGIN).contains(&at);
        !is_near(tile.column, x0, x1) || !is_near(tile.row, y0, y1)
    }

    /// Of the tiles that `area` touches, the nearest to the middle of `view`.
    fn nearest(self, view: Bounds, area: Bounds, wanted: impl Fn(Tile) -> bool) -> Option<Tile> {
        let (x0, y0, x1, y1) = self.span(area);
        let mut best: Option<(f64, Tile)> = None;
        for row in y0..=y1 {
            for column in x0..=x1 {
                let tile = Tile { column, row };
                let distance = self.area(tile).center().distance(view.center());
                if best.is_none_or(|(least, _)| distance < least) && wanted(tile) {
                    best = Some((distance, tile));
                }
            }
        }
        best.map(|(_, tile)| tile)
    }

    /// The first and last columns and rows that `view` touches.
    fn span(self, view: Bounds) -> (i64, i64, i64, i64) {
        let of = |v: f64| (v * self.scale / f64::from(TILE_PX)).floor() as i64;
        (of(view.x0), of(view.y0), of(view.x1), of(view.y1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const VIEW: Bounds = Bounds { x0: -100.0, y0: 10.0, x1: 1200.0, y1: 900.0 };

    /// All tiles in the order in which they come when each is wanted once.
    fn all(next: impl Fn(&dyn Fn(Tile) -> bool) -> Option<Tile>) -> Vec<Tile> {
        let mut all = Vec::new();
        while let Some(tile) = next(&|tile| !all.contains(&tile)) {
            all.push(tile);
        }
        all
    }

    #[test]
    fn the_tiles_of_a_view_cover_it_and_begin_at_its_middle() {
        let grid = Grid::new(1.0);
        let seen = all(|wanted| grid.next_seen(VIEW, wanted));
        assert_eq!(seen.len(), 4 * 2);
        let whole = seen.iter().map(|&tile| grid.area(tile)).fold(Bounds::EMPTY, Bounds::union);
        assert!(whole.contains(VIEW));
        assert_eq!(grid.middle(VIEW), seen[0]);
        let distance = |tile: &Tile| grid.area(*tile).center().distance(VIEW.center());
        assert!(seen.is_sorted_by(|a, b| distance(a) <= distance(b)), "{seen:?}");
    }

    #[test]
    fn those_around_it_are_kept_and_those_beyond_are_far() {
        let grid = Grid::new(2.0);
        let near = all(|wanted| grid.next_near(VIEW, wanted));
        // -200..2400 by 20..1800 pixels, and 200 more on each side.
        assert_eq!(near.len(), (1 + 6) * (1 + 4));
        assert!(near.iter().all(|tile| !grid.is_far(*tile, VIEW)));
        let last = near.iter().map(|it| it.column).max().unwrap_or_default();
        assert!(!grid.is_far(Tile { column: last, row: -1 }, VIEW));
        assert!(grid.is_far(Tile { column: last + 2, row: 0 }, VIEW));
    }
}
