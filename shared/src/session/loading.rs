//! A board so large that taking it in at once would hold the page up: a part after the other, and whoever drives
//! the session does everything else in between.

use std::collections::VecDeque;

use super::{Event, Session};
use crate::board::Board;
use crate::geometry::Bounds;
use crate::protocol::CloseCode;
use crate::scan::split_update;
use crate::time::Time;

/// Larger updates are taken in by parts: the whole board at first, and others' edits.
const BOARD_AT_ONCE_BYTES: usize = 192 * 1024;
const EDIT_AT_ONCE_BYTES: usize = 32 * 1024;
/// About the bytes of a part. An edit may change much with few bytes.
const BOARD_PART_BYTES: usize = 160 * 1024;
/// Most parts of a board: each costs something for all that is there already.
const BOARD_PARTS_MAX: usize = 32;
const EDIT_PART_BYTES: usize = 24 * 1024;
/// What taking in an edit costs beside its bytes, counted like these.
const EDIT_BYTES: usize = 256;

/// What came and is not on the board yet. It goes on if the connection ends.
pub(super) struct Loading {
    /// Nothing if there is only what came since.
    whole: Vec<u8>,
    /// Whether it is all that the server had, and not just an edit.
    is_board: bool,
    /// Made when the first of them is wanted: until then what is seen can be painted.
    parts: Option<VecDeque<Vec<u8>>>,
    /// What came since.
    later: VecDeque<Vec<u8>>,
}

impl Loading {
    /// Begins to load all that the server has; gives it back if it is small.
    pub(super) fn begin(board: Vec<u8>) -> Result<Self, Vec<u8>> {
        if board.len() <= BOARD_AT_ONCE_BYTES {
            return Err(board);
        }
        Ok(Self { whole: board, is_board: true, parts: None, later: VecDeque::new() })
    }

    /// Begins to take in others' edit, if it is large.
    pub(super) fn begin_edit(update: &[u8]) -> Option<Self> {
        let begin =
            || Self { whole: update.into(), is_board: false, parts: None, later: VecDeque::new() };
        (update.len() > EDIT_AT_ONCE_BYTES).then(begin)
    }

    /// Shows what is in `view` of it.
    pub(super) fn show(&self, view: Bounds, board: &mut Board) {
        board.preview(&self.whole, view);
    }

    /// Others' edits wait until what they build on is there.
    pub(super) fn put_off(&mut self, update: &[u8]) {
        self.later.push_back(update.into());
    }

    /// The next part and whether it is the last; at first nothing but making them.
    fn next_part(&mut self) -> Option<(Vec<u8>, bool)> {
        if let Some(parts) = &mut self.parts {
            return Some((parts.pop_front().unwrap_or_default(), parts.is_empty()));
        }
        let board = BOARD_PART_BYTES.max(self.whole.len() / BOARD_PARTS_MAX);
        let max = if self.is_board { board } else { EDIT_PART_BYTES };
        self.parts = Some(split_update(self.whole.clone(), max).into());
        None
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

    /// Whether a board was shown at first sight and nothing of it taken in yet: it is to be painted first.
    pub fn is_at_first_sight(&self) -> bool {
        self.loading.as_ref().is_some_and(|it| it.is_board && it.parts.is_none())
    }

    /// Takes in the next part of what came.
    pub fn load_more(&mut self, now: Time, board: &mut Board) {
        let Some((part, is_last)) = self.loading.as_mut().and_then(Loading::next_part) else {
            return;
        };
        if !part.is_empty() && board.apply_remote(&part).is_err() {
            self.loading = None;
            board.end_preview();
            self.events.push_back(Event::Board);
            if self.me.is_some() {
                self.retry(now, CloseCode::GoingAway, None);
            }
            return;
        }
        self.events.push_back(Event::Board);
        if !is_last {
            return;
        }
        let Some(Loading { whole, is_board, mut later, .. }) = self.loading.take() else { return };
        board.end_preview();
        if let Some(keep) = self.keep.as_mut().filter(|_| !whole.is_empty()) {
            keep.handle_remote(&whole);
            if is_board {
                keep.handle_synced(board);
            } else {
                keep.tidy(board);
            }
        }
        // A failure ends the connection, and a new one brings what is left.
        let mut n_bytes = 0;
        while n_bytes < EDIT_AT_ONCE_BYTES
            && let Some(update) = later.pop_front()
            && self.take(now, &update, board)
        {
            n_bytes += update.len() + EDIT_BYTES;
            if let Some(loading) = &mut self.loading {
                loading.later = later;
                return;
            }
        }
        if !later.is_empty() && n_bytes >= EDIT_AT_ONCE_BYTES {
            let (whole, parts) = (Vec::new(), Some(VecDeque::new()));
            self.loading = Some(Loading { whole, is_board: false, parts, later });
        }
    }
}
