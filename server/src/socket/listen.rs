//! The half of a connection that reads: frames become messages, messages become letters to the room.

use axum::extract::ws::Message;
use bytes::Bytes;
use futures_util::{Stream, StreamExt};
use shared::id::RoomName;
use shared::limits::{FRAME_MAX_BYTES, SILENCE_MAX};
use shared::protocol::{ClientMessage, CloseCode};
use tokio::time::timeout;

use crate::app::App;
use crate::bucket::Bucket;
use crate::clock::Clock;
use crate::metrics::Refusal;
use crate::outbox::{Ending, Outbox};
use crate::room::{NoHello, read_hello};
use crate::rooms::Membership;

/// What a socket yields.
pub(super) type Item = Result<Message, axum::Error>;

/// Reads until there is a reason to end.
pub(super) async fn converse(
    stream: &mut (impl Stream<Item = Item> + Unpin),
    app: &App,
    room: &RoomName,
    outbox: &Outbox,
) -> Ending {
    let mut rate = Rate::new(app);
    let ending = match join(stream, app, &mut rate, room, outbox).await {
        Ok(membership) => relay(stream, app, &mut rate, &membership, outbox).await,
        Err(ending) => Err(ending),
    };
    ending.err().unwrap_or_else(|| Ending::new(CloseCode::Normal, ""))
}

/// How much a connection has said lately, control frames included.
struct Rate {
    clock: Clock,
    messages: Bucket,
    bytes: Bucket,
}

impl Rate {
    fn new(app: &App) -> Self {
        let clock = app.rooms.clock();
        let now = clock.now();
        Self {
            clock,
            messages: Bucket::new(app.limits.messages_per_second, now),
            bytes: Bucket::new(app.limits.bytes_per_second, now),
        }
    }

    fn count(&mut self, message: &Message) -> Result<(), Ending> {
        let now = self.clock.now();
        let n_bytes = match message {
            Message::Binary(bytes) | Message::Ping(bytes) | Message::Pong(bytes) => bytes.len(),
            Message::Text(text) => text.len(),
            Message::Close(_) => 0,
        };
        if !self.messages.take(1, now) {
            return Err(Ending::refused(Refusal::MessageRate, "too many messages; slow down"));
        }
        // A frame that is too large has a code of its own.
        if n_bytes <= FRAME_MAX_BYTES && !self.bytes.take(n_bytes, now) {
            return Err(Ending::refused(Refusal::ByteRate, "too many bytes; slow down"));
        }
        Ok(())
    }
}

async fn join(
    stream: &mut (impl Stream<Item = Item> + Unpin),
    app: &App,
    rate: &mut Rate,
    room: &RoomName,
    outbox: &Outbox,
) -> Result<Membership, Ending> {
    let frame = timeout(app.limits.hello_timeout, next_frame(stream, rate)).await;
    let frame = frame.map_err(|_| Ending::refused(Refusal::HelloTimeout, "no hello in time"))??;
    let hello =
        read_hello(&frame).map_err(|NoHello { refusal, text }| Ending::refused(refusal, text))?;
    app.metrics.received(frame.len());
    let joining = app
        .rooms
        .open(room)
        .map_err(|error| Ending::new(CloseCode::TryLater, error.to_string()))?
        .join(app.rooms.next_conn(), hello, outbox.clone());
    joining.await.map_err(|closed| Ending::new(CloseCode::TryLater, closed.to_string()))
}

async fn relay(
    stream: &mut (impl Stream<Item = Item> + Unpin),
    app: &App,
    rate: &mut Rate,
    membership: &Membership,
    outbox: &Outbox,
) -> Result<(), Ending> {
    let lost = || Ending::new(CloseCode::Internal, "the room has ended; come again");
    loop {
        let frame = tokio::select! {
            frame = next_frame(stream, rate) => frame?,
            () = membership.closed() => return Err(lost()),
            () = outbox.drained() => {
                membership.drained().await.map_err(|_| lost())?;
                continue;
            }
        };
        app.metrics.received(frame.len());
        let message = ClientMessage::decode(&frame)
            .map_err(|error| Ending::refused(Refusal::Hostile, error.to_string()))?;
        membership.send(message).await.map_err(|_| lost())?;
    }
}

