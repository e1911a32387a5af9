//! What native clients say: hello, edits, presence.

use shared::id::ClientId;
use shared::protocol::{ClientMessage, Hello, NewUpdate, ServerMessage};
use shared::time::Time;

use super::Room;
use super::connection::Connection;
use super::effect::{ConnId, Effect};
use super::held::Held;
use super::hello::Delivery;
use crate::metrics::Refusal;

impl Room {
    /// A connection says who it is. It becomes a member when all that its welcome holds is committed, and the board comes
    /// to it in this way.
    pub fn handle_hello(&mut self, conn: ConnId, hello: Hello, delivery: Delivery) {
        let Hello {
            version: _, token: _, identity, client, ticket, incarnation, state_vector, ..
        } = hello;
        if self.roster.len() >= self.limits.room_members {
            return self.refuse(conn, Refusal::Members, "the room is full");
        }
        if client.value() == 0 {
            return self.refuse(conn, Refusal::Hostile, "nobody has the client id 0");
        }
        let owns_id = self.tickets.proves(ticket.as_ref(), client);
        match self.roster.holder_of(client) {
            // The device's earlier connection, which it has given up; or its later one, whose hello has
            // overtaken this one's. So its code lets it come again.
            Some(other) if owns_id => {
                self.close(other, Refusal::Busy, "this client id is in use elsewhere");
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
        let alias = ClientId::random(&mut self.rng);
        self.roster.add(conn, Connection::native(client, alias, identity));
        self.roster.claim(client, conn);
        self.roster.claim(alias, conn);
        let state_vector = self.document.state_vector();
        self.hold(Held::Welcome { conn, update, state_vector, delivery });
    }

    /// A connection that said hello says something else.
    pub fn handle_message(&mut self, conn: ConnId, message: ClientMessage, now: Time) {
        if !self.roster.contains(conn) {
            return;
        }
        match message {
            ClientMessage::Hello(_) => self.close(conn, Refusal::Policy, "a second hello"),
            ClientMessage::Update(NewUpdate { batch, bytes }) => {
                self.handle_edit(conn, bytes.into(), Some(batch), now);
            }
            ClientMessage::Presence(patch) => self.show(conn, patch, now),
            ClientMessage::Ping(number) => {
                let frame = ServerMessage::Pong(number).encode().into();
                self.effects.push_back(Effect::Send { conn, frame });
            }
            ClientMessage::Rename(identity) => self.rename(conn, identity, now),
        }
    }
}
