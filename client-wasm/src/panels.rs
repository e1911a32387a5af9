//! The panels over the canvases of a board, and the first page. They read [`Shown`] and send
//! [`Action`](crate::shown::Action)s; they never see the board, the editor or the socket.

mod bottom_bar;
mod button;
mod choices;
mod context_menu;
mod help;
mod home;
mod icon;
mod import_field;
mod menu;
mod name_popover;
mod notice;
pub(crate) mod palette;
mod part;
mod people;
mod popup;
mod share;
mod status;
mod style_panel;
mod swatches;
mod toasts;
mod toolbar;

use leptos::prelude::*;
use shared::id::RoomName;

pub(crate) use home::{Recent, home};
pub(crate) use part::Part;

use self::icon::Icon;
use self::popup::{OpenPopup, Popup};
use crate::shown::{Act, Shown, Theme};

/// Puts everything that is over the canvases of a board, but for the text field, after them.
pub(crate) fn board(page: Part, shown: Shown, act: Act, room: RoomName) -> Part {
    let open = OpenPopup::new();
    popup::listen(open, shown);
    let has_style = move || shown.style.with(|style| !style.fields.is_empty());
    let notice = move || shown.notice.with(|notice| notice.as_ref().map(notice::full_notice));
    page.child_while(move || shown.is_empty.get(), notice::empty_hint)
        .child(top_bar(shown, act, room, open))
        .child_while(has_style, move || style_panel::style_panel(shown, act, open))
        .child(bottom_bar::bottom_bar(shown, act))
        .live_children(move || context_menu::context_menu(shown, act).into_iter().collect())
        .child(toasts::toasts(shown, act))
        .child_while(move || shown.is_help_open.get(), move || help::help(shown.is_help_open))
        .live_children(move || notice().into_iter().collect())
        .child_while(move || shown.is_dropping.get(), notice::drop_hint)
        .child(import_field::import_field(act))
}

/// Keeps the page in the colors of a theme.
pub(crate) fn follow_theme(theme: RwSignal<Theme>) {
    Part::root().live_attribute("data-theme", move || theme.get().word());
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
