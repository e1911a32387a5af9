//! The panels over the canvases of a board, and the first page. They read [`Shown`] and send
//! [`Action`](crate::shown::Action)s; they never see the board, the editor or the socket.

mod bottom_bar;
mod button;
mod choices;
mod context_menu;
mod export_dialog;
mod heads;
mod help;
mod home;
mod icon;
mod import_field;
mod menu;
mod minimap;
mod name_popover;
mod notice;
pub(crate) mod palette;
mod palette_dialog;
mod part;
mod people;
mod popup;
mod prompt;
mod share;
mod status;
mod style_panel;
mod swatches;
mod toasts;
mod toolbar;

use editor::Command;
use shared::id::RoomName;

pub(crate) use home::{Recent, home};
pub(crate) use import_field::listed;
pub(crate) use part::Part;

use self::icon::Icon;
use self::popup::{OpenPopup, Popup};
use crate::live::{RwSignal, untrack};
use crate::shown::{Act, Dialog, Shown, Theme};

/// Puts everything that is over the canvases of a board, but for the text field, after them.
pub(crate) fn board(page: Part, shown: Shown, act: Act, room: RoomName) -> Part {
    let open = OpenPopup::new();
    if cfg!(target_arch = "wasm32") {
        popup::listen(open, shown);
    }
    let has_style = move || shown.style.with(|style| !style.fields.is_empty());
    let notice = move || shown.notice.with(|notice| notice.as_ref().map(notice::full_notice));
    page.live_attribute("data-mode", move || mode_words(shown))
        .child_while(move || shown.is_empty.get(), notice::empty_hint)
        .child(top_bar(shown, act, room, open))
        .child_while(has_style, move || style_panel::style_panel(shown, act, open))
        .child(bottom_bar::bottom_bar(shown, act))
        .live_children(move || context_menu::context_menu(shown, act).into_iter().collect())
        .child(toasts::toasts(shown, act))
        .child_while(move || shown.modes.get().minimap, move || minimap::minimap(act))
        .child_while(move || leaving(shown).is_some(), move || leave(shown, act))
        .live_children(move || dialog(shown, act).into_iter().collect())
        .live_children(move || notice().into_iter().collect())
        .child_while(move || shown.is_dropping.get(), notice::drop_hint)
        .child(import_field::import_field(act))
}

/// Keeps the page in the colors of a theme.
pub(crate) fn follow_theme(theme: RwSignal<Theme>) {
    Part::root().live_attribute("data-theme", move || theme.get().word());
}

fn dialog(shown: Shown, act: Act) -> Option<Part> {
    Some(match shown.dialog.get()? {
        Dialog::Help => help::help(shown.dialog),
        Dialog::Palette => palette_dialog::palette(shown.dialog, act),
        Dialog::Export { has_selection } => export_dialog::export_dialog(has_selection, shown, act),
        Dialog::Find => prompt::find(shown, act),
        Dialog::Link(was) => prompt::link(&was, shown, act),
    })
}

/// The way out of where one may be lost: a mode in which little can be done, an empty part of the board.
fn leaving(shown: Shown) -> Option<(Command, &'static str)> {
    let modes = shown.modes.get();
    if modes.zen {
        Some((Command::ZenMode, "Leave zen mode"))
    } else if modes.view {
        Some((Command::ViewMode, "View only: edit again"))
    } else {
        shown.is_lost.get().then_some((Command::ZoomToFit, "Back to content"))
    }
}

fn leave(shown: Shown, act: Act) -> Part {
    let words = move || leaving(shown).map_or("", |(_, words)| words);
    Part::html("<button class='leave button' data-testid='leave'>").live_text(words).on_click(
        move || {
            if let Some((command, _)) = untrack(|| leaving(shown)) {
                act.run(command.into());
            }
        },
    )
}

/// What is switched on, for the styles.
fn mode_words(shown: Shown) -> String {
    let modes = shown.modes.get();
    let words = [(modes.view, "view "), (modes.zen, "zen ")];
    words.into_iter().filter(|(is_on, _)| *is_on).map(|(_, word)| word).collect()
}

fn top_bar(shown: Shown, act: Act, room: RoomName, open: OpenPopup) -> Part {
    let brand = Part::html("<a class='brand' href='/' aria-label='Tandem: all boards'>")
        .child(Icon::BRAND)
        .child(Part::html("<span class='wordmark'>Tandem"));
    let bar = Part::html("<div class='bar card'>").child(menu::menu_button(open)).child(brand);
    let start = Part::html("<div class='topbar-start'>")
        .child(bar)
        .child(status::status(shown))
        .child_while(move || open.is(Popup::Menu), move || menu::menu(shown, act, &room, open));
    let end = Part::html("<div class='topbar-end'>")
        .child(people::people(shown, open))
        .child(share::share(shown, act))
        .child_while(
            move || open.is(Popup::Name),
            move || name_popover::name_popover(shown, act, open),
        );
    Part::html("<header class='topbar'>")
        .leaves_keys()
        .child(start)
        .child(toolbar::toolbar(shown, act, open))
        .child(end)
}
