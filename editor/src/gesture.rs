//! What the pointer is in the middle of. Each gesture is a file with the same three moments: it is
//! begun, dragged, and finished or dropped.

mod draw;
mod erase;
mod ink;
mod lasso;
mod marquee;
mod moving;
mod pinch;
mod resize;
mod turn;

use shared::geometry::BoardPoint;

use crate::camera::ScreenPoint;

pub(crate) use draw::Draw;
pub(crate) use erase::Erase;
pub(crate) use ink::Stroke;
pub(crate) use lasso::Lasso;
pub(crate) use marquee::Marquee;
pub(crate) use moving::{Moving, copy, shift};
pub(crate) use pinch::Touches;
pub(crate) use resize::{Resize, stretched};
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
