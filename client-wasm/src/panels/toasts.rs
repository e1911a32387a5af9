//! Short messages at the bottom. Whoever shows them also takes them away after a while.

use shared::id::RoomName;

use super::icon::Icon;
use super::part::Part;
use crate::live::Owner;
use crate::shown::{Act, Action, Shown, Toast, ToastKind};

/// All messages.
pub(crate) fn toasts(shown: Shown, act: Act) -> Part {
    // A message keeps its element while others come and go, and with it what was unfolded.
    // So does what listens to it: its owner is not the effect, which begins anew each time.
    let mut rows: Vec<(u64, Part, Owner)> = Vec::new();
    Part::html("<div class='toasts'>").leaves_keys().live_children(move || {
        let toasts = shown.toasts.get();
        rows.retain(|(id, ..)| toasts.iter().any(|toast| toast.id == *id));
        let n_kept = rows.len();
        rows.extend(toasts.into_iter().skip(n_kept).map(|toast| {
            let owner = Owner::new();
            (toast.id, owner.with(|| row(toast, act)), owner)
        }));
        rows.iter().map(|(_, row, _)| row.clone()).collect()
    })
}

fn row(toast: Toast, act: Act) -> Part {
    let Toast { id, kind, text, details, link } = toast;
    let icon = match kind {
        ToastKind::Info => Icon::CHECK,
        ToastKind::Warn | ToastKind::Error => Icon::ALERT,
    };
    let dismiss = Part::button("icon-button", "Dismiss")
        .on_click(move || act.run(Action::Dismiss(id)))
        .child(Icon::CLOSE);
    Part::html("<div class='toast' role='status'>")
        .attribute("data-kind", kind.word())
        .child(icon)
        .child(
            Part::html("<div>")
                .text(&text)
                .children(link.as_ref().map(board_link))
                .children(folded(&details)),
        )
        .child(dismiss)
}

fn board_link(room: &RoomName) -> Part {
    Part::html("<a class='toast-link'>")
        .attribute("href", &format!("/b/{room}"))
        .text(room.as_str())
}

fn folded(details: &[String]) -> Option<Part> {
    let rows = details.iter().map(|detail| Part::html("<li>").text(detail));
    (!details.is_empty()).then(|| {
        Part::html("<details><summary>Details</summary>").child(Part::html("<ul>").children(rows))
    })
}
