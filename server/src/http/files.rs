//! `PUT` and `GET /api/rooms/{room}/files/{id}`: the pictures on a board, each under the SHA-256 of its
//! bytes. Whoever knows that may see it.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{FromRequestParts, Path, State};
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use shared::id::{FileId, RoomName};

use super::{ApiError, SameOrigin};
use crate::app::App;
use crate::files::{FileKind, FileRefused, Files};

/// Takes a file in. 201 when it is on the disk, 200 if it was there before.
pub async fn put(
    State(app): State<App>,
    FilePath(id): FilePath,
    _: SameOrigin,
    body: Result<Bytes, BytesRejection>,
) -> Result<StatusCode, ApiError> {
    let body =
        body.map_err(|rejection| ApiError::new(rejection.status(), rejection.body_text()))?;
    let files = files(&app)?;
    let kept = blocking(move || files.keep(id, &body)).await?;
    kept.map(|is_new| if is_new { StatusCode::CREATED } else { StatusCode::OK })
        .map_err(ApiError::from)
}

/// A file that never changes.
pub async fn get(
    State(app): State<App>,
    FilePath(id): FilePath,
) -> Result<impl IntoResponse, ApiError> {
    let files = files(&app)?;
    let bytes = blocking(move || files.read(id)).await?.map_err(FileRefused::from)?;
    let bytes = bytes.ok_or_else(ApiError::not_found)?;
    let kind = FileKind::of(&bytes).ok_or(FileRefused::NoPicture)?;
    let head = [
        (header::CONTENT_TYPE, kind.content_type()),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox"),
    ];
    Ok((head, bytes))
}

/// The `{room}` and `{id}` of a route; whatever cannot be those is answered with 400.
pub struct FilePath(FileId);

impl<S: Send + Sync> FromRequestParts<S> for FilePath {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let bad_request = |text: String| ApiError::new(StatusCode::BAD_REQUEST, text);
        let path = Path::<(String, String)>::from_request_parts(parts, state).await;
        let Path((room, id)) = path.map_err(|rejection| bad_request(rejection.body_text()))?;
        RoomName::parse(&room).map_err(|error| bad_request(error.to_string()))?;
        FileId::parse(&id).map(Self).map_err(|error| bad_request(error.to_string()))
    }
}

fn files(app: &App) -> Result<Arc<Files>, ApiError> {
    let none = || ApiError::new(StatusCode::SERVICE_UNAVAILABLE, "this server keeps no files");
    app.files.clone().ok_or_else(none)
}

async fn blocking<R: Send + 'static>(
    work: impl FnOnce() -> R + Send + 'static,
) -> Result<R, ApiError> {
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|error| ApiError::new(StatusCode::INTERNAL_SERVER_ERROR, error.to_string()))
}

impl From<FileRefused> for ApiError {
    fn from(refused: FileRefused) -> Self {
        let status = match refused {
            FileRefused::OtherBytes => StatusCode::BAD_REQUEST,
            FileRefused::NoPicture => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            FileRefused::TooManyPixels => StatusCode::PAYLOAD_TOO_LARGE,
            FileRefused::Full | FileRefused::Disk(_) => StatusCode::INSUFFICIENT_STORAGE,
        };
        Self::new(status, refused.to_string())
    }
}
