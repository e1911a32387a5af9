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
use shared::element::{NewElement, Shape};
use shared::excalidraw::{self, FILE_MAX_BYTES, Import, ImportError, Skipped};
use shared::id::{ClientId, ElementId};

use super::{ApiError, RoomPath, SameOrigin};
use crate::app::App;
use crate::files::Files;
use crate::rooms::ImportRefused;
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
    let (files, max) = (app.files.clone(), app.limits.document().n_bytes);
    let write = move || write(&body, (&state, max), author, files.as_deref());
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

/// Reads the file, writes its elements on top of the board in `state`, which may have `max` bytes, and keeps its
/// pictures among `files`: only when there is no more reason to refuse the rest. The room has the last word. It comes
/// after the pictures, for the room may take a part before it is full, and what it takes is seen at once; a picture
/// that could not be kept then would have to be taken off the board again.
fn write(
    body: &[u8],
    (state, max): (&[u8], u64),
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
    let Import { mut elements, mut skipped } = import;
    let mut updates = updates_of(&elements, state, author)?;
    let n_bytes = state.len() + updates.iter().map(Bytes::len).sum::<usize>();
    if n_bytes as u64 > max {
        return Err(ImportRefused::Full.into());
    }
    let lost = pictures.keep();
    if !lost.is_empty() {
        elements.retain(|(id, new)| {
            let Shape::Image(image) = &new.shape else { return true };
            let reason = lost.get(&image.file).cloned();
            skipped.extend(
                reason.iter().map(|why| Skipped { id: id.to_string(), reason: why.clone() }),
            );
            reason.is_none()
        });
        updates = updates_of(&elements, state, author)?;
    }
    Ok(Written { n_elements: elements.len(), skipped, updates })
}

/// What puts elements on the board in `state`, as Yjs v1 updates.
fn updates_of(
    elements: &[(ElementId, NewElement)],
    state: &[u8],
    author: ClientId,
) -> Result<Vec<Bytes>, ApiError> {
    let mut board = Board::new(author, fastrand::u64(..));
    board.apply_remote(state).map_err(|error| internal(&error))?;
    board.insert_copies(elements.to_vec());
    Ok(board.take_updates().into_iter().map(Bytes::from).collect())
}

fn skipped_json(skipped: &Skipped) -> Value {
    json!({ "id": skipped.id, "reason": skipped.reason })
}

fn internal(error: &impl ToString) -> ApiError {
    ApiError::new(StatusCode::INTERNAL_SERVER_ERROR, error.to_string())
}
