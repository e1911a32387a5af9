//! A room's board as JSON.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use bytes::Bytes;
use serde_json::{Value, json};
use shared::board::Replica;
use shared::element::Element;
use shared::json::elements_json;

use super::{ApiError, RoomPath};
use crate::app::App;
use crate::room::Snapshot;

/// `GET /api/rooms/{room}`: how much is on the board, and how many people are.
pub async fn summary(
    State(app): State<App>,
    RoomPath(room): RoomPath,
) -> Result<Json<Value>, ApiError> {
    let snapshot = app.rooms.open(&room)?.snapshot().await?;
    let Snapshot { seq, n_bytes, n_members, .. } = snapshot;
    let n_elements = read(snapshot.state, <[Element]>::len).await?;
    Ok(Json(json!({
        "elements": n_elements,
        "members": n_members,
        "bytes": n_bytes,
        "sequence": seq.0,
    })))
}

/// `GET /api/rooms/{room}/board`: every element, in z-order. Of a room that nobody has drawn in, none.
pub async fn board(
    State(app): State<App>,
    RoomPath(room): RoomPath,
) -> Result<Json<Value>, ApiError> {
    let snapshot = app.rooms.open(&room)?.snapshot().await?;
    read(snapshot.state, |elements| elements_json(elements)).await.map(Json)
}

/// Reads elements on a thread that may take its time.
async fn read<T: Send + 'static>(
    state: Bytes,
    look: impl FnOnce(&[Element]) -> T + Send + 'static,
) -> Result<T, ApiError> {
    let look = move || {
        let mut replica = Replica::default();
        replica.take(&state).map(|()| look(&scene::attach_all(replica.elements())))
    };
    let unreadable = |error: String| ApiError::new(StatusCode::INTERNAL_SERVER_ERROR, error);
    let looked = tokio::task::spawn_blocking(look).await;
    looked
        .map_err(|error| unreadable(error.to_string()))?
        .map_err(|error| unreadable(error.to_string()))
}
