//! Painting elements onto a canvas. Each call of the browser costs, so what a canvas has been told is
//! not told again.

use scene::{Item, Picture, Sketch, font_stack};
use shared::color::Color;
use shared::element::Align;
use shared::geometry::BoardPoint;
use wasm_bindgen::JsValue;
use web_sys::{CanvasRenderingContext2d, Path2d};

use super::color::css;
use super::layer::Look;
use super::pictures::KeptPicture;
use crate::numeral::px;
use crate::shown::Theme;

/// Lines are painted at least so wide, in the canvas' own pixels: from afar a board is to be seen, not guessed.
const THINNEST_PX: f64 = 0.2;
/// The same in the dark, where thin light lines look fainter than thin dark ones do on white.
const THINNEST_DARK_PX: f64 = 0.35;

/// A canvas while elements are painted onto it.
pub(super) struct Brush<'a> {
    context: &'a CanvasRenderingContext2d,
    look: Look,
    theme: Theme,
    fill: Option<Color>,
    stroke: Option<Color>,
    width: f64,
    alpha: f64,
    is_dashed: bool,
    is_plain: bool,
}

impl<'a> Brush<'a> {
    /// A brush for a canvas on which the board lies as `look` says.
    pub(super) fn new(context: &'a CanvasRenderingContext2d, look: Look, theme: Theme) -> Self {
        context.set_line_cap("round");
        context.set_line_join("round");
        context.set_line_dash(&js_sys::Array::new()).ok();
        context.set_text_baseline("alphabetic");
        context.set_global_alpha(1.0);
        let (width, alpha) = (f64::NAN, 1.0);
        let (fill, stroke, is_dashed, is_plain) = (None, None, false, false);
        Self { context, look, theme, fill, stroke, width, alpha, is_dashed, is_plain }
    }

    /// Paints an element that is far away, moved by board units, with its opacity.
    pub(super) fn sketch(&mut self, sketch: &Sketch, (dx, dy): (f64, f64), opacity: f64) {
        if !self.is_plain {
            self.is_plain = true;
            self.context.reset_transform().ok();
        }
        self.set_alpha(opacity);
        let Look { scale, x, y } = self.look;
        let (x, y) = (x + dx * scale, y + dy * scale);
        match sketch {
            Sketch::Bar(bar, color) => {
                self.set_fill(*color);
                let (width, height) = (bar.width() * scale, bar.height() * scale);
                self.context.fill_rect(bar.x0 * scale + x, bar.y0 * scale + y, width, height);
            }
            Sketch::Line(points, color, width) => {
                self.set_stroke(*color, (width * scale).max(self.thinnest()));
                self.set_dash(&[]);
                self.context.begin_path();
                for point in points {
                    self.context.line_to(point.x * scale + x, point.y * scale + y);
                }
                self.context.stroke();
            }
        }
    }

    /// Paints a picture, moved by board units, with `opacity` on top of its own.
    pub(super) fn picture(&mut self, kept: &mut KeptPicture, (dx, dy): (f64, f64), opacity: f64) {
        let (Picture { origin, angle, opacity: own, items, .. }, paths) = kept.painted();
        let Look { scale, x, y } = self.look;
        let (sin, cos) = if *angle == 0.0 {
            (0.0, scale)
        } else {
            let (sin, cos) = angle.sin_cos();
            (sin * scale, cos * scale)
        };
        let (x, y) = ((origin.x + dx) * scale + x, (origin.y + dy) * scale + y);
        self.is_plain = false;
        self.context.set_transform(cos, sin, -sin, cos, x, y).ok();
        self.set_alpha(own * opacity);
        for (item, path) in items.iter().zip(paths) {
            match (item, path) {
                (Item::Fill { color, .. }, Some(path)) => {
                    self.set_fill(*color);
                    self.context.fill_with_path_2d(path);
                }
                (Item::Stroke { color, width, dash, .. }, Some(path)) => {
                    self.set_stroke(*color, width.max(self.thinnest() / scale));
                    self.set_dash(dash);
                    self.context.stroke_with_path(path);
                }
                (Item::Text { .. }, _) => self.text(item),
                (Item::Fill { .. } | Item::Stroke { .. }, None) => {}
            }
        }
    }

    /// Fills a path whose (0, 0) is at `origin` on the board.
    pub(super) fn fill(&mut self, path: &Path2d, origin: BoardPoint, color: Color) {
        let Look { scale, x, y } = self.look;
        let (x, y) = (origin.x * scale + x, origin.y * scale + y);
        self.is_plain = false;
        self.context.set_transform(scale, 0.0, 0.0, scale, x, y).ok();
        self.set_alpha(1.0);
        self.set_fill(color);
        self.context.fill_with_path_2d(path);
    }

    fn text(&mut self, item: &Item) {
        let Item::Text { lines, size, font, color, align } = item else { return };
        self.set_fill(*color);
        self.context.set_font(&format!("{} {}", px(*size), font_stack(*font)));
        self.context.set_text_align(match align {
            Align::Left => "left",
            Align::Center => "center",
            Align::Right => "right",
        });
        for line in lines {
            self.context.fill_text(&line.text, line.x, line.baseline_y).ok();
        }
    }

    fn thinnest(&self) -> f64 {
        match self.theme {
            Theme::Light => THINNEST_PX,
            Theme::Dark => THINNEST_DARK_PX,
        }
    }

    fn set_alpha(&mut self, alpha: f64) {
        if self.alpha != alpha {
            self.alpha = alpha;
            self.context.set_global_alpha(alpha);
        }
    }

    fn set_fill(&mut self, color: Color) {
        if self.fill != Some(color) {
            self.fill = Some(color);
            self.context.set_fill_style_str(&css(color, self.theme));
        }
    }

    fn set_stroke(&mut self, color: Color, width: f64) {
        if self.stroke != Some(color) {
            self.stroke = Some(color);
            self.context.set_stroke_style_str(&css(color, self.theme));
        }
        if self.width != width {
            self.width = width;
            self.context.set_line_width(width);
        }
    }

    fn set_dash(&mut self, dash: &[f64]) {
        if self.is_dashed || !dash.is_empty() {
            self.is_dashed = !dash.is_empty();
            let lengths: js_sys::Array = dash.iter().map(|&length| JsValue::from(length)).collect();
            self.context.set_line_dash(&lengths).ok();
        }
    }
}
