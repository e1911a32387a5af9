//! One's own name and color, and everybody else's name in full.

use shared::color::Color;
use shared::limits::MEMBER_NAME_MAX_CHARS;
use shared::protocol::Identity;
use web_sys::HtmlInputElement;

use super::icon::Icon;
use super::palette;
use super::part::Part;
use super::people::color_of;
use super::popup::OpenPopup;
use crate::browser::{is_touched, request_animation_frame};
use crate::shown::{Act, Action, Person, Shown};

/// The card that hangs from one's own avatar.
pub(crate) fn name_popover(shown: Shown, act: Act, open: OpenPopup) -> Part {
    let name = Part::html("<input class='input' data-testid='name' autocomplete='off'>")
        .attribute("maxlength", &MEMBER_NAME_MAX_CHARS.to_string())
        .live_value(move || shown.me.with(|me| me.name.clone()));
    let field: HtmlInputElement = name.as_element();
    let typed = field.clone();
    let name = name.on("change", move |_| {
        rename(&typed, shown.me.with_untracked(|me| me.color), shown, act);
    });
    let colors = palette::PEOPLE.iter().map(|&(name, color)| {
        let field = field.clone();
        Part::button("colour", name)
            .attribute("type", "button")
            .attribute("style", &format!("--c:{color}"))
            .live_flag("aria-pressed", move || shown.me.with(|me| me.color == color))
            .on_click(move || rename(&field, color, shown, act))
            .child(Icon::CHECK)
    });
    let colors = Part::html("<div class='colours'>").children(colors);
    // On a touch screen the keyboard would cover the board before anybody asked for it.
    if !is_touched() {
        request_animation_frame(move || field.select());
    }
    let form = Part::html(
        "<form class='name-popover popover card' role='dialog' aria-label='Your name and color'>",
    );
    form.on_key(|event| event.stop_propagation())
        .on("submit", move |event| {
            event.prevent_default();
            open.close();
        })
        .child(Part::html("<label><span class='label'>Your name</span>").child(name))
        .child(
            Part::html(
                "<div role='group' aria-label='Your color'><span class='label'>Your color</span>",
            )
            .child(colors),
        )
        .live_children(move || shown.others.with(|others| list(others)).into_iter().collect())
}

fn rename(field: &HtmlInputElement, color: Color, shown: Shown, act: Act) {
    let identity = Identity::new(&field.value(), color);
    if shown.me.with_untracked(|me| *me != identity) {
        act.run(Action::Rename(identity));
    }
}

fn list(others: &[Person]) -> Option<Part> {
    let row = |person: &Person| {
        Part::html("<li>")
            .child(Part::html("<i>").attribute("style", &color_of(&person.identity)))
            .child(Part::html("<span class='truncate'>").text(&person.identity.name))
    };
    (!others.is_empty()).then(|| Part::html("<ul class='others'>").children(others.iter().map(row)))
}
