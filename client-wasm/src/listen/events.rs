//! What the browser's events say, in the editor's words.

use editor::{KeyPress, Modifiers, Pointer, PointerKind, Sample, ScreenPoint};
use wasm_bindgen::prelude::*;
use web_sys::{Event, HtmlElement, KeyboardEvent, MouseEvent, PointerEvent};

use crate::clock;

/// What a pointer does, where and with which keys held.
pub(super) fn pointer(event: &PointerEvent) -> Pointer {
    let kind = match event.pointer_type().as_str() {
        "touch" => PointerKind::Touch,
        "pen" => PointerKind::Pen,
        _ => PointerKind::Mouse,
    };
    Pointer {
        id: event.pointer_id(),
        kind,
        button: event.button(),
        sample: sample(event, kind == PointerKind::Pen),
        modifiers: Modifiers {
            shift: event.shift_key(),
            ctrl: event.ctrl_key() || event.meta_key(),
            alt: event.alt_key(),
        },
        now: clock::now(),
    }
}

/// The places in a list of events that came with another one; none if the browser has no such list.
pub(super) fn samples(listed: Result<js_sys::Array, JsValue>, is_pen: bool) -> Vec<Sample> {
    let listed = listed.unwrap_or_default();
    listed.iter().map(|it| sample(it.unchecked_ref(), is_pen)).collect()
}

fn sample(event: &PointerEvent, is_pen: bool) -> Sample {
    let pressure = if is_pen { event.pressure() } else { 0.0 };
    let pressure = if pressure > 0.0 { pressure } else { shared::ink::NO_PRESSURE };
    Sample { at: screen_point(event), pressure }
}

/// Where on the canvas it happened, between pixels too.
pub(super) fn screen_point(event: &MouseEvent) -> ScreenPoint {
    let exact: &ExactPointer = event.unchecked_ref();
    ScreenPoint::new(exact.x(), exact.y())
}

#[wasm_bindgen]
extern "C" {
    /// An event as browsers have it: the bindings round its place, and take for granted what some lack.
    pub(super) type ExactPointer;

    #[wasm_bindgen(method, getter, js_name = clientX)]
    pub(super) fn x(this: &ExactPointer) -> f64;

    #[wasm_bindgen(method, getter, js_name = clientY)]
    pub(super) fn y(this: &ExactPointer) -> f64;

    /// Of Safari's own; the bindings do not know it.
    pub(super) type GestureEvent;

    /// How far apart the fingers are, as a multiple of how far they were at first.
    #[wasm_bindgen(method, getter)]
    pub(super) fn scale(this: &GestureEvent) -> f64;

    #[wasm_bindgen(method, getter, js_name = clientX)]
    pub(super) fn x(this: &GestureEvent) -> f64;

    #[wasm_bindgen(method, getter, js_name = clientY)]
    pub(super) fn y(this: &GestureEvent) -> f64;

    #[wasm_bindgen(method, catch, js_name = getCoalescedEvents)]
    pub(super) fn coalesced(this: &ExactPointer) -> Result<js_sys::Array, JsValue>;

    #[wasm_bindgen(method, catch, js_name = getPredictedEvents)]
    pub(super) fn predicted(this: &ExactPointer) -> Result<js_sys::Array, JsValue>;
}

/// The key, by what it writes and by its place on the keyboard.
pub(super) fn key_press(event: &KeyboardEvent) -> KeyPress {
    KeyPress {
        key: event.key(),
        code: event.code(),
        modifiers: Modifiers {
            shift: event.shift_key(),
            ctrl: event.ctrl_key() || event.meta_key(),
            alt: event.alt_key(),
        },
    }
}

/// Whether an event is for a field of the page.
pub(super) fn is_for_field(event: &Event) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<HtmlElement>().ok());
    target.is_some_and(|element| {
        element.is_content_editable()
            || matches!(element.tag_name().as_str(), "INPUT" | "TEXTAREA" | "SELECT")
    })
}
