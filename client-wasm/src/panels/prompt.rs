//! A field over the board: what to look for, and where what is selected leads to.

use editor::{Found, Input};
use web_sys::HtmlInputElement;

use super::icon::Icon;
use super::part::Part;
use crate::shown::{Act, Action, Shown};

/// What to look for, how often it is there, and the way from one to the next.
pub(crate) fn find(shown: Shown, act: Act) -> Part {
    let (form, field) = form("Find on the board", "");
    let look = move |step| {
        act.run(Action::Input(Input::Find(field.value(), step)));
    };
    let (typed, submitted, back, on) = (look.clone(), look.clone(), look.clone(), look);
    let count = move || {
        let Found { n, of } = shown.found.get();
        [&n.to_string(), " of ", &of.to_string()].concat()
    };
    form.on("input", move |_| typed(0))
        .on("submit", move |event| {
            event.prevent_default();
            submitted(1);
        })
        .child(Part::html("<output data-testid='found'>").live_text(count))
        .child(button("Previous", Icon::PREVIOUS, move || back(-1)))
        .child(button("Next", Icon::NEXT, move || on(1)))
        .child(button("Close", Icon::CLOSE, move || shown.dialog.set(None)))
}

/// The address that what is selected leads to.
pub(crate) fn link(was: &str, shown: Shown, act: Act) -> Part {
    let (form, field) = form("Link: an address", was);
    let save = move |text: String| {
        let link = Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        act.run(Action::Input(Input::Link(link)));
        shown.dialog.set(None);
    };
    let typed = field.clone();
    form.on("submit", move |event| {
        event.prevent_default();
        save(typed.value());
    })
    .child(Part::html("<button class='icon-button' aria-label='Save link'>").child(Icon::CHECK))
    .child(button("Remove link", Icon::TRASH, move || save(String::new())))
}

fn form(name: &str, value: &str) -> (Part, HtmlInputElement) {
    let input = Part::html("<input class='input' spellcheck='false' data-testid='prompt'>")
        .attribute("aria-label", name)
        .attribute("placeholder", name)
        .attribute("value", value)
        .focused();
    let field = input.as_element();
    let form = Part::html("<form class='prompt card'>")
        .on_key(|event| event.stop_propagation())
        .child(input);
    (form, field)
}

fn button(name: &str, icon: Icon, on_click: impl FnMut() + 'static) -> Part {
    Part::button("icon-button", name).attribute("type", "button").on_click(on_click).child(icon)
}
