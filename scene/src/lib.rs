//! What a board looks like, as plain data: elements become pictures, and points hit elements or miss.
//!
//! Painters (the browser's canvas, later SVG and PNG) draw a [`Picture`] item by item and decide
//! nothing. Nothing here knows of rooms, sessions, cameras or the network.

mod display;
mod heads;
mod hit;
mod ink;
mod outline;
mod picture;
mod text;

pub use display::{Item, Picture, TextLine};
pub use hit::{bounds, hits};
pub use picture::{picture, picture_of};
pub use text::{LINE_HEIGHT, font_stack};
