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

    /// The address of a room's socket on the server that served the page.
    #[wasm_bindgen(js_name = socketAddress)]
    pub(crate) safe fn socket_address(room: &str) -> String;

    /// What the lock is called by which a page holds a client id.
    #[wasm_bindgen(js_name = lockName)]
    pub(crate) safe fn lock_name(room: &str, client: f64) -> String;

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

#[cfg(test)]
mod tests {
    use shared::id::RoomName;

    #[test]
    fn the_document_takes_the_same_for_rooms_as_the_program() {
        let (_, rule) = include_str!("../js/early.js").split_once("([").unwrap();
        let (letters, rest) = rule.split_once("]{1,").unwrap();
        let max: usize = rest.split_once("})").unwrap().0.parse().unwrap();
        assert_eq!(letters, "\\w-");
        for letter in '\0'..='\u{17f}' {
            let is_in_rule = letter.is_ascii_alphanumeric() || "_-".contains(letter);
            assert_eq!(RoomName::parse(&letter.to_string()).is_ok(), is_in_rule, "{letter:?}");
        }
        let is_room = |length: usize| RoomName::parse(&"a".repeat(length)).is_ok();
        assert_eq!([0, 1, max, max + 1].map(is_room), [false, true, true, false]);
    }
}
