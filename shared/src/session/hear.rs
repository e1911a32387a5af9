//! What the server says, and what follows from it.

use super::loading::Loading;
use super::state::State;
use super::{Event, SeenMember, Session, WELCOME_TIMEOUT};
use crate::board::{Board, ReplicaError};
use crate::id::Batch;
use crate::limits::SERVER_FRAME_MAX_BYTES;
use crate::presence::Presence;
use crate::protocol::{ClientMessage, CloseCode, Member, ServerMessage, Welcome};
use crate::time::Time;

impl Session {
    /// A binary frame arrived.
    pub fn handle_message(&mut self, now: Time, bytes: &[u8], board: &mut Board) {
        match ServerMessage::decode(bytes) {
            Ok(message) => self.handle(now, message, board),
            // A server that speaks nonsense is left; coming again may find a better one.
            Err(_) => self.retry(now, CloseCode::Policy, None),
        }
    }

    fn handle(&mut self, now: Time, message: ServerMessage, board: &mut Board) {
        if let State::Live { heard_at, .. } = &mut self.state {
            *heard_at = now;
        }
        match message {
            ServerMessage::Welcome(welcome) => self.handle_welcome(now, welcome, board),
            ServerMessage::Ahead(bytes) => self.handle_ahead(now, bytes),
            ServerMessage::Update(update) => {
                self.seq = self.seq.max(update.seq);
                let _ = self.take(now, &update.bytes, board);
            }
            ServerMessage::Ack(batch) => {
                let acked = self.unsaved.iter_mut().find(|update| update.batch == batch);
                if let (Some(keep), Some(update)) = (&mut self.keep, acked) {
                    keep.handle_ack(batch, std::mem::take(&mut update.bytes));
                    keep.tidy(board);
                }
                self.unsaved.retain(|update| update.batch != batch);
                self.events.push_back(Event::Saved);
            }
            ServerMessage::Presences(changes) => {
                for change in changes {
                    if let Some(member) = self.members.get_mut(&change.member) {
                        member.presence.apply(change.patch);
                        member.seen_at = now;
                        self.events.push_back(Event::Presence(change.member));
                    }
                }
            }
            ServerMessage::Joined(member) => self.add_member(now, member),
            ServerMessage::Left(id) => {
                self.members.remove(&id);
                self.events.push_back(Event::Members);
            }
            ServerMessage::Role(role) => {
                self.me = self.me.map(|(id, _)| (id, role));
                self.events.push_back(Event::Members);
            }
            ServerMessage::Error(report) => {
                if CloseCode::is_final(report.code) {
                    self.stop(report.code, report.text);
                }
            }
            ServerMessage::Pong(number) => {
                if let State::Live { ping: Some((sent, at)), .. } = &self.state
                    && *sent == number
                {
                    let rtt = now.since(*at);
                    self.rtt = Some(rtt);
                    self.events.push_back(Event::Rtt(rtt));
                }
            }
        }
    }

    /// A piece of the board came.
    fn handle_ahead(&mut self, now: Time, mut bytes: Vec<u8>) {
        let State::Syncing { until } = &mut self.state else {
            return self.retry(now, CloseCode::Policy, None);
        };
        if self.ahead.len() + bytes.len() > SERVER_FRAME_MAX_BYTES {
            return self.retry(now, CloseCode::Policy, None);
        }
        *until = (now + WELCOME_TIMEOUT).max(*until);
        self.ahead.append(&mut bytes);
    }

    fn handle_welcome(&mut self, now: Time, mut welcome: Welcome, board: &mut Board) {
        if !matches!(self.state, State::Syncing { .. }) {
            return self.retry(now, CloseCode::Policy, None);
        }
        if !self.ahead.is_empty() {
            let end = std::mem::replace(&mut welcome.update, std::mem::take(&mut self.ahead));
            welcome.update.extend(end);
        }
        if let Some(event) = self.objection(&welcome, board) {
            self.hang_up(CloseCode::Normal);
            self.enter(State::Offline);
            self.events.push_back(event);
            return;
        }
        if let Some(keep) = &mut self.keep {
            keep.handle_welcome(welcome.incarnation, &welcome.ticket, board);
        }
        self.n_unwelcomed = 0;
        self.incarnation = Some(welcome.incarnation);
        self.ticket = Some(welcome.ticket);
        self.seq = welcome.seq;
        self.me = Some((welcome.you, welcome.role));
        self.members.clear();
        for member in welcome.members {
            self.add_member(now, member);
        }
        // At once, for people want to know how far away the server is.
        let first = 1;
        self.enter(State::Live { heard_at: now, ping: Some((first, now)), since: now });
        self.transmit(&ClientMessage::Ping(first));
        while self.is_loading() {
            self.load_more(now, board);
        }
        // Nobody may write under an id of which more is still to come.
        let loading = match self.view.filter(|_| !board.lacks_own(&welcome.state_vector)) {
            Some(view) => Loading::begin(welcome.update).map(|mut loading| {
                loading.show(view, board);
                loading
            }),
            None => Err(welcome.update),
        };
        match loading {
            Ok(loading) => {
                self.loading = Some(loading);
                self.events.push_back(Event::Board);
            }
            Err(update) => {
                if !self.take_at_once(now, &update, board) {
                    return;
                }
                if let Some(keep) = &mut self.keep {
                    keep.handle_synced();
                }
            }
        }
        self.last_sent = Batch(0);
        self.send_ready();
        // The server knows nothing of what this member showed before.
        let mut everything = self.shown.as_patch();
        everything.merge(std::mem::take(&mut self.unshown));
        self.unshown = everything;
        self.shown_at = None;
        self.show(now);
    }

    /// Takes in others' edits. When that fails the connection ends, and the answer is `false`.
    pub(super) fn take(&mut self, now: Time, update: &[u8], board: &mut Board) -> bool {
        if let Some(loading) = &mut self.loading {
            loading.put_off(update);
            return true;
        }
        if self.view.is_some()
            && let Some(loading) = Loading::begin_edit(update)
        {
            self.loading = Some(loading);
            return true;
        }
        self.take_at_once(now, update, board)
    }

    /// The same for an update that may not wait, however large it is.
    fn take_at_once(&mut self, now: Time, update: &[u8], board: &mut Board) -> bool {
        match board.apply_remote(update) {
            Ok(()) => {
                if let Some(keep) = &mut self.keep {
                    keep.handle_remote(update);
                    keep.tidy(board);
                }
                self.events.push_back(Event::Board);
                true
            }
            // Something went missing on the way, or was damaged: a new sync brings it.
            Err(ReplicaError::Missing | ReplicaError::Malformed(_) | ReplicaError::Broken(_)) => {
                // Of what was put off until the connection had ended, nothing is heard any more.
                if self.me.is_some() {
                    self.retry(now, CloseCode::GoingAway, None);
                }
                false
            }
        }
    }

    /// Somebody came, or somebody who is there has another name and shows what the patch says.
    fn add_member(&mut self, now: Time, member: Member) {
        let Member { id, identity, presence } = member;
        let seen = self.members.entry(id).or_insert_with(|| SeenMember {
            identity: identity.clone(),
            presence: Presence::default(),
            seen_at: now,
        });
        seen.identity = identity;
        seen.presence.apply(presence);
        self.events.push_back(Event::Members);
        self.show(now);
    }
}
