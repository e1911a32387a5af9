//! A session whose board and unsaved edits the browser keeps: see [`Keep`].

use std::collections::VecDeque;

use super::{Event, Session};
use crate::board::Board;
use crate::id::{Batch, ClientId, Incarnation};
use crate::keep::{Found, Keep, Key, Write};
use crate::protocol::{Identity, NewUpdate, Ticket, Welcome};

impl Session {
    /// A session that goes on where earlier pages of this browser ended, and keeps what it does.
    pub fn keeping(identity: Identity, token: Option<String>, seed: u64, keep: Keep) -> Self {
        let mut session = Self::new(identity, token, seed);
        let (life, ticket) = (keep.life(), keep.ticket(keep.own()).cloned());
        session.go_on(life, ticket, keep.own_work());
        session.keep = Some(keep);
        session
    }

    /// A session that brings somebody else's work, and nothing more.
    pub(super) fn carrying(
        identity: Identity,
        seed: u64,
        client: ClientId,
        life: Option<Incarnation>,
        ticket: Option<Ticket>,
        work: impl Iterator<Item = Vec<u8>>,
    ) -> Self {
        let mut session = Self::new(identity, None, seed);
        session.client = Some(client);
        session.is_released = false;
        session.go_on(life, ticket, work);
        session
    }

    fn go_on(
        &mut self,
        life: Option<Incarnation>,
        ticket: Option<Ticket>,
        work: impl Iterator<Item = Vec<u8>>,
    ) {
        let numbered = work.zip(1..).map(|(bytes, n)| NewUpdate { batch: Batch(n), bytes });
        self.unsaved = numbered.collect::<VecDeque<_>>();
        self.last_batch = Batch(self.unsaved.len() as u64);
        self.incarnation = life;
        self.ticket = ticket;
    }

    /// What is kept, to be read; nothing where the browser keeps nothing.
    pub fn keep(&self) -> Option<&Keep> {
        self.keep.as_ref()
    }

    /// How many edits of this page, and of earlier ones that it looks after, are not acknowledged.
    pub fn n_unsaved(&self) -> usize {
        self.unsaved.len() + self.keep.as_ref().map_or(0, Keep::n_adopted)
    }

    /// The next thing to be written into the browser's store, nothing while one is under way.
    pub fn poll_write(&mut self) -> Option<Write> {
        self.keep.as_mut()?.poll_write()
    }

    /// What was to be written is, at these places, or could not be.
    pub fn handle_written(&mut self, keys: Option<Vec<Key>>) {
        let Some(keep) = &mut self.keep else { return };
        if keep.handle_written(keys) {
            self.events.push_back(Event::Unkept);
        }
        self.send_ready();
    }

    /// Of all pages of this board, this one stores others' edits from now on.
    pub fn handle_keeper(&mut self, board: &Board) {
        if let Some(keep) = &mut self.keep {
            keep.handle_keeper(board);
        }
    }

    /// Other pages have written this into the store.
    pub fn handle_found(&mut self, found: Found, board: &mut Board) {
        let Some(keep) = &mut self.keep else { return };
        for (key, update) in keep.handle_found(found) {
            if let Some(opening) = &mut self.opening {
                opening.put_off(key, update);
            } else if board.apply_remote(&update).is_err() {
                keep.set_aside(key);
            }
        }
        self.events.extend([Event::Board, Event::Saved]);
    }

    /// This page holds the id of another page that is gone, and sends its work from now on.
    pub fn adopt(&mut self, client: ClientId) {
        if let Some(keep) = &mut self.keep {
            keep.adopt(client);
            self.events.push_back(Event::Saved);
        }
    }

    /// Whether the server would refuse kept work if it refused this client.
    pub(super) fn has_kept_work(&self) -> bool {
        let has_past = self.keep.as_ref().is_some_and(Keep::has_past);
        self.keep.is_some() && (has_past || !self.unsaved.is_empty())
    }

    /// Why the board shown cannot become the room's.
    pub(super) fn objection(&self, welcome: &Welcome, board: &Board) -> Option<Event> {
        if self.incarnation.is_some_and(|known| known != welcome.incarnation) {
            return Some(Event::Replaced);
        }
        let keep = self.keep.as_ref()?;
        if keep.is_astray(welcome.incarnation) {
            return Some(Event::Replaced);
        }
        // Then what is unsaved would be written over what the server has under the same id.
        let is_behind = board.lacks_own(&welcome.state_vector) && !self.unsaved.is_empty();
        is_behind.then(|| Event::Stranded("the browser had lost a part of your work".into()))
    }
}
