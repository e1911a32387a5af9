//! The first page: one sentence, one button, the boards one was at.

use leptos::prelude::*;
use shared::id::RoomName;

use super::icon::Icon;
use super::palette;
use crate::shown::Theme;

/// A board that was opened on this device.
#[derive(Clone, PartialEq, Debug)]
pub struct Recent {
    /// Its name.
    pub room: RoomName,
    /// How long ago, as it follows "Opened": "2 minutes ago".
    pub opened: String,
}

/// The first page.
#[component]
pub fn Home(
    /// The boards opened here, the last one first.
    recent: Vec<Recent>,
    /// Light or dark.
    theme: RwSignal<Theme>,
    /// Switches between the two.
    on_theme: Callback<()>,
    /// Opens a new board.
    on_new: Callback<()>,
    /// Takes a board from the recent ones for good.
    on_forget: Callback<RoomName>,
) -> impl IntoView {
    let recent = RwSignal::new(recent);
    let forget = Callback::new(move |room: RoomName| {
        recent.update(|recent| recent.retain(|board| board.room != room));
        on_forget.run(room);
    });
    view! {
        <main class="home">
            <header class="home-header">
                <a class="brand" href="/">
                    {Icon::BRAND}
                    <span class="wordmark">"Tandem"</span>
                </a>
                <ThemeButton theme on_theme />
            </header>
            <section class="hero">
                <div class="hero-text">
                    <h1>"Draw together, " <em>"side by side"</em></h1>
                    <p>
                        "A shared whiteboard that is live for everyone with the link. "
                        "No account, nothing to install."
                    </p>
                    <div class="actions">
                        <button
                            class="button primary large"
                            data-testid="new-board"
                            on:click=move |_| on_new.run(())
                        >
                            {Icon::PLUS}
                            "New board"
                        </button>
                    </div>
                </div>
                <div class="hero-art">{Icon::HERO}</div>
            </section>
            <Show when=move || recent.with(|recent| !recent.is_empty())>
                <section class="recent">
                    <h2>"Recent boards"</h2>
                    <ul>
                        <For
                            each=move || recent.get()
                            key=|board| board.room.clone()
                            children=move |board| card(board, forget)
                        />
                    </ul>
                </section>
            </Show>
            <footer class="home-footer">
                <span>"Tandem: open source, yours to host."</span>
            </footer>
        </main>
    }
}

#[component]
fn ThemeButton(theme: RwSignal<Theme>, on_theme: Callback<()>) -> impl IntoView {
    let icon = move || match theme.get() {
        Theme::Light => Icon::MOON.into_render(),
        Theme::Dark => Icon::SUN.into_render(),
    };
    let label = move || match theme.get() {
        Theme::Light => "Dark mode",
        Theme::Dark => "Light mode",
    };
    view! {
        <button class="icon-button" aria-label=label on:click=move |_| on_theme.run(())>
            {icon}
        </button>
    }
}

fn card(board: Recent, forget: Callback<RoomName>) -> impl IntoView {
    let Recent { room, opened } = board;
    let name = room.to_string();
    view! {
        <li>
            <a class="board-card" href=format!("/b/{room}")>
                <span class="tile" style=tile_color(&room)>
                    {Icon::PEN}
                </span>
                <strong>{name}</strong>
                <small>{format!("Opened {opened}")}</small>
            </a>
            <button
                class="icon-button forget"
                aria-label=format!("Forget {room}")
                on:click=move |_| forget.run(room.clone())
            >
                {Icon::CLOSE}
            </button>
        </li>
    }
}

/// A color that is always the same for the same name.
fn tile_color(room: &RoomName) -> String {
    let mix = |hash: usize, byte: u8| hash.wrapping_mul(31).wrapping_add(byte.into());
    let place = room.as_str().bytes().fold(0, mix) % palette::PEOPLE.len();
    let (_, color) = palette::PEOPLE[place];
    format!("--c:{color}")
}
