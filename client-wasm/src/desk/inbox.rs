//! What came over the socket, in its order, until there is time for it: thousands of messages in a moment
//! must neither keep a frame from being painted nor a hand from being heard.

use std::collections::VecDeque;

use super::{Desk, Handle};
use crate::browser::document;
use crate::clock;
use crate::socket::Heard;

/// Milliseconds of a frame that go into what came. More waits for the next frame.
const BUDGET_MS: f64 = 6.0;
/// So many messages that wait take a millisecond more: what is old must not get older and older.
const WAITING_PER_MS: f64 = 400.0;
/// But no more than this.
const BUDGET_MAX_MS: f64 = 12.0;

/// After so many milliseconds it is not waited for a frame any more: a page that is not seen may get none.
const STALE_MS: f64 = 100.0;

/// Whoever took longer in a frame, over a single large thing, leaves painting to the next one.
const LONG_MS: f64 = 20.0;

/// What is waiting.
#[derive(Default)]
pub(super) struct Inbox {
    /// With the number of the socket that it came over.
    waiting: VecDeque<(u64, Heard)>,
    /// What this frame has spent already, in milliseconds.
    spent_ms: f64,
    /// When that began.
    began_ms: f64,
    /// Whether the frame before was left to what came.
    had_frame: bool,
}

impl Inbox {
    /// Whether a frame is needed to go on.
    pub(super) fn is_waiting(&self) -> bool {
        !self.waiting.is_empty()
    }

    /// Whether this frame has been long enough without painting; never two in a row.
    pub(super) fn has_frame(&mut self) -> bool {
        self.had_frame = !self.had_frame && self.spent_ms > LONG_MS;
        self.had_frame
    }

    /// A frame begins.
    pub(super) fn begin_frame(&mut self, now_ms: f64) {
        (self.spent_ms, self.began_ms) = (0.0, now_ms);
    }

    /// Where no frames come, one begins without them. Whether it did.
    fn has_waited(&mut self, now_ms: f64) -> bool {
        let is_stale = now_ms - self.began_ms >= STALE_MS;
        if is_stale {
            self.begin_frame(now_ms);
        }
        is_stale
    }
}

impl Handle {
    /// A socket reports something. What a frame is going to be painted for anyway waits for that: if the desk settled
    /// after each of thousands, nothing else would get its turn between them.
    pub(super) fn hear(&self, socket: u64, heard: Heard) {
        let began = clock::exact_ms();
        let mut spent_ms = 0.0;
        if let Ok(mut desk) = self.desk.try_borrow_mut() {
            if !desk.inbox.has_waited(began) && desk.is_frame_coming() {
                return desk.inbox.waiting.push_back((socket, heard));
            }
            spent_ms = desk.inbox.spent_ms;
        }
        self.with(move |desk| {
            desk.inbox.waiting.push_back((socket, heard));
            desk.take_in();
        });
        if let Ok(mut desk) = self.desk.try_borrow_mut() {
            // With all that the desk did about it.
            desk.inbox.spent_ms = spent_ms + clock::exact_ms() - began;
        }
    }
}

impl Desk {
    /// Whether a frame takes in what comes. Nobody waits for one until the board is here.
    fn is_frame_coming(&self) -> bool {
        let is_asked_for = self.has_been_live && self.painting.is_requested();
        self.inbox.is_waiting() || (is_asked_for && !document().hidden())
    }

    /// Takes in what came, as far as the frame's time allows; all of it if nobody looks.
    pub(super) fn take_in(&mut self) {
        let began = clock::exact_ms();
        self.inbox.has_waited(began);
        let spent_before = self.inbox.spent_ms;
        let is_hidden = document().hidden();
        let budget = BUDGET_MS + self.inbox.waiting.len() as f64 / WAITING_PER_MS;
        while is_hidden || self.inbox.spent_ms < budget.min(BUDGET_MAX_MS) {
            let Some((socket, heard)) = self.inbox.waiting.pop_front() else { break };
            if socket == self.n_sockets {
                self.hear(heard);
            }
            self.inbox.spent_ms = spent_before + clock::exact_ms() - began;
        }
    }
}
