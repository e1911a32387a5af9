//! What a board looks like, as plain data: elements become pictures, and points hit elements or miss.
//!
//! Painters (the browser's canvas, later SVG and PNG) draw a [`Picture`] item by item and decide
//! nothing. Nothing here knows of rooms, sessions, cameras or the network.

mod afar;
mod attach;
mod display;
mod filling;
mod hand;
mod heads;
mod hit;
mod index;
mod ink;
mod link;
mod note;
mod outline;
mod picture;
mod sketch;
mod text;

pub use attach::{
    Room, attach_all, attached, corners, focus, grown, is_bindable, laid, rim, room, text_height,
};
pub use display::{Blend, Item, Picture, TextLine};
pub use hand::seed_of;
pub use hit::{bounds, hits};
pub use index::{Index, Placed, Slot};
pub use ink::{InkFlow, InkPiece, marker_color, rubbed};
pub use link::link_mark;
pub use note::FRAME_REACH;
pub use picture::{picture, picture_of};
pub use sketch::{Sketch, sketch};
pub use text::{LINE_HEIGHT, font_stack};
