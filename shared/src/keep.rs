//! What a browser keeps of a board, so that a page opens with what it had, works without a server, and
//! loses no edit that was not acknowledged: as a state machine without I/O.
//!
//! The store is a row of entries in the order in which they were written, shared by all pages of the
//! board. The driver carries out what [`Keep::poll_write`] says, one at a time and each as a whole or not
//! at all, and reports with [`Keep::handle_written`]. Three rules hold whatever happens in between:
//!
//! - An own edit is stored before it is sent, and its author's ticket before that. So an id may be used
//!   again: what was ever written under it is here.
//! - An acknowledged edit becomes a part of the stored board in the same write that takes it from the
//!   unsent ones.
//! - Edits are sent in the order in which they were stored, over all authors: later ones may build on
//!   earlier ones.

mod entry;
mod found;

use crate::board::Board;
use crate::id::{Batch, ClientId, Incarnation};
use crate::protocol::Ticket;

pub use entry::{Entry, Key, KnownTicket, Recovered, STORE_VERSION, Work};
pub use found::Found;

/// The stored board is written anew as one update when it has grown by so many bytes, or by its own
/// size if that is more.
const FOLD_FROM_BYTES: usize = 128 * 1024;

/// It is also written anew when it consists of so many updates.
const FOLD_FROM_UPDATES: usize = 400;

/// An update that says nothing.
const NOTHING: [u8; 2] = [0, 0];

/// Something to be written, all of it or nothing.
#[derive(Clone, PartialEq, Debug)]
pub struct Write {
    /// New entries, in their order.
    pub put: Vec<Vec<u8>>,
    /// Entries that go. One that is not there any more is as good as gone.
    pub delete: Vec<Key>,
    /// Whether it has to be on the disk before it counts as written.
    pub is_strict: bool,
}

/// Unsent work by another author than oneself, to be brought to the server under its own id.
#[derive(Clone, PartialEq, Debug)]
pub struct Run {
    /// Whose it is.
    pub client: ClientId,
    /// The proof of that, if there is one.
    pub ticket: Option<Ticket>,
    /// Where it stands, and the updates, in their order.
    pub work: Vec<(Key, Vec<u8>)>,
}

/// What is kept of one board, by one page.
pub struct Keep {
    own: ClientId,
    is_reused: bool,
    life: Option<Incarnation>,
    /// What is known to stand in the store, in its order.
    held: Vec<(Key, Held)>,
    tickets: Vec<KnownTicket>,
    /// Authors whose pages are gone and whose ids this page holds.
    adopted: Vec<ClientId>,
    /// Own edits that are not acknowledged, and where they are stored once they are.
    unsent: Vec<(Batch, Option<Key>)>,
    puts: Vec<Put>,
    deletes: Vec<Key>,
    in_flight: Option<Vec<Put>>,
    /// From here on nobody has read what other pages wrote.
    next: Key,
    /// Bytes of the stored board, when it was last written as a whole and since.
    folded: usize,
    appended: usize,
    /// Parts of the stored board that are not in this page's: they go when the server has sent it all.
    unread: Vec<Key>,
    is_synced: bool,
    is_keeper: bool,
    /// Whether others' edits came that nobody here stored.
    is_behind: bool,
    is_broken: bool,
}

/// What stands in the store at one place.
enum Held {
    Life,
    Document,
    Ticket(ClientId),
    Work(Work),
    Recovered,
}

/// An entry on its way into the store.
struct Put {
    entry: Entry,
    /// The own edit that it is.
    batch: Option<Batch>,
}

impl Keep {
    /// What is kept from now on, by a page that writes under `own`, which is from an earlier page if
    /// `is_reused`, and holds the ids of `adopted` too.
    pub fn new(found: Found, own: ClientId, is_reused: bool, adopted: Vec<ClientId>) -> Self {
        let life = found.life();
        let Found { entries, mut damaged, mut loose, next } = found;
        damaged.append(&mut loose);
        let mut keep = Self {
            own,
            is_reused,
            life,
            held: Vec::with_capacity(entries.len()),
            tickets: Vec::new(),
            adopted,
            unsent: Vec::new(),
            puts: Vec::new(),
            deletes: Vec::new(),
            in_flight: None,
            next,
            folded: 0,
            appended: 0,
            unread: damaged,
            is_synced: false,
            is_keeper: false,
            is_behind: false,
            is_broken: false,
        };
        for (key, entry) in entries {
            match &entry {
                Entry::Work(work) if work.client == own => {
                    let batch = Batch(keep.unsent.len() as u64 + 1);
                    keep.unsent.push((batch, Some(key)));
                }
                Entry::Document(update) => keep.appended += update.len(),
                Entry::Life(_) | Entry::Ticket(_) | Entry::Work(_) | Entry::Recovered(_) => {}
            }
            keep.hold(key, entry);
        }
        keep
    }

