//! The field through which the browser lets people choose a file. It is never seen: the desk clicks
//! it by its id, `import-file`, which browsers allow only shortly after a click or a key.

use leptos::prelude::*;
use web_sys::{Event, HtmlInputElement};

use crate::shown::{Act, Action};

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
            id="import-file"
            hidden
            accept=".excalidraw,.excalidrawlib,application/json"
            on:change=on_change
        />
    }
}
