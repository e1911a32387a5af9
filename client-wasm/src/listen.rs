//! The browser's events, turned into the editor's inputs.

mod events;

use std::cell::Cell;
use std::rc::Rc;

use editor::{Command, Input, Pointer, PointerKind, ScreenPoint, ScreenSize};
use gloo_events::{EventListener, EventListenerOptions};
use js_sys::Reflect;
use wasm_bindgen::JsCast;
use web_sys::{
    ClipboardEvent, DragEvent, Event, EventTarget, HtmlElement, KeyboardEvent, MouseEvent,
    PointerEvent, WheelEvent,
};

use crate::browser::{document, window};
use crate::desk::{Desk, Handle};
use crate::panels::listed;
use crate::shown::{Action, Shown};
use events::{ExactPointer, GestureEvent, is_for_field, key_press, pointer, samples, screen_point};

/// Pixels of a line and of a page, for wheels that count those.
const LINE_PX: f64 = 40.0;
const PAGE_PX: f64 = 800.0;
/// By so many pixels a wheel zooms by a factor of e.
const WHEEL_PER_E: f64 = 100.0;
/// The button that draws, as the browser numbers it.
const MAIN_BUTTON: i16 = 0;
const MENU_BUTTON: i16 = 2;

/// Listens for as long as the page lives.
pub(crate) fn listen(
    handle: &Handle,
    canvas: &HtmlElement,
    text_field: &EventTarget,
    shown: Shown,
) {
    listen_to_pointers(handle, canvas);
    listen_to_wheel(handle, canvas);
    listen_to_wheel(handle, text_field);
    keep_the_page_from_zooming();
    listen_to_gestures(handle);
    listen_to_keys(handle);
    listen_to_clipboard(handle);
    listen_to_drops(handle, shown);
    listen_to_page(handle, canvas);
    listen_to_fonts(handle);
}

/// Calls `then` for each event of a kind; `then` may keep the browser from acting on it.
fn on<E: JsCast>(target: &EventTarget, kind: &'static str, then: impl Fn(&E) + 'static) {
    let options = EventListenerOptions::enable_prevent_default();
    EventListener::new_with_options(target, kind, options, move |event: &Event| {
        if let Some(event) = event.dyn_ref::<E>() {
            then(event);
        }
    })
    .forget();
}

fn listen_to_pointers(handle: &Handle, canvas: &HtmlElement) {
    let (to, target) = (handle.clone(), canvas.clone());
    on(canvas, "pointerdown", move |event: &PointerEvent| {
        // The canvas keeps hearing the pointer when it leaves the window.
        target.set_pointer_capture(event.pointer_id()).ok();
        let mut pointer = pointer(event);
        if event.default_prevented() && pointer.button == MAIN_BUTTON {
            // It closed something that was open.
            pointer.button = Pointer::NO_BUTTON;
        }
        to.input(Input::Down(pointer));
    });
    // A press on the canvas must not take the focus from a text field or a menu that it opens.
    on(canvas, "mousedown", |event: &MouseEvent| {
        event.prevent_default();
        if let Some(focused) =
            document().active_element().and_then(|e| e.dyn_into::<HtmlElement>().ok())
            && !focused.has_attribute("data-text-field")
            && event.button() != MENU_BUTTON
        {
            focused.blur().ok();
        }
    });
    let to = handle.clone();
    on(canvas, "pointermove", move |event: &PointerEvent| {
        let pointer = pointer(event);
        let exact: &ExactPointer = event.unchecked_ref();
        let (mut passed, mut expected) = (Vec::new(), Vec::new());
        if event.buttons() != 0 {
            let is_pen = pointer.kind == PointerKind::Pen;
            passed = samples(exact.coalesced(), is_pen);
            expected = samples(exact.predicted(), is_pen);
        }
        if passed.is_empty() {
            passed.push(pointer.sample);
        }
        to.with(move |desk| {
            desk.input(Input::Move(pointer, passed));
            desk.expect(&expected);
            desk.hurry();
        });
    });
    let to = handle.clone();
    on(canvas, "pointerup", move |event: &PointerEvent| {
        let pointer = pointer(event);
        to.input(Input::Up(pointer));
    });
    let to = handle.clone();
    on(canvas, "pointercancel", move |event: &PointerEvent| {
        let id = event.pointer_id();
        to.input(Input::Cancel(id));
    });
    let to = handle.clone();
    on(canvas, "pointerleave", move |_: &PointerEvent| {
        to.input(Input::Leave);
    });
    let to = handle.clone();
    on(canvas, "dblclick", move |event: &MouseEvent| {
        let at = screen_point(event);
        to.input(Input::DoubleClick(at));
    });
    on(canvas, "contextmenu", |event: &MouseEvent| event.prevent_default());
    // Safari and old phones would scroll or zoom the page.
    on(canvas, "touchstart", |event: &Event| event.prevent_default());
}

