//! One's own stroke on canvases that a worker paints on (`js/ink.js`), in place of the tiles and the page's own
//! canvas for its end, as long as nothing shows through it.
//!
//! What the worker paints reaches the screen in frames of its own. So ink only ever lies on both for a moment:
//! it goes from the worker's canvases when the tiles have long had it. What shows through would be seen twice.

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
    is_ready: bool,
    /// Strokes so far, by which the worker tells them apart.
    n_strokes: u32,
    shown: Option<Shown>,
    message: Vec<f32>,
}

/// The stroke that the worker has.
struct Shown {
    id: ElementId,
    look: Look,
    color: Color,
    theme: Theme,
    /// How many of the pieces, after those that the tiles have.
    n_pieces: usize,
}

impl Apart {
    /// Nothing yet; the canvases are going to be in `holder`.
    pub(super) fn new(holder: HtmlElement) -> Self {
        Self { holder, is_ready: false, n_strokes: 0, shown: None, message: Vec::new() }
    }

    /// Whether strokes can be painted: the canvases are there.
    pub(super) fn is_ready(&self) -> bool {
        self.is_ready
    }

    /// Somebody is about to draw on a screen of such a size: has the canvases, as soon as may be.
    pub(super) fn prepare(&mut self, size: ScreenSize, ratio: f64) {
        if !self.is_ready {
            let ScreenSize { width, height } = size;
            self.is_ready = open_ink(&self.holder, width * ratio, height * ratio, ratio);
        }
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
        (id, origin, color): (&ElementId, BoardPoint, Color),
        (pieces, end): (impl ExactSizeIterator<Item = &'a InkPiece>, Option<&InkPiece>),
        (look, theme): (Look, Theme),
    ) {
        if self.shown.as_ref().is_some_and(|shown| shown.id != *id) {
            self.hide();
        }
        let Look { scale, x, y } = look;
        let look = Look { scale, x: x + origin.x * scale, y: y + origin.y * scale };
        let known = self.shown.as_ref();
        let same = known.filter(|it| (it.look, it.color, it.theme) == (look, color, theme));
        let n_known = same.map_or(0, |shown| shown.n_pieces);
        self.n_strokes += u32::from(known.is_none());
        let Color { r, g, b, .. } = if theme == Theme::Dark { color.darkened() } else { color };
        let rgb = u32::from_be_bytes([0, r, g, b]);
        let is_anew = f32::from(u8::from(same.is_none()));
        let head = [self.n_strokes as f32, scale as f32, look.x as f32, look.y as f32, rgb as f32];
        self.message.clear();
        self.message.extend(head);
        self.message.push(is_anew);
        let n_pieces = pieces.len();
        for piece in pieces.skip(n_known) {
            append(&mut self.message, &piece.path);
        }
        append(&mut self.message, end.map_or(&BezPath::new(), |end| &end.path));
        paint_ink(&self.message);
        self.shown = Some(Shown { id: id.clone(), look, color, theme, n_pieces });
    }

    /// The tiles are about to show the stroke, or nobody does: it goes in a moment.
    pub(super) fn hide(&mut self) {
        if self.shown.take().is_some() {
            paint_ink(&[self.n_strokes as f32]);
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
