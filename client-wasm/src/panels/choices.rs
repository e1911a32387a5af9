//! A row of buttons of which one is pressed, and the tables of what can be chosen.

use editor::PanelFields;
use leptos::prelude::*;
use shared::element::{Align, Dash, Edges, Font, StylePatch};

use super::button::true_or_false;
use super::icon::Icon;
use crate::shown::ShownStyle;

/// Something that can be chosen.
pub(crate) struct Choice<T> {
    value: T,
    label: &'static str,
    face: Face,
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

/// One property of the style with all its choices.
pub(crate) struct Property<T: 'static> {
    legend: &'static str,
    choices: &'static [Choice<T>],
    read: fn(&ShownStyle) -> T,
    patch: fn(T) -> StylePatch,
    /// Whether it applies.
    pub(crate) applies: fn(PanelFields) -> bool,
}

const fn icon<T>(value: T, label: &'static str, icon: Icon) -> Choice<T> {
    Choice { value, label, face: Face::Icon(icon) }
}

const fn letters<T>(value: T, label: &'static str, letters: &'static str) -> Choice<T> {
    Choice { value, label, face: Face::Letters(letters) }
}

const fn family(font: Font, label: &'static str) -> Choice<Font> {
    Choice { value: font, label, face: Face::Family(font) }
}

/// Width of the outline, in board units.
pub(crate) const WIDTH: Property<f64> = Property {
    legend: "Stroke width",
    choices: &[
        icon(1.0, "Thin", Icon::WIDTH_THIN),
        icon(2.0, "Bold", Icon::WIDTH_BOLD),
        icon(4.0, "Extra bold", Icon::WIDTH_EXTRA),
    ],
    read: |shown| shown.style.width,
    patch: |width| StylePatch { width: Some(width), ..StylePatch::default() },
    applies: |fields| fields.width,
};

/// Solid, dashed, dotted.
pub(crate) const DASH: Property<Dash> = Property {
    legend: "Stroke style",
    choices: &[
        icon(Dash::Solid, "Solid", Icon::DASH_SOLID),
        icon(Dash::Dashed, "Dashed", Icon::DASH_DASHED),
        icon(Dash::Dotted, "Dotted", Icon::DASH_DOTTED),
    ],
    read: |shown| shown.style.dash,
    patch: |dash| StylePatch { dash: Some(dash), ..StylePatch::default() },
    applies: |fields| fields.dash,
};

/// Sharp or round.
pub(crate) const EDGES: Property<Edges> = Property {
    legend: "Edges",
    choices: &[
        icon(Edges::Sharp, "Sharp", Icon::EDGE_SHARP),
        icon(Edges::Round, "Round", Icon::EDGE_ROUND),
    ],
    read: |shown| shown.style.edges,
    patch: |edges| StylePatch { edges: Some(edges), ..StylePatch::default() },
    applies: |fields| fields.edges,
};

/// Families of letters.
pub(crate) const FONT: Property<Font> = Property {
    legend: "Font",
    choices: &[
        family(Font::Hand, "Handwritten"),
        family(Font::Sans, "Sans serif"),
        family(Font::Serif, "Serif"),
        family(Font::Mono, "Monospace"),
    ],
    read: |shown| shown.text.font,
    patch: |font| StylePatch { font: Some(font), ..StylePatch::default() },
    applies: |fields| fields.text,
};

/// Height of letters, in board units.
pub(crate) const FONT_SIZE: Property<f64> = Property {
    legend: "Font size",
    choices: &[
        letters(16.0, "Small", "S"),
        letters(20.0, "Medium", "M"),
        letters(28.0, "Large", "L"),
        letters(36.0, "Extra large", "XL"),
    ],
    read: |shown| shown.text.size,
    patch: |size| StylePatch { font_size: Some(size), ..StylePatch::default() },
    applies: |fields| fields.text,
};

/// Where lines of text go.
pub(crate) const ALIGN: Property<Align> = Property {
    legend: "Align",
    choices: &[
        icon(Align::Left, "Left", Icon::TEXT_LEFT),
        icon(Align::Center, "Center", Icon::TEXT_CENTER),
        icon(Align::Right, "Right", Icon::TEXT_RIGHT),
    ],
    read: |shown| shown.text.align,
    patch: |align| StylePatch { align: Some(align), ..StylePatch::default() },
    applies: |fields| fields.text,
};

/// The row of a property's choices.
pub(crate) fn row<T>(
    property: &Property<T>,
    style: RwSignal<ShownStyle>,
    restyle: Callback<StylePatch>,
) -> AnyView
where
    T: Copy + PartialEq + Send + Sync + 'static,
{
    let Property { legend, choices, read, patch, .. } = *property;
    let current = Memo::new(move |_| {
        let value = style.with(read);
        choices.iter().position(|choice| choice.value == value)
    });
    let buttons = choices.iter().enumerate().map(|(place, choice)| {
        let on_click = Callback::new(move |()| restyle.run(patch(choice.value)));
        let is_chosen = Signal::derive(move || current.get() == Some(place));
        button(choice.label, choice.face, is_chosen, on_click)
    });
    view! {
        <fieldset class="field half">
            <legend>{legend}</legend>
            <div class="row">{buttons.collect_view()}</div>
        </fieldset>
    }
    .into_any()
}

fn button(
    label: &'static str,
    face: Face,
    is_chosen: Signal<bool>,
    on_click: Callback<()>,
) -> impl IntoView {
    let (icon, letters, look) = match face {
        Face::Icon(icon) => (Some(icon.into_render()), "", String::new()),
        Face::Letters(letters) => (None, letters, String::new()),
        Face::Family(font) => (None, "Aa", format!("font-family:{}", scene::font_stack(font))),
    };
    view! {
        <button
            class="choice"
            style=look
            aria-label=label
            title=label
            aria-pressed=move || true_or_false(is_chosen.get())
            on:click=move |_| on_click.run(())
        >
            {icon}
            {letters}
        </button>
    }
}
