//! What stands at the ends of arrows.
//!
//! A head points along the last bit of its line, not along the chord, and never takes more than half of
//! the line, so that short arrows stay arrows. Sizes and angles are those of Excalidraw; but the last piece of an
//! elbow may be short where there is no room, and its head keeps its size.

use kurbo::{BezPath, ParamCurve, PathSeg, Point, Vec2};
use shared::element::{Arrow, Head, Style};

use crate::display::Item;
use crate::hand::Hand;
use crate::outline::circle;

/// How far back along its line the direction of a head is measured, as a part of the segment.
const LOOK_BACK: f64 = 0.3;
/// Slant of the sides of triangles, diamonds and crow's feet, in degrees.
const SLANT: f64 = 25.0;

/// The heads of an arrow that runs along `line`, and the line as far as it is seen: heads that one sees
/// through have none of it inside.
pub(crate) fn heads(
    mut line: BezPath,
    Arrow { heads, is_elbow, .. }: &Arrow,
    style: &Style,
    hand: Hand,
) -> (BezPath, Vec<Item>) {
    let segments: Vec<_> = line.segments().collect();
    let length: f64 = segments.iter().map(|it| it.start().distance(it.end())).sum();
    let (Some(first), Some(last)) = (segments.first(), segments.last()) else {
        return (line, Vec::new());
    };
    let piece = |segment: &PathSeg| {
        if *is_elbow { length } else { segment.start().distance(segment.end()) }
    };
    let start = HeadAt::of(heads.start, first.reverse(), (piece(first), length), style);
    let end = HeadAt::of(heads.end, *last, (piece(last), length), style);
    let depths = [&start, &end].map(|it| it.as_ref().map_or(0.0, HeadAt::clear_depth));
    if depths != [0.0; 2] {
        line = shortened(segments, depths);
    }
    let mut items = Vec::new();
    for (n, head) in [start, end].into_iter().enumerate() {
        if let Some(head) = head {
            head.paint(hand.at_head(n as u32 + 1), &mut items);
        }
    }
    (line, items)
}

/// A head and where it is.
struct HeadAt<'a> {
    head: Head,
    tip: Point,
    /// From the tip along the line, of length 1.
    back: Vec2,
    /// How long its sides are, in board units.
    size: f64,
    style: &'a Style,
}

impl<'a> HeadAt<'a> {
    /// The head at the end of `segment`; none where the segment has no direction.
    fn of(
        head: Head,
        segment: PathSeg,
        (piece, length): (f64, f64),
        style: &'a Style,
    ) -> Option<Self> {
        let tip = segment.end();
        let back = segment.eval(1.0 - LOOK_BACK) - tip;
        let is_visible = !style.stroke.is_transparent() && style.width > 0.0;
        if head == Head::None || back.hypot() == 0.0 || !is_visible {
            return None;
        }
        // An open head is as large as its last piece lets it be, the others as the whole line does.
        let (full, room) = match head {
            Head::Arrow => (25.0, piece / 2.0),
            Head::Diamond | Head::DiamondOutline => (12.0, length / 4.0),
            Head::CrowfootOne | Head::CrowfootMany | Head::CrowfootOneOrMany => {
                (20.0, length / 2.0)
            }
            _ => (15.0, length / 2.0),
        };
        Some(Self { head, tip, back: back.normalize(), size: room.min(full), style })
    }

    /// How much of its line it takes, if one sees through it.
    fn clear_depth(&self) -> f64 {
        match self.head {
            Head::TriangleOutline => self.size * SLANT.to_radians().cos(),
            Head::DiamondOutline => self.size * 2.0,
            Head::DotOutline => self.radius(),
            _ => 0.0,
        }
    }

    fn radius(&self) -> f64 {
        ((self.size + self.style.width - 2.0) / 2.0).max(0.5)
    }

