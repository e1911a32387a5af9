//! The page and its files. With the feature `client` they are inside the binary; without it, `/`
//! says how to get them.

#[cfg(feature = "client")]
mod embedded;
// Without the page there is nothing to serve, but the tests run all the same.
#[cfg(any(feature = "client", test))]
mod file;
#[cfg(any(feature = "client", test))]
mod negotiation;
#[cfg(any(feature = "client", test))]
mod policy;

use axum::Router;
use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use shared::id::RoomName;

/// The document of all pages.
#[cfg(feature = "client")]
const INDEX: &str = "index.html";

/// The page's routes.
pub fn routes() -> Router {
    Router::new().route("/", get(index)).route("/b/{room}", get(board)).fallback(get(other))
}

async fn index(headers: HeaderMap) -> Response {
    document(&headers)
}

async fn board(room: Option<Path<String>>, headers: HeaderMap) -> Response {
    let Some(Path(room)) = room else {
        return (StatusCode::BAD_REQUEST, "that cannot name a board\n").into_response();
    };
    match RoomName::parse(&room) {
        Ok(_) => document(&headers),
        Err(error) => (StatusCode::BAD_REQUEST, format!("{error}\n")).into_response(),
    }
}

fn not_found() -> Response {
    (StatusCode::NOT_FOUND, "there is nothing here\n").into_response()
}

#[cfg(feature = "client")]
fn document(headers: &HeaderMap) -> Response {
    file::answer(embedded::find, INDEX, headers)
}

#[cfg(feature = "client")]
async fn other(uri: Uri, headers: HeaderMap) -> Response {
    match uri.path().trim_start_matches('/') {
        // Only by the paths that are meant for it.
        INDEX => not_found(),
        path => file::answer(embedded::find, path, &headers),
    }
}

#[cfg(not(feature = "client"))]
fn document(_: &HeaderMap) -> Response {
    "This server was built without the page.\n\n\
     `cargo xtask run` builds both and serves the page here.\n\
     `trunk serve` serves the page at http://127.0.0.1:8080 and passes the rest on to this server.\n"
        .into_response()
}

#[cfg(not(feature = "client"))]
async fn other(_: Uri) -> Response {
    not_found()
}
