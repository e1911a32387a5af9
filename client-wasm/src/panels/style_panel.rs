//! The style panel: the looks of what is selected or drawn next. It shows only what applies, and sends
//! only what was changed.

use std::cell::Cell;
use std::rc::Rc;

use editor::{Axis, Command, Input, Measures, PanelFields, Side};
use shared::element::StylePatch;
use shared::geometry::Geometry;
use web_sys::{Event, HtmlInputElement};

use super::button::{command_hint, label, walk};
use super::choices::{self, PROPERTIES, field};
use super::heads;
use super::icon::Icon;
use super::part::Part;
use super::popup::{OpenPopup, Popup};
use super::swatches::{COLORED, blur_on_enter, swatches};
use crate::live::{RwSignal, untrack};
use crate::numeral::numeral;
use crate::shown::{Act, Action, Shown, ShownStyle};

/// The style panel; where the screen is small, it is seen only while it is open.
pub(crate) fn style_panel(shown: Shown, act: Act, open: OpenPopup) -> Part {
    let applies =
        move |part: fn(PanelFields) -> bool| move || shown.style.with(|style| part(style.fields));
    let is_so = move |part: fn(&ShownStyle) -> bool| move || shown.style.with(part);
    let panel = Part::html(
        "<section class='style-panel card' data-testid='style-panel' aria-label='Style'>",
    );
    let mut panel =
        panel.leaves_keys().on_key(walk).live_flag("data-open", move || open.is(Popup::Style));
    for colored in &COLORED {
        let is_open = RwSignal::new(false);
        let row = move || swatches(colored, shown, act, is_open);
        panel = panel.child_while(applies(colored.applies), row);
    }
    for property in &PROPERTIES {
        let row = move || choices::row(property, shown, act);
        panel = panel.child_while(is_so(property.applies), row);
    }
    let open_end = RwSignal::new(None);
    panel
        .child_while(applies(|fields| fields.arrow), move || heads::heads(shown, act, open_end))
        .child_while(applies(|fields| fields.eraser), move || eraser(shown, act))
        .child_while(applies(|fields| fields.opacity), move || opacity(shown, act))
        .child_while(applies(|fields| fields.actions), move || {
            buttons("Layers and flip", &LAYERS, act)
        })
        .child_while(is_so(|shown| shown.looks.n_chosen > 1), move || {
            buttons("Arrange", &ARRANGING, act)
        })
        .child_while(applies(|fields| fields.crop), move || buttons("Picture", &PICTURE, act))
        .child_while(applies(|fields| fields.actions), move || buttons("Actions", &ACTIONS, act))
        .child_while(is_so(|shown| shown.looks.place.is_some()), move || measures(shown, act))
}

/// Whether the eraser takes whole elements or parts of strokes.
fn eraser(shown: Shown, act: Act) -> Part {
    let rubs = move || shown.modes.with(|modes| modes.rub);
    let choice = |(does_rub, face, name): (bool, &str, &str)| {
        Part::button("choice", name)
            .attribute("title", name)
            .attribute("style", "width:auto;padding:0 12px")
            .live_flag("aria-pressed", move || rubs() == does_rub)
            .on_click(move || {
                if untrack(rubs) != does_rub {
                    act.run(Command::RubMode.into());
                }
            })
            .text(face)
    };
    let choices =
        [(false, "Whole", "Erase whole elements"), (true, "Parts", "Erase parts of strokes")];
    field("Eraser")
        .attribute("style", "grid-column:1/-1")
        .child(Part::html("<div class='row'>").children(choices.map(choice)))
}

fn opacity(shown: Shown, act: Act) -> Part {
    let percent = move || {
        let opacity = shown.style.with(|shown| shown.looks.shared.opacity);
        opacity.map(|opacity| (opacity * 100.0).round() as u8)
    };
    let slider = Part::html(
        "<input class='slider' type='range' min='0' max='100' step='10' aria-label='Opacity'>",
    );
    let range: HtmlInputElement = slider.as_element();
    let restyle = move |_: &Event| {
        let percent = range.value_as_number();
        if percent.is_finite() {
            let patch = StylePatch { opacity: Some(percent / 100.0), ..StylePatch::default() };
            act.run(Action::Input(Input::Restyle(patch)));
        }
    };
    // After a drag the keys are the canvas's again; somebody who moves it by keys stays in it.
    let is_held = Rc::new(Cell::new(false));
    let held = Rc::clone(&is_held);
    let range = Rc::new(slider.as_element::<HtmlInputElement>());
    let let_go = move |_: &Event| {
        if is_held.take() {
            range.blur().ok();
        }
    };
    let slider = slider
        .live_attribute("style", move || format!("--fill:{}%", percent().unwrap_or(50)))
        .live_value(move || percent().unwrap_or(50).to_string())
        .on("input", restyle)
        .on("pointerdown", move |_| held.set(true))
        .on("pointerup", let_go.clone())
        .on("change", let_go)
        .on_key(|event| event.stop_propagation());
    let output = Part::html("<output>")
        .live_text(move || percent().map_or_else(|| "Mixed".into(), |percent| percent.to_string()));
    Part::html("<label class='field' style='grid-column:1/-1'>")
        .child(Part::html("<span class='label'>Opacity ").child(output))
        .child(slider)
}

