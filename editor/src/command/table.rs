//! The commands, in one table: keys, buttons and help are drawn from it. A new command is a row here
//! and an arm in [`crate::Editor`].

use super::{Axis, Command, CommandInfo, Nudge, Section, Side};
use crate::keys::Chord;

const fn edit(command: Command, label: &'static str, keys: &'static [Chord]) -> CommandInfo {
    CommandInfo { command, label, section: Section::Edit, keys }
}

const fn view(command: Command, label: &'static str, keys: &'static [Chord]) -> CommandInfo {
    CommandInfo { command, label, section: Section::View, keys }
}

const fn nudge(dx: i8, dy: i8, label: &'static str, keys: &'static [Chord]) -> CommandInfo {
    edit(Command::Nudge(Nudge { dx, dy }), label, keys)
}

const fn align(axis: Axis, side: Side, label: &'static str, keys: &'static [Chord]) -> CommandInfo {
    edit(Command::Align(axis, side), label, keys)
}

const fn alt(key: &'static str) -> Chord {
    Chord::key(key).with_alt()
}

const fn arrow(key: &'static str) -> Chord {
    Chord::ctrl(key).with_shift()
}

/// Every command. Of two rows with the same label, help shows the first.
pub const COMMANDS: &[CommandInfo] = &[
    edit(Command::Undo, "Undo", &[Chord::ctrl("z")]),
    edit(Command::Redo, "Redo", &[Chord::ctrl("z").with_shift(), Chord::ctrl("y")]),
    edit(Command::Delete, "Delete", &[Chord::key("Delete"), Chord::key("Backspace")]),
    edit(Command::Duplicate, "Duplicate", &[Chord::ctrl("d")]),
    edit(Command::Copy, "Copy", &[Chord::ctrl("c")]),
    edit(Command::Cut, "Cut", &[Chord::ctrl("x")]),
    edit(Command::Paste, "Paste", &[Chord::ctrl("v")]),
    edit(Command::PasteText, "Paste as text", &[Chord::ctrl("v").with_shift()]),
    edit(Command::CopyStyle, "Copy style", &[Chord::ctrl("c").with_alt()]),
    edit(Command::PasteStyle, "Paste style", &[Chord::ctrl("v").with_alt()]),
    edit(Command::Group, "Group", &[Chord::ctrl("g")]),
    edit(Command::Ungroup, "Ungroup", &[Chord::ctrl("g").with_shift()]),
    edit(
        Command::Lock,
        "Lock or unlock",
        &[Chord::key("l").with_shift(), Chord::ctrl("l").with_shift()],
    ),
    edit(Command::UnlockAll, "Unlock all", &[]),
    edit(Command::Crop, "Crop image", &[]),
    edit(Command::ResetCrop, "Reset crop", &[]),
    edit(Command::Flip(Axis::Across), "Flip horizontally", &[Chord::key("h").with_shift()]),
    edit(Command::Flip(Axis::Down), "Flip vertically", &[Chord::key("v").with_shift()]),
    align(Axis::Across, Side::Start, "Align left", &[arrow("ArrowLeft"), alt("a")]),
    align(Axis::Across, Side::Middle, "Align horizontal centers", &[alt("h").with_shift()]),
    align(Axis::Across, Side::End, "Align right", &[arrow("ArrowRight"), alt("d")]),
    align(Axis::Down, Side::Start, "Align top", &[arrow("ArrowUp"), alt("w")]),
    align(Axis::Down, Side::Middle, "Align vertical centers", &[alt("v").with_shift()]),
    align(Axis::Down, Side::End, "Align bottom", &[arrow("ArrowDown")]),
    edit(Command::Distribute(Axis::Across), "Distribute horizontally", &[alt("h")]),
    edit(Command::Distribute(Axis::Down), "Distribute vertically", &[alt("v")]),
    edit(Command::Link, "Add or edit link", &[Chord::ctrl("k")]),
    edit(Command::OpenLink, "Open link", &[]),
    edit(Command::Find, "Find text", &[Chord::ctrl("f")]),
    edit(Command::Snap, "Snap to objects", &[alt("s")]),
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
    edit(Command::RubMode, "Erase parts of strokes", &[]),
    edit(Command::ToolLock, "Keep tool after drawing", &[Chord::key("q")]),
    view(Command::ZoomIn, "Zoom in", &[Chord::ctrl("="), Chord::ctrl("+")]),
    view(Command::ZoomOut, "Zoom out", &[Chord::ctrl("-")]),
    view(Command::ZoomReset, "Zoom to 100 %", &[Chord::key("0").with_shift(), Chord::ctrl("0")]),
    view(Command::ZoomToFit, "Zoom to fit", &[Chord::key("1").with_shift()]),
    view(Command::ZoomToSelection, "Zoom to selection", &[Chord::key("2").with_shift()]),
    view(Command::Grid, "Grid", &[Chord::ctrl("'")]),
    view(Command::Minimap, "Map of the board", &[alt("m")]),
    view(Command::ViewMode, "View only", &[alt("r")]),
    view(Command::ZenMode, "Zen mode", &[alt("z")]),
    view(Command::PenMode, "Draw by stylus only", &[]),
    view(Command::Palette, "All commands", &[Chord::ctrl("/"), Chord::ctrl("p").with_shift()]),
    view(Command::Theme, "Light or dark", &[Chord::key("d").with_alt().with_shift()]),
    view(Command::Help, "Keyboard shortcuts", &[Chord::key("?")]),
    view(Command::Share, "Copy link to this board", &[]),
    view(Command::Import, "Import file", &[]),
    view(Command::Save, "Save to file", &[Chord::ctrl("s")]),
    view(Command::Export, "Export image", &[Chord::ctrl("e").with_shift()]),
    view(Command::CopyPng, "Copy as PNG", &[alt("c").with_shift(), Chord::ctrl("c").with_shift()]),
    view(Command::CopySvg, "Copy as SVG", &[]),
];

/// The menu for what is selected, in sections.
pub(crate) const MENU: &[&[Command]] = &[
    &[Command::Cut, Command::Copy, Command::Paste, Command::Duplicate],
    &[Command::CopyPng, Command::CopySvg],
    &[Command::CopyStyle, Command::PasteStyle],
    &[Command::Group, Command::Ungroup],
    &[Command::ToFront, Command::Forward, Command::Backward, Command::ToBack],
    &[Command::Crop, Command::ResetCrop],
    &[Command::Flip(Axis::Across), Command::Flip(Axis::Down)],
    &[Command::OpenLink, Command::Link],
    &[Command::Lock],
    &[Command::Delete],
];

/// The menu for the board, where nothing is selected, in sections.
pub(crate) const BOARD_MENU: &[&[Command]] = &[
    &[Command::Paste, Command::PasteText],
    &[Command::CopyPng, Command::CopySvg],
    &[Command::SelectAll, Command::UnlockAll, Command::Find],
    &[Command::Grid, Command::Snap, Command::ToolLock],
    &[Command::ZoomToFit, Command::ZoomReset],
    &[Command::Minimap, Command::ZenMode, Command::ViewMode],
];
