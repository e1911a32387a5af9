//! One board's entries in the browser's database (IndexedDB): read, and written all or nothing. What the
//! entries say is known to [`shared::keep`] alone.

use js_sys::{Array, Function, Object, Promise, Reflect, Uint8Array};
use shared::id::RoomName;
use shared::keep::{Found, Key, STORE_VERSION, Write};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    EventTarget, IdbDatabase, IdbKeyRange, IdbObjectStore, IdbObjectStoreParameters,
    IdbOpenDbRequest, IdbRequest, IdbTransaction,
};

use crate::browser::window;

/// The one table of the database.
const ENTRIES: &str = "entries";

/// An open database. Each board has its own, so that damage stays with one and forgetting is simple.
pub(crate) struct Store(IdbDatabase);

impl Store {
    /// Opens a board's database, which is made if there is none. Nothing where the browser keeps
    /// nothing, or has one of a later version.
    pub(crate) async fn open(room: &RoomName) -> Option<Self> {
        let factory = window().indexed_db().ok().flatten()?;
        let request = factory.open_with_u32(&name(room), STORE_VERSION).ok()?;
        let opened = request.clone();
        let make = Closure::once_into_js(move || make_table(&opened));
        request.set_onupgradeneeded(Some(make.unchecked_ref()));
        end_of(&request, "success").await?;
        let database: IdbDatabase = request.result().ok()?.unchecked_into();
        let closing = database.clone();
        // Somebody takes the database away: an open page must not stand in the way.
        let close = Closure::once_into_js(move || closing.close());
        database.set_onversionchange(Some(close.unchecked_ref()));
        Some(Self(database))
    }

    /// Reads all entries from a place on.
    pub(crate) async fn read(&self, from: Key, found: &mut Found) -> Option<()> {
        let (transaction, table) = self.begin("readonly", "default").ok()?;
        let range = IdbKeyRange::lower_bound(&JsValue::from(from.0 as f64)).ok()?;
        let keys = table.get_all_keys_with_key(&range).ok()?;
        let values = table.get_all_with_key(&range).ok()?;
        end_of(&transaction, "complete").await?;
        let (keys, values): (Array, Array) =
            (keys.result().ok()?.unchecked_into(), values.result().ok()?.unchecked_into());
        for (key, value) in keys.iter().zip(values.iter()) {
            let Some(key) = key.as_f64() else { continue };
            // What is no bytes at all is as damaged as bytes that say nothing.
            let bytes = value.dyn_ref().map(Uint8Array::to_vec).unwrap_or_default();
            found.read(Key(key as u64), &bytes);
        }
        Some(())
    }

    /// Does all of a write, and tells where the new entries are; or nothing.
    pub(crate) async fn write(&self, write: &Write) -> Option<Vec<Key>> {
        let durability = if write.is_strict { "strict" } else { "relaxed" };
        let (transaction, table) = self.begin("readwrite", durability).ok()?;
        let mut requests: Vec<IdbRequest> = Vec::new();
        for bytes in &write.put {
            requests.push(table.add(&Uint8Array::from(&bytes[..])).ok()?);
        }
        for key in &write.delete {
            table.delete(&JsValue::from(key.0 as f64)).ok()?;
        }
        // By hand, too. What is committed is written even if the page goes now; otherwise it would be undone. A
        // browser that does not know this commits by itself.
        let commit = Reflect::get(&transaction, &"commit".into()).ok()?;
        if let Some(commit) = commit.dyn_ref::<Function>() {
            commit.call0(&transaction).ok();
        }
        end_of(&transaction, "complete").await?;
        let key = |request: IdbRequest| Some(Key(request.result().ok()?.as_f64()? as u64));
        requests.into_iter().map(key).collect()
    }

    /// Begins a transaction. By hand, for the bindings know nothing of durability unless all of the
    /// program is compiled with their unstable parts.
    fn begin(
        &self,
        mode: &str,
        durability: &str,
    ) -> Result<(IdbTransaction, IdbObjectStore), JsValue> {
        let options = Object::new();
        Reflect::set(&options, &"durability".into(), &durability.into())?;
        let begin: Function = Reflect::get(&self.0, &"transaction".into())?.dyn_into()?;
        let transaction = begin.call3(&self.0, &ENTRIES.into(), &mode.into(), &options)?;
        let transaction: IdbTransaction = transaction.unchecked_into();
        let table = transaction.object_store(ENTRIES)?;
        Ok((transaction, table))
    }
}

/// Takes all that is kept of a board away, unless there is unsent work. Pages that have it open keep
/// nothing from then on.
pub(crate) async fn forget(room: &RoomName) -> Option<()> {
    let store = Store::open(room).await?;
    let mut found = Found::default();
    store.read(Key(0), &mut found).await?;
    store.0.close();
    if found.workers().is_empty() {
        window().indexed_db().ok().flatten()?.delete_database(&name(room)).ok()?;
    }
    Some(())
}

fn name(room: &RoomName) -> String {
    format!("tandem {room}")
}

fn make_table(request: &IdbOpenDbRequest) {
    let options = IdbObjectStoreParameters::new();
    options.set_auto_increment(true);
    if let Ok(database) = request.result() {
        let database: IdbDatabase = database.unchecked_into();
        database.create_object_store_with_optional_parameters(ENTRIES, &options).ok();
    }
}

/// Waits until a request or transaction has come to its good end; nothing if it came to another one.
async fn end_of(target: &EventTarget, good: &str) -> Option<()> {
    let end = Promise::new(&mut |resolve, reject| {
        for (event, then) in [(good, &resolve), ("error", &reject), ("abort", &reject)] {
            target.add_event_listener_with_callback(event, then).ok();
        }
    });
    JsFuture::from(end).await.ok().map(drop)
}
