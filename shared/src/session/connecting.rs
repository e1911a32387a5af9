//! How a session gets a connection, notices that it is dead, and waits for the next one.

use super::state::State;
use super::{Event, GOOD_AFTER, OPEN_TIMEOUT, Session, WELCOME_DOUBLINGS_MAX, WELCOME_TIMEOUT};
use crate::board::Board;
use crate::limits::{ANSWER_MAX, PING_EVERY};
use crate::protocol::{ClientMessage, CloseCode, Hello};
use crate::time::Time;

impl Session {
    /// Connects now, also out of a wait: at the start, when the browser says that it is online, or
    /// when the tab is looked at again. While connected, asks whether the line is still alive: it may
    /// have been another network's. While a kept board is being loaded it waits for the end of that.
    pub fn connect(&mut self, now: Time) {
        if self.put_off_connecting(true) {
            return;
        }
        match self.state {
            State::Offline | State::Waiting { .. } => {
                self.enter(State::Opening { until: now + OPEN_TIMEOUT });
                self.events.push_back(Event::Open);
            }
            State::Live { heard_at, ping, .. } => {
                // One that is unanswered is being waited for already.
                if ping.is_none_or(|(_, at)| heard_at >= at) {
                    self.ping(now);
                }
            }
            State::Opening { .. } | State::Syncing { .. } => {}
        }
    }

    /// Stops for good, or until [`Session::connect`].
    pub fn disconnect(&mut self) {
        self.put_off_connecting(false);
        self.hang_up(CloseCode::Normal);
        self.enter(State::Offline);
    }

    /// The socket is open.
    pub fn handle_open(&mut self, now: Time, board: &Board) {
        if !matches!(self.state, State::Opening { .. }) {
            return;
        }
        let author = self.client.unwrap_or(board.author());
        self.transmit(&ClientMessage::Hello(Hello {
            token: self.token.clone(),
            ticket: self.ticket.clone(),
            incarnation: self.incarnation,
            last_seq: self.seq,
            ..Hello::new(self.identity.clone(), author, board.state_vector())
        }));
        let n_doublings = self.n_unwelcomed.min(WELCOME_DOUBLINGS_MAX);
        self.enter(State::Syncing { until: now + WELCOME_TIMEOUT * (1 << n_doublings) });
    }

    /// The socket closed or could not be opened.
    pub fn handle_close(&mut self, now: Time, code: u16, reason: &str) {
        match self.state {
            State::Offline | State::Waiting { .. } => {}
            State::Opening { .. } | State::Syncing { .. } | State::Live { .. } => {
                if CloseCode::is_final(code) {
                    return self.stop(code, reason.into());
                }
                self.wait(now, Some(code));
            }
        }
    }

    /// The time that [`Session::poll_timeout`] named has come; earlier calls do no harm.
    pub fn handle_timeout(&mut self, now: Time) {
        match self.state {
            State::Waiting { until } if now >= until => self.connect(now),
            State::Opening { until } if now >= until => {
                self.retry(now, CloseCode::GoingAway, None);
            }
            State::Syncing { until } if now >= until => {
                self.n_unwelcomed += 1;
                self.retry(now, CloseCode::GoingAway, None);
            }
            State::Live { heard_at, ping: Some((_, at)), .. }
                if heard_at < at && now.since(at) >= ANSWER_MAX =>
            {
                self.retry(now, CloseCode::GoingAway, None);
            }
            State::Live { ping, heard_at, since } => {
                let last = ping.map_or(since, |(_, at)| at);
                // While one ping is unanswered the next one waits: the wait counts from the first.
                let is_answered = ping.is_none_or(|(_, at)| heard_at >= at);
                if is_answered && now.since(last) >= PING_EVERY {
                    self.ping(now);
                }
                self.show(now);
            }
            State::Offline
            | State::Waiting { .. }
            | State::Opening { .. }
            | State::Syncing { .. } => {}
        }
    }

    /// Asks whether the line is alive.
    fn ping(&mut self, now: Time) {
        let State::Live { ping, .. } = &mut self.state else { return };
        let number = ping.map_or(0, |(number, _)| number) + 1;
        *ping = Some((number, now));
        self.transmit(&ClientMessage::Ping(number));
    }

    pub(super) fn enter(&mut self, state: State) {
        let before = self.connection();
        self.state = state;
        if self.connection() != before {
            self.events.push_back(Event::Connection(self.connection()));
        }
    }

    pub(super) fn hang_up(&mut self, code: CloseCode) {
        self.outbox.clear();
        self.events.push_back(Event::Close(code));
        self.leave();
    }

    pub(super) fn retry(&mut self, now: Time, code: CloseCode, server_code: Option<u16>) {
        self.hang_up(code);
        self.wait(now, server_code);
    }

    fn wait(&mut self, now: Time, code: Option<u16>) {
        if let State::Live { since, .. } = self.state
            && now.since(since) >= GOOD_AFTER
        {
            self.backoff.reset();
        }
        self.leave();
        let until = now + self.backoff.next_delay(code);
        self.enter(State::Waiting { until });
    }

    pub(super) fn stop(&mut self, code: u16, why: String) {
        let is_stranded = code == CloseCode::Refused as u16 && self.has_kept_work();
        self.hang_up(CloseCode::Normal);
        self.enter(State::Offline);
        self.events.push_back(if code == CloseCode::Version as u16 {
            Event::Outdated
        } else if is_stranded {
            Event::Stranded(why)
        } else {
            Event::Refused(why)
        });
    }
}
