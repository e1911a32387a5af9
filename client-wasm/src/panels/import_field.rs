//! The field through which the browser lets people choose a file. It is never seen: the desk clicks
//! it by its id, `import-file`, which browsers allow only shortly after a click or a key.

use leptos::prelude::Callable;
use web_sys::HtmlInputElement;

use super::part::Part;
use crate::shown::{Act, Action};

/// The hidden field.
pub(crate) fn import_field(act: Act) -> Part {
    let part = Part::html(
        "<input type='file' id='import-file' hidden \
         accept='.excalidraw,.excalidrawlib,application/json'>",
    );
    let field: HtmlInputElement = part.as_element();
    part.on("change", move |_| {
        if let Some(file) = field.files().and_then(|files| files.get(0)) {
            act.run(Action::Import(file));
        }
        // So that choosing the same file again is a change too.
        field.set_value("");
    })
}
