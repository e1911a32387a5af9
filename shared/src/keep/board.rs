//! The stored board: others' edits as they come, written anew when it has outgrown itself, and what
//! other pages have written of it.

use super::folding::Folding;
use super::{BOARD_PART_BYTES, Entry, Found, Held, Keep, Key};
use crate::board::Board;
use crate::scan::split_update;

/// The stored board is written anew when it has grown by so many bytes, or by its own size if that is more.
const FOLD_FROM_BYTES: usize = 128 * 1024;

/// Larger ones are not written anew at once: that would hold the page up.
const FOLD_AT_ONCE_BYTES: usize = 384 * 1024;

/// What is as large as this was written as a part of the whole board, or may count as that.
pub(super) const FOLDED_FROM_BYTES: usize = 64 * 1024;

/// An update that says nothing.
const NOTHING: [u8; 2] = [0, 0];

impl Keep {
    /// Others' edits came. One page of all stores them.
    pub(crate) fn handle_remote(&mut self, bytes: &[u8]) {
        if bytes == NOTHING {
            return;
        }
        if self.is_keeper {
            if self.folded == 0 && self.appended == 0 {
                // The first of it is all of it.
                self.folded = bytes.len();
                return self.put(Entry::Document(bytes.into()), None);
            }
            self.append(bytes.into());
        }
    }

    /// The same for the parts of something large: these count as the board that is stored as a whole.
    pub(crate) fn handle_parts(&mut self, parts: Vec<Vec<u8>>) {
        if !self.is_keeper {
            return;
        }
        for part in parts {
            self.folded += part.len();
            self.put(Entry::Document(part), None);
        }
    }

    /// From now on this page is the one that stores others' edits.
    pub(crate) fn handle_keeper(&mut self, board: &Board) {
        self.is_keeper = true;
        if let Some(from) = self.behind_from.take() {
            self.catch_up(board, &from);
        }
        self.mend();
    }

    /// Stores what has come since, which the page that was to do it may not have done.
    fn catch_up(&mut self, board: &Board, from: &[u8]) {
        match board.diff(from) {
            Ok(news) if news == NOTHING => {}
            // All of a large board again would hold the page up.
            Ok(news) if news.len() <= self.folded => {
                split_update(news, BOARD_PART_BYTES).into_iter().for_each(|it| self.append(it));
            }
            _ => self.fold(board),
        }
    }

    /// The board has all that the server had when it let the page in.
    pub(crate) fn handle_synced(&mut self) {
        self.is_synced = true;
        self.mend();
    }

    /// Takes away what could not be read, now that all of it is here again: what the server sent of it is
    /// stored, or is going to be before this goes.
    pub(super) fn mend(&mut self) {
        if self.is_keeper && self.is_synced {
            self.deletes.append(&mut self.unread);
        }
    }

    /// Whether the stored board has outgrown itself.
    pub(super) fn has_outgrown(&self) -> bool {
        self.appended > FOLD_FROM_BYTES.max(self.folded)
    }

    /// Writes a small stored board anew when it has outgrown itself. A large one is when it is opened the next
    /// time: see [`Keep::begin_folding`].
    pub(crate) fn tidy(&mut self, board: &Board) {
        let is_small = self.folded + self.appended <= FOLD_AT_ONCE_BYTES;
        if self.is_keeper && is_small && self.has_outgrown() {
            self.fold(board);
        }
    }

    pub(super) fn fold(&mut self, board: &Board) {
        // A document without a state cannot be; and if so, the store stays as it is.
        let Ok(state) = board.diff(&[]) else { return };
        self.folding = Folding::default();
        self.puts.retain(|put| !matches!(put.entry, Entry::Document(_)));
        let deletes = &mut self.deletes;
        self.held.retain(|(key, held)| {
            let is_document = matches!(held, Held::Document);
            if is_document {
                deletes.push(*key);
            }
            !is_document
        });
        (self.folded, self.appended) = (state.len(), 0);
        for part in split_update(state, BOARD_PART_BYTES) {
            self.put(Entry::Document(part), None);
        }
    }

    pub(super) fn append(&mut self, bytes: Vec<u8>) {
        self.appended += bytes.len();
        self.put(Entry::Document(bytes), None);
    }

    /// Where to read on for what other pages have written.
    pub fn next(&self) -> Key {
        self.next
    }

    /// Takes in what other pages have written; the answer is the updates that may be news, of which
    /// [`Keep::set_aside`] is to be told those that cannot be applied.
    pub(crate) fn handle_found(&mut self, found: Found) -> Vec<(Key, Vec<u8>)> {
        self.next = self.next.max(found.next);
        let mut news = Vec::new();
        for (key, entry) in found.entries {
            if self.is_held(key) {
                continue;
            }
            match &entry {
                Entry::Document(update) => news.push((key, update.clone())),
                Entry::Work(work) => news.push((key, work.bytes.clone())),
                Entry::Life(_) | Entry::Ticket(_) | Entry::Recovered(_) => {}
            }
            self.hold(key, entry);
        }
        news
    }

    /// A part of the stored board cannot be applied to this page's. `false` if it is none: unsent work stays.
    pub(crate) fn set_aside(&mut self, key: Key) -> bool {
        let is_it = |(it, held): &(Key, Held)| *it == key && matches!(held, Held::Document);
        let is_part = self.held.iter().any(is_it);
        if is_part {
            self.drop_held(key);
            self.unread.push(key);
        }
        is_part
    }
}
