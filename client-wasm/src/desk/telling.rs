//! Short messages at the bottom of the page: which there are, and how long they stay.

use shared::id::RoomName;

use super::Desk;
use crate::browser::set_timeout;
use crate::shown::{Toast, ToastKind};

/// How long a message stays that is not an error, in milliseconds.
const TOAST_MS: u32 = 6_000;

impl Desk {
    /// Shows a short message.
    pub(crate) fn toast(&mut self, kind: ToastKind, text: String, details: Vec<String>) {
        self.last_toast += 1;
        let id = self.last_toast;
        if kind == ToastKind::Info || details.is_empty() {
            let toasts = self.shown.toasts;
            let dismiss = move || toasts.update(|all| all.retain(|toast| toast.id != id));
            set_timeout(TOAST_MS, dismiss);
        }
        self.shown.toasts.update(|all| all.push(Toast { id, kind, text, details, link: None }));
    }

    /// Shows a message with a link to a board, until it is dismissed.
    pub(super) fn toast_with_link(&mut self, text: String, room: RoomName) -> u64 {
        self.last_toast += 1;
        let (id, kind, link) = (self.last_toast, ToastKind::Warn, Some(room));
        self.shown
            .toasts
            .update(|all| all.push(Toast { id, kind, text, details: Vec::new(), link }));
        id
    }
}
