//! What a gesture means: tools, camera, selection, hit tests, commands and their keys, undo.
//!
//! [`Editor::handle`] takes what a person did and the board, changes both, and says what follows as
//! [`Effects`]. Nothing here names the browser or the network: the time is an argument, text is
//! measured by whoever shows it, and what others are shown leaves as a presence patch.

mod camera;
mod clipboard;
mod command;
mod cursors;
mod editor;
mod effects;
mod gesture;
mod handles;
mod input;
mod keys;
mod placing;
mod preview;
mod selection;
mod strokes;
mod text;
mod tiling;
mod tool;

pub use camera::{Camera, ScreenPoint, ScreenSize};
pub use clipboard::Pasted;
pub use command::{Axis, COMMANDS, Command, CommandInfo, Section, Side};
pub use cursors::RemoteCursors;
pub use editor::{Editor, PanelFields};
pub use effects::{Ask, Effects};
pub use handles::{Grip, SizeHandle};
pub use input::{Input, KeyPress, Measures, Modifiers, Pointer, PointerKind, Sample, TextInput};
pub use keys::Chord;
pub use preview::{Draft, FlowingInk, Preview};
pub use strokes::RemoteStrokes;
pub use text::{TextEdit, TextStyle};
pub use tiling::{Grid, TILE_PX, Tile};
pub use tool::{TOOLS, Tool, ToolInfo};
