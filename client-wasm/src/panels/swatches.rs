//! A row of colors to choose from, and behind its last button more of them and any other color.

use editor::{Input, PanelFields};
use scene::Blend;
use shared::color::Color;
use shared::element::StylePatch;
use web_sys::HtmlInputElement;

use super::choices::field;
use super::palette::{self, NamedColor};
use super::part::Part;
use crate::live::{RwSignal, untrack};
use crate::paint::blended;
use crate::shown::{Act, Action, Shown, Theme};

/// Something that has a color.
pub(crate) struct Colored {
    legend: &'static str,
    /// Other words that people look for it by.
    also: &'static str,
    colors: &'static [NamedColor],
    more: &'static [NamedColor],
    read: fn(&StylePatch) -> Option<Color>,
    patch: fn(Color) -> StylePatch,
    /// Whether it applies.
    pub(crate) applies: fn(PanelFields) -> bool,
}

/// Outline, ink, text; insides.
pub(crate) static COLORED: [Colored; 2] = [
    Colored {
        legend: "Stroke",
        also: "line ink text",
        colors: palette::STROKES,
        more: palette::MORE_STROKES,
        read: |looks| looks.stroke,
        patch: |color| StylePatch { stroke: Some(color), ..StylePatch::default() },
        applies: |fields| fields.stroke,
    },
    Colored {
        legend: "Background",
        also: "fill",
        colors: palette::FILLS,
        more: palette::MORE_FILLS,
        read: |looks| looks.fill,
        patch: |color| StylePatch { fill: Some(color), ..StylePatch::default() },
        applies: |fields| fields.fill,
    },
];

/// All colors that have a name: the name, other words for it, and what it does.
pub(crate) fn named() -> impl Iterator<Item = (String, &'static str, Input)> {
    let of = |colored: &'static Colored| {
        let named = |&(name, color): &NamedColor| {
            let name = [colored.legend, " color: ", name].concat();
            (name, colored.also, Input::Restyle((colored.patch)(color)))
        };
        colored.colors.iter().chain(colored.more).map(named)
    };
    COLORED.iter().flat_map(of)
}

/// A row of colors; more of them are there while it is open.
pub(crate) fn swatches(
    colored: &'static Colored,
    shown: Shown,
    act: Act,
    is_open: RwSignal<bool>,
) -> Part {
    is_open.set(false);
    let swatch = move |&(name, color): &NamedColor| swatch(name, color, colored, shown, act);
    let is_other = move || {
        let is = |color| !colored.colors.iter().any(|&(_, it)| is_same(it, color));
        colored.current(shown).is_some_and(is)
    };
    let other = Part::button("swatch custom", "More colors")
        .attribute("title", "More colors")
        .attribute("data-testid", colored.legend)
        .live_flag("aria-expanded", move || is_open.get())
        .live_flag("data-active", is_other)
        .live_attribute("style", move || match colored.current(shown).filter(|_| is_other()) {
            Some(color) => seen_as(color, shown),
            None => String::new(),
        })
        .on_click(move || is_open.update(|it| *it = !*it));
    let row = Part::html("<div class='row swatches'>")
        .children(colored.colors.iter().map(swatch))
        .child(Part::html("<span class='separator'>"))
        .child(other);
    let drawer = move || {
        let more =
            Part::html("<div class='row swatches'>").children(colored.more.iter().map(swatch));
        Part::html("<div class='drawer'>").child(more).child(any_color(colored, shown, act))
    };
    field(colored.legend)
        .attribute("style", "grid-column:1/-1")
        .live_flag("data-mixed", move || colored.current(shown).is_none())
        .child(row)
        .child_while(move || is_open.get(), drawer)
}

impl Colored {
    /// The color in use, if there is one only; tracked.
    fn current(&self, shown: Shown) -> Option<Color> {
        let color = shown.style.with(|shown| (self.read)(&shown.looks.shared));
        let is_sheet = color.is_some_and(Color::is_transparent) && is_paper(shown);
        if is_sheet { Some(scene::NOTE_YELLOW) } else { color }
    }

