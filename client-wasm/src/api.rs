//! `window.tandem`: the board for programs and tests in the page.

use editor::{Input, Tool};
use js_sys::{Array, Function, Object, Promise, Reflect};
use leptos::prelude::window;
use serde_json::{Value, json};
use shared::geometry::BoardPoint;
use shared::json::elements_json;
use shared::keep::Keep;
use wasm_bindgen::prelude::*;

use crate::desk::{Desk, Handle};

/// Puts `window.tandem` in place.
pub(crate) fn expose(handle: &Handle) {
    let tandem = Object::new();
    put(&tandem, "ready", &promise(handle, Desk::when_ready));
    method(&tandem, handle, "elements", |handle, _| {
        handle.ask(|desk| {
            let elements = elements_json(desk.board().elements().map(AsRef::as_ref));
            script_value(&elements["elements"])
        })
    });
    method(&tandem, handle, "importExcalidraw", |handle, text| {
        let text = text.as_string().unwrap_or_default();
        handle.ask(move |desk| match desk.import(&text) {
            Ok(imported) => script_value(
                &json!({ "imported": imported.n_elements, "skipped": imported.skipped }),
            ),
            Err(error) => script_value(&json!({ "error": error.to_string() })),
        })
    });
    method(&tandem, handle, "camera", |handle, _| {
        handle.ask(|desk| {
            let camera = desk.editor().camera();
            let (center, zoom) = (camera.center(), camera.zoom());
            script_value(&json!({ "x": center.x, "y": center.y, "zoom": zoom }))
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
            let stats = json!({
                "elements": desk.board().n_elements(),
                "members": session.members().len().max(1),
                "unsaved": desk.n_unsaved(),
                "kept": session.keep().is_some_and(Keep::is_all_stored),
                "rttMs": session.rtt().map(|rtt| rtt.as_millis() as u64),
                "connection": session.connection().word(),
            });
            script_value(&stats)
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

/// A value as scripts have it. Not by way of text, for writing numbers takes code that nothing else in
/// the page needs.
fn script_value(value: &Value) -> JsValue {
    match value {
        Value::Null => JsValue::NULL,
        Value::Bool(flag) => (*flag).into(),
        Value::Number(number) => number.as_f64().into(),
        Value::String(text) => text.into(),
        Value::Array(items) => items.iter().map(script_value).collect::<Array>().into(),
        Value::Object(fields) => {
            let object = Object::new();
            for (name, field) in fields {
                put(&object, name, &script_value(field));
            }
            object.into()
        }
    }
}
