//! The field through which the browser lets people choose files. It is never seen: the desk clicks
//! it by its id, `import-file`, which browsers allow only shortly after a click or a key.

use web_sys::{File, FileList, HtmlInputElement};

use super::part::Part;
use crate::shown::{Act, Action};

/// The files of a browser's list.
pub(crate) fn listed(files: Option<&FileList>) -> Vec<File> {
    files.into_iter().flat_map(|files| (0..files.length()).filter_map(|at| files.get(at))).collect()
}

/// The hidden field.
pub(crate) fn import_field(act: Act) -> Part {
    let part = Part::html("<input type='file' id='import-file' hidden multiple>");
    let field: HtmlInputElement = part.as_element();
    part.on("change", move |_| {
        act.run(Action::Import(listed(field.files().as_ref()), None));
        // So that choosing the same file again is a change too.
        field.set_value("");
    })
}
