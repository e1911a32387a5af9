//! The board's menu.

use editor::Command;
use shared::id::RoomName;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, KeyboardEvent};

use super::button::label;
use super::icon::Icon;
use super::part::Part;
use super::popup::{OpenPopup, Popup};
use crate::browser::{document, queue_microtask, window};
use crate::clock;
use crate::shown::{Act, Shown, Theme};

/// The button that opens the menu.
pub(crate) fn menu_button(open: OpenPopup) -> Part {
    Part::button("icon-button", "Board menu")
        .attribute("data-testid", "menu")
        .attribute("aria-haspopup", "menu")
        .live_flag("aria-expanded", move || open.is(Popup::Menu))
        .on_click(move || open.toggle(Popup::Menu))
        .child(Icon::MENU)
}

/// The menu itself, with the board's name.
pub(crate) fn menu(shown: Shown, act: Act, room: &RoomName, open: OpenPopup) -> Part {
    let close = move || open.close();
    let line = || Part::html("<hr>");
    let new = row("button", Icon::PLUS, "New board").on_click(open_new_board);
    let all = row("a", Icon::BRAND, "All boards").attribute("href", "/");
    let name = Part::html("<small class='truncate' style='max-width:12em'>").text(room.as_str());
    let copy = row("button", Icon::SHARE, "Copy link").child(name);
    let import = row("button", Icon::IMPORT, "Import file…");
    let save = row("button", Icon::SAVE, "Save to file").child(Part::html("<kbd>Ctrl+S"));
    let export = row("button", Icon::IMAGE, "Export image…").child(Part::html("<kbd>Ctrl+Shift+E"));
    let find = row("button", Icon::SEARCH, "Find on the board…").child(Part::html("<kbd>Ctrl+F"));
    let all_commands = row("button", Icon::MORE, "All commands…").child(Part::html("<kbd>Ctrl+/"));
    let dark = row("button", Icon::MOON, "Dark mode")
        .attribute("role", "menuitemcheckbox")
        .live_flag("aria-checked", move || shown.theme.get() == Theme::Dark)
        .child(Part::html("<i class='switch'>"));
    let keys = row("button", Icon::HELP, "Keyboard shortcuts").child(Part::html("<kbd>?"));
    // Only keys leave the focus on a button.
    let is_by_keys = document().active_element().is_some_and(|it| it.tag_name() == "BUTTON");
    let menu = Part::html("<div class='menu popover card' role='menu' tabindex='-1'>");
    opened(menu, is_by_keys)
        .children([new, all])
        .child(copy.on_click(close).gives(Command::Share, act))
        .child(line())
        .child(import.on_click(close).gives(Command::Import, act))
        .child(save.on_click(close).gives(Command::Save, act))
        .child(export.on_click(close).gives(Command::Export, act))
        .child(find.on_click(close).gives(Command::Find, act))
        .child(all_commands.on_click(close).gives(Command::Palette, act))
        .child(line())
        .children(SWITCHES.iter().map(|&command| switch(command, shown, act)))
        .child(line())
        .child(dark.gives(Command::Theme, act))
        .child(keys.on_click(close).gives(Command::Help, act))
}

const SWITCHES: [Command; 4] =
    [Command::Grid, Command::Minimap, Command::ViewMode, Command::ZenMode];

/// A row that switches something on or off.
fn switch(command: Command, shown: Shown, act: Act) -> Part {
    let is_on = move || shown.modes.get().switch(command).is_some_and(|is_on| *is_on);
    row("button", Icon::NONE, label(command))
        .attribute("role", "menuitemcheckbox")
        .live_flag("aria-checked", is_on)
        .child(Part::html("<i class='switch'>"))
        .gives(command, act)
}

fn row(tag: &'static str, icon: Icon, name: &str) -> Part {
    Part::new(tag)
        .attribute("class", "menu-item")
        .attribute("role", "menuitem")
        .child(icon)
        .child(Part::new("span").text(name))
}

fn open_new_board() {
    let room = RoomName::random(&mut fastrand::Rng::with_seed(clock::seed()));
    // Where the browser refuses to go, the person is still on the old board and sees it.
    window().location().set_href(&format!("/b/{room}")).ok();
}

/// A menu that takes the keys. No row of it is marked before one is chosen by them, unless they have opened it.
pub(super) fn opened(menu: Part, is_by_keys: bool) -> Part {
    let element: HtmlElement = menu.as_element();
    queue_microtask(move || {
        let first = element.first_element_child().filter(|_| is_by_keys);
        focus(first.or_else(|| Some(element.into())));
    });
    menu.on_key(handle_key)
}

/// Arrows walk the rows; no key in the menu is the canvas's.
pub(super) fn handle_key(event: &KeyboardEvent) {
    event.stop_propagation();
    let Some(here) = document().active_element() else { return };
    let is_menu = here.has_attribute("tabindex");
    let next = match event.key().as_str() {
        "ArrowDown" | "Home" if is_menu => here.first_element_child(),
        "ArrowUp" | "End" if is_menu => here.last_element_child(),
        "ArrowDown" => row_from(&here, Element::next_element_sibling),
        "ArrowUp" => row_from(&here, Element::previous_element_sibling),
        "Home" => here.parent_element().and_then(|menu| menu.first_element_child()),
        "End" => here.parent_element().and_then(|menu| menu.last_element_child()),
        _ => return,
    };
    event.prevent_default();
    focus(next);
}

/// The next row in a direction, over lines between rows.
fn row_from(here: &Element, step: fn(&Element) -> Option<Element>) -> Option<Element> {
    let mut row = step(here)?;
    while row.tag_name() == "HR" || row.has_attribute("hidden") {
        row = step(&row)?;
    }
    Some(row)
}

fn focus(row: Option<Element>) {
    if let Some(row) = row.and_then(|row| row.dyn_into::<HtmlElement>().ok()) {
        row.focus().ok();
    }
}
