//! The frame around what is chosen, and the handles on it that change its size and turn it.

use shared::board::Board;
use shared::element::{Element, Shape};
use shared::geometry::{BoardPoint, Bounds, Geometry};

use crate::selection::Selection;
use crate::tied::is_bound;

/// Pixels between what is chosen and the frame.
const MARGIN: f64 = 5.0;
/// Pixels around a corner's handle that still touch it.
const CORNER_REACH: f64 = 9.0;
/// The same for a side's: less than the margin, so that an outline can be grasped beside it.
const SIDE_REACH: f64 = 4.5;
/// The same for fingers, whichever handle.
const TOUCH_REACH: f64 = 20.0;
/// Pixels between the frame and the handle that turns it.
const TURN_DISTANCE: f64 = 20.0;
/// A side shorter than this many pixels has no handle of its own: it would hide the corners.
const SIDE_MIN: f64 = 30.0;

/// Something on the frame that can be dragged.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Grip {
    /// Changes the size.
    Size(SizeHandle),
    /// Turns it.
    Turn,
}

/// A handle, by which sides it moves: -1 the left or top one, 1 the right or bottom one, 0 neither.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct SizeHandle {
    /// Across.
    pub x: i8,
    /// Down.
    pub y: i8,
}

/// All handles, corners first: where two overlap, the corner is meant.
const HANDLES: [SizeHandle; 8] = [
    SizeHandle { x: -1, y: -1 },
    SizeHandle { x: 1, y: -1 },
    SizeHandle { x: 1, y: 1 },
    SizeHandle { x: -1, y: 1 },
    SizeHandle { x: 0, y: -1 },
    SizeHandle { x: 1, y: 0 },
    SizeHandle { x: 0, y: 1 },
    SizeHandle { x: -1, y: 0 },
];

impl SizeHandle {
    /// Whether it is on a corner.
    pub fn is_corner(self) -> bool {
        self.x != 0 && self.y != 0
    }

    fn pointer_shape(self, angle: f64) -> &'static str {
        let own = f64::from(self.y).atan2(f64::from(self.x));
        let eighth = ((own + angle) / std::f64::consts::FRAC_PI_4).round();
        // In whole numbers: that of fractions would be three kilobytes of the page.
        match (eighth as i64).rem_euclid(4) {
            0 => "ew-resize",
            1 => "nwse-resize",
            2 => "ns-resize",
            _ => "nesw-resize",
        }
    }
}

impl Grip {
    /// The pointer's shape over it, as CSS calls it, for a frame that is turned by `angle`.
    pub(crate) fn pointer_shape(self, angle: f64) -> &'static str {
        match self {
            Self::Size(handle) => handle.pointer_shape(angle),
            Self::Turn => "grab",
        }
    }
}

/// What a frame lies around, and what its handles may do.
#[derive(Clone, Copy)]
pub(crate) struct Framed {
    /// One element's place, turned as it is, or the box around several.
    pub(crate) place: Geometry,
    /// Whether nothing of it is locked.
    pub(crate) is_free: bool,
    /// Whether it can be turned: frames stand upright, an elbow runs across and down, and where a bound arrow is
    /// follows from what it is bound to.
    pub(crate) can_turn: bool,
    /// How far from it the handles lie, in pixels.
    pub(crate) margin: f64,
}

/// What is chosen; `None` if nothing is.
pub(crate) fn framed(board: &Board, chosen: &Selection) -> Option<Framed> {
    let mut elements = chosen.iter().filter_map(|id| board.element(id));
    let first = elements.next()?;
    let is_alone = chosen.len() == 1;
    let can_turn = |element: &Element| match &element.shape {
        Shape::Frame(_) => false,
        Shape::Arrow(arrow) => !is_alone || !(arrow.is_elbow || is_bound(arrow)),
        _ => true,
    };
    // One that is called a frame has them on its edge, or they would lie on its name.
    let margin = if matches!(first.shape, Shape::Frame(_)) && is_alone { 0.0 } else { MARGIN };
    let (is_free, can_turn_first) = (!first.locked, can_turn(first));
    let mut all = Framed { place: first.geometry, is_free, can_turn: can_turn_first, margin };
    let mut bounds = first.geometry.turned_bounds();
    for element in elements {
        bounds = bounds.union(element.geometry.turned_bounds());
        all.place = Geometry::over(bounds);
        all.is_free &= !element.locked;
        all.can_turn &= can_turn(element);
    }
    Some(all)
}

/// The handles of what is framed, with where they are on the board.
pub(crate) fn handles(framed: Framed, zoom: f64) -> Vec<(Grip, BoardPoint)> {
    let Framed { place: inner, can_turn, margin, .. } = framed;
    let Bounds { x0, y0, x1, y1 } = inner.bounds().inflated(margin / zoom);
    let along = |side: i8, low: f64, high: f64| low + (high - low) * f64::from(side + 1) / 2.0;
    let has_room = |handle: &SizeHandle| {
        let side = if handle.x == 0 { x1 - x0 } else { y1 - y0 };
        handle.is_corner() || side * zoom >= SIDE_MIN
    };
    let size = HANDLES.into_iter().filter(has_room).map(|handle| {
        let at = BoardPoint::new(along(handle.x, x0, x1), along(handle.y, y0, y1));
        (Grip::Size(handle), at)
    });
    let above = BoardPoint::new((x0 + x1) / 2.0, y0 - TURN_DISTANCE / zoom);
    let all = size.chain(can_turn.then_some((Grip::Turn, above)));
    all.map(|(grip, at)| (grip, at.rotated(inner.center(), inner.angle))).collect()
}

/// The handle that `at` touches; a finger reaches further.
pub(crate) fn grip_at(framed: Framed, at: BoardPoint, zoom: f64, is_touch: bool) -> Option<Grip> {
    // On something small the handles must leave room for the thing itself.
    let room = framed.place.w.min(framed.place.h) * zoom / 3.0;
    let touch_reach = TOUCH_REACH.min(room).max(CORNER_REACH);
    let touched = |(grip, place): &(Grip, BoardPoint)| {
        let is_side = matches!(grip, Grip::Size(handle) if !handle.is_corner());
        let reach = if is_side { SIDE_REACH } else { CORNER_REACH };
        place.distance(at) * zoom <= if is_touch { touch_reach } else { reach }
    };
    handles(framed, zoom).into_iter().find(touched).map(|(grip, _)| grip)
}
