//! Points, boxes and placements on the board, in board units: x grows right, y grows down.

use crate::limits::COORDINATE_MAX;

/// A point on the board. Never a point on the screen: the editor's camera converts.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct BoardPoint {
    /// Board units to the right.
    pub x: f64,
    /// Board units down.
    pub y: f64,
}

impl BoardPoint {
    /// The point at `x`, `y`.
    pub const fn new(x: f64, y: f64) -> Self {
        Self { x, y }
    }

    /// Distance to `other`, in board units.
    pub fn distance(self, other: Self) -> f64 {
        (self.x - other.x).hypot(self.y - other.y)
    }

    /// The point halfway to `other`.
    pub fn middle(self, other: Self) -> Self {
        Self { x: f64::midpoint(self.x, other.x), y: f64::midpoint(self.y, other.y) }
    }

    /// This point turned by `angle` radians (clockwise on the screen) around `center`.
    pub fn rotated(self, center: Self, angle: f64) -> Self {
        let (sin, cos) = angle.sin_cos();
        let (dx, dy) = (self.x - center.x, self.y - center.y);
        Self { x: center.x + dx * cos - dy * sin, y: center.y + dx * sin + dy * cos }
    }
}

/// An upright box; empty boxes (`x0 > x1`) contain nothing.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Bounds {
    /// Left edge.
    pub x0: f64,
    /// Top edge.
    pub y0: f64,
    /// Right edge.
    pub x1: f64,
    /// Bottom edge.
    pub y1: f64,
}

impl Bounds {
    /// The box that contains nothing; including a point makes it that point.
    pub const EMPTY: Self =
        Self { x0: f64::INFINITY, y0: f64::INFINITY, x1: f64::NEG_INFINITY, y1: f64::NEG_INFINITY };

    /// The box with these two corners, in any order.
    pub fn from_corners(a: BoardPoint, b: BoardPoint) -> Self {
        Self { x0: a.x.min(b.x), y0: a.y.min(b.y), x1: a.x.max(b.x), y1: a.y.max(b.y) }
    }

    /// The smallest box around `points`; empty without any.
    pub fn around(points: impl IntoIterator<Item = BoardPoint>) -> Self {
        points.into_iter().fold(Self::EMPTY, Self::including)
    }

    /// This box grown to contain `point`.
    pub fn including(self, point: BoardPoint) -> Self {
        // Not by `min` and `max`, which are calls in the page; what is no number changes nothing either way.
        let BoardPoint { x, y } = point;
        Self {
            x0: if x < self.x0 { x } else { self.x0 },
            y0: if y < self.y0 { y } else { self.y0 },
            x1: if x > self.x1 { x } else { self.x1 },
            y1: if y > self.y1 { y } else { self.y1 },
        }
    }

    /// The smallest box around this one and `other`.
    pub fn union(self, other: Self) -> Self {
        Self {
            x0: self.x0.min(other.x0),
            y0: self.y0.min(other.y0),
            x1: self.x1.max(other.x1),
            y1: self.y1.max(other.y1),
        }
    }

    /// What of this box lies in `other`; empty if nothing does.
    pub fn intersection(self, other: Self) -> Self {
        Self {
            x0: self.x0.max(other.x0),
            y0: self.y0.max(other.y0),
            x1: self.x1.min(other.x1),
            y1: self.y1.min(other.y1),
        }
    }

    /// This box with `margin` more on every side.
    pub fn inflated(self, margin: f64) -> Self {
        Self {
            x0: self.x0 - margin,
            y0: self.y0 - margin,
            x1: self.x1 + margin,
            y1: self.y1 + margin,
        }
    }

    /// Whether nothing is inside.
    pub fn is_empty(self) -> bool {
        self.x0 > self.x1 || self.y0 > self.y1
    }

    /// Whether the boxes share at least a point.
    pub fn intersects(self, other: Self) -> bool {
        self.x0 <= other.x1 && other.x0 <= self.x1 && self.y0 <= other.y1 && other.y0 <= self.y1
    }

    /// Whether `other` lies wholly inside.
    pub fn contains(self, other: Self) -> bool {
        self.x0 <= other.x0 && self.y0 <= other.y0 && self.x1 >= other.x1 && self.y1 >= other.y1
    }

    /// Whether `point` lies inside or on the edge.
    pub fn contains_point(self, point: BoardPoint) -> bool {
        (self.x0..=self.x1).contains(&point.x) && (self.y0..=self.y1).contains(&point.y)
    }

    /// The middle.
    pub fn center(self) -> BoardPoint {
        BoardPoint::new((self.x0 + self.x1) / 2.0, (self.y0 + self.y1) / 2.0)
    }

    /// Width, negative when empty.
    pub fn width(self) -> f64 {
        self.x1 - self.x0
    }

    /// Height, negative when empty.
    pub fn height(self) -> f64 {
        self.y1 - self.y0
    }
}

