//! The half of a connection that reads: frames become messages, messages become letters to the room.

use axum::extract::ws::Message;
use bytes::Bytes;
use futures_util::{Stream, StreamExt};
use shared::id::RoomName;
use shared::limits::{FRAME_MAX_BYTES, HELLO_TIMEOUT, SILENCE_MAX};
use shared::protocol::{ClientMessage, CloseCode};
use tokio::time::timeout;

use crate::app::App;
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
    let ending = match join(stream, app, room, outbox).await {
        Ok(membership) => relay(stream, app, &membership, outbox).await,
        Err(ending) => Err(ending),
    };
    let ending = ending.err().unwrap_or_else(|| Ending::new(CloseCode::Normal, ""));
    if let Some(reason) = Refusal::of(ending.code) {
        app.metrics.refused(reason);
    }
    ending
}

async fn join(
    stream: &mut (impl Stream<Item = Item> + Unpin),
    app: &App,
    room: &RoomName,
    outbox: &Outbox,
) -> Result<Membership, Ending> {
    let frame = timeout(HELLO_TIMEOUT, next_frame(stream)).await;
    let frame = frame.map_err(|_| Ending::new(CloseCode::NoHello, "no hello in time"))??;
    let hello = read_hello(&frame).map_err(|NoHello { code, text }| Ending { code, text })?;
    app.metrics.received(frame.len());
    let joining = app.rooms.open(room).join(app.rooms.next_conn(), hello, outbox.clone());
    joining.await.map_err(|closed| Ending::new(CloseCode::TryLater, closed.to_string()))
}

async fn relay(
    stream: &mut (impl Stream<Item = Item> + Unpin),
    app: &App,
    membership: &Membership,
    outbox: &Outbox,
) -> Result<(), Ending> {
    let lost = || Ending::new(CloseCode::Internal, "the room has ended; come again");
    loop {
        let frame = tokio::select! {
            frame = next_frame(stream) => frame?,
            () = membership.closed() => return Err(lost()),
            () = outbox.drained() => {
                membership.drained().await.map_err(|_| lost())?;
                continue;
            }
        };
        app.metrics.received(frame.len());
        let message = ClientMessage::decode(&frame)
            .map_err(|error| Ending::new(CloseCode::Refused, error.to_string()))?;
        membership.send(message).await.map_err(|_| lost())?;
    }
}

/// The next binary frame within the limits. Whatever else arrives shows that the peer lives.
async fn next_frame(stream: &mut (impl Stream<Item = Item> + Unpin)) -> Result<Bytes, Ending> {
    loop {
        let item = timeout(SILENCE_MAX, stream.next()).await;
        let item = item.map_err(|_| Ending::new(CloseCode::GoingAway, "nothing was heard"))?;
        match item {
            Some(Ok(Message::Binary(frame))) if frame.len() <= FRAME_MAX_BYTES => return Ok(frame),
            Some(Ok(Message::Binary(frame))) => return Err(too_big(frame.len())),
            Some(Ok(Message::Text(_))) => {
                return Err(Ending::new(CloseCode::Policy, "messages are binary frames"));
            }
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
            Some(Ok(Message::Close(_))) | None => return Err(Ending::new(CloseCode::Normal, "")),
            Some(Err(error)) => return Err(broken(&error)),
        }
    }
}

fn too_big(n_bytes: usize) -> Ending {
    let text = format!("a frame of {n_bytes} bytes is larger than {FRAME_MAX_BYTES}");
    Ending::new(CloseCode::TooBig, text)
}

/// The stream ends after an error, and only its text tells which one it was.
fn broken(error: &axum::Error) -> Ending {
    let text = error.to_string();
    let is_too_big = text.starts_with("Space limit exceeded");
    Ending { code: if is_too_big { CloseCode::TooBig } else { CloseCode::Policy }, text }
}
