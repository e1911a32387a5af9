//! What the buttons of all panels share: hints with their keys, and that they leave the keyboard to
//! the canvas.

use editor::{Chord, Command};
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlElement, KeyboardEvent};

use super::icon::Icon;
use super::part::Part;
use crate::browser::document;
use crate::shown::Act;

/// What takes the focus when it is clicked; everything else in the panels does not.
const TAKES_FOCUS: &str = "input:not([type=color]), ul";

/// A button with an icon that gives a command, for the bar at the bottom.
pub(crate) fn command_button(command: Command, icon: Icon, act: Act) -> Part {
    Part::button("icon-button", label(command))
        .attribute("data-tip", &command_hint(command))
        .attribute("data-tip-side", "top")
        .gives(command, act)
        .child(icon)
}

/// The name of a command for people.
pub(crate) fn label(command: Command) -> &'static str {
    command.info().map_or("", |info| info.label)
}

/// The name of a command and its first key.
pub(crate) fn command_hint(command: Command) -> String {
    command.info().map_or_else(String::new, |info| hint(info.label, info.keys))
}

/// A name with the first of its keys.
pub(crate) fn hint(label: &str, keys: &[Chord]) -> String {
    match keys.first() {
        Some(chord) => format!("{label}  {}", chord.words().join("+")),
        None => label.into(),
    }
}

impl Part {
    /// The button, giving a command.
    pub(crate) fn gives(self, command: Command, act: Act) -> Self {
        self.on_click(move || act.run(command.into()))
    }

    /// The panel, leaving the keyboard to the canvas.
    pub(crate) fn leaves_keys(self) -> Self {
        self.on("mousedown", hold_focus).on_key(hold_keys)
    }
}

/// Keeps the focus where it is, so that keys go on to the canvas or the text field and Space does not
/// press the last button again.
fn hold_focus(event: &Event) {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let takes_focus = |target: &Element| matches!(target.closest(TAKES_FOCUS), Ok(Some(_)));
    if !target.as_ref().is_some_and(takes_focus) {
        event.prevent_default();
    }
}

/// The keys that press a focused button are not the canvas's too.
fn hold_keys(event: &KeyboardEvent) {
    if matches!(event.key().as_str(), "Enter" | " ") {
        event.stop_propagation();
    }
}

/// Arrow keys go from button to button of a row.
pub(crate) fn walk(event: &KeyboardEvent) {
    let step: fn(&Element) -> Option<Element> = match event.key().as_str() {
        "ArrowRight" | "ArrowDown" => Element::next_element_sibling,
        "ArrowLeft" | "ArrowUp" => Element::previous_element_sibling,
        _ => return,
    };
    let here = document().active_element().filter(|it| it.tag_name() == "BUTTON");
    let Some(mut here) = here else { return };
    while let Some(next) = step(&here) {
        if let Some(button) = next.dyn_ref::<HtmlElement>()
            && button.tag_name() == "BUTTON"
            && button.offset_width() > 0
        {
            button.focus().ok();
            event.prevent_default();
            event.stop_propagation();
            return;
        }
        here = next;
    }
}
