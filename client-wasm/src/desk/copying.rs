//! The clipboard. Its own events carry texts everywhere; where a menu was used instead of keys, the page
//! asks the browser for such an event, or for the clipboard itself.

use editor::{Ask, Command, Input, Pasted};
use shared::excalidraw::may_be_drawing;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::HtmlDocument;

use super::pictures::unpack;
use super::{Desk, Handle};
use crate::browser::{document, set_timeout, window};
use crate::shown::ToastKind;

impl Handle {
    /// Puts what was on the clipboard on the board.
    pub(crate) fn paste(&self, text: String) {
        if may_be_drawing(&text) {
            let paste = |desk: &mut Desk, text: String| {
                if !desk.has_files() {
                    let why = "This could not be pasted: is there a network?";
                    return desk.toast(ToastKind::Error, why.into(), Vec::new());
                }
                let drawing = desk.read_file(&text).map(|file| file.elements);
                desk.input(Input::Paste(Pasted { text, drawing: drawing.unwrap_or_default() }));
            };
            return unpack(self, text, Box::new(paste));
        }
        self.input(Input::Paste(Pasted { text, drawing: Vec::new() }));
    }

    /// What the clipboard is to hold, if anything is selected. If it cannot be written yet, it is copied
    /// again as soon as it can.
    pub(crate) fn copied(&self, is_cut: bool) -> Option<String> {
        let elements = self.ask(|desk| {
            desk.load_all(self);
            desk.editor.copied(&desk.board)
        })?;
        if elements.is_empty() {
            return None;
        }
        let text = self.ask(|desk| desk.write_file(&elements))?;
        if text.is_none() {
            let again = move |desk: &mut Desk| match desk.has_files() {
                true => desk.clipboard_ask = Some(Ask::Copy { is_cut }),
                false => {
                    let text = "This could not be copied: is there a network?";
                    desk.toast(ToastKind::Error, text.into(), Vec::new());
                }
            };
            self.with_files(Box::new(again));
        }
        if let Some(text) = &text {
            self.ask(|desk| desk.copy_pictures(self, text));
        }
        text
    }
}

impl Desk {
    /// Does what was asked of the clipboard, as soon as the desk is free.
    pub(super) fn use_clipboard(&mut self, handle: &Handle) {
        let handle = handle.clone();
        match self.clipboard_ask.take() {
            Some(Ask::Copy { is_cut }) => {
                set_timeout(0, move || copy(&handle, is_cut));
            }
            Some(_) => paste(handle),
            None => {}
        }
    }

    fn cannot_paste(&mut self) {
        let text = "The browser does not let this page read the clipboard: use Ctrl+V.";
        self.toast(ToastKind::Info, text.into(), Vec::new());
    }
}

/// Copies as if the keys for it had been pressed.
fn copy(handle: &Handle, is_cut: bool) {
    let page = document().dyn_into::<HtmlDocument>().ok();
    let is_copied = page.is_some_and(|page| page.exec_command("copy").unwrap_or(false));
    if is_copied && is_cut {
        handle.input(Input::Command(Command::Delete));
    }
}

/// Reads the clipboard, where the browser lets a page do so.
fn paste(handle: Handle) {
    let navigator = window().navigator();
    let clipboard = js_sys::Reflect::get(&navigator, &"clipboard".into());
    let can_read = clipboard.is_ok_and(|clipboard| clipboard.is_object());
    spawn_local(async move {
        let text = match can_read {
            true => JsFuture::from(navigator.clipboard().read_text()).await.ok(),
            false => None,
        };
        let text = text.and_then(|text| text.as_string());
        match text {
            Some(text) => handle.paste(text),
            None => handle.with(Desk::cannot_paste),
        }
    });
}
