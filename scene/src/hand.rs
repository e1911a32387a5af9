//! A hand that draws: lines that bow and tremble, gone over twice.
//!
//! It is as unsteady in the same places each time: what it does at a corner depends on the element's seed
//! and the corner's number only. So an element keeps its look while it is moved and recolored, and changes
//! smoothly while it is dragged open.

use std::f64::consts::{FRAC_PI_2, TAU};

use kurbo::{BezPath, PathSeg, Point, Vec2};
use shared::element::{Dash, Edges, Shape, Style};
use shared::geometry::Geometry;
use shared::id::ElementId;

/// How far a hand of roughness 1 strays, in board units.
const STRAY: f64 = 2.0;
/// It strays at most by this part of a line's length.
const STRAY_PART: f64 = 0.1;
/// How far the middle of a line bows out, as a part of its length.
const BOW_PART: f64 = 0.01;
/// It bows at most so many times as far as it strays.
const BOW_MAX: f64 = 2.0;
/// Up to the first length lines are drawn freely, from the second on with care; in board units.
const CARE: (f64, f64) = (200.0, 500.0);
/// What is left of the unsteadiness in lines drawn with care.
const CAREFUL: f64 = 0.4;
/// Pieces of an ellipse.
const ELLIPSE_PIECES: u32 = 10;
/// From this roughness on corners are missed.
const MISSES_CORNERS: f64 = 1.5;

/// The number from which an element's looks are drawn: always the same for the same id.
pub fn seed_of(id: &ElementId) -> u32 {
    let mix = |hash: u32, byte: &u8| (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193);
    id.as_str().as_bytes().iter().fold(0x811c_9dc5, mix)
}

/// A hand of some steadiness.
#[derive(Clone, Copy)]
pub(crate) struct Hand {
    seed: u32,
    roughness: f64,
    n_passes: u32,
    misses: Misses,
}

/// Where the ends of lines are missed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Misses {
    /// Nowhere.
    Never,
    /// Where it goes over a line again.
    Again,
    /// Everywhere.
    Always,
}

impl Hand {
    /// The hand that draws an element.
    pub(crate) fn of(style: &Style, shape: &Shape, geometry: Geometry, seed: u32) -> Self {
        let (least, most) = (geometry.w.min(geometry.h), geometry.w.max(geometry.h));
        let is_line = matches!(shape, Shape::Line(_) | Shape::Arrow(_));
        let is_large = (least >= 20.0 || is_line) && most >= 50.0
            || least >= 15.0 && style.edges == Edges::Round && !is_line;
        // What is small would be past recognition.
        let part = if is_large {
            1.0
        } else if most < 10.0 {
            3.0
        } else {
            2.0
        };
        let roughness = f64::from(style.roughness) / part;
        let misses = match (is_line, style.edges) {
            (false, Edges::Round) => Misses::Never,
            _ if roughness >= MISSES_CORNERS => Misses::Always,
            (true, Edges::Round) => Misses::Again,
            _ => Misses::Never,
        };
        Self { seed, roughness, n_passes: if style.dash == Dash::Solid { 2 } else { 1 }, misses }
    }

    /// The hand that drew a line, at its head: once more, with more care.
    pub(crate) fn at_head(self, n: u32) -> Self {
        let roughness = self.roughness.min(1.0);
        Self {
            seed: self.seed.wrapping_add(n * 7919),
            roughness,
            n_passes: 2,
            misses: Misses::Never,
        }
    }

    /// The same hand, drawing something else.
    pub(crate) fn elsewhere(self, n: u32) -> Self {
        Self { seed: self.seed.wrapping_add(n * 104_729), n_passes: 2, ..self }
    }

    /// Whether it draws exactly.
    pub(crate) fn is_steady(self) -> bool {
        self.roughness == 0.0
    }

    /// How far beyond the exact course it may paint at most, in board units.
    pub(crate) fn reach(self) -> f64 {
        self.roughness * STRAY * (1.0 + BOW_MAX)
    }

    /// The line along `path`. Corners stay where they are, but for the roughest hand.
    pub(crate) fn along(self, path: &BezPath) -> BezPath {
        let mut drawn = Drawn::default();
        self.passes(path, |pass, n, segment| match segment {
            PathSeg::Line(line) => self.line(line.p0, line.p1, pass, n, &mut drawn),
            segment => {
                let curve = segment.to_cubic();
                let stray = self.stray(curve.p0.distance(curve.p3), pass);
                let [near, far] = [0, 1].map(|end| self.jitter(pass, n, end) * stray);
                drawn.curve(curve.p0, curve.p1 + near, curve.p2 + far, curve.p3);
            }
        })
        .unwrap_or(drawn.path)
    }

