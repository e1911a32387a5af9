//! What Yjs clients say: what they have, edits, and what they show.

use bytes::Bytes;
use shared::color::Color;
use shared::id::ClientId;
use shared::presence::{PresencePatch, ShownPoint};
use shared::protocol::{Identity, ServerMessage};
use shared::time::Time;

use super::Room;
use super::connection::{Connection, Speaker};
use super::effect::{ConnId, Dialect, Effect};
use super::held::Held;
use super::presence::RENEW_EVERY;
use crate::metrics::Refusal;
use crate::yjs::{Entry, State, YjsError, YjsMessage};

impl Room {
    /// A Yjs client connects. It need not say anything to be told what happens; it becomes a member
    /// when it shows something.
    pub fn handle_yjs_open(&mut self, conn: ConnId, now: Time) {
        if self.roster.len() >= self.limits.room_members {
            return self.refuse(conn, Refusal::Members, "the room is full");
        }
        self.roster.add(conn, Connection::yjs(Identity::new("", Color::INK), now));
        self.renew_due.get_or_insert(now + RENEW_EVERY);
        let state_vector = self.document.state_vector();
        self.hold(Held::Open { conn, state_vector });
    }

    /// A Yjs client says something.
    pub fn handle_yjs(&mut self, conn: ConnId, message: YjsMessage, now: Time) {
        if !self.roster.contains(conn) {
            return;
        }
        match message {
            YjsMessage::Step1(state_vector) => self.handle_step1(conn, &state_vector, now),
            YjsMessage::Step2(update) | YjsMessage::Update(update) => {
                self.handle_edit(conn, update, None, now);
            }
            YjsMessage::Awareness(entries) => {
                for entry in entries {
                    self.handle_entry(conn, &entry, now);
                }
            }
            YjsMessage::QueryAwareness => {
                let frames = self.everything(Dialect::Yjs);
                self.effects.push_back(Effect::Show { conn, frames });
            }
        }
    }

    fn handle_step1(&mut self, conn: ConnId, known: &[u8], now: Time) {
        let Some(connection) = self.roster.connection_mut(conn) else { return };
        if let Speaker::Yjs { syncs, .. } = &mut connection.speaker
            && !syncs.take(1, now)
        {
            return self.close(conn, Refusal::MessageRate, "too many syncs; slow down");
        }
        match self.document.diff(known) {
            Ok(update) => {
                let state_vector = self.document.state_vector();
                self.hold(Held::Diff { conn, update, state_vector, lost_since: None });
            }
            Err(error) => self.close(conn, Refusal::Hostile, &error.to_string()),
        }
    }

    /// What a client says of itself is taken over; what it repeats of others is ignored.
    fn handle_entry(&mut self, conn: ConnId, entry: &Entry, now: Time) {
        let Some(connection) = self.roster.connection(conn) else { return };
        let is_news = match &connection.entry {
            Some(own) if own.client != entry.client => false,
            Some(own) => entry.clock > own.clock || entry.is_gone() != own.is_gone(),
            None => {
                !entry.is_gone()
                    && self.is_free(entry.client, conn)
                    && !self.roster.is_repeat(conn, entry.client, entry.clock)
            }
        };
        if !is_news {
            return;
        }
        if entry.is_gone() {
            self.keep_entry(conn, entry);
            return self.dismiss(conn);
        }
        let State { identity, cursor } = match State::parse(&entry.state) {
            Ok(state) => state,
            Err(error @ YjsError::TooBig) => {
                return self.close(conn, Refusal::FrameSize, &error.to_string());
            }
            Err(error) => return self.close(conn, Refusal::Hostile, &error.to_string()),
        };
        if connection.entry.is_none() {
            self.roster.note_shown(entry.client, conn);
            self.effects.push_back(Effect::Own { conn, client: entry.client });
        }
        self.keep_entry(conn, entry);
        self.note_entry(conn, now);
        let is_member = self.roster.connection(conn).is_some_and(|it| it.member_id().is_some());
        let has_moved = self.set_pointer(conn, cursor);
        let patch = PresencePatch { cursor: Some(cursor), ..PresencePatch::default() };
        if is_member {
            self.rename(conn, identity, now);
            if has_moved {
                self.show(conn, patch, now);
            }
        } else {
            self.roster.rename(conn, identity);
            self.roster.show(conn, patch, now);
            if let Some(member) = self.roster.admit(conn) {
                self.tell_all(&ServerMessage::Joined(member), None);
            }
        }
    }

    /// Notes where a client's pointer is; the answer is whether that is news. A state is sent again
    /// every 15 seconds, and must not bring a cursor back that has faded.
    fn set_pointer(&mut self, conn: ConnId, at: Option<ShownPoint>) -> bool {
        match self.roster.connection_mut(conn).map(|it| &mut it.speaker) {
            Some(Speaker::Yjs { pointer, .. }) => std::mem::replace(pointer, at) != at,
            Some(Speaker::Native { .. }) | None => false,
        }
    }

    fn keep_entry(&mut self, conn: ConnId, entry: &Entry) {
        if let Some(connection) = self.roster.connection_mut(conn) {
            // A copy, for these bytes are part of a whole frame.
            let state = Bytes::copy_from_slice(&entry.state);
            connection.entry = Some(Entry { state, ..*entry });
        }
    }

    fn is_free(&self, client: ClientId, conn: ConnId) -> bool {
        self.roster.may_show(client, conn) && !self.document.is_ticketed(client)
    }
}
