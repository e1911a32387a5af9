//! A canvas with its context, and how the board lies on it.

use editor::Camera;
use shared::geometry::{BoardPoint, Bounds};
use wasm_bindgen::JsCast;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement};

/// A canvas with its context.
pub(super) struct Layer {
    pub(super) canvas: HtmlCanvasElement,
    pub(super) context: CanvasRenderingContext2d,
}

/// How the board lies on a canvas: the canvas' own pixels for each board unit, and where its origin is.
#[derive(Clone, Copy, PartialEq)]
pub(super) struct Look {
    pub(super) scale: f64,
    pub(super) x: f64,
    pub(super) y: f64,
}

impl Look {
    /// As the screen shows it. The board's origin is on a whole pixel, so that a picture that was painted
    /// once is as sharp wherever it is panned to.
    pub(super) fn of(camera: &Camera, ratio: f64) -> Self {
        let origin = camera.to_screen(BoardPoint::default());
        let (x, y) = ((origin.x * ratio).round(), (origin.y * ratio).round());
        Self { scale: camera.zoom() * ratio, x, y }
    }

    /// With the corner of `area` at the canvas' own.
    pub(super) fn at(area: Bounds, scale: f64) -> Self {
        Self { scale, x: -area.x0 * scale, y: -area.y0 * scale }
    }
}

impl Layer {
    pub(super) fn new(canvas: HtmlCanvasElement) -> Option<Self> {
        let context = canvas.get_context("2d").ok().flatten()?.dyn_into().ok()?;
        Some(Self { canvas, context })
    }

    /// Empties it, if it has this size; otherwise gives it this size, which empties it too.
    pub(super) fn clear(&self, width: u32, height: u32) {
        if (self.canvas.width(), self.canvas.height()) == (width, height) {
            self.context.reset_transform().ok();
            self.context.clear_rect(0.0, 0.0, width.into(), height.into());
        } else {
            self.canvas.set_width(width);
            self.canvas.set_height(height);
        }
    }

    /// From here on, numbers are CSS pixels.
    pub(super) fn look_at_screen(&self, ratio: f64) {
        self.context.set_transform(ratio, 0.0, 0.0, ratio, 0.0, 0.0).ok();
    }
}
