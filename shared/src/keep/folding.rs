//! The stored board written anew a part after the other: small updates become one, and what was written and is gone
//! is left out. None of it is one stretch, and after each part the store holds the board: a part goes behind all others
//! in the same write that takes away what it is made of. Should another page have taken some of that away already,
//! then it is there twice, which does no harm.

use std::collections::VecDeque;
use std::sync::Arc;

use super::board::FOLDED_FROM_BYTES;
use super::{BOARD_PART_BYTES, Entry, Held, Keep, Key, Put};
use crate::scan::{Deletions, merge_updates};

/// So many updates that were stored one after the other become one, or so many bytes of them.
const TOGETHER: usize = 64;
const TOGETHER_BYTES: usize = 36 * 1024;

/// Of updates that wait for the store about so many bytes become one before they get there.
const WAITING_TOGETHER_BYTES: usize = 16 * 1024;

/// So many of those that wait are looked at before each write.
const JOINED_MAX: usize = 500;

/// What is to be written anew.
#[derive(Default)]
pub(super) struct Folding {
    /// What was stored lately, in the order of the store, and its bytes.
    recent: VecDeque<(Key, Arc<Vec<u8>>)>,
    n_recent_bytes: usize,
    /// Whether what is written next is made of those that were.
    is_joining: bool,
    /// What is left of the whole board, which is written anew, and what all of it deletes.
    whole: VecDeque<(Key, Arc<Vec<u8>>)>,
    gone: Deletions,
}

/// What stood in the store when the board was opened, as far as it is of use here.
#[derive(Default)]
pub(crate) struct Stored {
    updates: Vec<(Key, Arc<Vec<u8>>)>,
    /// What all of them delete, if all are to be written anew.
    gone: Option<Deletions>,
}

impl Stored {
    /// Nothing yet; all that comes is to be written anew if `is_outgrown`.
    pub(super) fn new(is_outgrown: bool) -> Self {
        Self { updates: Vec::new(), gone: is_outgrown.then(Deletions::default) }
    }

    /// An update that is on the board by now, each after those that it builds on.
    pub(super) fn add(&mut self, key: Key, update: Arc<Vec<u8>>) {
        match &mut self.gone {
            // What cannot be read deletes nothing.
            Some(gone) => _ = gone.read(&update),
            None if update.len() >= FOLDED_FROM_BYTES => return,
            None => {}
        }
        self.updates.push((key, update));
    }
}

impl Folding {
    /// A part of the board has got to the store.
    pub(super) fn note_written(&mut self, key: Key, update: &[u8]) {
        if std::mem::take(&mut self.is_joining) && update.len() > TOGETHER_BYTES / 2 {
            // It stays as it is.
            return;
        }
        if update.len() >= FOLDED_FROM_BYTES {
            // It may build on those before it, which must not go behind it.
            self.recent.clear();
            self.n_recent_bytes = 0;
            return;
        }
        self.recent.push_back((key, Arc::new(update.into())));
        self.n_recent_bytes += update.len();
    }

    /// The recent ones, if they are enough to become one now. All of them: it goes behind the last.
    fn take_recent(&mut self) -> Option<Vec<(Key, Arc<Vec<u8>>)>> {
        if self.recent.len() < TOGETHER && self.n_recent_bytes < TOGETHER_BYTES {
            return None;
        }
        self.n_recent_bytes = 0;
        Some(self.recent.drain(..).collect())
    }
}

impl Keep {
    /// All that stands in the store is on the board: what has outgrown itself is written anew, otherwise the
    /// small ones are joined.
    pub(crate) fn begin_folding(&mut self, stored: Stored) {
        let is_document = |(key, _): &(Key, Arc<Vec<u8>>)| {
            let at = self.held.binary_search_by_key(key, |(other, _)| *other);
            at.is_ok_and(|at| matches!(self.held[at].1, Held::Document))
        };
        let documents: VecDeque<_> = stored.updates.into_iter().filter(is_document).collect();
        if let Some(mut gone) = stored.gone {
            gone.sort();
            self.folding.gone = gone;
            self.folding.whole = documents;
            (self.folded, self.appended) = (self.folded + self.appended, 0);
        } else {
            documents.iter().for_each(|(key, it)| self.folding.note_written(*key, it));
        }
    }

