//! The course of an elbow arrow: across and down only, around what its ends are bound to, with as few
//! corners as possible; of those the shortest, and of those one that turns halfway.

use shared::element::{Binding, Element};
use shared::geometry::{BoardPoint, Bounds};

use super::end::{focus, rim};

/// Board units that a course keeps from what it goes around.
const CLEARANCE: f64 = 20.0;
/// What a corner costs, in board units of way.
const CORNER: f64 = 1e7;
/// What a unit of way costs more that does not run halfway between the ends.
const BESIDE: f64 = 1e-3;
/// Nearer to the middle than this part of the box, a place means the whole element.
const MIDDLE: f64 = 0.1;

/// The four ways to go.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Side {
    Right,
    Down,
    Left,
    Up,
}

const SIDES: [Side; 4] = [Side::Right, Side::Down, Side::Left, Side::Up];

impl Side {
    fn step(self) -> (f64, f64) {
        match self {
            Self::Right => (1.0, 0.0),
            Self::Down => (0.0, 1.0),
            Self::Left => (-1.0, 0.0),
            Self::Up => (0.0, -1.0),
        }
    }

    /// The side of a box with these halves that a way from its middle by `dx`, `dy` leaves it on.
    fn towards(dx: f64, dy: f64, (half_w, half_h): (f64, f64)) -> Self {
        if dx.abs() * half_h >= dy.abs() * half_w {
            if dx < 0.0 { Self::Left } else { Self::Right }
        } else if dy < 0.0 {
            Self::Up
        } else {
            Self::Down
        }
    }
}

/// An end of a course.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Terminal {
    pub(super) at: BoardPoint,
    /// The way it leaves what it is bound to.
    pub(super) side: Option<Side>,
    /// What it is bound to; empty if nothing.
    pub(super) obstacle: Bounds,
}

impl Terminal {
    /// The end at an element, of an arrow whose other end is about at `other`.
    pub(super) fn bound(element: &Element, binding: &Binding, other: BoardPoint) -> Self {
        let obstacle = element.geometry.turned_bounds();
        let (aim, center) = (focus(element, binding.at), obstacle.center());
        let halves = (obstacle.width() / 2.0, obstacle.height() / 2.0);
        let (dx, dy) = (aim.x - center.x, aim.y - center.y);
        let is_middle = dx.abs() <= halves.0 * 2.0 * MIDDLE && dy.abs() <= halves.1 * 2.0 * MIDDLE;
        let side = if is_middle {
            // Where there is more free way between the two.
            let free = |d: f64, half: f64| (d.abs() - half).max(0.0).copysign(d);
            let (dx, dy) = (other.x - center.x, other.y - center.y);
            let (fx, fy) = (free(dx, halves.0), free(dy, halves.1));
            if fx == 0.0 && fy == 0.0 {
                Side::towards(dx, dy, halves)
            } else {
                Side::towards(fx, fy, (1.0, 1.0))
            }
        } else {
            Side::towards(dx, dy, halves)
        };
        let (step_x, step_y) = side.step();
        let far = obstacle.width() + obstacle.height();
        let from = BoardPoint::new(aim.x + step_x * far, aim.y + step_y * far);
        let at = rim(element, binding.at, binding.gap, from);
        // A place outside the outline is aimed at by way of the middle: the end must not slant.
        let at = if step_x == 0.0 {
            BoardPoint { x: aim.x, ..at }
        } else {
            BoardPoint { y: aim.y, ..at }
        };
        Self { at, side: Some(side), obstacle }
    }

    /// Where the course is clear of the obstacle.
    fn clear(&self, clearance: f64) -> BoardPoint {
        let Some(side) = self.side else { return self.at };
        let b = self.obstacle.inflated(clearance);
        match side {
            Side::Right => BoardPoint { x: b.x1.max(self.at.x), ..self.at },
            Side::Left => BoardPoint { x: b.x0.min(self.at.x), ..self.at },
            Side::Down => BoardPoint { y: b.y1.max(self.at.y), ..self.at },
            Side::Up => BoardPoint { y: b.y0.min(self.at.y), ..self.at },
        }
    }
}

