//! Excalidraw's looks in Tandem's terms. Whatever is missing or unknown gets the usual look.

use serde_json::Value;

use super::fields::Fields;
use crate::color::Color;
use crate::element::{Align, Dash, Edges, FillStyle, Font, Head, Heads, Style, VerticalAlign};

/// Widest stroke that is taken over, in board units.
const WIDTH_MAX: f64 = 1000.0;

/// The looks of an element.
pub(super) fn style(fields: Fields<'_>) -> Style {
    let usual = Style::default();
    let color = |key| fields.text(key).and_then(Color::parse);
    Style {
        stroke: color("strokeColor").unwrap_or(usual.stroke),
        fill: color("backgroundColor").unwrap_or(usual.fill),
        fill_style: fields.text("fillStyle").and_then(FillStyle::parse).unwrap_or(usual.fill_style),
        width: fields.number("strokeWidth").map_or(usual.width, |w| w.clamp(0.0, WIDTH_MAX)),
        dash: fields.text("strokeStyle").and_then(Dash::parse).unwrap_or(usual.dash),
        edges: edges(fields),
        roughness: fields.number("roughness").map_or(usual.roughness, |r| r.clamp(0.0, 2.0) as u8),
        opacity: fields.number("opacity").map_or(usual.opacity, |o| o.clamp(0.0, 100.0) / 100.0),
    }
}

/// `roundness` has been there since 2022, `strokeSharpness` before; arrows with elbows are straight.
fn edges(fields: Fields<'_>) -> Edges {
    let is_round = match fields.0.get("roundness") {
        Some(roundness) => !roundness.is_null(),
        None => fields.text("strokeSharpness") == Some("round"),
    };
    if is_round && !fields.is_true("elbowed") { Edges::Round } else { Edges::Sharp }
}

/// The ends of an arrow.
pub(super) fn heads(fields: Fields<'_>) -> Heads {
    // Arrows that say nothing about their end have a head, those that say null have none.
    let end = match fields.0.get("endArrowhead") {
        None => Head::Arrow,
        Some(name) => head(name.as_str()),
    };
    Heads { start: head(fields.text("startArrowhead")), end }
}

fn head(name: Option<&str>) -> Head {
    match name {
        None | Some("none") => Head::None,
        Some("triangle") => Head::Triangle,
        Some("triangle_outline") => Head::TriangleOutline,
        Some("dot" | "circle") => Head::Dot,
        Some("circle_outline") => Head::DotOutline,
        Some("bar") => Head::Bar,
        Some("diamond") => Head::Diamond,
        Some("diamond_outline") => Head::DiamondOutline,
        Some("crowfoot_one" | "cardinality_one" | "cardinality_exactly_one") => Head::CrowfootOne,
        Some("crowfoot_many" | "cardinality_many") => Head::CrowfootMany,
        Some("crowfoot_one_or_many" | "cardinality_one_or_many") => Head::CrowfootOneOrMany,
        Some(_) => Head::Arrow,
    }
}

/// The family that is nearest to one of Excalidraw's numbered ones.
pub(super) fn font(fields: Fields<'_>) -> Font {
    // The oldest files say "20px Virgil" instead.
    let old = fields.text("font").unwrap_or_default();
    match fields.value("fontFamily").and_then(Value::as_u64) {
        Some(2 | 6 | 7 | 9 | 10) => Font::Sans,
        Some(3 | 8) => Font::Mono,
        Some(_) => Font::Hand,
        None if old.ends_with("Helvetica") => Font::Sans,
        None if old.ends_with("Cascadia") => Font::Mono,
        None => Font::Hand,
    }
}

/// Height of the letters, in board units.
pub(super) fn font_size(fields: Fields<'_>) -> f64 {
    const USUAL: f64 = 20.0;
    let old = || serde_json::from_str(fields.text("font")?.split('p').next()?).ok();
    let size = fields.number("fontSize").or_else(old).unwrap_or(USUAL);
    if size > 0.0 && size.is_finite() { size.min(10_000.0) } else { USUAL }
}

/// Where short lines go.
pub(super) fn align(fields: Fields<'_>) -> Align {
    fields.text("textAlign").and_then(Align::parse).unwrap_or_default()
}

/// Where lines go in what the text labels, if it labels anything.
pub(super) fn vertical(fields: Fields<'_>) -> VerticalAlign {
    let is_label = fields.text("containerId").is_some();
    let name = fields.text("verticalAlign").filter(|_| is_label);
    name.and_then(VerticalAlign::parse).unwrap_or_default()
}
