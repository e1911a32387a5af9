//! The stroke that is being drawn. What is certain of it is painted into the tiles, a piece at a time; its
//! end, which changes with every point, is on a canvas of its own that is hardly larger than that.
//!
//! A canvas as large as the page would have to be copied to the screen with every point.

use editor::FlowingInk;
use scene::{InkFlow, InkPiece};
use shared::color::Color;
use shared::geometry::{BoardPoint, Bounds};
use shared::id::ElementId;
use web_sys::{HtmlCanvasElement, Path2d};

use super::brush::Brush;
use super::color::css;
use super::layer::{Layer, Look};
use super::pictures::browser_path;
use crate::numeral::px;
use crate::shown::Theme;

/// The end's canvas has sides of a multiple of so many of the screen's own pixels.
const GRAIN: f64 = 128.0;

/// A stroke in progress.
pub(super) struct Wet {
    pub(super) id: ElementId,
    color: Color,
    flow: InkFlow,
    pieces: Vec<(Bounds, Path2d)>,
}

/// Where the stroke's end is painted.
pub(super) struct End {
    layer: Layer,
    is_shown: bool,
    size: (f64, f64),
}

impl Wet {
    /// A stroke that begins.
    pub(super) fn new(FlowingInk { id, style, ink }: FlowingInk<'_>) -> Self {
        let origin = ink.points.first().map(|first| first.at).unwrap_or_default();
        let flow = InkFlow::new(origin, style.width, ink.has_pressure);
        Self { id: id.clone(), color: style.stroke, flow, pieces: Vec::new() }
    }

    /// Follows the stroke. The answer is how many of its pieces are new.
    pub(super) fn follow(&mut self, ink: FlowingInk<'_>) -> usize {
        let n_before = self.pieces.len();
        let new = self.flow.follow(&ink.ink.points).into_iter();
        let new = new.filter_map(|it| Some((it.bounds, browser_path(&it.path)?)));
        self.pieces.extend(new);
        self.pieces.len() - n_before
    }

    /// The box around all pieces.
    pub(super) fn area(&self) -> Bounds {
        self.area_of(self.pieces.len())
    }

    /// The box around the last pieces.
    pub(super) fn area_of(&self, n_last: usize) -> Bounds {
        let last = self.pieces.iter().rev().take(n_last);
        last.fold(Bounds::EMPTY, |all, (bounds, _)| all.union(*bounds))
    }

    /// Paints the last pieces.
    pub(super) fn paint_last(&self, n_last: usize, brush: &mut Brush<'_>) {
        for (_, path) in self.pieces.iter().rev().take(n_last) {
            brush.fill(path, self.flow.origin(), self.color);
        }
    }

    /// Paints the pieces in `area`.
    pub(super) fn paint(&self, area: Bounds, brush: &mut Brush<'_>) {
        for (_, path) in self.pieces.iter().filter(|(bounds, _)| bounds.intersects(area)) {
            brush.fill(path, self.flow.origin(), self.color);
        }
    }
}

impl End {
    /// Nothing yet, on a canvas of the page.
    pub(super) fn new(canvas: HtmlCanvasElement) -> Option<Self> {
        Some(Self { layer: Layer::new(canvas)?, is_shown: false, size: (0.0, 0.0) })
    }

    /// Shows the end of a stroke.
    pub(super) fn show(
        &mut self,
        wet: &Wet,
        ink: FlowingInk<'_>,
        (look, ratio, view): (Look, f64, Bounds),
        theme: Theme,
    ) {
        let Some(InkPiece { bounds, path }) = wet.flow.end(&ink.ink.points) else { return };
        let (Some(path), true) = (browser_path(&path), bounds.intersects(view)) else { return };
        let Look { scale, x, y } = look;
        let Bounds { x0, y0, x1, y1 } = bounds;
        let (left, top) = (x0.max(view.x0) * scale + x, y0.max(view.y0) * scale + y);
        let (left, top) = (left.floor() - 1.0, top.floor() - 1.0);
        let (last_width, last_height) = self.size;
        let width = length(last_width, x1.min(view.x1) * scale + x - left);
        let height = length(last_height, y1.min(view.y1) * scale + y - top);
        self.layer.clear(width as u32, height as u32);
        let BoardPoint { x: origin_x, y: origin_y } = wet.flow.origin();
        let context = &self.layer.context;
        let (x, y) = (origin_x * scale + x - left, origin_y * scale + y - top);
        context.set_transform(scale, 0.0, 0.0, scale, x, y).ok();
        context.set_fill_style_str(&css(wet.color, theme));
        context.fill_with_path_2d(&path);
        let style = self.layer.canvas.style();
        // Each word to the page costs as much as the ink.
        if std::mem::replace(&mut self.size, (width, height)) != (width, height) {
            style.set_property("width", &px(width / ratio)).ok();
            style.set_property("height", &px(height / ratio)).ok();
        }
        let place = format!("translate({},{})", px(left / ratio), px(top / ratio));
        style.set_property("transform", &place).ok();
        if !std::mem::replace(&mut self.is_shown, true) {
            style.set_property("visibility", "visible").ok();
        }
    }

    /// Shows nothing.
    pub(super) fn hide(&mut self) {
        if std::mem::take(&mut self.is_shown) {
            self.layer.canvas.style().set_property("visibility", "hidden").ok();
        }
    }
}

/// The length of a side that has to be `needed`, where it was `last`: a canvas that changes its size is made
/// anew, so it stays if it is large enough and not much too large.
fn length(last: f64, needed: f64) -> f64 {
    let fitting = ((needed + 1.0) / GRAIN).ceil().max(1.0) * GRAIN;
    if (fitting..=2.0 * fitting).contains(&last) { last } else { fitting }
}
