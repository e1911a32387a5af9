//! Choosing by a loop: everything that it goes around or through, added to what was chosen if Shift was
//! held.

use scene::Index;
use shared::board::Board;
use shared::element::Element;
use shared::geometry::{BoardPoint, Bounds};

use crate::selection::{Selection, caught, near};

/// Pixels between two corners of the loop: smaller steps of the hand are left out.
const STEP: f64 = 4.0;

/// A loop being drawn.
pub(crate) struct Lasso {
    points: Vec<BoardPoint>,
    /// What stays chosen whatever the loop goes around: what was chosen before, and what it went through.
    kept: Selection,
}

impl Lasso {
    pub(crate) fn begin(from: BoardPoint, kept: Selection) -> Self {
        Self { points: vec![from], kept }
    }

    /// The loop goes on to `to`; the answer is what is chosen now.
    pub(crate) fn drag(
        &mut self,
        to: BoardPoint,
        zoom: f64,
        board: &Board,
        index: &Index,
        entered: Option<&str>,
    ) -> Selection {
        let from = self.points.last().copied().unwrap_or(to);
        // A fast hand leaves wide gaps between two samples.
        let n_steps = (from.distance(to) * zoom / STEP).min(200.0) as u32;
        for step in 1..=n_steps {
            let part = f64::from(step) / f64::from(n_steps);
            let at = |a: f64, b: f64| a + (b - a) * part;
            self.points.push(BoardPoint::new(at(from.x, to.x), at(from.y, to.y)));
        }
        let new = &self.points[self.points.len() - n_steps as usize..];
        let passed = Bounds::around(new.iter().copied()).inflated(STEP / zoom);
        let is_crossed = |element: &Element| {
            passed.intersects(element.geometry.turned_bounds().inflated(element.style.width))
                && new.iter().any(|&at| scene::hits(element, at, STEP / zoom))
        };
        let crossed = caught(board, near(index, passed), entered, is_crossed);
        self.kept.extend(crossed);
        let bounds = Bounds::around(self.points.iter().copied());
        let is_around = |element: &Element| {
            let corners = element.geometry.corners();
            bounds.contains(Bounds::around(corners))
                && corners.iter().all(|&corner| self.is_around(corner))
        };
        let mut chosen = caught(board, near(index, bounds), entered, is_around);
        chosen.extend(self.kept.iter().cloned());
        chosen
    }

    /// The loop so far; it closes from its end to its beginning.
    pub(crate) fn points(&self) -> &[BoardPoint] {
        &self.points
    }

    /// Whether a ray from `at` to the right leaves the loop: it crosses it an odd number of times.
    fn is_around(&self, at: BoardPoint) -> bool {
        let ends = self.points.iter().skip(1).chain(self.points.first());
        let crosses = |(a, b): &(&BoardPoint, &BoardPoint)| {
            (a.y > at.y) != (b.y > at.y) && at.x < a.x + (at.y - a.y) / (b.y - a.y) * (b.x - a.x)
        };
        self.points.iter().zip(ends).filter(crosses).count() % 2 == 1
    }
}
