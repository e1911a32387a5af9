//! What a command is; all of them are in one table, with their names and keys.

mod table;

use crate::keys::Chord;

pub use table::COMMANDS;
pub(crate) use table::{BOARD_MENU, MENU};

/// Something that happens at once.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Command {
    /// Takes back one's own last step.
    Undo,
    /// Makes it again.
    Redo,
    /// Takes the selected elements away.
    Delete,
    /// Makes copies of the selected elements beside them.
    Duplicate,
    /// Selects everything.
    SelectAll,
    /// Drops what is in progress, then the selection, then the tool.
    Escape,
    /// Moves the selection by a little.
    Nudge(Nudge),
    /// Makes one group of what is selected.
    Group,
    /// Takes the selected groups apart.
    Ungroup,
    /// Keeps what is selected from being touched, or no longer.
    Lock,
    /// Lets everything be touched again.
    UnlockAll,
    /// Cuts a picture.
    Crop,
    /// Shows all of the selected pictures.
    ResetCrop,
    /// Mirrors what is selected.
    Flip(Axis),
    /// Puts what is selected at one side.
    Align(Axis, Side),
    /// Leaves as much room between each two.
    Distribute(Axis),
    /// Copies what is selected to the clipboard.
    Copy,
    /// Moves what is selected to the clipboard.
    Cut,
    /// Puts what is on the clipboard on the board.
    Paste,
    /// The same, as text.
    PasteText,
    /// Keeps the looks of what is selected.
    CopyStyle,
    /// Gives what is selected the looks that were kept.
    PasteStyle,
    /// Edits where what is selected leads to.
    Link,
    /// Goes where what is selected leads to.
    OpenLink,
    /// Looks for text on the board.
    Find,
    /// Snaps to the edges and middles of others, or no longer.
    Snap,
    /// To the top of the stack.
    ToFront,
    /// Up by one.
    Forward,
    /// Down by one.
    Backward,
    /// To the bottom of the stack.
    ToBack,
    /// Closer.
    ZoomIn,
    /// Further away.
    ZoomOut,
    /// To 100 %.
    ZoomReset,
    /// Shows everything.
    ZoomToFit,
    /// Shows the selection.
    ZoomToSelection,
    /// Keeps the tool after drawing, or no longer.
    ToolLock,
    /// Shows the grid and snaps to it, or no longer.
    Grid,
    /// Shows a map of the whole board, or no longer.
    Minimap,
    /// Lets the board be looked at only, or changed again.
    ViewMode,
    /// Shows nothing but the board, or everything again.
    ZenMode,
    /// Lets only a stylus draw, or fingers too.
    PenMode,
    /// Lets the eraser take parts of strokes, or whole elements again.
    RubMode,
    /// Shows a list of all commands to search in.
    Palette,
    /// Switches between light and dark.
    Theme,
    /// Shows the list of keys.
    Help,
    /// Copies the board's link.
    Share,
    /// Chooses a file to import.
    Import,
    /// Saves the board as a file.
    Save,
    /// Asks how what is selected, or the board, is to be saved as a picture.
    Export,
    /// Copies what is selected, or the board, as a PNG.
    CopyPng,
    /// The same as SVG.
    CopySvg,
}

/// A small move of the selection, in board units.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Nudge {
    /// To the right.
    pub dx: i8,
    /// Down.
    pub dy: i8,
}

/// A direction on the board.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Axis {
    /// Left and right.
    Across,
    /// Up and down.
    Down,
}

/// A place along an axis.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Side {
    /// Left or top.
    Start,
    /// In the middle.
    Middle,
    /// Right or bottom.
    End,
}

/// Where help lists a command.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Section {
    /// Changing the board.
    Edit,
    /// Looking at it.
    View,
}

/// A row of the table of commands.
pub struct CommandInfo {
    /// The command.
    pub command: Command,
    /// Its name for people.
    pub label: &'static str,
    /// Where help lists it.
    pub section: Section,
    /// The keys that give it; the first is shown.
    pub keys: &'static [Chord],
}

impl Command {
    /// Whether browsers have an event of their own for its keys.
    pub(crate) fn is_of_clipboard(self) -> bool {
        matches!(self, Self::Copy | Self::Cut | Self::Paste | Self::PasteText)
    }

    /// Whether it does nothing without a selection.
    pub fn needs_selection(self) -> bool {
        use Command::*;
        matches!(
            self,
            Delete
                | Duplicate
                | Group
                | Ungroup
                | Lock
                | Crop
                | ResetCrop
                | Flip(_)
                | Align(..)
                | Distribute(_)
                | Copy
                | Cut
                | CopyStyle
                | PasteStyle
                | Link
                | OpenLink
        )
    }

    /// Its row in the table.
    pub fn info(self) -> Option<&'static CommandInfo> {
        COMMANDS.iter().find(|info| info.command == self)
    }
}
