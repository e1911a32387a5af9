//! Writes elements as Excalidraw has them, so that a copy made here can be pasted there. What Excalidraw
//! knows nothing of is written as what is nearest to it, with a note (`customData.tandem`) of what it
//! was, so that it comes back whole here.

use serde_json::{Map, Value};

use crate::color::Color;
use crate::element::{Arrow, Binding, Brush, Crop, Edges, Element, Font, Head, Shape, Text};
use crate::geometry::{BoardPoint, Bounds, Geometry};
use crate::id::ElementId;

/// What the text is for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Format {
    /// The clipboard.
    Clipboard,
    /// A file.
    File,
}

/// An object while it is put together.
type Object = Map<String, Value>;

/// Elements, in the order of the stack, as text in Excalidraw's format. Those of newer versions are left out.
pub fn export<'a>(elements: impl IntoIterator<Item = &'a Element>, format: Format) -> String {
    let elements: Vec<&Element> = elements.into_iter().collect();
    let mut written: Vec<(&ElementId, Object)> = Vec::new();
    for element in &elements {
        // A stroke that was rubbed at is several there.
        let apart = element.apart();
        let all = if apart.is_empty() { std::slice::from_ref(*element) } else { &apart };
        written.extend(all.iter().filter_map(|it| Some((&element.id, object(it)?))));
    }
    // Excalidraw wants to be told from both sides what hangs together.
    for element in &elements {
        let holders = match &element.shape {
            Shape::Text(text) => [text.container.as_ref(), None],
            Shape::Arrow(arrow) => [&arrow.start, &arrow.end].map(|it| Some(&it.as_ref()?.element)),
            _ => continue,
        };
        let kind = element.shape.kind();
        for holder in holders.into_iter().flatten() {
            let Some((_, object)) = written.iter_mut().find(|(id, _)| *id == holder) else {
                continue;
            };
            let bound = collect(vec![("id", text(element.id.as_str())), ("type", text(kind))]);
            let list = object.entry("boundElements").or_insert_with(|| Value::Array(Vec::new()));
            if let Value::Array(list) = list {
                list.push(Value::Object(bound));
            }
        }
    }
    let elements = written.into_iter().map(|(_, object)| Value::Object(object)).collect();
    let kind = match format {
        Format::Clipboard => "excalidraw/clipboard",
        Format::File => "excalidraw",
    };
    let file = collect(vec![
        ("type", text(kind)),
        ("version", 2.into()),
        ("source", text("tandem")),
        ("elements", Value::Array(elements)),
        ("appState", Value::Object(Object::new())),
        ("files", Value::Object(Object::new())),
    ]);
    Value::Object(file).to_string()
}

fn object(element: &Element) -> Option<Object> {
    let Element { id, geometry, style, groups, locked, frame, link, shape, .. } = element;
    let kind = match shape {
        Shape::Rectangle | Shape::Note => "rectangle",
        Shape::Triangle => "line",
        Shape::Ink(_) => "freedraw",
        Shape::Unknown(_) => return None,
        _ => shape.kind(),
    };
    // Of adaptive size for boxes, in proportion for lines.
    let roundness = match (style.edges, kind) {
        (Edges::Sharp, _) => Value::Null,
        (Edges::Round, "rectangle" | "image") => Value::Object(collect(vec![("type", 3.into())])),
        (Edges::Round, _) => Value::Object(collect(vec![("type", 2.into())])),
    };
    let mut object = collect(vec![
        ("id", text(id.as_str())),
        ("type", text(kind)),
        ("x", geometry.x.into()),
        ("y", geometry.y.into()),
        ("width", geometry.w.into()),
        ("height", geometry.h.into()),
        ("angle", geometry.angle.into()),
        ("strokeColor", color(style.stroke)),
        ("backgroundColor", color(style.fill)),
        ("fillStyle", text(style.fill_style.name())),
        ("strokeWidth", style.width.into()),
        ("strokeStyle", text(style.dash.name())),
        ("roughness", style.roughness.into()),
        ("opacity", (style.opacity * 100.0).round().into()),
        ("groupIds", list(groups.iter().map(|group| text(group)).collect())),
        ("frameId", name(frame.as_ref())),
        ("roundness", roundness),
        ("isDeleted", false.into()),
        ("link", link.as_deref().map_or(Value::Null, text)),
        ("locked", (*locked).into()),
    ]);
    add_shape(&mut object, *geometry, shape);
    Some(object)
}

