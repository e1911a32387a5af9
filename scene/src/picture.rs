//! From an element to what is painted.

use kurbo::{BezPath, PathEl, Point};
use shared::element::{Brush, Dash, Edges, Element, Ink, Path, Shape, Style};
use shared::geometry::{BoardPoint, Bounds, Geometry};

use crate::display::{Blend, Item, Picture};
use crate::filling::fill;
use crate::hand::{Hand, seed_of};
use crate::outline::{is_closed, label_center, local, outline, without_box};
use crate::{heads, ink, note, text};

/// An arrow's line ends this far from its label, on both sides together, in board units.
const LABEL_GAP: f64 = 10.0;

/// How `element` looks.
pub fn picture(element: &Element) -> Picture {
    picture_of(&element.style, &element.shape, element.geometry, seed_of(&element.id))
}

/// How something looks that is no element yet, such as what a gesture is drawing. With the same `seed` its
/// lines are as unsteady in the same places.
pub fn picture_of(style: &Style, shape: &Shape, geometry: Geometry, seed: u32) -> Picture {
    let items = items(style, shape, geometry, Hand::of(style, shape, geometry, seed));
    let origin = geometry.center();
    let mut bounds =
        items.iter().map(|item| reach(item, geometry, origin)).fold(Bounds::EMPTY, Bounds::union);
    if bounds.is_empty() {
        bounds = geometry.turned_bounds();
    }
    let blend = Blend::of(shape);
    Picture { bounds, origin, angle: geometry.angle, opacity: style.opacity, blend, items }
}

impl Blend {
    /// What a shape does to the colors below it.
    pub fn of(shape: &Shape) -> Self {
        match shape {
            Shape::Ink(Ink { brush: Brush::Highlighter, .. }) => Self::Marker,
            Shape::Note => Self::Paper,
            _ => Self::Over,
        }
    }
}

fn items(style: &Style, shape: &Shape, geometry: Geometry, hand: Hand) -> Vec<Item> {
    let exact = || outline(shape, geometry, style.edges);
    match shape {
        Shape::Rectangle | Shape::Ellipse | Shape::Diamond | Shape::Triangle | Shape::Line(_) => {
            let path = exact();
            let is_full = is_closed(shape, geometry);
            let inside = if is_full { fill(&path, style, hand) } else { None };
            let line = drawn(&path, style, shape, geometry, hand);
            inside.into_iter().chain(stroke(line, style)).collect()
        }
        Shape::Arrow(arrow) => {
            let (shaft, heads) = heads::heads(exact(), arrow, style, hand);
            let mut line = drawn(&shaft, style, shape, geometry, hand);
            if let Some((w, h)) = arrow.label {
                line = without_box(
                    &line,
                    label_center(arrow, geometry, style.edges),
                    (w + LABEL_GAP, h),
                );
            }
            stroke(line, style).into_iter().chain(heads).collect()
        }
        Shape::Ink(ink) => {
            let inside =
                if is_closed(shape, geometry) { fill(&exact(), style, hand) } else { None };
            inside.into_iter().chain(inked(ink, style, geometry)).collect()
        }
        Shape::Text(written) => text::item(written, geometry, style).into_iter().collect(),
        Shape::Note => note::items(style, geometry),
        Shape::Frame(frame) => {
            let (w, h) = (geometry.w, geometry.h);
            vec![Item::Frame { w, h, name: frame.name.clone() }]
        }
        Shape::Image(image) => {
            let image = Box::new(image.clone());
            vec![Item::Image { image, w: geometry.w, h: geometry.h, flip: geometry.flip }]
        }
        Shape::Unknown(_) => Vec::new(),
    }
}

/// The line along an outline as a hand draws it.
fn drawn(path: &BezPath, style: &Style, shape: &Shape, geometry: Geometry, hand: Hand) -> BezPath {
    let is_curve = |path: &Path| style.edges == Edges::Round && path.points.len() > 2;
    match shape {
        Shape::Ellipse if !hand.is_steady() => hand.ellipse(geometry.w, geometry.h),
        Shape::Line(course) if is_curve(course) => hand.smoothly_along(path),
        Shape::Arrow(arrow) if is_curve(&arrow.path) && !arrow.is_elbow => {
            hand.smoothly_along(path)
        }
        _ => hand.along(path),
    }
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
    if style.width <= 0.0 || style.stroke.is_transparent() {
        return None;
    }
    match drawn.brush {
        Brush::Pen => {
            let path = if drawn.rubbed.is_empty() {
                ink::area(points, style.width, drawn.has_pressure)
            } else {
                ink::left(drawn, points, style.width)
            };
            let is_visible = !path.elements().is_empty();
            is_visible.then_some(Item::Fill { path, color: style.stroke })
        }
        Brush::Highlighter => {
            let width = style.width;
            let path = if drawn.rubbed.is_empty() {
                ink::marked(points, width)
            } else {
                ink::left(drawn, points, width)
            };
            let color = ink::marker_color(style.stroke);
            let is_visible = !path.elements().is_empty();
            is_visible.then_some(Item::Stroke { path, color, width, dash: Vec::new() })
        }
    }
}

/// The box on the board around a painted item; curves count with their control points.
fn reach(item: &Item, geometry: Geometry, origin: BoardPoint) -> Bounds {
    let on_board = |point: Point| {
        BoardPoint::new(origin.x + point.x, origin.y + point.y).rotated(origin, geometry.angle)
    };
    match item {
        Item::Fill { path, .. } => Bounds::around(controls(path).map(on_board)),
        Item::Stroke { path, width, .. } | Item::Hatch { path, width, .. } => {
            Bounds::around(controls(path).map(on_board)).inflated(width / 2.0)
        }
        Item::Text { .. } | Item::Image { .. } => geometry.turned_bounds(),
        Item::Frame { .. } => geometry.turned_bounds().inflated(note::FRAME_REACH),
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
