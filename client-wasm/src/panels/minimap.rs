//! The map of the whole board: a picture that the desk paints while the board rests, and a frame around
//! what is in view.

use wasm_bindgen::JsCast;
use web_sys::{Element, Event, PointerEvent};

use super::part::Part;
use crate::shown::{Act, Action};

/// The map. A press or drag looks there.
pub(crate) fn minimap(act: Act) -> Part {
    let map = Part::html(
        "<div class='minimap card' data-testid='minimap' aria-label='Map of the board'>\
         <canvas></canvas><i></i>",
    );
    let element: Element = map.as_element();
    let target = element.clone();
    map.on("pointerdown", move |event| {
        if let Some(event) = event.dyn_ref::<PointerEvent>() {
            target.set_pointer_capture(event.pointer_id()).ok();
        }
        look(event, &target, act);
    })
    .on("pointermove", move |event| look(event, &element, act))
}

fn look(event: &Event, map: &Element, act: Act) {
    let Some(event) = event.dyn_ref::<PointerEvent>().filter(|event| event.buttons() == 1) else {
        return;
    };
    let place = map.get_bounding_client_rect();
    let part = |at: i32, from: f64, size: f64| (f64::from(at) - from) / size.max(1.0);
    let x = part(event.client_x(), place.x(), place.width());
    act.run(Action::LookAt(x, part(event.client_y(), place.y(), place.height())));
}
