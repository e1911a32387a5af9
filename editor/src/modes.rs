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
    /// What is dragged snaps to the edges and middles of others.
    pub snap: bool,
}

impl Modes {
    /// The switches that stay for the next visit, as bits: all but looking only.
    pub fn bits(mut self) -> u8 {
        let bit = |(at, is_on): (usize, &mut bool)| u8::from(*is_on) << at;
        self.kept().into_iter().enumerate().map(bit).sum()
    }

    /// The switches that [`Modes::bits`] gave.
    pub fn of_bits(bits: u8) -> Self {
        let mut modes = Self::default();
        for (at, switch) in modes.kept().into_iter().enumerate() {
            *switch = bits >> at & 1 != 0;
        }
        modes
    }

    /// New ones go to the end.
    fn kept(&mut self) -> [&mut bool; 6] {
        let Self { grid, minimap, zen, pen, rub, snap, view: _ } = self;
        [grid, minimap, zen, pen, rub, snap]
    }

    /// The switch that a command turns, if it turns one.
    pub fn switch(&mut self, command: Command) -> Option<&mut bool> {
        Some(match command {
            Command::Grid => &mut self.grid,
            Command::Minimap => &mut self.minimap,
            Command::ViewMode => &mut self.view,
            Command::ZenMode => &mut self.zen,
            Command::PenMode => &mut self.pen,
            Command::RubMode => &mut self.rub,
            Command::Snap => &mut self.snap,
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn switches_come_back_as_they_were() {
        for bits in 0..64 {
            assert_eq!(Modes::of_bits(bits).bits(), bits);
        }
        let modes = Modes { grid: true, view: true, snap: true, ..Modes::default() };
        assert_eq!(Modes::of_bits(modes.bits()), Modes { view: false, ..modes });
    }
}
