//! Two words: how the connection is, and whether everything is saved.

use std::time::Duration;

use shared::session::Connection;

use super::part::Part;
use crate::shown::Shown;

/// The connection and what is still to be saved.
pub(crate) fn status(shown: Shown) -> Part {
    let connection = move || shown.connection.get().word();
    let saved = move || Saved::of(shown.connection.get(), shown.n_unsaved.get());
    let words = Part::html("<span data-testid='connection' role='status'>")
        .live_attribute("data-state", connection)
        .live_attribute("data-tip", move || distance(shown.connection.get(), shown.rtt.get()))
        .live_text(connection);
    let unsaved = Part::html("<span data-testid='saved'>")
        .live_attribute("data-state", move || saved().word())
        .live_text(move || match shown.uploading.get() {
            Some(percent) => format!("uploading {percent} %"),
            None => saved().text(),
        });
    Part::html("<div class='status'>").child(words).child(unsaved)
}

/// How far away the server is.
fn distance(connection: Connection, rtt: Option<Duration>) -> String {
    match (connection, rtt) {
        (Connection::Live, Some(rtt)) => format!("{} ms to the server and back", rtt.as_millis()),
        _ => connection.word().into(),
    }
}

/// How far the saving has come.
#[derive(Clone, Copy)]
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
