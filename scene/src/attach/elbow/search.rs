//! The cheapest course from one of several ends to one of several others that runs along a line on its way.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use shared::geometry::{BoardPoint, Bounds};

use super::line::Line;
use super::lines::in_order;
use super::terminal::{SIDES, Side, Terminal};
use super::{BESIDE, CLEARANCE, CORNER};

/// What it costs to go through an element, in corners.
const THROUGH: f64 = 16.0;
/// What it costs to cross a place where the course crosses itself, in corners.
const CROSSING: f64 = 3.0;
/// What it costs to have less room than what stands at an end needs, in corners.
const SHORT: f64 = 0.5;
/// A shorter piece along the line is none, in board units.
const PIECE_MIN: f64 = 12.0;
/// How often a course is looked for anew that crosses itself.
const TRIES: usize = 3;
/// Places nearer to each other than this are one, in board units.
const SAME: f64 = 1e-6;

/// An end of what is looked for.
pub(super) struct Stub {
    tip: BoardPoint,
    /// Where the course may turn first.
    at: BoardPoint,
    /// What it costs to go on from there to each side; infinite if one cannot.
    leave: [f64; 4],
    /// Whether it lies on the line itself.
    is_on: bool,
}

impl Stub {
    /// The piece at an end of a course that next runs along `line` and whose other end is at one of `others`.
    pub(super) fn of(end: &Terminal, line: Line, others: &[Terminal]) -> Self {
        let price = end.price * CORNER;
        let Some(side) = end.side else {
            return Self { tip: end.at, at: end.at, leave: [price; 4], is_on: false };
        };
        let before = end.before();
        let is_free = end.obstacle.is_empty();
        let mut long = if is_free { end.room } else { end.needs() - before };
        let (x, y) = side.step();
        let clear = |long: f64| BoardPoint::new(end.at.x + x * long, end.at.y + y * long);
        let other = others.first().map_or(Bounds::EMPTY, |it| it.obstacle);
        if let Some(apart) = end.ahead(other)
            && Bounds::from_corners(end.at, clear(apart)).intersects(other.inflated(CLEARANCE))
        {
            // What is between them is shared by what both need.
            let needs = others.iter().map(Terminal::needs).fold(0.0, f64::max);
            let part = (apart / (end.needs() + needs)).min(1.0);
            long = (end.needs() * part - before).clamp(1.0, long.max(1.0));
        }
        let way = end.way_to(line.nearest(end.at));
        if line.is_across != side.is_across() && way > 0.0 {
            long = long.min(way);
        }
        let at = clear(long);
        // Nobody chose another side, so one without room is none.
        let short = match end.price > 0.0 {
            _ if long >= end.room - 0.5 => 0.0,
            true => THROUGH,
            false => SHORT,
        };
        let is_through = Bounds::from_corners(end.at, at).intersects(inside(other));
        let lack = short + if is_through { THROUGH } else { 0.0 };
        let leave = SIDES.map(|to| {
            let turn = match turns(side, to) {
                0 => 0.0,
                2 => f64::INFINITY,
                _ => CORNER,
            };
            price + lack * CORNER + turn
        });
        let is_along = line.is_across == side.is_across() && end.at.distance(at) > PIECE_MIN;
        let is_on = is_along && line.nearest(at).distance(at) <= SAME;
        Self { tip: end.at, at, leave, is_on }
    }

    /// A corner at the end of the line itself.
    pub(super) fn on(line: Line, corner: BoardPoint) -> Self {
        let leave =
            SIDES.map(|side| if side.is_across() == line.is_across { 0.0 } else { f64::INFINITY });
        Self { tip: corner, at: corner, leave, is_on: false }
    }

    /// The sides to which one goes on straight.
    fn straight(&self) -> impl Iterator<Item = (usize, f64)> {
        let least = self.leave.iter().copied().fold(f64::INFINITY, f64::min);
        let sides = self.leave.into_iter().enumerate();
        sides.filter(move |(_, cost)| *cost < least + CORNER / 2.0)
    }
}

/// Quarters from one side to another.
fn turns(from: Side, to: Side) -> usize {
    (to as usize + 4 - from as usize) % 4
}

