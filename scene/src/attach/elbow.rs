//! The course of an elbow arrow: across and down only, around what its ends are bound to, with as few
//! corners as possible; of those the shortest, and of those one that turns halfway. Where something stands at an
//! end, the piece there is long enough for it wherever there is room.

mod lines;
mod terminal;

use shared::geometry::{BoardPoint, Bounds};

use lines::{Lines, Stretch};
use terminal::Side;

pub(super) use terminal::Terminal;

/// Board units that a course keeps from what it goes around.
const CLEARANCE: f64 = 20.0;
/// What a corner costs, in board units of way.
const CORNER: f64 = 1e7;
/// What a unit of way costs more that does not run halfway between the ends.
const BESIDE: f64 = 1e-3;
/// The corners of the best course between ends that may each be at several places: at the first of them, unless
/// others leave the room that the ends need and these do not.
fn best(from: &[Terminal], to: &[Terminal]) -> Vec<BoardPoint> {
    let pairs = from.iter().flat_map(|from| to.iter().map(move |to| (from, to)));
    let mut first = None;
    let mut roomy: Option<(f64, Vec<BoardPoint>)> = None;
    for (from, to) in pairs {
        let (course, is_clear) = route(from, to);
        let is_roomy = has_room(&course, from, to);
        if first.is_none() {
            if is_roomy || !is_clear {
                return course;
            }
            first = Some(course);
        } else if is_roomy && is_clear {
            let cost = cost(&course);
            if roomy.as_ref().is_none_or(|it| cost < it.0) {
                roomy = Some((cost, course));
            }
        }
    }
    roomy.map(|(_, course)| course).or(first).unwrap_or_default()
}

/// Whether the first and last piece of a course are as long as its ends need. One that runs straight is as long as
/// it is.
fn has_room(course: &[BoardPoint], from: &Terminal, to: &Terminal) -> bool {
    let is_long = |piece: Option<&[BoardPoint]>, room: f64| {
        piece.is_none_or(|piece| piece[0].distance(piece[1]) > room - 0.5)
    };
    let (mut forth, mut back) = (course.windows(2), course.windows(2).rev());
    course.len() < 3 || is_long(forth.next(), from.room) && is_long(back.next(), to.room)
}

fn cost(course: &[BoardPoint]) -> f64 {
    let way: f64 = course.windows(2).map(|pair| pair[0].distance(pair[1])).sum();
    course.len() as f64 * CORNER + way
}

/// The corners of the course, the ends included, and whether it goes around what these are bound to.
fn route(from: &Terminal, to: &Terminal) -> (Vec<BoardPoint>, bool) {
    let (a, b) = (from.obstacle, to.obstacle);
    let is_free = a.is_empty() || b.is_empty();
    let apart = (a.x0 - b.x1).max(b.x0 - a.x1).max(a.y0 - b.y1).max(b.y0 - a.y1);
    // Between two that are close together there is room for half of what is between them.
    let half = if is_free { CLEARANCE } else { (apart / 2.0).clamp(1.0, CLEARANCE) };
    let shares = shares(from, to, half);
    let stretch = |it: &Terminal, before: f64, has_wall: bool| {
        let before = if it.obstacle.is_empty() { it.room } else { before };
        let wall = if has_wall { it.wall(half, before.max(it.before())) } else { Bounds::EMPTY };
        let at = it.clear(before);
        let begins = if it.obstacle.is_empty() { it.at } else { at };
        Stretch { at, begins, side: it.side, obstacle: it.obstacle, wall }
    };
    let course = |(start, end): (f64, f64), has_walls| {
        let (start, end) = (stretch(from, start, has_walls), stretch(to, end, has_walls));
        Lines::new(start, end).course()
    };
    let around = course(shares, true).or_else(|| course((half, half), true));
    let is_clear = around.is_some();
    let straight = || course((from.needs(), to.needs()), false);
    let middle = around.or_else(straight).unwrap_or_default();
    let all = [from.at].into_iter().chain(middle).chain([to.at]);
    (tidied(all), is_clear)
}

/// How far before each of two elements the course may turn. Where both look at each other, it first leaves both
/// outlines, then there is room for what stands at its ends, and the rest is for the looks.
fn shares(from: &Terminal, to: &Terminal, half: f64) -> (f64, f64) {
    let least = |it: &Terminal| it.before().max(0.0) + 1.0;
    let (least_from, least_to) = (least(from), least(to));
    let (ahead, behind) = (from.ahead(to.obstacle), to.ahead(from.obstacle));
    let (Some(apart), Some(_)) = (ahead, behind) else {
        let alone = |it: &Terminal, ahead: Option<f64>, least: f64| {
            ahead.map_or(it.needs(), |way| it.needs().min((way - half).max(least)))
        };
        return (alone(from, ahead, least_from), alone(to, behind, least_to));
    };
    let rest = apart - least_from - least_to;
    if rest < 0.0 {
        return (half, half);
    }
    let wanted = |it: &Terminal, least| if it.room > 0.0 { it.needs() - least } else { 0.0 };
    let (more_from, more_to) = (wanted(from, least_from), wanted(to, least_to));
    let part = (rest / (more_from + more_to)).min(1.0);
    let (from, to) = (least_from + more_from * part, least_to + more_to * part);
    (from.max((apart - to).min(CLEARANCE)), to.max((apart - from).min(CLEARANCE)))
}

