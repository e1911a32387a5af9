//! Cutting a picture to a part of it, which stays where it lies: its sides follow the pointer, or the picture
//! moves under them. Shift keeps the part's ratio.

use shared::element::{Crop, Element, Shape};
use shared::geometry::{BoardPoint, Bounds, Geometry};

use crate::handles::SizeHandle;

/// No side of a part gets shorter than this many board units.
const SMALLEST: f64 = 4.0;

/// A picture of which a part may be shown: where that lies, and which part it is.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) struct Cropped {
    /// Where the part lies.
    pub(crate) place: Geometry,
    /// Which it is.
    pub(crate) crop: Crop,
}

/// What is dragged.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum CropGrip {
    /// One or two sides of the part.
    Side(SizeHandle),
    /// The picture under it.
    Picture,
}

impl Cropped {
    /// What is shown of an element; `None` if it is no picture that can be cut.
    pub(crate) fn of(element: &Element) -> Option<Self> {
        let Shape::Image(image) = &element.shape else { return None };
        let place = element.geometry;
        let is_seen = place.w > 0.0 && place.h > 0.0;
        (is_seen && !element.locked).then_some(Self { place, crop: image.crop })
    }

    /// Where all of the picture would lie.
    pub(crate) fn whole(self) -> Geometry {
        let (part, place) = (self.part(), self.place);
        let (w, h) = (place.w / part.width(), place.h / part.height());
        let upright =
            Geometry { x: place.x - part.x0 * w, y: place.y - part.y0 * h, w, h, ..place };
        turned(upright, place.center())
    }

    /// All of the picture, where it lies.
    pub(crate) fn uncropped(self) -> Self {
        Self { place: self.whole(), crop: Crop::WHOLE }
    }

    /// What of it a pointer grips at a place on the board; `reach` in board units.
    pub(crate) fn grip_at(self, at: BoardPoint, reach: f64) -> Option<CropGrip> {
        let b = self.place.bounds();
        let at = at.rotated(b.center(), -self.place.angle);
        if !b.inflated(reach).contains_point(at) {
            return None;
        }
        // What is small must leave room for the picture itself.
        let side = |at: f64, low: f64, high: f64| {
            let reach = reach.min((high - low) / 4.0);
            i8::from(at > high - reach) - i8::from(at < low + reach)
        };
        let handle = SizeHandle { x: side(at.x, b.x0, b.x1), y: side(at.y, b.y0, b.y1) };
        Some(match handle {
            SizeHandle { x: 0, y: 0 } => CropGrip::Picture,
            side => CropGrip::Side(side),
        })
    }

    /// The part as it is seen, in fractions of the picture as it is seen.
    fn part(self) -> Bounds {
        self.crop.mirrored(self.place.flip).part()
    }

    /// Cut to another part, which lies where it lies in the picture now.
    fn cut(self, part: Bounds) -> Option<Self> {
        let seen = Crop::new(part)?;
        let (part, whole) = (seen.part(), self.whole());
        let (x, y) = (whole.x + part.x0 * whole.w, whole.y + part.y0 * whole.h);
        let (w, h) = (part.width() * whole.w, part.height() * whole.h);
        let place = turned(Geometry { x, y, w, h, ..whole }, whole.center());
        Some(Self { place, crop: seen.mirrored(place.flip) })
    }

    /// Cut to another part, which lies where this one does.
    fn shifted(self, part: Bounds) -> Option<Self> {
        Some(Self { crop: Crop::new(part)?.mirrored(self.place.flip), ..self })
    }
}

/// A part of a picture that is dragged.
pub(crate) struct CropDrag {
    grip: CropGrip,
    start: BoardPoint,
    from: Cropped,
    now: Cropped,
}

impl CropDrag {
    pub(crate) fn begin(grip: CropGrip, from: Cropped, at: BoardPoint) -> Self {
        Self { grip, start: at, from, now: from }
    }

    pub(crate) fn drag(&mut self, to: BoardPoint, keeps_ratio: bool) {
        let (whole, part) = (self.from.whole(), self.from.part());
        let by = BoardPoint::new(to.x - self.start.x, to.y - self.start.y);
        let by = by.rotated(BoardPoint::default(), -whole.angle);
        let (dx, dy) = (by.x / whole.w, by.y / whole.h);
        let dragged = match self.grip {
            CropGrip::Picture => {
                let (x0, x1) = slid(part.x0, part.x1, -dx);
                let (y0, y1) = slid(part.y0, part.y1, -dy);
                self.from.shifted(Bounds { x0, y0, x1, y1 })
            }
            CropGrip::Side(SizeHandle { x, y }) => {
                let across = Span { side: x, low: part.x0, high: part.x1 };
                let down = Span { side: y, low: part.y0, high: part.y1 };
                let mut w = across.grown(dx, SMALLEST / whole.w);
                let mut h = down.grown(dy, SMALLEST / whole.h);
                if keeps_ratio {
                    let scale = match (x, y) {
                        (0, _) => h / down.size(),
                        (_, 0) => w / across.size(),
                        _ => (w / across.size()).max(h / down.size()),
                    };
                    let most = (across.most() / across.size()).min(down.most() / down.size());
                    (w, h) = (across.size() * scale.min(most), down.size() * scale.min(most));
                }
                let ((x0, x1), (y0, y1)) = (across.of_size(w), down.of_size(h));
                self.from.cut(Bounds { x0, y0, x1, y1 })
            }
        };
        self.now = dragged.unwrap_or(self.now);
    }

    /// What is dragged.
    pub(crate) fn grip(&self) -> CropGrip {
        self.grip
    }

    /// The picture as it is cut now.
    pub(crate) fn now(&self) -> Cropped {
        self.now
    }
}

/// A part along one axis, in fractions, of which a side is dragged: -1 the lower, 1 the higher one, 0 none.
#[derive(Clone, Copy)]
struct Span {
    side: i8,
    low: f64,
    high: f64,
}

impl Span {
    fn size(self) -> f64 {
        self.high - self.low
    }

    /// How large it can get in the picture.
    fn most(self) -> f64 {
        match self.side {
            1.. => 1.0 - self.low,
            0 => (self.low + self.high).min(2.0 - self.low - self.high),
            _ => self.high,
        }
    }

    /// Its size when the side has moved.
    fn grown(self, by: f64, least: f64) -> f64 {
        let size = self.size() + by * f64::from(self.side);
        size.min(self.most()).max(least.min(self.size()))
    }

    /// With another size: the side across stays, or the middle.
    fn of_size(self, size: f64) -> (f64, f64) {
        let middle = (self.low + self.high) / 2.0;
        match self.side {
            _ if size == self.size() => (self.low, self.high),
            1.. => (self.low, self.low + size),
            0 => (middle - size / 2.0, middle + size / 2.0),
            _ => (self.high - size, self.high),
        }
    }
}

/// A span moved as far as there is room in the picture.
fn slid(low: f64, high: f64, by: f64) -> (f64, f64) {
    let by = by.max(-low).min(1.0 - high);
    (low + by, high + by)
}

/// Where an upright box lies when everything is turned around `pivot` by its angle.
fn turned(upright: Geometry, pivot: BoardPoint) -> Geometry {
    /// Steps of a board unit: what a calculation leaves behind the last one is none of the person's doing.
    const STEPS: f64 = 1_024.0;
    let tidy = |v: f64| (v * STEPS).round() / STEPS;
    let center = upright.center().rotated(pivot, upright.angle);
    let (w, h) = (tidy(upright.w), tidy(upright.h));
    Geometry { x: tidy(center.x - w / 2.0), y: tidy(center.y - h / 2.0), w, h, ..upright }
}
