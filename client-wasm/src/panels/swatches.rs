//! A row of colors to choose from, with one for any other color.

use editor::{Input, PanelFields};
use leptos::prelude::*;
use shared::color::Color;
use shared::element::{Style, StylePatch};
use web_sys::HtmlInputElement;

use super::palette::{self, NamedColor};
use super::part::Part;
use crate::shown::{Act, Action, Shown};

/// Something that has a color.
pub(crate) struct Colored {
    legend: &'static str,
    colors: &'static [NamedColor],
    read: fn(&Style) -> Color,
    patch: fn(Color) -> StylePatch,
    /// Whether it applies.
    pub(crate) applies: fn(PanelFields) -> bool,
}

/// Outline, ink, text; insides.
pub(crate) static COLORED: [Colored; 2] = [
    Colored {
        legend: "Stroke",
        colors: palette::STROKES,
        read: |style| style.stroke,
        patch: |color| StylePatch { stroke: Some(color), ..StylePatch::default() },
        applies: |fields| fields.stroke,
    },
    Colored {
        legend: "Background",
        colors: palette::FILLS,
        read: |style| style.fill,
        patch: |color| StylePatch { fill: Some(color), ..StylePatch::default() },
        applies: |fields| fields.fill,
    },
];

/// A row of colors.
pub(crate) fn swatches(colored: &'static Colored, shown: Shown, act: Act) -> Part {
    let swatch = |&(name, color): &NamedColor| swatch(name, color, colored, shown, act);
    let row = Part::html("<div class='row swatches'>")
        .children(colored.colors.iter().map(swatch))
        .child(Part::html("<span class='separator'>"))
        .child(any_color(colored, shown, act));
    Part::html("<fieldset class='field'>")
        .child(Part::html("<legend>").text(colored.legend))
        .child(row)
}

impl Colored {
    /// The color in use; tracked.
    fn current(&self, shown: Shown) -> Color {
        shown.style.with(|shown| (self.read)(&shown.style))
    }

    fn choose(&self, color: Color, act: Act) {
        act.run(Action::Input(Input::Restyle((self.patch)(color))));
    }
}

fn swatch(name: &str, color: Color, colored: &'static Colored, shown: Shown, act: Act) -> Part {
    let button = Part::button("swatch", name)
        .attribute("title", name)
        .live_flag("aria-pressed", move || is_same(colored.current(shown), color))
        .on_click(move || colored.choose(color, act));
    if color.is_transparent() {
        button.attribute("class", "swatch transparent")
    } else {
        button.attribute("style", &format!("--c:{color}"))
    }
}

/// The browser's own chooser, which reports often while it is moved.
fn any_color(colored: &'static Colored, shown: Shown, act: Act) -> Part {
    let current = move || colored.current(shown);
    let is_other = move || !colored.colors.iter().any(|&(_, color)| is_same(color, current()));
    let chooser = Part::html("<input type='color' aria-label='Any color'>")
        // The browser's chooser knows no opacity.
        .live_value(move || Color { a: 255, ..current() }.to_string());
    let field: HtmlInputElement = chooser.as_element();
    let chooser = chooser.on("input", move |_| {
        if let Some(color) = Color::parse(&field.value()) {
            colored.choose(color, act);
        }
    });
    Part::html("<label class='swatch custom' title='Any color'>")
        .live_flag("data-active", is_other)
        .live_attribute("style", move || {
            if is_other() { format!("--c:{}", current()) } else { String::new() }
        })
        .child(chooser)
}

/// Whether two colors look the same: every color is transparent in the same way.
fn is_same(one: Color, other: Color) -> bool {
    one == other || (one.is_transparent() && other.is_transparent())
}
