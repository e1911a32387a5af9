//! The picture of each element, kept until the element changes: building a path costs far more than
//! painting it.

use std::collections::HashMap;
use std::sync::Arc;

use kurbo::{BezPath, PathEl};
use scene::{Item, Picture, font_stack, picture};
use shared::board::Board;
use shared::element::{Align, Element};
use shared::geometry::Bounds;
use shared::id::ElementId;
use wasm_bindgen::JsValue;
use web_sys::{CanvasRenderingContext2d, Path2d};

use super::color::css;
use crate::numeral::px;
use crate::shown::Theme;

/// Elements' pictures by id.
#[derive(Default)]
pub(super) struct Pictures {
    kept: HashMap<ElementId, (Arc<Element>, KeptPicture)>,
}

impl Pictures {
    /// The picture of `element`, made anew if it changed.
    pub(super) fn of(&mut self, element: &Arc<Element>) -> &mut KeptPicture {
        let fresh = || (Arc::clone(element), KeptPicture::new(picture(element)));
        let entry = self.kept.entry(element.id.clone()).or_insert_with(fresh);
        if !Arc::ptr_eq(&entry.0, element) {
            *entry = fresh();
        }
        &mut entry.1
    }

    /// Drops pictures of elements that are gone, when they begin to pile up.
    pub(super) fn forget_gone(&mut self, board: &Board) {
        if self.kept.len() > 2 * board.n_elements() + 64 {
            self.kept.retain(|id, _| board.element(id).is_some());
        }
    }
}

/// A picture with its paths as the browser keeps them, made when they are first painted.
pub(super) struct KeptPicture {
    picture: Picture,
    paths: Option<Vec<Option<Path2d>>>,
}

impl KeptPicture {
    pub(super) fn new(picture: Picture) -> Self {
        Self { picture, paths: None }
    }

    /// The box on the board around all of it.
    pub(super) fn bounds(&self) -> Bounds {
        self.picture.bounds
    }

    /// Paints it in board units, moved, with `opacity` on top of its own.
    pub(super) fn paint(
        &mut self,
        context: &CanvasRenderingContext2d,
        (dx, dy): (f64, f64),
        opacity: f64,
        theme: Theme,
    ) {
        let Picture { origin, angle, opacity: own, items, .. } = &self.picture;
        let paths = self.paths.get_or_insert_with(|| items.iter().map(path_of).collect());
        context.save();
        context.translate(origin.x + dx, origin.y + dy).ok();
        if *angle != 0.0 {
            context.rotate(*angle).ok();
        }
        context.set_global_alpha(own * opacity);
        for (item, path) in items.iter().zip(paths.iter()) {
            paint_item(context, item, path.as_ref(), theme);
        }
        context.restore();
    }
}

fn path_of(item: &Item) -> Option<Path2d> {
    match item {
        Item::Fill { path, .. } | Item::Stroke { path, .. } => path2d(path),
        Item::Text { .. } => None,
    }
}

/// A path as the browser has it: point by point, for as a text it would have to be written first, by code
/// that nothing else here needs, and then read again.
fn path2d(path: &BezPath) -> Option<Path2d> {
    let drawn = Path2d::new().ok()?;
    for element in path.elements() {
        match *element {
            PathEl::MoveTo(to) => drawn.move_to(to.x, to.y),
            PathEl::LineTo(to) => drawn.line_to(to.x, to.y),
            PathEl::QuadTo(by, to) => drawn.quadratic_curve_to(by.x, by.y, to.x, to.y),
            PathEl::CurveTo(a, b, to) => drawn.bezier_curve_to(a.x, a.y, b.x, b.y, to.x, to.y),
            PathEl::ClosePath => drawn.close_path(),
        }
    }
    Some(drawn)
}

fn paint_item(
    context: &CanvasRenderingContext2d,
    item: &Item,
    path: Option<&Path2d>,
    theme: Theme,
) {
    match (item, path) {
        (Item::Fill { color, .. }, Some(path)) => {
            context.set_fill_style_str(&css(*color, theme));
            context.fill_with_path_2d(path);
        }
        (Item::Stroke { color, width, dash, .. }, Some(path)) => {
            context.set_stroke_style_str(&css(*color, theme));
            context.set_line_width(*width);
            context.set_line_cap("round");
            context.set_line_join("round");
            let dashes: js_sys::Array = dash.iter().map(|&length| JsValue::from(length)).collect();
            context.set_line_dash(&dashes).ok();
            context.stroke_with_path(path);
        }
        (Item::Text { lines, size, font, color, align }, _) => {
            context.set_fill_style_str(&css(*color, theme));
            context.set_font(&format!("{} {}", px(*size), font_stack(*font)));
            context.set_text_baseline("alphabetic");
            context.set_text_align(match align {
                Align::Left => "left",
                Align::Center => "center",
                Align::Right => "right",
            });
            for line in lines {
                context.fill_text(&line.text, line.x, line.baseline_y).ok();
            }
        }
        (Item::Fill { .. } | Item::Stroke { .. }, None) => {}
    }
}
