//! What a member is in the middle of: shown to others, not written down.

use super::ShownPoint;
use crate::element::{Brush, Heads, Style};
use crate::geometry::{BoardPoint, Flip, Geometry};
use crate::id::ElementId;
use crate::limits::{GESTURE_INK_MAX_BYTES, GESTURE_POINTS_MAX, SHOWN_ELEMENTS_MAX};
use crate::wire::{Source, Taken, Wire, listed, numbered, put_array, record};

numbered! {
    /// Something that a member is in the middle of and that is not written down yet.
    #[derive(Clone, PartialEq, Debug)]
    pub enum Gesture {
        /// Nothing.
        0 => Idle(()),
        /// Moving elements; they return to their places if the member vanishes.
        1 => Move(MoveGesture),
        /// Drawing a new shape.
        2 => Draw(DrawGesture),
        /// Drawing ink, ahead of what the document has of it.
        3 => Ink(InkGesture),
        /// Resizing or turning elements; they return to what they were if the member vanishes.
        4 => Place(PlaceGesture),
        /// Pointing with the laser.
        5 => Laser(LaserGesture),
        /// Dragging a point or a piece of a line; it returns to what it was if the member vanishes.
        6 => Reshape(ReshapeGesture),
    }
}

impl Default for Gesture {
    fn default() -> Self {
        Self::Idle(())
    }
}

impl Gesture {
    /// Whether its lists are within the limits.
    pub(super) fn check(&self) -> Result<(), &'static str> {
        let fits = match self {
            Self::Idle(()) => true,
            Self::Move(moving) => moving.ids.len() <= SHOWN_ELEMENTS_MAX,
            Self::Draw(draw) => draw.points.len() <= GESTURE_POINTS_MAX,
            Self::Ink(ink) => ink.chunk.len() <= GESTURE_INK_MAX_BYTES,
            Self::Place(placing) => placing.places.len() <= SHOWN_ELEMENTS_MAX,
            Self::Laser(laser) => laser.points.len() <= GESTURE_POINTS_MAX,
            Self::Reshape(line) => line.points.len() <= GESTURE_POINTS_MAX,
        };
        if fits { Ok(()) } else { Err("a gesture is too long") }
    }
}

/// Elements on their way to another place.
#[derive(Clone, PartialEq, Debug)]
pub struct MoveGesture {
    /// What moves, at most [`SHOWN_ELEMENTS_MAX`].
    pub ids: Vec<ElementId>,
    /// How far it has moved so far.
    pub by: ShownPoint,
}

record!(MoveGesture { ids, by });

/// Elements on their way to other places and sizes.
#[derive(Clone, PartialEq, Debug)]
pub struct PlaceGesture {
    /// What changes and where it is now, at most [`SHOWN_ELEMENTS_MAX`].
    pub places: Vec<ShownPlace>,
}

record!(PlaceGesture { places });

/// An element's placement while it is dragged.
#[derive(Clone, PartialEq, Debug)]
pub struct ShownPlace {
    /// The element.
    pub id: ElementId,
    /// Where it is shown.
    pub geometry: Geometry,
}

record!(ShownPlace { id, geometry });
listed!(ShownPlace);

/// Steps of a shown angle in one radian.
const STEPS_PER_RADIAN: f64 = 4_096.0;

impl Wire for Geometry {
    fn put(&self, out: &mut Vec<u8>) {
        put_array(out, 4);
        ShownPoint::from(BoardPoint::new(self.x, self.y)).put(out);
        ShownPoint::from(BoardPoint::new(self.w, self.h)).put(out);
        ((self.angle * STEPS_PER_RADIAN).round() as i32).put(out);
        self.flip.bits().put(out);
    }

    fn take(from: &mut Source<'_>) -> Taken<Self> {
        from.array_of(4)?;
        let BoardPoint { x, y } = ShownPoint::take(from)?.into();
        let BoardPoint { x: w, y: h } = ShownPoint::take(from)?.into();
        let angle = f64::from(i32::take(from)?) / STEPS_PER_RADIAN;
        let flip = Flip::of_bits(u8::take(from)?);
        Ok(Self { x, y, w, h, angle, flip }.sanitized())
    }
}

/// A line or arrow on its way to other corners.
#[derive(Clone, PartialEq, Debug)]
pub struct ReshapeGesture {
    /// The element.
    pub id: ElementId,
    /// Its corners as they are shown, at most [`GESTURE_POINTS_MAX`].
    pub points: Vec<ShownPoint>,
}

record!(ReshapeGesture { id, points });

/// The trail of a laser pointer.
#[derive(Clone, PartialEq, Debug)]
pub struct LaserGesture {
    /// How many points of this trail came before these.
    pub from: u32,
    /// The newest points, at most [`GESTURE_POINTS_MAX`].
    pub points: Vec<ShownPoint>,
}

record!(LaserGesture { from, points });

/// A shape that is being dragged open.
#[derive(Clone, PartialEq, Debug)]
pub struct DrawGesture {
    /// What it will be.
    pub shape: DrawnShape,
    /// Its looks.
    pub style: Style,
    /// Two opposite corners of a box, or the points of a line; at most [`GESTURE_POINTS_MAX`].
    pub points: Vec<ShownPoint>,
}

record!(DrawGesture { shape, style, points });

numbered! {
    /// The kinds that are drawn by dragging.
    #[derive(Clone, Copy, PartialEq, Eq, Debug)]
    pub enum DrawnShape {
        /// A box.
        0 => Rectangle(()),
        /// An ellipse in a box.
        1 => Ellipse(()),
        /// A rhombus in a box.
        2 => Diamond(()),
        /// A line through points.
        3 => Line(()),
        /// A line with heads.
        4 => Arrow(Heads),
        /// A triangle in a box.
        5 => Triangle(()),
        /// A sticky note.
        6 => Note(()),
        /// A frame.
        7 => Frame(()),
        /// A line with heads that runs across and down only.
        8 => Elbow(Heads),
    }
}

/// Ink ahead of the document: the points from number `from` on. Those that the document has by now
/// are left out by the receiver.
#[derive(Clone, PartialEq, Debug)]
pub struct InkGesture {
    /// The element that the ink belongs to; it may not be in the document yet.
    pub id: ElementId,
    /// Its looks.
    pub style: Style,
    /// How many of the stroke's points come before.
    pub from: u32,
    /// One encoded chunk of ink, at most [`GESTURE_INK_MAX_BYTES`].
    pub chunk: Vec<u8>,
    /// What it is drawn with.
    pub brush: Brush,
}

record!(InkGesture { id, style, from, chunk, brush });
