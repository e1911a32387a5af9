//! The course of an elbow arrow: across and down only, around what its ends are bound to, with as few
//! corners as possible; of those the shortest, and of those one that turns halfway. Where something stands at an
//! end, the piece there is long enough for it wherever there is room.

mod laid;
mod line;
mod lines;
mod search;
mod terminal;

use shared::geometry::{BoardPoint, Bounds};

use lines::{Lines, Stretch};

pub(super) use laid::Laid;
pub(super) use terminal::Terminal;

/// Board units that a course keeps from what it goes around.
const CLEARANCE: f64 = 20.0;
/// What a corner costs, in board units of way.
const CORNER: f64 = 1e7;
/// What a unit of way costs more that does not run halfway between the ends.
const BESIDE: f64 = 1e-3;

/// The corners of the best course between ends that may each be at several places: at the first of them, unless
/// others leave the room that the ends need and these do not. Not inlined: pages load it later.
#[inline(never)]
pub(super) fn best(from: &[Terminal], to: &[Terminal]) -> Vec<BoardPoint> {
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
    let half = clearance(from.obstacle, to.obstacle);
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

/// How far a course keeps from two elements: between two that are close together there is room for half of what is
/// between them.
fn clearance(a: Bounds, b: Bounds) -> f64 {
    let is_free = a.is_empty() || b.is_empty();
    let apart = (a.x0 - b.x1).max(b.x0 - a.x1).max(a.y0 - b.y1).max(b.y0 - a.y1);
    if is_free { CLEARANCE } else { (apart / 2.0).clamp(1.0, CLEARANCE) }
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
