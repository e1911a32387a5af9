//! Pictures: from files to the board and the server, and from the server to the painter. What the browser
//! does with their bytes is in `js/pictures.js`.

use std::collections::VecDeque;
use std::sync::Arc;

use editor::{Input, NewPicture, ScreenPoint};
use gloo_timers::callback::Timeout;
use js_sys::{Array, Promise};
use shared::element::{Element, Shape};
use shared::id::{ElementId, FileId};
use shared::session::Connection;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Blob, File, ImageBitmap};

use super::{Desk, Handle};
use crate::browser::set_timeout;
use crate::paint::images;
use crate::shown::ToastKind;

/// How long a picture waits that the server could not take, in milliseconds.
const AGAIN_MS: u32 = 3_000;
/// How long one waits at first that the server does not have yet; then twice as long, and so on.
const FIRST_MS: u32 = 1_000;
/// It is waited twice as long so many times.
const DOUBLES: u32 = 5;
/// As often it is asked for at most, until the connection is another one.
const TRIES: u32 = 20;
/// After as many tries one is told that it is missing.
const PATIENT_TRIES: u32 = 3;

#[wasm_bindgen]
extern "C" {
    /// A picture that was read.
    type Picture;

    #[wasm_bindgen(method, getter)]
    fn id(this: &Picture) -> String;

    #[wasm_bindgen(method, getter)]
    fn file(this: &Picture) -> Blob;

    #[wasm_bindgen(method, getter)]
    fn bitmap(this: &Picture) -> ImageBitmap;

    /// A drawing without its pictures.
    type Unpacked;

    #[wasm_bindgen(method, getter)]
    fn text(this: &Unpacked) -> String;

    #[wasm_bindgen(method, getter)]
    fn pictures(this: &Unpacked) -> Array;

    #[wasm_bindgen(js_name = readPictures)]
    fn read_pictures(files: &Array) -> Promise;

    #[wasm_bindgen(js_name = keepPicture)]
    fn keep_picture(url: &str, file: &Blob);

    #[wasm_bindgen(js_name = sendPicture)]
    fn send_picture(url: &str, file: &Blob, progress: &JsValue) -> Promise;

    #[wasm_bindgen(js_name = waitingPictures)]
    fn waiting_pictures(prefix: &str) -> Promise;

    #[wasm_bindgen(js_name = loadPicture)]
    fn load_picture(url: &str, side: f64) -> Promise;

    #[wasm_bindgen(js_name = unpackPictures)]
    fn unpack_pictures(text: &str) -> Promise;
}

/// What is done with a drawing whose pictures were taken out of it.
type ThenText = dyn FnOnce(&mut Desk, String);

/// What is done with what a promise has brought.
type Then = dyn FnOnce(&mut Desk, JsValue);

/// Does something at the desk with what a promise has brought; undefined if it was broken. One path for all of
/// them: each future of its own would be more than a kilobyte of the page.
pub(super) fn after(handle: &Handle, promise: Promise, then: Box<Then>) {
    let handle = handle.clone();
    spawn_local(async move {
        let brought = JsFuture::from(promise).await.unwrap_or_default();
        handle.with(|desk| then(desk, brought));
    });
}

/// Pictures on their way to the server.
#[derive(Default)]
pub(super) struct Uploads {
    waiting: VecDeque<(FileId, Blob)>,
    is_sending: bool,
    again: Option<Timeout>,
}

impl Uploads {
    /// How many the server does not have yet.
    pub(super) fn len(&self) -> usize {
        self.waiting.len()
    }
}

/// Whether a file says that it is a picture.
pub(crate) fn is_picture(file: &File) -> bool {
    let name = file.name().to_ascii_lowercase();
    file.type_().starts_with("image/") || name.ends_with(".heic") || name.ends_with(".avif")
}