fn listen_to_wheel(handle: &Handle, target: &EventTarget) {
    let to = handle.clone();
    on(target, "wheel", move |event: &WheelEvent| {
        event.prevent_default();
        let unit = match event.delta_mode() {
            WheelEvent::DOM_DELTA_LINE => LINE_PX,
            WheelEvent::DOM_DELTA_PAGE => PAGE_PX,
            _ => 1.0,
        };
        let (mut dx, mut dy) = (event.delta_x() * unit, event.delta_y() * unit);
        if event.shift_key() && dx == 0.0 {
            (dx, dy) = (dy, 0.0);
        }
        let is_zoom = event.ctrl_key() || event.meta_key();
        let at = screen_point(event);
        to.input(Input::Wheel { at, dx, dy, is_zoom });
    });
}

/// Ctrl+wheel beside the canvas would zoom the page itself.
fn keep_the_page_from_zooming() {
    on(&document(), "wheel", |event: &WheelEvent| {
        if event.ctrl_key() {
            event.prevent_default();
        }
    });
}

/// Safari tells of pinches on a trackpad by events of its own, and would zoom the page. It tells of those of
/// fingers, too, which the board hears of as pointers.
fn listen_to_gestures(handle: &Handle) {
    let spread = Rc::new(Cell::new(1.0));
    for kind in ["gesturestart", "gesturechange"] {
        let (to, spread) = (handle.clone(), Rc::clone(&spread));
        on(&document(), kind, move |event: &Event| {
            event.prevent_default();
            let event: &GestureEvent = event.unchecked_ref();
            let grown = event.scale() / spread.replace(event.scale());
            let at = ScreenPoint::new(event.x(), event.y());
            let is_touch = to.ask(|desk| desk.editor().is_busy()).unwrap_or(true);
            if kind == "gesturechange" && !is_touch && grown.is_finite() && grown > 0.0 {
                let dy = -WHEEL_PER_E * grown.ln();
                to.input(Input::Wheel { at, dx: 0.0, dy, is_zoom: true });
            }
        });
    }
}

fn listen_to_keys(handle: &Handle) {
    let to = handle.clone();
    on(&window(), "keydown", move |event: &KeyboardEvent| {
        if event.is_composing() || is_for_field(event) {
            return;
        }
        let press = key_press(event);
        if press.key == "Tab"
            && document().active_element().is_some_and(|it| it.tag_name() != "BODY")
        {
            // It goes on from there to the next button.
            return;
        }
        let is_handled = to.ask(move |desk| desk.input(Input::KeyDown(press)));
        if is_handled == Some(true) {
            event.prevent_default();
        }
    });
    let to = handle.clone();
    on(&window(), "keyup", move |event: &KeyboardEvent| {
        let press = key_press(event);
        to.input(Input::KeyUp(press));
    });
}

