//! Bringing in a drawing: a dropped or chosen file, or text from a program.

use editor::Whereto;
use shared::excalidraw::{Import, Skipped};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::File;

use super::pictures::unpack;
use super::{Desk, Handle};
use crate::shown::ToastKind;

/// What an import brought; labels count, as they do in the file.
pub(crate) struct Imported {
    pub(crate) n_elements: usize,
    pub(crate) skipped: Vec<Skipped>,
}

/// Reads a file and imports it, with a message about how it went.
pub(super) fn import_file(handle: Handle, file: File) {
    spawn_local(async move {
        let text = JsFuture::from(file.text()).await.ok().and_then(|text| text.as_string());
        match text {
            Some(text) => {
                unpack(&handle, text, Box::new(|desk, text| desk.import_with_message(&text)));
            }
            None => handle.with(|desk| {
                let text = "This file could not be read.".into();
                desk.toast(ToastKind::Error, text, Vec::new());
            }),
        }
    });
}

impl Desk {
    /// Puts a drawing's elements on the board, as one step of undo.
    /// Only when [`Desk::has_files`]; otherwise it says why not.
    pub(crate) fn import(&mut self, text: &str, whereto: Whereto) -> Result<Imported, String> {
        let Import { elements, skipped } = self.read_file(text)?;
        let n_elements = elements.len();
        let effects = self.editor.bring(elements, whereto, &mut self.board);
        self.follow(effects);
        Ok(Imported { n_elements, skipped })
    }

    fn import_with_message(&mut self, text: &str) {
        match self.import(text, Whereto::WithRoom) {
            Ok(Imported { skipped, .. }) => {
                let n_elements = self.editor.selection().len();
                let elements = if n_elements == 1 { "element" } else { "elements" };
                let mut text = format!("{n_elements} {elements} imported");
                let mut kind = ToastKind::Info;
                if !skipped.is_empty() {
                    kind = ToastKind::Warn;
                    text.push_str(&format!(", {} could not be", skipped.len()));
                }
                let details = skipped.iter().map(|s| format!("{}: {}", s.id, s.reason));
                self.toast(kind, text, details.collect());
            }
            Err(error) => self.toast(ToastKind::Error, sentence(&error), Vec::new()),
        }
    }
}

/// An error's text as a sentence of its own.
fn sentence(text: &str) -> String {
    let mut sentence = format!("{text}.");
    if let Some(first) = sentence.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    sentence
}
