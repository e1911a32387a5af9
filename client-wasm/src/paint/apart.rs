//! One's own stroke on canvases that a worker paints on (`js/ink.js`), in place of the tiles and the page's own
//! canvas for its end, as long as nothing lies above it.
//!
//! What the worker paints reaches the screen in frames of its own. Whether its canvases are seen is the page's: so
//! they go in the very frame in which the tiles show the stroke, and no ink is ever missing or seen twice.

use editor::ScreenSize;
use kurbo::{BezPath, PathEl};
use scene::InkPiece;
use shared::color::Color;
use shared::geometry::BoardPoint;
use shared::id::ElementId;
use wasm_bindgen::prelude::*;
use web_sys::HtmlElement;

use super::layer::Look;
use crate::shown::Theme;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = openInk)]
    fn open_ink(holder: &HtmlElement, width: f64, height: f64, ratio: f64) -> bool;

    #[wasm_bindgen(js_name = paintInk)]
    fn paint_ink(message: &[f32]);

    #[wasm_bindgen(js_name = closeInk)]
    fn close_ink();
}

/// The worker's canvases.
pub(super) struct Apart {
    holder: HtmlElement,
    /// Whether a stroke can be painted.
    is_ready: bool,
    shown: Option<Shown>,
    message: Vec<f32>,
}

/// The stroke that the worker has.
struct Shown {
    id: ElementId,
    look: Look,
    color: Color,
    opacity: f64,
    theme: Theme,
    /// How many of the pieces, after those that the tiles have.
    n_pieces: usize,
}

impl Apart {
    /// Nothing yet; the canvases are going to be in `holder`.
    pub(super) fn new(holder: HtmlElement) -> Self {
        Self { holder, is_ready: false, shown: None, message: Vec::new() }
    }

    /// Somebody is about to draw on a screen of such a size. Whether the worker can paint that; it takes a moment.
    pub(super) fn prepare(&mut self, ScreenSize { width, height }: ScreenSize, ratio: f64) -> bool {
        if !self.is_ready {
            self.is_ready = open_ink(&self.holder, width * ratio, height * ratio, ratio);
        }
        self.is_ready
    }

    /// Drops the canvases: they do not fit any more, or nobody looks.
    pub(super) fn close(&mut self) {
        close_ink();
        self.is_ready = false;
        self.shown = None;
    }

    /// Shows a stroke: its certain pieces, and its end.
    pub(super) fn show<'a>(
        &mut self,
        (id, origin, color, opacity): (&ElementId, BoardPoint, Color, f64),
        (pieces, end): (impl ExactSizeIterator<Item = &'a InkPiece>, Option<&InkPiece>),
        (look, theme): (Look, Theme),
    ) {
        let Look { scale, x, y } = look;
        let look = Look { scale, x: x + origin.x * scale, y: y + origin.y * scale };
        let now = (id, look, color, opacity, theme);
        let same = self
            .shown
            .as_ref()
            .filter(|it| (&it.id, it.look, it.color, it.opacity, it.theme) == now);
        let n_known = same.map_or(0, |shown| shown.n_pieces);
        let Color { r, g, b, .. } = if theme == Theme::Dark { color.darkened() } else { color };
        let rgb = u32::from_be_bytes([0, r, g, b]);
        let is_anew = f32::from(u8::from(same.is_none()));
        let opacity_of_all = opacity * f64::from(color.a) / 255.0;
        self.message.clear();
        self.message.extend([scale, look.x, look.y].map(|it| it as f32));
        self.message.extend([rgb as f32, opacity_of_all as f32, is_anew]);
        let n_pieces = pieces.len();
        for piece in pieces.skip(n_known) {
            append(&mut self.message, &piece.path);
        }
        append(&mut self.message, end.map_or(&BezPath::new(), |end| &end.path));
        paint_ink(&self.message);
        self.shown = Some(Shown { id: id.clone(), look, color, opacity, theme, n_pieces });
    }

    /// Something else shows the stroke from the next frame of the page on, or nothing does.
    pub(super) fn hide(&mut self) {
        if self.shown.take().is_some() {
            self.is_ready = false;
            paint_ink(&[]);
        }
    }
}

/// Adds a path: the box around it, how many numbers it is, and its steps, each with a number of its own.
fn append(message: &mut Vec<f32>, path: &BezPath) {
    let bounds = path.control_box();
    message.extend([bounds.x0, bounds.y0, bounds.x1, bounds.y1, 0.0].map(|it| it as f32));
    let begin = message.len();
    for step in path.elements() {
        let (kind, points): (u8, &[kurbo::Point]) = match step {
            PathEl::MoveTo(a) => (0, &[*a]),
            PathEl::LineTo(a) => (1, &[*a]),
            PathEl::QuadTo(a, b) => (2, &[*a, *b]),
            PathEl::CurveTo(a, b, c) => (3, &[*a, *b, *c]),
            PathEl::ClosePath => (4, &[]),
        };
        message.push(kind.into());
        message.extend(points.iter().flat_map(|at| [at.x as f32, at.y as f32]));
    }
    message[begin - 1] = (message.len() - begin) as f32;
}
