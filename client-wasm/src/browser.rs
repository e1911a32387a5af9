//! The browser's own window and document, and what can be left to it for later.

use wasm_bindgen::prelude::*;
use web_sys::{Document, HtmlElement, Window};

thread_local! {
    // Asking for them anew each time would go through the browser twice.
    static WINDOW: Window = web_sys::window().expect_throw("a page has a window");
    static DOCUMENT: Document = window().document().expect_throw("a window has a document");
}

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = queueMicrotask)]
    fn queue(then: &JsValue);

    /// Calls a function in a turn of its own: see `js/soon.js`.
    #[wasm_bindgen(js_name = soon)]
    pub(crate) safe fn call_soon(then: &JsValue);
}

/// Whether fingers are the main way to point here.
pub(crate) fn is_touched() -> bool {
    let query = window().match_media("(pointer: coarse)").ok().flatten();
    query.is_some_and(|query| query.matches())
}

/// The window that the page is in.
pub(crate) fn window() -> Window {
    WINDOW.with(Clone::clone)
}

/// The page's document.
pub(crate) fn document() -> Document {
    DOCUMENT.with(Clone::clone)
}

/// What is seen of the document.
pub(crate) fn body() -> HtmlElement {
    document().body().expect_throw("the page has a body")
}

/// Does something as soon as what runs now is done.
pub(crate) fn queue_microtask(then: impl FnOnce() + 'static) {
    queue(&Closure::once_into_js(then));
}

/// Does something in a turn of its own, as soon as there is one: see `js/soon.js`.
pub(crate) fn soon(then: impl FnOnce() + 'static) {
    call_soon(&Closure::once_into_js(then));
}

/// Does something right before the next frame is painted.
pub(crate) fn request_animation_frame(then: impl FnOnce() + 'static) {
    let then = Closure::once_into_js(then);
    window().request_animation_frame(then.unchecked_ref()).ok();
}

/// Does something after so many milliseconds. (`Timeout::forget` would leave a function behind each time.)
pub(crate) fn set_timeout(ms: u32, then: impl FnOnce() + 'static) {
    let (then, ms) = (Closure::once_into_js(then), ms as i32);
    window().set_timeout_with_callback_and_timeout_and_arguments_0(then.unchecked_ref(), ms).ok();
}
