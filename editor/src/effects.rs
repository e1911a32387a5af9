//! What follows from an input: what to paint anew, what to show others, what only the page can do.

use shared::presence::PresencePatch;

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
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Ask {
    /// Open or close the list of keys.
    Help,
    /// Switch between light and dark.
    Theme,
    /// Copy the link of the board.
    Share,
    /// Choose a file to import.
    Import,
}
