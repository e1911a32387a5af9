//! What shows through as a whole: were its parts painted so one by one, they would show through one another.

use std::cell::OnceCell;

use js_sys::Reflect;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{CanvasRenderingContext2d, OffscreenCanvas};

thread_local! {
    /// As large as the largest that was painted so far.
    static SHEET: OnceCell<Option<(OffscreenCanvas, CanvasRenderingContext2d)>> = const { OnceCell::new() };
}

/// Lets `paint` paint what lies in an area (left, top, right and bottom, in the canvas' own pixels) onto another
/// canvas, on which the area's corner is told to be, and copies it with this opacity.
pub(super) fn paint(
    onto: &CanvasRenderingContext2d,
    [left, top, right, bottom]: [f64; 4],
    opacity: f64,
    paint: impl FnOnce(&CanvasRenderingContext2d, (f64, f64)),
) {
    let canvas = Reflect::get(onto, &"canvas".into()).unwrap_or_default();
    let side = |name: &str| Reflect::get(&canvas, &name.into()).ok().and_then(|it| it.as_f64());
    let (Some(width), Some(height)) = (side("width"), side("height")) else { return };
    let (x, y) = (left.max(0.0).floor(), top.max(0.0).floor());
    let (w, h) = ((right.min(width) - x).ceil(), (bottom.min(height) - y).ceil());
    if !(w > 0.0 && h > 0.0) {
        return;
    }
    SHEET.with(|sheet| {
        let Some((sheet, context)) = sheet.get_or_init(sheet_of_any_size) else { return };
        if f64::from(sheet.width()) < w || f64::from(sheet.height()) < h {
            sheet.set_width(sheet.width().max(w as u32));
            sheet.set_height(sheet.height().max(h as u32));
        }
        context.reset_transform().ok();
        context.clear_rect(0.0, 0.0, w, h);
        paint(context, (x, y));
        onto.reset_transform().ok();
        onto.set_global_alpha(opacity);
        let copied = onto
            .draw_image_with_offscreen_canvas_and_sw_and_sh_and_dx_and_dy_and_dw_and_dh(
                sheet, 0.0, 0.0, w, h, x, y, w, h,
            );
        copied.ok();
    });
}

fn sheet_of_any_size() -> Option<(OffscreenCanvas, CanvasRenderingContext2d)> {
    let canvas = OffscreenCanvas::new(1, 1).ok()?;
    let context: JsValue = canvas.get_context("2d").ok().flatten()?.into();
    // The browser's name for it is another one, and its methods are the same.
    Some((canvas, context.unchecked_into()))
}
