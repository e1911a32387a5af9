//! What one browser keeps for one page: a row of entries that survives the page.

use std::collections::BTreeMap;

use fastrand::Rng;
use shared::board::Board;
use shared::id::ClientId;
use shared::keep::{Entry, Found, Keep, Key, Write};
use shared::protocol::Identity;
use shared::session::Session;
use shared::time::Time;

use super::judge::Judge;

#[derive(Default)]
pub(super) struct Store {
    entries: BTreeMap<Key, Vec<u8>>,
    last: u64,
    /// What is being written, and until when.
    writing: Option<(Time, Write)>,
}

impl Store {
    /// Opens the board as the page does: by parts, as a large one, or under an id that may be used again, if all
    /// that was written under it is here.
    pub(super) fn open(&mut self, identity: Identity, rng: &mut Rng) -> (Session, Board) {
        let mut found = Found::default();
        self.entries.iter().for_each(|(key, bytes)| found.read(*key, bytes));
        if rng.bool() {
            let author = ClientId::random(rng);
            let mut held = found.workers();
            held.extend(found.usable());
            let (keep, shelf) = Keep::shelving(found, author, held);
            let mut session = Session::opening(identity, None, rng.u64(..), keep, shelf);
            let board = Board::new(author, rng.u64(..));
            session.handle_keeper(&board);
            return (session, board);
        }
        let mut own = found.usable().first().copied();
        let mut author = own.unwrap_or_else(|| ClientId::random(rng));
        let (mut board, is_whole) = found.assemble(author, rng.u64(..));
        if own.is_some() && !is_whole {
            own = None;
            author = ClientId::random(rng);
            (board, _) = found.assemble(author, rng.u64(..));
        }
        let mut adopted = found.workers();
        adopted.retain(|client| *client != author);
        let keep = Keep::new(found, author, own.is_some(), adopted);
        let mut session = Session::keeping(identity, None, rng.u64(..), keep);
        // There is no other page.
        session.handle_keeper(&board);
        (session, board)
    }

    pub(super) fn is_idle(&self) -> bool {
        self.writing.is_none()
    }

    /// When [`Store::end_write`] wants to be called.
    pub(super) fn due(&self) -> Option<Time> {
        self.writing.as_ref().map(|(at, _)| *at)
    }

    pub(super) fn begin_write(&mut self, write: Write, until: Time) {
        self.writing = Some((until, write));
    }

    /// All of the write is done; the answer is where it is.
    pub(super) fn end_write(&mut self, judge: &mut Judge) -> Option<Vec<Key>> {
        let (_, Write { put, delete, .. }) = self.writing.take()?;
        for key in delete {
            self.entries.remove(&key);
        }
        let mut put_one = |bytes: Vec<u8>| {
            if let Ok(Entry::Work(work)) = Entry::decode(&bytes) {
                judge.note_stored(work.bytes);
            }
            self.last += 1;
            self.entries.insert(Key(self.last), bytes);
            Key(self.last)
        };
        Some(put.into_iter().map(&mut put_one).collect())
    }

    /// The page is gone. What it was writing is there or not, as a whole.
    pub(super) fn crash(&mut self, is_written: bool, judge: &mut Judge) {
        if is_written {
            self.end_write(judge);
        }
        self.writing = None;
    }
}
