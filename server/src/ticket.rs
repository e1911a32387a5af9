//! Tickets: the proof that a client id was given to a device. Any server with the same secret can
//! check one, and nothing has to be remembered.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use shared::id::{ClientId, Incarnation, RoomName};
use shared::protocol::Ticket;

/// Length of a ticket: enough that nobody guesses one.
const TICKET_BYTES: usize = 16;

/// Length of the secret.
pub const SECRET_BYTES: usize = 32;

/// What only this server's store knows.
#[derive(Clone)]
pub struct Secret([u8; SECRET_BYTES]);

impl Secret {
    /// A secret kept by the store.
    pub fn new(bytes: [u8; SECRET_BYTES]) -> Self {
        Self(bytes)
    }

    /// The incarnation of a room that was never written to. It is the same after a restart, so that
    /// work done meanwhile on an empty board is not taken for work on a deleted one.
    pub fn first_incarnation(&self, room: &RoomName) -> Incarnation {
        let mac = self.mac(&[b"incarnation", room.as_str().as_bytes()]);
        let digest = mac.finalize().into_bytes();
        Incarnation(digest.iter().take(8).fold(0, |number, &byte| number << 8 | u64::from(byte)))
    }

    fn mac(&self, parts: &[&[u8]]) -> Hmac<Sha256> {
        let mut mac =
            Hmac::<Sha256>::new_from_slice(&self.0).expect("HMAC takes a key of any length");
        for part in parts {
            // With its length, so that no two lists of parts read alike.
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part);
        }
        mac
    }
}

/// Gives out and checks the tickets of one room.
pub struct Tickets {
    secret: Secret,
    room: RoomName,
}

impl Tickets {
    /// The tickets of `room`.
    pub fn new(secret: Secret, room: RoomName) -> Self {
        Self { secret, room }
    }

    /// The ticket for `client`.
    pub fn give(&self, client: ClientId) -> Ticket {
        let digest = self.mac(client).finalize().into_bytes();
        Ticket(digest[..TICKET_BYTES].to_vec())
    }

    /// Whether `ticket` is the one for `client`.
    pub fn proves(&self, ticket: Option<&Ticket>, client: ClientId) -> bool {
        ticket.is_some_and(|Ticket(bytes)| {
            bytes.len() == TICKET_BYTES && self.mac(client).verify_truncated_left(bytes).is_ok()
        })
    }

    fn mac(&self, client: ClientId) -> Hmac<Sha256> {
        let client = client.value().to_be_bytes();
        self.secret.mac(&[b"ticket", self.room.as_str().as_bytes(), &client])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tickets(secret: u8, room: &str) -> Tickets {
        Tickets::new(Secret::new([secret; SECRET_BYTES]), RoomName::parse(room).unwrap())
    }

    #[test]
    fn a_ticket_is_good_for_one_id_in_one_room_of_one_server() {
        let (me, you) = (ClientId::new(7).unwrap(), ClientId::new(8).unwrap());
        let ticket = tickets(1, "a").give(me);
        assert!(tickets(1, "a").proves(Some(&ticket), me));
        assert!(!tickets(1, "a").proves(Some(&ticket), you));
        assert!(!tickets(1, "b").proves(Some(&ticket), me));
        assert!(!tickets(2, "a").proves(Some(&ticket), me));
        assert!(!tickets(1, "a").proves(None, me));
        assert!(!tickets(1, "a").proves(Some(&Ticket(ticket.0[..1].to_vec())), me));
        assert!(!tickets(1, "a").proves(Some(&Ticket(vec![])), me));
    }
}
