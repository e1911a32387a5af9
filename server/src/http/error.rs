//! What the API answers when it cannot do what it is asked: a status and `{"error": "..."}`.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::rooms::{ImportRefused, OpenRefused, RoomClosed};

/// An answer for a request that cannot be fulfilled.
#[derive(Debug)]
pub struct ApiError {
    status: StatusCode,
    text: String,
}

impl ApiError {
    /// An error with a sentence for whoever sent the request.
    pub fn new(status: StatusCode, text: impl Into<String>) -> Self {
        Self { status, text: text.into() }
    }

    /// There is no such route.
    pub fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "there is nothing here")
    }
}

impl From<RoomClosed> for ApiError {
    fn from(closed: RoomClosed) -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, closed.to_string())
    }
}

impl From<OpenRefused> for ApiError {
    fn from(refused: OpenRefused) -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, refused.to_string())
    }
}

impl From<ImportRefused> for ApiError {
    fn from(refused: ImportRefused) -> Self {
        match refused {
            ImportRefused::Closed(closed) => closed.into(),
            ImportRefused::Full => Self::new(StatusCode::INSUFFICIENT_STORAGE, refused.to_string()),
        }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        (self.status, Json(json!({ "error": self.text }))).into_response()
    }
}
