//! One's own name and color, and everybody else's name in full.

use leptos::ev::{KeyboardEvent, SubmitEvent};
use leptos::html::Input;
use leptos::prelude::*;
use shared::color::Color;
use shared::limits::MEMBER_NAME_MAX_CHARS;
use shared::protocol::Identity;

use super::button::true_or_false;
use super::icon::Icon;
use super::palette;
use super::people::color_of;
use super::popup::OpenPopup;
use crate::shown::{Act, Action, Shown};

/// The card that hangs from one's own avatar.
#[component]
pub(crate) fn NamePopover(
    /// What there is to show.
    shown: Shown,
    /// Takes the new name or color.
    act: Act,
    /// Where this is closed.
    open: OpenPopup,
) -> impl IntoView {
    let field = NodeRef::<Input>::new();
    Effect::new(move |_| {
        // On a touch screen the keyboard would cover the board before anybody asked for it.
        if let Some(field) = field.get().filter(|_| !is_touched()) {
            // Not at once: the field is given its value only after it was put on the page.
            request_animation_frame(move || field.select());
        }
    });
    let rename = move |color: Color| {
        let typed = field.get_untracked().map(|field| field.value()).unwrap_or_default();
        let identity = Identity::new(&typed, color);
        if shown.me.with_untracked(|me| *me != identity) {
            act.run(Action::Rename(identity));
        }
    };
    let my_color = move || shown.me.with(|me| me.color);
    let on_change = move |_| rename(shown.me.with_untracked(|me| me.color));
    let on_submit = move |event: SubmitEvent| {
        event.prevent_default();
        open.close();
    };
    view! {
        <form
            class="name-popover popover card"
            role="dialog"
            aria-label="Your name and color"
            on:submit=on_submit
            on:keydown=|event: KeyboardEvent| event.stop_propagation()
        >
            <label>
                <span class="label">"Your name"</span>
                <input
                    class="input"
                    node_ref=field
                    data-testid="name"
                    autocomplete="off"
                    maxlength=MEMBER_NAME_MAX_CHARS.to_string()
                    prop:value=move || shown.me.with(|me| me.name.clone())
                    on:change=on_change
                />
            </label>
            <div role="group" aria-label="Your color">
                <span class="label">"Your color"</span>
                <div class="colours">
                    {palette::PEOPLE
                        .iter()
                        .map(|&(name, color)| {
                            view! {
                                <button
                                    type="button"
                                    class="colour"
                                    style=format!("--c:{color}")
                                    aria-label=name
                                    aria-pressed=move || true_or_false(my_color() == color)
                                    on:click=move |_| rename(color)
                                >
                                    {Icon::CHECK}
                                </button>
                            }
                        })
                        .collect_view()}
                </div>
            </div>
            {move || others(shown)}
        </form>
    }
}

fn others(shown: Shown) -> Option<impl IntoView> {
    let others = shown.others.get();
    let row = |identity: Identity| {
        view! {
            <li>
                <i style=color_of(&identity)></i>
                <span class="truncate">{identity.name}</span>
            </li>
        }
    };
    (!others.is_empty()).then(|| {
        let rows = others.into_iter().map(|person| row(person.identity)).collect_view();
        view! { <ul class="others">{rows}</ul> }
    })
}

/// Whether fingers are the main way to point here.
fn is_touched() -> bool {
    let query = window().match_media("(pointer: coarse)").ok().flatten();
    query.is_some_and(|query| query.matches())
}
