//! What a browser keeps of a board, so that a page opens with what it had, works without a server, and
//! loses no edit that was not acknowledged: as a state machine without I/O.
//!
//! The store is a row of entries in the order in which they were written, shared by all pages of the
//! board. The driver carries out what [`Keep::poll_write`] says, one at a time and each as a whole or not
//! at all, and reports with [`Keep::handle_written`]; only what a page writes as it goes
//! ([`Keep::last_write`]) runs beside that. What is written twice does no harm. Three rules hold whatever happens in between:
//!
//! - An own edit is stored before it is sent, and its author's ticket before that. So an id may be used
//!   again: what was ever written under it is here.
//! - An acknowledged edit becomes a part of the stored board before it is taken from the unsent ones, or in the
//!   same write.
//! - Edits are sent in the order in which they were stored, over all authors: later ones may build on
//!   earlier ones.

mod board;
mod entry;
mod folding;
mod found;
mod shelf;
mod unsent;
mod writing;

use crate::board::Board;
use crate::id::{Batch, ClientId, Incarnation};
use crate::protocol::Ticket;
use folding::Folding;

pub use entry::{Entry, Key, KnownTicket, Recovered, Work};
pub use found::Found;
pub use shelf::Shelf;
pub(crate) use shelf::{BOARD_AT_ONCE_BYTES, BOARD_PART_BYTES, Step};

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
    folding: Folding,
    /// Parts of the stored board that are not in this page's: they go when the server has sent it all.
    unread: Vec<Key>,
    is_synced: bool,
    is_keeper: bool,
    /// How far the board reached before others' edits could come that nobody here stores.
    behind_from: Option<Vec<u8>>,
    is_broken: bool,
    disowning: Disowning,
    /// Work that the server has and that is still to go from the store.
    delivered: Vec<Key>,
}

/// How far the ticket of the own id has gone from a store that is broken: before, nothing may be sent
/// that is not stored, or a later page would take the id for one whose edits it has all.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Disowning {
    /// It is to go as soon as the server has all of the id's work that is stored.
    Due,
    /// The write that deletes it is under way.
    Underway,
    /// It has gone, or there is none, or it cannot go. Or the store is not broken.
    Done,
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
        Self::over(found, own, is_reused, adopted, None)
    }

    /// The same for a board that is taken in by parts, which are on the shelf: by a page that writes under an
    /// id that nobody had before, and holds those of `adopted`, which nobody is going to write under again.
    pub fn shelving(mut found: Found, own: ClientId, adopted: Vec<ClientId>) -> (Self, Shelf) {
        found.settle_lives();
        let workers = found.workers();
        let mut shelf = Shelf::default();
        let mut keep = Self::over(found, own, false, adopted, Some(&mut shelf));
        let idle = keep.held.iter().filter(|(_, held)| match held {
            Held::Ticket(client) => keep.adopted.contains(client) && !workers.contains(client),
            Held::Life | Held::Document | Held::Work(_) | Held::Recovered => false,
        });
        keep.deletes = idle.map(|(key, _)| *key).collect();
        if keep.has_outgrown() {
            shelf.write_anew();
        }
        (keep, shelf)
    }

    fn over(
        found: Found,
        own: ClientId,
        is_reused: bool,
        adopted: Vec<ClientId>,
        mut shelf: Option<&mut Shelf>,
    ) -> Self {
        let life = found.life();
        let Found { entries, mut damaged, mut loose, next, .. } = found;
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
            folding: Folding::default(),
            unread: damaged,
            is_synced: false,
            is_keeper: false,
            behind_from: None,
            is_broken: false,
            disowning: Disowning::Done,
            delivered: Vec::new(),
        };
        for (key, mut entry) in entries {
            match &entry {
                Entry::Work(work) if work.client == own => {
                    let batch = Batch(keep.unsent.len() as u64 + 1);
                    keep.unsent.push((batch, Some(key)));
                }
                Entry::Document(update) => {
                    let is_folded = update.len() >= board::FOLDED_FROM_BYTES;
                    *(if is_folded { &mut keep.folded } else { &mut keep.appended }) +=
                        update.len();
                }
                Entry::Life(_) | Entry::Ticket(_) | Entry::Work(_) | Entry::Recovered(_) => {}
            }
            match (&mut shelf, &mut entry) {
                (Some(shelf), Entry::Document(update)) => shelf.add(key, std::mem::take(update)),
                (Some(shelf), Entry::Work(work)) => shelf.add(key, work.bytes.clone()),
                _ => {}
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

    fn drop_held(&mut self, key: Key) {
        self.held.retain(|(other, _)| *other != key);
    }

    /// The server let the page in; what it has is not on the board yet.
    pub(crate) fn handle_welcome(&mut self, life: Incarnation, ticket: &Ticket, board: &Board) {
        if !self.is_keeper && self.behind_from.is_none() {
            self.behind_from = Some(board.state_vector());
        }
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
}
