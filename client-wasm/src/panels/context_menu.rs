//! The menu at the pointer: what can be done with what is selected, from the table of commands.

use editor::Command;

use super::button::label;
use super::menu::opened;
use super::part::Part;
use crate::numeral::{numeral, px};
use crate::shown::{Act, ContextMenu, Shown};

/// The menu, while it is open.
pub(crate) fn context_menu(shown: Shown, act: Act) -> Option<Part> {
    let ContextMenu { at: (x, y), sections } = shown.context_menu.get()?;
    let n_rows: usize = sections.iter().map(Vec::len).sum();
    // The styles keep it within the page.
    let style = [
        "--x:",
        &px(x),
        ";--y:",
        &px(y),
        ";--rows:",
        &numeral(n_rows as f64),
        ";--lines:",
        &numeral(sections.len() as f64),
    ];
    let menu = "<div class='menu context-menu popover card' role='menu' tabindex='-1'>";
    let mut menu = opened(Part::html(menu), false)
        .attribute("style", &style.concat())
        .on("contextmenu", web_sys::Event::prevent_default);
    for (place, section) in sections.into_iter().enumerate() {
        if place > 0 {
            menu = menu.child(Part::html("<hr>"));
        }
        for command in section {
            let keys = command.info().and_then(|info| info.keys.first());
            let keys = keys.map_or_else(String::new, |chord| chord.words().join("+"));
            // What is locked can only be unlocked.
            let name = match command {
                Command::Lock if n_rows == 1 => "Unlock",
                Command::Lock => "Lock",
                _ => label(command),
            };
            let is_on = match command {
                Command::ToolLock => Some(shown.is_tool_locked.get_untracked()),
                _ => shown.modes.get_untracked().switch(command).map(|is_on| *is_on),
            };
            let mut row = Part::html("<button class='menu-item' role='menuitem'>");
            if let Some(is_on) = is_on {
                row = row
                    .attribute("role", "menuitemcheckbox")
                    .attribute("aria-checked", if is_on { "true" } else { "false" });
            }
            if command == Command::Delete {
                row = row.attribute("class", "menu-item danger");
            }
            let row = row
                .child(Part::new("span").text(name))
                .child(Part::new("small").text(&keys))
                .on_click(move || shown.context_menu.set(None))
                .gives(command, act);
            menu = menu.child(row);
        }
    }
    Some(menu)
}
