//! The canvases: one for the board, one over it for what is in progress and for people.

mod color;
mod drafts;
mod overlay;
mod pictures;

use editor::{Camera, Preview, ScreenSize};
use leptos::prelude::window;
use shared::board::Board;
use shared::geometry::Bounds;
use wasm_bindgen::JsCast;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement};

use crate::shown::Theme;
use pictures::Pictures;

pub(crate) use color::css;
pub(crate) use overlay::{Cursor, Overlay};

/// A canvas with its context, as large as the page and as sharp as the screen.
struct Layer {
    canvas: HtmlCanvasElement,
    context: CanvasRenderingContext2d,
}

/// Paints the board and what lies over it.
pub(crate) struct Painter {
    board: Layer,
    over: Layer,
    pictures: Pictures,
    size: ScreenSize,
    ratio: f64,
    theme: Theme,
}

impl Painter {
    /// A painter on two canvases; `None` if the browser gives no 2D context.
    pub(crate) fn new(
        board: HtmlCanvasElement,
        over: HtmlCanvasElement,
        theme: Theme,
    ) -> Option<Self> {
        let size = ScreenSize { width: 1.0, height: 1.0 };
        let (board, over) = (Layer::new(board)?, Layer::new(over)?);
        Some(Self { board, over, pictures: Pictures::default(), size, ratio: 1.0, theme })
    }

    /// Follows the page's size and the screen's sharpness.
    pub(crate) fn resize(&mut self, size: ScreenSize) {
        self.size = size;
        self.ratio = window().device_pixel_ratio().clamp(0.5, 4.0);
        for layer in [&self.board, &self.over] {
            layer.canvas.set_width((size.width * self.ratio).round().max(1.0) as u32);
            layer.canvas.set_height((size.height * self.ratio).round().max(1.0) as u32);
        }
    }

    /// Switches between light and dark.
    pub(crate) fn set_theme(&mut self, theme: Theme) {
        self.theme = theme;
    }

    /// Paints the elements in view.
    pub(crate) fn paint_board(&mut self, board: &Board, camera: &Camera, preview: &Preview) {
        let context = &self.board.context;
        self.board.clear();
        self.board.look(camera, self.ratio);
        let view = camera.view();
        for element in board.elements() {
            if preview.hidden.contains(&element.id) {
                continue;
            }
            let picture = self.pictures.of(element);
            let moved = preview.displaced.get(&element.id).copied().unwrap_or_default();
            if !is_seen(picture.bounds(), moved, view, camera.zoom()) {
                continue;
            }
            let opacity = if preview.dimmed.contains(&element.id) { 0.25 } else { 1.0 };
            picture.paint(context, moved, opacity, self.theme);
        }
        self.pictures.forget_gone(board);
    }

    /// Paints what lies over the board.
    pub(crate) fn paint_overlay(&self, overlay: &Overlay<'_>, camera: &Camera) {
        self.over.clear();
        self.over.look(camera, self.ratio);
        drafts::paint(&self.over.context, overlay.drafts(), self.theme);
        self.over.look_at_screen(self.ratio);
        overlay.paint(&self.over.context, camera, self.theme);
    }

    /// How wide `text` is in CSS pixels with a CSS font.
    pub(crate) fn measure(&self, font: &str, text: &str) -> f64 {
        self.over.context.set_font(font);
        self.over.context.measure_text(text).map_or(0.0, |metrics| metrics.width())
    }
}

/// Whether something with these bounds, moved, is in view and at least a speck on the screen.
fn is_seen(bounds: Bounds, (dx, dy): (f64, f64), view: Bounds, zoom: f64) -> bool {
    let moved =
        Bounds { x0: bounds.x0 + dx, y0: bounds.y0 + dy, x1: bounds.x1 + dx, y1: bounds.y1 + dy };
    let size = bounds.width().max(bounds.height()) * zoom;
    size > 0.2 && moved.intersects(view)
}

impl Layer {
    fn new(canvas: HtmlCanvasElement) -> Option<Self> {
        let context = canvas.get_context("2d").ok().flatten()?.dyn_into().ok()?;
        Some(Self { canvas, context })
    }

    fn clear(&self) {
        self.context.reset_transform().ok();
        let (width, height) = (self.canvas.width().into(), self.canvas.height().into());
        self.context.clear_rect(0.0, 0.0, width, height);
    }

    /// From here on, numbers are board units.
    fn look(&self, camera: &Camera, ratio: f64) {
        let zoom = camera.zoom() * ratio;
        let origin = camera.to_screen(shared::geometry::BoardPoint::default());
        let (x, y) = (origin.x * ratio, origin.y * ratio);
        self.context.set_transform(zoom, 0.0, 0.0, zoom, x, y).ok();
    }

    /// From here on, numbers are CSS pixels.
    fn look_at_screen(&self, ratio: f64) {
        self.context.set_transform(ratio, 0.0, 0.0, ratio, 0.0, 0.0).ok();
    }
}
