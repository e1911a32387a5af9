//! A board so large that taking it in at once would hold the page up: a part after the other, and whoever drives
//! the session does everything else in between.

use std::collections::VecDeque;

use super::{Event, Session};
use crate::board::Board;
use crate::geometry::Bounds;
use crate::protocol::CloseCode;
use crate::scan::split_update;
use crate::time::Time;

/// Larger updates are taken in by parts.
const AT_ONCE_MAX_BYTES: usize = 192 * 1024;
/// About the bytes of a part.
const PART_BYTES: usize = 160 * 1024;

/// What the server had, as far as it is not on the board yet. It goes on if the connection ends.
pub(super) struct Loading {
    whole: Vec<u8>,
    /// Made when the first of them is wanted: until then what is seen can be painted.
    parts: Option<VecDeque<Vec<u8>>>,
    /// What came since.
    later: Vec<Vec<u8>>,
}

impl Loading {
    /// Begins to load an update; gives it back if it is small.
    pub(super) fn begin(update: Vec<u8>) -> Result<Self, Vec<u8>> {
        if update.len() <= AT_ONCE_MAX_BYTES {
            return Err(update);
        }
        Ok(Self { whole: update, parts: None, later: Vec::new() })
    }

    /// Shows what is in `view` of it.
    pub(super) fn show(&self, view: Bounds, board: &mut Board) {
        board.preview(&self.whole, view);
    }

    /// Others' edits wait until what they build on is there.
    pub(super) fn put_off(&mut self, update: &[u8]) {
        self.later.push(update.into());
    }
}

impl Session {
    /// From now on large boards are taken in by parts: first what is in `view` is shown (see
    /// [`Board::preview`]), then whoever drives the session calls [`Session::load_more`] as long as
    /// [`Session::is_loading`]. To be called again when something else is seen.
    pub fn load_in_parts(&mut self, view: Bounds) {
        self.view = Some(view);
    }

    /// Whether there is more of the board to be taken in: [`Session::load_more`] is due, soon.
    pub fn is_loading(&self) -> bool {
        self.loading.is_some()
    }

    /// Takes in the next part of the board.
    pub fn load_more(&mut self, now: Time, board: &mut Board) {
        let Some(loading) = &mut self.loading else { return };
        let Some(parts) = &mut loading.parts else {
            loading.parts = Some(split_update(loading.whole.clone(), PART_BYTES).into());
            return;
        };
        let part = parts.pop_front();
        let is_last = parts.is_empty();
        if part.is_some_and(|part| board.apply_remote(&part).is_err()) {
            self.loading = None;
            board.end_preview();
            if self.me.is_some() {
                self.retry(now, CloseCode::GoingAway, None);
            }
            return;
        }
        if is_last && let Some(Loading { whole, later, .. }) = self.loading.take() {
            board.end_preview();
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
