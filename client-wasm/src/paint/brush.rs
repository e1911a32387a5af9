//! Painting elements onto a canvas. Each call of the browser costs, so what a canvas has been told is
//! not told again.

use js_sys::Reflect;
use scene::{Blend, FRAME_REACH, Item, Lie, Picture, Sketch, font_stack, link_mark};
use shared::color::Color;
use shared::element::{Align, Element, Font, Image};
use shared::geometry::{BoardPoint, Bounds, Flip};
use wasm_bindgen::JsValue;
use web_sys::{CanvasRenderingContext2d, Path2d};

use super::afar::Afar;
use super::color::{blended, css, seen_as};
use super::images::{self, Pixels};
use super::layer::Look;
use super::pictures::KeptPicture;
use super::whole;
use crate::browser::window;
use crate::numeral::px;
use crate::shown::Theme;

/// Of images that are not there.
const PLACEHOLDER: Color = Color { r: 128, g: 128, b: 128, a: 50 };
/// Of the icon on it.
const PLACEHOLDER_INK: Color = Color { r: 128, g: 128, b: 128, a: 180 };
/// A picture, and one that is torn.
const COMING_ICON: &str = "M3.5 3.5h13v13h-13zM3.5 13 7 9.5l7 7M11 13l2.5-2.5 3 3";
const MISSING_ICON: &str = "M9 3.5H3.5v13H8l2-4-3-3zM12 3.5h4.5v13H11l2-4-3.5-3.5z";
/// How large it is at most, against twenty board units.
const ICON_SCALE_MAX: f64 = 4.0;
/// Of the mark of what leads somewhere.
const LINK: Color = Color::rgb(0x0b7a75);
/// An arrow out of a box.
const LINK_ICON: &str =
    "M12 3h5v5M17 3l-8 8M14 11.5V16a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1V7a1 1 0 0 1 1-1h4.5";
/// Of frames' borders.
const FRAME: Color = Color::rgb(0xbbbbbb);
/// Of frames' names.
const FRAME_INK: Color = Color::rgb(0x777777);
/// How thick frames' borders are, in CSS pixels.
const FRAME_WIDTH: f64 = 1.5;
/// Frames' corners, in board units.
const FRAME_RADIUS: f64 = 8.0;
/// How high frames' names are, in CSS pixels.
const FRAME_NAME: f64 = 14.0;
/// Lines are painted at least so wide, in the canvas' own pixels: from afar a board is to be seen, not guessed.
const THINNEST_PX: f64 = 0.2;
/// The same in the dark, where thin light lines look fainter than thin dark ones do on white.
const THINNEST_DARK_PX: f64 = 0.35;

