//! Elements as the document keeps them: maps of named values. What has its default is left out.

use yrs::{Any, In, MapPrelim, TextPrelim};

use super::read::{DEFAULT_FONT_SIZE, RUBBED, key, split_lines};
use crate::color::Color;
use crate::element::{
    Align, Arrow, Binding, Brush, Crop, Dash, Edges, FillStyle, Font, Heads, Image, Ink,
    NewElement, Shape, Style, StylePatch, Text, VerticalAlign,
};
use crate::geometry::{BoardPoint, Flip, Geometry};
use crate::ink::{Quantum, encode_chunk};
use crate::order::ZIndex;

/// Points in a chunk of ink that is written all at once.
const WHOLE_CHUNK_POINTS: usize = 4_096;

/// What a whole element's map holds, always in the same order: the same board is written as the same bytes.
pub(super) fn properties(new: NewElement, z: &ZIndex) -> Vec<(&'static str, In)> {
    let NewElement { geometry, style, groups, locked, frame, link, shape } = new;
    let mut all: Vec<(&'static str, In)> =
        vec![(key::KIND, Any::from(shape.kind()).into()), (key::Z, Any::from(z.as_str()).into())];
    all.extend(style_properties(&style).into_iter().map(|(key, value)| (key, In::Any(value))));
    if !groups.is_empty() {
        all.push((key::GROUPS, strings(&groups).into()));
    }
    if locked {
        all.push((key::LOCKED, Any::from(true).into()));
    }
    if let Some(frame) = frame {
        all.push((key::FRAME, Any::from(frame.as_str()).into()));
    }
    if let Some(link) = link {
        all.push((key::LINK, Any::from(link).into()));
    }
    let geometry = geometry.map(|it| shape.whole_at(it, None).sanitized());
    match shape {
        Shape::Rectangle | Shape::Ellipse | Shape::Diamond | Shape::Triangle => {}
        Shape::Note | Shape::Unknown(_) => {}
        Shape::Frame(frame) => {
            if !frame.name.is_empty() {
                all.push((key::NAME, Any::from(frame.name).into()));
            }
        }
        Shape::Image(image) => all.extend(image_properties(&image)),
        Shape::Line(path) => all.push((key::POINTS, points(&path.points).into())),
        Shape::Arrow(arrow) => {
            all.extend(arrow_properties(&arrow).map(|(key, value)| (key, value.into())));
        }
        Shape::Ink(ink) => {
            all.push((key::INK, ink_chunks(&ink).into()));
            if ink.brush != Brush::default() {
                all.push((key::BRUSH, Any::from(ink.brush.name()).into()));
            }
        }
        Shape::Text(text) => all.extend(text_properties(text)),
    }
    if let Some(geometry) = geometry {
        all.push((key::GEOMETRY, geometry_value(geometry).into()));
    }
    all
}

fn style_properties(style: &Style) -> Vec<(&'static str, Any)> {
    let default = Style::default();
    let all = StylePatch {
        stroke: (style.stroke != default.stroke).then_some(style.stroke),
        fill: (style.fill != default.fill).then_some(style.fill),
        fill_style: (style.fill_style != default.fill_style).then_some(style.fill_style),
        width: (style.width != default.width).then_some(style.width),
        dash: (style.dash != default.dash).then_some(style.dash),
        edges: (style.edges != default.edges).then_some(style.edges),
        roughness: (style.roughness != default.roughness).then_some(style.roughness),
        opacity: (style.opacity != default.opacity).then_some(style.opacity),
        ..StylePatch::default()
    };
    patch_properties(&all)
}

/// A change of looks as the properties that it sets.
pub(super) fn patch_properties(patch: &StylePatch) -> Vec<(&'static str, Any)> {
    let color = |color: Color| Any::from(color.to_string());
    let all = [
        (key::STROKE, patch.stroke.map(color)),
        (key::FILL, patch.fill.map(color)),
        (key::FILL_STYLE, patch.fill_style.map(FillStyle::name).map(Any::from)),
        (key::WIDTH, patch.width.map(number)),
        (key::DASH, patch.dash.map(Dash::name).map(Any::from)),
        (key::EDGES, patch.edges.map(Edges::name).map(Any::from)),
        (key::ROUGHNESS, patch.roughness.map(|r| number(r.into()))),
        (key::OPACITY, patch.opacity.map(number)),
        (key::FONT_SIZE, patch.font_size.map(number)),
        (key::FONT, patch.font.map(Font::name).map(Any::from)),
        (key::ALIGN, patch.align.map(Align::name).map(Any::from)),
        (key::VERTICAL, patch.vertical.map(VerticalAlign::name).map(Any::from)),
        (key::HEADS, patch.heads.map(heads_value)),
        (key::ELBOW, patch.is_elbow.map(Any::from)),
    ];
    all.into_iter().filter_map(|(key, value)| Some((key, value?))).collect()
}

fn heads_value(heads: Heads) -> Any {
    strings(&[heads.start, heads.end].map(|head| head.name().into()))
}

fn arrow_properties(arrow: &Arrow) -> impl Iterator<Item = (&'static str, Any)> {
    let heads = (arrow.heads != Heads::default()).then(|| heads_value(arrow.heads));
    let all = [
        (key::POINTS, Some(points(&arrow.path.points))),
        (key::HEADS, heads),
        (key::ELBOW, arrow.is_elbow.then(|| Any::from(true))),
        (key::FIXED, fixed_value(&arrow.fixed)),
        (key::START, arrow.start.as_ref().map(binding_value)),
        (key::END, arrow.end.as_ref().map(binding_value)),
    ];
    all.into_iter().filter_map(|(key, value)| Some((key, value?)))
}

/// The pieces of an elbow that stay, as one value; none if there are none.
pub(super) fn fixed_value(pieces: &[usize]) -> Option<Any> {
    let numbers = || pieces.iter().map(|it| number(*it as f64)).collect::<Vec<_>>();
    (!pieces.is_empty()).then(|| Any::from(numbers()))
}

/// What an arrow's end is bound to, as one value.
pub(super) fn binding_value(Binding { element, at, gap }: &Binding) -> Any {
    Any::from(vec![Any::from(element.as_str()), number(at.0), number(at.1), number(*gap)])
}

fn image_properties(image: &Image) -> Vec<(&'static str, In)> {
    let (w, h) = image.natural;
    let mut all = vec![
        (key::FILE, Any::from(image.file.to_string()).into()),
        (key::NATURAL, Any::from(vec![number(w), number(h)]).into()),
    ];
    all.extend(crop_value(image.crop).map(|crop| (key::CROP, crop.into())));
    all
}

/// What is shown of a picture, as one value; nothing if it is all of it.
pub(super) fn crop_value(crop: Crop) -> Option<Any> {
    let part = crop.part();
    let sides = [part.x0, part.y0, part.x1, part.y1];
    (crop != Crop::WHOLE).then(|| Any::from(sides.map(number).to_vec()))
}

fn text_properties(text: Text) -> Vec<(&'static str, In)> {
    let mut all = Vec::new();
    if text.lines != split_lines(&text.value) {
        all.push((key::LINES, strings(&text.lines).into()));
    }
    if text.size != DEFAULT_FONT_SIZE {
        all.push((key::FONT_SIZE, number(text.size).into()));
    }
    if text.font != Font::default() {
        all.push((key::FONT, Any::from(text.font.name()).into()));
    }
    if text.align != Align::default() {
        all.push((key::ALIGN, Any::from(text.align.name()).into()));
    }
    if text.vertical != VerticalAlign::default() {
        all.push((key::VERTICAL, Any::from(text.vertical.name()).into()));
    }
    if text.wraps {
        all.push((key::WRAPS, Any::from(true).into()));
    }
    if let Some(container) = &text.container {
        all.push((key::CONTAINER, Any::from(container.as_str()).into()));
    }
    all.push((key::TEXT, In::Text(TextPrelim::new(text.value).into())));
    all
}

/// Chunks by their number. Not a shared array: walking one that a peer has put a text into can take
/// the CRDT for ever.
fn ink_chunks(ink: &Ink) -> MapPrelim {
    let encode =
        |points| In::Any(Any::from(encode_chunk(points, Quantum::NORMAL, ink.has_pressure)));
    let chunks = ink.points.chunks(WHOLE_CHUNK_POINTS).map(encode);
    let chunks = chunks.enumerate().map(|(number, chunk)| (number.to_string(), chunk));
    let rubbed = (!ink.rubbed.is_empty())
        .then(|| (RUBBED.to_string(), In::Any(Any::from(ink.rubbed.encode()))));
    chunks.chain(rubbed).collect()
}

/// A placement as one value.
pub(super) fn geometry_value(g: Geometry) -> Any {
    let mut numbers = [g.x, g.y, g.w, g.h, g.angle].map(number).to_vec();
    if g.flip != Flip::default() {
        numbers.push(number(g.flip.bits().into()));
    }
    Any::from(numbers)
}

/// The corners of a line as one value.
pub(super) fn points(points: &[BoardPoint]) -> Any {
    Any::from(points.iter().flat_map(|p| [number(p.x), number(p.y)]).collect::<Vec<_>>())
}

/// A list of texts as one value.
pub(super) fn strings(texts: &[String]) -> Any {
    Any::from(texts.iter().map(|text| Any::from(text.as_str())).collect::<Vec<_>>())
}

/// Whole numbers take one to five bytes, others four or eight.
fn number(value: f64) -> Any {
    if value.fract() == 0.0 && value.abs() < f64::from(i32::MAX) {
        Any::from(value as i32)
    } else {
        Any::from(value)
    }
}
