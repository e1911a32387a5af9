//! A small picture of the whole board, and a frame in it around what is in view. It is painted a part after the other:
//! a full board takes longer than hands may be kept waiting.

use std::sync::Arc;

use editor::Camera;
use scene::Index;
use shared::board::Board;
use shared::element::{Arrow, Element, Ink, Shape, Style};
use shared::geometry::{BoardPoint, Bounds};
use wasm_bindgen::JsCast;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, HtmlElement};

use super::color::css;
use super::sheet::Sheet;
use crate::browser::{document, window};
use crate::clock::exact_ms;
use crate::numeral::px;
use crate::shown::Theme;

/// The map's size in CSS pixels.
const SIZE: (f64, f64) = (200.0, 140.0);
/// Ink is a line through at most so many of its points, and no more than two for each pixel.
const LINE_POINTS: f64 = 40.0;
/// So many elements are painted between two looks at the clock.
const TOGETHER: usize = 200;
/// Free space around the board, as a part of it.
const MARGIN: f64 = 0.04;

/// The map as it was painted last.
pub(crate) struct Map {
    area: Bounds,
    scale: f64,
    frame: HtmlElement,
}

/// A map that is being painted, where nobody sees it.
pub(crate) struct Unfinished {
    map: Map,
    canvas: HtmlCanvasElement,
    sheet: Sheet,
    /// Has the browser turn what it was told into pixels, where the clock sees it.
    flushing: Sheet,
    theme: Theme,
    /// The last element that is on it.
    last: Option<Arc<Element>>,
}

impl Unfinished {
    /// Begins to paint the map anew, if it is on the page.
    pub(crate) fn begin(index: &Index, camera: &Camera, theme: Theme) -> Option<Self> {
        let element = |selector| document().query_selector(selector).ok().flatten();
        let canvas: HtmlCanvasElement = element(".minimap canvas")?.dyn_into().ok()?;
        let frame: HtmlElement = element(".minimap i")?.dyn_into().ok()?;
        let all = index.reach().union(camera.view());
        let all = all.inflated(MARGIN * all.width().max(all.height()));
        let scale = (SIZE.0 / all.width()).min(SIZE.1 / all.height());
        let (c, w, h) = (all.center(), SIZE.0 / scale, SIZE.1 / scale);
        let corner = BoardPoint::new(c.x - w / 2.0, c.y - h / 2.0);
        let area = Bounds { x0: corner.x, y0: corner.y, x1: corner.x + w, y1: corner.y + h };
        let ratio = window().device_pixel_ratio().clamp(1.0, 2.0);
        let sheet = Sheet::of((SIZE.0 * ratio) as u32, (SIZE.1 * ratio) as u32)?;
        let context = &sheet.context;
        let (x, y) = (-area.x0 * scale * ratio, -area.y0 * scale * ratio);
        context.set_transform(scale * ratio, 0.0, 0.0, scale * ratio, x, y).ok();
        context.set_line_width(1.0 / scale);
        let map = Map { area, scale, frame };
        Some(Self { map, canvas, sheet, flushing: Sheet::of(1, 1)?, theme, last: None })
    }

    /// Paints what lies above what is painted, until the clock says `end`; whether that was the rest.
    pub(crate) fn step(&mut self, board: &Board, end: f64) -> bool {
        let (context, pixel) = (&self.sheet.context, 1.0 / self.map.scale);
        let mut painted_with = None;
        while exact_ms() < end {
            let (from, mut all, mut above) = (self.last.take(), None, None);
            let rest: &mut dyn Iterator<Item = &Arc<Element>> = if let Some(last) = &from {
                above.insert(board.elements_above(last))
            } else {
                all.insert(board.elements())
            };
            let mut last = None;
            for element in rest.take(TOGETHER) {
                let Style { fill, stroke, .. } = element.style;
                let color = if fill.is_transparent() { stroke } else { fill };
                // Telling the browser a color costs more than painting with it.
                if painted_with.replace(color) != Some(color) {
                    let color = css(color, self.theme);
                    context.set_fill_style_str(&color);
                    context.set_stroke_style_str(&color);
                }
                speck(context, element, pixel);
                last = Some(Arc::clone(element));
            }
            self.flushing.flush(&self.sheet);
            if last.is_none() {
                return true;
            }
            self.last = last;
        }
        false
    }

    /// Shows it.
    pub(crate) fn finish(self, camera: &Camera) -> Map {
        self.sheet.show(&self.canvas);
        self.map.follow(camera);
        self.map
    }
}

impl Map {
    /// The part of the board that it shows.
    pub(crate) fn area(&self) -> Bounds {
        self.area
    }

    /// Puts the frame around what is in view.
    pub(crate) fn follow(&self, camera: &Camera) {
        let view = camera.view();
        let style = self.frame.style();
        for (name, value) in [
            ("left", view.x0 - self.area.x0),
            ("top", view.y0 - self.area.y0),
            ("width", view.width()),
            ("height", view.height()),
        ] {
            style.set_property(name, &px(value * self.scale)).ok();
        }
    }
}

/// Lines as they run, everything else as a box.
fn speck(context: &CanvasRenderingContext2d, element: &Element, pixel: f64) {
    let b = element.geometry.turned_bounds();
    let is_small = b.width().max(b.height()) < 3.0 * pixel;
    if let (Shape::Ink(Ink { rubbed, .. }), false) = (&element.shape, is_small)
        && !rubbed.is_empty()
    {
        return element.apart().iter().for_each(|piece| speck(context, piece, pixel));
    }
    let (ink, path);
    let points: &mut dyn Iterator<Item = BoardPoint> = match &element.shape {
        Shape::Ink(drawn) if !is_small => {
            let n_points = LINE_POINTS.min(2.0 * b.width().max(b.height()) / pixel) as usize;
            let every = drawn.points.len() / n_points.max(1) + 1;
            ink = drawn.points.iter().step_by(every).map(|point| point.at);
            &mut { ink }
        }
        Shape::Line(line) | Shape::Arrow(Arrow { path: line, .. }) if !is_small => {
            path = line.points.iter().copied();
            &mut { path }
        }
        Shape::Text(_) => {
            return context.fill_rect(b.x0, b.y0 + b.height() / 4.0, b.width(), pixel);
        }
        _ if element.style.fill.is_transparent() && !is_small => {
            return context.stroke_rect(b.x0, b.y0, b.width(), b.height());
        }
        _ => return context.fill_rect(b.x0, b.y0, b.width().max(pixel), b.height().max(pixel)),
    };
    let natural = element.shape.natural_bounds().unwrap_or(Bounds::EMPTY);
    let (center, angle) = (element.geometry.center(), element.geometry.angle);
    context.begin_path();
    for point in points {
        let at = element.geometry.place(natural, point).rotated(center, angle);
        context.line_to(at.x, at.y);
    }
    context.stroke();
}
