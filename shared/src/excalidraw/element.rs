//! One element of a file as one of Tandem's.

use std::f64::consts::TAU;

use serde_json::Value;

use super::fields::{Fields, Reason};
use super::{FindPicture, style};
use crate::element::{
    Arrow, Binding, Brush, Crop, Font, Frame, Image, Ink, NewElement, Path, Shape, Text,
};
use crate::geometry::{Bounds, Flip, Geometry};
use crate::id::{ElementId, FileId};
use crate::ink::{InkPoint, NO_PRESSURE};
use crate::limits::{
    COORDINATE_MAX, INK_CHUNK_MAX_POINTS, LINK_MAX_BYTES, NAME_MAX_BYTES, PATH_MAX_POINTS,
    TEXT_MAX_BYTES,
};

/// Most groups that one element is taken to be in; inner ones win.
const GROUPS_MAX: usize = 32;

/// Longest group id that is taken over, in bytes.
const GROUP_ID_MAX_BYTES: usize = 64;

/// Longest part of a file's own words that a report repeats, in characters.
const QUOTE_MAX_CHARS: usize = 64;

/// Ink before 2021: a plain line of its stroke's width.
const OLD_INK: &str = "draw";

/// How thick today's ink of width 1 is under middling pressure, in board units.
const PEN_THICKNESS: f64 = 6.0;

/// How far before what it is bound to an arrow ends if its file does not say, in board units.
const USUAL_GAP: f64 = 5.0;

/// What became of an element.
pub(super) enum Reading {
    /// It can be put on a board, and has this id if it has one.
    Element(Option<ElementId>, Box<NewElement>),
    /// Its author deleted it.
    Deleted,
    /// It is broken, or Tandem has nothing like it.
    Unusable {
        /// Its id in the file, if it has one.
        id: String,
        /// Why.
        reason: Reason,
    },
}

/// Reads one element.
pub(super) fn read(value: &Value, find: FindPicture<'_>) -> Reading {
    let Some(object) = value.as_object() else {
        return Reading::Unusable { id: String::new(), reason: "it is not an object".into() };
    };
    let fields = Fields(object);
    if fields.is_true("isDeleted") {
        return Reading::Deleted;
    }
    match element(fields, find) {
        Ok(element) => Reading::Element(named(fields, "id"), Box::new(element)),
        Err(reason) => {
            Reading::Unusable { id: quoted(fields.text("id").unwrap_or_default()), reason }
        }
    }
}

fn element(fields: Fields<'_>, find: FindPicture<'_>) -> Result<NewElement, Reason> {
    let own = remembered(fields);
    let own_kind = own.and_then(|own| own.text("kind"));
    let (geometry, shape) = match fields.text("type") {
        Some("rectangle") if own_kind == Some("note") => (Some(placement(fields)?), Shape::Note),
        Some("line") if own_kind == Some("triangle") => (Some(own_box(fields)?), Shape::Triangle),
        Some("rectangle") => (Some(placement(fields)?), Shape::Rectangle),
        Some("ellipse") => (Some(placement(fields)?), Shape::Ellipse),
        Some("diamond") => (Some(placement(fields)?), Shape::Diamond),
        Some("text") => (Some(placement(fields)?), Shape::Text(text(fields)?)),
        Some("line") => turned(fields, Shape::Line(path(fields)?)),
        Some("arrow") => turned(fields, Shape::Arrow(arrow(fields)?)),
        Some("freedraw") => turned(fields, Shape::Ink(ink(fields)?)),
        Some(OLD_INK) => turned(fields, Shape::Ink(even_ink(fields)?)),
        Some("image") => (Some(image_box(fields)?), Shape::Image(image(fields, find)?)),
        Some("frame" | "magicframe") => (Some(placement(fields)?), Shape::Frame(frame(fields))),
        Some("embeddable" | "iframe") => return Err("embedded pages cannot be imported".into()),
        Some("selection") => return Err("a selection is not a drawing".into()),
        Some(other) => return Err(format!("elements of type {} are not known", quoted(other))),
        None => return Err("it has no type".into()),
    };
    let mut style = style::style(fields);
    if fields.text("type") == Some(OLD_INK) {
        style.width /= PEN_THICKNESS;
    }
    Ok(NewElement {
        geometry,
        style,
        groups: groups(fields),
        locked: fields.is_true("locked"),
        frame: named(fields, "frameId").or_else(|| named(remembered(fields)?, "frame")),
        link: fields.text("link").filter(|link| link.len() <= LINK_MAX_BYTES).map(str::to_owned),
        shape,
    })
}