    /// The smooth line along `path`, all of it curves that meet without corners: its joints stray, and it
    /// stays smooth.
    pub(crate) fn smoothly_along(self, path: &BezPath) -> BezPath {
        let n_segments = path.segments().count() as u32;
        let mut drawn = Drawn::default();
        self.passes(path, |pass, n, segment| {
            let curve = segment.to_cubic();
            let joint = |n: u32| {
                let is_end = n == 0 || n == n_segments;
                let stray = if is_end && pass == 0 { 0.0 } else { 0.5 + 0.25 * f64::from(pass) };
                self.jitter(pass, n, 3) * stray * STRAY * self.roughness
            };
            let (near, far) = (joint(n), joint(n + 1));
            drawn.curve(curve.p0 + near, curve.p1 + near, curve.p2 + far, curve.p3 + far);
        })
        .unwrap_or(drawn.path)
    }

    /// An ellipse around (0, 0): begun near its top, and closed a little beyond its beginning.
    pub(crate) fn ellipse(self, w: f64, h: f64) -> BezPath {
        let (x, y) = (w / 2.0, h / 2.0);
        let step = TAU / f64::from(ELLIPSE_PIECES);
        let stray = (STRAY / 2.0 * self.roughness).min(w.min(h) * STRAY_PART / 2.0);
        let mut drawn = Drawn::default();
        for pass in 0..self.n_passes {
            let begin = self.noise(pass, 0, 4) * 0.5 - FRAC_PI_2;
            let overlap = 0.3 + 0.3 * self.noise(pass, 1, 4);
            let stray = stray * (1.0 + 0.5 * f64::from(pass));
            let place = |n: u32, angle: f64| {
                let (sin, cos) = angle.sin_cos();
                Point::new(x * cos, y * sin) + self.jitter(pass, n, 5) * stray
            };
            let mut from = (place(0, begin), begin);
            for n in 1..=ELLIPSE_PIECES + 1 {
                let part = if n > ELLIPSE_PIECES { overlap } else { 1.0 };
                let angle = from.1 + step * part;
                let to = (place(n, angle), angle);
                // As long as these, the handles make a circle.
                let handle = 4.0 / 3.0 * (step * part / 4.0).tan();
                let ahead = |angle: f64| {
                    let (sin, cos) = angle.sin_cos();
                    Vec2::new(-x * sin, y * cos) * handle
                };
                drawn.curve(from.0, from.0 + ahead(from.1), to.0 - ahead(to.1), to.0);
                from = to;
            }
        }
        drawn.path
    }

    /// A straight line, once for each pass.
    pub(crate) fn straight(self, from: Point, to: Point, n: u32, onto: &mut BezPath) {
        let mut drawn = Drawn { path: std::mem::take(onto), at: None };
        for pass in 0..self.n_passes {
            self.line(from, to, pass, n, &mut drawn);
        }
        *onto = drawn.path;
    }

    /// Calls `draw` for each segment in each pass, unless the hand is steady: then the answer is the path
    /// itself, as often. Thin lines are darker by that, as people know them.
    fn passes(self, path: &BezPath, mut draw: impl FnMut(u32, u32, PathSeg)) -> Option<BezPath> {
        if self.is_steady() {
            let again = path.iter().cycle().take(path.elements().len() * self.n_passes as usize);
            return Some(again.collect());
        }
        for pass in 0..self.n_passes {
            path.segments().enumerate().for_each(|(n, segment)| draw(pass, n as u32, segment));
        }
        None
    }

    fn line(self, from: Point, to: Point, pass: u32, n: u32, drawn: &mut Drawn) {
        let along = to - from;
        let length = along.hypot();
        if self.is_steady() || length == 0.0 {
            return drawn.line(from, to);
        }
        let stray = self.stray(length, pass);
        let bow = (length * BOW_PART * self.care(length)).min(STRAY * BOW_MAX) * self.roughness;
        let bow = Vec2::new(along.y, -along.x) * (bow * self.noise(pass, n, 6) / length);
        let near = 0.3 + 0.1 * self.noise(pass, n, 7);
        let [one, other, begin, end] = [0, 1, 2, 3].map(|at| self.jitter(pass, n, at) * stray);
        let is_missed = match self.misses {
            Misses::Never => false,
            Misses::Again => pass > 0,
            Misses::Always => true,
        };
        let (from, to) = if is_missed { (from + begin, to + end) } else { (from, to) };
        let one = from + along * near + bow + one;
        let other = from + along * (2.0 * near) + bow + other;
        drawn.curve(from, one, other, to);
    }

