//! What a board looks like, as plain data: elements become pictures, and points hit elements or miss.
//!
//! Painters (the browser's canvas, SVG) draw a [`Picture`] item by item and decide
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
mod sheet;
mod sketch;
mod svg;
mod text;

pub use attach::{
    Room, attach_all, attached, corners, focus, grown, is_bindable, label_box, laid, rim, room,
    text_height, widened,
};
pub use display::{Blend, Item, Picture, TextLine};
pub use hand::seed_of;
pub use hit::{bounds, hits};
pub use index::{Index, Placed, Slot};
pub use ink::{InkFlow, InkPiece, marker_color, rubbed};
pub use link::link_mark;
pub use note::{FRAME_REACH, NOTE_YELLOW, color as note_color};
pub use picture::{picture, picture_of};
pub use sheet::sheet;
pub use sketch::{FAR, Lie, Raster, Sketch, sketch};
pub use svg::{SvgLook, svg};
pub use text::{LINE_HEIGHT, font_stack};
