//! What members show each other without writing it down: cursor, viewport, tool, selection, gesture.
//!
//! Every field is latest-wins by itself, so a patch holds only what changed. Coordinates travel as
//! integers, an eighth of a board unit each, so none can be infinite.

mod gesture;

use crate::geometry::{BoardPoint, Bounds};
use crate::id::{ElementId, MemberId};
use crate::limits::SHOWN_ELEMENTS_MAX;
use crate::wire::{Source, Taken, Wire, listed, malformed, pair, put_array, put_map};

pub use gesture::{
    DrawGesture, DrawnShape, Gesture, InkGesture, LaserGesture, MoveGesture, PlaceGesture,
    ReshapeGesture, ShownPlace,
};

/// Steps of a shown coordinate in one board unit.
const STEPS_PER_UNIT: f64 = 8.0;

/// A board point as it is shown to others: to an eighth of a board unit.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ShownPoint(i32, i32);

pair!(ShownPoint);
listed!(ShownPoint);

impl From<BoardPoint> for ShownPoint {
    fn from(point: BoardPoint) -> Self {
        // `as` saturates, and makes NaN zero.
        let steps = |v: f64| (v * STEPS_PER_UNIT).round() as i32;
        Self(steps(point.x), steps(point.y))
    }
}

impl From<ShownPoint> for BoardPoint {
    fn from(ShownPoint(x, y): ShownPoint) -> Self {
        Self::new(f64::from(x) / STEPS_PER_UNIT, f64::from(y) / STEPS_PER_UNIT)
    }
}

/// The part of the board that a member sees: two opposite corners.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Viewport(pub ShownPoint, pub ShownPoint);

pair!(Viewport);

impl From<Bounds> for Viewport {
    fn from(b: Bounds) -> Self {
        Self(BoardPoint::new(b.x0, b.y0).into(), BoardPoint::new(b.x1, b.y1).into())
    }
}

/// All that a member shows.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Presence {
    /// Where the pointer is; `None` when it is off the canvas.
    pub cursor: Option<ShownPoint>,
    /// What the member sees, once it said so.
    pub viewport: Option<Viewport>,
    /// The tool in hand, by its number in the editor.
    pub tool: u8,
    /// The selected elements, at most [`SHOWN_ELEMENTS_MAX`].
    pub selection: Vec<ElementId>,
    /// What the member is doing right now.
    pub gesture: Gesture,
}

impl Presence {
    /// Takes over what `patch` changes.
    pub fn apply(&mut self, patch: PresencePatch) {
        let PresencePatch { cursor, viewport, tool, selection, gesture } = patch;
        self.cursor = cursor.unwrap_or(self.cursor);
        self.viewport = viewport.or(self.viewport);
        self.tool = tool.unwrap_or(self.tool);
        if let Some(selection) = selection {
            self.selection = selection;
        }
        if let Some(gesture) = gesture {
            self.gesture = gesture;
        }
    }

    /// A patch that says all of it.
    pub fn as_patch(&self) -> PresencePatch {
        PresencePatch {
            cursor: Some(self.cursor),
            viewport: self.viewport,
            tool: Some(self.tool),
            selection: Some(self.selection.clone()),
            gesture: Some(self.gesture.clone()),
        }
    }
}

/// A change of presence: what is `None` stays.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct PresencePatch {
    /// The pointer's new place; `Some(None)` when it left the canvas.
    pub cursor: Option<Option<ShownPoint>>,
    /// The new view.
    pub viewport: Option<Viewport>,
    /// The new tool.
    pub tool: Option<u8>,
    /// The new selection.
    pub selection: Option<Vec<ElementId>>,
    /// The new gesture.
    pub gesture: Option<Gesture>,
}

