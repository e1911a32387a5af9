//! The commands, in one table: keys, buttons and help are drawn from it. A new command is a row here
//! and an arm in [`crate::Editor`].

use crate::keys::Chord;

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
    /// Switches between light and dark.
    Theme,
    /// Shows the list of keys.
    Help,
    /// Copies the board's link.
    Share,
    /// Chooses a file to import.
    Import,
}

/// A small move of the selection, in board units.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Nudge {
    /// To the right.
    pub dx: i8,
    /// Down.
    pub dy: i8,
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

const fn edit(command: Command, label: &'static str, keys: &'static [Chord]) -> CommandInfo {
    CommandInfo { command, label, section: Section::Edit, keys }
}

const fn view(command: Command, label: &'static str, keys: &'static [Chord]) -> CommandInfo {
    CommandInfo { command, label, section: Section::View, keys }
}

const fn nudge(dx: i8, dy: i8, label: &'static str, keys: &'static [Chord]) -> CommandInfo {
    edit(Command::Nudge(Nudge { dx, dy }), label, keys)
}

/// Every command. Of two rows with the same label, help shows the first.
pub const COMMANDS: &[CommandInfo] = &[
    edit(Command::Undo, "Undo", &[Chord::ctrl("z")]),
    edit(Command::Redo, "Redo", &[Chord::ctrl("z").with_shift(), Chord::ctrl("y")]),
    edit(Command::Delete, "Delete", &[Chord::key("Delete"), Chord::key("Backspace")]),
    edit(Command::Duplicate, "Duplicate", &[Chord::ctrl("d")]),
    edit(Command::SelectAll, "Select all", &[Chord::ctrl("a")]),
    edit(Command::Escape, "Deselect", &[Chord::key("Escape")]),
    edit(
        Command::ToFront,
        "Bring to front",
        &[Chord::ctrl("]").with_shift(), Chord::ctrl("}").with_shift(), Chord::key("]")],
    ),
    edit(Command::Forward, "Bring forward", &[Chord::ctrl("]"), Chord::key("]").with_alt()]),
    edit(Command::Backward, "Send backward", &[Chord::ctrl("["), Chord::key("[").with_alt()]),
    edit(
        Command::ToBack,
        "Send to back",
        &[Chord::ctrl("[").with_shift(), Chord::ctrl("{").with_shift(), Chord::key("[")],
    ),
    nudge(-1, 0, "Nudge", &[Chord::key("ArrowLeft")]),
    nudge(1, 0, "Nudge", &[Chord::key("ArrowRight")]),
    nudge(0, -1, "Nudge", &[Chord::key("ArrowUp")]),
    nudge(0, 1, "Nudge", &[Chord::key("ArrowDown")]),
    nudge(-5, 0, "Nudge further", &[Chord::key("ArrowLeft").with_shift()]),
    nudge(5, 0, "Nudge further", &[Chord::key("ArrowRight").with_shift()]),
    nudge(0, -5, "Nudge further", &[Chord::key("ArrowUp").with_shift()]),
    nudge(0, 5, "Nudge further", &[Chord::key("ArrowDown").with_shift()]),
    edit(Command::ToolLock, "Keep tool after drawing", &[Chord::key("q")]),
    view(Command::ZoomIn, "Zoom in", &[Chord::ctrl("="), Chord::ctrl("+")]),
    view(Command::ZoomOut, "Zoom out", &[Chord::ctrl("-")]),
    view(Command::ZoomReset, "Zoom to 100 %", &[Chord::key("0").with_shift(), Chord::ctrl("0")]),
    view(Command::ZoomToFit, "Zoom to fit", &[Chord::key("1").with_shift()]),
    view(Command::ZoomToSelection, "Zoom to selection", &[Chord::key("2").with_shift()]),
    view(Command::Theme, "Light or dark", &[Chord::key("d").with_alt().with_shift()]),
    view(Command::Help, "Keyboard shortcuts", &[Chord::key("?")]),
    view(Command::Share, "Copy link", &[]),
    view(Command::Import, "Import file", &[]),
];

impl Command {
    /// Its row in the table.
    pub fn info(self) -> Option<&'static CommandInfo> {
        COMMANDS.iter().find(|info| info.command == self)
    }
}
