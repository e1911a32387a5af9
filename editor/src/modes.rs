//! Switches that stay until they are switched again: what is shown beside the board, and what a hand
//! may do.

use crate::command::{Command, Section};
use crate::tool::Tool;

/// What is switched on.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Modes {
    /// The grid is shown, and what is dragged snaps to it.
    pub grid: bool,
    /// The map of the whole board is shown.
    pub minimap: bool,
    /// The board can be looked at only.
    pub view: bool,
    /// Nothing but the board is shown.
    pub zen: bool,
    /// A stylus draws, fingers pan.
    pub pen: bool,
    /// The eraser takes only what its tip passes over, of strokes only.
    pub rub: bool,
}

impl Modes {
    /// The switch that a command turns, if it turns one.
    pub fn switch(&mut self, command: Command) -> Option<&mut bool> {
        Some(match command {
            Command::Grid => &mut self.grid,
            Command::Minimap => &mut self.minimap,
            Command::ViewMode => &mut self.view,
            Command::ZenMode => &mut self.zen,
            Command::PenMode => &mut self.pen,
            Command::RubMode => &mut self.rub,
            _ => return None,
        })
    }
}

impl Command {
    /// Whether it leaves the board as it is.
    pub fn is_for_viewing(self) -> bool {
        match self {
            Self::Import => false,
            Self::Find | Self::Copy | Self::OpenLink => true,
            _ => self.info().is_some_and(|info| info.section == Section::View),
        }
    }
}

impl Tool {
    /// Whether it leaves the board as it is.
    pub fn is_for_viewing(self) -> bool {
        matches!(self, Self::Hand | Self::Laser)
    }
}
