//! From an element to what is painted.

use kurbo::{BezPath, PathEl, Point};
use shared::color::Color;
use shared::element::{Dash, Element, FillStyle, Ink, Shape, Style};
use shared::geometry::{BoardPoint, Bounds, Geometry};

use crate::display::{Item, Picture};
use crate::outline::{is_closed, local, outline};
use crate::{heads, ink, text};

/// How `element` looks. Roughness changes nothing yet: lines are exact.
pub fn picture(element: &Element) -> Picture {
    picture_of(&element.style, &element.shape, element.geometry)
}

/// How something looks that is no element yet, such as what a gesture is drawing.
pub fn picture_of(style: &Style, shape: &Shape, geometry: Geometry) -> Picture {
    let items = items(style, shape, geometry);
    let origin = geometry.center();
    let mut bounds =
        items.iter().map(|item| reach(item, geometry, origin)).fold(Bounds::EMPTY, Bounds::union);
    if bounds.is_empty() {
        bounds = geometry.turned_bounds();
    }
    Picture { bounds, origin, angle: geometry.angle, opacity: style.opacity, items }
}

fn items(style: &Style, shape: &Shape, geometry: Geometry) -> Vec<Item> {
    match shape {
        Shape::Rectangle
        | Shape::Ellipse
        | Shape::Diamond
        | Shape::Triangle
        | Shape::Note
        | Shape::Line(_) => {
            let path = outline(shape, geometry, style.edges);
            let inside = if is_closed(shape, geometry) { fill(&path, style) } else { None };
            inside.into_iter().chain(stroke(path, style)).collect()
        }
        Shape::Arrow(arrow) => {
            let path = outline(shape, geometry, style.edges);
            let heads = heads::heads(&path, arrow.heads, style);
            stroke(path, style).into_iter().chain(heads).collect()
        }
        Shape::Ink(drawn) => {
            let course = || outline(shape, geometry, style.edges);
            let inside = if is_closed(shape, geometry) { fill(&course(), style) } else { None };
            inside.into_iter().chain(inked(drawn, style, geometry)).collect()
        }
        Shape::Text(written) => text::item(written, geometry.w, style).into_iter().collect(),
        Shape::Frame(_) => {
            let path = outline(shape, geometry, style.edges);
            stroke(path, style).into_iter().collect()
        }
        Shape::Image(_) | Shape::Unknown(_) => Vec::new(),
    }
}

/// The inside of `path`. Lines of hachure, cross-hatch and zigzag are not drawn one by one yet: an even
/// but lighter fill stands for them.
fn fill(path: &BezPath, style: &Style) -> Option<Item> {
    let strength = match style.fill_style {
        FillStyle::Solid => 1.0,
        FillStyle::CrossHatch => 0.7,
        FillStyle::Hachure | FillStyle::Zigzag => 0.5,
    };
    let color = Color { a: (f64::from(style.fill.a) * strength).round() as u8, ..style.fill };
    let mut path = path.clone();
    if !matches!(path.elements().last(), Some(PathEl::ClosePath) | None) {
        path.close_path();
    }
    (!color.is_transparent()).then_some(Item::Fill { path, color })
}

/// The line along `path`; broken lines are a little wider, as their gaps make them look thinner.
fn stroke(path: BezPath, style: &Style) -> Option<Item> {
    let width = style.width;
    let (width, dash) = match style.dash {
        Dash::Solid => (width, Vec::new()),
        Dash::Dashed => (width + 0.5, vec![8.0, 8.0 + width]),
        Dash::Dotted => (width + 0.5, vec![1.5, 6.0 + width]),
    };
    let visible =
        style.width > 0.0 && !style.stroke.is_transparent() && !path.elements().is_empty();
    visible.then_some(Item::Stroke { path, color: style.stroke, width, dash })
}

fn inked(drawn: &Ink, style: &Style, geometry: Geometry) -> Option<Item> {
    let natural = drawn.bounds();
    let points = drawn.points.iter().map(|p| (local(p.at, geometry, natural), p.pressure));
    let path = ink::area(points, style.width, drawn.has_pressure);
    let visible =
        style.width > 0.0 && !style.stroke.is_transparent() && !path.elements().is_empty();
    visible.then_some(Item::Fill { path, color: style.stroke })
}

/// The box on the board around a painted item; curves count with their control points.
fn reach(item: &Item, geometry: Geometry, origin: BoardPoint) -> Bounds {
    let on_board = |point: Point| {
        BoardPoint::new(origin.x + point.x, origin.y + point.y).rotated(origin, geometry.angle)
    };
    match item {
        Item::Fill { path, .. } => Bounds::around(controls(path).map(on_board)),
        Item::Stroke { path, width, .. } => {
            Bounds::around(controls(path).map(on_board)).inflated(width / 2.0)
        }
        Item::Text { .. } => geometry.turned_bounds(),
    }
}

fn controls(path: &BezPath) -> impl Iterator<Item = Point> {
    path.elements().iter().flat_map(|element| {
        let points = match *element {
            PathEl::MoveTo(a) | PathEl::LineTo(a) => [Some(a), None, None],
            PathEl::QuadTo(a, b) => [Some(a), Some(b), None],
            PathEl::CurveTo(a, b, c) => [Some(a), Some(b), Some(c)],
            PathEl::ClosePath => [None; 3],
        };
        points.into_iter().flatten()
    })
}
