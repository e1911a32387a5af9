//! Where a tile is painted, and where its picture is then shown.
//!
//! They are two things because a canvas that can be painted on is handed to the screen anew in each frame,
//! whether it changed or not, and that costs as much as copying it. A picture that only hangs there does not.

use editor::TILE_PX;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{
    CanvasRenderingContext2d, HtmlCanvasElement, ImageBitmapRenderingContext, OffscreenCanvas,
};

use crate::browser::document;

/// As large as a tile, to be painted on.
pub(super) struct Sheet {
    canvas: OffscreenCanvas,
    /// The browser's name for it is another one, and its methods are the same.
    pub(super) context: CanvasRenderingContext2d,
}

/// A finished picture on the page.
pub(super) struct Hung {
    pub(super) canvas: HtmlCanvasElement,
    context: ImageBitmapRenderingContext,
}

impl Sheet {
    /// An empty one; `None` if the browser has none.
    pub(super) fn new() -> Option<Self> {
        Self::of(TILE_PX, TILE_PX)
    }

    /// One of another size.
    pub(super) fn of(width: u32, height: u32) -> Option<Self> {
        let canvas = OffscreenCanvas::new(width, height).ok()?;
        let context: JsValue = canvas.get_context("2d").ok().flatten()?.into();
        Some(Self { canvas, context: context.unchecked_into() })
    }

    /// Empties it.
    pub(super) fn clear(&self) {
        self.context.reset_transform().ok();
        self.context.clear_rect(0.0, 0.0, TILE_PX.into(), TILE_PX.into());
    }

    /// Has the browser turn all that it was told of another sheet into pixels. This one is empty then.
    pub(super) fn flush(&self, other: &Self) {
        // Whatever is copied has to be there.
        other.paint([1.0; 2], &self.context, (0.0, 0.0));
        self.clear();
    }

    /// Paints its upper left corner, so wide and high, in whole pixels onto another canvas.
    pub(super) fn paint(
        &self,
        [width, height]: [f64; 2],
        onto: &CanvasRenderingContext2d,
        (x, y): (f64, f64),
    ) {
        let painted = onto
            .draw_image_with_offscreen_canvas_and_sw_and_sh_and_dx_and_dy_and_dw_and_dh(
                &self.canvas,
                0.0,
                0.0,
                width,
                height,
                x,
                y,
                width,
                height,
            );
        painted.ok();
    }

    /// Makes a canvas as large as it is and look the same.
    pub(super) fn show(&self, on: &HtmlCanvasElement) {
        on.set_width(self.canvas.width());
        on.set_height(self.canvas.height());
        let context = on.get_context("2d").ok().flatten();
        if let Some(context) = context.and_then(|it| it.dyn_into().ok()) {
            let size = [self.canvas.width(), self.canvas.height()].map(f64::from);
            self.paint(size, &context, (0.0, 0.0));
        }
    }

    /// Makes it look like a picture.
    pub(super) fn copy(&self, of: &Hung) {
        self.clear();
        self.context.draw_image_with_html_canvas_element(&of.canvas, 0.0, 0.0).ok();
    }

    /// Moves what is painted on it to a picture; the sheet is empty then.
    pub(super) fn hang(&self, onto: &Hung) {
        if let Ok(bitmap) = self.canvas.transfer_to_image_bitmap() {
            onto.context.transfer_from_image_bitmap(&bitmap);
        }
    }
}

impl Drop for Hung {
    fn drop(&mut self) {
        self.canvas.remove();
        // Its memory goes now, not when the browser looks for what nobody has any more.
        self.canvas.set_width(0);
    }
}

impl Hung {
    /// An empty one; `None` if the browser has none.
    pub(super) fn new() -> Option<Self> {
        let canvas: HtmlCanvasElement = document().create_element("canvas").ok()?.unchecked_into();
        canvas.set_width(TILE_PX);
        canvas.set_height(TILE_PX);
        let context = canvas.get_context("bitmaprenderer").ok().flatten()?;
        Some(Self { canvas, context: context.unchecked_into() })
    }
}
