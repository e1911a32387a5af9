//! How much a connection may say.

use crate::app::App;
use crate::bucket::Bucket;
use crate::clock::Clock;
use crate::metrics::Refusal;
use crate::outbox::Ending;

/// How much may come.
pub(super) struct Rate {
    clock: Clock,
    messages: Bucket,
    bytes: Bucket,
}

impl Rate {
    /// As much as the limits say.
    pub(super) fn new(app: &App) -> Self {
        let clock = app.rooms.clock();
        Self {
            clock,
            messages: Bucket::new(app.limits.messages_per_second, clock.now()),
            bytes: Bucket::new(app.limits.bytes_per_second, clock.now()),
        }
    }

    /// Whether a message of so many bytes could ever be counted: one that is not whole yet is refused
    /// as soon as it cannot.
    pub(super) fn has_room_for(&self, n_bytes: usize) -> bool {
        self.bytes.holds(n_bytes)
    }

    /// Counts a message.
    pub(super) fn count(&mut self, n_bytes: usize) -> Result<(), Ending> {
        let now = self.clock.now();
        if !self.messages.take(1, now) {
            return Err(Ending::refused(Refusal::MessageRate, "too many messages; slow down"));
        }
        if !self.bytes.take(n_bytes, now) {
            return Err(Ending::refused(Refusal::ByteRate, "too many bytes; slow down"));
        }
        Ok(())
    }
}