/// What of an element a course crosses that goes through it.
fn inside(obstacle: Bounds) -> Bounds {
    if obstacle.is_empty() { obstacle } else { obstacle.inflated(-1e-3) }
}

/// Where a piece of a course crosses another one.
fn crossing(course: &[BoardPoint]) -> Option<Bounds> {
    let pieces: Vec<_> =
        course.windows(2).map(|ends| Bounds::from_corners(ends[0], ends[1])).collect();
    let crossed = |(n, piece): (usize, &Bounds)| {
        let other = pieces[n + 1..].iter().skip(1).find(|it| it.intersects(*piece))?;
        Some(Bounds {
            x0: piece.x0.max(other.x0),
            y0: piece.y0.max(other.y0),
            x1: piece.x1.min(other.x1),
            y1: piece.y1.min(other.y1),
        })
    };
    pieces.iter().enumerate().find_map(crossed)
}

/// What there is between the ends.
pub(super) struct Search {
    /// What the course runs along.
    pub(super) line: Line,
    /// What the ends are bound to; empty if nothing.
    pub(super) obstacles: [Bounds; 2],
    /// How far it keeps from these, in board units.
    pub(super) clearance: f64,
    /// Of lines that are as good, these are taken.
    pub(super) favored: Vec<Line>,
    /// Where it crosses itself, or its ends.
    pub(super) own: Vec<Bounds>,
}

/// What is known of a place, reached on a way to a side, before or after the line.
#[derive(Clone, Copy)]
struct Known {
    cost: f64,
    before: usize,
}

impl Search {
    /// The corners of the cheapest course, the tips included.
    pub(super) fn course(mut self, from: &[Stub], to: &[Stub]) -> Option<Vec<BoardPoint>> {
        let mut course = self.cheapest(from, to)?;
        for _ in 0..TRIES {
            let Some(place) = crossing(&course) else { break };
            self.own.push(place);
            let (first, last) = (course.windows(2).next(), course.windows(2).next_back());
            // Without the corner at its end.
            let piece = |tip: BoardPoint, at: BoardPoint| {
                let part = |tip: f64, at: f64| tip + (at - tip) * 0.99;
                let at = BoardPoint::new(part(tip.x, at.x), part(tip.y, at.y));
                Bounds::from_corners(tip, at)
            };
            self.own.extend(first.map(|it| piece(it[0], it[1])));
            self.own.extend(last.map(|it| piece(it[1], it[0])));
            course = self.cheapest(from, to)?;
        }
        Some(course)
    }

