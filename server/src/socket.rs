//! `/ws/{room}` and `/yjs/{room}`: one WebSocket connection from its upgrade to its end.
//!
//! One task serves a connection: a half that reads and tells the room, and a half that writes what
//! the room could not write at once. Whichever way it ends, the room is told, because leaving is a
//! drop.

mod frames;
mod listen;
mod rate;
mod speak;
mod upgrade;

use std::net::IpAddr;
use std::pin::pin;

use axum::extract::{Query, State};
use axum::response::Response;
use shared::id::RoomName;
use shared::protocol::CloseCode;
use tokio::io::AsyncRead;
use tokio::time::timeout;
use tracing::debug;

use crate::app::App;
use crate::http::{PeerAddress, RoomPath, SameOrigin};
use crate::limits::CLOSE_GRACE;
use crate::outbox::{Ending, Outbox};
use crate::room::{Delivery, Dialect};
use frames::Frames;
use upgrade::{Opened, Upgrade};

/// What has to be right about a request before anything else is looked at.
type Asked = (RoomPath, SameOrigin, PeerAddress, Upgrade);

/// What is spoken on a socket.
#[derive(Clone, Copy)]
enum Tongue {
    /// Tandem's own protocol, in which a board comes in this way.
    Native(Delivery),
    /// The y-websocket protocol.
    Yjs,
}

impl Tongue {
    fn dialect(self) -> Dialect {
        match self {
            Self::Native(_) => Dialect::Native,
            Self::Yjs => Dialect::Yjs,
        }
    }
}

/// What may stand behind the question mark of a socket's address: whoever writes `pieces` takes a large board in pieces.
#[derive(serde::Deserialize)]
pub struct Manner {
    pieces: Option<String>,
}

/// Upgrades the request to a WebSocket that speaks Tandem's own protocol.
pub async fn open(State(app): State<App>, Query(manner): Query<Manner>, asked: Asked) -> Response {
    let delivery = if manner.pieces.is_some() { Delivery::InPieces } else { Delivery::Whole };
    upgrade(app, asked, Tongue::Native(delivery))
}

/// Upgrades the request to a WebSocket that speaks the y-websocket protocol.
pub async fn open_yjs(State(app): State<App>, asked: Asked) -> Response {
    upgrade(app, asked, Tongue::Yjs)
}

fn upgrade(app: App, asked: Asked, tongue: Tongue) -> Response {
    let (RoomPath(room), SameOrigin, PeerAddress(address), upgrade) = asked;
    let (response, opened) = upgrade.accept();
    let tasks = app.tasks.clone();
    let runtime = app.rooms.shard(&room).runtime().clone();
    let task = async move {
        if let Some(opened) = opened.await {
            serve(opened, &app, &room, tongue, address).await;
        }
    };
    tasks.spawn_on(task, &runtime);
    response
}

async fn serve(
    opened: Opened,
    app: &App,
    room: &RoomName,
    tongue: Tongue,
    address: Option<IpAddr>,
) {
    let Opened { stream, read_already } = opened;
    let (reader, writer) = stream.into_split();
    let outbox = Outbox::new(writer, tongue.dialect(), app.limits.outbox_bytes);
    let entry = app.doors.enter(address);
    if let Err(refusal) = &entry {
        // Said here and not before the upgrade, for a page could not read that.
        let text = "there are too many connections; come again later";
        outbox.close(Ending::refused(*refusal, text));
        app.metrics.refused(*refusal);
    }
    let _counted = app.metrics.connection();
    let mut frames = Frames::new(reader, read_already, outbox.clone(), app);
    let (stalled_max, metrics) = (app.limits.stalled_max, app.metrics.clone());
    let mut speaking = pin!(speak::speak(outbox.clone(), stalled_max, metrics));
    tokio::select! {
        // In this order, so that one that is turned away gets nowhere.
        biased;
        // The last word is said; the peer has some time to say its own.
        () = &mut speaking => drop(timeout(CLOSE_GRACE, frames.finish()).await),
        // The peer is gone, or cannot be understood any more; it may still be told why.
        () = listen(&mut frames, app, room, tongue, &outbox) => {
            let ended = async { tokio::join!(speaking, frames.finish()) };
            timeout(CLOSE_GRACE, ended).await.ok();
        }
    }
}

/// Listens until there is a reason to end.
async fn listen(
    frames: &mut Frames<impl AsyncRead + Unpin>,
    app: &App,
    room: &RoomName,
    tongue: Tongue,
    outbox: &Outbox,
) {
    let ending = tokio::select! {
        ending = listen::converse(frames, app, room, tongue, outbox) => ending,
        () = app.stop.cancelled() => {
            Ending::new(CloseCode::Restarting, "the server restarts; come again")
        }
    };
    debug!(%room, code = ?ending.code, text = ending.text, "connection ends");
    if let Some(refusal) = ending.refusal {
        app.metrics.refused(refusal);
    }
    outbox.close(ending);
}