/// The corners of a course that runs along the `fixed` pieces of `points`, each known by the corner that it
/// begins at, and the numbers that these have then. What lies between two of them stays as it is.
pub(super) fn through(
    from: &[Terminal],
    to: &[Terminal],
    points: &[BoardPoint],
    fixed: &[usize],
) -> (Vec<BoardPoint>, Vec<usize>) {
    let line = |piece: &usize| Line::of(*points.get(*piece)?, *points.get(piece + 1)?);
    let mut lines: Vec<(usize, Line)> =
        fixed.iter().filter_map(|piece| Some((*piece, line(piece)?))).collect();
    let (Some(&(first, before)), Some(&(last, after))) = (lines.first(), lines.last()) else {
        return (best(from, to), Vec::new());
    };
    // The sides stay that the course has.
    let there = |ends: &[Terminal], own: Option<&BoardPoint>| {
        let is_there = |it: &&Terminal| own.is_some_and(|own| it.at.distance(*own) < 0.5);
        ends.iter().find(is_there).copied().unwrap_or(ends[0])
    };
    let (from, to) = (&there(from, points.first()), &there(to, points.last()));
    let mut kept = points[first + 1..=last].to_vec();
    let beyond = |near: Option<&BoardPoint>, end: &Terminal, other: &Terminal| match near {
        Some(near) => end.way_to(*near),
        None => end.way_to_share(other),
    };
    let is_one = first == last;
    let second = kept.len().checked_sub(2).and_then(|it| kept.get(it));
    let after = after.roomy(to, beyond(second, to, from));
    let before = if is_one { after } else { before };
    let before = before.roomy(from, beyond(kept.get(1), from, to));
    let after = if is_one { before } else { after };
    if let [corner, ..] = &mut kept[..] {
        *corner = before.nearest(*corner);
    }
    if let [.., corner] = &mut kept[..] {
        *corner = after.nearest(*corner);
    }
    for (piece, line) in &mut lines {
        if *piece == first {
            *line = before;
        } else if *piece == last {
            *line = after;
        }
    }
    let towards = kept.first().copied().unwrap_or_else(|| after.nearest(to.clear(to.needs())));
    let start = before.reached(from, towards);
    let towards = kept.last().or(start.last()).copied().unwrap_or(towards);
    let end = after.reached(to, towards);
    let all = start.iter().chain(&kept).chain(end.iter().rev());
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

    /// The line further from an end that it crosses the way of, or the gap behind, so that what stands there has its
    /// room before it, or at least all the way that there is.
    fn roomy(self, end: &Terminal, way: f64) -> Self {
        let Some(side) = end.side else { return self };
        let (x, y) = side.step();
        let (own, room) = (end.way_to(self.nearest(end.at)), end.room.max(1.0));
        if self.is_across == (y == 0.0) || own <= -end.before() || own >= room {
            return self;
        }
        let own = room.min(way).max(own);
        let at = BoardPoint::new(end.at.x + x * own, end.at.y + y * own);
        Self { at: if self.is_across { at.y } else { at.x }, ..self }
    }

    /// The cheapest course from an end to this line and along it, in the direction of `towards`.
    fn reached(self, from: &Terminal, towards: BoardPoint) -> Vec<BoardPoint> {
        let around = from.obstacle.inflated(CLEARANCE);
        let clear = [from.needs(), CLEARANCE].map(|it| from.clear(it));
        let corners = [(around.x0, around.y0), (around.x1, around.y1)];
        let corners = corners.map(|(x, y)| BoardPoint::new(x, y));
        let around = corners.into_iter().filter(|_| !from.obstacle.is_empty());
        let places = [from.at].into_iter().chain(clear).chain(around).map(|it| self.nearest(it));
        let courses = places.filter(|it| it.distance(towards) > 1.0).map(|at| {
            // It comes from where the line goes on.
            let side = Side::towards(at.x - towards.x, at.y - towards.y, (1.0, 1.0));
            let to = Terminal { at, side: Some(side), obstacle: Bounds::EMPTY, room: 0.0 };
            let (mut course, is_clear) = route(&from.up_to(at), &to);
            course.push(towards);
            let course = tidied(course.into_iter());
            let is_short = course.len() > 2 && course[0].distance(course[1]) < from.room - 0.5;
            // Of courses with as many corners, one with room; and none through what it is to go around.
            let lack = if is_short { 0.5 } else { 0.0 } + if is_clear { 0.0 } else { 4.0 };
            (cost(&course) + lack * CORNER, course)
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
