//! The board as a file, and pictures of it or of what is selected: as PNG, painted as the board is, and as
//! SVG. What the browser does with the bytes is in `js/saving.js`.

use std::collections::HashSet;

use editor::Command;
use js_sys::Promise;
use shared::element::{Element, Font, NewElement, Shape};
use shared::excalidraw::elements_to_bytes;
use shared::id::{ElementId, FileId};
use wasm_bindgen::prelude::*;
use web_sys::HtmlCanvasElement;

use super::pictures::after;
use super::{Desk, Handle};
use crate::browser::{document, set_timeout, window};
use crate::paint::{Print, images, paper};
use crate::shown::{Dialog, ExportLook, ExportTo, Theme, ToastKind};

/// So often it is looked whether all pictures have come, every so many milliseconds.
const TRIES: u32 = 80;
const TRY_MS: u32 = 100;
/// How large the picture in the dialog is at most, in CSS pixels.
const PREVIEW: (f64, f64) = (400.0, 260.0);
/// Letters that are looked for before a picture is painted: a board has seldom more of one alphabet.
const LETTERS_MAX: usize = 10_000;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = saveDrawing)]
    fn save_drawing(text: &str, prefix: &str, name: &str) -> Promise;

    #[wasm_bindgen(js_name = copyPictures)]
    fn copy_pictures(text: &str, prefix: &str) -> Promise;

    #[wasm_bindgen(js_name = copyText)]
    pub(super) fn copy_text(text: &str) -> Promise;

    #[wasm_bindgen(js_name = saveSvg)]
    fn save_svg(svg: &str, prefix: &str, name: &str) -> Promise;

    #[wasm_bindgen(js_name = saveCanvas)]
    fn save_canvas(canvas: &HtmlCanvasElement, name: &str) -> Promise;

    #[wasm_bindgen(js_name = readyLetters)]
    fn ready_letters(text: &str) -> Promise;
}

impl Handle {
    /// Saves or copies a picture, or the board.
    pub(crate) fn export(&self, look: ExportLook, to: ExportTo) {
        let handle = self.clone();
        match to {
            ExportTo::Png | ExportTo::CopyPng => self.with(move |desk| {
                desk.load_all(&handle);
                let letters = ready_letters(&hand_written(&desk.among(desk.meant(look).as_ref())));
                let to_print = handle.clone();
                let print = move |desk: &mut Desk, _| desk.print(to_print, look, to, TRIES);
                after(&handle, letters, Box::new(print));
            }),
            ExportTo::File | ExportTo::Svg | ExportTo::CopySvg => {
                self.with_files(Box::new(move |desk| {
                    desk.load_all(&handle);
                    desk.write_out(&handle, look, to);
                }));
            }
        }
    }
}

impl Desk {
    /// Brings the pictures of what was copied to the clipboard, if the browser lets a page do so.
    pub(super) fn copy_pictures(&self, handle: &Handle, text: &str) {
        after(handle, copy_pictures(text, &self.url("")), Box::new(|_, _| {}));
    }

    /// Asks how a picture is to be, or does what a command says at once.
    pub(super) fn answer_export(&mut self, command: Command) {
        let shown = self.shown;
        let is_selected = self.editor.selection().len() > 0;
        let is_dark = shown.theme.get_untracked() == Theme::Dark;
        let look = ExportLook { is_selected, is_dark, ..shown.export.get_untracked() };
        let to = match command {
            Command::Save => ExportTo::File,
            Command::CopyPng => ExportTo::CopyPng,
            Command::CopySvg => ExportTo::CopySvg,
            _ => {
                shown.export.set(look);
                return shown.dialog.set(Some(Dialog::Export { has_selection: is_selected }));
            }
        };
        self.export_ask = Some((look, to));
    }

    /// Does what a command asked for, as soon as the desk is free.
    pub(super) fn use_export(&mut self, handle: &Handle) {
        if let Some((look, to)) = self.export_ask.take() {
            handle.export(look, to);
        }
    }

    /// Paints the picture in the dialog.
    pub(crate) fn preview(&mut self, look: ExportLook, canvas: &HtmlCanvasElement) {
        let mut print = self.printed(look);
        self.shown.export_size.set(print.size());
        let (w, h) = (print.area.width(), print.area.height());
        let ratio = window().device_pixel_ratio();
        print.scale = (PREVIEW.0 / w).min(PREVIEW.1 / h).min(2.0) * ratio;
        if print.paint(self.editor.index(), canvas) {
            let width = crate::numeral::px(w * print.scale / ratio);
            canvas.style().set_property("width", &width).ok();
        }
    }

    /// What is exported, bottom first.
    fn exported(&self, look: ExportLook) -> Vec<(ElementId, NewElement)> {
        let elements = self.among(self.meant(look).as_ref()).into_iter();
        elements.map(|it| (it.id.clone(), NewElement::copy_of(it))).collect()
    }