    fn paint(&self, hand: Hand, items: &mut Vec<Item>) {
        let Self { tip, size, .. } = *self;
        let sides = |distance, slant| {
            (self.beside(tip, distance, slant), self.beside(tip, distance, -slant))
        };
        match self.head {
            Head::None => {}
            Head::Arrow => {
                let (left, right) = sides(size, 20.0);
                self.stroke(&[left, tip, right], hand, items);
            }
            Head::Bar => {
                let (left, right) = sides(size, 90.0);
                self.stroke(&[left, right], hand, items);
            }
            Head::Triangle | Head::TriangleOutline => {
                let (left, right) = sides(size, SLANT);
                self.area(&[tip, left, right, tip], hand, items);
            }
            Head::Diamond | Head::DiamondOutline => {
                let (left, right) = sides(size, SLANT);
                self.area(&[tip, left, tip + self.back * (2.0 * size), right, tip], hand, items);
            }
            Head::Dot | Head::DotOutline => {
                let is_full = self.head == Head::Dot;
                let beyond = if is_full { self.style.width / 2.0 } else { 0.0 };
                let path = circle(tip, self.radius() + beyond);
                items.push(if is_full { self.full(path) } else { self.line(path) });
            }
            Head::CrowfootOne | Head::CrowfootMany | Head::CrowfootOneOrMany => {
                if self.head != Head::CrowfootMany {
                    let (left, right) = sides(size, SLANT);
                    self.stroke(&[left, right], hand, items);
                }
                if self.head != Head::CrowfootOne {
                    // The toes spread from behind, towards what the arrow points at.
                    let heel = tip + self.back * size;
                    let toe = |slant| heel + turned(-self.back, slant) * size;
                    self.stroke(&[toe(SLANT), heel, toe(-SLANT)], hand, items);
                }
            }
        }
    }

    /// A point this far from `from`, this many degrees off the way back.
    fn beside(&self, from: Point, distance: f64, degrees: f64) -> Point {
        from + turned(self.back, degrees) * distance
    }

    /// A closed course: filled, unless one sees through it.
    fn area(&self, points: &[Point], hand: Hand, items: &mut Vec<Item>) {
        if matches!(self.head, Head::Triangle | Head::Diamond) {
            items.push(self.full(polyline(points)));
        }
        self.stroke(points, hand, items);
    }

    /// Heads are unbroken even where their line is dashed.
    fn stroke(&self, points: &[Point], hand: Hand, items: &mut Vec<Item>) {
        items.push(self.line(hand.along(&polyline(points))));
    }

    fn line(&self, path: BezPath) -> Item {
        let (color, width, dash) = (self.style.stroke, self.style.width, Vec::new());
        Item::Stroke { path, color, width, dash }
    }

    fn full(&self, path: BezPath) -> Item {
        Item::Fill { path, color: self.style.stroke }
    }
}

/// A line without as much of its two ends.
fn shortened(mut segments: Vec<PathSeg>, [start, end]: [f64; 2]) -> BezPath {
    if let Some(first) = segments.first_mut() {
        *first = without_end(first.reverse(), start).reverse();
    }
    if let Some(last) = segments.last_mut() {
        *last = without_end(*last, end);
    }
    BezPath::from_path_segments(segments.into_iter())
}

fn without_end(segment: PathSeg, length: f64) -> PathSeg {
    if length == 0.0 {
        return segment;
    }
    let (mut near, mut far) = (0.0, 1.0);
    for _ in 0..12 {
        let middle = (near + far) / 2.0;
        let is_far = segment.eval(middle).distance(segment.end()) > length;
        if is_far { near = middle } else { far = middle }
    }
    segment.subsegment(0.0..near)
}

fn turned(direction: Vec2, degrees: f64) -> Vec2 {
    let (sin, cos) = degrees.to_radians().sin_cos();
    Vec2::new(direction.x * cos - direction.y * sin, direction.x * sin + direction.y * cos)
}

fn polyline(points: &[Point]) -> BezPath {
    let mut path = BezPath::new();
    for (index, &point) in points.iter().enumerate() {
        if index == 0 { path.move_to(point) } else { path.line_to(point) }
    }
    path
}