    fn cheapest(&self, from: &[Stub], to: &[Stub]) -> Option<Vec<BoardPoint>> {
        let (xs, ys) = (self.places(from, to, false), self.places(from, to, true));
        let (n_x, n_y) = (xs.len(), ys.len());
        let index = |places: &[(f64, bool)], at: f64| {
            places.iter().position(|place| (place.0 - at).abs() <= SAME)
        };
        let place = |at: BoardPoint| Some(index(&ys, at.y)? * n_x + index(&xs, at.x)?);
        let corner = |x: usize, y: usize| BoardPoint::new(xs[x].0, ys[y].0);
        let n_places = n_x * n_y;
        let nothing = Known { cost: f64::INFINITY, before: usize::MAX };
        let mut known = vec![nothing; n_places * 8];
        let mut open = BinaryHeap::new();
        for (at, stub) in from.iter().filter_map(|stub| Some((place(stub.at)?, stub))) {
            for (side, cost) in stub.straight() {
                let layer = if stub.is_on { n_places } else { 0 };
                let state = (layer + at) * 4 + side;
                if cost < known[state].cost {
                    known[state] = Known { cost, before: usize::MAX };
                    open.push(Reverse((cost.to_bits(), state)));
                }
            }
        }
        let goals: Vec<_> = to.iter().filter_map(|stub| Some((place(stub.at)?, stub))).collect();
        let mut best: Option<(f64, usize, &Stub)> = None;
        // Costs are not negative: their bits are in their order.
        while let Some(Reverse((bits, state))) = open.pop() {
            let cost = f64::from_bits(bits);
            if cost > known[state].cost {
                continue;
            }
            if best.is_some_and(|(least, ..)| cost >= least) {
                break;
            }
            let (has_run, at, side) = (state / 4 >= n_places, state / 4 % n_places, state % 4);
            for (_, stub) in goals.iter().filter(|(goal, it)| (has_run || it.is_on) && *goal == at)
            {
                let all = cost + stub.leave[(side + 2) % 4];
                if all.is_finite() && best.is_none_or(|(least, ..)| all < least) {
                    best = Some((all, state, stub));
                }
            }
            let (x, y) = (at % n_x, at / n_x);
            for (to_side, turn) in [(side, 0.0), ((side + 1) % 4, CORNER), ((side + 3) % 4, CORNER)]
            {
                let (dx, dy) = SIDES[to_side].step();
                let next = x.checked_add_signed(dx as isize).zip(y.checked_add_signed(dy as isize));
                let Some((to_x, to_y)) = next.filter(|(x, y)| *x < n_x && *y < n_y) else {
                    continue;
                };
                let (a, b) = (corner(x, y), corner(to_x, to_y));
                let (step, runs) = self.step(a, b);
                let layer = if has_run || runs { n_places } else { 0 };
                let (to, cost) = ((layer + to_y * n_x + to_x) * 4 + to_side, cost + turn + step);
                if cost < known[to].cost {
                    known[to] = Known { cost, before: state };
                    open.push(Reverse((cost.to_bits(), to)));
                }
            }
        }
        let (_, end, stub) = best?;
        let (mut points, mut state) = (vec![stub.tip], end);
        loop {
            let at = state / 4 % n_places;
            points.push(corner(at % n_x, at / n_x));
            if known[state].before == usize::MAX {
                break;
            }
            state = known[state].before;
        }
        let (at, side) = (state / 4 % n_places, state % 4);
        let begins = |it: &&Stub| {
            place(it.at) == Some(at) && it.straight().any(|own| own == (side, known[state].cost))
        };
        points.extend(from.iter().find(begins).map(|it| it.tip));
        points.reverse();
        Some(points)
    }

    /// The places across or down where the course may turn, from the lowest to the highest.
    fn places(&self, from: &[Stub], to: &[Stub], is_down: bool) -> Vec<(f64, bool)> {
        let of = |at: BoardPoint| if is_down { at.y } else { at.x };
        let mut places: Vec<f64> = from.iter().chain(to).map(|stub| of(stub.at)).collect();
        // The outermost ones are for a line that runs through an element, or right along it.
        let [a, b] = self.obstacles;
        let outer = a.union(b).inflated(2.0 * CLEARANCE);
        let around = [a.inflated(self.clearance), b.inflated(self.clearance), outer];
        for it in around.iter().filter(|it| !it.is_empty()) {
            places.extend(if is_down { [it.y0, it.y1] } else { [it.x0, it.x1] });
        }
        let lines = self.favored.iter().chain([&self.line]);
        places.extend(lines.filter(|it| it.is_across == is_down).map(|it| it.at));
        in_order(places.into_iter().map(|at| (at, false)).collect())
    }

    /// What it costs to go from one place to the next, and whether that is along the line.
    fn step(&self, a: BoardPoint, b: BoardPoint) -> (f64, bool) {
        let long = a.distance(b);
        let is_across = (a.y - b.y).abs() < (a.x - b.x).abs();
        let at = if is_across { a.y } else { a.x };
        let lies_on =
            |line: &Line| line.is_across == is_across && (line.at - at).abs() <= 2.0 * SAME;
        let is_on = lies_on(&self.line);
        let way = Bounds::from_corners(a, b);
        let mut lack = 0.0;
        for it in self.obstacles.iter().filter(|it| !it.is_empty()) {
            if way.intersects(inside(*it)) {
                lack += THROUGH;
            } else if !is_on && way.intersects(inside(it.inflated(self.clearance))) {
                lack += 1.0;
            }
        }
        lack += self.own.iter().filter(|it| way.intersects(**it)).count() as f64 * CROSSING;
        let is_beside = !is_on && !self.favored.iter().any(lies_on);
        let beside = if is_beside { BESIDE } else { 0.0 };
        (long * (1.0 + beside) + lack * CORNER, is_on && long > PIECE_MIN)
    }
}
