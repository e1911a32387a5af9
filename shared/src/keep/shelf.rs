//! A kept board that is too large to be taken in at once: entry by entry, in the order of the store, and what
//! builds on others once these are on the board. Until all of it is, its page writes under an id that nobody had
//! before, and does not connect: the server must not be told of half a board, nor the store be written anew.

use std::collections::VecDeque;
use std::sync::Arc;

use super::entry::Key;
use super::folding::Stored;
use crate::board::{Board, ReplicaError};
use crate::scan::Splitter;

/// Larger boards are taken in by parts, and stored so.
pub(crate) const BOARD_AT_ONCE_BYTES: usize = 192 * 1024;

/// About the bytes of a part.
pub(crate) const BOARD_PART_BYTES: usize = 160 * 1024;

/// What stands in the store and is not on the board yet.
#[derive(Default)]
pub struct Shelf {
    waiting: VecDeque<Kept>,
    /// What builds on others that were not on the board when it was its turn.
    put_off: VecDeque<Kept>,
    /// Whether anything went onto the board since what was put off had its last turn.
    has_progressed: bool,
    /// Cuts the first of those that wait, if it is large.
    splitter: Option<Splitter>,
    unreadable: Vec<Key>,
    /// What is on the board by now.
    stored: Stored,
}

/// An update, and where it stands.
struct Kept {
    key: Key,
    update: Arc<Vec<u8>>,
}

/// What came of a step.
pub(crate) enum Step {
    /// There is more to be done.
    More,
    /// All that can be read is on the board. What cannot be read stands at these places; and at these what builds
    /// on others that are not there.
    Done { unreadable: Vec<Key>, loose: Vec<Key>, stored: Stored },
    /// The board changed half-way: it cannot be relied on any more.
    Broken,
}

impl Shelf {
    /// From now on what is taken in is to be written anew, all of it.
    pub(super) fn write_anew(&mut self) {
        self.stored = Stored::new(true);
    }

    /// Another update stands in the store.
    pub(crate) fn add(&mut self, key: Key, update: Vec<u8>) {
        self.waiting.push_back(Kept { key, update: Arc::new(update) });
    }

    /// All that is here, in the order of the store.
    pub(crate) fn updates(&self) -> Vec<Arc<Vec<u8>>> {
        self.waiting.iter().map(|kept| Arc::clone(&kept.update)).collect()
    }

    /// Takes a step, of which none is long.
    pub(crate) fn step(&mut self, board: &mut Board) -> Step {
        let Some(first) = self.waiting.front() else {
            if std::mem::take(&mut self.has_progressed) && !self.put_off.is_empty() {
                self.waiting = std::mem::take(&mut self.put_off);
                return Step::More;
            }
            let loose = self.put_off.drain(..).map(|kept| kept.key).collect();
            let unreadable = std::mem::take(&mut self.unreadable);
            return Step::Done { unreadable, loose, stored: std::mem::take(&mut self.stored) };
        };
        let applied = if first.update.len() <= BOARD_AT_ONCE_BYTES {
            board.apply_remote(&first.update)
        } else {
            let whole = &first.update;
            let new = || Splitter::new(Arc::clone(whole), BOARD_PART_BYTES);
            match self.splitter.get_or_insert_with(new).step() {
                Some(None) => return Step::More,
                Some(Some(part)) => match board.apply_remote(&part) {
                    Ok(()) => return Step::More,
                    Err(error) => Err(error),
                },
                None => Ok(()),
            }
        };
        self.splitter = None;
        let Some(first) = self.waiting.pop_front() else { return Step::More };
        match applied {
            Ok(()) => {
                self.has_progressed = true;
                self.stored.add(first.key, first.update);
            }
            Err(ReplicaError::Missing) => self.put_off.push_back(first),
            Err(ReplicaError::Malformed(_)) => self.unreadable.push(first.key),
            Err(ReplicaError::Broken(_)) => return Step::Broken,
        }
        Step::More
    }
}
