//! The list of keys, from the tables of tools and commands.

use editor::{COMMANDS, Chord, CommandInfo, Section, TOOLS};
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use web_sys::{HtmlElement, KeyboardEvent};

use super::icon::Icon;
use super::part::Part;

/// How many of a tool's keys are listed; a command has only its first.
const N_TOOL_KEYS: usize = 2;

/// The dialog.
pub(crate) fn help(is_open: RwSignal<bool>) -> Part {
    let close = Part::button("icon-button", "Close")
        .on_click(move || is_open.set(false))
        .child(Icon::CLOSE)
        .focused();
    let shortcuts = Part::html("<div class='shortcuts'>")
        .child(section("Tools", tools()))
        .child(section("View", commands(Section::View)))
        .child(section("Edit", commands(Section::Edit)));
    let header = Part::html("<header><h2 id='help-title'>Keyboard shortcuts</h2>").child(close);
    let dialog = Part::html(
        "<div class='dialog' role='dialog' aria-modal='true' aria-labelledby='help-title'>",
    );
    let dialog = dialog
        .child(header)
        .child(Part::html("<div class='dialog-body' tabindex='0'>").child(shortcuts));
    Part::html("<div class='scrim'>").child(dialog).on("click", move |event| {
        if event.target() == event.current_target() {
            is_open.set(false);
        }
    })
}

/// A key while the dialog is open: Escape and `?` close it, Tab stays in it.
pub(crate) fn handle_key(event: &KeyboardEvent, is_open: RwSignal<bool>) {
    match event.key().as_str() {
        "Escape" | "?" => {
            event.prevent_default();
            is_open.set(false);
        }
        "Tab" => {
            event.prevent_default();
            let is_in_list = matches!(document().query_selector(".dialog-body:focus"), Ok(Some(_)));
            focus(if is_in_list { ".dialog > header > button" } else { ".dialog-body" });
        }
        _ => {}
    }
}

fn focus(selector: &str) {
    if let Ok(Some(element)) = document().query_selector(selector)
        && let Some(element) = element.dyn_ref::<HtmlElement>()
    {
        element.focus().ok();
    }
}

/// A name and the keys that do the same.
type Row = (&'static str, &'static [Chord]);

fn tools() -> Vec<Row> {
    let first_keys = |keys: &'static [Chord]| &keys[..keys.len().min(N_TOOL_KEYS)];
    TOOLS.iter().map(|info| (info.label, first_keys(info.keys))).collect()
}

fn commands(section: Section) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    let is_listed = |info: &&CommandInfo| info.section == section && !info.keys.is_empty();
    for info in COMMANDS.iter().filter(is_listed) {
        if rows.iter().all(|(label, _)| *label != info.label) {
            rows.push((info.label, &info.keys[..1]));
        }
    }
    rows
}

fn section(title: &str, rows: Vec<Row>) -> Part {
    let row = |(label, keys): Row| {
        Part::html("<div>").child(Part::html("<dt>").text(label)).child(chords(keys))
    };
    Part::html("<section>")
        .child(Part::html("<h3>").text(title))
        .child(Part::html("<dl>").children(rows.into_iter().map(row)))
}

fn chords(keys: &[Chord]) -> Part {
    let mut list = Part::html("<dd>");
    for (place, chord) in keys.iter().enumerate() {
        if place > 0 {
            list = list.text(" or ");
        }
        list = list.children(chord.words().iter().map(|word| Part::html("<kbd>").text(word)));
    }
    list
}
