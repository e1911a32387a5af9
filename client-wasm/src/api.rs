//! `window.tandem`: the board for programs and tests in the page.

use editor::{Input, Tool, Whereto};
use js_sys::{Array, Function, Object, Promise, Reflect};
use shared::excalidraw::Skipped;
use shared::geometry::BoardPoint;
use shared::json::{Json, element_json};
use shared::keep::Keep;
use wasm_bindgen::prelude::*;

use crate::browser::window;
use crate::desk::{Desk, Handle, Imported, has_pictures, unpack};

/// Puts `window.tandem` in place.
pub(crate) fn expose(handle: &Handle) {
    let tandem = Object::new();
    put(&tandem, "ready", &promise(handle, Desk::when_ready));
    method(&tandem, handle, "elements", |handle, _| handle.ask(|desk| elements(desk)));
    method(&tandem, handle, "importExcalidraw", |handle, text| {
        let text = text.as_string().unwrap_or_default();
        if handle.ask(|desk| desk.has_files())? && !has_pictures(&text) {
            return handle.ask(move |desk| import(desk, &text));
        }
        // What reads it has to be loaded first, or its pictures are to be read.
        let promise = Promise::new(&mut |resolve, _| {
            let import = move |desk: &mut Desk, text: String| {
                // Fails only if what waits for it does, and that is not ours.
                resolve.call1(&JsValue::NULL, &import(desk, &text)).ok();
            };
            unpack(handle, text.clone(), Box::new(import));
        });
        Some(promise.into())
    });
    method(&tandem, handle, "camera", |handle, _| {
        handle.ask(|desk| {
            let camera = desk.editor().camera();
            let (center, zoom) = (camera.center(), camera.zoom());
            object([("x", center.x.into()), ("y", center.y.into()), ("zoom", zoom.into())])
        })
    });
    method(&tandem, handle, "setCamera", |handle, to| {
        let number = |name: &str| {
            Reflect::get(&to, &name.into()).ok().and_then(|v| v.as_f64()).unwrap_or(f64::NAN)
        };
        let (x, y, zoom) = (number("x"), number("y"), number("zoom"));
        handle.ask(move |desk| {
            desk.look(|camera| {
                let center = camera.center();
                let or = |v: f64, old: f64| if v.is_nan() { old } else { v };
                camera.look_at(BoardPoint::new(or(x, center.x), or(y, center.y)), zoom);
            });
            JsValue::UNDEFINED
        })
    });
    method(&tandem, handle, "zoomToFit", |handle, _| {
        handle.ask(|desk| {
            desk.input(Input::Command(editor::Command::ZoomToFit));
            JsValue::UNDEFINED
        })
    });
    method(&tandem, handle, "setTool", |handle, name| {
        let tool = Tool::named(&name.as_string().unwrap_or_default());
        handle.ask(move |desk| {
            if let Some(tool) = tool {
                desk.input(Input::Pick(tool));
            }
            JsValue::from(tool.is_some())
        })
    });
    method(&tandem, handle, "painted", |handle, _| {
        Some(promise(handle, Desk::when_painted).into())
    });
    method(&tandem, handle, "stats", |handle, _| {
        handle.ask(|desk| {
            let session = desk.session();
            let rtt = session.rtt().map(|rtt| f64::from(rtt.as_millis() as u32));
            object([
                ("elements", desk.board().n_elements().into()),
                ("members", session.members().len().max(1).into()),
                ("unsaved", desk.n_unsaved().into()),
                ("kept", session.keep().is_some_and(Keep::is_all_stored).into()),
                ("rttMs", rtt.map_or(JsValue::NULL, Into::into)),
                ("connection", session.connection().word().into()),
            ])
        })
    });
    put(&window(), "tandem", &tandem);
}

/// A promise that the desk resolves.
fn promise(handle: &Handle, when: fn(&mut Desk, Function)) -> Promise {
    Promise::new(&mut |resolve, _| {
        handle.with(move |desk| when(desk, resolve));
    })
}

fn method(
    tandem: &Object,
    handle: &Handle,
    name: &str,
    call: impl Fn(&Handle, JsValue) -> Option<JsValue> + 'static,
) {
    let handle = handle.clone();
    let function = Closure::<dyn Fn(JsValue) -> JsValue>::new(move |argument| {
        call(&handle, argument).unwrap_or(JsValue::UNDEFINED)
    });
    put(tandem, name, &function.into_js_value());
}

fn put(object: &JsValue, name: &str, value: &JsValue) {
    // Fails only for frozen objects, and these are not.
    Reflect::set(object, &name.into(), value).ok();
}

// Of its own, so that it comes later.
#[inline(never)]
fn elements(desk: &Desk) -> JsValue {
    let elements = desk.board().elements().map(|it| script_value(element_json(it)));
    elements.collect::<Array>().into()
}

/// Imports a drawing, and tells what came of it.
fn import(desk: &mut Desk, text: &str) -> JsValue {
    match desk.import(text, Whereto::AsDrawn) {
        Ok(Imported { n_elements, skipped }) => {
            let skipped = skipped.iter();
            let skipped = skipped.map(|Skipped { id, reason }| {
                object([("id", id.into()), ("reason", reason.into())])
            });
            let skipped: Array = skipped.collect();
            object([("imported", n_elements.into()), ("skipped", skipped.into())])
        }
        Err(error) => object([("error", error.into())]),
    }
}

fn object<'a>(fields: impl IntoIterator<Item = (&'a str, JsValue)>) -> JsValue {
    let object = Object::new();
    for (name, field) in fields {
        put(&object, name, &field);
    }
    object.into()
}

/// A value as scripts have it. Not by way of text, for writing numbers takes code that nothing else in
/// the page needs.
fn script_value(value: Json) -> JsValue {
    match value {
        Json::Flag(flag) => flag.into(),
        Json::Whole(number) => number.into(),
        Json::Number(number) => number.into(),
        Json::Text(text) => text.into(),
        Json::List(items) => items.into_iter().map(script_value).collect::<Array>().into(),
        Json::Fields(fields) => {
            object(fields.into_iter().map(|(name, field)| (name, script_value(field))))
        }
    }
}