/// What only the shape's own kind has.
fn add_shape(object: &mut Object, geometry: Geometry, shape: &Shape) {
    match shape {
        Shape::Rectangle | Shape::Ellipse | Shape::Diamond | Shape::Unknown(_) => {}
        Shape::Note => remember(object, "kind", text("note")),
        Shape::Triangle => {
            let (left, right) = (BoardPoint::new(0.0, 1.0), BoardPoint::new(1.0, 1.0));
            let corners = [BoardPoint::new(0.5, 0.0), right, left, BoardPoint::new(0.5, 0.0)];
            let natural = Bounds { x0: 0.0, y0: 0.0, x1: 1.0, y1: 1.0 };
            // A line is where its points are: where the triangle itself is stands beside it.
            let own = [geometry.x, geometry.y, geometry.w, geometry.h];
            add_points(object, geometry, natural, corners.into_iter());
            object.insert("polygon".into(), true.into());
            remember(object, "kind", text("triangle"));
            remember(object, "box", numbers(&own));
            remember(object, "flip", geometry.flip.bits().into());
        }
        Shape::Line(path) => {
            add_points(object, geometry, path.bounds(), path.points.iter().copied());
        }
        Shape::Arrow(arrow) => add_arrow(object, geometry, arrow),
        Shape::Ink(ink) => {
            add_points(object, geometry, ink.bounds(), ink.points.iter().map(|point| point.at));
            let measured = if ink.has_pressure { &ink.points[..] } else { &[] };
            let pressures: Vec<f64> = measured.iter().map(|it| it.pressure.into()).collect();
            object.insert("pressures".into(), numbers(&pressures));
            object.insert("simulatePressure".into(), (!ink.has_pressure).into());
            if ink.brush != Brush::default() {
                remember(object, "brush", text(ink.brush.name()));
            }
        }
        Shape::Text(written) => add_text(object, written),
        Shape::Frame(frame) => {
            object.insert("name".into(), text(&frame.name));
            // Excalidraw has no frames in frames.
            let outer = object.insert("frameId".into(), Value::Null);
            if let Some(outer @ Value::String(_)) = outer {
                remember(object, "frame", outer);
            }
        }
        Shape::Image(image) => {
            let side = |is_flipped: bool| if is_flipped { -1.0 } else { 1.0 };
            object.insert("fileId".into(), text(&image.file.to_string()));
            object.insert("status".into(), text("saved"));
            object.insert(
                "scale".into(),
                numbers(&[side(geometry.flip.across), side(geometry.flip.down)]),
            );
            let (w, h) = image.natural;
            remember(object, "natural", numbers(&[w, h]));
            if image.crop != Crop::WHOLE {
                let part = image.crop.part();
                let crop = [
                    ("x", part.x0 * w),
                    ("y", part.y0 * h),
                    ("width", part.width() * w),
                    ("height", part.height() * h),
                    ("naturalWidth", w),
                    ("naturalHeight", h),
                ];
                // What a fraction leaves behind a pixel's thousandth is nobody's doing.
                let tidy = |v: f64| (v * 1_024.0).round() / 1_024.0;
                let crop = crop.map(|(key, value)| (key, tidy(value).into()));
                object.insert("crop".into(), Value::Object(collect(crop.to_vec())));
            }
        }
    }
}

/// Points count from the first one, where the element then is.
fn add_points(
    object: &mut Object,
    geometry: Geometry,
    natural: Bounds,
    points: impl Iterator<Item = BoardPoint>,
) {
    let points: Vec<_> = points.map(|point| geometry.place(natural, point)).collect();
    let Some(&first) = points.first() else { return };
    object.insert("x".into(), first.x.into());
    object.insert("y".into(), first.y.into());
    let point = |at: &BoardPoint| numbers(&[at.x - first.x, at.y - first.y]);
    object.insert("points".into(), list(points.iter().map(point).collect()));
}