    /// How far it strays on a line of a length; less when it goes over it again.
    fn stray(self, length: f64, pass: u32) -> f64 {
        let stray = STRAY.min(length * STRAY_PART) * self.care(length) * self.roughness;
        if pass == 0 { stray } else { stray / 2.0 }
    }

    fn care(self, length: f64) -> f64 {
        let part = ((length - CARE.0) / (CARE.1 - CARE.0)).clamp(0.0, 1.0);
        1.0 - (1.0 - CAREFUL) * part
    }

    fn jitter(self, pass: u32, n: u32, what: u32) -> Vec2 {
        Vec2::new(self.noise(pass, n, 8 + what), self.noise(pass, n, 16 + what))
    }

    /// From -1 to 1.
    fn noise(self, pass: u32, n: u32, what: u32) -> f64 {
        let key = n.wrapping_mul(64).wrapping_add(pass * 32 + what);
        let mut mixed = self.seed ^ key.wrapping_mul(0x9e37_79b9);
        for factor in [0x85eb_ca6b, 0xc2b2_ae35] {
            mixed = (mixed ^ (mixed >> 15)).wrapping_mul(factor);
        }
        f64::from((mixed ^ (mixed >> 16)) as i32) / f64::from(1u32 << 31)
    }
}

/// What was drawn; the pen is lifted only where it has to be.
#[derive(Default)]
struct Drawn {
    path: BezPath,
    at: Option<Point>,
}

impl Drawn {
    fn line(&mut self, from: Point, to: Point) {
        self.begin(from, to);
        self.path.line_to(to);
    }

    fn curve(&mut self, from: Point, one: Point, other: Point, to: Point) {
        self.begin(from, to);
        self.path.curve_to(one, other, to);
    }

    fn begin(&mut self, from: Point, to: Point) {
        if self.at.replace(to) != Some(from) {
            self.path.move_to(from);
        }
    }
}

#[cfg(test)]
mod tests {
    use kurbo::{ParamCurve as _, Shape as _};

    use super::*;

    fn hand(roughness: u8, seed: u32) -> Hand {
        let style = Style { roughness, ..Style::default() };
        let geometry = Geometry { w: 200.0, h: 100.0, ..Geometry::default() };
        Hand::of(&style, &Shape::Rectangle, geometry, seed)
    }

    fn corner() -> BezPath {
        BezPath::from_vec(vec![
            kurbo::PathEl::MoveTo(Point::new(0.0, 0.0)),
            kurbo::PathEl::LineTo(Point::new(300.0, 0.0)),
            kurbo::PathEl::LineTo(Point::new(300.0, 40.0)),
        ])
    }

    #[test]
    fn a_steady_hand_draws_exactly() {
        let twice: BezPath = corner().into_iter().chain(corner()).collect();
        assert_eq!(hand(0, 1).along(&corner()), twice);
    }

    #[test]
    fn a_hand_never_strays_beyond_its_reach() {
        for seed in 0..500 {
            for roughness in [1, 2] {
                let hand = hand(roughness, seed);
                let reach = corner().bounding_box().inflate(hand.reach(), hand.reach());
                for drawn in [hand.along(&corner()), hand.smoothly_along(&corner())] {
                    assert!(reach.contains_rect(drawn.bounding_box()), "{seed}");
                }
                let ellipse = hand.ellipse(200.0, 100.0).bounding_box();
                let reach = kurbo::Rect::new(-100.0, -50.0, 100.0, 50.0);
                assert!(reach.inflate(hand.reach(), hand.reach()).contains_rect(ellipse), "{seed}");
            }
        }
    }

    #[test]
    fn another_seed_is_another_line_and_the_same_seed_the_same() {
        assert_eq!(hand(1, 7).along(&corner()), hand(1, 7).along(&corner()));
        assert_ne!(hand(1, 7).along(&corner()), hand(1, 8).along(&corner()));
    }

    #[test]
    fn what_is_dragged_open_a_little_further_looks_nearly_the_same() {
        let places = |w: f64| {
            let path = hand(2, 3).ellipse(w, 100.0);
            path.segments().map(|segment| segment.eval(0.5)).collect::<Vec<_>>()
        };
        for (one, other) in places(200.0).into_iter().zip(places(201.0)) {
            assert!(one.distance(other) < 1.0, "{one} {other}");
        }
    }
}
