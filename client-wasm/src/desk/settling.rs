//! What drives the desk: what is due after each act, the parts of a large board that are still to be taken in,
//! and the one timer for what is due later.

use editor::Input;
use gloo_timers::callback::Timeout;
use shared::time::Time;

use super::{Desk, Handle};
use crate::browser::{document, soon};
use crate::{clock, remembered};

/// How often a gesture that lasts is looked after, in milliseconds.
const TICK_MS: u64 = 50;
/// How often people's idleness is looked at, in milliseconds.
const IDLE_CHECK_MS: u64 = 5_000;
/// How long the page may take over a large board in one go, but for the last step, in milliseconds.
const LOAD_MS: f64 = 8.0;

impl Desk {
    /// Sends, hears, and arranges for what is due later.
    pub(super) fn settle(&mut self, handle: &Handle) {
        self.exchange(handle);
        self.carry(handle);
        self.write(handle);
        self.use_clipboard(handle);
        self.use_export(handle);
        self.prepare_to_copy(handle);
        self.follow_board();
        self.tell_ready();
        if self.painting.wants_board || self.painting.wants_panels {
            self.overview.rest.wake(handle);
        }
        if self.painting.wants_board {
            self.poster_time.wake(handle);
        }
        self.painting.request(handle, self.inbox.is_waiting());
        self.load(handle);
        self.move_pictures(handle);
        self.place_text_field();
        self.show_unsaved();
        self.arrange_timer(handle);
    }

    /// Tells who waits for it that the board is here.
    fn tell_ready(&mut self) {
        if self.is_board_here() {
            for resolve in std::mem::take(&mut self.ready) {
                resolve.call0(&wasm_bindgen::JsValue::NULL).ok();
            }
        }
    }

    pub(super) fn follow_board(&mut self) {
        self.editor.follow(&mut self.board);
        let changes = self.editor.take_changes();
        if !changes.elements.is_empty() {
            self.painting.follow(&changes, self.session.is_glimpsing());
        }
    }

    /// Takes in the next part of a large board when everything else that is due was done, and what is seen
    /// of it at first sight was painted.
    fn load(&mut self, handle: &Handle) {
        let is_unseen = self.session.is_at_first_sight() && self.painting.is_behind();
        if !self.session.is_loading() || self.is_load_due || is_unseen {
            return;
        }
        let handle = handle.clone();
        self.is_load_due = true;
        soon(move || {
            handle.with(|desk| {
                desk.is_load_due = false;
                desk.load_some();
            });
        });
    }

    fn load_some(&mut self) {
        let began = clock::exact_ms();
        self.session.load_in_parts(self.editor.camera().view());
        let is_opening = self.session.is_opening();
        if is_opening {
            remembered::begin_opening(&self.room);
        }
        // Nobody waits for anything else where nobody looks.
        let ms = if document().hidden() { f64::INFINITY } else { LOAD_MS };
        self.load_until(began + ms);
        if is_opening {
            remembered::end_opening(&self.room);
        }
    }

    fn load_until(&mut self, end: f64) {
        while self.session.is_loading() && clock::exact_ms() < end {
            self.session.load_more(clock::now(), &mut self.board);
            if self.session.is_at_first_sight() {
                // All that is in view is there: not before is it painted.
                self.painting.wants_board = true;
                return;
            }
        }
    }

    fn arrange_timer(&mut self, handle: &Handle) {
        let now = clock::now();
        let mut due = now.0 + IDLE_CHECK_MS;
        let carriers = self.carrier.as_ref().and_then(|it| it.courier.session.poll_timeout());
        for Time(at) in [self.session.poll_timeout(), carriers].into_iter().flatten() {
            due = due.min(at);
        }
        if let Some(Time(at)) = self.gestures.poll_timeout() {
            due = due.min(at);
        }
        if self.editor.is_busy() {
            // A hand that moves brings along what is due; one that rests does not mind to wait for it.
            due = now.0 + TICK_MS;
        }
        // One that comes too early does no harm, and most of what happens makes things due later.
        if self.timer.as_ref().is_some_and(|(at, _)| *at <= due) {
            return;
        }
        let handle = handle.clone();
        // Replacing the timer cancels the one before.
        let delay = due.saturating_sub(now.0) as u32;
        let timer = Timeout::new(delay, move || {
            handle.with(|desk| {
                desk.timer = None;
                desk.handle_timeout();
            });
        });
        self.timer = Some((due, timer));
    }

    fn handle_timeout(&mut self) {
        let now = clock::now();
        // What came is heard before anybody is thought to be silent.
        self.take_in();
        self.session.handle_timeout(now);
        if let Some(carrier) = &mut self.carrier {
            carrier.courier.session.handle_timeout(now);
        }
        if self.gestures.handle_timeout(now) {
            self.painting.wants_board = true;
            self.painting.wants_overlay = true;
        }
        if self.editor.is_busy() {
            self.input(Input::Tick);
        }
        self.show_people();
    }
}