fn add_arrow(object: &mut Object, geometry: Geometry, arrow: &Arrow) {
    add_points(object, geometry, arrow.path.bounds(), arrow.path.points.iter().copied());
    object.insert("startArrowhead".into(), head(arrow.heads.start));
    object.insert("endArrowhead".into(), head(arrow.heads.end));
    object.insert("elbowed".into(), arrow.is_elbow.into());
    if arrow.is_elbow {
        let points = object.get("points").and_then(Value::as_array).cloned().unwrap_or_default();
        let piece = |&from: &usize| {
            let (start, end) = (points.get(from)?.clone(), points.get(from + 1)?.clone());
            let index = (from + 1).into();
            Some(Value::Object(collect(vec![("index", index), ("start", start), ("end", end)])))
        };
        let fixed: Vec<Value> = arrow.fixed.iter().filter_map(piece).collect();
        let fixed = if fixed.is_empty() { Value::Null } else { Value::Array(fixed) };
        object.insert("fixedSegments".into(), fixed);
    }
    for (key, end) in [("startBinding", &arrow.start), ("endBinding", &arrow.end)] {
        let bound = end.as_ref().map_or(Value::Null, |Binding { element, at, gap }| {
            Value::Object(collect(vec![
                ("elementId", text(element.as_str())),
                ("fixedPoint", numbers(&[at.0, at.1])),
                ("focus", 0.into()),
                ("gap", (*gap).into()),
                ("mode", text("orbit")),
            ]))
        });
        object.insert(key.into(), bound);
    }
}

fn add_text(object: &mut Object, written: &Text) {
    let family = match written.font {
        Font::Hand => 5,
        Font::Sans | Font::Serif => 2,
        Font::Mono => 3,
    };
    if written.font == Font::Serif {
        remember(object, "font", text(written.font.name()));
    }
    let vertical = if written.container.is_some() { written.vertical.name() } else { "top" };
    object.extend(collect(vec![
        ("text", text(&written.lines.join("\n"))),
        ("originalText", text(&written.value)),
        ("fontSize", written.size.into()),
        ("fontFamily", family.into()),
        ("textAlign", text(written.align.name())),
        ("verticalAlign", text(vertical)),
        ("lineHeight", 1.25.into()),
        ("autoResize", (!written.wraps).into()),
        ("containerId", name(written.container.as_ref())),
    ]));
}

/// Notes something that only Tandem reads.
fn remember(object: &mut Object, key: &str, value: Value) {
    let mut at = object;
    for name in ["customData", "tandem"] {
        let inner = at.entry(name).or_insert_with(|| Value::Object(Object::new()));
        let Value::Object(inner) = inner else { return };
        at = inner;
    }
    at.insert(key.into(), value);
}

fn head(head: Head) -> Value {
    text(match head {
        Head::None => return Value::Null,
        Head::Arrow => "arrow",
        Head::Triangle => "triangle",
        Head::TriangleOutline => "triangle_outline",
        Head::Dot => "circle",
        Head::DotOutline => "circle_outline",
        Head::Bar => "bar",
        Head::Diamond => "diamond",
        Head::DiamondOutline => "diamond_outline",
        Head::CrowfootOne => "crowfoot_one",
        Head::CrowfootMany => "crowfoot_many",
        Head::CrowfootOneOrMany => "crowfoot_one_or_many",
    })
}

fn color(color: Color) -> Value {
    if color.is_transparent() { text("transparent") } else { text(&color.to_string()) }
}

fn name(id: Option<&ElementId>) -> Value {
    id.map_or(Value::Null, |id| text(id.as_str()))
}

fn text(text: &str) -> Value {
    Value::String(text.to_owned())
}

fn list(values: Vec<Value>) -> Value {
    Value::Array(values)
}

fn numbers(numbers: &[f64]) -> Value {
    list(numbers.iter().map(|&number| number.into()).collect())
}

fn collect(pairs: Vec<(&str, Value)>) -> Object {
    pairs.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
}
