//! One board's entries in the browser's database: read, and written all or nothing. The browser is asked by
//! `js/store.js`, inside the document; what the entries say is known to [`shared::keep`] alone.

use js_sys::{Array, Promise, Uint8Array};
use shared::id::RoomName;
use shared::keep::{Found, Key, Write};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use crate::browser::call_soon;
use crate::early;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = openStore)]
    fn open_store(room: &str) -> Promise;

    #[wasm_bindgen(js_name = readStore)]
    fn read_store(database: &JsValue, from: f64) -> Promise;

    #[wasm_bindgen(js_name = writeStore)]
    fn write_store(database: &JsValue, put: Array, remove: Array, durability: &str) -> Promise;

    #[wasm_bindgen(js_name = deleteStore, catch)]
    fn delete_store(room: &str) -> Result<(), JsValue>;
}

/// A database, open or opening.
pub(crate) struct Store(JsValue);

impl Store {
    /// Opens a board's database, which is made if there is none, and reads all of it. Nothing where the
    /// browser keeps nothing, or has one of a later version.
    pub(crate) async fn open(room: &RoomName) -> Option<(Self, Found)> {
        Self::opened(open_store(room.as_str())).await
    }

    /// The same for the board of this page, which was asked for already.
    pub(crate) async fn open_first(room: &RoomName) -> Option<(Self, Found)> {
        Self::opened(early::store().unwrap_or_else(|| open_store(room.as_str()))).await
    }

    async fn opened(answer: Promise) -> Option<(Self, Found)> {
        let answer: Array = JsFuture::from(answer).await.ok()?.unchecked_into();
        let mut found = Found::default();
        let lists = (answer.get(1).unchecked_into(), answer.get(2).unchecked_into());
        take_in(&mut found, lists).await;
        Some((Self(answer.get(0)), found))
    }

    /// Reads all entries from a place on.
    pub(crate) async fn read(&self, from: Key, found: &mut Found) -> Option<()> {
        let answer = JsFuture::from(read_store(&self.0, from.0 as f64)).await.ok()?;
        let answer: Array = answer.unchecked_into();
        take_in(found, (answer.get(0).unchecked_into(), answer.get(1).unchecked_into())).await;
        Some(())
    }

    /// Does all of a write, and tells where the new entries are; or nothing.
    pub(crate) async fn write(&self, write: &Write) -> Option<Vec<Key>> {
        let durability = if write.is_strict { "strict" } else { "relaxed" };
        let put = write.put.iter().map(|bytes| Uint8Array::from(&bytes[..])).collect();
        let remove = write.delete.iter().map(|key| JsValue::from(key.0 as f64)).collect();
        let answer = write_store(&self.0, put, remove, durability);
        let keys: Array = JsFuture::from(answer).await.ok()?.unchecked_into();
        keys.iter().map(|key| Some(Key(key.as_f64()? as u64))).collect()
    }
}

/// Takes in all keys, and lists of the values, with a turn for everything else between these.
async fn take_in(found: &mut Found, (keys, lists): (Array, Array)) {
    let mut keys = keys.iter();
    for (at, values) in lists.iter().enumerate() {
        if at > 0 {
            let turn = Promise::new(&mut |resolve, _| call_soon(&resolve));
            JsFuture::from(turn).await.ok();
        }
        let values: Array = values.unchecked_into();
        for (value, key) in values.iter().zip(&mut keys) {
            let Some(key) = key.as_f64() else { continue };
            // What is no bytes at all is as damaged as bytes that say nothing.
            let bytes = value.dyn_ref().map(Uint8Array::to_vec).unwrap_or_default();
            found.read(Key(key as u64), &bytes);
        }
    }
}

/// Takes all that is kept of a board away, unless there is unsent work. Pages that have it open keep
/// nothing from then on.
pub(crate) async fn forget(room: &RoomName) -> Option<()> {
    let (_, found) = Store::open(room).await?;
    if found.workers().is_empty() {
        delete_store(room.as_str()).ok();
    }
    Some(())
}
