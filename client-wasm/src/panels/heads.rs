//! What stands at the ends of arrows: a button for each end, which unfolds all that can.

use editor::{End, Input};
use shared::element::Head;

use super::choices::field;
use super::icon::Icon;
use super::part::Part;
use crate::live::RwSignal;
use crate::shown::{Act, Action, Shown};

/// What can stand at an arrow's end.
pub(super) static HEADS: [(Head, &str, Icon); 12] = [
    (Head::None, "None", Icon::HEAD_NONE),
    (Head::Arrow, "Arrow", Icon::HEAD_ARROW),
    (Head::Triangle, "Triangle", Icon::HEAD_TRIANGLE),
    (Head::TriangleOutline, "Triangle outline", Icon::HEAD_TRIANGLE_OUTLINE),
    (Head::Dot, "Circle", Icon::HEAD_DOT),
    (Head::DotOutline, "Circle outline", Icon::HEAD_DOT_OUTLINE),
    (Head::Diamond, "Diamond", Icon::HEAD_DIAMOND),
    (Head::DiamondOutline, "Diamond outline", Icon::HEAD_DIAMOND_OUTLINE),
    (Head::Bar, "Bar", Icon::HEAD_BAR),
    (Head::CrowfootOne, "One", Icon::HEAD_ONE),
    (Head::CrowfootMany, "Many", Icon::HEAD_MANY),
    (Head::CrowfootOneOrMany, "One or many", Icon::HEAD_ONE_OR_MANY),
];

/// Both ends of arrows: each a button that unfolds all heads. `open` is the one that has.
pub(crate) fn heads(shown: Shown, act: Act, open: RwSignal<Option<End>>) -> Part {
    open.set(None);
    let end = move |end: End, name: &'static str| {
        let place = end as usize;
        let head = move || shown.style.with(|shown| shown.looks.heads[place]);
        let icon = move || {
            let drawn = HEADS.iter().find(|(it, ..)| Some(*it) == head());
            drawn.map_or(Icon::MIXED, |&(_, _, icon)| icon)
        };
        Part::button("choice", name)
            .attribute("title", name)
            .attribute("data-end", name)
            .live_flag("aria-expanded", move || open.get() == Some(end))
            .live_children(move || vec![icon().into()])
            .on_click(move || open.update(|it| *it = (*it != Some(end)).then_some(end)))
    };
    let row = Part::html("<div class='row'>")
        .child(end(End::Start, "Start"))
        .child(end(End::Last, "End"));
    field("Arrowheads")
        .attribute("style", "grid-column:1/-1")
        .child(row)
        .live_children(move || open.get().map(|end| drawer(end, shown, act)).into_iter().collect())
}

fn drawer(end: End, shown: Shown, act: Act) -> Part {
    let heads = HEADS.iter().map(|&(head, name, icon)| {
        let is_chosen = move || shown.style.with(|it| it.looks.heads[end as usize] == Some(head));
        Part::button("choice", name)
            .attribute("title", name)
            .live_flag("aria-pressed", is_chosen)
            .on_click(move || act.run(Action::Input(Input::Head(end, head))))
            .child(icon)
    });
    Part::html("<div class='row drawer'>")
        .attribute("data-end", if end == End::Start { "Start" } else { "End" })
        .children(heads)
}
