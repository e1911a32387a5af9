//! The panels over the canvases of a board, and the first page. They read [`Shown`] and send
//! [`Action`](crate::shown::Action)s; they never see the board, the editor or the socket.

mod bottom_bar;
mod button;
mod choices;
mod help;
mod home;
mod icon;
mod import_field;
mod menu;
mod name_popover;
mod notice;
mod palette;
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

pub use home::{Home, Recent};

use self::bottom_bar::BottomBar;
use self::button::{hold_focus, hold_keys};
use self::help::Help;
use self::icon::Icon;
use self::import_field::ImportField;
use self::menu::{Menu, MenuButton};
use self::name_popover::NamePopover;
use self::notice::{DropHint, EmptyHint, FullNotice};
use self::people::People;
use self::popup::{OpenPopup, Popup};
use self::share::Share;
use self::status::Status;
use self::style_panel::StylePanel;
use self::toasts::Toasts;
use self::toolbar::Toolbar;
use crate::shown::{Act, Shown};

/// Everything over the canvases of a board, but for the text field.
#[component]
pub fn BoardPanels(
    /// What there is to show.
    shown: Shown,
    /// Takes what the panels ask for.
    act: Act,
    /// The board's name, for the menu.
    room: RoomName,
) -> impl IntoView {
    let open = OpenPopup::new();
    popup::listen(open, shown);

    view! {
        <EmptyHint shown />
        <header class="topbar" on:mousedown=hold_focus on:keydown=hold_keys>
            <div class="topbar-start">
                <div class="bar card">
                    <MenuButton open />
                    <a class="brand" href="/" aria-label="Tandem: all boards">
                        {Icon::BRAND}
                        <span class="wordmark">"Tandem"</span>
                    </a>
                </div>
                <Status shown />
                <Show when=move || open.is(Popup::Menu)>
                    <Menu shown act room_name=room.to_string() open />
                </Show>
            </div>
            <Toolbar shown act open />
            <div class="topbar-end">
                <People shown open />
                <Share shown act />
                <Show when=move || open.is(Popup::Name)>
                    <NamePopover shown act open />
                </Show>
            </div>
        </header>
        <StylePanel shown act open />
        <BottomBar shown act />
        <Toasts shown act />
        <Help shown />
        <FullNotice shown />
        <DropHint shown />
        <ImportField act />
    }
}
