//! Who is here: oneself as a button, three others, and a count of the rest.

use shared::protocol::Identity;

use super::part::Part;
use super::popup::{OpenPopup, Popup};
use crate::shown::{Person, Shown};

/// How many others have an avatar of their own; on small screens one less.
const N_SHOWN: usize = 3;
/// How many names a hint lists.
const N_NAMED: usize = 20;

/// The avatars. One's own opens the card with one's name.
pub(crate) fn people(shown: Shown, open: OpenPopup) -> Part {
    let me = shown.me;
    let name = move || me.with(|me| format!("{} (you): change name and color", me.name));
    let myself = Part::html("<button class='avatar me' data-testid='me'>")
        .live_attribute("style", move || me.with(color_of))
        .live_attribute("aria-label", name)
        .live_attribute("data-tip", move || me.with(|me| format!("{} (you)", me.name)))
        .live_flag("aria-expanded", move || open.is(Popup::Name))
        .live_text(move || me.with(|me| initials(&me.name)))
        .on_click(move || open.toggle(Popup::Name));
    let people = Part::html(
        "<div class='people' data-testid='people' role='group' aria-label='People on this board'>",
    );
    people.child(myself).live_children(move || shown.others.with(|others| avatars(others)))
}

fn avatars(others: &[Person]) -> Vec<Part> {
    let mut avatars: Vec<Part> = others.iter().take(N_SHOWN).enumerate().map(avatar).collect();
    avatars.extend(rest(others, N_SHOWN, "avatar more"));
    avatars.extend(rest(others, N_SHOWN - 1, "avatar more compact"));
    avatars
}

fn avatar((place, person): (usize, &Person)) -> Part {
    let identity = &person.identity;
    let extra = if place + 1 == N_SHOWN { " extra" } else { "" };
    let idle = if person.is_idle { " idle" } else { "" };
    Part::html("<span>")
        .attribute("class", &format!("avatar{extra}{idle}"))
        .attribute("style", &color_of(identity))
        .attribute("data-tip", &identity.name)
        .text(&initials(&identity.name))
}

/// The count of those after the first `n_shown`.
fn rest(others: &[Person], n_shown: usize, class: &str) -> Option<Part> {
    let hidden = others.get(n_shown..).filter(|hidden| !hidden.is_empty())?;
    let mut names: Vec<_> =
        hidden.iter().take(N_NAMED).map(|person| person.identity.name.clone()).collect();
    if hidden.len() > N_NAMED {
        names.push(format!("and {} more", hidden.len() - N_NAMED));
    }
    let rest = Part::html("<span>").attribute("class", class);
    Some(rest.attribute("data-tip", &names.join("\n")).text(&format!("+{}", hidden.len())))
}

/// A person's color as the styles want it.
pub(crate) fn color_of(identity: &Identity) -> String {
    format!("--c:{}", identity.color)
}

/// The first letters of the first two words.
fn initials(name: &str) -> String {
    name.split_whitespace().take(2).filter_map(|word| word.chars().next()).collect()
}