    /// These of the elements, or all, bottom first.
    fn among(&self, only: Option<&HashSet<ElementId>>) -> Vec<&Element> {
        let all = self.board.elements().map(AsRef::as_ref);
        all.filter(|it| only.is_none_or(|only| only.contains(&it.id))).collect()
    }

    /// The elements that are meant, unless all are: what is selected, locked or not, with all that a copy of it
    /// takes along.
    fn meant(&self, look: ExportLook) -> Option<HashSet<ElementId>> {
        if !look.is_selected {
            return None;
        }
        let copied = self.editor.copied(&self.board).into_iter().map(|(id, _)| id);
        Some(copied.chain(self.editor.selection().cloned()).collect())
    }

    fn printed(&self, look: ExportLook) -> Print {
        let only = self.meant(look);
        Print {
            area: scene::sheet(&self.among(only.as_ref())),
            scale: f64::from(look.scale),
            theme: theme(look),
            has_background: look.has_background,
            only,
        }
    }

    /// Paints and hands out a PNG, once the pictures in it have come.
    fn print(&mut self, handle: Handle, look: ExportLook, to: ExportTo, n_tries: u32) {
        let meant = self.among(self.meant(look).as_ref());
        let is_missing = meant.into_iter().filter_map(file_in).any(images::is_coming);
        if is_missing && n_tries > 0 {
            let again = move || {
                let to_print = handle.clone();
                handle.with(move |desk| desk.print(to_print, look, to, n_tries - 1));
            };
            set_timeout(TRY_MS, again);
            return;
        }
        let print = self.printed(look);
        let canvas = document().create_element("canvas").ok();
        let Some(canvas) = canvas.and_then(|it| it.dyn_into::<HtmlCanvasElement>().ok()) else {
            return;
        };
        if !print.paint(self.editor.index(), &canvas) {
            let why = "This picture would be too large. Choose a smaller scale, a part, or SVG.";
            return self.toast(ToastKind::Error, why.into(), Vec::new());
        }
        tell(&handle, save_canvas(&canvas, &self.name(to)), to, u32::from(is_missing));
    }

    /// Hands out a text: an SVG, or the board itself.
    fn write_out(&mut self, handle: &Handle, look: ExportLook, to: ExportTo) {
        let (prefix, name) = (self.url(""), self.name(to));
        let Some(files) = &self.files else {
            let why = "What writes files could not be loaded: is there a network?";
            return self.toast(ToastKind::Error, why.into(), Vec::new());
        };
        let is_file = to == ExportTo::File;
        let look = ExportLook { is_selected: look.is_selected && !is_file, ..look };
        let elements = elements_to_bytes(&self.exported(look));
        let saved = if is_file {
            save_drawing(&files.save(&elements), &prefix, &name)
        } else {
            let background = if look.has_background { paper(theme(look)) } else { "" };
            save_svg(&files.draw(&elements, background, look.is_dark), &prefix, &name)
        };
        tell(handle, saved, to, 0);
    }

    /// What a file is called; nothing for the clipboard.
    fn name(&self, to: ExportTo) -> String {
        let ending = match to {
            ExportTo::File => ".excalidraw",
            ExportTo::Png => ".png",
            ExportTo::Svg => ".svg",
            ExportTo::CopyPng | ExportTo::CopySvg => return String::new(),
        };
        [self.room.as_str(), ending].concat()
    }
}

/// Tells how it went.
fn tell(handle: &Handle, saved: Promise, to: ExportTo, n_missing: u32) {
    let told = move |desk: &mut Desk, brought: JsValue| {
        let is_copy = matches!(to, ExportTo::CopyPng | ExportTo::CopySvg);
        let (kind, text) = match brought.as_f64() {
            None if is_copy => (ToastKind::Error, "The browser did not let this page copy it."),
            None => (ToastKind::Error, "It could not be saved."),
            Some(n) if n + f64::from(n_missing) > 0.0 => {
                (ToastKind::Warn, "Done, but for pictures that could not be loaded.")
            }
            Some(_) if is_copy => (ToastKind::Info, "Copied"),
            Some(_) => return,
        };
        desk.toast(kind, text.into(), Vec::new());
    };
    after(handle, saved, Box::new(told));
}

fn theme(look: ExportLook) -> Theme {
    if look.is_dark { Theme::Dark } else { Theme::Light }
}

fn file_in(element: &Element) -> Option<FileId> {
    match &element.shape {
        Shape::Image(image) => Some(image.file),
        _ => None,
    }
}

/// What is written by hand.
fn hand_written(elements: &[&Element]) -> String {
    let mut all = String::new();
    for element in elements {
        if let Shape::Text(text) = &element.shape
            && text.font == Font::Hand
            && all.len() < LETTERS_MAX
        {
            all.push_str(&text.value);
        }
    }
    all
}