    /// Notes what stands at a place.
    fn hold(&mut self, key: Key, entry: Entry) {
        let held = match entry {
            Entry::Life(_) => Held::Life,
            Entry::Document(_) => Held::Document,
            Entry::Ticket(known) => {
                let client = known.client;
                self.tickets.retain(|other| other.client != client);
                self.tickets.push(known);
                Held::Ticket(client)
            }
            Entry::Work(work) => Held::Work(work),
            Entry::Recovered(_) => Held::Recovered,
        };
        let at = self.held.partition_point(|(other, _)| *other < key);
        self.held.insert(at, (key, held));
    }

    fn is_held(&self, key: Key) -> bool {
        self.held.iter().any(|(other, _)| *other == key)
    }

    /// Under whom this page writes.
    pub fn own(&self) -> ClientId {
        self.own
    }

    /// Which life of the room the stored board is of.
    pub fn life(&self) -> Option<Incarnation> {
        self.life
    }

    /// The proof of a client id.
    pub fn ticket(&self, client: ClientId) -> Option<&Ticket> {
        self.tickets.iter().find(|known| known.client == client).map(|known| &known.ticket)
    }

    /// Whether anything in here was written before this page was opened, under its id or an adopted one.
    pub fn has_past(&self) -> bool {
        self.is_reused || self.n_adopted() > 0
    }

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

    /// The next thing to be written. Nothing while one is under way.
    pub fn poll_write(&mut self) -> Option<Write> {
        let is_idle = self.puts.is_empty() && self.deletes.is_empty();
        if self.in_flight.is_some() || is_idle {
            return None;
        }
        if self.is_broken {
            self.deletes.extend(self.own_tickets());
        }
        let puts = std::mem::take(&mut self.puts);
        let is_strict =
            puts.iter().any(|put| matches!(put.entry, Entry::Work(_) | Entry::Ticket(_)));
        let put = puts.iter().map(|put| put.entry.encode()).collect();
        self.in_flight = Some(puts);
        Some(Write { put, delete: std::mem::take(&mut self.deletes), is_strict })
    }

    /// What was to be written is, at these places; or it is not, and the store is not to be relied on
    /// any more. The answer is whether this is news: from here on nothing new is stored.
    pub fn handle_written(&mut self, keys: Option<Vec<Key>>) -> bool {
        let puts = self.in_flight.take().unwrap_or_default();
        match keys {
            Some(keys) if keys.len() == puts.len() => {
                for (put, key) in puts.into_iter().zip(keys) {
                    self.note_written(put, key);
                }
                false
            }
            Some(_) | None => self.give_up(),
        }
    }

    fn note_written(&mut self, put: Put, key: Key) {
        if key == self.next {
            self.next = Key(key.0 + 1);
        }
        let place = self.unsent.iter_mut().find(|(batch, _)| Some(*batch) == put.batch);
        if let Some((_, place)) = place {
            *place = Some(key);
        }
        self.hold(key, put.entry);
    }

    /// The store failed. What is under the own id is not all in it from here on, so that no later page
    /// may go on under it: its ticket goes, if at least that can be written.
    fn give_up(&mut self) -> bool {
        let is_news = !std::mem::replace(&mut self.is_broken, true);
        self.puts.clear();
        self.deletes.clear();
        if is_news {
            self.deletes.extend(self.own_tickets());
        }
        is_news
    }

    fn own_tickets(&self) -> Vec<Key> {
        let is_own = |held: &Held| matches!(held, Held::Ticket(client) if *client == self.own);
        self.held.iter().filter(|(_, held)| is_own(held)).map(|(key, _)| *key).collect()
    }

    /// Whether the store failed.
    pub fn is_broken(&self) -> bool {
        self.is_broken
    }