    fn choose(&self, color: Color, act: Act) {
        act.run(Action::Input(Input::Restyle((self.patch)(color))));
    }
}

/// Whether the colors are those of notes; tracked.
fn is_paper(shown: Shown) -> bool {
    shown.style.with(|shown| shown.looks.blend == Blend::Paper)
}

/// A color as it is going to be painted; tracked.
pub(crate) fn seen_as(color: Color, shown: Shown) -> String {
    let blend = shown.style.with(|shown| shown.looks.blend);
    let seen = painted(color, blend, shown.theme.get());
    if cfg!(target_arch = "wasm32") {
        ["--c:", &seen].concat()
    } else {
        // The document does not know the theme: see `data-early` in the styles.
        ["--c:", &seen, ";--d:", &painted(color, blend, Theme::Dark)].concat()
    }
}

fn painted(color: Color, blend: Blend, theme: Theme) -> String {
    let color = blended(color, blend, theme);
    match blend {
        // Half of what is below shows through.
        Blend::Marker => ["color-mix(in srgb,", &color, " 50%,var(--canvas))"].concat(),
        Blend::Over | Blend::Paper => color,
    }
}

fn swatch(name: &str, color: Color, colored: &'static Colored, shown: Shown, act: Act) -> Part {
    let is_current = move || colored.current(shown).is_some_and(|it| is_same(it, color));
    let button = Part::button("swatch", name)
        .attribute("title", name)
        .live_flag("aria-pressed", is_current)
        .on_click(move || colored.choose(color, act));
    if color.is_transparent() {
        // A note without a color of its own is yellow.
        let style = move || if is_paper(shown) { "display:none" } else { "" };
        button.attribute("class", "swatch transparent").live_attribute("style", style)
    } else {
        button.live_attribute("style", move || seen_as(color, shown))
    }
}

/// A field for the color's number, and the browser's own chooser, which reports often while it is moved.
fn any_color(colored: &'static Colored, shown: Shown, act: Act) -> Part {
    let text = move || colored.current(shown).map_or_else(String::new, |it| it.to_string());
    let hex = Part::html(
        "<input class='input' aria-label='Color as a number' maxlength='9' spellcheck='false' \
         placeholder='Mixed'>",
    )
    .live_value(text);
    let field: HtmlInputElement = hex.as_element();
    let hex = hex.on_key(blur_on_enter).on("change", move |_| {
        let typed = field.value();
        let typed = typed.trim();
        let parsed = Color::parse(typed).or_else(|| Color::parse(&["#", typed].concat()));
        match parsed {
            Some(color) => colored.choose(color, act),
            None => field.set_value(&untrack(text)),
        }
    });
    let chooser = Part::html("<input type='color' aria-label='Any color'>")
        // The browser's chooser knows no opacity.
        .live_value(move || {
            let color = colored.current(shown).unwrap_or(Color::INK);
            Color { a: 255, ..color }.to_string()
        });
    let field: HtmlInputElement = chooser.as_element();
    let chooser = chooser.on("input", move |_| {
        if let Some(color) = Color::parse(&field.value()) {
            colored.choose(color, act);
        }
    });
    let wheel = Part::html("<label class='swatch custom' title='Any color'>").child(chooser);
    Part::html("<div class='row'>").child(hex).child(wheel)
}

/// Enter ends what is typed into a field.
pub(crate) fn blur_on_enter(event: &web_sys::KeyboardEvent) {
    use wasm_bindgen::JsCast;
    event.stop_propagation();
    let field = event.target().and_then(|it| it.dyn_into::<HtmlInputElement>().ok());
    if let Some(field) = field.filter(|_| event.key() == "Enter") {
        field.blur().ok();
    }
}

/// Whether two colors look the same: every color is transparent in the same way.
fn is_same(one: Color, other: Color) -> bool {
    one == other || (one.is_transparent() && other.is_transparent())
}
