//! What a gesture means: tools, camera, selection, hit tests, commands and their keys, undo.
//!
//! [`Editor::handle`] takes what a person did and the board, changes both, and says what follows as
//! [`Effects`]. Nothing here names the browser or the network: the time is an argument, text is
//! measured by whoever shows it, and what others are shown leaves as a presence patch.

mod camera;
mod command;
mod cursors;
mod editor;
mod effects;
mod gesture;
mod handles;
mod input;
mod keys;
mod preview;
mod selection;
mod text;
mod tiling;
mod tool;

pub use camera::{Camera, ScreenPoint, ScreenSize};
pub use command::{COMMANDS, Command, CommandInfo, Section};
pub use cursors::RemoteCursors;
pub use editor::{Changes, Editor, PanelFields};
pub use effects::{Ask, Effects};
pub use handles::SizeHandle;
pub use input::{Input, KeyPress, Modifiers, Pointer, PointerKind, Sample, TextInput};
pub use keys::Chord;
pub use preview::{Draft, FlowingInk, Preview};
pub use text::{TextEdit, TextStyle};
pub use tiling::{Grid, TILE_PX, Tile};
pub use tool::{TOOLS, Tool, ToolInfo};
