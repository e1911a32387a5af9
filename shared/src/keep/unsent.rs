//! Unsent work: one's own, and that of pages that are gone; what may be sent when, and by whom.

use super::{Disowning, Entry, Held, Keep, Key, Run, Work};
use crate::id::{Batch, ClientId, Incarnation};

impl Keep {
    /// Own edits of earlier pages that are not acknowledged, in their order.
    pub(crate) fn own_work(&self) -> impl Iterator<Item = Vec<u8>> {
        let own = self.all_work().filter(|(_, work)| work.client == self.own);
        own.map(|(_, work)| work.bytes.clone())
    }

    /// How many unsent edits of other authors wait here to be sent.
    pub fn n_adopted(&self) -> usize {
        self.adopted_work().count()
    }

    /// Whether every own edit that is not acknowledged is stored.
    pub fn is_all_stored(&self) -> bool {
        !self.is_broken && self.unsent.iter().all(|(_, key)| key.is_some())
    }

    /// The own edits up to this one may be sent.
    pub(crate) fn sendable(&self) -> Batch {
        if self.is_broken && self.disowning == Disowning::Done {
            return Batch(u64::MAX);
        }
        if self.ticket(self.own).is_none() {
            return Batch(0);
        }
        let adopted = self.adopted_work().next().map(|(key, _)| key);
        let may_go = |&(batch, key): &(Batch, Option<Key>)| {
            key.filter(|key| adopted.is_none_or(|adopted| *key < adopted)).map(|_| batch)
        };
        self.unsent.iter().map_while(may_go).last().unwrap_or(Batch(0))
    }

    /// The author edited the board.
    pub(crate) fn handle_edit(&mut self, batch: Batch, bytes: &[u8]) {
        self.unsent.push((batch, None));
        let work = Work { client: self.own, life: self.life, bytes: bytes.into() };
        self.put(Entry::Work(work), Some(batch));
    }

    /// The server has an own edit.
    pub(crate) fn handle_ack(&mut self, batch: Batch, bytes: Vec<u8>) {
        let is_it = |(it, _): &(Batch, Option<Key>)| *it == batch;
        let key = self.unsent.iter().find(|it| is_it(it)).and_then(|(_, key)| *key);
        self.unsent.retain(|it| !is_it(it));
        match key {
            // Without its ticket, which goes along, nobody relies on what was written under the id.
            Some(key) if self.is_broken => self.deletes.push(key),
            Some(key) => self.settle(key, bytes),
            None => {}
        }
    }

    /// What the server has that stood among the unsent becomes a part of the board.
    pub(super) fn settle(&mut self, key: Key, bytes: Vec<u8>) {
        self.drop_held(key);
        self.deletes.push(key);
        self.delivered.push(key);
        self.append(bytes);
    }

    /// Whether some of the unsent work was done in another life of the room than this one.
    pub(crate) fn is_astray(&self, life: Incarnation) -> bool {
        let is_mine = |work: &Work| work.client == self.own || self.adopted.contains(&work.client);
        let is_other = |work: &Work| is_mine(work) && work.life.is_some_and(|other| other != life);
        self.all_work().any(|(_, work)| is_other(work))
    }

    /// Authors with unsent work who belong to other pages, as far as is known: whoever gets the lock of
    /// one may call [`Keep::adopt`].
    pub fn strangers(&self) -> Vec<ClientId> {
        let mut strangers = Vec::new();
        for (_, work) in self.all_work() {
            let client = work.client;
            let is_known = client == self.own || self.adopted.contains(&client);
            if !is_known && !strangers.contains(&client) {
                strangers.push(client);
            }
        }
        strangers
    }

    /// This page holds the id of `client`, whose page is gone, and sends its work.
    pub fn adopt(&mut self, client: ClientId) {
        self.adopted.push(client);
    }

    /// What is to be brought to the server next under another id than the own one: nothing while an own
    /// edit comes first.
    pub(crate) fn next_run(&self) -> Option<Run> {
        let own = self.unsent.first().and_then(|(_, key)| *key);
        let is_first = |(key, _): &(Key, &Work)| own.is_none_or(|own| *key < own);
        let mut work = self.adopted_work().take_while(is_first).peekable();
        let client = work.peek()?.1.client;
        let run = work.take_while(|(_, work)| work.client == client);
        let work = run.map(|(key, work)| (key, work.bytes.clone())).collect();
        Some(Run { client, ticket: self.ticket(client).cloned(), work })
    }

    /// The server has the work of a run.
    pub(crate) fn handle_delivered(&mut self, work: Vec<(Key, Vec<u8>)>) {
        for (key, bytes) in work {
            if self.is_broken {
                // In the store it stays: a later page sends it again, and that does no harm.
                self.drop_held(key);
            } else {
                self.settle(key, bytes);
            }
        }
    }

    pub(super) fn all_work(&self) -> impl Iterator<Item = (Key, &Work)> {
        self.held.iter().filter_map(|(key, held)| match held {
            Held::Work(work) => Some((*key, work)),
            Held::Life | Held::Document | Held::Ticket(_) | Held::Recovered => None,
        })
    }

    pub(super) fn adopted_work(&self) -> impl Iterator<Item = (Key, &Work)> {
        // Asked whenever anything happens, and hardly ever is there anybody.
        let all = (!self.adopted.is_empty()).then(|| self.all_work());
        all.into_iter().flatten().filter(|(_, work)| self.adopted.contains(&work.client))
    }
}
