//! What a gesture means: tools, camera, selection, hit tests, commands and their keys, undo.
//!
//! [`Editor::handle`] takes what a person did and the board, changes both, and says what follows as
//! [`Effects`]. Nothing here names the browser or the network: the time is an argument, text is
//! measured by whoever shows it, and what others are shown leaves as a presence patch.

mod binding;
mod camera;
mod carry;
mod clipboard;
mod command;
mod cursors;
mod editor;
mod effects;
mod find;
mod following;
mod gesture;
mod handles;
mod input;
mod keys;
mod label;
mod modes;
mod note;
mod painted;
mod pictures;
mod placing;
mod preview;
mod relations;
mod selection;
mod snap;
mod strokes;
mod text;
mod tied;
mod tiling;
mod tool;
mod trails;
mod wrapping;

pub use camera::{Camera, Covered, ScreenPoint, ScreenSize};
pub use clipboard::Pasted;
pub use command::{Axis, COMMANDS, Command, CommandInfo, Section, Side};
pub use cursors::RemoteCursors;
pub use editor::{Changes, Editor, Looks, PanelFields, UNLOCK, Whereto, writes_on};
pub use effects::{Ask, Effects};
pub use find::{Found, find};
pub use gesture::PointHandle;
pub use handles::{Grip, SizeHandle};
pub use input::{
    End, Input, KeyPress, Measures, Modifiers, NewPicture, Pointer, PointerKind, Sample, TextInput,
};
pub use keys::Chord;
pub use label::Measure;
pub use modes::Modes;
pub use note::Next;
pub use painted::Painted;
pub use preview::{Draft, FlowingInk, Preview};
pub use snap::Guide;
pub use strokes::{LINGER, RemoteStrokes};
pub use text::{TextEdit, TextStyle};
pub use tiling::{Grid, TILE_PX, Tile};
pub use tool::{TOOLS, Tool, ToolInfo};
pub use trails::{TrailPiece, Trails};
