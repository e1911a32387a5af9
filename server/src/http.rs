//! The routes. What they answer is in the modules below; what pages answer is in [`crate::page`],
//! sockets are in [`crate::socket`].

mod board;
mod error;
mod files;
mod import;
pub mod operator;
mod origin;
mod peer;
mod room_path;
mod serve;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get, post};
use shared::excalidraw::FILE_MAX_BYTES;
use shared::limits::PICTURE_MAX_BYTES;

pub use error::ApiError;
pub use origin::SameOrigin;
pub use peer::PeerAddress;
pub use room_path::RoomPath;
pub use serve::serve;

use crate::app::App;
use crate::{page, socket};

/// Every route of the server.
pub fn router(app: App) -> Router {
    let import = post(import::import).layer(DefaultBodyLimit::max(FILE_MAX_BYTES));
    let file = get(files::get).put(files::put).layer(DefaultBodyLimit::max(PICTURE_MAX_BYTES));
    Router::new()
        .route("/healthz", get(async || "ok\n"))
        .route("/readyz", get(ready))
        .route("/metrics", get(metrics))
        .route("/api/rooms/{room}", get(board::summary))
        .route("/api/rooms/{room}/board", get(board::board))
        .route("/api/rooms/{room}/import", import)
        .route("/api/rooms/{room}/files/{id}", file)
        // Any method: over HTTP/2 a WebSocket does not begin with GET.
        .route("/ws/{room}", any(socket::open))
        .route("/yjs/{room}", any(socket::open_yjs))
        .route("/api/{*rest}", any(async || ApiError::not_found()))
        .with_state(app)
        .merge(page::routes())
        .layer(from_fn(never_sniff))
}

async fn ready(State(app): State<App>) -> (StatusCode, &'static str) {
    if app.rooms.store().has_failed() {
        (
            StatusCode::SERVICE_UNAVAILABLE,
            "the store cannot be written to; it is tried again and again\n",
        )
    } else if app.stop.is_cancelled() {
        (StatusCode::SERVICE_UNAVAILABLE, "stopping\n")
    } else {
        (StatusCode::OK, "ready\n")
    }
}

/// What Prometheus scrapes.
async fn metrics(State(app): State<App>) -> Result<impl IntoResponse, ApiError> {
    let content_type = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    let failed = |error: std::fmt::Error| {
        ApiError::new(StatusCode::INTERNAL_SERVER_ERROR, error.to_string())
    };
    let text = app.metrics.encode().map_err(failed)?;
    Ok(([(header::CONTENT_TYPE, content_type)], text))
}

/// No browser may guess that an answer is something else than it says.
async fn never_sniff(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let nosniff = HeaderValue::from_static("nosniff");
    response.headers_mut().insert(header::X_CONTENT_TYPE_OPTIONS, nosniff);
    response
}
