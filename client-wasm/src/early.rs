//! What the document asked for before this program was here: see `js/early.js`. Each can be had once.

use js_sys::{Array, Promise};
use shared::id::ClientId;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::WebSocket;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = takeEarly)]
    fn take_early(name: &str) -> JsValue;

    /// Does now what people did before the page could hear them.
    #[wasm_bindgen(js_name = redoEarly)]
    pub(crate) safe fn redo();
}

/// The socket of the page's board, opening or open.
pub(crate) fn socket() -> Option<WebSocket> {
    take_early("socket").dyn_into().ok()
}

/// The database of the page's board with all that is in it, as [`crate::store`] reads it.
pub(crate) fn store() -> Option<Promise> {
    take_early("store").dyn_into().ok()
}

/// An id that nobody has seen, held by this page.
pub(crate) async fn author() -> Option<ClientId> {
    let owned: Promise = take_early("owned").dyn_into().ok()?;
    let is_owned = JsFuture::from(owned).await.is_ok_and(|is_owned| is_owned.is_truthy());
    let author = take_early("author").as_f64().and_then(|id| ClientId::new(id as u64));
    author.filter(|_| is_owned)
}

/// What the document shows of the page's panels, in the order in which they are put together, the last first.
pub(crate) fn parts() -> Option<Array> {
    take_early("parts").dyn_into().ok()
}
