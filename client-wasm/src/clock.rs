//! The time, the chance and the link that only the browser knows.

use shared::id::RoomName;
use shared::time::Time;
use wasm_bindgen::prelude::*;

use crate::browser::window;

/// Milliseconds since the page was opened.
pub(crate) fn now() -> Time {
    Time(exact_ms() as u64)
}

#[wasm_bindgen]
extern "C" {
    /// The same with its parts, for what takes less than one.
    #[wasm_bindgen(js_namespace = performance, js_name = now)]
    pub(crate) safe fn exact_ms() -> f64;
}

/// A seed that no other page load has.
pub(crate) fn seed() -> u64 {
    let part = || (js_sys::Math::random() * f64::from(u32::MAX)) as u64;
    (part() << 32) ^ part() ^ js_sys::Date::now() as u64
}

/// The link that others open to come to a room.
pub(crate) fn link(room: &RoomName) -> String {
    format!("{}/b/{room}", window().location().origin().unwrap_or_default())
}
