//! Elements as JSON, the same for `GET /api/rooms/{room}/board` and the page's `tandem.elements()`.

use serde_json::{Map, Value, json};

use crate::element::{Binding, Brush, Element, Path, Shape};
use crate::geometry::{BoardPoint, Flip};

/// `{"elements": [...]}` of elements in the order of the stack.
pub fn elements_json<'a>(elements: impl IntoIterator<Item = &'a Element>) -> Value {
    json!({ "elements": elements.into_iter().map(element_json).collect::<Vec<_>>() })
}

/// One element: `id`, `kind`, `x`, `y`, `w`, `h`, `angle` (radians), its looks, and what its kind has.
/// Ink of which some was rubbed out says of how many points each of its `pieces` consists.
/// Points of ink (`[x, y, pressure]`) and lines (`[x, y]`) are board points before the turn by `angle`.
pub fn element_json(element: &Element) -> Value {
    let Element { id, geometry, style, groups, locked, frame, link, shape, z } = element;
    let base = json!({
        "id": id.as_str(),
        "kind": shape.kind(),
        "x": geometry.x,
        "y": geometry.y,
        "w": geometry.w,
        "h": geometry.h,
        "angle": geometry.angle,
        "z": z.as_str(),
        "stroke": style.stroke.to_string(),
        "fill": style.fill.to_string(),
        "fillStyle": style.fill_style.name(),
        "width": style.width,
        "dash": style.dash.name(),
        "edges": style.edges.name(),
        "roughness": style.roughness,
        "opacity": style.opacity,
        "groups": groups,
        "locked": locked,
    });
    let Value::Object(mut object) = base else { return base };
    if geometry.flip != Flip::default() {
        object.insert("flip".into(), json!([geometry.flip.across, geometry.flip.down]));
    }
    if let Some(frame) = frame {
        object.insert("frame".into(), frame.as_str().into());
    }
    if let Some(link) = link {
        object.insert("link".into(), link.as_str().into());
    }
    match shape {
        Shape::Rectangle | Shape::Ellipse | Shape::Diamond | Shape::Triangle => {}
        Shape::Note | Shape::Unknown(_) => {}
        Shape::Frame(frame) => _ = object.insert("name".into(), frame.name.as_str().into()),
        Shape::Image(image) => {
            object.insert("file".into(), image.file.to_string().into());
            object.insert("natural".into(), json!([image.natural.0, image.natural.1]));
            if let Some(crop) = image.crop {
                let crop = json!([crop.x0, crop.y0, crop.width(), crop.height()]);
                object.insert("crop".into(), crop);
            }
        }
        Shape::Line(path) => add_path(&mut object, element, path),
        Shape::Arrow(arrow) => {
            add_path(&mut object, element, &arrow.path);
            object
                .insert("heads".into(), json!([arrow.heads.start.name(), arrow.heads.end.name()]));
            object.insert("elbow".into(), arrow.is_elbow.into());
            if !arrow.fixed.is_empty() {
                object.insert("fixed".into(), json!(arrow.fixed));
            }
            for (key, end) in [("start", &arrow.start), ("end", &arrow.end)] {
                if let Some(Binding { element, at, gap }) = end {
                    let bound =
                        json!({ "element": element.as_str(), "at": [at.0, at.1], "gap": gap });
                    object.insert(key.into(), bound);
                }
            }
        }
        Shape::Ink(ink) => {
            let natural = ink.bounds();
            let point = |p: &crate::ink::InkPoint| {
                let BoardPoint { x, y } = geometry.place(natural, p.at);
                json!([x, y, p.pressure])
            };
            let pieces = ink.pieces();
            object.insert("points".into(), pieces.iter().flatten().map(point).collect());
            if pieces.len() > 1 {
                let n_points: Vec<usize> = pieces.iter().map(Vec::len).collect();
                object.insert("pieces".into(), json!(n_points));
            }
            object.insert("hasPressure".into(), ink.has_pressure.into());
            if ink.brush != Brush::default() {
                object.insert("brush".into(), ink.brush.name().into());
            }
        }
        Shape::Text(text) => {
            object.insert("text".into(), text.value.as_str().into());
            object.insert("lines".into(), json!(text.lines));
            object.insert("fontSize".into(), text.size.into());
            object.insert("font".into(), text.font.name().into());
            object.insert("align".into(), text.align.name().into());
            object.insert("vertical".into(), text.vertical.name().into());
            object.insert("wraps".into(), text.wraps.into());
            if let Some(container) = &text.container {
                object.insert("container".into(), container.as_str().into());
            }
        }
    }
    Value::Object(object)
}

fn add_path(object: &mut Map<String, Value>, element: &Element, path: &Path) {
    let natural = path.bounds();
    let point = |&p: &BoardPoint| {
        let BoardPoint { x, y } = element.geometry.place(natural, p);
        json!([x, y])
    };
    object.insert("points".into(), path.points.iter().map(point).collect());
}
