//! The toolbar, from the table of tools.

use editor::{Command, Input, TOOLS, Tool, ToolInfo};
use leptos::prelude::*;
use web_sys::{ScrollIntoViewOptions, ScrollLogicalPosition};

use super::button::{command_hint, hint, true_or_false};
use super::icon::Icon;
use super::popup::{OpenPopup, Popup};
use crate::shown::{Act, Action, Shown};

/// The tools, and on small screens the button that opens the style panel.
#[component]
pub(crate) fn Toolbar(
    /// What there is to show.
    shown: Shown,
    /// Takes what is asked for.
    act: Act,
    /// Where the style panel is opened.
    open: OpenPopup,
) -> impl IntoView {
    Effect::new(move |_| show_button(shown.tool.get()));
    let has_style = Memo::new(move |_| shown.style.with(|style| !style.fields.is_empty()));
    let stroke = Memo::new(move |_| shown.style.with(|style| style.style.stroke));
    view! {
        <div class="toolbar card" role="toolbar" aria-label="Tools">
            <div class="tools">
                <button
                    class="tool tool-lock"
                    data-testid="tool-lock"
                    aria-pressed=move || true_or_false(shown.is_tool_locked.get())
                    aria-label="Keep the tool after drawing"
                    data-tip=command_hint(Command::ToolLock)
                    on:click=move |_| act.run(Command::ToolLock.into())
                >
                    {Icon::LOCK}
                </button>
                <span class="separator"></span>
                {TOOLS.iter().map(|info| tool_button(info, shown, act)).collect_view()}
            </div>
            <button
                class="tool style-toggle"
                data-testid="style-toggle"
                aria-label="Style"
                aria-expanded=move || true_or_false(open.is(Popup::Style))
                prop:disabled=move || !has_style.get()
                on:click=move |_| open.toggle(Popup::Style)
            >
                <span class="current" style=move || format!("--c:{}", stroke.get())></span>
            </button>
        </div>
    }
}

fn tool_button(info: &'static ToolInfo, shown: Shown, act: Act) -> impl IntoView {
    let tool = info.tool;
    let is_looking = tool == Tool::Hand;
    view! {
        <button
            class="tool"
            data-testid=test_id(info)
            aria-pressed=move || true_or_false(shown.tool.get() == tool)
            aria-label=info.label
            data-tip=hint(info.label, info.keys)
            on:click=move |_| act.run(Action::Input(Input::Pick(tool)))
        >
            {Icon::of_tool(tool)}
            {info.digit.map(|digit| view! { <span class="key" aria-hidden="true">{digit}</span> })}
        </button>
        // What draws stands apart from what does not.
        {is_looking.then(|| view! { <span class="separator"></span> })}
    }
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
