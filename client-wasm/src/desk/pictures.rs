//! Pictures: from files to the board and the server, and from the server to the painter. What the browser
//! does with their bytes is in `js/pictures.js`.

use std::collections::VecDeque;

use editor::{Input, NewPicture, ScreenPoint};
use gloo_timers::callback::Timeout;
use leptos::prelude::Set;
use shared::element::Shape;
use shared::id::{ElementId, FileId};
use shared::session::Connection;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Blob, File, ImageBitmap};

use super::{Desk, Handle};
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
    fn pictures(this: &Unpacked) -> js_sys::Array;

    #[wasm_bindgen(catch, js_name = readPicture)]
    async fn read_picture(file: &File) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(js_name = keepPicture)]
    fn keep_picture(url: &str, file: &Blob);

    #[wasm_bindgen(catch, js_name = sendPicture)]
    async fn send_picture(url: &str, file: &Blob, progress: &JsValue) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(catch, js_name = waitingPictures)]
    async fn waiting_pictures(prefix: &str) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(catch, js_name = loadPicture)]
    async fn load_picture(url: &str, side: f64) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(catch, js_name = unpackPictures)]
    async fn unpack_pictures(text: &str) -> Result<JsValue, JsValue>;
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
pub(super) fn bring(handle: Handle, files: Vec<File>, at: Option<ScreenPoint>) {
    spawn_local(async move {
        let mut pictures = Vec::new();
        for file in files {
            match read_picture(&file).await {
                Ok(picture) => pictures.push(picture),
                Err(why) => handle.with(move |desk| {
                    let why = why.as_string();
                    let text = why.unwrap_or_else(|| "The picture could not be read.".into());
                    desk.toast(ToastKind::Error, text, Vec::new());
                }),
            }
        }
        if !pictures.is_empty() {
            handle.with(move |desk| {
                let new = pictures.into_iter().filter_map(|it| desk.take_picture(it)).collect();
                desk.input(Input::Pictures(new, at));
            });
        }
    });
}

/// Takes the pictures out of a drawing, and then hands it on.
pub(super) fn unpack(handle: Handle, text: String, then: impl FnOnce(&mut Desk, String) + 'static) {
    if !text.contains("\"dataURL\"") {
        return handle.with(|desk| then(desk, text));
    }
    spawn_local(async move {
        let unpacked = unpack_pictures(&text).await;
        handle.with(move |desk| {
            let Ok(unpacked) = unpacked else { return then(desk, text) };
            let unpacked: Unpacked = unpacked.unchecked_into();
            for picture in unpacked.pictures().iter() {
                desk.take_picture(picture);
            }
            then(desk, unpacked.text());
        });
    });
}

impl Desk {
    /// What the server does not have yet: edits and pictures.
    pub(crate) fn n_unsaved(&self) -> usize {
        self.session.n_unsaved() + self.uploads.len()
    }

    pub(super) fn show_unsaved(&self) {
        self.shown.n_unsaved.set(self.n_unsaved());
    }

    fn url(&self, file: &str) -> String {
        ["/api/rooms/", self.room.as_str(), "/files/", file].concat()
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
        let (handle, prefix) = (handle.clone(), self.url(""));
        spawn_local(async move {
            let found = waiting_pictures(&prefix).await.unwrap_or_default();
            let found: js_sys::Array = found.unchecked_into();
            handle.with(move |desk| {
                for pair in found.iter() {
                    let pair: js_sys::Array = pair.unchecked_into();
                    let path = pair.get(0).as_string().unwrap_or_default();
                    let Some((_, id)) = path.rsplit_once('/') else { continue };
                    let Ok(file) = FileId::parse(id) else { continue };
                    desk.uploads.waiting.push_back((file, pair.get(1).unchecked_into()));
                }
                desk.show_unsaved();
            });
        });
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
        let (handle, url) = (handle.clone(), self.url(&file.to_string()));
        let uploading = self.shown.uploading;
        spawn_local(async move {
            let progress = Closure::<dyn FnMut(f64)>::new(move |part: f64| {
                uploading.set(Some((part * 100.0) as u32));
            });
            let status = send_picture(&url, &bytes, progress.as_ref()).await;
            let status = status.ok().and_then(|status| status.as_f64()).unwrap_or(0.0);
            uploading.set(None);
            let again = handle.clone();
            handle.with(move |desk| desk.handle_sent(file, status as u16, again));
        });
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
        let (handle, url) = (handle.clone(), self.url(&file.to_string()));
        spawn_local(async move {
            let bitmap = load_picture(&url, side).await.ok().map(JsCast::unchecked_into);
            let again = handle.clone();
            handle.with(move |desk| {
                let is_here = bitmap.is_some();
                if is_here || n_tries == PATIENT_TRIES {
                    desk.show_picture(file, bitmap);
                }
                if !is_here && n_tries < TRIES {
                    let wait = FIRST_MS << n_tries.min(DOUBLES);
                    Timeout::new(wait, move || {
                        let to = again.clone();
                        again.with(move |desk| {
                            // Nobody waits for what was taken off the board.
                            if desk.with_file(file).next().is_some() {
                                desk.load_picture(&to, file, side, n_tries + 1);
                            }
                        });
                    })
                    .forget();
                }
            });
        });
    }

    fn show_picture(&mut self, file: FileId, bitmap: Option<ImageBitmap>) {
        images::put(file, bitmap);
        let index = self.editor.index();
        let places = self.with_file(file).filter_map(|it| Some(index.placed(&it.id)?.reach));
        let places: Vec<_> = places.collect();
        self.painting.touch(&places);
    }

    fn with_file(
        &self,
        file: FileId,
    ) -> impl Iterator<Item = &std::sync::Arc<shared::element::Element>> {
        let is_of = move |shape: &Shape| matches!(shape, Shape::Image(it) if it.file == file);
        self.board.elements().filter(move |it| is_of(&it.shape))
    }
}
