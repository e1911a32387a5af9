//! One room as a state machine: who is there, what the board is, and what has to happen next.
//!
//! A `handle_*` takes what happened; after each, [`Room::poll_effect`] is drained and the effects are
//! carried out in order. The room does no I/O and takes the time as an argument. Its one promise:
//! nothing leaves before its commit. Updates, acknowledgements, welcomes and snapshots wait until the
//! log is safe as far as they tell of it.

mod cells;
mod connection;
mod document;
mod edit;
mod effect;
mod held;
mod hello;
mod mark;
mod native;
mod presence;
mod release;
mod roster;
mod ticker;
mod yjs_peer;

#[cfg(test)]
mod tests;

use std::collections::VecDeque;
use std::sync::Arc;

use bytes::Bytes;
use shared::id::{ClientId, Incarnation, RoomName, Seq};
use shared::protocol::{CloseCode, ServerMessage};
use shared::time::Time;

pub use document::{BoardSize, DamagedLog, Document};
pub use effect::{Answer, ConnId, Dialect, Effect, Lane, RequestId, Snapshot};
pub use hello::{Delivery, NoHello, read_hello};
pub use mark::{Lost, Mark};

use crate::limits::{Limits, MARK_EVERY_BYTES};
use crate::log::Record;
use crate::metrics::Refusal;
use crate::ticket::{Secret, Tickets};
use crate::yjs::{self, Entry};
use document::{Verdict, Writer};
use held::{Held, HeldQueue, Origin};
use roster::Roster;
use ticker::Ticker;

/// One room.
pub struct Room {
    incarnation: Incarnation,
    limits: Arc<Limits>,
    tickets: Tickets,
    /// Everything applied, committed or not.
    document: Document,
    roster: Roster,
    /// What is to leave once the log is committed that far.
    held: HeldQueue,
    ticker: Ticker,
    /// When Yjs clients are to hear of native members again, if there are any.
    renew_due: Option<Time>,
    /// For the client ids by which Yjs clients know native members.
    rng: fastrand::Rng,
    effects: VecDeque<Effect>,
    /// [`Document::n_bytes`] at the last mark.
    marked_bytes: u64,
    has_failed: bool,
}

impl Room {
    /// A room with nobody in it, as its log tells. The `seed` is to be another one each time.
    pub fn new(
        name: RoomName,
        secret: Secret,
        incarnation: Incarnation,
        document: Document,
        limits: Arc<Limits>,
        seed: u64,
    ) -> Self {
        Self {
            incarnation,
            limits,
            tickets: Tickets::new(secret, name),
            held: HeldQueue::new(document.seq()),
            marked_bytes: document.n_bytes(),
            document,
            roster: Roster::default(),
            ticker: Ticker::default(),
            renew_due: None,
            rng: fastrand::Rng::with_seed(seed),
            effects: VecDeque::new(),
            has_failed: false,
        }
    }

    /// Which life of the room this is.
    pub fn incarnation(&self) -> Incarnation {
        self.incarnation
    }

    /// Whether nobody is here and nothing is under way, so that the room may be forgotten.
    pub fn is_idle(&self) -> bool {
        self.roster.is_empty() && self.held.is_empty()
    }

    /// Whether the room has lost its log, or its life: it does nothing any more and is to be forgotten.
    pub fn has_failed(&self) -> bool {
        self.has_failed
    }

    /// How many things wait for a commit.
    pub fn n_held(&self) -> usize {
        self.held.len()
    }

    /// What to do next, until it is `None`. [`Effect::Reload`] is to be answered by
    /// [`Room::handle_reloaded`] before anything else is handled.
    pub fn poll_effect(&mut self) -> Option<Effect> {
        self.effects.pop_front()
    }

    /// When [`Room::handle_timeout`] wants to be called.
    pub fn poll_timeout(&self) -> Option<Time> {
        let dues = [self.ticker.due(), self.roster.fade_due(), self.renew_due];
        dues.into_iter().flatten().min()
    }

    /// When the next tick is, if there is presence to be told.
    pub fn tick_due(&self) -> Option<Time> {
        self.ticker.tick_due()
    }

    /// A connection is over, for whatever reason.
    pub fn handle_gone(&mut self, conn: ConnId) {
        self.dismiss(conn);
        self.roster.remove(conn);
        self.held.forget(conn);
    }

    /// A connection that read too slowly reads again: it is sent what it lacks.
    pub fn handle_drained(&mut self, conn: ConnId, lost: Lost, now: Time) {
        if !self.roster.contains(conn) {
            return;
        }
        if let Lost::Updates { known } = lost {
            let Ok(update) = self.document.diff(&known.state_vector) else {
                return self.close(conn, Refusal::TooEarly, "come again and sync");
            };
            let state_vector = self.document.state_vector();
            let held = Held::Diff { conn, update, state_vector, lost_since: Some(known) };
            self.hold(held);
        }
        self.ticker.waiting().behind.insert(conn);
        self.ticker.wake(now, self.roster.len());
    }

