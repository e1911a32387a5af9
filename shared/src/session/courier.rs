//! Brings to the server what a page left behind that is gone, under the id that it was written under: a
//! session of its own that says hello, sends, waits until all is acknowledged, and leaves.

use super::{Connection, Event, Session};
use crate::id::ClientId;
use crate::keep::Key;
use crate::time::Time;

/// A session that carries somebody else's work. It is driven like any other; after each time,
/// [`Session::attend`] is to be called on the page's own session.
pub struct Courier {
    /// The session. What it says of members and presence is nobody's business.
    pub session: Session,
    client: ClientId,
    work: Vec<(Key, Vec<u8>)>,
}

impl Courier {
    /// Whose work it brings.
    pub fn client(&self) -> ClientId {
        self.client
    }
}

impl Session {
    /// Somebody to bring the work of pages that are gone, if there is any and this page is connected.
    /// At most one is to be under way. `seed` spreads its reconnects.
    pub fn poll_courier(&self, now: Time, seed: u64) -> Option<Courier> {
        if self.connection() != Connection::Live {
            return None;
        }
        let run = self.keep.as_ref()?.next_run()?;
        let identity = self.identity.clone();
        let work = run.work.iter().map(|(_, bytes)| bytes.clone());
        let mut session =
            Self::carrying(identity, seed, run.client, self.incarnation, run.ticket, work);
        session.connect(now);
        Some(Courier { session, client: run.client, work: run.work })
    }

    /// Looks after a courier; `false` when its work is done and it can go.
    pub fn attend(&mut self, courier: &mut Courier) -> bool {
        let Some(keep) = &mut self.keep else { return false };
        if let Some(ticket) = &courier.session.ticket {
            keep.handle_ticket(courier.client, ticket);
        }
        // Without its ticket nobody could bring the rest, if this page ended half-way.
        if keep.ticket(courier.client).is_some() || keep.is_broken() {
            courier.session.is_released = true;
            courier.session.send_ready();
        }
        if courier.session.unsaved.is_empty() {
            courier.session.disconnect();
            keep.handle_delivered(std::mem::take(&mut courier.work));
            self.events.push_back(Event::Saved);
            self.send_ready();
            return false;
        }
        true
    }
}
