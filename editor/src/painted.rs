//! What of a tile's picture is as the board is: of a tile at the edge of the view, what is seen is painted before the
//! rest of it.

use shared::geometry::Bounds;

/// Where a tile was painted, and where it is not up to date any more.
#[derive(Clone, Copy, Debug)]
pub struct Painted {
    /// The tile.
    area: Bounds,
    /// The part of it that was painted.
    done: Bounds,
    dirty: Bounds,
}

impl Painted {
    /// Of a tile that covers `area` of the board, of which nothing was painted yet.
    pub fn nothing_of(area: Bounds) -> Self {
        Self { area, done: Bounds::EMPTY, dirty: Bounds::EMPTY }
    }

    /// Whether what is in `view` was painted and is up to date.
    pub fn shows(&self, view: Bounds) -> bool {
        self.done.contains(self.area.intersection(view)) && !self.dirty.intersects(view)
    }

    /// Whether all of it was painted and is up to date.
    pub fn is_whole(&self) -> bool {
        self.done.contains(self.area) && self.dirty.is_empty()
    }

    /// The board looks different in `place`.
    pub fn touch(&mut self, place: Bounds) {
        if self.area.intersects(place) {
            self.dirty = self.dirty.union(place.intersection(self.area));
        }
    }

    /// Where it has to be painted anew, if anywhere: from here on it is.
    pub fn take_dirty(&mut self) -> Option<Bounds> {
        let dirty = std::mem::replace(&mut self.dirty, Bounds::EMPTY);
        (!dirty.is_empty()).then_some(dirty)
    }

    /// A part of it was painted from the beginning.
    pub fn finish(&mut self, part: Bounds) {
        (self.done, self.dirty) = (part, Bounds::EMPTY);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TILE: Bounds = Bounds { x0: 0.0, y0: 0.0, x1: 100.0, y1: 100.0 };
    const CORNER: Bounds = Bounds { x0: 60.0, y0: 70.0, x1: 400.0, y1: 300.0 };

    fn at(x: f64, y: f64) -> Bounds {
        Bounds { x0: x, y0: y, x1: x + 5.0, y1: y + 5.0 }
    }

    #[test]
    fn a_part_shows_what_lies_in_it_and_is_not_the_whole() {
        let mut tile = Painted::nothing_of(TILE);
        assert!(!tile.shows(CORNER) && !tile.is_whole());
        tile.finish(CORNER.intersection(TILE));
        assert!(tile.shows(CORNER) && !tile.is_whole());
        let moved = Bounds { x0: 59.0, ..CORNER };
        assert!(!tile.shows(moved));
        tile.finish(TILE);
        assert!(tile.shows(moved) && tile.is_whole());
    }

    #[test]
    fn what_changes_out_of_view_can_wait() {
        let mut tile = Painted::nothing_of(TILE);
        tile.finish(TILE);
        tile.touch(at(10.0, 10.0));
        assert!(tile.shows(CORNER) && !tile.shows(TILE) && !tile.is_whole());
        tile.touch(at(98.0, 80.0));
        assert!(!tile.shows(CORNER));
        assert_eq!(tile.take_dirty(), Some(Bounds { x0: 10.0, y0: 10.0, x1: 100.0, y1: 85.0 }));
        assert!(tile.is_whole() && tile.take_dirty().is_none());
        tile.touch(at(110.0, 10.0));
        assert!(tile.is_whole(), "it is not on the tile");
    }
}
