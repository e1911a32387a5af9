//! When a picture of what is seen is kept for the next visit: once all of it is painted and nothing has changed for a
//! while, and when the tab is left.

use std::time::Duration;

use gloo_timers::callback::Timeout;
use shared::session::Connection;
use shared::time::Time;

use super::{Desk, Handle};
use crate::clock;

/// How long nothing may have changed.
const REST: Duration = Duration::from_secs(2);

/// Whether the picture that is kept is still right.
#[derive(Default)]
pub(super) struct PosterTime {
    timer: Option<Timeout>,
    /// When something changed last that it does not show.
    woken_at: Option<Time>,
}

impl PosterTime {
    /// What is seen has changed: the rest begins anew.
    pub(super) fn wake(&mut self, handle: &Handle) {
        self.woken_at = Some(clock::now());
        if self.timer.is_none() {
            self.wait(REST, handle);
        }
    }

    fn wait(&mut self, rest: Duration, handle: &Handle) {
        let handle = handle.clone();
        self.timer = Some(Timeout::new(rest.as_millis() as u32, move || {
            let to = handle.clone();
            handle.with(move |desk| desk.consider_poster(&to));
        }));
    }
}

impl Desk {
    fn consider_poster(&mut self, handle: &Handle) {
        self.poster_time.timer = None;
        let Some(woken_at) = self.poster_time.woken_at else { return };
        let rested = clock::now().since(woken_at);
        if rested < REST {
            return self.poster_time.wait(REST - rested, handle);
        }
        self.keep_poster();
    }

    /// Keeps what is seen if it is the board, all of it, and is not kept yet.
    pub(super) fn keep_poster(&mut self) {
        let is_kept = self.store.is_some() && !self.is_leaving;
        let is_whole = self.is_board_here() && !self.painting.wants_board;
        if is_kept && is_whole && self.poster_time.woken_at.take().is_some() {
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
