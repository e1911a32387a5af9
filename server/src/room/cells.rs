//! The board in squares: in a large room a member is sent at once only what happens in those that it
//! sees.

use shared::geometry::BoardPoint;
use shared::presence::Viewport;

/// Side of a cell, in board units: a screen at 100 % covers about two.
const CELL_UNITS: f64 = 2048.0;

/// A square of the board, by column and row.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub(super) struct Cell(i32, i32);

impl Cell {
    pub(super) fn of(point: BoardPoint) -> Self {
        // `as` saturates; shown points are small enough anyway.
        let index = |units: f64| (units / CELL_UNITS).floor() as i32;
        Self(index(point.x), index(point.y))
    }

    /// Whether any of it is in view.
    pub(super) fn is_in(self, Viewport(one, other): Viewport) -> bool {
        let (one, other) = (Self::of(one.into()), Self::of(other.into()));
        let lies = |it: i32, a: i32, b: i32| (a.min(b)..=a.max(b)).contains(&it);
        lies(self.0, one.0, other.0) && lies(self.1, one.1, other.1)
    }
}

#[cfg(test)]
mod tests {
    use shared::geometry::Bounds;

    use super::*;

    #[test]
    fn a_view_has_the_cells_that_it_touches() {
        let view = Viewport::from(Bounds { x0: -100.0, y0: 0.0, x1: 2100.0, y1: 900.0 });
        let is_in = |x, y| Cell::of(BoardPoint::new(x, y)).is_in(view);
        assert!(is_in(-2000.0, 2000.0) && is_in(4000.0, 5.0));
        assert!(!is_in(-2100.0, 5.0) && !is_in(5.0, -1.0) && !is_in(5.0, 2048.0));
        let Viewport(a, b) = view;
        assert!(Cell::of(BoardPoint::new(0.0, 0.0)).is_in(Viewport(b, a)), "any two corners");
    }
}
