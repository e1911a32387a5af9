//! A large board that the browser has kept: shown at first sight, then taken in by parts while the page goes on,
//! and connected when all of it is there.

use super::{Event, Session};
use crate::board::{Board, Glimpse};
use crate::keep::{Keep, Key, Shelf, Step};
use crate::protocol::Identity;
use crate::time::Time;

/// What of the kept board is not on the board yet.
pub(super) struct Opening {
    shelf: Shelf,
    progress: Progress,
    /// Whether to connect when all is in.
    wants_connection: bool,
}

enum Progress {
    New,
    /// What is in view is shown at first sight.
    Looking(Box<Glimpse>),
    /// It is shown, and to be painted before anything else is done.
    Seen,
    /// What was kept is read.
    Reading,
    /// It broke the board. No more is done to it, and nobody is told of it.
    Broken,
}

impl Opening {
    /// Other pages have written this meanwhile.
    pub(super) fn put_off(&mut self, key: Key, update: Vec<u8>) {
        self.shelf.add(key, update);
    }
}

impl Session {
    /// Does what [`Session::keeping`] does for a board of which the shelf holds all that was kept: whoever drives
    /// the session calls [`Session::load_more`] as long as [`Session::is_loading`], and it connects after that.
    pub fn opening(
        identity: Identity,
        token: Option<String>,
        seed: u64,
        keep: Keep,
        shelf: Shelf,
    ) -> Self {
        let mut session = Self::keeping(identity, token, seed, keep);
        let opening = Opening { shelf, progress: Progress::New, wants_connection: false };
        session.opening = Some(opening);
        session
    }

    /// Whether it is the kept board that is being loaded.
    pub fn is_opening(&self) -> bool {
        self.opening.as_ref().is_some_and(|it| !matches!(it.progress, Progress::Broken))
    }

    /// Puts a wish to connect, or to stay alone, off until the kept board is there; `false` if it is.
    pub(super) fn put_off_connecting(&mut self, wants_connection: bool) -> bool {
        if let Some(opening) = &mut self.opening {
            opening.wants_connection = wants_connection;
        }
        self.opening.is_some()
    }

    /// Whether nothing, or not all that is in view, is shown yet of a kept board.
    pub(super) fn is_before_first_sight(&self) -> bool {
        let is_it = |it: &Opening| matches!(it.progress, Progress::New | Progress::Looking(_));
        self.opening.as_ref().is_some_and(is_it)
    }

    /// Whether a kept board is shown at first sight and nothing of it was read.
    pub(super) fn has_first_sight(&self) -> bool {
        self.opening.as_ref().is_some_and(|it| matches!(it.progress, Progress::Seen))
    }

    /// Takes the next step towards the kept board.
    pub(super) fn open_more(&mut self, now: Time, board: &mut Board) {
        let Some(Opening { shelf, progress, .. }) = &mut self.opening else { return };
        match progress {
            Progress::New => {
                let look = |view| {
                    let glimpse = board.begin_preview(&shelf.updates(), view);
                    Progress::Looking(Box::new(glimpse))
                };
                *progress = self.view.map_or(Progress::Reading, look);
            }
            Progress::Looking(glimpse) => {
                if glimpse.step(board) {
                    *progress = Progress::Seen;
                }
                self.events.push_back(Event::Board);
            }
            Progress::Seen => *progress = Progress::Reading,
            Progress::Reading => match shelf.step(board) {
                Step::More => self.events.push_back(Event::Board),
                Step::Done { unreadable, loose, stored } => {
                    board.end_preview();
                    self.events.push_back(Event::Board);
                    self.set_aside(unreadable, loose);
                    if let Some(keep) = &mut self.keep {
                        keep.begin_folding(stored);
                    }
                    if self.opening.take().is_some_and(|it| it.wants_connection) {
                        self.connect(now);
                    }
                }
                Step::Broken => {
                    *progress = Progress::Broken;
                    self.events.push_back(Event::Broken);
                }
            },
            Progress::Broken => {}
        }
    }

    /// What could not be taken in comes from the server anew.
    fn set_aside(&mut self, unreadable: Vec<Key>, loose: Vec<Key>) {
        let Some(keep) = &mut self.keep else { return };
        for key in loose {
            keep.set_aside(key);
        }
        let n_damaged = unreadable.into_iter().filter(|key| keep.set_aside(*key)).count();
        if n_damaged > 0 {
            self.events.push_back(Event::Damaged);
        }
    }
}
