//! A wait until nothing has changed for a while.

use std::time::Duration;

use gloo_timers::callback::Timeout;
use shared::time::Time;

use super::{Desk, Handle};
use crate::clock;

/// What is done at the desk when nothing has changed for so long.
pub(super) struct Rest {
    length: Duration,
    /// Which of the desk's rests this is.
    of: fn(&mut Desk) -> &mut Self,
    then: fn(&mut Desk, &Handle),
    timer: Option<Timeout>,
    /// When something changed last.
    woken_at: Time,
}

impl Rest {
    /// Nothing has changed yet, so nothing is waited for.
    pub(super) fn new(
        length: Duration,
        of: fn(&mut Desk) -> &mut Self,
        then: fn(&mut Desk, &Handle),
    ) -> Self {
        Self { length, of, then, timer: None, woken_at: Time::default() }
    }

    /// Something changed: the rest begins anew.
    pub(super) fn wake(&mut self, handle: &Handle) {
        self.woken_at = clock::now();
        // A timer for each change would cost as much as many of them.
        if self.timer.is_none() {
            self.wait(self.length, handle);
        }
    }

    fn wait(&mut self, rest: Duration, handle: &Handle) {
        let (handle, of) = (handle.clone(), self.of);
        self.timer = Some(Timeout::new(rest.as_millis() as u32, move || {
            let to = handle.clone();
            handle.with(move |desk| desk.end_rest(of, &to));
        }));
    }
}

impl Desk {
    fn end_rest(&mut self, of: fn(&mut Self) -> &mut Rest, handle: &Handle) {
        let rest = of(self);
        rest.timer = None;
        let rested = clock::now().since(rest.woken_at);
        if rested < rest.length {
            return rest.wait(rest.length - rested, handle);
        }
        (rest.then)(self, handle);
    }
}
