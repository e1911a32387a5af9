//! One room as a state machine: who is there, what the board is, and what has to happen next.
//!
//! A `handle_*` takes what happened; after each, [`Room::poll_effect`] is drained and the effects are
//! carried out in order. The room does no I/O and takes the time as an argument. Its one promise:
//! nothing leaves before its commit. Updates, acknowledgements, welcomes and snapshots wait until the
//! log is safe as far as they tell of it.

mod document;
mod effect;
mod held;
mod hello;
mod mark;
mod roster;
mod ticker;

#[cfg(test)]
mod tests;

use std::collections::VecDeque;
use std::sync::Arc;

use bytes::Bytes;
use shared::id::{ClientId, Incarnation, RoomName, Seq};
use shared::presence::PresenceChange;
use shared::protocol::{
    ClientMessage, CloseCode, Hello, LoggedUpdate, NewUpdate, Role, ServerMessage, Welcome,
};
use shared::time::Time;

pub use document::{DamagedLog, Document};
pub use effect::{Answer, ConnId, Effect, Lane, RequestId, Snapshot};
pub use hello::{NoHello, read_hello};
pub use mark::{Lost, Mark};

use crate::limits::{Limits, MARK_EVERY_BYTES};
use crate::log::Record;
use crate::metrics::Refusal;
use crate::ticket::{Secret, Tickets};
use document::Verdict;
use held::{Held, HeldQueue, Origin};
use roster::{Connection, Roster};
use ticker::{Ticker, encode};

/// What a client is told whose update comes before those that it builds on.
const SYNC_AGAIN: &str = "the update builds on others that are missing here: sync again";

/// What a client is told whose update is too much.
const BOARD_FULL: &str = "this board is as large as one may be: delete something, or begin another";

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
    effects: VecDeque<Effect>,
    /// [`Document::n_bytes`] at the last mark.
    marked_bytes: u64,
    has_failed: bool,
}