static LAYERS: [(Command, Icon); 6] = [
    (Command::ToBack, Icon::TO_BACK),
    (Command::Backward, Icon::BACKWARD),
    (Command::Forward, Icon::FORWARD),
    (Command::ToFront, Icon::TO_FRONT),
    (Command::Flip(Axis::Across), Icon::FLIP_ACROSS),
    (Command::Flip(Axis::Down), Icon::FLIP_DOWN),
];

static ARRANGING: [(Command, Icon); 8] = [
    (Command::Align(Axis::Across, Side::Start), Icon::ALIGN_LEFT),
    (Command::Align(Axis::Across, Side::Middle), Icon::ALIGN_CENTER),
    (Command::Align(Axis::Across, Side::End), Icon::ALIGN_RIGHT),
    (Command::Distribute(Axis::Across), Icon::SPREAD_ACROSS),
    (Command::Align(Axis::Down, Side::Start), Icon::ALIGN_TOP),
    (Command::Align(Axis::Down, Side::Middle), Icon::ALIGN_MIDDLE),
    (Command::Align(Axis::Down, Side::End), Icon::ALIGN_BOTTOM),
    (Command::Distribute(Axis::Down), Icon::SPREAD_DOWN),
];

static PICTURE: [(Command, Icon); 2] =
    [(Command::Crop, Icon::CROP), (Command::ResetCrop, Icon::UNCROP)];

static ACTIONS: [(Command, Icon); 6] = [
    (Command::Duplicate, Icon::DUPLICATE),
    (Command::Delete, Icon::TRASH),
    (Command::Group, Icon::GROUP),
    (Command::Ungroup, Icon::UNGROUP),
    (Command::Link, Icon::LINK),
    (Command::Lock, Icon::LOCK),
];

fn buttons(name: &str, commands: &'static [(Command, Icon)], act: Act) -> Part {
    let button = |&(command, icon): &(Command, Icon)| {
        Part::button(
            if command == Command::Delete { "choice danger" } else { "choice" },
            label(command),
        )
        .attribute("title", &command_hint(command))
        .gives(command, act)
        .child(icon)
    };
    field(name)
        .attribute("style", "grid-column:1/-1")
        .child(Part::html("<div class='row'>").children(commands.iter().map(button)))
}

/// A number of the box around what is chosen.
struct Number {
    name: &'static str,
    sign: &'static str,
    read: fn(&Geometry) -> f64,
    write: fn(&mut Measures, f64),
}

static NUMBERS: [Number; 5] = [
    Number { name: "Left", sign: "X", read: |it| it.x, write: |to, v| to.x = Some(v) },
    Number { name: "Top", sign: "Y", read: |it| it.y, write: |to, v| to.y = Some(v) },
    Number { name: "Width", sign: "W", read: |it| it.w, write: |to, v| to.w = Some(v) },
    Number { name: "Height", sign: "H", read: |it| it.h, write: |to, v| to.h = Some(v) },
    Number {
        name: "Angle in degrees",
        sign: "∠",
        read: |it| it.angle.to_degrees(),
        write: |to, v| to.angle = Some(v.to_radians()),
    },
];

fn measures(shown: Shown, act: Act) -> Part {
    let [box_numbers @ .., angle] = &NUMBERS;
    // A box around several has no turn, nor has what stands as it must.
    let can_turn = move || shown.style.with(|shown| shown.looks.can_turn);
    let numbers = Part::html("<div class='measures'>")
        .children(box_numbers.iter().map(|number| measure(number, shown, act)))
        .child_while(can_turn, move || measure(angle, shown, act));
    field("Position and size").attribute("style", "grid-column:1/-1").child(numbers)
}

fn measure(number: &'static Number, shown: Shown, act: Act) -> Part {
    let value = move || {
        let place = shown.style.with(|shown| shown.looks.place);
        place.map_or_else(String::new, |it| numeral(((number.read)(&it) * 10.0).round() / 10.0))
    };
    let input = Part::html("<input class='input' type='number' step='any'>")
        .attribute("aria-label", number.name)
        .live_value(value);
    let field: HtmlInputElement = input.as_element();
    let input = input.on_key(blur_on_enter).on("change", move |_| {
        let typed = field.value_as_number();
        if typed.is_finite() {
            let mut measures = Measures::default();
            (number.write)(&mut measures, typed);
            act.run(Action::Input(Input::Measure(measures)));
        } else {
            field.set_value(&untrack(value));
        }
    });
    Part::html("<label>").attribute("title", number.name).text(number.sign).child(input)
}
