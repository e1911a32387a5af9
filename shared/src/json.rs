//! Elements as JSON, the same for `GET /api/rooms/{room}/board` and the page's `tandem.elements()`.

use serde_json::{Map, Value, json};

use crate::element::{Element, Path, Shape};
use crate::geometry::BoardPoint;

/// `{"elements": [...]}` of elements in the order of the stack.
pub fn elements_json<'a>(elements: impl IntoIterator<Item = &'a Element>) -> Value {
    json!({ "elements": elements.into_iter().map(element_json).collect::<Vec<_>>() })
}

/// One element: `id`, `kind`, `x`, `y`, `w`, `h`, `angle` (radians), its looks, and what its kind has.
/// Points of ink (`[x, y, pressure]`) and lines (`[x, y]`) are board points before the turn by `angle`.
pub fn element_json(element: &Element) -> Value {
    let Element { id, geometry, style, groups, locked, shape, z } = element;
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
    match shape {
        Shape::Rectangle | Shape::Ellipse | Shape::Diamond | Shape::Unknown(_) => {}
        Shape::Line(path) => add_path(&mut object, element, path),
        Shape::Arrow(path, heads) => {
            add_path(&mut object, element, path);
            object.insert("heads".into(), json!([heads.start.name(), heads.end.name()]));
        }
        Shape::Ink(ink) => {
            let natural = ink.bounds();
            let point = |p: &crate::ink::InkPoint| {
                let BoardPoint { x, y } = geometry.place(natural, p.at);
                json!([x, y, p.pressure])
            };
            object.insert("points".into(), ink.points.iter().map(point).collect());
            object.insert("hasPressure".into(), ink.has_pressure.into());
        }
        Shape::Text(text) => {
            object.insert("text".into(), text.value.as_str().into());
            object.insert("lines".into(), json!(text.lines));
            object.insert("fontSize".into(), text.size.into());
            object.insert("font".into(), text.font.name().into());
            object.insert("align".into(), text.align.name().into());
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
