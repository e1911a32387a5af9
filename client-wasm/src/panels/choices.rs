//! A row of buttons of which one is pressed, and the tables of what can be chosen.

use editor::{Input, PanelFields};
use leptos::prelude::*;
use shared::element::{Align, Dash, Edges, Font, StylePatch};

use super::icon::Icon;
use super::part::Part;
use crate::shown::{Act, Action, Shown, ShownStyle};

/// One property of the style with all its choices.
pub(crate) struct Property {
    legend: &'static str,
    choices: &'static [Choice],
    /// Whether it applies.
    pub(crate) applies: fn(PanelFields) -> bool,
}

/// Something that can be chosen.
struct Choice {
    value: Value,
    label: &'static str,
    face: Face,
}

/// What is chosen.
#[derive(Clone, Copy)]
enum Value {
    /// Width of the outline, in board units.
    Width(f64),
    /// Solid, dashed, dotted.
    Dash(Dash),
    /// Sharp or round.
    Edges(Edges),
    /// Whether arrows run across and down only.
    Elbow(bool),
    /// A family of letters.
    Font(Font),
    /// Height of letters, in board units.
    FontSize(f64),
    /// Where lines of text go.
    Align(Align),
}

/// What a button shows.
#[derive(Clone, Copy)]
enum Face {
    /// An icon.
    Icon(Icon),
    /// Letters.
    Letters(&'static str),
    /// Letters of a family.
    Family(Font),
}

const fn icon(value: Value, label: &'static str, icon: Icon) -> Choice {
    Choice { value, label, face: Face::Icon(icon) }
}

const fn size(size: f64, label: &'static str, letters: &'static str) -> Choice {
    Choice { value: Value::FontSize(size), label, face: Face::Letters(letters) }
}

const fn family(font: Font, label: &'static str) -> Choice {
    Choice { value: Value::Font(font), label, face: Face::Family(font) }
}

/// Every property, in the order of the panel.
pub(crate) static PROPERTIES: [Property; 7] = [
    Property {
        legend: "Stroke width",
        choices: &[
            icon(Value::Width(1.0), "Thin", Icon::WIDTH_THIN),
            icon(Value::Width(2.0), "Bold", Icon::WIDTH_BOLD),
            icon(Value::Width(4.0), "Extra bold", Icon::WIDTH_EXTRA),
        ],
        applies: |fields| fields.width,
    },
    Property {
        legend: "Stroke style",
        choices: &[
            icon(Value::Dash(Dash::Solid), "Solid", Icon::DASH_SOLID),
            icon(Value::Dash(Dash::Dashed), "Dashed", Icon::DASH_DASHED),
            icon(Value::Dash(Dash::Dotted), "Dotted", Icon::DASH_DOTTED),
        ],
        applies: |fields| fields.dash,
    },
    Property {
        legend: "Edges",
        choices: &[
            icon(Value::Edges(Edges::Sharp), "Sharp", Icon::EDGE_SHARP),
            icon(Value::Edges(Edges::Round), "Round", Icon::EDGE_ROUND),
        ],
        applies: |fields| fields.edges,
    },
    Property {
        legend: "Arrow type",
        choices: &[
            icon(Value::Elbow(false), "Direct", Icon::ARROW),
            icon(Value::Elbow(true), "Elbow", Icon::ELBOW),
        ],
        applies: |fields| fields.arrow,
    },
    Property {
        legend: "Font",
        choices: &[
            family(Font::Hand, "Handwritten"),
            family(Font::Sans, "Sans serif"),
            family(Font::Serif, "Serif"),
            family(Font::Mono, "Monospace"),
        ],
        applies: |fields| fields.text,
    },
    Property {
        legend: "Font size",
        choices: &[
            size(16.0, "Small", "S"),
            size(20.0, "Medium", "M"),
            size(28.0, "Large", "L"),
            size(36.0, "Extra large", "XL"),
        ],
        applies: |fields| fields.text,
    },
    Property {
        legend: "Align",
        choices: &[
            icon(Value::Align(Align::Left), "Left", Icon::TEXT_LEFT),
            icon(Value::Align(Align::Center), "Center", Icon::TEXT_CENTER),
            icon(Value::Align(Align::Right), "Right", Icon::TEXT_RIGHT),
        ],
        applies: |fields| fields.text,
    },
];

impl Value {
    fn is_in(self, shown: &ShownStyle) -> bool {
        let ShownStyle { style, text, is_elbow, .. } = shown;
        match self {
            Self::Width(width) => style.width == width,
            Self::Dash(dash) => style.dash == dash,
            Self::Edges(edges) => style.edges == edges,
            Self::Elbow(it) => *is_elbow == it,
            Self::Font(font) => text.font == font,
            Self::FontSize(size) => text.size == size,
            Self::Align(align) => text.align == align,
        }
    }

    fn patch(self) -> StylePatch {
        let mut patch = StylePatch::default();
        match self {
            Self::Width(width) => patch.width = Some(width),
            Self::Dash(dash) => patch.dash = Some(dash),
            Self::Edges(edges) => patch.edges = Some(edges),
            Self::Elbow(is_elbow) => patch.is_elbow = Some(is_elbow),
            Self::Font(font) => patch.font = Some(font),
            Self::FontSize(size) => patch.font_size = Some(size),
            Self::Align(align) => patch.align = Some(align),
        }
        patch
    }
}

/// The row of a property's choices.
pub(crate) fn row(property: &Property, shown: Shown, act: Act) -> Part {
    let buttons = property.choices.iter().map(|choice| button(choice, shown, act));
    Part::html("<fieldset class='field half'>")
        .child(Part::html("<legend>").text(property.legend))
        .child(Part::html("<div class='row'>").children(buttons))
}

fn button(choice: &'static Choice, shown: Shown, act: Act) -> Part {
    let value = choice.value;
    let button = Part::button("choice", choice.label)
        .attribute("title", choice.label)
        .live_flag("aria-pressed", move || shown.style.with(|shown| value.is_in(shown)))
        .on_click(move || act.run(Action::Input(Input::Restyle(value.patch()))));
    match choice.face {
        Face::Icon(icon) => button.child(icon),
        Face::Letters(letters) => button.text(letters),
        Face::Family(font) => {
            let look = format!("font-family:{}", scene::font_stack(font));
            button.attribute("style", &look).text("Aa")
        }
    }
}