fn listen_to_clipboard(handle: &Handle) {
    for kind in ["copy", "cut"] {
        let to = handle.clone();
        on(&document(), kind, move |event: &ClipboardEvent| {
            let Some(data) = event.clipboard_data().filter(|_| !is_for_field(event)) else {
                return;
            };
            let is_cut = kind == "cut";
            let Some(text) = to.copied(is_cut) else { return };
            event.prevent_default();
            if data.set_data("text/plain", &text).is_ok() && is_cut {
                to.input(Input::Command(Command::Delete));
            }
        });
    }
    let to = handle.clone();
    on(&document(), "paste", move |event: &ClipboardEvent| {
        let data = event.clipboard_data().filter(|_| !is_for_field(event));
        let Some(data) = data else { return };
        let text = data.get_data("text/plain").unwrap_or_default();
        let files = listed(data.files().as_ref());
        if !text.is_empty() || !files.is_empty() {
            event.prevent_default();
        }
        if !text.is_empty() {
            to.paste(text);
        } else if !files.is_empty() {
            to.act(Action::Import(files, None));
        }
    });
}

fn listen_to_drops(handle: &Handle, shown: Shown) {
    // Entering a child of the page is reported before leaving its parent: count both.
    let depth = Rc::new(Cell::new(0));
    let entered = Rc::clone(&depth);
    on(&document(), "dragenter", move |event: &DragEvent| {
        event.prevent_default();
        entered.set(entered.get() + 1);
        shown.is_dropping.set(true);
    });
    let left = Rc::clone(&depth);
    on(&document(), "dragleave", move |_: &DragEvent| {
        left.set(left.get() - 1);
        if left.get() <= 0 {
            shown.is_dropping.set(false);
        }
    });
    on(&document(), "dragover", |event: &DragEvent| event.prevent_default());
    let to = handle.clone();
    on(&document(), "drop", move |event: &DragEvent| {
        event.prevent_default();
        depth.set(0);
        shown.is_dropping.set(false);
        let files = event.data_transfer().and_then(|data| data.files());
        to.act(Action::Import(listed(files.as_ref()), Some(screen_point(event))));
    });
}

/// Letters that were painted before their font was there are painted anew.
fn listen_to_fonts(handle: &Handle) {
    let to = handle.clone();
    if let Ok(fonts) = Reflect::get(&document(), &"fonts".into()) {
        on(fonts.unchecked_ref(), "loadingdone", move |_: &Event| {
            to.with(Desk::renew_letters);
        });
    }
}

fn listen_to_page(handle: &Handle, canvas: &HtmlElement) {
    let (to, target) = (handle.clone(), canvas.clone());
    let resize = move || {
        let rect = target.get_bounding_client_rect();
        let size = ScreenSize { width: rect.width(), height: rect.height() };
        to.with(move |desk| desk.resize(size));
    };
    resize();
    on(&window(), "resize", move |_: &Event| resize());
    if let Some(seen) = window().visual_viewport() {
        // The keyboard of a phone came or went.
        let to = handle.clone();
        on(&seen, "resize", move |_: &Event| to.with(Desk::keep_text_in_view));
    }
    let to = handle.clone();
    on(&window(), "online", move |_: &Event| to.connect());
    let to = handle.clone();
    on(&document(), "visibilitychange", move |_: &Event| {
        let is_hidden = document().hidden();
        to.with(move |desk| desk.handle_hidden(is_hidden));
        if !is_hidden {
            to.connect();
        }
    });
    let to = handle.clone();
    on(&window(), "pagehide", move |_: &Event| {
        to.ask(|desk| {
            desk.remember_view();
            desk.write_the_rest();
        });
    });
    let to = handle.clone();
    on(&window(), "beforeunload", move |event: &Event| {
        // Leaving with work that is not saved asks first.
        if to.ask(|desk| desk.may_go()) == Some(false) {
            event.prevent_default();
        }
    });
}
