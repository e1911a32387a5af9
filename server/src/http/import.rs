//! `POST /api/rooms/{room}/import`: puts an Excalidraw file onto a board, with the pictures in it.

mod pictures;

use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{FromRequestParts, State};
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use serde_json::{Value, json};
use shared::board::Board;
use shared::excalidraw::{self, FILE_MAX_BYTES, ImportError, Skipped};
use shared::id::ClientId;

use super::{ApiError, RoomPath, SameOrigin};
use crate::app::App;
use crate::files::Files;
use pictures::Pictures;

/// Answers only after the elements are committed.
pub async fn import(
    State(app): State<App>,
    RoomPath(room): RoomPath,
    _: SameOrigin,
    _: Length,
    body: Result<Bytes, BytesRejection>,
) -> Result<Json<Value>, ApiError> {
    let body =
        body.map_err(|rejection| ApiError::new(rejection.status(), rejection.body_text()))?;
    let Ok(_turn) = app.imports.acquire().await else { return Err(ApiError::not_found()) };
    let handle = app.rooms.open(&room)?;
    let state = handle.snapshot().await?.state;
    // An id of the import's own, so that it writes under nobody's.
    let author = ClientId::random(&mut fastrand::Rng::new());
    let files = app.files.clone();
    let write = move || write(&body, &state, author, files.as_deref());
    let written = tokio::task::spawn_blocking(write).await.map_err(|error| internal(&error))??;
    if !written.updates.is_empty() {
        handle.import(author, written.updates).await?;
    }
    let skipped: Vec<_> = written.skipped.iter().map(skipped_json).collect();
    Ok(Json(json!({ "imported": written.n_elements, "skipped": skipped })))
}

/// The body does not claim to be too long. One that lies is cut off where the limit is.
pub struct Length;

impl<S: Sync> FromRequestParts<S> for Length {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        let length = parts.headers.get(header::CONTENT_LENGTH);
        let length = length.and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
        if length.is_some_and(|length| length > FILE_MAX_BYTES) {
            let text = format!("a file may have at most {FILE_MAX_BYTES} bytes");
            return Err(ApiError::new(StatusCode::PAYLOAD_TOO_LARGE, text));
        }
        Ok(Self)
    }
}

struct Written {
    n_elements: usize,
    skipped: Vec<Skipped>,
    /// Yjs v1 updates.
    updates: Vec<Bytes>,
}

/// Reads the file, keeps its pictures among `files`, and writes its elements on top of the board in `state`.
fn write(
    body: &[u8],
    state: &[u8],
    author: ClientId,
    files: Option<&Files>,
) -> Result<Written, ApiError> {
    let text = std::str::from_utf8(body)
        .map_err(|_| ApiError::new(StatusCode::BAD_REQUEST, "the body is not UTF-8 text"))?;
    let pictures = Pictures::of(text, files);
    let import = excalidraw::import_with(text, &|name| pictures.find(name)).map_err(|error| {
        let status = match error {
            ImportError::NotJson(_) => StatusCode::BAD_REQUEST,
            ImportError::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            ImportError::NotExcalidraw(_) | ImportError::TooMany => {
                StatusCode::UNPROCESSABLE_ENTITY
            }
        };
        ApiError::new(status, error.to_string())
    })?;
    let mut board = Board::new(author, fastrand::u64(..));
    board.apply_remote(state).map_err(|error| internal(&error))?;
    let n_elements = import.elements.len();
    board.insert_copies(import.elements);
    let updates = board.take_updates().into_iter().map(Bytes::from).collect();
    Ok(Written { n_elements, skipped: import.skipped, updates })
}

fn skipped_json(skipped: &Skipped) -> Value {
    json!({ "id": skipped.id, "reason": skipped.reason })
}

fn internal(error: &impl ToString) -> ApiError {
    ApiError::new(StatusCode::INTERNAL_SERVER_ERROR, error.to_string())
}
