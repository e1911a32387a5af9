//! A board so large that taking it in at once would hold the page up: a part after the other, and whoever drives
//! the session does everything else in between.

use std::collections::VecDeque;
use std::sync::Arc;

use super::{Event, Session};
use crate::board::{Board, Glimpse};
use crate::geometry::Bounds;
use crate::keep::{BOARD_AT_ONCE_BYTES, BOARD_PART_BYTES};
use crate::protocol::CloseCode;
use crate::scan::Splitter;
use crate::time::Time;

/// Larger updates by others are taken in by parts, like boards.
const EDIT_AT_ONCE_BYTES: usize = 32 * 1024;
/// About the bytes of a part: an edit may change much with few bytes.
const EDIT_PART_BYTES: usize = 24 * 1024;
/// What taking in an edit costs beside its bytes, counted like these.
const EDIT_BYTES: usize = 256;

/// What came and is not on the board yet. It goes on if the connection ends.
pub(super) struct Loading {
    /// Nothing if there is only what came since.
    whole: Arc<Vec<u8>>,
    /// Whether it is all that the server had, and not just an edit.
    is_board: bool,
    /// The first look at it, until that is done.
    glimpse: Option<Glimpse>,
    /// Nothing until the first part is wanted: before that, what is seen can be painted.
    parts: Option<Splitter>,
    /// Those that are on the board, to be kept once all are.
    taken: Vec<Vec<u8>>,
    /// What came since.
    later: VecDeque<Vec<u8>>,
}

impl Loading {
    /// Begins to load all that the server has; gives it back if it is small.
    pub(super) fn begin(board: Vec<u8>) -> Result<Self, Vec<u8>> {
        if board.len() <= BOARD_AT_ONCE_BYTES {
            return Err(board);
        }
        Ok(Self::of(board, true))
    }

    /// Begins to take in others' edit, if it is large.
    pub(super) fn begin_edit(update: &[u8]) -> Option<Self> {
        (update.len() > EDIT_AT_ONCE_BYTES).then(|| Self::of(update.into(), false))
    }

    fn of(whole: Vec<u8>, is_board: bool) -> Self {
        let (taken, later) = (Vec::new(), VecDeque::new());
        Self { whole: Arc::new(whole), is_board, glimpse: None, parts: None, taken, later }
    }

    /// Begins to show what is in `view` of it. Only an empty board needs that.
    pub(super) fn show(&mut self, view: Bounds, board: &mut Board) {
        let whole = std::slice::from_ref(&self.whole);
        self.glimpse = (board.n_elements() == 0).then(|| board.begin_preview(whole, view));
    }

    /// Others' edits wait until what they build on is there.
    pub(super) fn put_off(&mut self, update: &[u8]) {
        self.later.push_back(update.into());
    }

    /// Takes a step towards the next part: nothing if that is not there yet, and no part if there is none left.
    fn step(&mut self) -> Option<Option<Vec<u8>>> {
        let max = if self.is_board { BOARD_PART_BYTES } else { EDIT_PART_BYTES };
        let whole = &self.whole;
        let parts = self.parts.get_or_insert_with(|| Splitter::new(Arc::clone(whole), max));
        if whole.is_empty() { None } else { parts.step() }
    }
}

impl Session {
    /// From now on large boards are taken in by parts: first what is in `view` is shown (see
    /// [`Board::begin_preview`]), then whoever drives the session calls [`Session::load_more`] as long as
    /// [`Session::is_loading`]. To be called again when something else is seen.
    pub fn load_in_parts(&mut self, view: Bounds) {
        self.view = Some(view);
    }

    /// Whether there is more of the board to be taken in: [`Session::load_more`] is due, soon.
    pub fn is_loading(&self) -> bool {
        self.loading.is_some() || self.is_opening()
    }

    /// Whether more is still to be shown at first sight.
    pub fn is_glimpsing(&self) -> bool {
        self.loading.as_ref().is_some_and(|it| it.glimpse.is_some()) || self.is_before_first_sight()
    }

    /// Whether a board was shown at first sight and nothing of it taken in yet: it is to be painted first.
    pub fn is_at_first_sight(&self) -> bool {
        let is_it = |it: &Loading| it.is_board && it.glimpse.is_none() && it.parts.is_none();
        self.loading.as_ref().is_some_and(is_it) || self.has_first_sight()
    }

    /// Takes a step, of which none is long: most take in a part of what came.
    pub fn load_more(&mut self, now: Time, board: &mut Board) {
        if self.is_opening() {
            return self.open_more(now, board);
        }
        let Some(loading) = &mut self.loading else { return };
        if let Some(glimpse) = &mut loading.glimpse {
            if glimpse.step(board) {
                loading.glimpse = None;
            }
            return self.events.push_back(Event::Board);
        }
        match loading.step() {
            Some(None) => return,
            Some(Some(part)) => {
                self.events.push_back(Event::Board);
                if board.apply_remote(&part).is_ok() {
                    return loading.taken.push(part);
                }
                self.loading = None;
                board.end_preview();
                if self.me.is_some() {
                    self.retry(now, CloseCode::GoingAway, None);
                }
                return;
            }
            None => {}
        }
        self.events.push_back(Event::Board);
        let Some(Loading { is_board, taken, mut later, .. }) = self.loading.take() else { return };
        board.end_preview();
        if let Some(keep) = self.keep.as_mut().filter(|_| !taken.is_empty()) {
            keep.handle_parts(taken);
            if is_board {
                keep.handle_synced();
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
            self.loading = Some(Loading { later, ..Loading::of(Vec::new(), false) });
        }
    }
}
