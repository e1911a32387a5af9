//! The half of a connection that reads: frames become messages, messages become letters to the room.

use std::convert::Infallible;
use std::sync::{Arc, OnceLock};

use shared::id::{ClientId, RoomName};
use shared::protocol::{ClientMessage, CloseCode};
use tokio::io::AsyncRead;
use tokio::time::{Instant, timeout_at};

use super::Tongue;
use super::frames::Frames;
use crate::app::App;
use crate::metrics::Refusal;
use crate::outbox::{Ending, Outbox};
use crate::room::{Delivery, NoHello, read_hello};
use crate::rooms::{RoomClosed, RoomHandle};
use crate::yjs::{self, YjsMessage};

/// Reads until there is a reason to end.
pub(super) async fn converse(
    frames: &mut Frames<impl AsyncRead + Unpin>,
    app: &App,
    room: &RoomName,
    tongue: Tongue,
    outbox: &Outbox,
) -> Ending {
    let ended = match tongue {
        Tongue::Native(delivery) => native(frames, app, room, delivery, outbox).await,
        Tongue::Yjs => yjs(frames, app, room, outbox).await,
    };
    match ended {
        Ok(never) => match never {},
        Err(ending) => ending,
    }
}

async fn native(
    frames: &mut Frames<impl AsyncRead + Unpin>,
    app: &App,
    room: &RoomName,
    delivery: Delivery,
    outbox: &Outbox,
) -> Result<Infallible, Ending> {
    let deadline = Instant::now() + app.limits.hello_timeout;
    let frame = timeout_at(deadline, frames.next()).await.map_err(|_| no_hello())??;
    frames.count(frame.len())?;
    let hello =
        read_hello(&frame).map_err(|NoHello { refusal, text }| Ending::refused(refusal, text))?;
    let handle = open(app, room)?;
    let joining = handle.join(app.rooms.next_conn(), (hello, delivery), outbox.clone());
    let membership = joining.await;
    let membership = membership.map_err(unreachable)?;
    loop {
        let frame = frames.next().await?;
        frames.count(frame.len())?;
        let message = ClientMessage::decode(&frame)
            .map_err(|error| Ending::refused(Refusal::Hostile, error.to_string()))?;
        membership.send(message).await.map_err(|_| lost())?;
    }
}

async fn yjs(
    frames: &mut Frames<impl AsyncRead + Unpin>,
    app: &App,
    room: &RoomName,
    outbox: &Outbox,
) -> Result<Infallible, Ending> {
    let own = Arc::new(OnceLock::new());
    let handle = open(app, room)?;
    let joining = handle.join_yjs(app.rooms.next_conn(), outbox.clone(), Arc::clone(&own));
    let membership = joining.await.map_err(unreachable)?;
    let deadline = Instant::now() + app.limits.hello_timeout;
    let mut frame = timeout_at(deadline, frames.next()).await.map_err(|_| no_hello())??;
    loop {
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
        frame = frames.next().await?;
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

fn no_hello() -> Ending {
    Ending::refused(Refusal::HelloTimeout, "no first message in time")
}

fn unreachable(closed: RoomClosed) -> Ending {
    Ending::new(CloseCode::TryLater, closed.to_string())
}

fn lost() -> Ending {
    Ending::new(CloseCode::Internal, "the room has ended; come again")
}
