//! Short messages at the bottom. Whoever shows them also takes them away after a while.

use leptos::prelude::*;

use super::button::{hold_focus, hold_keys};
use super::icon::Icon;
use crate::shown::{Act, Action, Shown, Toast, ToastKind};

/// All messages.
#[component]
pub(crate) fn Toasts(
    /// What there is to show.
    shown: Shown,
    /// Takes the wish to be rid of one.
    act: Act,
) -> impl IntoView {
    view! {
        <div class="toasts" on:mousedown=hold_focus on:keydown=hold_keys>
            <For
                each=move || shown.toasts.get()
                key=|toast| toast.id
                children=move |toast| row(toast, act)
            />
        </div>
    }
}

fn row(toast: Toast, act: Act) -> impl IntoView {
    let Toast { id, kind, text, details } = toast;
    let icon = match kind {
        ToastKind::Info => Icon::CHECK,
        ToastKind::Warn | ToastKind::Error => Icon::ALERT,
    };
    view! {
        <div class="toast" role="status" data-kind=kind.word()>
            {icon}
            <div>{text} {folded(details)}</div>
            <button
                class="icon-button"
                aria-label="Dismiss"
                on:click=move |_| act.run(Action::Dismiss(id))
            >
                {Icon::CLOSE}
            </button>
        </div>
    }
}

fn folded(details: Vec<String>) -> Option<impl IntoView> {
    (!details.is_empty()).then(|| {
        let rows = details.into_iter().map(|detail| view! { <li>{detail}</li> }).collect_view();
        view! {
            <details>
                <summary>"Details"</summary>
                <ul>{rows}</ul>
            </details>
        }
    })
}
