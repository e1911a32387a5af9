//! What the pointer is in the middle of. Each gesture is a file with the same three moments: it is
//! begun, dragged, and finished or dropped.

mod draw;
mod erase;
mod ink;
mod marquee;
mod moving;
mod pinch;
mod resize;

use shared::geometry::BoardPoint;

use crate::camera::ScreenPoint;

pub(crate) use draw::Draw;
pub(crate) use erase::Erase;
pub(crate) use ink::Stroke;
pub(crate) use marquee::Marquee;
pub(crate) use moving::{Moving, copy, shift};
pub(crate) use pinch::Touches;
pub(crate) use resize::Resize;

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
    /// Elements follow the pointer.
    Moving(Moving),
    /// The frame's handle is dragged.
    Resize(Resize),
    /// A shape is dragged open.
    Draw(Draw),
    /// Ink flows.
    Ink(Stroke),
    /// Elements are wiped away.
    Erase(Erase),
}

/// Pixels that a pointer must move before a press becomes a drag.
const DRAG_THRESHOLD: f64 = 4.0;

/// Board coordinates are kept to a 64th of a unit, which takes four bytes instead of eight.
fn tidy(point: BoardPoint) -> BoardPoint {
    let tidy = |v: f64| (v * 64.0).round() / 64.0;
    BoardPoint::new(tidy(point.x), tidy(point.y))
}
