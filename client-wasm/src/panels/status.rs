//! Two words: how the connection is, and whether everything is saved.

use leptos::prelude::*;
use shared::session::Connection;

use crate::shown::Shown;

/// The connection and what is still to be saved.
#[component]
pub(crate) fn Status(
    /// What there is to show.
    shown: Shown,
) -> impl IntoView {
    let connection = move || shown.connection.get().word();
    let saved = Memo::new(move |_| Saved::of(shown.connection.get(), shown.n_unsaved.get()));
    view! {
        <div class="status">
            <span data-testid="connection" data-state=connection role="status">
                {connection}
            </span>
            <span data-testid="saved" data-state=move || saved.get().word()>
                {move || saved.get().text()}
            </span>
        </div>
    }
}

/// How far the saving has come.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Saved {
    /// The server has everything.
    All,
    /// The rest is on its way.
    Soon,
    /// So many edits wait for a connection.
    Later(usize),
}

impl Saved {
    fn of(connection: Connection, n_unsaved: usize) -> Self {
        match (n_unsaved, connection) {
            (0, _) => Self::All,
            (_, Connection::Live) => Self::Soon,
            (n, Connection::Connecting | Connection::Waiting | Connection::Offline) => {
                Self::Later(n)
            }
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::All => "saved",
            Self::Soon => "saving",
            Self::Later(_) => "unsaved",
        }
    }

    fn text(self) -> String {
        match self {
            Self::All | Self::Soon => self.word().into(),
            Self::Later(n) => format!("{n} unsaved"),
        }
    }
}
