//! The list of keys, from the tables of tools and commands.

use editor::{COMMANDS, Chord, CommandInfo, Section, TOOLS};
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, KeyboardEvent};

use super::icon::Icon;
use super::part::Part;
use crate::browser::document;
use crate::live::RwSignal;
use crate::shown::Dialog;

/// How many of a tool's keys are listed; a command has only its first.
const N_TOOL_KEYS: usize = 2;

/// The dialog.
pub(crate) fn help(dialog: RwSignal<Option<Dialog>>) -> Part {
    let shortcuts = Part::html("<div class='shortcuts'>")
        .child(section("Tools", tools()))
        .child(section("View", commands(Section::View)))
        .child(section("Edit", commands(Section::Edit)));
    let close = Part::button("icon-button", "Close")
        .on_click(move || dialog.set(None))
        .child(Icon::CLOSE)
        .focused();
    let header = Part::html("<header><h2>Keyboard shortcuts</h2>").child(close);
    let body = Part::html("<div class='dialog-body' tabindex='0'>").child(shortcuts);
    covering("Keyboard shortcuts", [header, body], dialog)
}

/// A dialog that covers the board; a press beside it closes it.
pub(crate) fn covering(name: &str, content: [Part; 2], dialog: RwSignal<Option<Dialog>>) -> Part {
    let part = Part::html("<div class='dialog' role='dialog' aria-modal='true'>")
        .attribute("aria-label", name)
        .children(content);
    Part::html("<div class='scrim'>").child(part).on("click", move |event| {
        if event.target() == event.current_target() {
            dialog.set(None);
        }
    })
}

/// A key while the list of keys is open: Escape and `?` close it, Tab stays in it.
pub(crate) fn handle_key(event: &KeyboardEvent, dialog: RwSignal<Option<Dialog>>) {
    match event.key().as_str() {
        "Escape" | "?" => {
            event.prevent_default();
            dialog.set(None);
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