impl Room {
    /// A room with nobody in it, as its log tells.
    pub fn new(
        name: RoomName,
        secret: Secret,
        incarnation: Incarnation,
        document: Document,
        limits: Arc<Limits>,
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

    /// Whether the room has lost its log: it does nothing any more and is to be forgotten.
    pub fn has_failed(&self) -> bool {
        self.has_failed
    }

    /// What to do next, until it is `None`. [`Effect::Reload`] is to be answered by
    /// [`Room::handle_reloaded`] before anything else is handled.
    pub fn poll_effect(&mut self) -> Option<Effect> {
        self.effects.pop_front()
    }

    /// When [`Room::handle_timeout`] wants to be called.
    pub fn poll_timeout(&self) -> Option<Time> {
        self.ticker.due()
    }

    /// A connection says who it is. It becomes a member when all that its welcome holds is committed.
    pub fn handle_hello(&mut self, conn: ConnId, hello: Hello) {
        let Hello {
            version: _, token: _, identity, client, ticket, incarnation, state_vector, ..
        } = hello;
        if self.roster.len() >= self.limits.room_members {
            return self.refuse(conn, Refusal::Members, "the room is full");
        }
        let owns_id = self.tickets.proves(ticket.as_ref(), client);
        match self.roster.holder_of(client) {
            // The device's earlier connection, which it has given up.
            Some(earlier) if owns_id => {
                self.close(earlier, Refusal::Hostile, "this client id is in use elsewhere");
            }
            // Its welcome may have been lost, and with it the ticket: the old connection ends by itself.
            Some(_) if ticket.is_none() && !self.document.knows(client) => {
                return self.refuse(conn, Refusal::Busy, "this client id is still connected");
            }
            None if owns_id || !self.document.knows(client) => {}
            Some(_) | None => {
                return self.refuse(conn, Refusal::Hostile, "this client id is somebody else's");
            }
        }
        // A client that knew an earlier life of the room starts from nothing.
        let is_same_life = incarnation.is_none_or(|known| known == self.incarnation);
        let known: &[u8] = if is_same_life { &state_vector } else { &[] };
        let update = match self.document.diff(known) {
            Ok(update) => update,
            Err(error) => return self.refuse(conn, Refusal::Hostile, &error.to_string()),
        };
        self.roster.add(conn, Connection::new(client, Role::Editor, identity));
        let state_vector = self.document.state_vector();
        self.held.push(self.document.seq(), Held::Welcome { conn, update, state_vector });
        self.release();
    }

    /// A connection that said hello says something else.
    pub fn handle_message(&mut self, conn: ConnId, message: ClientMessage, now: Time) {
        if !self.roster.contains(conn) {
            return;
        }
        match message {
            ClientMessage::Hello(_) => self.close(conn, Refusal::Policy, "a second hello"),
            ClientMessage::Update(update) => self.handle_update(conn, update, now),
            ClientMessage::Presence(patch) => {
                if let Some((member, patch)) = self.roster.show(conn, patch) {
                    self.ticker.note(member, patch, now, self.roster.len());
                }
            }
            ClientMessage::Ping(number) => {
                let frame = ServerMessage::Pong(number).encode().into();
                self.effects.push_back(Effect::Send { conn, frame });
            }
            ClientMessage::Rename(identity) => {
                if let Some(member) = self.roster.rename(conn, identity) {
                    self.send_all(&ServerMessage::Joined(member), None);
                }
            }
        }
    }

    /// A connection is over, for whatever reason.
    pub fn handle_gone(&mut self, conn: ConnId) {
        if let Some(member) = self.roster.remove(conn) {
            self.ticker.forget(member);
            self.send_all(&ServerMessage::Left(member), None);
        }
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
            let held = Held::Resync { conn, update, state_vector, known };
            self.held.push(self.document.seq(), held);
            self.release();
        }
        self.ticker.note_behind(conn, now, self.roster.len());
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
        self.held.push(self.document.seq(), Held::Answer { request, answer });
        self.release();
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
        let max_bytes = self.limits.document_bytes;
        for bytes in updates {
            match self.document.take(bytes, author, now, max_bytes) {
                Verdict::Taken(record) => self.append(record, Origin::Import),
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
        self.held.push(self.document.seq(), Held::Answer { request, answer });
        self.release();
    }

    /// The log is safe up to `up_to`.
    pub fn handle_committed(&mut self, up_to: Seq) {
        self.held.commit(up_to);
        self.release();
    }

    /// The log could not be written: all that is not committed is lost here, and the clients still
    /// have it. The room is over.
    pub fn handle_failed_commit(&mut self) {
        self.has_failed = true;
        for held in self.held.drain() {
            if let Held::Answer { request, .. } = held {
                self.effects.push_back(Effect::Answer { request, answer: Answer::Failed });
            }
        }
        for conn in self.roster.drain() {
            let text = "the server could not save the board; unsaved work stays with you".into();
            let (code, refusal) = (CloseCode::Internal, None);
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

    /// [`Room::poll_timeout`] has come.
    pub fn handle_timeout(&mut self, now: Time) {
        let Some(tick) = self.ticker.take(now) else { return };
        for frame in tick.frames {
            self.effects.push_back(Effect::SendAll { frame, lane: Lane::Presence, except: None });
        }
        if tick.behind.is_empty() {
            return;
        }
        let members = self.roster.members().into_iter();
        let all = members.map(|it| PresenceChange { member: it.id, patch: it.presence });
        let frames = encode(all.collect());
        for conn in tick.behind {
            self.effects.push_back(Effect::ShowAgain { conn, frames: frames.clone() });
        }
    }

    fn handle_update(&mut self, conn: ConnId, NewUpdate { batch, bytes }: NewUpdate, now: Time) {
        let Some(connection) = self.roster.connection(conn) else { return };
        if connection.role == Role::Viewer {
            return self.close(conn, Refusal::Hostile, "viewers cannot edit");
        }
        let max_bytes = self.limits.document_bytes;
        match self.document.take(bytes.into(), connection.client, now, max_bytes) {
            Verdict::Taken(record) => self.append(record, Origin::Client { conn, batch }),
            Verdict::Known => {
                self.held.push(self.document.seq(), Held::Ack { conn, batch });
                self.release();
            }
            Verdict::Refused(why) => self.close(conn, Refusal::Hostile, &why),
            Verdict::Broken(why) => {
                self.effects.push_back(Effect::Reload);
                self.close(conn, Refusal::Hostile, &why);
            }
            Verdict::Full => self.close(conn, Refusal::DocumentSize, BOARD_FULL),
            Verdict::TooEarly => self.close(conn, Refusal::TooEarly, SYNC_AGAIN),
            Verdict::Missing => {
                self.effects.push_back(Effect::Reload);
                self.close(conn, Refusal::TooEarly, SYNC_AGAIN);
            }
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

    /// Lets out what the committed log allows.
    fn release(&mut self) {
        while let Some((seq, held)) = self.held.pop_due() {
            match held {
                Held::Update { record: Record { bytes, .. }, origin } => {
                    let update = LoggedUpdate { seq, bytes: bytes.into() };
                    let sender = origin.conn();
                    self.send_all(&ServerMessage::Update(update), sender);
                    if let Origin::Client { conn, batch } = origin {
                        self.send(conn, &ServerMessage::Ack(batch));
                    }
                }
                Held::Ack { conn, batch } => self.send(conn, &ServerMessage::Ack(batch)),
                Held::Welcome { conn, update, state_vector } => {
                    self.welcome(conn, seq, update, state_vector);
                }
                Held::Answer { request, answer } => {
                    self.effects.push_back(Effect::Answer { request, answer });
                }
                Held::Resync { conn, update, state_vector, known } => {
                    let update = LoggedUpdate { seq, bytes: update };
                    let mut messages = vec![ServerMessage::Update(update)];
                    messages.extend(self.roster.news_since(known.roster));
                    let frames = messages.iter().map(|it| it.encode().into()).collect();
                    let mark = self.mark(seq, state_vector);
                    self.effects.push_back(Effect::Resync { conn, frames, mark });
                }
                Held::Mark { state_vector } => {
                    let mark = self.mark(seq, state_vector);
                    self.effects.push_back(Effect::Mark(mark));
                }
            }
        }
    }

    /// The place where a member is who has been sent all up to `seq`, at this moment.
    fn mark(&self, seq: Seq, state_vector: Vec<u8>) -> Arc<Mark> {
        Arc::new(Mark { seq, state_vector, roster: self.roster.n_changes() })
    }

    fn welcome(&mut self, conn: ConnId, seq: Seq, update: Vec<u8>, state_vector: Vec<u8>) {
        let Some(member) = self.roster.admit(conn) else { return };
        let Some(connection) = self.roster.connection(conn) else { return };
        let mark = self.mark(seq, state_vector.clone());
        let welcome = Welcome {
            you: member.id,
            role: connection.role,
            members: self.roster.members(),
            incarnation: self.incarnation,
            seq,
            update,
            state_vector,
            ticket: self.tickets.give(connection.client),
        };
        let frame = ServerMessage::Welcome(welcome).encode().into();
        self.effects.push_back(Effect::Admit { conn, frame, mark });
        self.send_all(&ServerMessage::Joined(member), Some(conn));
    }

    fn send(&mut self, conn: ConnId, message: &ServerMessage) {
        if self.roster.contains(conn) {
            self.effects.push_back(Effect::Send { conn, frame: message.encode().into() });
        }
    }

    fn send_all(&mut self, message: &ServerMessage, except: Option<ConnId>) {
        let frame = message.encode().into();
        self.effects.push_back(Effect::SendAll { frame, lane: Lane::Update, except });
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
