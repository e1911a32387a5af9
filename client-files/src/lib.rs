//! Reads and writes Excalidraw's files and writes SVG for the page. It is a program of its own, so that a board opens
//! without waiting for it: the page loads it (`client-wasm/js/files.js`) when somebody copies, pastes or
//! imports for the first time. It knows no board: bytes come in and go out.
#![cfg(target_arch = "wasm32")]

use scene::SvgLook;
use shared::color::Color;
use shared::element::Element;
use shared::excalidraw::{self, Format};
use shared::id::FileId;
use wasm_bindgen::prelude::wasm_bindgen;

/// What the text of a file holds, or why it holds nothing, for [`excalidraw::import_of_bytes`].
#[wasm_bindgen]
pub fn read(text: &str) -> Vec<u8> {
    excalidraw::import_to_bytes(excalidraw::import(text))
}

/// The text for the clipboard of elements from [`excalidraw::elements_to_bytes`]; empty if they are none.
#[wasm_bindgen]
pub fn write(elements: &[u8]) -> String {
    excalidraw::export(&elements_of(elements), Format::Clipboard)
}

/// The text for a file of such elements, without the pictures' bytes.
#[wasm_bindgen]
pub fn save(elements: &[u8]) -> String {
    excalidraw::export(&elements_of(elements), Format::File)
}

/// Such elements as SVG, over a color (nothing if it is empty). In place of each picture's bytes is its name,
/// after `tandem:`.
#[wasm_bindgen]
pub fn draw(elements: &[u8], background: &str, is_dark: bool) -> String {
    let background = Color::parse(background).unwrap_or(Color::TRANSPARENT);
    let href = |file: FileId| Some(["tandem:", &file.to_string()].concat());
    let look = SvgLook { is_dark, background, href: &href };
    scene::svg(&scene::attach_all(elements_of(elements)), &look)
}

fn elements_of(bytes: &[u8]) -> Vec<Element> {
    let elements = excalidraw::elements_of_bytes(bytes).unwrap_or_default();
    elements.into_iter().map(|(id, new)| new.alone(id)).collect()
}
