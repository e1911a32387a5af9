//! The style panel: the looks of what is selected or drawn next. It shows only what applies, and sends
//! only what was changed.

use editor::{Command, Input, PanelFields};
use leptos::prelude::*;
use shared::element::StylePatch;
use web_sys::{Event, HtmlInputElement};

use super::button::{command_hint, label};
use super::choices::{self, PROPERTIES};
use super::icon::Icon;
use super::part::Part;
use super::popup::{OpenPopup, Popup};
use super::swatches::{COLORED, swatches};
use crate::shown::{Act, Action, Shown};

/// The style panel; where the screen is small, it is seen only while it is open.
pub(crate) fn style_panel(shown: Shown, act: Act, open: OpenPopup) -> Part {
    let applies =
        move |part: fn(PanelFields) -> bool| move || shown.style.with(|style| part(style.fields));
    let panel = Part::html(
        "<section class='style-panel card' data-testid='style-panel' aria-label='Style'>",
    );
    let mut panel = panel.leaves_keys().live_flag("data-open", move || open.is(Popup::Style));
    for colored in &COLORED {
        let row = move || swatches(colored, shown, act);
        panel = panel.child_while(applies(colored.applies), row);
    }
    for property in &PROPERTIES {
        let row = move || choices::row(property, shown, act);
        panel = panel.child_while(applies(property.applies), row);
    }
    panel
        .child_while(applies(|fields| fields.opacity), move || opacity(shown, act))
        .child_while(applies(|fields| fields.actions), move || layers(act))
        .child_while(applies(|fields| fields.actions), move || actions(act))
}

fn opacity(shown: Shown, act: Act) -> Part {
    let percent = move || shown.style.with(|shown| (shown.style.opacity * 100.0).round() as u8);
    let slider = Part::html(
        "<input class='slider' type='range' min='0' max='100' step='10' aria-label='Opacity'>",
    );
    let field: HtmlInputElement = slider.as_element();
    let restyle = move |_: &Event| {
        let percent = field.value_as_number();
        if percent.is_finite() {
            let patch = StylePatch { opacity: Some(percent / 100.0), ..StylePatch::default() };
            act.run(Action::Input(Input::Restyle(patch)));
        }
    };
    // After a drag the keys are the canvas's again; somebody who moves it by keys stays in it.
    let is_held = StoredValue::new(false);
    let field: HtmlInputElement = slider.as_element();
    let let_go = move |_: &Event| {
        if is_held.get_value() {
            is_held.set_value(false);
            field.blur().ok();
        }
    };
    let slider = slider
        .live_attribute("style", move || format!("--fill:{}%", percent()))
        .live_value(move || percent().to_string())
        .on("input", restyle)
        .on("pointerdown", move |_| is_held.set_value(true))
        .on("pointerup", let_go.clone())
        .on("change", let_go)
        .on_key(|event| event.stop_propagation());
    let output = Part::html("<output>").live_text(move || percent().to_string());
    Part::html("<label class='field'>")
        .child(Part::html("<span class='label'>Opacity ").child(output))
        .child(slider)
}

fn layers(act: Act) -> Part {
    let row = Part::html("<div class='row'>")
        .child(button(Command::ToBack, Icon::TO_BACK, act))
        .child(button(Command::Backward, Icon::BACKWARD, act))
        .child(button(Command::Forward, Icon::FORWARD, act))
        .child(button(Command::ToFront, Icon::TO_FRONT, act));
    Part::html("<fieldset class='field half'><legend>Layers</legend>").child(row)
}

fn actions(act: Act) -> Part {
    let delete = button(Command::Delete, Icon::TRASH, act).attribute("class", "choice danger");
    let row = Part::html("<div class='row'>")
        .child(button(Command::Duplicate, Icon::DUPLICATE, act))
        .child(delete);
    Part::html("<fieldset class='field half'><legend>Actions</legend>").child(row)
}

fn button(command: Command, icon: Icon, act: Act) -> Part {
    Part::button("choice", label(command))
        .attribute("title", &command_hint(command))
        .gives(command, act)
        .child(icon)
}