/// The next binary frame within the limits. Whatever else arrives shows that the peer lives.
async fn next_frame(
    stream: &mut (impl Stream<Item = Item> + Unpin),
    rate: &mut Rate,
) -> Result<Bytes, Ending> {
    loop {
        let item = timeout(SILENCE_MAX, stream.next()).await;
        let item = item.map_err(|_| Ending::new(CloseCode::GoingAway, "nothing was heard"))?;
        if let Some(Ok(message)) = &item {
            rate.count(message)?;
        }
        match item {
            Some(Ok(Message::Binary(frame))) if frame.len() <= FRAME_MAX_BYTES => return Ok(frame),
            Some(Ok(Message::Binary(frame))) => return Err(too_big(frame.len())),
            Some(Ok(Message::Text(_))) => {
                return Err(Ending::refused(Refusal::Policy, "messages are binary frames"));
            }
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
            Some(Ok(Message::Close(_))) | None => return Err(Ending::new(CloseCode::Normal, "")),
            Some(Err(error)) => return Err(broken(&error)),
        }
    }
}

fn too_big(n_bytes: usize) -> Ending {
    let text = format!("a frame of {n_bytes} bytes is larger than {FRAME_MAX_BYTES}");
    Ending::refused(Refusal::FrameSize, text)
}

/// The stream ends after an error, and only its text tells which one it was.
fn broken(error: &axum::Error) -> Ending {
    let text = error.to_string();
    if text.starts_with("IO error") || text.ends_with("without closing handshake") {
        // A page that is closed, a line that is cut: nothing was refused.
        return Ending::new(CloseCode::GoingAway, text);
    }
    let is_too_big = text.starts_with("Space limit exceeded");
    Ending::refused(if is_too_big { Refusal::FrameSize } else { Refusal::Broken }, text)
}

#[cfg(test)]
mod tests {
    use futures_util::stream;
    use shared::color::Color;
    use shared::id::{ClientId, Seq};
    use shared::limits::{PING_EVERY, PROTOCOL_VERSION};
    use shared::protocol::{Hello, Identity};
    use tokio::time::{Duration, Instant, sleep};

    use super::*;
    use crate::limits::Limits;
    use crate::store::Store;

    fn hello() -> Message {
        let hello = Hello {
            version: PROTOCOL_VERSION,
            token: None,
            identity: Identity::new("Ann", Color::INK),
            client: ClientId::new(1).unwrap(),
            ticket: None,
            incarnation: None,
            last_seq: Seq(0),
            state_vector: vec![0],
        };
        Message::Binary(ClientMessage::Hello(hello).encode().into())
    }

    /// How it ends with a peer that says the first at once, if anything, and then the other so many
    /// times before it falls silent; and when.
    async fn ending(first: Option<Message>, then: Message, n_times: usize) -> (Ending, Duration) {
        let data = tempfile::tempdir().unwrap();
        let app = App::new(Store::open(data.path()).unwrap(), Limits::default());
        let later = stream::unfold(then, |message| async {
            sleep(PING_EVERY).await;
            Some((message.clone(), message))
        });
        let said = stream::iter(first).chain(later.take(n_times)).map(Ok).chain(stream::pending());
        let (room, outbox) = (RoomName::parse("r").unwrap(), Outbox::new(1000));
        let start = Instant::now();
        let ending = converse(&mut Box::pin(said), &app, &room, &outbox).await;
        (ending, start.elapsed())
    }

    /// Checks that a member who says `then` every [`PING_EVERY`] stays for as long as it does so.
    async fn check_heard(then: Message, n_times: usize) {
        let (ending, after) = ending(Some(hello()), then, n_times).await;
        assert_eq!(ending.code, CloseCode::GoingAway);
        assert_eq!(ending.refusal, None, "nothing was refused");
        let expected = PING_EVERY * n_times as u32 + SILENCE_MAX;
        let late = after.checked_sub(expected).unwrap_or_else(|| panic!("{after:?} is too soon"));
        assert!(late < Duration::from_secs(1), "{after:?} instead of {expected:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn a_member_is_dead_when_nothing_was_heard_for_long() {
        check_heard(Message::Pong(Bytes::new()), 0).await;
    }

    #[tokio::test(start_paused = true)]
    async fn a_member_lives_as_long_as_anything_is_heard() {
        check_heard(Message::Pong(Bytes::new()), 100).await;
        check_heard(Message::Ping(Bytes::new()), 100).await;
        check_heard(Message::Binary(ClientMessage::Ping(1).encode().into()), 100).await;
    }

    #[tokio::test(start_paused = true)]
    async fn pings_are_no_hello() {
        let (ending, after) = ending(None, Message::Ping(Bytes::new()), 100).await;
        assert_eq!(ending.refusal, Some(Refusal::HelloTimeout));
        assert!(after <= Limits::default().hello_timeout + Duration::from_secs(1), "{after:?}");
    }
}