/// Reads files and puts them on the board, at a place or where what is pasted goes.
pub(super) fn bring(handle: &Handle, files: &[File], at: Option<ScreenPoint>) {
    if files.is_empty() {
        return;
    }
    let files: Array = files.iter().collect();
    let take = move |desk: &mut Desk, read: JsValue| {
        let new = desk.take_pictures(read.unchecked_ref());
        if !new.is_empty() {
            desk.input(Input::Pictures(new, at));
        }
    };
    after(handle, read_pictures(&files), Box::new(take));
}

/// Takes the pictures out of a drawing, and then hands it on, when drawings can be read.
pub(crate) fn unpack(handle: &Handle, text: String, then: Box<ThenText>) {
    let to = handle.clone();
    handle.with_files(Box::new(move |_| unpack_now(&to, text, then)));
}

/// Whether a drawing has pictures inside.
pub(crate) fn has_pictures(text: &str) -> bool {
    text.contains("\"dataURL\"")
}

fn unpack_now(handle: &Handle, text: String, then: Box<ThenText>) {
    if !has_pictures(&text) {
        return handle.with(move |desk| then(desk, text));
    }
    let take = move |desk: &mut Desk, unpacked: JsValue| {
        let unpacked: Unpacked = unpacked.unchecked_into();
        desk.take_pictures(&unpacked.pictures());
        then(desk, unpacked.text());
    };
    after(handle, unpack_pictures(&text), Box::new(take));
}

impl Desk {
    /// What the server does not have yet: edits and pictures.
    pub(crate) fn n_unsaved(&self) -> usize {
        self.session.n_unsaved() + self.uploads.len()
    }

    /// Tells how much is not saved. While the pen draws there is always more to come: each "saved" in between
    /// would be gone a moment later, and costs a look at the page's styles.
    pub(super) fn show_unsaved(&self) {
        let n = self.n_unsaved();
        let is_news = n != self.shown.n_unsaved.get_untracked();
        if is_news && (n > 0 || self.editor.flowing_ink().is_none()) {
            self.shown.n_unsaved.set(n);
        }
    }

    pub(super) fn url(&self, file: &str) -> String {
        ["/api/rooms/", self.room.as_str(), "/files/", file].concat()
    }

    /// Takes pictures that were read, and tells why others were not.
    fn take_pictures(&mut self, read: &Array) -> Vec<NewPicture> {
        let mut new = Vec::new();
        for picture in read.iter() {
            match picture.as_string() {
                Some(why) => self.toast(ToastKind::Error, why, Vec::new()),
                None => new.extend(self.take_picture(picture)),
            }
        }
        new
    }

    /// Shows a picture that was read and begins to bring it to the server.
    fn take_picture(&mut self, picture: JsValue) -> Option<NewPicture> {
        let picture: Picture = picture.unchecked_into();
        let id = picture.id();
        let file = FileId::parse(&id).ok()?;
        let (bitmap, bytes) = (picture.bitmap(), picture.file());
        let natural = (bitmap.width().into(), bitmap.height().into());
        keep_picture(&self.url(&id), &bytes);
        self.uploads.waiting.push_back((file, bytes));
        self.show_picture(file, Some(bitmap));
        self.show_unsaved();
        Some(NewPicture { file, natural })
    }

    /// Takes over what an earlier page could not send.
    pub(super) fn find_waiting_pictures(&self, handle: &Handle) {
        let take = |desk: &mut Desk, found: JsValue| {
            for pair in found.unchecked_into::<Array>().iter() {
                let pair: Array = pair.unchecked_into();
                let path = pair.get(0).as_string().unwrap_or_default();
                let id = path.rsplit('/').next().unwrap_or_default();
                let Ok(file) = FileId::parse(id) else { continue };
                // One that has just come is known.
                if !desk.uploads.waiting.iter().any(|(it, _)| *it == file) {
                    desk.uploads.waiting.push_back((file, pair.get(1).unchecked_into()));
                }
            }
            desk.show_unsaved();
        };
        after(handle, waiting_pictures(&self.url("")), Box::new(take));
    }

