//! The room's name in a path; whatever cannot be one is answered with 400.

use axum::extract::{FromRequestParts, Path};
use axum::http::StatusCode;
use axum::http::request::Parts;
use shared::id::RoomName;

use super::ApiError;

/// The `{room}` of a route.
pub struct RoomPath(pub RoomName);

impl<S: Send + Sync> FromRequestParts<S> for RoomPath {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let bad_request = |text: String| ApiError::new(StatusCode::BAD_REQUEST, text);
        let path = Path::<String>::from_request_parts(parts, state).await;
        let Path(name) = path.map_err(|rejection| bad_request(rejection.body_text()))?;
        RoomName::parse(&name).map(Self).map_err(|error| bad_request(error.to_string()))
    }
}
