//! An end of a course: where it is, the way it leaves what it is bound to, and what room it needs there.

use shared::element::{Binding, Element};
use shared::geometry::{BoardPoint, Bounds};

use super::CLEARANCE;
use super::line::Line;
use crate::attach::end::{focus, rim_towards};

/// Nearer to the middle than this part of the box, a place means the whole element.
const MIDDLE: f64 = 0.1;
/// Nearer to a corner of the box than this part of it, a course does not come in on a side that nobody chose.
const CORNER_PART: f64 = 0.1;
/// What it costs to leave on another side than the one that was chosen, in corners.
const OTHER_SIDE: f64 = 1.5;
/// What it costs to leave a free end without room for what stands there, in corners.
const NO_ROOM: f64 = 0.6;

/// The four ways to go.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::attach) enum Side {
    Right,
    Down,
    Left,
    Up,
}

pub(super) const SIDES: [Side; 4] = [Side::Right, Side::Down, Side::Left, Side::Up];

impl Side {
    pub(super) fn step(self) -> (f64, f64) {
        match self {
            Self::Right => (1.0, 0.0),
            Self::Down => (0.0, 1.0),
            Self::Left => (-1.0, 0.0),
            Self::Up => (0.0, -1.0),
        }
    }

    pub(super) fn is_across(self) -> bool {
        matches!(self, Self::Right | Self::Left)
    }

    /// The side of a box with these halves that a way from its middle by `dx`, `dy` leaves it on.
    pub(super) fn towards(dx: f64, dy: f64, (half_w, half_h): (f64, f64)) -> Self {
        if dx.abs() * half_h >= dy.abs() * half_w {
            if dx < 0.0 { Self::Left } else { Self::Right }
        } else if dy < 0.0 {
            Self::Up
        } else {
            Self::Down
        }
    }

    /// How far it is from `from` to `to` this way.
    fn way(self, from: BoardPoint, to: BoardPoint) -> f64 {
        let (x, y) = self.step();
        (to.x - from.x) * x + (to.y - from.y) * y
    }
}

/// An end of a course.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(in crate::attach) struct Terminal {
    pub(in crate::attach) at: BoardPoint,
    /// The way it leaves what it is bound to.
    pub(super) side: Option<Side>,
    /// What it is bound to; empty if nothing.
    pub(super) obstacle: Bounds,
    /// How long the piece at this end should be, for what stands there, in board units.
    pub(super) room: f64,
    /// What it costs to take this one, in corners.
    pub(super) price: f64,
}

impl Terminal {
    /// The ends that there can be at an element, of an arrow whose other end is about at `other`: the first is
    /// the one to take, unless it leaves too little room.
    pub(in crate::attach) fn bound(
        element: &Element,
        binding: &Binding,
        other: BoardPoint,
        room: f64,
    ) -> Vec<Self> {
        let (obstacle, aim, is_middle) = aimed(element, binding);
        let (center, halves) = (obstacle.center(), halves(obstacle));
        let (dx, dy) = (aim.x - center.x, aim.y - center.y);
        let at_side = |side| Self::at_side(element, binding.gap, (side, aim), room);
        if !is_middle {
            return vec![at_side(Side::towards(dx, dy, halves))];
        }
        // Where there is more free way between the two.
        let free = |d: f64, half: f64| (d.abs() - half).max(0.0).copysign(d);
        let (dx, dy) = (other.x - center.x, other.y - center.y);
        let (fx, fy) = (free(dx, halves.0), free(dy, halves.1));
        let first = if fx == 0.0 && fy == 0.0 {
            Side::towards(dx, dy, halves)
        } else {
            Side::towards(fx, fy, (1.0, 1.0))
        };
        let others = SIDES.into_iter().filter(|side| *side != first);
        [first].into_iter().chain(others).map(at_side).collect()
    }

    /// The ends that there can be at an element, of an arrow that next runs along `line`. Bound to the whole
    /// element, it leaves on any side, and where the line meets that side if it does; bound to a place in it, on
    /// the side there, or on another one if that is much shorter.
    pub(in crate::attach) fn before_line(
        element: &Element,
        binding: &Binding,
        line: Line,
        room: f64,
    ) -> Vec<Self> {
        let (obstacle, aim, is_middle) = aimed(element, binding);
        let (center, halves) = (obstacle.center(), halves(obstacle));
        let chosen = Side::towards(aim.x - center.x, aim.y - center.y, halves);
        let ends = SIDES.into_iter().map(|side| {
            let is_chosen = !is_middle && side == chosen;
            // Where along the side.
            let place = |aim: f64, center: f64, half: f64| {
                let is_inside = |at: &f64| (at - center).abs() < half * (1.0 - 2.0 * CORNER_PART);
                let met = (line.is_across == side.is_across()).then_some(line.at);
                let wanted = if is_chosen { None } else { met.filter(is_inside) };
                let aim = Some(aim).filter(|at| is_chosen || is_inside(at));
                wanted.or(aim).unwrap_or(center)
            };
            let aim = if side.is_across() {
                BoardPoint { y: place(aim.y, center.y, halves.1), ..aim }
            } else {
                BoardPoint { x: place(aim.x, center.x, halves.0), ..aim }
            };
            let price = if is_middle || is_chosen { 0.0 } else { OTHER_SIDE };
            Self { price, ..Self::at_side(element, binding.gap, (side, aim), room) }
        });
        ends.collect()
    }