/// Where an element is: an upright box, turned by `angle` around its middle.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct Geometry {
    /// Left edge before turning.
    pub x: f64,
    /// Top edge before turning.
    pub y: f64,
    /// Width, at least 0.
    pub w: f64,
    /// Height, at least 0.
    pub h: f64,
    /// Clockwise turn around the middle, in radians.
    pub angle: f64,
    /// How its drawing is mirrored in the box, before turning.
    pub flip: Flip,
}

/// How a drawing is mirrored in its box. What looks the same mirrored, and text, does not care.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Flip {
    /// Left and right have changed places.
    pub across: bool,
    /// Above and below have.
    pub down: bool,
}

impl Flip {
    /// The flip as a number: 1 for across, 2 for down, 3 for both.
    pub fn bits(self) -> u8 {
        u8::from(self.across) | u8::from(self.down) << 1
    }

    /// The flip that [`Flip::bits`] gave; further bits are not looked at.
    pub fn of_bits(bits: u8) -> Self {
        Self { across: bits & 1 != 0, down: bits & 2 != 0 }
    }
}

impl Geometry {
    /// An unturned placement over `bounds`; an empty box becomes the origin.
    pub fn over(bounds: Bounds) -> Self {
        if bounds.is_empty() {
            return Self::default();
        }
        Self {
            x: bounds.x0,
            y: bounds.y0,
            w: bounds.width(),
            h: bounds.height(),
            ..Self::default()
        }
    }

    /// The placement with its numbers made finite, in range, and its size not negative.
    pub fn sanitized(self) -> Self {
        let clamp =
            |v: f64| if v.is_finite() { v.clamp(-COORDINATE_MAX, COORDINATE_MAX) } else { 0.0 };
        let (w, h) = (clamp(self.w), clamp(self.h));
        Self {
            x: clamp(self.x) + w.min(0.0),
            y: clamp(self.y) + h.min(0.0),
            w: w.abs(),
            h: h.abs(),
            angle: clamp(self.angle),
            flip: self.flip,
        }
    }

    /// The box before turning.
    pub fn bounds(self) -> Bounds {
        Bounds { x0: self.x, y0: self.y, x1: self.x + self.w, y1: self.y + self.h }
    }

    /// The upright box around the turned one.
    pub fn turned_bounds(self) -> Bounds {
        if self.angle == 0.0 { self.bounds() } else { Bounds::around(self.corners()) }
    }

    /// The turned corners: top left, top right, bottom right, bottom left.
    pub fn corners(self) -> [BoardPoint; 4] {
        let b = self.bounds();
        [(b.x0, b.y0), (b.x1, b.y0), (b.x1, b.y1), (b.x0, b.y1)]
            .map(|(x, y)| BoardPoint::new(x, y).rotated(b.center(), self.angle))
    }

    /// The middle, around which the element turns.
    pub fn center(self) -> BoardPoint {
        self.bounds().center()
    }

    /// The same placement moved by `dx`, `dy`.
    pub fn moved(self, dx: f64, dy: f64) -> Self {
        Self { x: self.x + dx, y: self.y + dy, ..self }
    }

    /// Of a drawing that naturally fills `natural` and is placed here, where its part in the box `part` is;
    /// `part` may also be larger.
    pub fn reframed(self, natural: Bounds, part: Bounds) -> Self {
        self.reframed_by(self.scale(natural), natural, part)
    }

    /// The same if the drawing is stretched by these factors, across and down.
    pub(crate) fn reframed_by(self, scale: (f64, f64), natural: Bounds, part: Bounds) -> Self {
        if natural.is_empty() || part.is_empty() {
            return self;
        }
        let corner = |x, y| self.place_by(scale, natural, BoardPoint::new(x, y));
        let placed = Bounds::from_corners(corner(part.x0, part.y0), corner(part.x1, part.y1));
        let (w, h) = (placed.width(), placed.height());
        let center = placed.center().rotated(self.center(), self.angle);
        Self { x: center.x - w / 2.0, y: center.y - h / 2.0, w, h, ..self }
    }

    /// Where `point` of a drawing that naturally fills `natural` lands in this box, before turning.
    pub fn place(self, natural: Bounds, point: BoardPoint) -> BoardPoint {
        self.place_by(self.scale(natural), natural, point)
    }

    /// By what a drawing is stretched here that naturally fills `natural`, across and down: by nothing where it has
    /// no extent.
    pub(crate) fn scale(self, natural: Bounds) -> (f64, f64) {
        let scale = |size: f64, natural: f64| if natural > 0.0 { size / natural } else { 1.0 };
        (scale(self.w, natural.width()), scale(self.h, natural.height()))
    }

    fn place_by(
        self,
        (across, down): (f64, f64),
        natural: Bounds,
        point: BoardPoint,
    ) -> BoardPoint {
        let dx = if self.flip.across { natural.x1 - point.x } else { point.x - natural.x0 };
        let dy = if self.flip.down { natural.y1 - point.y } else { point.y - natural.y0 };
        BoardPoint { x: self.x + dx * across, y: self.y + dy * down }
    }
}
