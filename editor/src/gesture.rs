//! What the pointer is in the middle of. Each gesture is a file with the same three moments: it is
//! begun, dragged, and finished or dropped.

mod crop;
mod draw;
mod erase;
mod ink;
mod laser;
mod lasso;
mod line;
mod marquee;
mod moving;
mod pinch;
mod point;
mod resize;
mod rub;
mod turn;

use std::f64::consts::PI;

use shared::geometry::BoardPoint;

use crate::camera::ScreenPoint;

pub(crate) use crop::{CropDrag, CropGrip, Cropped};
pub(crate) use draw::Draw;
pub(crate) use erase::Erase;
pub(crate) use ink::Stroke;
pub(crate) use laser::Laser;
pub(crate) use lasso::Lasso;
pub(crate) use line::{LineDraw, LineKind, LineState};
pub(crate) use marquee::Marquee;
pub(crate) use moving::{Moving, copy, shift};
pub(crate) use pinch::Touches;
pub use point::PointHandle;
pub(crate) use point::{
    PointDrag, handle_at as point_at, handles as point_handles, release as release_piece,
    remove as remove_point,
};
pub(crate) use resize::{Resize, stretched};
pub(crate) use rub::{RING, Rub};
pub(crate) use turn::{Turn, turned};

/// The gesture in progress.
pub(crate) enum Doing {
    /// None.
    Nothing,
    /// The board follows the pointer.
    Pan { last: ScreenPoint },
    /// Two fingers zoom and pan.
    Pinch,
    /// A box chooses elements.
    Marquee(Marquee),
    /// A loop chooses elements.
    Lasso(Lasso),
    /// Elements follow the pointer.
    Moving(Moving),
    /// The frame's handle is dragged.
    Resize(Resize),
    /// The handle above the frame is dragged.
    Turn(Turn),
    /// A picture is cut.
    Crop(CropDrag),
    /// A shape is dragged open.
    Draw(Draw),
    /// A line is drawn, from point to point.
    Line(Box<LineDraw>),
    /// A point of a line is dragged.
    Point(PointDrag),
    /// The laser points.
    Laser(Laser),
    /// The color under the pointer is taken when it is let go.
    PickColor,
    /// Ink flows.
    Ink(Stroke),
    /// Elements are wiped away.
    Erase(Erase),
    /// Strokes are rubbed out where the tip passes.
    Rub(Rub),
}

/// Pixels that a pointer must move before a press becomes a drag.
const DRAG_THRESHOLD: f64 = 4.0;

/// Board coordinates are kept to a 64th of a unit, which takes four bytes instead of eight.
fn tidy(point: BoardPoint) -> BoardPoint {
    let tidy = |v: f64| (v * 64.0).round() / 64.0;
    BoardPoint::new(tidy(point.x), tidy(point.y))
}

/// Lines with Shift held turn in steps of this.
const ANGLE_STEP: f64 = PI / 12.0;

/// `to`, turned around `from` to the nearest step of 15°.
fn stepped(from: BoardPoint, to: BoardPoint) -> BoardPoint {
    let (dx, dy) = (to.x - from.x, to.y - from.y);
    let angle = (dy.atan2(dx) / ANGLE_STEP).round() * ANGLE_STEP;
    let length = dx.hypot(dy);
    BoardPoint::new(from.x + length * angle.cos(), from.y + length * angle.sin())
}
