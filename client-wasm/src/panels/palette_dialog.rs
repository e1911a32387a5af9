//! The list of all tools, commands and looks, to search in.

use editor::{COMMANDS, Chord, Command, Input, TOOLS};
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, HtmlInputElement, KeyboardEvent};

use super::choices;
use super::help::covering;
use super::icon::Icon;
use super::part::Part;
use super::swatches;
use crate::browser::document;
use crate::live::RwSignal;
use crate::shown::{Act, Action, Dialog};

/// The dialog: a field, and below it what has the typed letters in its name.
pub(crate) fn palette(dialog: RwSignal<Option<Dialog>>, act: Act) -> Part {
    let field = Part::html(
        "<input class='input' aria-label='Search all commands' placeholder='Search all commands' \
         spellcheck='false' data-testid='palette'>",
    );
    let input: HtmlInputElement = field.as_element();
    let mut list = Part::html("<div class='dialog-body palette' role='listbox'>")
        .on_key(super::menu::handle_key);
    let mut names = Vec::new();
    for Row { name, also, keys, input } in rows() {
        let button = Part::html("<button class='menu-item' role='option'>")
            .child(Part::new("span").text(&name))
            .child(Part::new("small").text(&keys))
            .on_click(move || {
                dialog.set(None);
                act.run(Action::Input(input.clone()));
            });
        names.push((
            [&name, " ", also].concat().to_ascii_lowercase(),
            button.as_element::<HtmlElement>(),
        ));
        list = list.child(button);
    }
    let typed = input.clone();
    let field = field.focused().on_key(handle_key).on("input", move |_| {
        let wanted = typed.value().to_ascii_lowercase();
        for (name, row) in &names {
            row.set_hidden(!wanted.split(' ').all(|word| name.contains(word)));
        }
    });
    let header = Part::html("<header>").child(Icon::SEARCH).child(field);
    covering("All commands", [header, list], dialog)
}

/// All that can be given, in the order of the list.
fn rows() -> Vec<Row> {
    let tools = TOOLS.iter().map(|info| row(info.label, info.keys, Input::Pick(info.tool)));
    let mut rows: Vec<Row> = tools.collect();
    for info in COMMANDS {
        // What is about a place under the hand is of no use from here.
        let is_of_keys = matches!(info.command, Command::Nudge(_) | Command::Palette);
        if !is_of_keys {
            rows.push(row(info.label, info.keys, Input::Command(info.command)));
        }
    }
    let looks = choices::named().chain(swatches::named());
    rows.extend(looks.map(|(name, also, input)| Row { name, also, keys: String::new(), input }));
    rows
}

/// Something that can be given.
struct Row {
    name: String,
    /// Other words that people look for it by.
    also: &'static str,
    keys: String,
    input: Input,
}

fn row(name: &'static str, keys: &[Chord], input: Input) -> Row {
    let keys = keys.first().map_or_else(String::new, |chord| chord.words().join("+"));
    Row { name: name.into(), also: "", keys, input }
}

/// In the field: Enter gives the first that is left, the arrow goes down to it.
fn handle_key(event: &KeyboardEvent) {
    event.stop_propagation();
    let key = event.key();
    let Ok(Some(first)) = document().query_selector(".palette > :not([hidden])") else { return };
    let Some(first) = first.dyn_ref::<HtmlElement>() else { return };
    match key.as_str() {
        "Enter" => first.click(),
        "ArrowDown" => drop(first.focus()),
        _ => return,
    }
    event.prevent_default();
}

#[cfg(test)]
mod tests {
    use super::rows;

    /// The words of a name, however they are written and in whatever order.
    fn words(name: &str) -> Vec<String> {
        let name = name.to_ascii_lowercase();
        let words = name.split(|letter: char| !letter.is_alphanumeric() && letter != '%');
        let mut words: Vec<_> = words.filter(|word| !word.is_empty()).map(String::from).collect();
        words.sort();
        words
    }

    #[test]
    fn no_two_rows_read_alike() {
        let rows = rows();
        for (place, row) in rows.iter().enumerate() {
            let twin = rows[..place].iter().find(|other| words(&other.name) == words(&row.name));
            assert!(twin.is_none(), "{} and {}", row.name, twin.map_or("", |it| &it.name));
        }
    }
}
