//! The list of keys, from the tables of tools and commands.

use std::collections::HashSet;

use editor::{COMMANDS, Chord, CommandInfo, Section, TOOLS};
use leptos::html::Button;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use web_sys::{HtmlElement, KeyboardEvent, MouseEvent};

use super::icon::Icon;
use crate::shown::Shown;

/// How many of a tool's keys are listed; a command has only its first.
const N_TOOL_KEYS: usize = 2;

/// The dialog, while it is open.
#[component]
pub(crate) fn Help(
    /// What there is to show.
    shown: Shown,
) -> impl IntoView {
    let is_open = shown.is_help_open;
    view! {
        <Show when=move || is_open.get()>
            <Dialog is_open />
        </Show>
    }
}

#[component]
fn Dialog(is_open: RwSignal<bool>) -> impl IntoView {
    let close = NodeRef::<Button>::new();
    Effect::new(move |_| {
        if let Some(close) = close.get() {
            close.focus().ok();
        }
    });
    let on_scrim = move |event: MouseEvent| {
        if event.target() == event.current_target() {
            is_open.set(false);
        }
    };
    view! {
        <div class="scrim" on:click=on_scrim>
            <div class="dialog" role="dialog" aria-modal="true" aria-labelledby="help-title">
                <header>
                    <h2 id="help-title">"Keyboard shortcuts"</h2>
                    <button
                        class="icon-button"
                        aria-label="Close"
                        node_ref=close
                        on:click=move |_| is_open.set(false)
                    >
                        {Icon::CLOSE}
                    </button>
                </header>
                <div class="dialog-body" tabindex="0">
                    <div class="shortcuts">
                        {section("Tools", tools())}
                        {section("View", commands(Section::View))}
                        {section("Edit", commands(Section::Edit))}
                    </div>
                </div>
            </div>
        </div>
    }
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
    let mut seen = HashSet::new();
    let is_listed = |info: &&CommandInfo| info.section == section && !info.keys.is_empty();
    let rows = COMMANDS.iter().filter(is_listed).filter(|info| seen.insert(info.label));
    rows.map(|info| (info.label, &info.keys[..1])).collect()
}

fn section(title: &'static str, rows: Vec<Row>) -> impl IntoView {
    let row = |(label, keys): Row| {
        view! {
            <div>
                <dt>{label}</dt>
                <dd>{chords(keys)}</dd>
            </div>
        }
    };
    view! {
        <section>
            <h3>{title}</h3>
            <dl>{rows.into_iter().map(row).collect_view()}</dl>
        </section>
    }
}

fn chords(keys: &'static [Chord]) -> impl IntoView {
    let chord = |(place, chord): (usize, &Chord)| {
        let words = chord.words().into_iter().map(|word| view! { <kbd>{word}</kbd> });
        ((place > 0).then_some(" or "), words.collect_view())
    };
    keys.iter().enumerate().map(chord).collect_view()
}
