//! What leaves the room once the log is committed far enough.

use std::sync::Arc;

use bytes::Bytes;
use shared::id::Seq;
use shared::limits::WELCOME_AT_ONCE_BYTES;
use shared::protocol::{LoggedUpdate, ServerMessage, Welcome};

use super::Room;
use super::connection::Speaker;
use super::effect::{ConnId, Dialect, Effect, Lane};
use super::held::{Held, Origin};
use super::hello::Delivery;
use super::mark::Mark;
use crate::yjs;

impl Room {
    /// Lets out what the committed log allows.
    pub(super) fn release(&mut self) {
        while let Some((seq, held)) = self.held.pop_due() {
            match held {
                Held::Update { record, origin } => self.tell_update(seq, record.bytes, &origin),
                Held::Ack { conn, batch } => self.send(conn, &ServerMessage::Ack(batch)),
                Held::Welcome { conn, update, state_vector, delivery } => {
                    self.welcome(conn, seq, (&update, delivery), state_vector);
                }
                Held::Open { conn, state_vector } => self.open(conn, &state_vector),
                Held::Ask { conn, state_vector } => {
                    let frame = yjs::step1(&state_vector);
                    self.effects.push_back(Effect::Send { conn, frame });
                }
                Held::Answer { request, answer } => {
                    self.effects.push_back(Effect::Answer { request, answer });
                }
                Held::Diff { conn, update, state_vector, lost_since } => {
                    self.catch_up(conn, seq, update, state_vector, lost_since.as_deref());
                }
                Held::Mark { state_vector } => {
                    let mark = self.mark(seq, state_vector);
                    self.effects.push_back(Effect::Mark(mark));
                }
            }
        }
    }

    fn tell_update(&mut self, seq: Seq, bytes: Bytes, origin: &Origin) {
        let (lane, except) = (Lane::Update, origin.conn());
        if self.roster.n_speaking(Dialect::Yjs) > 0 {
            let (to, frame) = (Dialect::Yjs, yjs::update(&bytes));
            self.effects.push_back(Effect::SendAll { to, frame, lane, except });
        }
        let update = LoggedUpdate { seq, bytes: bytes.into() };
        self.tell_all(&ServerMessage::Update(update), except);
        if let Origin::Client { conn, batch: Some(batch) } = *origin {
            self.send(conn, &ServerMessage::Ack(batch));
        }
    }

    fn welcome(
        &mut self,
        conn: ConnId,
        seq: Seq,
        (update, delivery): (&[u8], Delivery),
        state_vector: Vec<u8>,
    ) {
        let Some(member) = self.roster.admit(conn) else { return };
        let Some(connection) = self.roster.connection(conn) else { return };
        let Speaker::Native { client } = connection.speaker else { return };
        let mark = self.mark(seq, state_vector.clone());
        let n_ahead = match delivery {
            Delivery::Whole => 0,
            // What is left comes with the welcome.
            Delivery::InPieces => {
                update.len().saturating_sub(1) / WELCOME_AT_ONCE_BYTES * WELCOME_AT_ONCE_BYTES
            }
        };
        let (ahead, update) = update.split_at(n_ahead);
        let ahead = ahead.chunks(WELCOME_AT_ONCE_BYTES);
        let mut frames: Vec<Bytes> =
            ahead.map(|piece| ServerMessage::Ahead(piece.into()).encode().into()).collect();
        let welcome = Welcome {
            you: member.id,
            role: connection.role,
            members: self.roster.members(),
            incarnation: self.incarnation,
            seq,
            update: update.into(),
            state_vector,
            ticket: self.tickets.give(client),
        };
        frames.push(ServerMessage::Welcome(welcome).encode().into());
        self.effects.push_back(Effect::Admit { conn, dialect: Dialect::Native, frames, mark });
        self.tell_all(&ServerMessage::Joined(member), Some(conn));
        let entry = self.entries_of([conn]);
        self.show_entries(entry);
    }

    /// Lets a Yjs client in: asks what it has, and shows it who is there.
    fn open(&mut self, conn: ConnId, state_vector: &[u8]) {
        if !self.roster.contains(conn) {
            return;
        }
        let mut frames = vec![yjs::step1(state_vector)];
        frames.extend(self.everything(Dialect::Yjs));
        // It has not said yet what it knows.
        let mark = self.mark(Seq::default(), Vec::new());
        self.effects.push_back(Effect::Admit { conn, dialect: Dialect::Yjs, frames, mark });
    }

    fn catch_up(
        &mut self,
        conn: ConnId,
        seq: Seq,
        update: Bytes,
        state_vector: Vec<u8>,
        lost_since: Option<&Mark>,
    ) {
        let Some(connection) = self.roster.connection(conn) else { return };
        let frames = match connection.speaker {
            Speaker::Yjs { .. } => vec![yjs::step2(&update)],
            Speaker::Native { .. } => {
                let update = LoggedUpdate { seq, bytes: update.into() };
                let mut messages = vec![ServerMessage::Update(update)];
                messages.extend(lost_since.iter().flat_map(|it| self.roster.news_since(it.roster)));
                messages.iter().map(|it| it.encode().into()).collect()
            }
        };
        let mark = self.mark(seq, state_vector);
        let has_lost = lost_since.is_some();
        self.effects.push_back(Effect::CatchUp { conn, has_lost, frames, mark });
    }

    /// The place where a member is who has been sent all up to `seq`, at this moment.
    fn mark(&self, seq: Seq, state_vector: Vec<u8>) -> Arc<Mark> {
        Arc::new(Mark { seq, state_vector, roster: self.roster.n_changes() })
    }
}
