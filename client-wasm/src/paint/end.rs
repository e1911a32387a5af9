//! The end of one's own stroke, on a canvas of its own that is hardly larger than that, where no worker paints it.
//!
//! A canvas as large as the page would have to be copied to the screen with every point. And each word to
//! the page about where the canvas is costs more than the ink: so it lies on a coarse grid, and stays where
//! it is as long as it can.

use shared::color::Color;
use shared::geometry::Bounds;
use web_sys::{HtmlCanvasElement, HtmlElement};

use super::apart::Apart;
use super::brush::Brush;
use super::color::css;
use super::layer::{Layer, Look};
use super::wet::Wet;
use crate::numeral::px;
use crate::shown::Theme;

/// The canvas' place and sides are multiples of so many of the screen's own pixels.
const GRAIN: f64 = 128.0;

/// Where the stroke's end is painted.
pub(super) struct End {
    pub(super) apart: Apart,
    layer: Layer,
    is_shown: bool,
    /// Left, top, width and height, in the screen's own pixels.
    place: [f64; 4],
    /// What the canvas was told, and what is painted on it, around the stroke's origin.
    told: Option<(Look, Color, Theme)>,
    painted: Bounds,
}

impl End {
    /// Nothing yet, on a canvas of the page; a worker's are going to be in `holder`.
    pub(super) fn new(canvas: HtmlCanvasElement, holder: HtmlElement) -> Option<Self> {
        let (layer, apart) = (Layer::new(canvas)?, Apart::new(holder));
        Some(Self {
            apart,
            layer,
            is_shown: false,
            place: [0.0; 4],
            told: None,
            painted: Bounds::EMPTY,
        })
    }

    /// Shows the end of a stroke.
    // Of its own, as all that a page does not need to open: browsers compile a function as a whole.
    #[inline(never)]
    pub(super) fn show(
        &mut self,
        wet: &Wet,
        (look, ratio, view): (Look, f64, Bounds),
        theme: Theme,
    ) {
        if wet.is_apart {
            self.hide_here();
            let (pieces, end, (color, opacity)) = wet.apart();
            let ink = (&wet.id, wet.origin(), color, opacity);
            return self.apart.show(ink, (pieces, end), (look, theme));
        }
        self.apart.hide();
        let Some(bounds) = wet.end_bounds() else { return };
        let Look { scale, x, y } = look;
        let [left, top] = [bounds.x0.max(view.x0) * scale + x, bounds.y0.max(view.y0) * scale + y];
        let [right, bottom] =
            [bounds.x1.min(view.x1) * scale + x, bounds.y1.min(view.y1) * scale + y];
        let [old_left, old_top, old_width, old_height] = self.place;
        let (left, width) = side(old_left, old_width, left, right);
        let (top, height) = side(old_top, old_height, top, bottom);
        let place = [left, top, width, height];
        let look = Look { scale, x: x - left, y: y - top };
        let is_there = std::mem::replace(&mut self.place, place) == place;
        self.paint(wet, bounds, look, theme);
        let style = self.layer.canvas.style();
        let set = |name: &str, value: &str| style.set_property(name, value).ok();
        if !is_there {
            if (width, height) != (old_width, old_height) {
                set("width", &px(width / ratio));
                set("height", &px(height / ratio));
            }
            let place = format!("translate({},{})", px(left / ratio), px(top / ratio));
            set("transform", &place);
        }
        if !std::mem::replace(&mut self.is_shown, true) {
            set("visibility", "visible");
        }
    }

    /// Paints the end of a stroke. Each word to the canvas costs as well: one that was told all takes away
    /// what was there, and paints.
    fn paint(&mut self, wet: &Wet, bounds: Bounds, look: Look, theme: Theme) {
        let (context, [.., width, height]) = (&self.layer.context, self.place);
        let Some((path, color)) = wet.plain_end() else {
            self.told = None;
            self.layer.clear(width as u32, height as u32);
            return wet.paint_end(&mut Brush::new(context, look, theme));
        };
        let (origin, Look { scale, x, y }) = (wet.origin(), look);
        let (x, y) = (x + origin.x * scale, y + origin.y * scale);
        let told = Some((Look { scale, x, y }, color, theme));
        if std::mem::replace(&mut self.told, told) == told {
            let Bounds { x0, y0, x1, y1 } = self.painted;
            context.clear_rect(x0, y0, x1 - x0, y1 - y0);
        } else {
            self.layer.clear(width as u32, height as u32);
            context.set_transform(scale, 0.0, 0.0, scale, x, y).ok();
            context.set_global_alpha(1.0);
            context.set_fill_style_str(&css(color, theme));
        }
        context.fill_with_path_2d(path);
        let Bounds { x0, y0, x1, y1 } = bounds.inflated(1.0 / scale);
        let (ox, oy) = (origin.x, origin.y);
        self.painted = Bounds { x0: x0 - ox, y0: y0 - oy, x1: x1 - ox, y1: y1 - oy };
    }

    /// Shows nothing.
    pub(super) fn hide(&mut self) {
        self.apart.hide();
        self.hide_here();
    }

    fn hide_here(&mut self) {
        if std::mem::take(&mut self.is_shown) {
            self.layer.canvas.style().set_property("visibility", "hidden").ok();
        }
    }
}

/// Where a canvas begins and how long it is that has to hold what is between `from` and `to`: it stays as it
/// is if that fits and it is not much too large.
fn side(old_from: f64, old_length: f64, from: f64, to: f64) -> (f64, f64) {
    let (from, to) = (from - 1.0, to + 1.0);
    let needed = ((to - from) / GRAIN).ceil().max(1.0) * GRAIN + GRAIN;
    let length = if (needed..=2.0 * needed).contains(&old_length) { old_length } else { needed };
    let fits = length == old_length && old_from <= from && to <= old_from + length;
    (if fits { old_from } else { (from / GRAIN).floor() * GRAIN }, length)
}
