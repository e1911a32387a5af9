//! The button that copies the board's link, and says for a moment that it did.

use editor::Command;
use leptos::prelude::*;

use super::icon::Icon;
use crate::shown::{Act, Shown};

/// The share button.
#[component]
pub(crate) fn Share(
    /// What there is to show.
    shown: Shown,
    /// Takes what is asked for.
    act: Act,
) -> impl IntoView {
    let state = move || if shown.is_link_copied.get() { "copied" } else { "idle" };
    view! {
        <button
            class="button primary share"
            data-testid="share"
            data-state=state
            aria-label="Share: copy the link"
            data-tip="Copy the link to this board"
            data-tip-align="end"
            on:click=move |_| act.run(Command::Share.into())
        >
            {Icon::SHARE.with_class("when-idle")}
            {Icon::CHECK.with_class("when-copied")}
            <span class="label when-idle">"Share"</span>
            <span class="label when-copied">"Link copied"</span>
        </button>
    }
}
