//! What a socket yields, within the limits: binary frames, and how fast they may come.

use axum::extract::ws::Message;
use bytes::Bytes;
use futures_util::{Stream, StreamExt};
use shared::limits::{FRAME_MAX_BYTES, SILENCE_MAX};
use shared::protocol::CloseCode;
use tokio::time::timeout;

use crate::app::App;
use crate::bucket::Bucket;
use crate::clock::Clock;
use crate::metrics::{Metrics, Refusal};
use crate::outbox::Ending;

/// What a socket yields.
pub(super) type Item = Result<Message, axum::Error>;

/// A socket's frames.
pub(super) struct Frames<S> {
    stream: S,
    clock: Clock,
    metrics: Metrics,
    rate: Rate,
    /// For what a Yjs client only repeats of others: it is not its own fault.
    repeats: Rate,
}

/// How much may come.
struct Rate {
    messages: Bucket,
    bytes: Bucket,
}

impl<S: Stream<Item = Item> + Unpin> Frames<S> {
    pub(super) fn new(stream: S, app: &App) -> Self {
        let clock = app.rooms.clock();
        let rate = || Rate {
            messages: Bucket::new(app.limits.messages_per_second, clock.now()),
            bytes: Bucket::new(app.limits.bytes_per_second, clock.now()),
        };
        let metrics = app.metrics.clone();
        Self { stream, clock, metrics, rate: rate(), repeats: rate() }
    }

    /// The next binary frame, to be counted by the caller. Whatever else arrives is counted here, and
    /// shows that the peer lives.
    pub(super) async fn next(&mut self) -> Result<Bytes, Ending> {
        loop {
            let item = timeout(SILENCE_MAX, self.stream.next()).await;
            let item = item.map_err(|_| Ending::new(CloseCode::GoingAway, "nothing was heard"))?;
            match item {
                Some(Ok(Message::Binary(frame))) if frame.len() <= FRAME_MAX_BYTES => {
                    self.metrics.received(frame.len());
                    return Ok(frame);
                }
                Some(Ok(Message::Binary(frame))) => return Err(too_big(frame.len())),
                Some(Ok(Message::Text(_))) => {
                    return Err(Ending::refused(Refusal::Policy, "messages are binary frames"));
                }
                Some(Ok(Message::Ping(bytes) | Message::Pong(bytes))) => self.count(bytes.len())?,
                Some(Ok(Message::Close(_))) | None => {
                    return Err(Ending::new(CloseCode::Normal, ""));
                }
                Some(Err(error)) => return Err(broken(&error)),
            }
        }
    }

    /// Counts a message of the peer's own.
    pub(super) fn count(&mut self, n_bytes: usize) -> Result<(), Ending> {
        self.rate.count(n_bytes, self.clock)
    }

    /// Counts a message that only repeats others.
    pub(super) fn count_repeat(&mut self, n_bytes: usize) -> Result<(), Ending> {
        self.repeats.count(n_bytes, self.clock)
    }
}

impl Rate {
    fn count(&mut self, n_bytes: usize, clock: Clock) -> Result<(), Ending> {
        let now = clock.now();
        if !self.messages.take(1, now) {
            return Err(Ending::refused(Refusal::MessageRate, "too many messages; slow down"));
        }
        if !self.bytes.take(n_bytes, now) {
            return Err(Ending::refused(Refusal::ByteRate, "too many bytes; slow down"));
        }
        Ok(())
    }
}

fn too_big(n_bytes: usize) -> Ending {
    let text = format!("a frame of {n_bytes} bytes is larger than {FRAME_MAX_BYTES}");
    Ending::refused(Refusal::FrameSize, text)
}

/// The stream ends after an error, and only its text tells which one it was.
fn broken(error: &axum::Error) -> Ending {
    let text = error.to_string();
    let is_too_big = text.starts_with("Space limit exceeded");
    Ending::refused(if is_too_big { Refusal::FrameSize } else { Refusal::Policy }, text)
}
