//! The toolbar, from the table of tools.

use editor::{Command, Input, TOOLS, Tool, ToolInfo};

use super::button::{command_hint, hint, walk};
use super::icon::Icon;
use super::part::Part;
use super::popup::{OpenPopup, Popup};
use super::swatches::seen_as;
use crate::shown::{Act, Action, Shown};

/// Tools that have a place in the toolbar on every screen.
const EVERYWHERE: [Tool; 6] =
    [Tool::Select, Tool::Pen, Tool::Eraser, Tool::Rectangle, Tool::Arrow, Tool::Text];

/// Where a tool has its place in the toolbar: everywhere, where there is room, or only behind the button for
/// more.
fn place(info: &ToolInfo) -> &'static str {
    if EVERYWHERE.contains(&info.tool) {
        "everywhere"
    } else if info.digit.is_some() || info.tool == Tool::Hand {
        "wide"
    } else {
        "more"
    }
}

/// The tools, behind a button those that have no room, and on small screens the button that opens the style
/// panel.
pub(crate) fn toolbar(shown: Shown, act: Act, open: OpenPopup) -> Part {
    let lock = Part::button("tool tool-lock", "Keep the tool after drawing")
        .attribute("data-testid", "tool-lock")
        .attribute("data-tip", &command_hint(Command::ToolLock))
        .live_flag("aria-pressed", move || shown.is_tool_locked.get())
        .gives(Command::ToolLock, act)
        .child(Icon::LOCK);
    let mut tools = Part::html("<div class='tools'>").child(lock);
    tools = tools.child_while(move || shown.has_stylus.get(), move || stylus(shown, act));
    tools = tools.child(separator());
    for info in TOOLS.iter().filter(|info| place(info) != "more") {
        tools = tools.child(tool_button(info, shown, act).attribute("data-place", place(info)));
        // What draws stands apart from what does not.
        if info.tool == Tool::Hand {
            tools = tools.child(separator());
        }
    }
    let mut popover =
        Part::html("<div class='more-tools popover card' role='group' aria-label='More tools'>")
            .live_attribute(
                "data-open",
                move || if open.is(Popup::Tools) { "true" } else { "false" },
            );
    for info in TOOLS.iter().filter(|info| place(info) != "everywhere") {
        let mut button = tool_button(info, shown, act)
            .attribute("data-place", place(info))
            .attribute("class", "menu-item")
            .on_click(move || open.close())
            .child(Part::html("<span>").text(info.label))
            .children(info.keys.first().map(|key| Part::new("kbd").text(&key.words().join("+"))));
        if place(info) == "wide" {
            // The one in the toolbar is what programs mean.
            button = button.attribute("data-testid", "");
        }
        popover = popover.child(button.attribute("data-tip", ""));
    }
    let held = move || shown.tool.get().info();
    let more = Part::button("tool more", "More tools")
        .attribute("data-testid", "more-tools")
        .attribute("data-tip", "More tools")
        .live_flag("aria-expanded", move || open.is(Popup::Tools))
        .live_attribute("data-holds", move || place(held()))
        .live_children(move || {
            let icon =
                if place(held()) == "everywhere" { Icon::MORE } else { Icon::of_tool(held().tool) };
            vec![Icon::MORE.with_class("idle"), icon.with_class("held")]
        })
        .on_click(move || open.toggle(Popup::Tools));
    let stroke = move || {
        let color = shown.style.with(|style| {
            let looks = style.looks.shared;
            looks.stroke.filter(|_| style.fields.stroke).or(looks.fill)
        });
        color.map_or_else(String::new, |color| seen_as(color, shown))
    };
    let style = Part::button("tool style-toggle", "Style")
        .attribute("data-testid", "style-toggle")
        .live_flag("aria-expanded", move || open.is(Popup::Style))
        .disabled_while(move || shown.style.with(|style| style.fields.is_empty()))
        .on_click(move || open.toggle(Popup::Style))
        .child(Part::html("<span class='current'>").live_attribute("style", stroke));
    Part::html("<div class='toolbar card' role='toolbar' aria-label='Tools'>")
        .on_key(walk)
        .child(tools)
        .child(more)
        .child(popover)
        .child(style)
}

/// Whether fingers draw too; seen from the first time on that a stylus did.
fn stylus(shown: Shown, act: Act) -> Part {
    Part::button("tool tool-lock", "Draw by stylus only")
        .attribute("data-testid", "pen-mode")
        .attribute("data-tip", "Only the stylus draws, fingers pan")
        .live_flag("aria-pressed", move || shown.modes.get().pen)
        .gives(Command::PenMode, act)
        .child(Icon::STYLUS)
}

fn separator() -> Part {
    Part::html("<span class='separator'>")
}

fn tool_button(info: &ToolInfo, shown: Shown, act: Act) -> Part {
    let tool = info.tool;
    let key = |digit: char| {
        Part::html("<span class='key' aria-hidden='true'>").text(digit.encode_utf8(&mut [0; 4]))
    };
    Part::button("tool", info.label)
        .attribute("data-testid", &test_id(info))
        .attribute("data-tip", &hint(info.label, info.keys))
        .live_flag("aria-pressed", move || shown.tool.get() == tool)
        .on_click(move || act.run(Action::Input(Input::Pick(tool))))
        .child(Icon::of_tool(tool))
        .children(info.digit.map(key))
}

fn test_id(info: &ToolInfo) -> String {
    format!("tool-{}", info.name)
}
