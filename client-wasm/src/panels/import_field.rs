//! The field through which the browser lets people choose a file. It is never seen.

use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use web_sys::{Event, HtmlElement, HtmlInputElement};

use crate::shown::{Act, Action};

/// Where [`choose_file`] finds the field.
const ID: &str = "import-file";

/// The hidden field.
#[component]
pub(crate) fn ImportField(
    /// Takes the chosen file.
    act: Act,
) -> impl IntoView {
    let on_change = move |event: Event| {
        let field: HtmlInputElement = event_target(&event);
        if let Some(file) = field.files().and_then(|files| files.get(0)) {
            act.run(Action::Import(file));
        }
        // So that choosing the same file again is a change too.
        field.set_value("");
    };
    view! {
        <input
            type="file"
            id=ID
            hidden
            accept=".excalidraw,.excalidrawlib,application/json"
            on:change=on_change
        />
    }
}

/// Lets the person choose a file. Browsers allow it only shortly after a click or a key.
pub fn choose_file() {
    let field = document().get_element_by_id(ID);
    if let Some(field) = field.and_then(|field| field.dyn_into::<HtmlElement>().ok()) {
        field.click();
    }
}
