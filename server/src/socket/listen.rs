//! The half of a connection that reads: frames become messages, messages become letters to the room.

use std::sync::{Arc, OnceLock};

use futures_util::Stream;
use shared::id::{ClientId, RoomName};
use shared::protocol::{ClientMessage, CloseCode};
use tokio::time::{Instant, timeout_at};

use super::frames::{Frames, Item};
use crate::app::App;
use crate::metrics::Refusal;
use crate::outbox::{Ending, Outbox};
use crate::room::{Dialect, NoHello, read_hello};
use crate::rooms::{RoomClosed, RoomHandle};
use crate::yjs::{self, YjsMessage};

/// Reads until there is a reason to end.
pub(super) async fn converse(
    stream: impl Stream<Item = Item> + Unpin,
    app: &App,
    room: &RoomName,
    dialect: Dialect,
    outbox: &Outbox,
) -> Ending {
    let frames = Frames::new(stream, app);
    let ended = match dialect {
        Dialect::Native => native(frames, app, room, outbox).await,
        Dialect::Yjs => yjs(frames, app, room, outbox).await,
    };
    ended.err().unwrap_or_else(|| Ending::new(CloseCode::Normal, ""))
}

async fn native(
    mut frames: Frames<impl Stream<Item = Item> + Unpin>,
    app: &App,
    room: &RoomName,
    outbox: &Outbox,
) -> Result<(), Ending> {
    let deadline = Instant::now() + app.limits.hello_timeout;
    let frame = timeout_at(deadline, frames.next()).await.map_err(|_| no_hello())??;
    frames.count(frame.len())?;
    let hello =
        read_hello(&frame).map_err(|NoHello { refusal, text }| Ending::refused(refusal, text))?;
    let handle = open(app, room)?;
    let membership = handle.join(app.rooms.next_conn(), hello, outbox.clone()).await;
    let membership = membership.map_err(unreachable)?;
    loop {
        let frame = tokio::select! {
            frame = frames.next() => frame?,
            () = membership.closed() => return Err(lost()),
            () = outbox.drained() => {
                membership.drained().await.map_err(|_| lost())?;
                continue;
            }
        };
        frames.count(frame.len())?;
        let message = ClientMessage::decode(&frame)
            .map_err(|error| Ending::refused(Refusal::Hostile, error.to_string()))?;
        membership.send(message).await.map_err(|_| lost())?;
    }
}

async fn yjs(
    mut frames: Frames<impl Stream<Item = Item> + Unpin>,
    app: &App,
    room: &RoomName,
    outbox: &Outbox,
) -> Result<(), Ending> {
    let mut deadline = Some(Instant::now() + app.limits.hello_timeout);
    let own = Arc::new(OnceLock::new());
    let handle = open(app, room)?;
    let joining = handle.join_yjs(app.rooms.next_conn(), outbox.clone(), Arc::clone(&own));
    let membership = joining.await.map_err(unreachable)?;
    loop {
        let frame = tokio::select! {
            frame = frames.next() => frame?,
            () = membership.closed() => return Err(lost()),
            () = outbox.drained() => {
                membership.drained().await.map_err(|_| lost())?;
                continue;
            }
            () = until(deadline) => return Err(no_hello()),
        };
        deadline = None;
        let n_bytes = frame.len();
        let messages = yjs::decode(frame)
            .map_err(|error| Ending::refused(Refusal::Hostile, error.to_string()))?;
        let messages: Vec<_> =
            messages.into_iter().filter_map(|it| without_others(it, own.get())).collect();
        match messages.is_empty() {
            true => frames.count_repeat(n_bytes)?,
            false => frames.count(n_bytes)?,
        }
        for message in messages {
            membership.send_yjs(message).await.map_err(|_| lost())?;
        }
    }
}

/// A Yjs client repeats whatever it hears of others; only what it says of itself is of interest.
fn without_others(message: YjsMessage, own: Option<&ClientId>) -> Option<YjsMessage> {
    match (message, own) {
        (YjsMessage::Awareness(mut entries), Some(own)) => {
            entries.retain(|entry| entry.client == *own);
            (!entries.is_empty()).then_some(YjsMessage::Awareness(entries))
        }
        (message, _) => Some(message),
    }
}

fn open(app: &App, room: &RoomName) -> Result<RoomHandle, Ending> {
    app.rooms.open(room).map_err(|error| Ending::new(CloseCode::TryLater, error.to_string()))
}

async fn until(deadline: Option<Instant>) {
    match deadline {
        Some(deadline) => tokio::time::sleep_until(deadline).await,
        None => std::future::pending().await,
    }
}

fn no_hello() -> Ending {
    Ending::refused(Refusal::HelloTimeout, "no first message in time")
}

fn unreachable(closed: RoomClosed) -> Ending {
    Ending::new(CloseCode::TryLater, closed.to_string())
}

fn lost() -> Ending {
    Ending::new(CloseCode::Internal, "the room has ended; come again")
}
