//! The room for a text in what it labels, and how large a shape must be to have room for it.

use std::f64::consts::FRAC_1_SQRT_2;

use shared::element::{Align, Arrow, Element, Shape, Text, VerticalAlign};
use shared::geometry::{BoardPoint, Bounds, Geometry};

use crate::outline::label_center;

/// Board units between text and outline.
const MARGIN: f64 = 5.0;
/// The same on notes.
const NOTE_MARGIN: f64 = 16.0;
/// An arrow's label takes this part of the arrow's length at most, but has room for some letters.
const ARROW_PART: f64 = 0.7;
const ARROW_LETTERS: f64 = 11.0;

/// A box in which a text is broken into lines, turned with what it is in.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Room {
    /// Its middle on the board.
    pub center: BoardPoint,
    /// Width at which lines are broken.
    pub w: f64,
    /// Height; 0 if it grows from its middle.
    pub h: f64,
    /// Its turn, in radians.
    pub angle: f64,
}

/// What part of a shape's box is room for text, across and down, how far the room's middle lies below
/// the shape's as a part of its height, and the margin.
fn parts(shape: &Shape) -> Option<(f64, f64, f64, f64)> {
    Some(match shape {
        Shape::Rectangle | Shape::Image(_) => (1.0, 1.0, 0.0, MARGIN),
        Shape::Ellipse => (FRAC_1_SQRT_2, FRAC_1_SQRT_2, 0.0, MARGIN),
        Shape::Diamond => (0.5, 0.5, 0.0, MARGIN),
        Shape::Triangle => (0.5, 0.5, 0.25, MARGIN),
        Shape::Note => (1.0, 1.0, 0.0, NOTE_MARGIN),
        _ => return None,
    })
}

/// The room for a text with letters of `size` in `element`; `None` if it cannot be labeled.
pub fn room(element: &Element, size: f64) -> Option<Room> {
    let g = element.geometry;
    if let Shape::Arrow(arrow) = &element.shape {
        let w = (g.w.hypot(g.h) * ARROW_PART).max(size * ARROW_LETTERS);
        let (center, at) = (g.center(), label_center(arrow, g, element.style.edges));
        let center = BoardPoint::new(center.x + at.x, center.y + at.y).rotated(center, g.angle);
        return Some(Room { center, w, h: 0.0, angle: 0.0 });
    }
    let (across, down, below, margin) = parts(&element.shape)?;
    let below = if g.flip.down { -below } else { below };
    let center = BoardPoint::new(g.x + g.w / 2.0, g.y + g.h * (0.5 + below));
    let inner = |side: f64, part: f64| (side * part - 2.0 * margin).max(1.0);
    Some(Room {
        center: center.rotated(g.center(), g.angle),
        // A shape that is narrower than a few letters is overflown.
        w: inner(g.w, across).max(size),
        h: inner(g.h, down),
        angle: g.angle,
    })
}

/// The box of the texts on an arrow; `None` if there are none.
pub fn label_box(element: &Element) -> Option<Bounds> {
    let Shape::Arrow(Arrow { label: Some((w, h)), .. }) = &element.shape else { return None };
    let center = room(element, 1.0)?.center;
    let half = BoardPoint::new(w / 2.0, h / 2.0);
    let corner = |sign: f64| BoardPoint::new(center.x + sign * half.x, center.y + sign * half.y);
    Some(Bounds::from_corners(corner(-1.0), corner(1.0)))
}

/// How high `element` must be to have room for a text of this height; `None` if it has any.
pub fn grown(element: &Element, height: f64) -> Option<f64> {
    let (_, down, _, margin) = parts(&element.shape)?;
    Some((height + 2.0 * margin) / down)
}

/// How wide a drawn shape must be so that a line of this width has room in it; `None` if its width is not to follow
/// from what it says.
pub fn widened(element: &Element, width: f64) -> Option<f64> {
    let is_drawn = matches!(
        element.shape,
        Shape::Rectangle | Shape::Ellipse | Shape::Diamond | Shape::Triangle
    );
    let (across, _, _, margin) = parts(&element.shape).filter(|_| is_drawn)?;
    Some((width + 2.0 * margin) / across)
}

impl Room {
    /// Where a text of this size stands in it.
    pub fn place(&self, text: &Text, w: f64, h: f64) -> Geometry {
        let across = match text.align {
            Align::Left => -1.0,
            Align::Center => 0.0,
            Align::Right => 1.0,
        };
        let down = match text.vertical {
            VerticalAlign::Top => -1.0,
            VerticalAlign::Middle => 0.0,
            VerticalAlign::Bottom => 1.0,
        };
        let spare = |room: f64, own: f64| (room - own).max(0.0) / 2.0;
        let x =
            if self.h > 0.0 { self.center.x + across * spare(self.w, w) } else { self.center.x };
        let y = self.center.y + down * spare(self.h, h);
        let at = BoardPoint::new(x, y).rotated(self.center, self.angle);
        Geometry {
            x: at.x - w / 2.0,
            y: at.y - h / 2.0,
            w,
            h,
            angle: self.angle,
            ..Geometry::default()
        }
    }
}
