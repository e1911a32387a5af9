//! What a page finds in the browser's store when it opens, and the board that this makes.

use std::collections::{BTreeMap, BTreeSet};

use super::entry::{Entry, Key, Recovered, Work};
use crate::board::{Board, ReplicaError};
use crate::id::{ClientId, Incarnation};
use crate::protocol::Ticket;

/// The entries of a store, read one by one with [`Found::read`].
#[derive(Default)]
pub struct Found {
    pub(super) lives: BTreeMap<Key, Incarnation>,
    pub(super) documents: BTreeMap<Key, Vec<u8>>,
    pub(super) tickets: BTreeMap<Key, (ClientId, Ticket)>,
    pub(super) work: BTreeMap<Key, Work>,
    pub(super) recovered: BTreeMap<Key, Recovered>,
    /// What cannot be read.
    pub(super) damaged: BTreeSet<Key>,
    /// Parts of the board that build on others that are not here.
    pub(super) loose: BTreeSet<Key>,
    pub(super) next: Key,
}

impl Found {
    /// Takes in an entry; reading one again does no harm.
    pub fn read(&mut self, key: Key, bytes: &[u8]) {
        self.next = self.next.max(Key(key.0 + 1));
        match Entry::decode(bytes) {
            Ok(Entry::Life(life)) => drop(self.lives.insert(key, life)),
            Ok(Entry::Document(update)) => drop(self.documents.insert(key, update)),
            Ok(Entry::Ticket(known)) => {
                self.tickets.insert(key, (known.client, known.ticket));
            }
            Ok(Entry::Work(work)) => drop(self.work.insert(key, work)),
            Ok(Entry::Recovered(recovered)) => drop(self.recovered.insert(key, recovered)),
            Err(_) => drop(self.damaged.insert(key)),
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
        !self.lives.is_empty() || !self.work.is_empty()
    }

    /// Copies of this board that were made when it was replaced, and that nobody was told of.
    pub fn recovered(&self) -> impl Iterator<Item = (Key, &Recovered)> {
        self.recovered.iter().map(|(&key, recovered)| (key, recovered))
    }

    /// The ids that may be used again, best first, if no other page does: those that can be proved, and
    /// of these first the ones with unsent work.
    pub fn usable(&self) -> Vec<ClientId> {
        let workers = self.workers();
        let proved = || self.tickets.values().map(|(client, _)| *client);
        let (mut usable, rest): (Vec<_>, Vec<_>) =
            proved().partition(|client| workers.contains(client));
        usable.extend(rest);
        usable
    }

    /// Everybody with unsent work.
    pub fn workers(&self) -> BTreeSet<ClientId> {
        self.work.values().map(|work| work.client).collect()
    }

    /// The board that all this makes, for `author` to write on. The flag says whether all of it went in:
    /// only then may an author who wrote before write on.
    pub fn assemble(&mut self, author: ClientId, seed: u64) -> (Board, bool) {
        let lives: BTreeSet<u64> = self.lives.values().map(|life| life.0).collect();
        if lives.len() > 1 {
            // Parts of two boards: the server tells which one is the room's.
            self.drop_documents();
            self.damaged.extend(std::mem::take(&mut self.lives).into_keys());
        }
        let mut board = Board::new(author, seed);
        match self.apply(&mut board) {
            Some(is_all_in) => (board, is_all_in && self.damaged.is_empty()),
            None => {
                self.drop_documents();
                board = Board::new(author, seed);
                if self.apply(&mut board).is_none() {
                    // Then it is for the server to say what is wrong with the unsent work.
                    board = Board::new(author, seed);
                }
                (board, false)
            }
        }
    }

    /// Applies everything, what builds on others after these, and tells whether all of it went in.
    /// Nothing if that broke the board.
    fn apply(&mut self, board: &mut Board) -> Option<bool> {
        let documents = self.documents.iter();
        let work = self.work.iter().map(|(key, work)| (key, &work.bytes));
        let mut waiting: Vec<(&Key, &Vec<u8>)> = documents.chain(work).collect();
        let mut malformed = Vec::new();
        let mut n_before = usize::MAX;
        while waiting.len() < n_before {
            n_before = waiting.len();
            let mut is_broken = false;
            waiting.retain(|(key, update)| match board.apply_remote(update) {
                Ok(()) => false,
                Err(ReplicaError::Missing) => true,
                Err(ReplicaError::Malformed(_)) => {
                    malformed.push(**key);
                    false
                }
                Err(ReplicaError::Broken(_)) => {
                    is_broken = true;
                    false
                }
            });
            if is_broken {
                return None;
            }
        }
        let is_all_in = waiting.is_empty() && malformed.is_empty();
        self.loose = waiting.into_iter().map(|(key, _)| *key).collect();
        self.damaged.extend(malformed.into_iter().filter(|key| self.documents.contains_key(key)));
        for key in self.loose.iter().chain(&self.damaged) {
            self.documents.remove(key);
        }
        // What is unsent stays among the unsent, readable or not.
        self.loose.retain(|key| !self.work.contains_key(key));
        Some(is_all_in)
    }

    fn drop_documents(&mut self) {
        self.damaged.extend(std::mem::take(&mut self.documents).into_keys());
    }
}
