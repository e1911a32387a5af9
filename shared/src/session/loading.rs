//! A board so large that taking it in at once would hold the page up: a part after the other, and whoever drives
//! the session does everything else in between.

use std::collections::VecDeque;

use super::{Event, Session};
use crate::board::Board;
use crate::protocol::CloseCode;
use crate::scan::split_update;
use crate::time::Time;

/// Larger updates are taken in by parts.
const AT_ONCE_MAX_BYTES: usize = 3 * 1024 * 1024;
/// About the bytes of a part.
const PART_BYTES: usize = 512 * 1024;

/// What the server had, as far as it is not on the board yet. It goes on if the connection ends.
pub(super) struct Loading {
    whole: Vec<u8>,
    parts: VecDeque<Vec<u8>>,
    /// What came since.
    later: Vec<Vec<u8>>,
}

impl Loading {
    /// Cuts an update up; gives it back if it is small.
    pub(super) fn begin(update: Vec<u8>) -> Result<Self, Vec<u8>> {
        if update.len() <= AT_ONCE_MAX_BYTES {
            return Err(update);
        }
        let parts = split_update(update.clone(), PART_BYTES).into();
        Ok(Self { whole: update, parts, later: Vec::new() })
    }

    /// Others' edits wait until what they build on is there.
    pub(super) fn put_off(&mut self, update: &[u8]) {
        self.later.push(update.into());
    }
}

impl Session {
    /// From now on large boards are taken in by parts: whoever drives the session calls
    /// [`Session::load_more`] as long as [`Session::is_loading`].
    pub fn load_in_parts(&mut self) {
        self.loads_in_parts = true;
    }

    /// Whether there is more of the board to be taken in: [`Session::load_more`] is due, soon.
    pub fn is_loading(&self) -> bool {
        self.loading.is_some()
    }

    /// Takes in the next part of the board.
    pub fn load_more(&mut self, now: Time, board: &mut Board) {
        let Some(loading) = &mut self.loading else { return };
        let part = loading.parts.pop_front();
        if part.is_some_and(|part| board.apply_remote(&part).is_err()) {
            self.loading = None;
            if self.me.is_some() {
                self.retry(now, CloseCode::GoingAway, None);
            }
            return;
        }
        if loading.parts.is_empty()
            && let Some(Loading { whole, later, .. }) = self.loading.take()
        {
            if let Some(keep) = &mut self.keep {
                keep.handle_remote(&whole);
                keep.handle_synced(board);
            }
            // A failure ends the connection, and a new one brings what is left.
            let _ = later.iter().all(|update| self.take(now, update, board));
        }
        self.events.push_back(Event::Board);
    }
}
