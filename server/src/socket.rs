//! `/ws/{room}` and `/yjs/{room}`: one WebSocket connection from its upgrade to its end.
//!
//! One task serves a connection: a half that reads and tells the room, and a half that writes what
//! the room put into the outbox. Whichever way it ends, the room is told, because leaving is a drop.

mod frames;
mod listen;
mod speak;

use std::pin::pin;

use axum::extract::State;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::ws::{WebSocket, WebSocketUpgrade};
use axum::response::{IntoResponse, Response};
use futures_util::{Stream, StreamExt};
use shared::id::RoomName;
use shared::protocol::CloseCode;
use tokio::time::timeout;

use crate::app::App;
use crate::http::{ApiError, PeerAddress, RoomPath, SameOrigin};
use crate::limits::{CLOSE_GRACE, READ_BUFFER_BYTES, READ_MAX_BYTES, WRITE_BUFFER_BYTES};
use crate::metrics::Refusal;
use crate::outbox::{Ending, Outbox};
use crate::room::Dialect;
use frames::Item;

/// Upgrades the request to a WebSocket that speaks Tandem's own protocol.
pub async fn open(State(app): State<App>, asked: Asked) -> Response {
    upgrade(app, asked, Dialect::Native)
}

/// Upgrades the request to a WebSocket that speaks the y-websocket protocol.
pub async fn open_yjs(State(app): State<App>, asked: Asked) -> Response {
    upgrade(app, asked, Dialect::Yjs)
}

/// What has to be right about a request before anything else is looked at.
type Asked =
    (RoomPath, SameOrigin, PeerAddress, Result<WebSocketUpgrade, WebSocketUpgradeRejection>);

fn upgrade(app: App, asked: Asked, dialect: Dialect) -> Response {
    let (RoomPath(room), SameOrigin, PeerAddress(address), upgrade) = asked;
    let upgrade = match upgrade {
        Ok(upgrade) => upgrade,
        Err(rejection) => {
            return ApiError::new(rejection.status(), rejection.body_text()).into_response();
        }
    };
    let tasks = app.tasks.clone();
    upgrade
        .read_buffer_size(READ_BUFFER_BYTES)
        .write_buffer_size(WRITE_BUFFER_BYTES)
        // Only frames that the bounded outbox let through get here, one at a time.
        .max_write_buffer_size(usize::MAX)
        .max_message_size(READ_MAX_BYTES)
        .max_frame_size(READ_MAX_BYTES)
        .on_upgrade(move |socket| {
            tasks.track_future(async move {
                match app.doors.enter(address) {
                    Ok(_entry) => serve(socket, app, room, dialect).await,
                    Err(refusal) => turn_away(socket, app, dialect, refusal).await,
                }
            })
        })
}

async fn serve(socket: WebSocket, app: App, room: RoomName, dialect: Dialect) {
    let (sink, stream) = socket.split();
    let outbox = Outbox::new(app.limits.outbox_bytes);
    let _counted = app.metrics.connection();
    let stalled_max = app.limits.stalled_max;
    let metrics = app.metrics.clone();
    let mut speaking = pin!(speak::speak(sink, outbox.clone(), dialect, stalled_max, metrics));
    let mut listening = pin!(listen(stream, app, room, dialect, outbox));
    tokio::select! {
        // The last word is said; the peer has some time to say its own.
        () = &mut speaking => drop(timeout(CLOSE_GRACE, listening).await),
        // The peer is gone, or cannot be understood any more; it may still be told why.
        () = &mut listening => drop(timeout(CLOSE_GRACE, speaking).await),
    }
}

/// Says why there is no place, which a refused upgrade could not tell a page.
async fn turn_away(socket: WebSocket, app: App, dialect: Dialect, refusal: Refusal) {
    let (sink, mut stream) = socket.split();
    let outbox = Outbox::new(0);
    let text = "there are too many connections; come again later";
    outbox.close(Ending::refused(refusal, text));
    speak::speak(sink, outbox, dialect, CLOSE_GRACE, app.metrics).await;
    let reading = async { while let Some(Ok(_)) = stream.next().await {} };
    timeout(CLOSE_GRACE, reading).await.ok();
}

/// Listens until the socket is over.
async fn listen(
    mut stream: impl Stream<Item = Item> + Unpin,
    app: App,
    room: RoomName,
    dialect: Dialect,
    outbox: Outbox,
) {
    let ending = tokio::select! {
        ending = listen::converse(&mut stream, &app, &room, dialect, &outbox) => ending,
        () = app.stop.cancelled() => {
            Ending::new(CloseCode::Restarting, "the server restarts; come again")
        }
    };
    tracing::debug!(%room, code = ending.code as u16, text = ending.text, "connection ends");
    outbox.close(ending);
    // Read on: a socket that is closed with unread bytes in it may lose its last word.
    while let Some(Ok(_)) = stream.next().await {}
}