/// The corners of the course, the ends included.
pub(super) fn route(from: &Terminal, to: &Terminal) -> Vec<BoardPoint> {
    // Between two that are close together there is room for half of what is between them.
    let (a, b) = (from.obstacle, to.obstacle);
    let apart = (a.x0 - b.x1).max(b.x0 - a.x1).max(a.y0 - b.y1).max(b.y0 - a.y1);
    let is_free = a.is_empty() || b.is_empty();
    let clearance = if is_free { CLEARANCE } else { (apart / 2.0).clamp(1.0, CLEARANCE) };
    let around = |obstacles: &[Bounds]| {
        let (start, end) = (from.clear(clearance), to.clear(clearance));
        let lines = Lines::new(start, end, obstacles, clearance);
        lines.course(start, from.side, end, to.side, obstacles, clearance)
    };
    let course = around(&[a, b]).or_else(|| around(&[])).unwrap_or_default();
    let all = [from.at].into_iter().chain(course).chain([to.at]);
    tidied(all)
}

/// The corners of a course that runs along the `fixed` pieces of `points`, each known by the corner that it
/// begins at, and the numbers that these have then. What lies between two of them stays as it is.
pub(super) fn through(
    from: &Terminal,
    to: &Terminal,
    points: &[BoardPoint],
    fixed: &[usize],
) -> (Vec<BoardPoint>, Vec<usize>) {
    let line = |piece: &usize| Line::of(*points.get(*piece)?, *points.get(piece + 1)?);
    let lines: Vec<(usize, Line)> =
        fixed.iter().filter_map(|piece| Some((*piece, line(piece)?))).collect();
    let (Some(&(first, before)), Some(&(last, after))) = (lines.first(), lines.last()) else {
        return (route(from, to), Vec::new());
    };
    let kept = &points[first + 1..=last];
    let towards = kept.first().copied().unwrap_or_else(|| after.nearest(to.clear(CLEARANCE)));
    let start = before.reached(from, towards);
    let towards = kept.last().or(start.last()).copied().unwrap_or(towards);
    let end = after.reached(to, towards);
    let all = start.iter().chain(kept).chain(end.iter().rev());
    let course = tidied(all.copied());
    let mut numbers = Vec::new();
    for (_, line) in lines {
        let next = numbers.last().map_or(0, |last| last + 1);
        let is_there = |piece: &usize| Line::of(course[*piece], course[piece + 1]) == Some(line);
        numbers.extend((next..course.len() - 1).find(is_there));
    }
    (course, numbers)
}

/// What a fixed piece lies on.
#[derive(Clone, Copy, Debug)]
struct Line {
    /// Whether it runs across, at a height; otherwise down.
    is_across: bool,
    at: f64,
}

impl PartialEq for Line {
    fn eq(&self, other: &Self) -> bool {
        self.is_across == other.is_across && (self.at - other.at).abs() < 1e-3
    }
}

impl Line {
    /// The line that a piece lies on, if it runs across or down and goes anywhere.
    fn of(a: BoardPoint, b: BoardPoint) -> Option<Self> {
        let (w, h) = ((a.x - b.x).abs(), (a.y - b.y).abs());
        let is_across = w >= h;
        let at = if is_across { a.y } else { a.x };
        (w.min(h) < 0.5 && w.max(h) > 0.5).then_some(Self { is_across, at })
    }

    fn nearest(self, to: BoardPoint) -> BoardPoint {
        if self.is_across {
            BoardPoint { y: self.at, ..to }
        } else {
            BoardPoint { x: self.at, ..to }
        }
    }

