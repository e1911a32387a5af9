//! The half of a connection that writes: empties the outbox into the socket, and pings.

use axum::extract::ws::{CloseFrame, Message};
use bytes::Bytes;
use futures_util::{Sink, SinkExt};
use shared::limits::{PING_EVERY, SILENCE_MAX};
use shared::protocol::{CloseCode, ErrorReport, ServerMessage};
use tokio::time::{MissedTickBehavior, interval, timeout};

use crate::outbox::{Batch, Ending, Outbox};

/// Longest reason that fits into a close frame, in bytes.
const REASON_MAX_BYTES: usize = 123;

/// Writes until the outbox ends, or the peer takes nothing any more.
pub(super) async fn speak(mut sink: impl Sink<Message> + Unpin, outbox: Outbox) {
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
            Some(batch) => timeout(SILENCE_MAX, write(&mut sink, batch)).await,
            None => timeout(SILENCE_MAX, sink.send(Message::Ping(Bytes::new()))).await,
        };
        if is_last || !matches!(written, Ok(Ok(()))) {
            return;
        }
    }
}

async fn write<S: Sink<Message> + Unpin>(sink: &mut S, batch: Batch) -> Result<(), S::Error> {
    for frame in batch.frames {
        sink.feed(Message::Binary(frame)).await?;
    }
    if let Some(Ending { code, text }) = batch.ending {
        if code != CloseCode::Normal {
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