    /// Somebody outside the room wants to know how the board stands.
    pub fn handle_snapshot(&mut self, request: RequestId) {
        let answer = match self.document.diff(&[]) {
            Ok(state) => Answer::Snapshot(Snapshot {
                state,
                seq: self.document.seq(),
                n_bytes: self.document.n_bytes(),
                n_members: self.roster.n_members(),
            }),
            Err(_) => Answer::Failed,
        };
        self.hold(Held::Answer { request, answer });
    }

    /// Updates from outside the room, written under an `author` that nobody else has.
    pub fn handle_import(
        &mut self,
        request: RequestId,
        author: ClientId,
        updates: Vec<Bytes>,
        now: Time,
    ) {
        let mut answer = Answer::Imported;
        let max = self.limits.document();
        for bytes in updates {
            match self.document.take(bytes, &Writer::Ticketed(author), now, max) {
                Verdict::Taken { record, .. } => self.append(record, Origin::Import),
                Verdict::Known => {}
                Verdict::Refused(_) | Verdict::TooEarly => answer = Answer::Failed,
                Verdict::Full => answer = Answer::Full,
                Verdict::Missing | Verdict::Broken(_) => {
                    self.effects.push_back(Effect::Reload);
                    answer = Answer::Failed;
                }
            }
            if answer != Answer::Imported {
                break;
            }
        }
        self.hold(Held::Answer { request, answer });
    }

    /// The log is safe up to `up_to`.
    pub fn handle_committed(&mut self, up_to: Seq) {
        self.held.commit(up_to);
        self.release();
    }

    /// The log could not be written: all that is not committed is lost here, and the clients still
    /// have it. The room is over.
    pub fn handle_failed_commit(&mut self) {
        let text = "the server could not save the board; unsaved work stays with you";
        self.end(CloseCode::Internal, text);
    }

    /// The room was deleted. What is not committed never will be, and the clients still have it.
    pub fn handle_deleted(&mut self) {
        self.end(CloseCode::Restarting, "the board was deleted; unsaved work stays with you");
    }

    fn end(&mut self, code: CloseCode, text: &str) {
        self.has_failed = true;
        for held in self.held.drain() {
            if let Held::Answer { request, .. } = held {
                self.effects.push_back(Effect::Answer { request, answer: Answer::Failed });
            }
        }
        for conn in self.roster.drain() {
            let (text, refusal) = (text.into(), None);
            self.effects.push_back(Effect::Close { conn, code, text, refusal });
        }
    }

    /// The answer to [`Effect::Reload`]: the document as it is committed. What is on its way to the
    /// log is applied again.
    pub fn handle_reloaded(&mut self, mut document: Document) {
        let committed = document.seq();
        let mut missing = self.held.records().filter(|record| record.seq > committed);
        let replayed = missing.try_for_each(|record| document.replay(record));
        drop(missing);
        match replayed {
            Ok(()) => self.document = document,
            Err(_) => self.handle_failed_commit(),
        }
    }

    fn append(&mut self, record: Record, origin: Origin) {
        self.held.push(record.seq, Held::Update { record: record.clone(), origin });
        self.effects.push_back(Effect::Append(record));
        if self.document.n_bytes() - self.marked_bytes >= MARK_EVERY_BYTES {
            self.marked_bytes = self.document.n_bytes();
            let state_vector = self.document.state_vector();
            self.held.push(self.document.seq(), Held::Mark { state_vector });
        }
    }

    /// Lets something out when all that was taken in so far is committed.
    fn hold(&mut self, held: Held) {
        self.held.push(self.document.seq(), held);
        self.release();
    }

    /// Answers a native connection.
    fn send(&mut self, conn: ConnId, message: &ServerMessage) {
        if self.roster.contains(conn) {
            self.effects.push_back(Effect::Send { conn, frame: message.encode().into() });
        }
    }

    /// Tells all native members.
    fn tell_all(&mut self, message: &ServerMessage, except: Option<ConnId>) {
        if self.roster.n_speaking(Dialect::Native) > 0 {
            let frame = message.encode().into();
            let (to, lane) = (Dialect::Native, Lane::Update);
            self.effects.push_back(Effect::SendAll { to, frame, lane, except });
        }
    }

    /// A member is one no longer, although its connection may go on.
    fn dismiss(&mut self, conn: ConnId) {
        let Some(member) = self.roster.dismiss(conn) else { return };
        self.ticker.forget(member, conn);
        self.tell_all(&ServerMessage::Left(member), None);
        if let Some(entry) = self.roster.connection_mut(conn).and_then(|it| it.entry.as_mut()) {
            entry.state = Entry::GONE;
            let (client, clock) = (entry.client, entry.clock);
            let frame = yjs::awareness([&*entry].into_iter());
            self.roster.note_gone(client, clock);
            self.show_entries(Some(frame));
        }
    }

    /// Ends a connection that is in the room.
    fn close(&mut self, conn: ConnId, refusal: Refusal, why: &str) {
        self.refuse(conn, refusal, why);
        self.handle_gone(conn);
    }

    /// Ends a connection that is not in the room.
    fn refuse(&mut self, conn: ConnId, refusal: Refusal, why: &str) {
        let (code, text, refusal) = (refusal.code(), why.into(), Some(refusal));
        self.effects.push_back(Effect::Close { conn, code, text, refusal });
    }
}
