//! The lines that a course may run along, and the cheapest way along them.

use shared::geometry::{BoardPoint, Bounds};

use super::terminal::{SIDES, Side};
use super::{BESIDE, CORNER};

/// Places from the lowest to the highest, each once.
pub(super) fn in_order(places: Vec<(f64, bool)>) -> Vec<(f64, bool)> {
    let mut ordered: Vec<(f64, bool)> = Vec::new();
    for place in places {
        match ordered.iter_mut().find(|it| (it.0 - place.0).abs() < 1e-6) {
            Some(same) => same.1 |= place.1,
            None => {
                let at = ordered.partition_point(|it| it.0 < place.0);
                ordered.insert(at, place);
            }
        }
    }
    ordered
}

/// The lines that a course may run along.
pub(super) struct Lines {
    /// Places across, with whether each is halfway.
    xs: Vec<(f64, bool)>,
    /// Places down.
    ys: Vec<(f64, bool)>,
    from: Stretch,
    to: Stretch,
}

/// An end of what is looked for, where it is clear of what it is bound to.
pub(super) struct Stretch {
    pub(super) at: BoardPoint,
    /// From where the way to the other end is measured.
    pub(super) begins: BoardPoint,
    /// The way it leaves on.
    pub(super) side: Option<Side>,
    /// What it is bound to.
    pub(super) obstacle: Bounds,
    /// What the course may not cross; empty if nothing.
    pub(super) wall: Bounds,
}

impl Lines {
    /// The lines between `from` and `to` and around what they are bound to, each where it begins and ends, with
    /// what it may not cross.
    pub(super) fn new(from: Stretch, to: Stretch) -> Self {
        let sides =
            |low: fn(&Bounds) -> f64, high: fn(&Bounds) -> f64, of: fn(BoardPoint) -> f64| {
                let mut places = vec![(of(from.at), false), (of(to.at), false)];
                let both = [&from, &to].into_iter().filter(|it| !it.wall.is_empty());
                let bounds: Vec<_> = both.clone().map(|it| &it.obstacle).collect();
                for wall in both.map(|it| &it.wall) {
                    places.extend([(low(wall), false), (high(wall), false)]);
                }
                let halfway = match bounds[..] {
                    [a, b] if high(a) < low(b) => f64::midpoint(high(a), low(b)),
                    [a, b] if high(b) < low(a) => f64::midpoint(high(b), low(a)),
                    _ => f64::midpoint(of(from.begins), of(to.begins)),
                };
                places.push((halfway, true));
                in_order(places)
            };
        let xs = sides(|b| b.x0, |b| b.x1, |at| at.x);
        let ys = sides(|b| b.y0, |b| b.y1, |at| at.y);
        Self { xs, ys, from, to }
    }

    /// The cheapest way along the lines; `None` if the obstacles leave none.
    pub(super) fn course(&self) -> Option<Vec<BoardPoint>> {
        let (start, end) = (self.from.at, self.to.at);
        let (n_x, n_y) = (self.xs.len(), self.ys.len());
        let index = |places: &[(f64, bool)], at: f64| {
            places.iter().position(|(place, _)| (place - at).abs() < 1e-6)
        };
        let state = |x: usize, y: usize, side: usize| (y * n_x + x) * 4 + side;
        let goal = (index(&self.xs, end.x)?, index(&self.ys, end.y)?);
        let (x, y) = (index(&self.xs, start.x)?, index(&self.ys, start.y)?);
        // For each place and way to go there: what it costs, where one comes from, whether that is final.
        let mut known = vec![(f64::INFINITY, usize::MAX, false); n_x * n_y * 4];
        let is_wide = (end.x - start.x).abs() >= (end.y - start.y).abs();
        for (side, way) in SIDES.iter().enumerate() {
            if self.from.side.is_none_or(|only| only == *way) {
                let is_across = way.step().1 == 0.0;
                known[state(x, y, side)].0 = if is_across == is_wide { 0.0 } else { 0.5 };
            }
        }
        loop {
            let open = known.iter().enumerate().filter(|(_, it)| !it.2 && it.0.is_finite());
            let (at, &(cost, ..)) = open.min_by(|a, b| a.1.0.total_cmp(&b.1.0))?;
            known[at].2 = true;
            let (x, y, side) = (at / 4 % n_x, at / 4 / n_x, at % 4);
            if (x, y) == goal && self.to.side.is_none_or(|out| side == (out as usize + 2) % 4) {
                return Some(self.walked_back(&known, at, n_x));
            }
            let mut offer = |to: usize, cost: f64| {
                if cost < known[to].0 {
                    known[to] = (cost, at, false);
                }
            };
            offer(state(x, y, (side + 1) % 4), cost + CORNER);
            offer(state(x, y, (side + 3) % 4), cost + CORNER);
            let (dx, dy) = SIDES[side].step();
            let (Some(next_x), Some(next_y)) =
                (x.checked_add_signed(dx as isize), y.checked_add_signed(dy as isize))
            else {
                continue;
            };
            let (Some(to_x), Some(to_y)) = (self.xs.get(next_x), self.ys.get(next_y)) else {
                continue;
            };
            let a = BoardPoint::new(self.xs[x].0, self.ys[y].0);
            let b = BoardPoint::new(to_x.0, to_y.0);
            // The edge of the free space may be walked along, but not crossed.
            let way = Bounds::from_corners(a, b);
            let is_shut = |wall: &Bounds| !wall.is_empty() && way.intersects(wall.inflated(-1e-3));
            if !is_shut(&self.from.wall) && !is_shut(&self.to.wall) {
                let is_halfway = if dy == 0.0 { to_y.1 } else { to_x.1 };
                let beside = if is_halfway { 0.0 } else { BESIDE };
                offer(state(next_x, next_y, side), cost + a.distance(b) * (1.0 + beside));
            }
        }
    }

    fn walked_back(
        &self,
        known: &[(f64, usize, bool)],
        mut at: usize,
        n_x: usize,
    ) -> Vec<BoardPoint> {
        let mut points = Vec::new();
        while at != usize::MAX {
            let (x, y) = (at / 4 % n_x, at / 4 / n_x);
            points.push(BoardPoint::new(self.xs[x].0, self.ys[y].0));
            at = known[at].1;
        }
        points.reverse();
        points
    }
}
