//! The first page: one sentence, one button, the boards one was at.

use shared::id::RoomName;

use super::icon::Icon;
use super::palette;
use super::part::Part;
use crate::live::{Callback, RwSignal};
use crate::shown::Theme;

/// A board that was opened on this device.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Recent {
    /// Its name.
    pub(crate) room: RoomName,
    /// How long ago, as it follows "Opened": "2 minutes ago".
    pub(crate) opened: String,
}

/// The first page: the boards opened here, the last one first; light or dark; and what it asks for.
pub(crate) fn home(
    recent: RwSignal<Vec<Recent>>,
    theme: RwSignal<Theme>,
    on_theme: Callback<()>,
    on_new: Callback<()>,
    on_forget: Callback<RoomName>,
) -> Part {
    let has_recent = move || recent.with(|recent| !recent.is_empty());
    Part::html("<main class='home'>")
        .child(header(theme, on_theme))
        .child(hero(on_new))
        .child_while(has_recent, move || boards(recent, on_forget))
        .child(Part::html("<footer class='home-footer'><span>Tandem: open source, yours to host."))
}

fn header(theme: RwSignal<Theme>, on_theme: Callback<()>) -> Part {
    let is_light = move || theme.get() == Theme::Light;
    let icon = move || if is_light() { Icon::MOON } else { Icon::SUN };
    let label = move || if is_light() { "Dark mode" } else { "Light mode" };
    let button = Part::html("<button class='icon-button'>")
        .live_attribute("aria-label", label)
        .live_children(move || vec![icon().into()])
        .on_click(move || on_theme.run(()));
    let brand = Part::html("<a class='brand' href='/'>")
        .child(Icon::BRAND)
        .child(Part::html("<span class='wordmark'>Tandem"));
    Part::html("<header class='home-header'>").child(brand).child(button)
}

fn hero(on_new: Callback<()>) -> Part {
    let new = Part::html("<button class='button primary large' data-testid='new-board'>")
        .on_click(move || on_new.run(()))
        .child(Icon::PLUS)
        .text("New board");
    let text = Part::html(
        "<div class='hero-text'>\
         <h1>Draw together, <em>side by side</em></h1>\
         <p>A shared whiteboard that is live for everyone with the link. \
         No account, nothing to install.</p>",
    );
    Part::html("<section class='hero'>")
        .child(text.child(Part::html("<div class='actions'>").child(new)))
        .child(Part::html("<div class='hero-art'>").child(Icon::HERO))
}

fn boards(recent: RwSignal<Vec<Recent>>, on_forget: Callback<RoomName>) -> Part {
    let card = move |board: &Recent| card(board, on_forget);
    let cards = move || recent.with(|recent| recent.iter().map(card).collect());
    Part::html("<section class='recent'><h2>Recent boards</h2>")
        .child(Part::html("<ul>").live_children(cards))
}

fn card(board: &Recent, on_forget: Callback<RoomName>) -> Part {
    let Recent { room, opened } = board;
    let link = Part::html("<a class='board-card'>")
        .attribute("href", &format!("/b/{room}"))
        .child(
            Part::html("<span class='tile'>")
                .attribute("style", &tile_color(room))
                .child(Icon::PEN),
        )
        .child(Part::html("<strong>").text(room.as_str()))
        .child(Part::html("<small>Opened ").text(opened));
    let button = Part::button("icon-button forget", &format!("Forget {room}"))
        .on_click({
            let room = room.clone();
            move || on_forget.run(room.clone())
        })
        .child(Icon::CLOSE);
    Part::html("<li>").child(link).child(button)
}

/// A color that is always the same for the same name.
fn tile_color(room: &RoomName) -> String {
    let mix = |hash: usize, byte: u8| hash.wrapping_mul(31).wrapping_add(byte.into());
    let place = room.as_str().bytes().fold(0, mix) % palette::PEOPLE.len();
    let (_, color) = palette::PEOPLE[place];
    format!("--c:{color}")
}