    /// The own edits up to this one may be sent.
    pub(crate) fn sendable(&self) -> Batch {
        if self.is_broken {
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
    fn settle(&mut self, key: Key, bytes: Vec<u8>) {
        self.drop_held(key);
        self.deletes.push(key);
        self.append(bytes);
    }

    fn drop_held(&mut self, key: Key) {
        self.held.retain(|(other, _)| *other != key);
    }

    /// The server let the page in.
    pub(crate) fn handle_welcome(&mut self, life: Incarnation, ticket: &Ticket) {
        if self.life != Some(life) {
            self.life = Some(life);
            self.put(Entry::Life(life), None);
        }
        self.handle_ticket(self.own, ticket);
    }

    /// The server gave a proof of a client id.
    pub(crate) fn handle_ticket(&mut self, client: ClientId, ticket: &Ticket) {
        let is_on_its_way =
            |put: &Put| matches!(&put.entry, Entry::Ticket(it) if it.client == client);
        let mut under_way = self.puts.iter().chain(self.in_flight.iter().flatten());
        if self.ticket(client) != Some(ticket) && !under_way.any(is_on_its_way) {
            self.put(Entry::Ticket(KnownTicket { client, ticket: ticket.clone() }), None);
        }
    }

    /// Whether some of the unsent work was done in another life of the room than this one.
    pub(crate) fn is_astray(&self, life: Incarnation) -> bool {
        let is_mine = |work: &Work| work.client == self.own || self.adopted.contains(&work.client);
        let is_other = |work: &Work| is_mine(work) && work.life.is_some_and(|other| other != life);
        self.all_work().any(|(_, work)| is_other(work))
    }

    /// Others' edits came. One page of all stores them.
    pub(crate) fn handle_remote(&mut self, bytes: &[u8]) {
        if bytes == NOTHING {
            return;
        }
        if self.is_keeper {
            self.append(bytes.into());
        } else {
            self.is_behind = true;
        }
    }

    /// From now on this page is the one that stores others' edits.
    pub(crate) fn handle_keeper(&mut self, board: &Board) {
        self.is_keeper = true;
        if std::mem::take(&mut self.is_behind) {
            self.fold(board);
        }
        self.mend(board);
    }

    /// The board has all that the server had when it let the page in.
    pub(crate) fn handle_synced(&mut self, board: &Board) {
        self.is_synced = true;
        self.mend(board);
    }

    /// Takes away what could not be read, now that all of it is here again.
    fn mend(&mut self, board: &Board) {
        if self.is_keeper && self.is_synced && !self.unread.is_empty() {
            self.fold(board);
            self.deletes.extend(std::mem::take(&mut self.unread));
        }
    }

    /// Writes the stored board anew when it has outgrown itself.
    pub(crate) fn tidy(&mut self, board: &Board) {
        let n_updates =
            || self.held.iter().filter(|(_, held)| matches!(held, Held::Document)).count();
        let is_long = self.appended > FOLD_FROM_BYTES.max(self.folded);
        if self.is_keeper && (is_long || n_updates() > FOLD_FROM_UPDATES) {
            self.fold(board);
        }
    }

    fn fold(&mut self, board: &Board) {
        // A document without a state cannot be; and if so, the store stays as it is.
        let Ok(state) = board.diff(&[]) else { return };
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
        self.put(Entry::Document(state), None);
    }

    fn append(&mut self, bytes: Vec<u8>) {
        self.appended += bytes.len();
        self.put(Entry::Document(bytes), None);
    }

    fn put(&mut self, entry: Entry, batch: Option<Batch>) {
        if !self.is_broken {
            self.puts.push(Put { entry, batch });
        }
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

    /// A part of the stored board cannot be applied to this page's.
    pub(crate) fn set_aside(&mut self, key: Key) {
        let is_it = |(it, held): &(Key, Held)| *it == key && matches!(held, Held::Document);
        if self.held.iter().any(is_it) {
            self.drop_held(key);
            self.unread.push(key);
        }
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

    /// What takes all that this page knows of the board from the store, in which `found` stands, but for
    /// what became of it. What other pages have written since they alone know stays.
    pub fn clearing(&self, found: &Found, recovered: Option<Recovered>) -> Write {
        let mut delete = self.unread.clone();
        let held = self.held.iter().filter(|(_, held)| !matches!(held, Held::Recovered));
        delete.extend(held.map(|(key, _)| *key));
        let own = found.work().filter(|(_, work)| work.client == self.own);
        delete.extend(own.map(|(key, _)| key));
        let put = recovered.map(|recovered| Entry::Recovered(recovered).encode());
        Write { put: put.into_iter().collect(), delete, is_strict: true }
    }

    /// What makes a store hold a board with these edits, which nobody has sent yet.
    pub fn planting(client: ClientId, edits: Vec<Vec<u8>>) -> Write {
        let entry = |bytes| Entry::Work(Work { client, life: None, bytes }).encode();
        let put = edits.into_iter().map(entry).collect();
        Write { put, delete: Vec::new(), is_strict: true }
    }

    fn all_work(&self) -> impl Iterator<Item = (Key, &Work)> {
        self.held.iter().filter_map(|(key, held)| match held {
            Held::Work(work) => Some((*key, work)),
            Held::Life | Held::Document | Held::Ticket(_) | Held::Recovered => None,
        })
    }

    fn adopted_work(&self) -> impl Iterator<Item = (Key, &Work)> {
        // Asked whenever anything happens, and hardly ever is there anybody.
        let all = (!self.adopted.is_empty()).then(|| self.all_work());
        all.into_iter().flatten().filter(|(_, work)| self.adopted.contains(&work.client))
    }
}
