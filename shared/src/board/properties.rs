//! Elements as the document keeps them: maps of named values. What has its default is left out.

use yrs::{Any, In, MapPrelim, TextPrelim};

use super::read::{DEFAULT_FONT_SIZE, key, split_lines};
use crate::color::Color;
use crate::element::{
    Align, Dash, Edges, FillStyle, Font, Heads, Ink, NewElement, Shape, Style, StylePatch, Text,
};
use crate::geometry::{BoardPoint, Geometry};
use crate::ink::{Quantum, encode_chunk};
use crate::order::ZIndex;

/// Points in a chunk of ink that is written all at once.
const WHOLE_CHUNK_POINTS: usize = 4_096;

/// What a whole element's map holds, always in the same order: the same board is written as the same bytes.
pub(super) fn properties(new: NewElement, z: &ZIndex) -> Vec<(&'static str, In)> {
    let NewElement { geometry, style, groups, locked, shape } = new;
    let mut all: Vec<(&'static str, In)> =
        vec![(key::KIND, Any::from(shape.kind()).into()), (key::Z, Any::from(z.as_str()).into())];
    all.extend(style_properties(&style).into_iter().map(|(key, value)| (key, In::Any(value))));
    if !groups.is_empty() {
        all.push((key::GROUPS, strings(&groups).into()));
    }
    if locked {
        all.push((key::LOCKED, Any::from(true).into()));
    }
    let geometry = geometry.map(Geometry::sanitized);
    match shape {
        Shape::Rectangle | Shape::Ellipse | Shape::Diamond | Shape::Unknown(_) => {}
        Shape::Line(path) => all.push((key::POINTS, points(&path.points).into())),
        Shape::Arrow(path, heads) => {
            all.push((key::POINTS, points(&path.points).into()));
            if heads != Heads::default() {
                let names = [heads.start, heads.end].map(|head| head.name().into());
                all.push((key::HEADS, strings(&names).into()));
            }
        }
        Shape::Ink(ink) => all.push((key::INK, ink_chunks(&ink).into())),
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
    ];
    all.into_iter().filter_map(|(key, value)| Some((key, value?))).collect()
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
    chunks.enumerate().map(|(number, chunk)| (number.to_string(), chunk)).collect()
}

/// A placement as one value.
pub(super) fn geometry_value(g: Geometry) -> Any {
    Any::from([g.x, g.y, g.w, g.h, g.angle].map(number).to_vec())
}

fn points(points: &[BoardPoint]) -> Any {
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