    /// Sends and loads pictures, as far as it is their time.
    pub(super) fn move_pictures(&mut self, handle: &Handle) {
        let (wanted, side) = images::take_wanted();
        for file in wanted {
            self.load_picture(handle, file, side, 0);
        }
        let uploads = &self.uploads;
        let is_live = self.session.connection() == Connection::Live;
        if !is_live || uploads.is_sending || uploads.again.is_some() {
            return;
        }
        let Some((file, bytes)) = uploads.waiting.front().cloned() else { return };
        self.uploads.is_sending = true;
        let uploading = self.shown.uploading;
        let progress = Closure::<dyn FnMut(f64)>::new(move |part: f64| {
            uploading.set(Some((part * 100.0) as u32));
        });
        let sent = send_picture(&self.url(&file.to_string()), &bytes, progress.as_ref());
        let again = handle.clone();
        let take = move |desk: &mut Desk, status: JsValue| {
            drop(progress);
            uploading.set(None);
            desk.handle_sent(file, status.as_f64().unwrap_or(0.0) as u16, again);
        };
        after(handle, sent, Box::new(take));
    }

    fn handle_sent(&mut self, file: FileId, status: u16, handle: Handle) {
        self.uploads.is_sending = false;
        let is_sent = (200..300).contains(&status);
        if !is_sent && (status < 400 || status >= 500 && status != 507) {
            self.uploads.again = Some(Timeout::new(AGAIN_MS, move || {
                handle.with(|desk| desk.uploads.again = None);
            }));
            return;
        }
        self.uploads.waiting.pop_front();
        self.show_unsaved();
        if !is_sent {
            let ids: Vec<ElementId> = self.with_file(file).map(|it| it.id.clone()).collect();
            self.board.begin_step();
            self.board.delete(&ids);
            self.input(Input::BoardChanged);
            let why = match status {
                507 => "The server has no room for more pictures.",
                _ => "The server did not take the picture.",
            };
            self.toast(ToastKind::Error, why.into(), Vec::new());
        }
    }

    /// Asks for what could not be had: the server may have it now.
    pub(super) fn look_for_missing_pictures(&mut self, handle: &Handle) {
        for file in images::forget(true) {
            self.load_picture(handle, file, f64::INFINITY, 0);
        }
    }

    fn load_picture(&self, handle: &Handle, file: FileId, side: f64, n_tries: u32) {
        let again = handle.clone();
        let take = move |desk: &mut Desk, bitmap: JsValue| {
            let bitmap = bitmap.is_object().then(|| bitmap.unchecked_into());
            let is_here = bitmap.is_some();
            if is_here || n_tries == PATIENT_TRIES {
                desk.show_picture(file, bitmap);
            }
            // Nobody waits for what was taken off the board.
            if is_here || n_tries == TRIES || desk.with_file(file).next().is_none() {
                return;
            }
            let ask = move || {
                let to = again.clone();
                again.with(move |desk| desk.load_picture(&to, file, side, n_tries + 1));
            };
            set_timeout(FIRST_MS << n_tries.min(DOUBLES), ask);
        };
        let url = self.url(&file.to_string());
        after(handle, load_picture(&url, side), Box::new(take));
    }

    fn show_picture(&mut self, file: FileId, bitmap: Option<ImageBitmap>) {
        images::put(file, bitmap);
        let index = self.editor.index();
        let places = self.with_file(file).filter_map(|it| Some(index.placed(&it.id)?.reach));
        let places: Vec<_> = places.collect();
        self.painting.touch(&places);
    }

    fn with_file(&self, file: FileId) -> impl Iterator<Item = &Arc<Element>> {
        let is_of = move |shape: &Shape| matches!(shape, Shape::Image(it) if it.file == file);
        self.board.elements().filter(move |it| is_of(&it.shape))
    }
}
