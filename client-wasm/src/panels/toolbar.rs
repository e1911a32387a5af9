//! The toolbar, from the table of tools.

use editor::{Command, Input, TOOLS, Tool, ToolInfo};
use leptos::prelude::*;
use web_sys::{ScrollIntoViewOptions, ScrollLogicalPosition};

use super::button::{command_hint, hint};
use super::icon::Icon;
use super::part::{Part, effect};
use super::popup::{OpenPopup, Popup};
use crate::shown::{Act, Action, Shown};

/// The tools, and on small screens the button that opens the style panel.
pub(crate) fn toolbar(shown: Shown, act: Act, open: OpenPopup) -> Part {
    effect(Box::new(move || show_button(shown.tool.get())));
    let lock = Part::button("tool tool-lock", "Keep the tool after drawing")
        .attribute("data-testid", "tool-lock")
        .attribute("data-tip", &command_hint(Command::ToolLock))
        .live_flag("aria-pressed", move || shown.is_tool_locked.get())
        .gives(Command::ToolLock, act)
        .child(Icon::LOCK);
    let mut tools = Part::html("<div class='tools'>").child(lock).child(separator());
    for info in TOOLS {
        tools = tools.child(tool_button(info, shown, act));
        // What draws stands apart from what does not.
        if info.tool == Tool::Hand {
            tools = tools.child(separator());
        }
    }
    let stroke = move || shown.style.with(|shown| format!("--c:{}", shown.style.stroke));
    let style = Part::button("tool style-toggle", "Style")
        .attribute("data-testid", "style-toggle")
        .live_flag("aria-expanded", move || open.is(Popup::Style))
        .disabled_while(move || shown.style.with(|style| style.fields.is_empty()))
        .on_click(move || open.toggle(Popup::Style))
        .child(Part::html("<span class='current'>").live_attribute("style", stroke));
    Part::html("<div class='toolbar card' role='toolbar' aria-label='Tools'>")
        .child(tools)
        .child(style)
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

/// On small screens the tools scroll: brings the one in hand into view.
fn show_button(tool: Tool) {
    let selector = format!("[data-testid={}]", test_id(tool.info()));
    let Ok(Some(button)) = document().query_selector(&selector) else { return };
    let does_scroll = |tools: web_sys::Element| tools.scroll_width() > tools.client_width();
    if button.parent_element().is_some_and(does_scroll) {
        let options = ScrollIntoViewOptions::new();
        options.set_block(ScrollLogicalPosition::Nearest);
        options.set_inline(ScrollLogicalPosition::Center);
        button.scroll_into_view_with_scroll_into_view_options(&options);
    }
}
