//! A small picture of the whole board, and a frame in it around what is in view.

use editor::Camera;
use shared::board::Board;
use shared::element::{Arrow, Element, Ink, Shape};
use shared::geometry::{BoardPoint, Bounds};
use wasm_bindgen::JsCast;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, HtmlElement};

use super::color::css;
use crate::browser::{document, window};
use crate::numeral::px;
use crate::shown::Theme;

/// The map's size in CSS pixels.
const SIZE: (f64, f64) = (200.0, 140.0);
/// Ink is a line through about so many of its points.
const LINE_POINTS: usize = 40;
/// Free space around the board, as a part of it.
const MARGIN: f64 = 0.04;

/// The map as it was painted last.
pub(crate) struct Map {
    area: Bounds,
    scale: f64,
    frame: HtmlElement,
}

impl Map {
    /// Paints the map anew, if it is on the page.
    pub(crate) fn paint(board: &Board, camera: &Camera, theme: Theme) -> Option<Self> {
        let element = |selector| document().query_selector(selector).ok().flatten();
        let canvas: HtmlCanvasElement = element(".minimap canvas")?.dyn_into().ok()?;
        let frame: HtmlElement = element(".minimap i")?.dyn_into().ok()?;
        let all = board.elements().map(|element| element.geometry.turned_bounds());
        let all = all.fold(camera.view(), Bounds::union);
        let all = all.inflated(MARGIN * all.width().max(all.height()));
        let scale = (SIZE.0 / all.width()).min(SIZE.1 / all.height());
        let (c, w, h) = (all.center(), SIZE.0 / scale, SIZE.1 / scale);
        let corner = BoardPoint::new(c.x - w / 2.0, c.y - h / 2.0);
        let area = Bounds { x0: corner.x, y0: corner.y, x1: corner.x + w, y1: corner.y + h };
        let ratio = window().device_pixel_ratio().clamp(1.0, 2.0);
        canvas.set_width((SIZE.0 * ratio) as u32);
        canvas.set_height((SIZE.1 * ratio) as u32);
        let context: CanvasRenderingContext2d = canvas.get_context("2d").ok()??.dyn_into().ok()?;
        let (x, y) = (-area.x0 * scale * ratio, -area.y0 * scale * ratio);
        context.set_transform(scale * ratio, 0.0, 0.0, scale * ratio, x, y).ok();
        let pixel = 1.0 / scale;
        context.set_line_width(pixel);
        let mut last = None;
        for element in board.elements() {
            let color = if element.style.fill.is_transparent() {
                element.style.stroke
            } else {
                element.style.fill
            };
            // Telling the browser a color costs more than painting with it.
            if last.replace(color) != Some(color) {
                let color = css(color, theme);
                context.set_fill_style_str(&color);
                context.set_stroke_style_str(&color);
            }
            speck(&context, element, pixel);
        }
        let map = Self { area, scale, frame };
        map.follow(camera);
        Some(map)
    }

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
            let every = drawn.points.len() / LINE_POINTS + 1;
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
