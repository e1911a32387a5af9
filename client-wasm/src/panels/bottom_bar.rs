//! The bar along the bottom: zoom, undo and redo, help.

use editor::Command;

use super::button::{command_button, command_hint};
use super::icon::Icon;
use super::part::Part;
use crate::shown::{Act, Shown};

/// The bottom bar.
pub(crate) fn bottom_bar(shown: Shown, act: Act) -> Part {
    let button = move |command, icon| command_button(command, icon, act);
    let reset = Part::button("zoom-value", "Reset zoom")
        .attribute("data-tip", &command_hint(Command::ZoomReset))
        .attribute("data-tip-side", "top")
        .gives(Command::ZoomReset, act)
        .live_text(move || format!("{} %", shown.zoom_percent.get()));
    let zoom = Part::html("<div class='bar card zoom'>")
        .child(button(Command::ZoomOut, Icon::ZOOM_OUT).attribute("data-tip-align", "start"))
        .child(reset)
        .child(button(Command::ZoomIn, Icon::ZOOM_IN))
        .child(button(Command::ZoomToFit, Icon::ZOOM_FIT));
    let undo = button(Command::Undo, Icon::UNDO);
    let redo = button(Command::Redo, Icon::REDO);
    let history = Part::html("<div class='bar card history'>")
        .child(undo.disabled_while(move || !shown.undo.get().can_undo))
        .child(redo.disabled_while(move || !shown.undo.get().can_redo));
    // Where there is no room for the style panel beside the board.
    let has_actions = move || shown.style.with(|style| style.fields.actions);
    let chosen = move || {
        Part::html("<div class='bar card chosen'>")
            .child(button(Command::Duplicate, Icon::DUPLICATE))
            .child(button(Command::Delete, Icon::TRASH))
    };
    let map = button(Command::Minimap, Icon::MAP)
        .attribute("class", "icon-button help-button")
        .attribute("data-tip-align", "end")
        .live_flag("aria-pressed", move || shown.modes.get().minimap);
    let help = button(Command::Help, Icon::HELP)
        .attribute("class", "icon-button help-button")
        .attribute("data-tip-align", "end");
    Part::html("<footer class='bottombar'>")
        .leaves_keys()
        .child(
            Part::html("<div class='bottombar-start'>")
                .child(zoom)
                .child_while(has_actions, chosen)
                .child(history),
        )
        .child(Part::html("<div class='bottombar-end'>").child(map).child(help))
}