/// A canvas while elements are painted onto it.
pub(super) struct Brush<'a> {
    pub(super) context: &'a CanvasRenderingContext2d,
    look: Look,
    theme: Theme,
    /// Where sketches are painted, if not by the browser.
    afar: Option<&'a mut Afar>,
    /// How many elements the browser was told of.
    pub(super) n_told: usize,
    blend: Blend,
    fill: Option<Color>,
    stroke: Option<Color>,
    width: f64,
    alpha: f64,
    is_dashed: bool,
    is_plain: bool,
    is_print: bool,
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
        let (blend, is_print) = (Blend::Over, false);
        let (afar, n_told) = (None, 0);
        Self {
            context,
            look,
            theme,
            afar,
            n_told,
            blend,
            fill,
            stroke,
            width,
            alpha,
            is_dashed,
            is_plain,
            is_print,
        }
    }

    /// The same, for what is looked at elsewhere: nothing keeps its size on this screen.
    pub(super) fn printing(self) -> Self {
        Self { is_print: true, ..self }
    }

    /// The same, for a tile on which sketches are not painted by the browser.
    pub(super) fn with_afar(self, afar: &'a mut Afar) -> Self {
        Self { afar: Some(afar), ..self }
    }

    /// Before something is painted in `area` of the board: what is to lie below it is there then.
    pub(super) fn settle(&mut self, area: Bounds) {
        self.n_told += 1;
        let Look { scale, x, y } = self.look;
        // Edges are soft.
        let Bounds { x0, y0, x1, y1 } = area.inflated(2.0 / scale);
        self.settle_within([x0 * scale + x, y0 * scale + y, x1 * scale + x, y1 * scale + y]);
    }

    fn settle_within(&mut self, area: [f64; 4]) {
        if let Some(afar) = &mut self.afar
            && afar.settle(self.context, area)
        {
            (self.alpha, self.is_plain) = (1.0, true);
        }
    }

    /// After everything was painted.
    pub(super) fn finish(&mut self) {
        self.settle_within([0.0, 0.0, f64::INFINITY, f64::INFINITY]);
    }

    /// Paints an element that is far away and reaches over `area`, moved by board units, with its opacity.
    pub(super) fn sketch(
        &mut self,
        (sketch, area): (&Sketch, Bounds),
        (dx, dy): (f64, f64),
        opacity: f64,
        blend: Blend,
    ) {
        let (thinnest, theme) = (self.thinnest(), self.theme);
        if let Some(afar) = &mut self.afar {
            let Look { scale, x, y } = self.look;
            let lie = Lie { scale, origin: (x + dx * scale, y + dy * scale) };
            if afar.paint(sketch, lie, (opacity, thinnest), |it| seen_as(it, blend, theme)) {
                return;
            }
        }
        self.settle(area);
        self.set_blend(blend);
        if !self.is_plain {
            self.is_plain = true;
            self.context.reset_transform().ok();
        }
        self.set_alpha(opacity);
        let Look { scale, x, y } = self.look;
        let (x, y) = (x + dx * scale, y + dy * scale);
        match sketch {
            Sketch::Bars(bars, color) => {
                self.set_fill(*color);
                for bar in bars {
                    let (width, height) = (bar.width() * scale, bar.height() * scale);
                    self.context.fill_rect(bar.x0 * scale + x, bar.y0 * scale + y, width, height);
                }
            }
            Sketch::Lines(lines, color, width) => {
                self.set_stroke(*color, (width * scale).max(thinnest));
                self.set_dash(&[]);
                self.context.begin_path();
                for line in lines {
                    for (n, point) in line.iter().enumerate() {
                        let (x, y) = (point.x * scale + x, point.y * scale + y);
                        if n == 0 { self.context.move_to(x, y) } else { self.context.line_to(x, y) }
                    }
                }
                self.context.stroke();
            }
            Sketch::Area { edge, fill, stroke, width } => {
                self.context.begin_path();
                for point in edge {
                    self.context.line_to(point.x * scale + x, point.y * scale + y);
                }
                if !fill.is_transparent() {
                    self.set_fill(*fill);
                    self.context.fill();
                }
                if !stroke.is_transparent() {
                    self.set_stroke(*stroke, width * scale);
                    self.set_dash(&[]);
                    self.context.stroke();
                }
            }
        }
    }

    /// Paints a picture, moved by board units, with `opacity` on top of its own.
    pub(super) fn picture(&mut self, kept: &mut KeptPicture, (dx, dy): (f64, f64), opacity: f64) {
        let (picture, paths) = kept.painted();
        let opacity = picture.opacity * opacity;
        // Over itself it would be seen twice.
        if opacity < 1.0 && picture.items.len() > 1 {
            let Look { scale, x, y } = self.look;
            let Bounds { x0, y0, x1, y1 } = picture.bounds;
            let px = |at: f64, d: f64, origin: f64| (at + d) * scale + origin;
            let area = [px(x0, dx, x), px(y0, dy, y), px(x1, dx, x), px(y1, dy, y)];
            whole::paint(self.context, area, opacity, |context, (left, top)| {
                let look = Look { scale, x: x - left, y: y - top };
                Brush::new(context, look, self.theme).items(picture, paths, (dx, dy));
            });
            (self.alpha, self.is_plain) = (opacity, true);
            return;
        }
        self.set_alpha(opacity);
        self.items(picture, paths, (dx, dy));
    }

    fn items(&mut self, picture: &Picture, paths: &[Option<Path2d>], (dx, dy): (f64, f64)) {
        let Picture { origin, angle, blend, items, .. } = picture;
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
        let is_marker = *blend == Blend::Marker;
        self.set_blend(*blend);
        if is_marker {
            self.context
                .set_global_composite_operation(match self.theme {
                    Theme::Light => "multiply",
                    Theme::Dark => "screen",
                })
                .ok();
        }
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
                (Item::Hatch { color, width, .. }, Some(path)) => {
                    self.set_stroke(*color, *width);
                    self.set_dash(&[]);
                    self.context.stroke_with_path(path);
                }
                (Item::Text { .. }, _) => self.text(item),
                (Item::Image { image, w, h, flip }, _) => self.image(image, *w, *h, *flip),
                (Item::Frame { w, h, name }, _) => self.frame(*w, *h, name),
                (Item::Fill { .. } | Item::Stroke { .. } | Item::Hatch { .. }, None) => {}
            }
        }
        if is_marker {
            self.context.set_global_composite_operation("source-over").ok();
        }
    }

    /// A picture, or what stands for it while it is not there.
    fn image(&mut self, image: &Image, w: f64, h: f64, flip: Flip) {
        let (x, y) = (-w / 2.0, -h / 2.0);
        let pixels = images::pixels(image.file);
        if let Pixels::Here(bitmap) = pixels {
            let (width, height) = (f64::from(bitmap.width()), f64::from(bitmap.height()));
            let part = image.crop.part();
            let side = |is_flipped: bool| if is_flipped { -1.0 } else { 1.0 };
            self.context.scale(side(flip.across), side(flip.down)).ok();
            Reflect::set(self.context, &"imageSmoothingQuality".into(), &"high".into()).ok();
            let painted = self
                .context
                .draw_image_with_image_bitmap_and_sw_and_sh_and_dx_and_dy_and_dw_and_dh(
                    &bitmap,
                    part.x0 * width,
                    part.y0 * height,
                    part.width() * width,
                    part.height() * height,
                    x,
                    y,
                    w,
                    h,
                );
            painted.ok();
            return;
        }
        self.set_fill(PLACEHOLDER);
        self.context.fill_rect(x, y, w, h);
        // An icon in its middle, on a grid of twenty.
        let scale = (w.min(h) / 60.0).min(ICON_SCALE_MAX);
        let icon = if matches!(pixels, Pixels::Missing) { MISSING_ICON } else { COMING_ICON };
        if let Ok(path) = Path2d::new_with_path_string(icon) {
            self.context.scale(scale, scale).ok();
            self.set_stroke(PLACEHOLDER_INK, 1.0);
            self.set_dash(&[]);
            self.context.translate(-10.0, -10.0).ok();
            self.context.stroke_with_path(&path);
        }
    }

    /// The mark of an element that leads somewhere, moved by board units.
    pub(super) fn link_mark(&mut self, element: &Element, (dx, dy): (f64, f64)) {
        let pixel = window().device_pixel_ratio() / self.look.scale;
        let Some(mark) = link_mark(element, pixel) else { return };
        let Ok(path) = Path2d::new_with_path_string(LINK_ICON) else { return };
        let Look { scale, x, y } = self.look;
        let (x, y) = ((mark.x0 + dx) * scale + x, (mark.y0 + dy) * scale + y);
        // The icon is drawn on a grid of twenty.
        let scale = scale * mark.width() / 20.0;
        self.is_plain = false;
        self.context.set_transform(scale, 0.0, 0.0, scale, x, y).ok();
        self.set_alpha(1.0);
        self.set_blend(Blend::Over);
        self.set_stroke(LINK, 2.0);
        self.set_dash(&[]);
        self.context.stroke_with_path(&path);
    }

    /// A border and a name that are as thin and as large on the screen at any zoom.
    fn frame(&mut self, w: f64, h: f64, name: &str) {
        let pixel = window().device_pixel_ratio() / self.look.scale;
        let pixel = if self.is_print { 1.0 } else { pixel };
        self.set_stroke(FRAME, FRAME_WIDTH * pixel);
        self.set_dash(&[]);
        let (x, y) = (-w / 2.0, -h / 2.0);
        self.context.begin_path();
        self.context.round_rect_with_f64(x, y, w, h, FRAME_RADIUS).ok();
        self.context.stroke();
        let size = FRAME_NAME * pixel;
        if 2.0 * size > FRAME_REACH {
            return;
        }
        self.context.save();
        self.context.begin_path();
        self.context.rect(x, y - 2.0 * size, w, 2.0 * size);
        self.context.clip();
        self.context.set_font(&format!("{} {}", px(size), font_stack(Font::Sans)));
        self.context.set_text_align("left");
        self.context.set_fill_style_str(&css(FRAME_INK, self.theme));
        self.context.fill_text(name, x, y - size / 2.0).ok();
        self.context.restore();
    }

    /// Paints what is cut off at the edges of a box, which is turned around its middle, and reaches over `area`.
    pub(super) fn clipped(
        &mut self,
        corners: [BoardPoint; 4],
        area: Bounds,
        paint: impl FnOnce(&mut Self),
    ) {
        self.settle(area);
        let afar = self.afar.take();
        let Look { scale, x, y } = self.look;
        let (tint, fill, stroke, width, alpha, is_dashed) =
            (self.blend, self.fill, self.stroke, self.width, self.alpha, self.is_dashed);
        self.context.save();
        self.context.reset_transform().ok();
        self.context.begin_path();
        for corner in corners {
            self.context.line_to(corner.x * scale + x, corner.y * scale + y);
        }
        self.context.clip();
        self.is_plain = true;
        paint(self);
        self.context.restore();
        self.is_plain = false;
        self.afar = afar;
        (self.blend, self.fill, self.stroke, self.width, self.alpha, self.is_dashed) =
            (tint, fill, stroke, width, alpha, is_dashed);
    }

    /// Fills a path whose (0, 0) is at `origin` on the board.
    pub(super) fn fill(&mut self, path: &Path2d, origin: BoardPoint, color: Color, opacity: f64) {
        let Look { scale, x, y } = self.look;
        let (x, y) = (origin.x * scale + x, origin.y * scale + y);
        self.is_plain = false;
        self.context.set_transform(scale, 0.0, 0.0, scale, x, y).ok();
        self.set_alpha(opacity);
        self.set_blend(Blend::Over);
        self.set_fill(color);
        self.context.fill_with_path_2d(path);
    }

    /// Takes away what is painted where [`Brush::fill`] would paint.
    pub(super) fn erase(&mut self, path: &Path2d, origin: BoardPoint) {
        self.context.set_global_composite_operation("destination-out").ok();
        self.fill(path, origin, Color::rgb(0), 1.0);
        self.context.set_global_composite_operation("source-over").ok();
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

    fn set_blend(&mut self, blend: Blend) {
        if self.blend != blend {
            (self.blend, self.fill, self.stroke) = (blend, None, None);
        }
    }

    fn set_fill(&mut self, color: Color) {
        if self.fill != Some(color) {
            self.fill = Some(color);
            self.context.set_fill_style_str(&blended(color, self.blend, self.theme));
        }
    }

    fn set_stroke(&mut self, color: Color, width: f64) {
        if self.stroke != Some(color) {
            self.stroke = Some(color);
            self.context.set_stroke_style_str(&blended(color, self.blend, self.theme));
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