impl PresencePatch {
    /// Whether it changes nothing.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Takes over what `later` changes; the rest stays as it was to be.
    pub fn merge(&mut self, later: Self) {
        self.cursor = later.cursor.or(self.cursor);
        self.viewport = later.viewport.or(self.viewport);
        self.tool = later.tool.or(self.tool);
        self.selection = later.selection.or_else(|| self.selection.take());
        self.gesture = later.gesture.or_else(|| self.gesture.take());
    }

    /// The cursor's new place, if that is all that changed.
    fn only_cursor(&self) -> Option<ShownPoint> {
        let point = self.cursor??;
        (Self { cursor: None, ..self.clone() }).is_empty().then_some(point)
    }

    /// Whether its lists are within the limits.
    fn check(&self) -> Result<(), &'static str> {
        if self.selection.as_ref().is_some_and(|ids| ids.len() > SHOWN_ELEMENTS_MAX) {
            return Err("a selection shows too many elements");
        }
        self.gesture.as_ref().map_or(Ok(()), Gesture::check)
    }
}

/// One member's change of presence, as the server tells it to the room.
///
/// On the wire `[member, x, y]` when only the cursor moved (at most twelve bytes for the first 128
/// members), otherwise `[member, fields]`.
#[derive(Clone, PartialEq, Debug)]
pub struct PresenceChange {
    /// Who.
    pub member: MemberId,
    /// What changed.
    pub patch: PresencePatch,
}

impl Wire for PresenceChange {
    fn put(&self, out: &mut Vec<u8>) {
        match self.patch.only_cursor() {
            Some(ShownPoint(x, y)) => {
                put_array(out, 3);
                self.member.put(out);
                x.put(out);
                y.put(out);
            }
            None => {
                put_array(out, 2);
                self.member.put(out);
                self.patch.put(out);
            }
        }
    }

    fn take(from: &mut Source<'_>) -> Taken<Self> {
        let n = from.array()?;
        let member = MemberId::take(from)?;
        let patch = match n {
            2 => PresencePatch::take(from)?,
            3 => {
                let point = ShownPoint(i32::take(from)?, i32::take(from)?);
                PresencePatch { cursor: Some(Some(point)), ..PresencePatch::default() }
            }
            _ => return Err(malformed("not a change of presence")),
        };
        Ok(Self { member, patch })
    }
}
listed!(PresenceChange);

const CURSOR: u8 = 0;
const VIEWPORT: u8 = 1;
const TOOL: u8 = 2;
const SELECTION: u8 = 3;
const GESTURE: u8 = 4;

impl Wire for PresencePatch {
    fn put(&self, out: &mut Vec<u8>) {
        let Self { cursor, viewport, tool, selection, gesture } = self;
        let n_fields = u8::from(cursor.is_some())
            + u8::from(viewport.is_some())
            + u8::from(tool.is_some())
            + u8::from(selection.is_some())
            + u8::from(gesture.is_some());
        put_map(out, n_fields.into());
        put_field(out, CURSOR, cursor.as_ref());
        put_field(out, VIEWPORT, viewport.as_ref());
        put_field(out, TOOL, tool.as_ref());
        put_field(out, SELECTION, selection.as_ref());
        put_field(out, GESTURE, gesture.as_ref());
    }

    fn take(from: &mut Source<'_>) -> Taken<Self> {
        let mut patch = Self::default();
        for _ in 0..from.map()? {
            match u8::take(from)? {
                CURSOR => patch.cursor = Some(Wire::take(from)?),
                VIEWPORT => patch.viewport = Some(Wire::take(from)?),
                TOOL => patch.tool = Some(Wire::take(from)?),
                SELECTION => patch.selection = Some(Wire::take(from)?),
                GESTURE => patch.gesture = Some(Wire::take(from)?),
                _ => return Err(malformed("no such presence field")),
            }
        }
        patch.check().map_err(malformed)?;
        Ok(patch)
    }
}

fn put_field<T: Wire>(out: &mut Vec<u8>, field: u8, value: Option<&T>) {
    if let Some(value) = value {
        field.put(out);
        value.put(out);
    }
}
