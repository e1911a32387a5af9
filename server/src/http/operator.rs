//! The operator's door: a Unix socket in the data folder, which only who may use the folder can reach.
//! `tandem export`, `import`, `delete` and `backup` speak HTTP over it, with the server that runs on the
//! folder or with one that they start for as long as they take.

use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Query, State};
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use shared::id::RoomName;
use tokio::net::UnixListener;
use tracing::{info, warn};

use super::{ApiError, RoomPath};
use crate::app::App;
use crate::board_file::BoardFile;
use crate::room::Document;

/// Largest file that is taken in.
const FILE_MAX_BYTES: usize = 512 * 1024 * 1024;

/// Where the socket of a data folder is.
pub fn socket_path(data: &Path) -> PathBuf {
    data.join("tandem.sock")
}

/// Opens the door in a folder that this process has locked. The server also runs without it, for on
/// some file systems there are no sockets.
pub(crate) fn serve(data: &Path, app: App) {
    let path = socket_path(data);
    match bind(&path) {
        Ok(listener) => {
            let stop = app.stop.clone();
            let serving = axum::serve(listener, router(app)).with_graceful_shutdown(async move {
                stop.cancelled().await;
            });
            tokio::spawn(async move {
                serving.await.ok();
                // The next one makes it anew.
                std::fs::remove_file(path).ok();
            });
        }
        Err(error) => {
            warn!(path = %path.display(), "no boards can be exported from this server: {error}");
        }
    }
}

fn bind(path: &Path) -> io::Result<UnixListener> {
    // What a killed server has left.
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        Ok(()) | Err(_) => {}
    }
    let listener = UnixListener::bind(path)?;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600))?;
    Ok(listener)
}

fn router(app: App) -> Router {
    let one = get(export).put(import).delete(delete);
    Router::new()
        .route("/boards", get(boards))
        .route("/boards/{room}", one.layer(DefaultBodyLimit::max(FILE_MAX_BYTES)))
        .route("/backup", post(backup))
        .with_state(app)
}

/// Some names of boards, after one.
#[derive(Deserialize)]
struct After {
    after: Option<String>,
}

async fn boards(
    State(app): State<App>,
    Query(After { after }): Query<After>,
) -> Result<Json<Vec<String>>, ApiError> {
    let after = after.map(|name| RoomName::parse(&name)).transpose();
    let after = after.map_err(|error| ApiError::new(StatusCode::BAD_REQUEST, error.to_string()))?;
    let names = app.rooms.store().rooms(after.as_ref()).await.map_err(|error| internal(&error))?;
    Ok(Json(names.iter().map(ToString::to_string).collect()))
}

async fn export(
    State(app): State<App>,
    RoomPath(room): RoomPath,
) -> Result<impl IntoResponse, ApiError> {
    let Some(log) = app.rooms.store().load(&room).await.map_err(|error| internal(&error))? else {
        return Err(ApiError::new(StatusCode::NOT_FOUND, "there is no such board"));
    };
    let file = tokio::task::spawn_blocking(move || {
        let mut document = Document::from_log(&log).map_err(|error| internal(&error))?;
        let state = document.diff(&[]).map_err(|error| internal(&error))?.into();
        BoardFile { ticketed: document.ticketed(), state }
            .encode()
            .map_err(|error| internal(&error))
    });
    let file = file.await.map_err(|error| internal(&error))??;
    Ok(([(header::CONTENT_TYPE, "application/octet-stream")], file))
}

/// Whether what is there may be replaced.
#[derive(Deserialize)]
struct Replace {
    #[serde(default)]
    replace: bool,
}

async fn import(
    State(app): State<App>,
    RoomPath(room): RoomPath,
    Query(Replace { replace }): Query<Replace>,
    file: Bytes,
) -> Result<StatusCode, ApiError> {
    let max_bytes = app.limits.document_bytes;
    let read = move || BoardFile::parse(&file, max_bytes);
    let file = tokio::task::spawn_blocking(read).await.map_err(|error| internal(&error))?;
    let file =
        file.map_err(|error| ApiError::new(StatusCode::UNPROCESSABLE_ENTITY, error.to_string()))?;
    let records = file.into_records(app.rooms.clock().now());
    let restored = app.rooms.restore(&room, records, replace).await;
    if restored.map_err(|error| internal(&error))? {
        info!(%room, "board restored");
        Ok(StatusCode::CREATED)
    } else {
        Err(ApiError::new(StatusCode::CONFLICT, "there is a board of this name already"))
    }
}

async fn delete(State(app): State<App>, RoomPath(room): RoomPath) -> Result<(), ApiError> {
    app.rooms.delete(&room).await.map_err(|error| internal(&error))?;
    info!(%room, "board deleted");
    Ok(())
}

async fn backup(State(app): State<App>, to: String) -> Result<(), ApiError> {
    app.rooms.store().backup(Path::new(&to)).await.map_err(|error| internal(&error))
}

fn internal(error: &impl ToString) -> ApiError {
    ApiError::new(StatusCode::INTERNAL_SERVER_ERROR, error.to_string())
}