    /// Puts the next part to be written anew in the row, if there is one. Only a page that stores others' edits
    /// does that.
    pub(super) fn fold_more(&mut self) {
        if !self.is_keeper {
            return;
        }
        if !self.folding.whole.is_empty() {
            let part = take(&mut self.folding.whole, BOARD_PART_BYTES);
            if !self.replace(&part) {
                // Those that cannot be one are written for themselves.
                part.chunks(1).for_each(|one| _ = self.replace(one));
            }
            if self.folding.whole.is_empty() {
                self.folding.gone = Deletions::default();
            }
        } else if let Some(recent) = self.folding.take_recent().filter(|it| it.len() > 1) {
            self.folding.is_joining = self.replace(&recent);
        }
    }

    /// Stores one update for these; `false` if they cannot be one, and stay.
    fn replace(&mut self, stored: &[(Key, Arc<Vec<u8>>)]) -> bool {
        let updates = stored.iter().map(|(_, update)| &update[..]);
        let Ok(Some(one)) = merge_updates(updates, &self.folding.gone) else { return false };
        for (key, _) in stored {
            self.drop_held(*key);
            self.deletes.push(*key);
        }
        self.put(Entry::Document(one), None);
        true
    }

    /// Updates that wait one behind the other become one: thousands may come in a moment, and browsers take
    /// a tenth of a millisecond for each.
    pub(super) fn join_waiting(&mut self) {
        let n_bytes_of = |put: &Put| match &put.entry {
            Entry::Document(update) => update.len(),
            Entry::Life(_) | Entry::Ticket(_) | Entry::Work(_) | Entry::Recovered(_) => usize::MAX,
        };
        let (mut joined, mut row, mut n_bytes): (Vec<Put>, Vec<Put>, usize) = Default::default();
        let n_looked_at = self.puts.len().min(JOINED_MAX);
        for put in self.puts.drain(..n_looked_at) {
            let n = n_bytes_of(&put);
            if n_bytes.saturating_add(n) > WAITING_TOGETHER_BYTES {
                join(&mut row, &mut joined);
                n_bytes = 0;
            }
            if n > WAITING_TOGETHER_BYTES {
                joined.push(put);
            } else {
                n_bytes += n;
                row.push(put);
            }
        }
        join(&mut row, &mut joined);
        self.puts.splice(..0, joined);
    }
}

/// The first of a row, up to so many bytes, but at least one.
fn take(row: &mut VecDeque<(Key, Arc<Vec<u8>>)>, max: usize) -> Vec<(Key, Arc<Vec<u8>>)> {
    let mut n_bytes = 0;
    let fits = |(_, update): &&(Key, Arc<Vec<u8>>)| {
        n_bytes += update.len();
        n_bytes <= max
    };
    let n = row.iter().take_while(fits).count().max(1);
    row.drain(..n.min(row.len())).collect()
}

/// Makes one of those that are in a row, if they can be one.
fn join(row: &mut Vec<Put>, joined: &mut Vec<Put>) {
    let update = |put: &Put| match &put.entry {
        Entry::Document(update) => Some(update.clone()),
        _ => None,
    };
    if row.len() > 1 {
        let updates: Vec<Vec<u8>> = row.iter().filter_map(update).collect();
        let updates = updates.iter().map(|it| &it[..]);
        if let Ok(Some(one)) = merge_updates(updates, &Deletions::default()) {
            row.clear();
            joined.push(Put { entry: Entry::Document(one), batch: None });
        }
    }
    joined.append(row);
}
