//! What a page finds in the browser's store when it opens, and the board that this makes.

use super::entry::{Entry, Key, Recovered, Work};
use super::shelf::BOARD_AT_ONCE_BYTES;
use crate::board::{Board, ReplicaError};
use crate::id::{ClientId, Incarnation};

/// The entries of a store, read one by one with [`Found::read`].
#[derive(Default)]
pub struct Found {
    /// In their order.
    pub(super) entries: Vec<(Key, Entry)>,
    /// What cannot be read, or is in no board.
    pub(super) damaged: Vec<Key>,
    /// Parts of the board that build on others that are not here.
    pub(super) loose: Vec<Key>,
    pub(super) next: Key,
    /// Whether unsent work is left to the server to judge.
    is_work_doubtful: bool,
}

impl Found {
    /// Takes in an entry, in the order of their places; one that was read already is passed over.
    pub fn read(&mut self, key: Key, bytes: &[u8]) {
        if key < self.next {
            return;
        }
        self.next = Key(key.0 + 1);
        match Entry::decode(bytes) {
            Ok(entry) => self.entries.push((key, entry)),
            Err(_) => self.damaged.push(key),
        }
    }

    /// Where to read on for what other pages have written since.
    pub fn next(&self) -> Key {
        self.next
    }

    /// Whether something could not be read. It is taken away as soon as the server has sent it anew: until
    /// then nobody may write under an id that wrote before.
    pub fn is_damaged(&self) -> bool {
        !self.damaged.is_empty()
    }

    /// Whether the store knows the board: then it is shown before the server has been heard of.
    pub fn has_board(&self) -> bool {
        self.life().is_some() || self.work().next().is_some()
    }

    /// Whether it would hold the page up to take all of it in at once: [`super::Keep::shelving`].
    pub fn is_large(&self) -> bool {
        let n_bytes = |(_, entry): &(Key, Entry)| match entry {
            Entry::Document(update) => update.len(),
            Entry::Work(work) => work.bytes.len(),
            Entry::Life(_) | Entry::Ticket(_) | Entry::Recovered(_) => 0,
        };
        self.entries.iter().map(n_bytes).sum::<usize>() > BOARD_AT_ONCE_BYTES
    }

    /// Copies of this board that were made when it was replaced, and that nobody was told of.
    pub fn recovered(&self) -> Vec<(Key, Recovered)> {
        let told = |(key, entry): &(Key, Entry)| match entry {
            Entry::Recovered(recovered) => Some((*key, recovered.clone())),
            Entry::Life(_) | Entry::Document(_) | Entry::Ticket(_) | Entry::Work(_) => None,
        };
        self.entries.iter().filter_map(told).collect()
    }

    /// The ids that may be used again, best first, if no other page does: those that can be proved, and
    /// of these first the ones with unsent work.
    pub fn usable(&self) -> Vec<ClientId> {
        let workers = self.workers();
        let (mut usable, mut rest) = (Vec::new(), Vec::new());
        for (_, entry) in &self.entries {
            if let Entry::Ticket(known) = entry {
                let is_worker = workers.contains(&known.client);
                if is_worker { &mut usable } else { &mut rest }.push(known.client);
            }
        }
        usable.append(&mut rest);
        usable
    }

    /// Everybody with unsent work.
    pub fn workers(&self) -> Vec<ClientId> {
        let mut workers = Vec::new();
        for (_, work) in self.work() {
            if !workers.contains(&work.client) {
                workers.push(work.client);
            }
        }
        workers
    }

    pub(super) fn work(&self) -> impl Iterator<Item = (Key, &Work)> {
        self.entries.iter().filter_map(|(key, entry)| match entry {
            Entry::Work(work) => Some((*key, work)),
            Entry::Life(_) | Entry::Document(_) | Entry::Ticket(_) | Entry::Recovered(_) => None,
        })
    }

    pub(super) fn life(&self) -> Option<Incarnation> {
        self.entries.iter().find_map(|(_, entry)| match entry {
            Entry::Life(life) => Some(*life),
            Entry::Document(_) | Entry::Ticket(_) | Entry::Work(_) | Entry::Recovered(_) => None,
        })
    }

    /// An earlier page, or `n_ended` of them in a row, came to a sudden end over this. First the board is
    /// left to the server to send anew, then the unsent work is not looked at either, only sent.
    pub fn distrust(&mut self, n_ended: u32) {
        if n_ended > 0 {
            self.drop_board();
        }
        self.is_work_doubtful = n_ended > 1;
    }

    /// The board that all this makes, for `author` to write on. The flag says whether all of it went in:
    /// only then may an author who wrote before write on.
    pub fn assemble(&mut self, author: ClientId, seed: u64) -> (Board, bool) {
        self.settle_lives();
        let mut board = Board::new(author, seed);
        let mut is_all_in = self.apply(&mut board);
        if is_all_in.is_none() {
            self.drop_board();
            board = Board::new(author, seed);
            if self.apply(&mut board).is_none() {
                // Then it is for the server to say what is wrong with the unsent work.
                board = Board::new(author, seed);
            }
            is_all_in = Some(false);
        }
        (board, is_all_in == Some(true) && self.damaged.is_empty())
    }

    /// Applies everything, what builds on others after these, and tells whether all of it went in.
    /// Nothing if that broke the board.
    fn apply(&mut self, board: &mut Board) -> Option<bool> {
        let mut malformed = Vec::new();
        let mut waiting: Vec<usize> = (0..self.entries.len()).collect();
        let mut n_before = usize::MAX;
        let mut is_broken = false;
        if self.is_work_doubtful {
            return Some(false);
        }
        while waiting.len() < n_before {
            n_before = waiting.len();
            waiting.retain(|&at| {
                let update = match &self.entries[at].1 {
                    Entry::Document(update) => update,
                    Entry::Work(work) => &work.bytes,
                    Entry::Life(_) | Entry::Ticket(_) | Entry::Recovered(_) => return false,
                };
                match board.apply_remote(update) {
                    Ok(()) => return false,
                    Err(ReplicaError::Missing) => return true,
                    Err(ReplicaError::Malformed(_)) => malformed.push(at),
                    Err(ReplicaError::Broken(_)) => is_broken = true,
                }
                false
            });
            if is_broken {
                return None;
            }
        }
        let is_all_in = waiting.is_empty() && malformed.is_empty();
        // What is unsent stays among the unsent, readable or not.
        let documents = |these: Vec<usize>| {
            let places = these.into_iter().map(|at| &self.entries[at]);
            let documents = places.filter(|(_, entry)| matches!(entry, Entry::Document(_)));
            documents.map(|(key, _)| *key).collect::<Vec<Key>>()
        };
        let (mut loose, mut damaged) = (documents(waiting), documents(malformed));
        self.entries.retain(|(key, _)| !loose.contains(key) && !damaged.contains(key));
        self.loose.append(&mut loose);
        self.damaged.append(&mut damaged);
        Some(is_all_in)
    }

    /// Leaves parts of two boards to the server, which tells which one is the room's.
    pub(super) fn settle_lives(&mut self) {
        let life = self.life();
        let is_other = |entry: &Entry| matches!(entry, Entry::Life(it) if Some(*it) != life);
        if self.entries.iter().any(|(_, entry)| is_other(entry)) {
            self.drop_board();
        }
    }

    /// What the server has sends it anew.
    fn drop_board(&mut self) {
        let damaged = &mut self.damaged;
        self.entries.retain(|(key, entry)| {
            let is_board = matches!(entry, Entry::Document(_) | Entry::Life(_));
            if is_board {
                damaged.push(*key);
            }
            !is_board
        });
    }
}
