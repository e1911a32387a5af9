//! A row of colors to choose from, with one for any other color.

use leptos::prelude::*;
use shared::color::Color;

use super::button::true_or_false;
use super::palette::NamedColor;

/// A row of colors.
#[component]
pub(crate) fn Swatches(
    /// What it colors.
    legend: &'static str,
    /// The colors to choose from.
    colors: &'static [NamedColor],
    /// The color in use.
    current: Memo<Color>,
    /// Takes the chosen color, often while the browser's own chooser is moved.
    on_choose: Callback<Color>,
) -> impl IntoView {
    let swatch = move |&(name, color): &'static NamedColor| {
        let look = if color.is_transparent() { String::new() } else { format!("--c:{color}") };
        view! {
            <button
                class="swatch"
                class:transparent=color.is_transparent()
                style=look
                aria-label=name
                title=name
                aria-pressed=move || true_or_false(is_same(current.get(), color))
                on:click=move |_| on_choose.run(color)
            ></button>
        }
    };
    let is_other = move || !colors.iter().any(|&(_, color)| is_same(color, current.get()));
    let other_look =
        move || if is_other() { format!("--c:{}", current.get()) } else { String::new() };
    // The browser's chooser knows no opacity.
    let value = move || Color { a: 255, ..current.get() }.to_string();
    let on_input = move |event| {
        if let Some(color) = Color::parse(&event_target_value(&event)) {
            on_choose.run(color);
        }
    };
    view! {
        <fieldset class="field">
            <legend>{legend}</legend>
            <div class="row swatches">
                {colors.iter().map(swatch).collect_view()} <span class="separator"></span>
                <label
                    class="swatch custom"
                    data-active=move || true_or_false(is_other())
                    style=other_look
                    title="Any color"
                >
                    <input
                        type="color"
                        aria-label="Any color"
                        prop:value=value
                        on:input=on_input
                    />
                </label>
            </div>
        </fieldset>
    }
}

/// Whether two colors look the same: every color is transparent in the same way.
fn is_same(one: Color, other: Color) -> bool {
    one == other || (one.is_transparent() && other.is_transparent())
}
