//! A row of buttons of which one is pressed, and the tables of what can be chosen.

use editor::{End, Input, Looks};
use scene::Blend;
use shared::element::{Align, Dash, Edges, FillStyle, Font, Head, StylePatch, VerticalAlign};

use super::heads::HEADS;
use super::icon::Icon;
use super::part::Part;
use crate::shown::{Act, Action, Shown, ShownStyle};

/// One property of the style with all its choices.
pub(crate) struct Property {
    legend: &'static str,
    /// What it is called away from the panel, where its legend alone could mean something else.
    name: &'static str,
    /// Other words that people look for it by.
    also: &'static str,
    choices: &'static [Choice],
    /// Whether it applies.
    pub(crate) applies: fn(&ShownStyle) -> bool,
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
    /// How insides are filled.
    Fill(FillStyle),
    /// Width of the outline, in board units.
    Width(f64),
    /// Solid, dashed, dotted.
    Dash(Dash),
    /// How much it looks drawn by hand.
    Roughness(u8),
    /// Sharp or round.
    Edges(Edges),
    /// How arrows run: across and down only if `None`.
    Course(Option<Edges>),
    /// A family of letters.
    Font(Font),
    /// Height of letters, in board units.
    FontSize(f64),
    /// Where lines of text go.
    Align(Align),
    /// Where text goes in the height of its shape.
    Vertical(VerticalAlign),
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

const fn of_field(
    [legend, name, also]: [&'static str; 3],
    choices: &'static [Choice],
    applies: fn(&ShownStyle) -> bool,
) -> Property {
    Property { legend, name, also, choices, applies }
}

/// Every property, in the order of the panel.
pub(crate) static PROPERTIES: [Property; 10] = [
    of_field(
        ["Fill", "Fill style", "pattern background"],
        &[
            icon(Value::Fill(FillStyle::Solid), "Solid", Icon::FILL_SOLID),
            icon(Value::Fill(FillStyle::Hachure), "Hachure", Icon::FILL_HACHURE),
            icon(Value::Fill(FillStyle::CrossHatch), "Cross-hatch", Icon::FILL_CROSS),
            icon(Value::Fill(FillStyle::Zigzag), "Zigzag", Icon::FILL_ZIGZAG),
        ],
        |shown| {
            let fill = shown.looks.shared.fill;
            // Notes have no outline, and are always filled evenly.
            let has_ways = shown.fields.fill && shown.fields.dash;
            has_ways && fill.is_none_or(|fill| !fill.is_transparent())
        },
    ),
    of_field(
        ["Width", "Stroke width", "line thickness"],
        &[
            icon(Value::Width(1.0), "Thin", Icon::WIDTH_THIN),
            icon(Value::Width(2.0), "Bold", Icon::WIDTH_BOLD),
            icon(Value::Width(4.0), "Extra bold", Icon::WIDTH_EXTRA),
        ],
        |shown| shown.fields.width,
    ),
    of_field(
        ["Style", "Stroke style", "line"],
        &[
            icon(Value::Dash(Dash::Solid), "Solid", Icon::DASH_SOLID),
            icon(Value::Dash(Dash::Dashed), "Dashed", Icon::DASH_DASHED),
            icon(Value::Dash(Dash::Dotted), "Dotted", Icon::DASH_DOTTED),
        ],
        |shown| shown.fields.dash,
    ),
    of_field(
        ["Sloppiness", "Sloppiness", "hand-drawn"],
        &[
            icon(Value::Roughness(0), "Exact", Icon::ROUGH_0),
            icon(Value::Roughness(1), "By hand", Icon::ROUGH_1),
            icon(Value::Roughness(2), "Cartoon", Icon::ROUGH_2),
        ],
        |shown| shown.fields.dash,
    ),
    of_field(
        ["Edges", "Edges", "corners"],
        &[
            icon(Value::Edges(Edges::Sharp), "Sharp", Icon::EDGE_SHARP),
            icon(Value::Edges(Edges::Round), "Round", Icon::EDGE_ROUND),
        ],
        |shown| shown.fields.edges,
    ),
    of_field(
        ["Arrow type", "Arrow type", "line straight"],
        &[
            icon(Value::Course(Some(Edges::Sharp)), "Sharp", Icon::COURSE_SHARP),
            icon(Value::Course(Some(Edges::Round)), "Curved", Icon::COURSE_CURVED),
            icon(Value::Course(None), "Elbow", Icon::COURSE_ELBOW),
        ],
        |shown| shown.fields.arrow,
    ),
    of_field(
        ["Font", "Font", "text letters"],
        &[
            family(Font::Hand, "Handwritten"),
            family(Font::Sans, "Sans serif"),
            family(Font::Serif, "Serif"),
            family(Font::Mono, "Monospace"),
        ],
        |shown| shown.fields.text,
    ),
    of_field(
        ["Font size", "Font size", "text letters"],
        &[
            size(16.0, "Small", "S"),
            size(20.0, "Medium", "M"),
            size(28.0, "Large", "L"),
            size(36.0, "Extra large", "XL"),
        ],
        |shown| shown.fields.text,
    ),
    of_field(
        ["Align", "Text align", ""],
        &[
            icon(Value::Align(Align::Left), "Left", Icon::TEXT_LEFT),
            icon(Value::Align(Align::Center), "Center", Icon::TEXT_CENTER),
            icon(Value::Align(Align::Right), "Right", Icon::TEXT_RIGHT),
        ],
        // What is written on a new note is in its middle.
        |shown| {
            shown.fields.text && (shown.looks.n_chosen > 0 || shown.looks.blend != Blend::Paper)
        },
    ),
    of_field(
        ["In the shape", "Text in the shape", "align"],
        &[
            icon(Value::Vertical(VerticalAlign::Top), "Top", Icon::TEXT_TOP),
            icon(Value::Vertical(VerticalAlign::Middle), "Middle", Icon::TEXT_MIDDLE),
            icon(Value::Vertical(VerticalAlign::Bottom), "Bottom", Icon::TEXT_BOTTOM),
        ],
        |shown| shown.looks.has_label,
    ),
];

impl Value {
    fn patch(self) -> StylePatch {
        let mut patch = StylePatch::default();
        match self {
            Self::Fill(style) => patch.fill_style = Some(style),
            Self::Width(width) => patch.width = Some(width),
            Self::Dash(dash) => patch.dash = Some(dash),
            Self::Roughness(roughness) => patch.roughness = Some(roughness),
            Self::Edges(edges) => patch.edges = Some(edges),
            Self::Course(edges) => {
                patch.edges = edges;
                patch.is_elbow = Some(edges.is_none());
            }
            Self::Font(font) => patch.font = Some(font),
            Self::FontSize(size) => patch.font_size = Some(size),
            Self::Align(align) => patch.align = Some(align),
            Self::Vertical(align) => patch.vertical = Some(align),
        }
        patch
    }
}

/// All that can be chosen by its name: the name, other words for it, and what it does.
pub(crate) fn named() -> impl Iterator<Item = (String, &'static str, Input)> {
    let of = |property: &'static Property| {
        let named = |choice: &'static Choice| {
            let name = [property.name, ": ", choice.label].concat();
            (name, property.also, Input::Restyle(choice.value.patch()))
        };
        property.choices.iter().map(named)
    };
    let heads = |(end, name): (End, &'static str)| {
        let named = move |&(head, label, _): &(Head, &str, Icon)| {
            ([name, ": ", label].concat(), "head tip", Input::Head(end, head))
        };
        HEADS.iter().map(named)
    };
    let ends = [(End::Start, "Arrow starts with"), (End::Last, "Arrow ends with")];
    PROPERTIES.iter().flat_map(of).chain(ends.into_iter().flat_map(heads))
}

