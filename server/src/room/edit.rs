//! Edits of members, in either dialect: through the gate, and what follows.

use bytes::Bytes;
use shared::board::ReplicaError;
use shared::id::Batch;
use shared::protocol::Role;
use shared::scan::Parts;
use shared::time::Time;

use super::Room;
use super::connection::Speaker;
use super::document::{Verdict, Writer};
use super::effect::{ConnId, Effect};
use super::held::{Held, Origin};
use crate::metrics::Refusal;

/// What a client is told whose update comes before those that it builds on.
const SYNC_AGAIN: &str = "the update builds on others that are missing here: sync again";

/// What a client is told whose update is too much.
const BOARD_FULL: &str = "this board is as large as one may be: delete something, or begin another";

impl Room {
    /// Cuts an edit into parts of which none takes long or much memory, to be handled in order and with
    /// other things between them; `None` if it is small enough.
    pub fn cut(&self, update: &[u8]) -> Result<Option<Parts>, ReplicaError> {
        self.document.cut(update)
    }

    /// An edit or a part of one; native clients know it as `batch`, which is to be said with the last part.
    /// The answer is whether a next part may follow.
    pub fn handle_edit(
        &mut self,
        conn: ConnId,
        bytes: Bytes,
        batch: Option<Batch>,
        now: Time,
    ) -> bool {
        let Some(connection) = self.roster.connection(conn) else { return false };
        if connection.role == Role::Viewer {
            self.close(conn, Refusal::Hostile, "viewers cannot edit");
            return false;
        }
        let is_free = |author| self.roster.holder_of(author).is_none_or(|holder| holder == conn);
        let writer = match connection.speaker {
            Speaker::Native { client } => Writer::Ticketed(client),
            Speaker::Yjs { .. } => Writer::Yjs(&is_free),
        };
        match self.document.take(bytes, &writer, now, self.limits.document()) {
            Verdict::Taken { record, authors } => {
                if record.author.is_none() {
                    for author in authors {
                        self.roster.claim(author, conn);
                    }
                    self.set_asked_again(conn, false);
                }
                self.append(record, Origin::Client { conn, batch });
                return true;
            }
            Verdict::Known => {
                if let Some(batch) = batch {
                    self.hold(Held::Ack { conn, batch });
                }
                return true;
            }
            Verdict::Refused(why) => self.close(conn, Refusal::Hostile, &why),
            Verdict::Broken(why) => {
                self.effects.push_back(Effect::Reload);
                self.close(conn, Refusal::Hostile, &why);
            }
            Verdict::Full => self.close(conn, Refusal::DocumentSize, BOARD_FULL),
            Verdict::TooEarly => self.sync_again(conn),
            Verdict::Missing => {
                self.effects.push_back(Effect::Reload);
                self.sync_again(conn);
            }
        }
        false
    }

    /// What a connection has sent is no edit at all.
    pub fn handle_malformed(&mut self, conn: ConnId, error: &ReplicaError) {
        if self.roster.contains(conn) {
            self.close(conn, Refusal::Hostile, &error.to_string());
        }
    }

    /// The edits of a connection have occupied the processor for longer than they may.
    pub fn handle_overspent(&mut self, conn: ConnId) {
        if self.roster.contains(conn) {
            self.close(conn, Refusal::EditTime, "the edits take too long; slow down");
        }
    }

    /// Something is missing that the client built on. It comes again with all that it has; a Yjs client is
    /// first asked for that.
    fn sync_again(&mut self, conn: ConnId) {
        match self.set_asked_again(conn, true) {
            Some(false) => {
                let state_vector = self.document.state_vector();
                self.hold(Held::Ask { conn, state_vector });
            }
            Some(true) | None => self.close(conn, Refusal::TooEarly, SYNC_AGAIN),
        }
    }

    /// Notes whether a Yjs client was asked again; the answer is whether it had been.
    fn set_asked_again(&mut self, conn: ConnId, is_asked: bool) -> Option<bool> {
        match &mut self.roster.connection_mut(conn)?.speaker {
            Speaker::Yjs { was_asked_again, .. } => {
                Some(std::mem::replace(was_asked_again, is_asked))
            }
            Speaker::Native { .. } => None,
        }
    }
}