/// What Tandem itself noted about an element that Excalidraw knows nothing like.
fn remembered(fields: Fields<'_>) -> Option<Fields<'_>> {
    let custom = Fields(fields.value("customData")?.as_object()?);
    Some(Fields(custom.value("tandem")?.as_object()?))
}

fn own_box(fields: Fields<'_>) -> Result<Geometry, Reason> {
    let own = remembered(fields);
    let numbers: Option<Vec<f64>> =
        own.map(|own| own.list("box")).unwrap_or_default().iter().map(Value::as_f64).collect();
    let [x, y, w, h] = numbers.unwrap_or_default()[..] else { return placement(fields) };
    let flip = own.and_then(|own| own.number("flip")).map_or(0, |bits| bits as u8);
    let (angle, flip) = (angle(fields), Flip::of_bits(flip));
    Ok(Geometry { x, y, w, h, angle, flip }.sanitized())
}

fn placement(fields: Fields<'_>) -> Result<Geometry, Reason> {
    let geometry = Geometry {
        x: fields.needed("x")?,
        y: fields.needed("y")?,
        w: fields.needed("width")?,
        h: fields.needed("height")?,
        angle: angle(fields),
        ..Geometry::default()
    };
    Ok(geometry.sanitized())
}

fn angle(fields: Fields<'_>) -> f64 {
    fields.number("angle").unwrap_or(0.0).rem_euclid(TAU)
}

/// A shape with points has a placement of its own only when it is turned, around their middle.
fn turned(fields: Fields<'_>, shape: Shape) -> (Option<Geometry>, Shape) {
    let angle = angle(fields);
    let natural = shape.natural_bounds().filter(|_| angle != 0.0);
    (natural.map(|bounds| Geometry { angle, ..Geometry::over(bounds) }), shape)
}

fn named(fields: Fields<'_>, key: &str) -> Option<ElementId> {
    ElementId::parse(fields.text(key)?).ok()
}

fn arrow(fields: Fields<'_>) -> Result<Arrow, Reason> {
    let path = path(fields)?;
    // There pieces are counted by the corners that they end at.
    let fixed = fields.list("fixedSegments").iter();
    let fixed = fixed.filter_map(|it| it.get("index")?.as_u64()?.checked_sub(1));
    Ok(Arrow {
        fixed: Arrow::pieces(fixed.map(|it| it as usize), path.points.len()),
        path,
        heads: style::heads(fields),
        is_elbow: fields.is_true("elbowed"),
        start: binding(fields, "startBinding"),
        end: binding(fields, "endBinding"),
        label: None,
    })
}

/// Files before 2024 say how far off the middle an arrow aims (`focus`) instead of where to.
fn binding(fields: Fields<'_>, key: &str) -> Option<Binding> {
    let binding = Fields(fields.value(key)?.as_object()?);
    let at = |index: usize| binding.list("fixedPoint").get(index).and_then(Value::as_f64);
    Some(Binding {
        element: named(binding, "elementId")?,
        at: (at(0).unwrap_or(0.5).clamp(0.0, 1.0), at(1).unwrap_or(0.5).clamp(0.0, 1.0)),
        gap: binding.number("gap").unwrap_or(USUAL_GAP).clamp(0.0, 100.0),
    })
}

/// What is not in the file may be where it goes, if it is named by its digest.
fn image(fields: Fields<'_>, find: FindPicture<'_>) -> Result<Image, Reason> {
    let name = fields.text("fileId").unwrap_or_default();
    let found = find(name).transpose()?;
    let file = found.map(|it| it.file).or_else(|| FileId::parse(name).ok());
    let file = file.ok_or("its picture is not in the file, or cannot be read")?;
    let numbers = |key: &str| -> Option<Vec<f64>> {
        remembered(fields)?.list(key).iter().map(Value::as_f64).collect()
    };
    let cropped = cropped(fields);
    let natural = match (found, numbers("natural").as_deref(), cropped) {
        (Some(picture), ..) => picture.natural,
        (_, Some(&[w, h]), _) => (w, h),
        (.., Some((natural, _))) => natural,
        _ => (fields.needed("width")?, fields.needed("height")?),
    };
    let natural = (natural.0.clamp(1.0, COORDINATE_MAX), natural.1.clamp(1.0, COORDINATE_MAX));
    Ok(Image { file, natural, crop: cropped.map_or(Crop::WHOLE, |(_, crop)| crop) })
}

/// How large the whole of a cropped picture is in its own pixels, and the part of it that is shown.
fn cropped(fields: Fields<'_>) -> Option<((f64, f64), Crop)> {
    let crop = Fields(fields.value("crop")?.as_object()?);
    let (w, h) = (crop.number("naturalWidth")?, crop.number("naturalHeight")?);
    let (x, y) = (crop.number("x")?, crop.number("y")?);
    let (x1, y1) = (x + crop.number("width")?, y + crop.number("height")?);
    let part = Bounds { x0: x / w, y0: y / h, x1: x1 / w, y1: y1 / h };
    Some(((w, h), Crop::new(part).filter(|_| w > 0.0 && h > 0.0)?))
}

fn image_box(fields: Fields<'_>) -> Result<Geometry, Reason> {
    let is_mirrored = |at: usize| {
        fields.list("scale").get(at).and_then(Value::as_f64).is_some_and(|scale| scale < 0.0)
    };
    let flip = Flip { across: is_mirrored(0), down: is_mirrored(1) };
    Ok(Geometry { flip, ..placement(fields)? })
}

fn frame(fields: Fields<'_>) -> Frame {
    let name = fields.text("name").filter(|name| name.len() <= NAME_MAX_BYTES);
    Frame { name: name.unwrap_or_default().to_owned() }
}

fn path(fields: Fields<'_>) -> Result<Path, Reason> {
    Ok(Path { points: fields.points(PATH_MAX_POINTS)? })
}

/// Pressures count when they were measured and there is one for each point.
fn ink(fields: Fields<'_>) -> Result<Ink, Reason> {
    let places = fields.points(INK_CHUNK_MAX_POINTS)?;
    let pressures = fields.list("pressures");
    let has_pressure = !fields.is_true("simulatePressure") && pressures.len() == places.len();
    let pressure = |index: usize| {
        let measured = pressures.get(index).filter(|_| has_pressure).and_then(Value::as_f64);
        measured.map_or(NO_PRESSURE, |p| (p as f32).clamp(0.0, 1.0))
    };
    let points = places.into_iter().enumerate();
    let points = points.map(|(index, at)| InkPoint { at, pressure: pressure(index) }).collect();
    let brush = remembered(fields).and_then(|own| Brush::parse(own.text("brush")?));
    Ok(Ink { points, has_pressure, brush: brush.unwrap_or_default(), ..Ink::default() })
}

/// Ink of one thickness: every pressure is the middling one.
fn even_ink(fields: Fields<'_>) -> Result<Ink, Reason> {
    let points = fields.points(INK_CHUNK_MAX_POINTS)?.into_iter();
    let points = points.map(|at| InkPoint { at, pressure: NO_PRESSURE }).collect();
    Ok(Ink { points, has_pressure: true, ..Ink::default() })
}

/// `text` is what Excalidraw broke into lines, `originalText` what was typed.
fn text(fields: Fields<'_>) -> Result<Text, Reason> {
    let typed = fields.text("originalText");
    let broken = fields.text("text").or(typed).ok_or("it has no text")?;
    let value = typed.unwrap_or(broken);
    if broken.trim().is_empty() {
        return Err("its text is empty".into());
    }
    if value.len().max(broken.len()) > TEXT_MAX_BYTES {
        return Err(format!("its text is longer than {TEXT_MAX_BYTES} bytes"));
    }
    Ok(Text {
        value: value.chars().filter(|letter| *letter != '\r').collect(),
        lines: broken.lines().map(str::to_owned).collect(),
        size: style::font_size(fields),
        font: remembered(fields)
            .and_then(|own| Font::parse(own.text("font")?))
            .unwrap_or_else(|| style::font(fields)),
        align: style::align(fields),
        vertical: style::vertical(fields),
        wraps: fields.value("autoResize").and_then(Value::as_bool) == Some(false),
        container: named(fields, "containerId"),
    })
}

fn groups(fields: Fields<'_>) -> Vec<String> {
    let ids = fields.list("groupIds").iter().filter_map(Value::as_str);
    let usable = ids.filter(|id| !id.is_empty() && id.len() <= GROUP_ID_MAX_BYTES);
    usable.take(GROUPS_MAX).map(str::to_owned).collect()
}

fn quoted(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(QUOTE_MAX_CHARS).collect()
}
