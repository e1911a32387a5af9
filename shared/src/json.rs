//! Elements as JSON, the same for `GET /api/rooms/{room}/board` and the page's `tandem.elements()`.
//!
//! What is written is a [`Json`], which the page hands to scripts as it is: all that `serde_json` can do
//! would weigh as much there as the tools.

use serde_json::Value;

use crate::element::{Binding, Brush, Crop, Element, Path, Shape};
use crate::geometry::{BoardPoint, Flip};

/// A JSON value that is only written.
#[derive(Clone, PartialEq, Debug)]
pub enum Json {
    /// A flag.
    Flag(bool),
    /// A small whole number.
    Whole(u8),
    /// Any other number.
    Number(f64),
    /// A text.
    Text(String),
    /// A list.
    List(Vec<Json>),
    /// An object.
    Fields(Vec<(&'static str, Json)>),
}

impl From<Json> for Value {
    fn from(json: Json) -> Self {
        match json {
            Json::Flag(flag) => flag.into(),
            Json::Whole(number) => number.into(),
            Json::Number(number) => number.into(),
            Json::Text(text) => text.into(),
            Json::List(items) => items.into_iter().map(Self::from).collect(),
            Json::Fields(fields) => {
                fields.into_iter().map(|(name, field)| (name, Self::from(field))).collect()
            }
        }
    }
}

/// `{"elements": [...]}` of elements in the order of the stack.
pub fn elements_json<'a>(elements: impl IntoIterator<Item = &'a Element>) -> Value {
    let elements = elements.into_iter().map(element_json).collect();
    Json::Fields(vec![("elements", Json::List(elements))]).into()
}

/// One element: `id`, `kind`, `x`, `y`, `w`, `h`, `angle` (radians), its looks, and what its kind has.
/// Ink of which some was rubbed out says of how many points each of its `pieces` consists.
/// Points of ink (`[x, y, pressure]`) and lines (`[x, y]`) are board points before the turn by `angle`.
pub fn element_json(element: &Element) -> Json {
    let Element { id, geometry, style, groups, locked, frame, link, shape, z } = element;
    let mut fields = vec![
        ("id", text(id.as_str())),
        ("kind", text(shape.kind())),
        ("x", Json::Number(geometry.x)),
        ("y", Json::Number(geometry.y)),
        ("w", Json::Number(geometry.w)),
        ("h", Json::Number(geometry.h)),
        ("angle", Json::Number(geometry.angle)),
        ("z", text(z.as_str())),
        ("stroke", Json::Text(style.stroke.to_string())),
        ("fill", Json::Text(style.fill.to_string())),
        ("fillStyle", text(style.fill_style.name())),
        ("width", Json::Number(style.width)),
        ("dash", text(style.dash.name())),
        ("edges", text(style.edges.name())),
        ("roughness", Json::Whole(style.roughness)),
        ("opacity", Json::Number(style.opacity)),
        ("groups", texts(groups)),
        ("locked", Json::Flag(*locked)),
    ];
    let mut add = |name, value| fields.push((name, value));
    if geometry.flip != Flip::default() {
        let Flip { across, down } = geometry.flip;
        add("flip", Json::List(vec![Json::Flag(across), Json::Flag(down)]));
    }
    if let Some(frame) = frame {
        add("frame", text(frame.as_str()));
    }
    if let Some(link) = link {
        add("link", text(link));
    }
    match shape {
        Shape::Rectangle | Shape::Ellipse | Shape::Diamond | Shape::Triangle => {}
        Shape::Note | Shape::Unknown(_) => {}
        Shape::Frame(frame) => add("name", text(&frame.name)),
        Shape::Image(image) => {
            add("file", Json::Text(image.file.to_string()));
            add("natural", numbers(&[image.natural.0, image.natural.1]));
            if image.crop != Crop::WHOLE {
                let part = image.crop.part();
                add("crop", numbers(&[part.x0, part.y0, part.x1, part.y1]));
            }
        }
        Shape::Line(path) => add("points", corners(element, path)),
        Shape::Arrow(arrow) => {
            add("points", corners(element, &arrow.path));
            let heads = [arrow.heads.start, arrow.heads.end];
            add("heads", Json::List(heads.iter().map(|head| text(head.name())).collect()));
            add("elbow", Json::Flag(arrow.is_elbow));
            if !arrow.fixed.is_empty() {
                let pieces: Vec<f64> = arrow.fixed.iter().map(|it| *it as f64).collect();
                add("fixed", numbers(&pieces));
            }
            for (name, end) in [("start", &arrow.start), ("end", &arrow.end)] {
                if let Some(Binding { element, at, gap }) = end {
                    let bound = vec![
                        ("element", text(element.as_str())),
                        ("at", numbers(&[at.0, at.1])),
                        ("gap", Json::Number(*gap)),
                    ];
                    add(name, Json::Fields(bound));
                }
            }
        }
        Shape::Ink(ink) => {
            let natural = ink.bounds();
            let point = |p: &crate::ink::InkPoint| {
                let BoardPoint { x, y } = geometry.place(natural, p.at);
                numbers(&[x, y, p.pressure.into()])
            };
            let pieces = ink.pieces();
            add("points", Json::List(pieces.iter().flatten().map(point).collect()));
            if pieces.len() > 1 {
                add(
                    "pieces",
                    numbers(&pieces.iter().map(|it| it.len() as f64).collect::<Vec<_>>()),
                );
            }
            add("hasPressure", Json::Flag(ink.has_pressure));
            if ink.brush != Brush::default() {
                add("brush", text(ink.brush.name()));
            }
        }
        Shape::Text(written) => {
            add("text", text(&written.value));
            add("lines", texts(&written.lines));
            add("fontSize", Json::Number(written.size));
            add("font", text(written.font.name()));
            add("align", text(written.align.name()));
            add("vertical", text(written.vertical.name()));
            add("wraps", Json::Flag(written.wraps));
            if let Some(container) = &written.container {
                add("container", text(container.as_str()));
            }
        }
    }
    Json::Fields(fields)
}

fn corners(element: &Element, path: &Path) -> Json {
    let natural = path.bounds();
    let point = |&p: &BoardPoint| {
        let BoardPoint { x, y } = element.geometry.place(natural, p);
        numbers(&[x, y])
    };
    Json::List(path.points.iter().map(point).collect())
}

fn text(text: &str) -> Json {
    Json::Text(text.to_owned())
}

fn texts(texts: &[String]) -> Json {
    Json::List(texts.iter().map(|it| text(it)).collect())
}

fn numbers(numbers: &[f64]) -> Json {
    Json::List(numbers.iter().map(|&number| Json::Number(number)).collect())
}
