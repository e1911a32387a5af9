//! Reads and writes Excalidraw's files for the page. It is a program of its own, so that a board opens
//! without waiting for it: the page loads it (`client-wasm/js/files.js`) when somebody copies, pastes or
//! imports for the first time. It knows no board: bytes come in and go out.
#![cfg(target_arch = "wasm32")]

use shared::element::Element;
use shared::excalidraw::{self, Format};
use wasm_bindgen::prelude::wasm_bindgen;

/// What the text of a file holds, or why it holds nothing, for [`excalidraw::import_of_bytes`].
#[wasm_bindgen]
pub fn read(text: &str) -> Vec<u8> {
    excalidraw::import_to_bytes(excalidraw::import(text))
}

/// The text for the clipboard of elements from [`excalidraw::elements_to_bytes`]; empty if they are none.
#[wasm_bindgen]
pub fn write(elements: &[u8]) -> String {
    let elements = excalidraw::elements_of_bytes(elements).unwrap_or_default();
    let elements: Vec<Element> = elements.into_iter().map(|(id, new)| new.alone(id)).collect();
    excalidraw::export(&elements, Format::Clipboard)
}
