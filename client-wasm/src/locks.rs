//! Names that one page of this browser holds at a time, until it is gone (Web Locks). By hand, for the
//! bindings count them among their unstable parts.

use js_sys::{Function, Object, Promise, Reflect};
use shared::id::{ClientId, RoomName};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use crate::browser::window;
use crate::early;

/// Whether the browser has locks. It has not where the page came over plain http.
pub(crate) fn are_there() -> bool {
    manager().is_some()
}

/// Takes a client id for this page; `false` if another page has it.
pub(crate) async fn take(room: &RoomName, client: ClientId) -> bool {
    let name = name(room, client);
    let options = Object::new();
    Reflect::set(&options, &"ifAvailable".into(), &true.into()).ok();
    let answer = Promise::new(&mut |resolve, _| {
        request(&name, &options, move |is_mine| {
            drop(resolve.call1(&JsValue::NULL, &is_mine.into()));
        });
    });
    JsFuture::from(answer).await.is_ok_and(|is_mine| is_mine.is_truthy())
}

/// Takes a client id for this page as soon as the page that has it is gone, and calls `then`.
pub(crate) fn when_free(room: &RoomName, client: ClientId, then: impl FnOnce() + 'static) {
    request(&name(room, client), &Object::new(), move |_| then());
}

fn name(room: &RoomName, client: ClientId) -> String {
    early::lock_name(room.as_str(), client.value() as f64)
}

/// Calls `then` when this page is the one that stores others' edits: when all that were before are gone.
pub(crate) fn when_keeper(room: &RoomName, then: impl FnOnce() + 'static) {
    request(&format!("tandem {room}"), &Object::new(), move |_| then());
}

/// Asks for a lock. It is never given back: the browser does that when the page is gone.
fn request(name: &str, options: &Object, answer: impl FnOnce(bool) + 'static) {
    let Some(manager) = manager() else { return };
    let granted = Closure::once_into_js(move |lock: JsValue| {
        answer(!lock.is_null());
        if lock.is_null() { lock } else { Promise::new(&mut |_, _| {}).into() }
    });
    let request = Reflect::get(&manager, &"request".into());
    if let Ok(request) = request.and_then(JsCast::dyn_into::<Function>) {
        request.call3(&manager, &name.into(), options, &granted).ok();
    }
}

fn manager() -> Option<JsValue> {
    let manager = Reflect::get(&window().navigator(), &"locks".into()).ok()?;
    manager.is_object().then_some(manager)
}
