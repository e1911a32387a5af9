//! When a picture of what is seen is kept for the next visit: once all of it is painted and nothing has changed for a
//! while, and when the tab is left.

use std::time::Duration;

use shared::session::Connection;

use super::rest::Rest;
use super::{Desk, Handle};

/// How long nothing may have changed.
const REST: Duration = Duration::from_secs(2);

/// Whether the picture that is kept is still right.
pub(super) struct PosterTime {
    rest: Rest,
    /// Whether something changed that it does not show.
    is_old: bool,
}

impl Default for PosterTime {
    fn default() -> Self {
        let rest = Rest::new(REST, |desk| &mut desk.poster_time.rest, |desk, _| desk.keep_poster());
        Self { rest, is_old: false }
    }
}

impl PosterTime {
    /// What is seen has changed.
    pub(super) fn wake(&mut self, handle: &Handle) {
        self.is_old = true;
        self.rest.wake(handle);
    }
}

impl Desk {
    /// Keeps what is seen if it is the board, all of it, and is not kept yet.
    pub(super) fn keep_poster(&mut self) {
        let is_kept = self.store.is_some() && !self.is_leaving;
        let is_whole = self.is_board_here() && !self.painting.wants_board;
        if is_kept && is_whole && std::mem::take(&mut self.poster_time.is_old) {
            self.remember_view();
            self.painting.keep_poster(&self.room, self.editor.camera());
        }
    }

    /// Whether the board is shown, as far as it can be known.
    pub(super) fn is_board_here(&self) -> bool {
        let is_offline =
            matches!(self.session.connection(), Connection::Waiting | Connection::Offline);
        !self.session.is_loading() && (self.has_been_live || self.is_known && is_offline)
    }
}