/// The row of a property's choices.
pub(crate) fn row(property: &'static Property, shown: Shown, act: Act) -> Part {
    let buttons = property.choices.iter().map(|choice| button(choice, shown, act));
    let mixed = property.choices[0].value;
    field(property.legend)
        .live_flag("data-mixed", move || {
            shown.style.with(|shown| shown.looks.is_mixed(&mixed.patch()))
        })
        .attribute("style", if property.choices.len() > 3 { "grid-column:1/-1" } else { "" })
        .child(Part::html("<div class='row'>").children(buttons))
}

/// A part of the panel with a name.
pub(crate) fn field(legend: &str) -> Part {
    Part::html("<fieldset class='field'>").child(Part::html("<legend>").text(legend))
}

fn button(choice: &'static Choice, shown: Shown, act: Act) -> Part {
    let value = choice.value;
    let is_chosen = move |looks: &Looks| looks.agrees(&value.patch());
    let button = Part::button("choice", choice.label)
        .attribute("title", choice.label)
        .live_flag("aria-pressed", move || shown.style.with(|shown| is_chosen(&shown.looks)))
        .on_click(move || act.run(Action::Input(Input::Restyle(value.patch()))));
    match choice.face {
        Face::Icon(icon) => button.child(icon),
        Face::Letters(letters) => button.text(letters),
        Face::Family(font) => {
            let look = ["font-family:", scene::font_stack(font)].concat();
            button.attribute("style", &look).text("Aa")
        }
    }
}
