//! The program that reads and writes Excalidraw's files (`client-files`), and what is read and written by
//! it. It is loaded when something is first selected, for that can be copied, or when a drawing comes.

use js_sys::Promise;
use shared::element::NewElement;
use shared::excalidraw::{Import, elements_to_bytes, import_of_bytes};
use shared::id::ElementId;
use wasm_bindgen::prelude::*;

use super::pictures::after;
use super::{Desk, Handle};

#[wasm_bindgen]
extern "C" {
    /// The program.
    pub(super) type Files;

    #[wasm_bindgen(method)]
    fn read(this: &Files, text: &str) -> Vec<u8>;

    #[wasm_bindgen(method)]
    fn write(this: &Files, elements: &[u8]) -> String;

    #[wasm_bindgen(method)]
    pub(super) fn save(this: &Files, elements: &[u8]) -> String;

    #[wasm_bindgen(method)]
    pub(super) fn draw(this: &Files, elements: &[u8], background: &str, is_dark: bool) -> String;

    #[wasm_bindgen(js_name = loadFiles)]
    fn load_files() -> Promise;
}

impl Handle {
    /// Does something at the desk when the program is there, or could not be loaded.
    pub(crate) fn with_files(&self, then: Box<dyn FnOnce(&mut Desk)>) {
        let take = |desk: &mut Desk, program: JsValue| {
            desk.files = program.is_object().then(|| program.unchecked_into());
            then(desk);
        };
        after(self, load_files(), Box::new(take));
    }
}

impl Desk {
    /// Whether files can be read and written at once.
    pub(crate) fn has_files(&self) -> bool {
        self.files.is_some()
    }

    /// Loads the program as soon as there is something that can be copied.
    pub(super) fn prepare_to_copy(&mut self, handle: &Handle) {
        if !self.expects_files && self.editor.selection().len() > 0 {
            self.expects_files = true;
            handle.with_files(Box::new(|_| {}));
        }
    }

    /// What the text of a file holds, or why it holds nothing.
    pub(super) fn read_file(&self, text: &str) -> Result<Import, String> {
        let Some(files) = &self.files else {
            return Err("what reads files could not be loaded; is there a network?".into());
        };
        import_of_bytes(&files.read(text))
    }

    /// Elements as text for the clipboard; `None` while the program is not there.
    pub(super) fn write_file(&self, elements: &[(ElementId, NewElement)]) -> Option<String> {
        Some(self.files.as_ref()?.write(&elements_to_bytes(elements)))
    }
}
