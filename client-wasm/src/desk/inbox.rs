//! What came over the socket, in its order, until there is time for it: thousands of messages in a moment
//! must neither keep a frame from being painted nor a hand from being heard.

use std::collections::VecDeque;

use super::Desk;
use crate::browser::document;
use crate::clock;
use crate::socket::Heard;

/// Milliseconds of a frame that go into what came. More waits for the next frame.
const BUDGET_MS: f64 = 6.0;
/// So many messages that wait take a millisecond more: what is old must not get older and older.
const WAITING_PER_MS: f64 = 400.0;
/// But no more than this.
const BUDGET_MAX_MS: f64 = 12.0;

/// Whoever took longer in a frame, over a single large thing, leaves painting to the next one.
const LONG_MS: f64 = 20.0;

/// What is waiting.
#[derive(Default)]
pub(super) struct Inbox {
    /// With the number of the socket that it came over.
    waiting: VecDeque<(u64, Heard)>,
    /// What this frame has spent already, in milliseconds.
    spent_ms: f64,
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
    pub(super) fn begin_frame(&mut self) {
        self.spent_ms = 0.0;
    }
}

impl Desk {
    /// A socket reports something.
    pub(super) fn handle_heard(&mut self, socket: u64, heard: Heard) {
        self.inbox.waiting.push_back((socket, heard));
        self.take_in();
    }

    /// Takes in what came, as far as the frame's time allows; all of it if nobody looks.
    pub(super) fn take_in(&mut self) {
        let began = clock::exact_ms();
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
