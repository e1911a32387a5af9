//! What the buttons of all panels share: hints with their keys, and that they leave the keyboard to
//! the canvas.

use editor::{Chord, Command};
use leptos::ev::{KeyboardEvent, MouseEvent};
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use web_sys::Element;

use super::icon::Icon;
use crate::shown::Act;

/// What takes the focus when it is clicked; everything else in the panels does not.
const TAKES_FOCUS: &str = "input:not([type=color]), ul";

/// A button with an icon that gives a command, for the bars.
#[component]
pub(crate) fn CommandButton(
    /// What it gives.
    command: Command,
    /// What it shows.
    icon: Icon,
    /// Where the hint is aligned: `start`, `center` or `end`.
    #[prop(default = "center")]
    align: &'static str,
    /// Whether there is nothing to do.
    #[prop(into, default = Signal::stored(false))]
    is_disabled: Signal<bool>,
    /// Takes the command.
    act: Act,
) -> impl IntoView {
    view! {
        <button
            class="icon-button"
            aria-label=label(command)
            data-tip=command_hint(command)
            data-tip-side="top"
            data-tip-align=align
            prop:disabled=is_disabled
            on:click=move |_| act.run(command.into())
        >
            {icon}
        </button>
    }
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

/// The word for an attribute such as `aria-pressed`.
pub(crate) fn true_or_false(is_so: bool) -> &'static str {
    if is_so { "true" } else { "false" }
}

/// On a panel's `mousedown`: keeps the focus where it is, so that keys go on to the canvas or the
/// text field and Space does not press the last button again.
#[expect(clippy::needless_pass_by_value, reason = "listeners are given their event")]
pub(crate) fn hold_focus(event: MouseEvent) {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let takes_focus = |target: &Element| matches!(target.closest(TAKES_FOCUS), Ok(Some(_)));
    if !target.as_ref().is_some_and(takes_focus) {
        event.prevent_default();
    }
}

/// On a panel's `keydown`: the keys that press a focused button are not the canvas's too.
#[expect(clippy::needless_pass_by_value, reason = "listeners are given their event")]
pub(crate) fn hold_keys(event: KeyboardEvent) {
    if matches!(event.key().as_str(), "Enter" | " ") {
        event.stop_propagation();
    }
}