    /// The end of a course that comes to a place in an element on a side.
    fn at_side(element: &Element, gap: f64, (side, aim): (Side, BoardPoint), room: f64) -> Self {
        let obstacle = element.geometry.turned_bounds();
        let (step_x, step_y) = side.step();
        let far = obstacle.width() + obstacle.height();
        let from = BoardPoint::new(aim.x + step_x * far, aim.y + step_y * far);
        let at = rim_towards(element, aim, gap, from);
        // A place outside the outline is aimed at by way of the middle: the end must not slant.
        let at = if step_x == 0.0 {
            BoardPoint { x: aim.x, ..at }
        } else {
            BoardPoint { y: aim.y, ..at }
        };
        Self { at, side: Some(side), obstacle, room, price: 0.0 }
    }

    /// The ends that there can be where an arrow is bound to nothing that next runs along a line.
    pub(in crate::attach) fn free_before_line(at: BoardPoint, room: f64) -> Vec<Self> {
        let price = if room > 0.0 { NO_ROOM } else { 0.0 };
        let any = Self { at, side: None, obstacle: Bounds::EMPTY, room, price };
        let straight = |side| Self { side: Some(side), price: 0.0, ..any };
        [any].into_iter().chain(SIDES.map(straight)).collect()
    }

    /// The same for an end that is bound to nothing: it goes any way, or else straight away from the other.
    pub(in crate::attach) fn free(at: BoardPoint, other: BoardPoint, room: f64) -> Vec<Self> {
        let (dx, dy) = (other.x - at.x, other.y - at.y);
        // Near to each other they share the way.
        let room = room.min(dx.abs().max(dy.abs()) / 2.0);
        let any = Self { at, side: None, obstacle: Bounds::EMPTY, room, price: 0.0 };
        let straight = Self { side: Some(Side::towards(dx, dy, (1.0, 1.0))), ..any };
        if room > 0.0 { vec![any, straight] } else { vec![any] }
    }

    /// Whether a course with this first piece begins here.
    pub(in crate::attach) fn begins(&self, [at, next]: [BoardPoint; 2]) -> bool {
        let leaves = self.side.is_none_or(|side| side.way(at, next) > 0.0);
        leaves && self.at.distance(at) < 0.5
    }

    /// Where the course is clear of the obstacle, `clearance` before it and at the end of the room, if there
    /// `has_room`.
    pub(super) fn clear(&self, clearance: f64) -> BoardPoint {
        let Some(side) = self.side else { return self.at };
        let way = (clearance - self.before()).max(0.0);
        let (x, y) = side.step();
        BoardPoint::new(self.at.x + x * way, self.at.y + y * way)
    }

    /// How far before its obstacle it lies.
    pub(super) fn before(&self) -> f64 {
        let Some(side) = self.side.filter(|_| !self.obstacle.is_empty()) else { return 0.0 };
        let (low, high) = (self.obstacle.x0, self.obstacle.y0);
        let near = match side {
            Side::Right | Side::Down => BoardPoint::new(self.obstacle.x1, self.obstacle.y1),
            Side::Left | Side::Up => BoardPoint::new(low, high),
        };
        side.way(near, self.at)
    }

    /// How far it is from its obstacle to `other`, if it leaves towards that.
    pub(super) fn ahead(&self, other: Bounds) -> Option<f64> {
        let Bounds { x0, y0, x1, y1 } = self.obstacle;
        let way = match self.side? {
            Side::Right => other.x0 - x1,
            Side::Left => x0 - other.x1,
            Side::Down => other.y0 - y1,
            Side::Up => y0 - other.y1,
        };
        (way >= 0.0 && way.is_finite()).then_some(way)
    }

    /// How far it is from the end to a place, on the way that it leaves; 0 if it goes any way.
    pub(super) fn way_to(&self, place: BoardPoint) -> f64 {
        self.side.map_or(0.0, |side| side.way(self.at, place))
    }

    /// How far a course may go this way before it turns: up to the room that the other end needs if that is on the
    /// same way, but halfway at least.
    pub(super) fn way_to_share(&self, other: &Self) -> f64 {
        let way = self.way_to(other.at);
        let does_face = other.way_to(self.at) > 0.0;
        if does_face { (way - other.room).max(way / 2.0) } else { way }
    }

    /// How far before its obstacle it has all the room that it needs.
    pub(super) fn needs(&self) -> f64 {
        (self.before() + self.room).max(CLEARANCE)
    }

    /// What the course may not cross: the obstacle with `around` board units on all sides, and `before` on the one
    /// that it leaves on.
    pub(super) fn wall(&self, around: f64, before: f64) -> Bounds {
        if self.obstacle.is_empty() {
            return Bounds::EMPTY;
        }
        let mut wall = self.obstacle.inflated(around);
        match self.side {
            Some(Side::Right) => wall.x1 = self.obstacle.x1 + before,
            Some(Side::Left) => wall.x0 = self.obstacle.x0 - before,
            Some(Side::Down) => wall.y1 = self.obstacle.y1 + before,
            Some(Side::Up) => wall.y0 = self.obstacle.y0 - before,
            None => {}
        }
        wall
    }
}

/// The box of an element, the place in it that an end points to, and whether that means the whole element.
fn aimed(element: &Element, binding: &Binding) -> (Bounds, BoardPoint, bool) {
    let obstacle = element.geometry.turned_bounds();
    let (aim, center) = (focus(element, binding.at), obstacle.center());
    let is_near = |d: f64, half: f64| d.abs() <= half * 2.0 * MIDDLE;
    let halves = halves(obstacle);
    let is_middle = is_near(aim.x - center.x, halves.0) && is_near(aim.y - center.y, halves.1);
    (obstacle, aim, is_middle)
}

fn halves(of: Bounds) -> (f64, f64) {
    (of.width() / 2.0, of.height() / 2.0)
}