    /// The cheapest course from an end to this line and along it, in the direction of `towards`.
    fn reached(self, from: &Terminal, towards: BoardPoint) -> Vec<BoardPoint> {
        let (clear, around) = (from.clear(CLEARANCE), from.obstacle.inflated(CLEARANCE));
        let corners = [(around.x0, around.y0), (around.x1, around.y1)];
        let corners = corners.map(|(x, y)| BoardPoint::new(x, y));
        let around = corners.into_iter().filter(|_| !from.obstacle.is_empty());
        let places = [from.at, clear].into_iter().chain(around).map(|it| self.nearest(it));
        let courses = places.filter(|it| it.distance(towards) > 1.0).map(|at| {
            // It comes from where the line goes on.
            let side = Side::towards(at.x - towards.x, at.y - towards.y, (1.0, 1.0));
            let to = Terminal { at, side: Some(side), obstacle: Bounds::EMPTY };
            let mut course = route(from, &to);
            let way = |points: &[BoardPoint]| -> f64 {
                points.windows(2).map(|pair| pair[0].distance(pair[1])).sum()
            };
            course.push(towards);
            let course = tidied(course.into_iter());
            (course.len() as f64 * CORNER + way(&course), course)
        });
        let cheapest = courses.min_by(|a, b| a.0.total_cmp(&b.0));
        let Some((_, mut course)) = cheapest else { return vec![from.at, self.nearest(from.at)] };
        // Where it goes on is not known yet.
        course.pop();
        if course.len() == 1 {
            course.push(self.nearest(course[0]));
        }
        course
    }
}

/// Without points that repeat, or lie on the way from the one before to the one after.
fn tidied(points: impl Iterator<Item = BoardPoint>) -> Vec<BoardPoint> {
    let mut kept: Vec<BoardPoint> = Vec::new();
    let is_near = |a: f64, b: f64| (a - b).abs() < 1e-6;
    for point in points {
        if kept.last().is_some_and(|last| is_near(last.x, point.x) && is_near(last.y, point.y)) {
            continue;
        }
        if let [.., a, b] = kept[..]
            && (is_near(a.x, b.x) && is_near(b.x, point.x)
                || is_near(a.y, b.y) && is_near(b.y, point.y))
        {
            kept.pop();
        }
        kept.push(point);
    }
    if let [only] = kept[..] {
        kept.push(only);
    }
    kept
}

/// Places from the lowest to the highest, each once.
fn in_order(places: Vec<(f64, bool)>) -> Vec<(f64, bool)> {
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
struct Lines {
    /// Places across, with whether each is halfway.
    xs: Vec<(f64, bool)>,
    /// Places down.
    ys: Vec<(f64, bool)>,
}

impl Lines {
    fn new(start: BoardPoint, end: BoardPoint, obstacles: &[Bounds], clearance: f64) -> Self {
        let sides = |low: fn(&Bounds) -> f64, high: fn(&Bounds) -> f64, start: f64, end: f64| {
            let mut places = vec![(start, false), (end, false)];
            let bounds: Vec<_> = obstacles.iter().filter(|b| !b.is_empty()).collect();
            for b in &bounds {
                places.extend([(low(b) - clearance, false), (high(b) + clearance, false)]);
            }
            let halfway = match bounds[..] {
                [a, b] if high(a) < low(b) => f64::midpoint(high(a), low(b)),
                [a, b] if high(b) < low(a) => f64::midpoint(high(b), low(a)),
                _ => f64::midpoint(start, end),
            };
            places.push((halfway, true));
            in_order(places)
        };
        Self {
            xs: sides(|b| b.x0, |b| b.x1, start.x, end.x),
            ys: sides(|b| b.y0, |b| b.y1, start.y, end.y),
        }
    }

    /// The cheapest way along the lines; `None` if the obstacles leave none.
    fn course(
        &self,
        start: BoardPoint,
        start_side: Option<Side>,
        end: BoardPoint,
        end_side: Option<Side>,
        obstacles: &[Bounds],
        clearance: f64,
    ) -> Option<Vec<BoardPoint>> {
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
            if start_side.is_none_or(|only| only == *way) {
                let is_across = way.step().1 == 0.0;
                known[state(x, y, side)].0 = if is_across == is_wide { 0.0 } else { 0.5 };
            }
        }
        loop {
            let open = known.iter().enumerate().filter(|(_, it)| !it.2 && it.0.is_finite());
            let (at, &(cost, ..)) = open.min_by(|a, b| a.1.0.total_cmp(&b.1.0))?;
            known[at].2 = true;
            let (x, y, side) = (at / 4 % n_x, at / 4 / n_x, at % 4);
            if (x, y) == goal && end_side.is_none_or(|out| side == (out as usize + 2) % 4) {
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
            let is_shut =
                |o: &Bounds| !o.is_empty() && way.intersects(o.inflated(clearance - 1e-3));
            if !obstacles.iter().any(is_shut) {
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
