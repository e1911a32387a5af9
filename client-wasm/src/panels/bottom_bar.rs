//! The bar along the bottom: zoom, undo and redo, help.

use editor::Command;
use leptos::prelude::*;

use super::button::{CommandButton, command_hint, hold_focus, hold_keys, label};
use super::icon::Icon;
use crate::shown::{Act, Shown};

/// The bottom bar.
#[component]
pub(crate) fn BottomBar(
    /// What there is to show.
    shown: Shown,
    /// Takes what is asked for.
    act: Act,
) -> impl IntoView {
    let cannot_undo = Signal::derive(move || !shown.undo.get().can_undo);
    let cannot_redo = Signal::derive(move || !shown.undo.get().can_redo);
    view! {
        <footer class="bottombar" on:mousedown=hold_focus on:keydown=hold_keys>
            <div class="bottombar-start">
                <div class="bar card zoom">
                    <CommandButton command=Command::ZoomOut icon=Icon::ZOOM_OUT align="start" act />
                    <button
                        class="zoom-value"
                        aria-label="Reset zoom"
                        data-tip=command_hint(Command::ZoomReset)
                        data-tip-side="top"
                        on:click=move |_| act.run(Command::ZoomReset.into())
                    >
                        {move || format!("{} %", shown.zoom_percent.get())}
                    </button>
                    <CommandButton command=Command::ZoomIn icon=Icon::ZOOM_IN act />
                    <CommandButton command=Command::ZoomToFit icon=Icon::ZOOM_FIT act />
                </div>
                <div class="bar card history">
                    <CommandButton
                        command=Command::Undo
                        icon=Icon::UNDO
                        is_disabled=cannot_undo
                        act
                    />
                    <CommandButton
                        command=Command::Redo
                        icon=Icon::REDO
                        is_disabled=cannot_redo
                        act
                    />
                </div>
            </div>
            <div class="bottombar-end">
                <button
                    class="icon-button help-button"
                    aria-label=label(Command::Help)
                    data-tip=command_hint(Command::Help)
                    data-tip-side="top"
                    data-tip-align="end"
                    on:click=move |_| act.run(Command::Help.into())
                >
                    {Icon::HELP}
                </button>
            </div>
        </footer>
    }
}
