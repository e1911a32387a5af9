//! The half of a connection that writes what the room could not write at once, and pings.

use std::time::Duration;

use shared::limits::PING_EVERY;
use shared::protocol::CloseCode;
use tokio::time::{Instant, MissedTickBehavior, interval_at, timeout, timeout_at};

use crate::limits::CLOSE_GRACE;
use crate::metrics::Metrics;
use crate::outbox::{Ending, Frame, Outbox, Written};
use crate::room::Lane;

/// Writes until the outbox ends, or the socket takes nothing any more for `stalled_max`.
pub(super) async fn speak(outbox: Outbox, stalled_max: Duration, metrics: Metrics) {
    let mut pings = interval_at(Instant::now() + PING_EVERY, PING_EVERY);
    pings.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        let Ok((written, n_bytes)) = outbox.try_write() else { return };
        metrics.sent(n_bytes);
        match written {
            Written::Ended => return outbox.shut_down(),
            Written::All => {
                tokio::select! {
                    () = outbox.changed() => {}
                    _ = pings.tick() => drop(outbox.push(Lane::Answer, Frame::ping())),
                }
            }
            Written::Blocked => {
                let since = outbox.blocked_since().unwrap_or_else(Instant::now);
                if timeout_at(since + stalled_max, outbox.writable()).await.is_err() {
                    metrics.stalled();
                    outbox.abandon(Ending::new(CloseCode::TryLater, "nothing is read"));
                    // It arrives if the peer wakes up right now.
                    timeout(CLOSE_GRACE, finish(&outbox)).await.ok();
                    return;
                }
            }
        }
    }
}

/// Writes what is left.
async fn finish(outbox: &Outbox) {
    while let Ok((Written::Blocked, _)) = outbox.try_write() {
        outbox.writable().await;
    }
}
