//! The style panel: the looks of what is selected or drawn next. It shows only what applies, and sends
//! only what was changed.

use editor::{Command, Input, PanelFields};
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use shared::color::Color;
use shared::element::{Style, StylePatch};
use web_sys::HtmlInputElement;

use super::button::{command_hint, hold_focus, hold_keys, label, true_or_false};
use super::choices::{self, Property};
use super::icon::Icon;
use super::palette;
use super::popup::{OpenPopup, Popup};
use super::swatches::Swatches;
use crate::shown::{Act, Action, Shown};

/// The style panel.
#[component]
pub(crate) fn StylePanel(
    /// What there is to show.
    shown: Shown,
    /// Takes what is asked for.
    act: Act,
    /// Whether it is open, where the screen is small.
    open: OpenPopup,
) -> impl IntoView {
    let panel = Panel::new(shown, act);
    let Panel { fields, .. } = panel;
    let stroke = Memo::new(move |_| panel.style().stroke);
    let fill = Memo::new(move |_| panel.style().fill);
    let on_stroke = panel.restyle_with(|stroke| StylePatch { stroke: Some(stroke), ..same() });
    let on_fill = panel.restyle_with(|fill| StylePatch { fill: Some(fill), ..same() });
    view! {
        <Show when=move || !fields.get().is_empty()>
            <section
                class="style-panel card"
                data-testid="style-panel"
                aria-label="Style"
                data-open=move || true_or_false(open.is(Popup::Style))
                on:mousedown=hold_focus
                on:keydown=hold_keys
            >
                <Show when=move || fields.get().stroke>
                    <Swatches
                        legend="Stroke"
                        colors=palette::STROKES
                        current=stroke
                        on_choose=on_stroke
                    />
                </Show>
                <Show when=move || fields.get().fill>
                    <Swatches
                        legend="Background"
                        colors=palette::FILLS
                        current=fill
                        on_choose=on_fill
                    />
                </Show>
                {panel.row(&choices::WIDTH)}
                {panel.row(&choices::DASH)}
                {panel.row(&choices::EDGES)}
                {panel.row(&choices::FONT)}
                {panel.row(&choices::FONT_SIZE)}
                {panel.row(&choices::ALIGN)}
                <Show when=move || fields.get().opacity>
                    <Opacity panel />
                </Show>
                <Show when=move || fields.get().actions>
                    <Actions act />
                </Show>
            </section>
        </Show>
    }
}

/// What the parts of the panel share.
#[derive(Clone, Copy)]
struct Panel {
    shown: Shown,
    fields: Memo<PanelFields>,
    restyle: Callback<StylePatch>,
}

impl Panel {
    fn new(shown: Shown, act: Act) -> Self {
        let fields = Memo::new(move |_| shown.style.with(|style| style.fields));
        let restyle = Callback::new(move |patch| act.run(Action::Input(Input::Restyle(patch))));
        Self { shown, fields, restyle }
    }

    /// The looks to show; tracked.
    fn style(self) -> Style {
        self.shown.style.with(|shown| shown.style)
    }

    fn restyle_with(self, patch: fn(Color) -> StylePatch) -> Callback<Color> {
        Callback::new(move |color| self.restyle.run(patch(color)))
    }

    /// The row of a property, while it applies.
    fn row<T>(self, property: &'static Property<T>) -> impl IntoView
    where
        T: Copy + PartialEq + Send + Sync + 'static,
    {
        let applies = Memo::new(move |_| (property.applies)(self.fields.get()));
        move || applies.get().then(|| choices::row(property, self.shown.style, self.restyle))
    }
}

/// A change of nothing, to be changed.
fn same() -> StylePatch {
    StylePatch::default()
}

#[component]
fn Opacity(panel: Panel) -> impl IntoView {
    let percent = Memo::new(move |_| (panel.style().opacity * 100.0).round() as u8);
    let on_input = move |event| {
        if let Ok(percent) = event_target_value(&event).parse::<f64>() {
            panel.restyle.run(StylePatch { opacity: Some(percent / 100.0), ..same() });
        }
    };
    // After a drag the keys are the canvas's again; somebody who moves it by keys stays in it.
    let is_held = StoredValue::new(false);
    let let_go = move |slider: &HtmlInputElement| {
        if is_held.get_value() {
            is_held.set_value(false);
            slider.blur().ok();
        }
    };
    view! {
        <label class="field">
            <span class="label">"Opacity " <output>{percent}</output></span>
            <input
                class="slider"
                type="range"
                min="0"
                max="100"
                step="10"
                aria-label="Opacity"
                style=move || format!("--fill:{}%", percent.get())
                prop:value=move || percent.get().to_string()
                on:input=on_input
                on:pointerdown=move |_| is_held.set_value(true)
                on:pointerup:target=move |event| let_go(&event.target())
                on:change:target=move |event| let_go(&event.target())
                on:keydown=|event: KeyboardEvent| event.stop_propagation()
            />
        </label>
    }
}

#[component]
fn Actions(act: Act) -> impl IntoView {
    let button = move |command: Command, icon: Icon| {
        view! {
            <button
                class="choice"
                class:danger=command == Command::Delete
                aria-label=label(command)
                title=command_hint(command)
                on:click=move |_| act.run(command.into())
            >
                {icon}
            </button>
        }
    };
    view! {
        <fieldset class="field half">
            <legend>"Layers"</legend>
            <div class="row">
                {button(Command::ToBack, Icon::TO_BACK)}
                {button(Command::Backward, Icon::BACKWARD)}
                {button(Command::Forward, Icon::FORWARD)}
                {button(Command::ToFront, Icon::TO_FRONT)}
            </div>
        </fieldset>
        <fieldset class="field half">
            <legend>"Actions"</legend>
            <div class="row">
                {button(Command::Duplicate, Icon::DUPLICATE)}
                {button(Command::Delete, Icon::TRASH)}
            </div>
        </fieldset>
    }
}
