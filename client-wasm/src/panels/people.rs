//! Who is here: oneself as a button, three others, and a count of the rest.

use leptos::prelude::*;
use shared::protocol::Identity;

use super::button::true_or_false;
use super::popup::{OpenPopup, Popup};
use crate::shown::{Person, Shown};

/// How many others have an avatar of their own; on small screens one less.
const N_SHOWN: usize = 3;
/// How many names a hint lists.
const N_NAMED: usize = 20;

/// The avatars.
#[component]
pub(crate) fn People(
    /// What there is to show.
    shown: Shown,
    /// Where one's own name is opened.
    open: OpenPopup,
) -> impl IntoView {
    let me = shown.me;
    view! {
        <div
            class="people"
            data-testid="people"
            role="group"
            aria-label="People on this board"
        >
            <button
                class="avatar me"
                data-testid="me"
                style=move || me.with(color_of)
                aria-label=move || me.with(|me| format!("{} (you): change name and color", me.name))
                aria-expanded=move || true_or_false(open.is(Popup::Name))
                data-tip=move || me.with(|me| format!("{} (you)", me.name))
                on:click=move |_| open.toggle(Popup::Name)
            >
                {move || me.with(|me| initials(&me.name))}
            </button>
            {move || shown.others.with(|others| avatars(others))}
        </div>
    }
}

fn avatars(others: &[Person]) -> impl IntoView + use<> {
    let people = others.iter().take(N_SHOWN).enumerate().map(|(place, person)| {
        let identity = &person.identity;
        view! {
            <span
                class="avatar"
                class:extra=place + 1 == N_SHOWN
                class:idle=person.is_idle
                style=color_of(identity)
                data-tip=identity.name.clone()
            >
                {initials(&identity.name)}
            </span>
        }
    });
    (people.collect_view(), rest(others, N_SHOWN, "avatar more"), {
        rest(others, N_SHOWN - 1, "avatar more compact")
    })
}

/// The count of those after the first `n_shown`.
fn rest(others: &[Person], n_shown: usize, class: &'static str) -> Option<impl IntoView + use<>> {
    let hidden = others.get(n_shown..).filter(|hidden| !hidden.is_empty())?;
    let mut names: Vec<_> =
        hidden.iter().take(N_NAMED).map(|person| person.identity.name.clone()).collect();
    if hidden.len() > N_NAMED {
        names.push(format!("and {} more", hidden.len() - N_NAMED));
    }
    let count = format!("+{}", hidden.len());
    Some(view! { <span class=class data-tip=names.join("\n")>{count}</span> })
}

/// A person's color as the styles want it.
pub(crate) fn color_of(identity: &Identity) -> String {
    format!("--c:{}", identity.color)
}

/// The first letters of the first two words.
fn initials(name: &str) -> String {
    name.split_whitespace().take(2).filter_map(|word| word.chars().next()).collect()
}
