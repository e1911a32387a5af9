//! The half of a connection that writes: empties the outbox into the socket, and pings.

use std::time::Duration;

use axum::extract::ws::{CloseFrame, Message};
use bytes::Bytes;
use futures_util::{Sink, SinkExt};
use shared::limits::PING_EVERY;
use shared::protocol::{CloseCode, ErrorReport, ServerMessage};
use tokio::time::{MissedTickBehavior, interval, timeout};

use crate::limits::{CLOSE_GRACE, SLOWEST_READER_BYTES};
use crate::metrics::Metrics;
use crate::outbox::{Batch, Ending, Outbox};
use crate::room::Dialect;

/// Longest reason that fits into a close frame, in bytes.
const REASON_MAX_BYTES: usize = 123;

/// Writes until the outbox ends, or the peer takes nothing any more for `stalled_max`.
pub(super) async fn speak(
    mut sink: impl Sink<Message> + Unpin,
    outbox: Outbox,
    dialect: Dialect,
    stalled_max: Duration,
    metrics: Metrics,
) {
    let mut pings = interval(PING_EVERY);
    pings.set_missed_tick_behavior(MissedTickBehavior::Delay);
    // The first tick comes at once, and a connection that has just opened needs no ping.
    pings.reset();
    loop {
        let batch = tokio::select! {
            batch = outbox.next() => Some(batch),
            _ = pings.tick() => None,
        };
        let is_last = batch.as_ref().is_some_and(|batch| batch.ending.is_some());
        let written = match batch {
            Some(batch) => {
                let n_bytes = batch.n_bytes();
                metrics.sent(n_bytes);
                if let Some(refusal) = batch.ending.as_ref().and_then(|ending| ending.refusal) {
                    metrics.refused(refusal);
                }
                let patience = stalled_max + at_slowest(n_bytes);
                timeout(patience, write(&mut sink, batch, dialect)).await
            }
            None => timeout(stalled_max, sink.send(Message::Ping(Bytes::new()))).await,
        };
        match written {
            Ok(Ok(())) if is_last => return,
            Ok(Ok(())) => {}
            Ok(Err(_)) => return,
            Err(_) => {
                metrics.stalled();
                let ending = Ending::new(CloseCode::TryLater, "nothing that was sent is read");
                outbox.close(ending.clone());
                // It arrives if the peer wakes up right now.
                let last = Batch { frames: Vec::new(), ending: Some(ending) };
                timeout(CLOSE_GRACE, write(&mut sink, last, dialect)).await.ok();
                return;
            }
        }
    }
}

/// How long the slowest reader takes.
fn at_slowest(n_bytes: usize) -> Duration {
    Duration::from_secs((n_bytes / SLOWEST_READER_BYTES) as u64)
}

async fn write<S: Sink<Message> + Unpin>(
    sink: &mut S,
    batch: Batch,
    dialect: Dialect,
) -> Result<(), S::Error> {
    for frame in batch.frames {
        sink.feed(Message::Binary(frame)).await?;
    }
    if let Some(Ending { code, text, refusal: _ }) = batch.ending {
        // The Yjs protocol has no message for it.
        if code != CloseCode::Normal && dialect == Dialect::Native {
            let report = ErrorReport { code: code as u16, text: text.clone() };
            let frame = ServerMessage::Error(report).encode();
            sink.feed(Message::Binary(frame.into())).await?;
        }
        let reason = &text[..text.floor_char_boundary(REASON_MAX_BYTES)];
        let close = CloseFrame { code: code as u16, reason: reason.into() };
        sink.feed(Message::Close(Some(close))).await?;
    }
    sink.flush().await
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use futures_util::sink;
    use tokio::sync::Semaphore;
    use tokio::time::{Instant, sleep};

    use super::*;
    use crate::room::Lane;

    #[tokio::test(start_paused = true)]
    async fn a_peer_that_takes_nothing_is_told_so_when_it_wakes() {
        let stalled_max = Duration::from_secs(20);
        let (gate, taken) = (Arc::new(Semaphore::new(0)), Arc::new(Mutex::new(Vec::new())));
        let peer = sink::unfold((), |(), message: Message| {
            let (gate, taken) = (Arc::clone(&gate), Arc::clone(&taken));
            async move {
                gate.acquire().await.unwrap().forget();
                taken.lock().unwrap().push(message);
                Ok::<_, axum::Error>(())
            }
        });
        let outbox = Outbox::new(1000);
        outbox.push(Lane::Answer, Bytes::from_static(b"ack"));
        let metrics = Metrics::default();
        let start = Instant::now();
        let waking = async {
            sleep(stalled_max + CLOSE_GRACE / 2).await;
            gate.add_permits(10);
        };
        tokio::join!(
            speak(Box::pin(peer), outbox.clone(), Dialect::Native, stalled_max, metrics.clone()),
            waking
        );
        assert!(start.elapsed() < stalled_max + CLOSE_GRACE);
        assert!(metrics.encode().unwrap().contains("tandem_stalled_connections_total 1\n"));
        let taken = taken.lock().unwrap();
        match &taken[..] {
            [Message::Binary(_), Message::Binary(_), Message::Close(Some(frame))] => {
                assert_eq!(frame.code, CloseCode::TryLater as u16);
            }
            other => panic!("expected the frame, the reason and the end, not {other:?}"),
        }
    }
}
