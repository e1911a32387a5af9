//! The board's menu.

use editor::Command;
use leptos::ev::KeyboardEvent;
use leptos::html::Div;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use shared::id::RoomName;
use web_sys::{Element, HtmlElement};

use super::button::true_or_false;
use super::icon::Icon;
use super::popup::{OpenPopup, Popup};
use crate::clock;
use crate::shown::{Act, Shown, Theme};

/// The button that opens the menu.
#[component]
pub(crate) fn MenuButton(
    /// Where the menu is opened.
    open: OpenPopup,
) -> impl IntoView {
    view! {
        <button
            class="icon-button"
            data-testid="menu"
            aria-label="Board menu"
            aria-haspopup="menu"
            aria-expanded=move || true_or_false(open.is(Popup::Menu))
            on:click=move |_| open.toggle(Popup::Menu)
        >
            {Icon::MENU}
        </button>
    }
}

/// The menu itself.
#[component]
pub(crate) fn Menu(
    /// What there is to show.
    shown: Shown,
    /// Takes what is asked for.
    act: Act,
    /// The board's name.
    room_name: String,
    /// Where this is closed.
    open: OpenPopup,
) -> impl IntoView {
    let menu = NodeRef::<Div>::new();
    Effect::new(move |_| {
        if let Some(menu) = menu.get() {
            focus(menu.first_element_child());
        }
    });
    let give = move |command: Command| {
        move |_| {
            open.close();
            act.run(command.into());
        }
    };
    let is_dark = move || shown.theme.get() == Theme::Dark;
    let row = "menu-item";
    view! {
        <div class="menu popover card" role="menu" node_ref=menu on:keydown=handle_key>
            <button class=row role="menuitem" on:click=|_| open_new_board()>
                {Icon::PLUS}
                <span>"New board"</span>
            </button>
            <a class=row role="menuitem" href="/">
                {Icon::BRAND}
                <span>"All boards"</span>
            </a>
            <button class=row role="menuitem" on:click=give(Command::Share)>
                {Icon::SHARE}
                <span>"Copy link"</span>
                <small class="truncate" style="max-width:12em">
                    {room_name}
                </small>
            </button>
            <hr />
            <button class=row role="menuitem" on:click=give(Command::Import)>
                {Icon::IMPORT}
                <span>"Import file…"</span>
            </button>
            <hr />
            <button
                class=row
                role="menuitemcheckbox"
                aria-checked=move || true_or_false(is_dark())
                on:click=move |_| act.run(Command::Theme.into())
            >
                {Icon::MOON}
                <span>"Dark mode"</span>
                <i class="switch"></i>
            </button>
            <button class=row role="menuitem" on:click=give(Command::Help)>
                {Icon::HELP}
                <span>"Keyboard shortcuts"</span>
                <kbd>"?"</kbd>
            </button>
        </div>
    }
}

fn open_new_board() {
    let room = RoomName::random(&mut fastrand::Rng::with_seed(clock::seed()));
    // Where the browser refuses to go, the person is still on the old board and sees it.
    window().location().set_href(&format!("/b/{room}")).ok();
}

/// Arrows walk the rows; no key in the menu is the canvas's.
#[expect(clippy::needless_pass_by_value, reason = "listeners are given their event")]
fn handle_key(event: KeyboardEvent) {
    event.stop_propagation();
    let Some(here) = document().active_element() else { return };
    let next = match event.key().as_str() {
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
    while row.tag_name() == "HR" {
        row = step(&row)?;
    }
    Some(row)
}

fn focus(row: Option<Element>) {
    if let Some(row) = row.and_then(|row| row.dyn_into::<HtmlElement>().ok()) {
        row.focus().ok();
    }
}
