//! What is to be written into the store, and what becomes of it.

use std::collections::HashSet;

use super::folding::Folding;
use super::{Disowning, Entry, Held, Keep, Key, Put, Write};
use crate::id::Batch;

/// So much is written, and so much deleted, in one go: browsers take up to a tenth of a millisecond for each.
const TOGETHER_MAX: usize = 100;

/// And of the board about so many bytes.
const TOGETHER_MAX_BYTES: usize = 256 * 1024;

impl Write {
    fn of<'a>(puts: impl IntoIterator<Item = &'a Put>, delete: Vec<Key>) -> Self {
        let mut write = Self { put: Vec::new(), delete, is_strict: false };
        for Put { entry, .. } in puts {
            write.is_strict |= matches!(entry, Entry::Work(_) | Entry::Ticket(_));
            write.put.push(entry.encode());
        }
        write
    }
}

impl Keep {
    /// The next thing to be written. Nothing while one is under way.
    pub fn poll_write(&mut self) -> Option<Write> {
        let is_all_sent = self.unsent.iter().all(|(_, key)| key.is_none());
        if self.disowning == Disowning::Due && self.in_flight.is_none() && is_all_sent {
            self.disowning = Disowning::Underway;
            self.deletes.extend(self.own_tickets());
        }
        if self.in_flight.is_some() {
            return None;
        }
        if self.puts.is_empty() && self.deletes.is_empty() {
            self.fold_more();
        }
        if self.puts.is_empty() && self.deletes.is_empty() {
            return None;
        }
        self.join_waiting();
        let n_puts = self.n_together();
        let puts: Vec<Put> = self.puts.drain(..n_puts).collect();
        // What is deleted may be in what is written.
        let n_deletes = match (self.puts.is_empty(), &self.disowning) {
            (false, _) => 0,
            (true, Disowning::Underway) => self.deletes.len(),
            (true, _) => self.deletes.len().min(TOGETHER_MAX),
        };
        let delete = self.deletes.drain(..n_deletes).collect();
        let write = Write::of(&puts, delete);
        self.in_flight = Some(puts);
        Some(write)
    }

    /// How many of those that wait are written next.
    fn n_together(&self) -> usize {
        let mut n_bytes = 0;
        let fits = |put: &&Put| {
            let is_first = n_bytes == 0;
            if let Entry::Document(bytes) = &put.entry {
                n_bytes += bytes.len();
            }
            is_first || n_bytes <= TOGETHER_MAX_BYTES
        };
        self.puts.iter().take(TOGETHER_MAX).take_while(fits).count()
    }

    /// For a page that goes: all that is not known to be in the store. Nothing is heard of this write. What is
    /// under way may be there twice then, and so may all of it if the page stays after all: that does no harm, but
    /// later edits without an earlier one would.
    pub fn last_write(&self) -> Option<Write> {
        let all = self.in_flight.iter().flatten().chain(&self.puts);
        let write = Write::of(all, Vec::new());
        (!write.put.is_empty()).then_some(write)
    }

    /// What was to be written is, at these places; or it is not, and the store is not to be relied on
    /// any more. The answer is whether this is news: from here on nothing new is stored.
    pub fn handle_written(&mut self, keys: Option<Vec<Key>>) -> bool {
        let puts = self.in_flight.take().unwrap_or_default();
        if self.disowning == Disowning::Underway {
            // If it could not be written, nothing can.
            self.disowning = Disowning::Done;
        }
        match keys {
            Some(keys) if keys.len() == puts.len() => {
                let deletes: HashSet<&Key> = self.deletes.iter().collect();
                self.delivered.retain(|key| deletes.contains(key));
                for (put, key) in puts.into_iter().zip(keys) {
                    self.note_written(put, key);
                }
                false
            }
            Some(_) | None => self.give_up(),
        }
    }

    pub(super) fn note_written(&mut self, put: Put, key: Key) {
        if key == self.next {
            self.next = Key(key.0 + 1);
        }
        let place = self.unsent.iter_mut().find(|(batch, _)| Some(*batch) == put.batch);
        if let Some((_, place)) = place {
            *place = Some(key);
        }
        if let Entry::Document(update) = &put.entry
            && self.is_keeper
        {
            self.folding.note_written(key, update);
        }
        self.hold(key, put.entry);
    }

    /// The store failed. What is under the own id is not all in it from here on, so that no later page
    /// may go on under it: its ticket goes, if at least that can be written.
    pub(super) fn give_up(&mut self) -> bool {
        let is_news = !std::mem::replace(&mut self.is_broken, true);
        self.puts.clear();
        self.folding = Folding::default();
        self.deletes = std::mem::take(&mut self.delivered);
        if is_news && !self.own_tickets().is_empty() {
            self.disowning = Disowning::Due;
        }
        is_news
    }

    pub(super) fn own_tickets(&self) -> Vec<Key> {
        let is_own = |held: &Held| matches!(held, Held::Ticket(client) if *client == self.own);
        self.held.iter().filter(|(_, held)| is_own(held)).map(|(key, _)| *key).collect()
    }

    /// Whether the store failed.
    pub fn is_broken(&self) -> bool {
        self.is_broken
    }

    pub(super) fn put(&mut self, entry: Entry, batch: Option<Batch>) {
        if !self.is_broken {
            self.puts.push(Put { entry, batch });
        }
    }
}
