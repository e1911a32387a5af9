//! What covers the board or lies on it: a notice that stops all work, the hint that a file can be
//! dropped, and the hint on an empty board.

use leptos::html::Button;
use leptos::prelude::*;

use super::icon::Icon;
use crate::shown::{Notice, Shown};

/// Something that stops all work.
#[component]
pub(crate) fn FullNotice(
    /// What there is to show.
    shown: Shown,
) -> impl IntoView {
    move || shown.notice.get().map(|notice| view! { <NoticeCard notice /> })
}

#[component]
fn NoticeCard(notice: Notice) -> impl IntoView {
    let reload = NodeRef::<Button>::new();
    Effect::new(move |_| {
        if let Some(reload) = reload.get() {
            reload.focus().ok();
        }
    });
    // A browser that refuses to reload leaves the notice where it is.
    let on_reload = |_| drop(window().location().reload());
    view! {
        <div class="notice" role="alertdialog" aria-labelledby="notice-title">
            {Icon::BRAND}
            <h1 id="notice-title">{notice.title}</h1>
            <p>{notice.text}</p>
            <div class="actions">
                <button class="button primary" node_ref=reload on:click=on_reload>
                    "Reload"
                </button>
            </div>
        </div>
    }
}

/// Shown while a file is dragged over the page.
#[component]
pub(crate) fn DropHint(
    /// What there is to show.
    shown: Shown,
) -> impl IntoView {
    view! {
        <Show when=move || shown.is_dropping.get()>
            <div class="drop-hint">
                {Icon::IMPORT} <strong>"Drop to import"</strong>
                <span>".excalidraw and .excalidrawlib files"</span>
            </div>
        </Show>
    }
}

/// Shown on an empty board; it takes no pointer.
#[component]
pub(crate) fn EmptyHint(
    /// What there is to show.
    shown: Shown,
) -> impl IntoView {
    view! {
        <Show when=move || shown.is_empty.get()>
            <div class="empty-hint">
                {Icon::BRAND} <strong>"An empty board"</strong>
                <span>"Pick a tool and draw. Share the link to draw together."</span>
            </div>
        </Show>
    }
}
