//! What follows from an input: what to paint anew, what to show others, what only the page can do.

use shared::presence::PresencePatch;

use crate::camera::ScreenPoint;
use crate::command::Command;

/// What the driver of the editor has to do after an input.
#[must_use]
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Effects {
    /// Elements or the camera changed: paint the board.
    pub scene: bool,
    /// Selection, drafts or the like changed: paint what lies over the board.
    pub overlay: bool,
    /// Tool, style, selection, undo or zoom changed: refresh the panels.
    pub panels: bool,
    /// The input was used up: the browser must not use it as well.
    pub is_handled: bool,
    /// What others are to be shown.
    pub presence: PresencePatch,
    /// What only the page can do.
    pub asks: Vec<Ask>,
}

/// Something that only the page can do.
#[derive(Clone, PartialEq, Debug)]
pub enum Ask {
    /// Show the menu for what is chosen, or for the board if nothing is, at a place.
    Menu(ScreenPoint),
    /// Copy what [`crate::Editor::copied`] gives, as when the keys for it are pressed; what is selected is
    /// then cut if the flag says so.
    Copy {
        /// Take what was copied off the board.
        is_cut: bool,
    },
    /// Read the clipboard and paste it.
    Paste,
    /// Ask for the address that what is selected leads to.
    Link,
    /// Open this address elsewhere.
    Open(String),
    /// Ask for a text to be found.
    Find,
    /// Open or close the list of all commands.
    Palette,
    /// Open or close the list of keys.
    Help,
    /// Switch between light and dark.
    Theme,
    /// Copy the link of the board.
    Share,
    /// Choose a file to import.
    Import,
    /// Choose pictures.
    Pictures,
    /// Say how one is done with cutting a picture, which just began.
    Cropping,
    /// Save the board, or make a picture of it or of what is selected: how, the command says.
    Export(Command),
}
