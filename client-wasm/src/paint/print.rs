//! Elements on a canvas of their own, painted as the board is.

use std::collections::HashSet;

use scene::Index;
use shared::geometry::Bounds;
use shared::id::ElementId;
use wasm_bindgen::JsCast;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement};

use super::brush::Brush;
use super::layer::Look;
use super::overlay::paper;
use super::pictures::Pictures;
use super::stage::{Stage, Touched};
use super::wets::Wets;
use crate::shown::Theme;

/// Canvases with a longer side, or more pixels, are no use in all browsers.
const SIDE_MAX: f64 = 16_384.0;
const PIXELS_MAX: f64 = 64e6;

/// What is painted, and how.
pub(crate) struct Print {
    /// The part of the board.
    pub(crate) area: Bounds,
    /// The elements of it that are meant; all that are there if `None`.
    pub(crate) only: Option<HashSet<ElementId>>,
    /// The canvas' own pixels for each board unit.
    pub(crate) scale: f64,
    /// Whose colors.
    pub(crate) theme: Theme,
    /// Whether the page's color lies behind it.
    pub(crate) has_background: bool,
}

impl Print {
    /// Width and height in pixels, and whether a canvas can be so large.
    pub(crate) fn size(&self) -> (u32, u32, bool) {
        let pixels = |length: f64| (length * self.scale).ceil().max(1.0);
        let (w, h) = (pixels(self.area.width()), pixels(self.area.height()));
        (w as u32, h as u32, w.max(h) <= SIDE_MAX && w * h <= PIXELS_MAX)
    }

    /// Paints it. Whether the browser could.
    pub(crate) fn paint(&self, index: &Index, canvas: &HtmlCanvasElement) -> bool {
        let (w, h, true) = self.size() else { return false };
        canvas.set_width(w);
        canvas.set_height(h);
        let Ok(Some(context)) = canvas.get_context("2d") else { return false };
        let context: CanvasRenderingContext2d = context.unchecked_into();
        if self.has_background {
            context.set_fill_style_str(paper(self.theme));
            context.fill_rect(0.0, 0.0, w.into(), h.into());
        }
        let look = Look::at(self.area, self.scale);
        let mut brush = Brush::new(&context, look, self.theme).printing();
        let mut pictures = Pictures::default();
        let stage = Stage { index, touched: &Touched::default(), wets: &Wets::default() };
        for slot in stage.slots_in(self.area) {
            let is_meant = |id: &ElementId| self.only.as_ref().is_none_or(|only| only.contains(id));
            if index.at(slot).is_some_and(|placed| is_meant(&placed.element.id)) {
                stage.paint(slot, self.area, 1.0 / self.scale, &mut brush, &mut pictures);
            }
        }
        true
    }
}
