//! From a room's log to the document that it begins with.

use shared::id::{Incarnation, RoomName};
use shared::protocol::CloseCode;

use crate::compaction::Growth;
use crate::log::Log;
use crate::outbox::Ending;
use crate::room::{DamagedLog, Document};
use crate::rooms::Rooms;
use crate::store::StoreError;

/// Why a room cannot be loaded.
#[derive(Debug, thiserror::Error)]
pub(super) enum LoadError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Log(#[from] DamagedLog),
    #[error("loading the room panicked")]
    Panicked,
}

impl LoadError {
    /// What those are told who wanted to join.
    pub(super) fn ending(&self) -> Ending {
        match self {
            Self::Store(StoreError::DamagedRoom { .. }) | Self::Log(_) => {
                let text =
                    "this board is damaged on the server, and has to be put back from a backup";
                Ending::new(CloseCode::Internal, text)
            }
            Self::Store(_) | Self::Panicked => {
                Ending::new(CloseCode::TryLater, "the board cannot be loaded now; come again later")
            }
        }
    }
}

/// What a room begins with.
pub(super) struct Loaded {
    pub(super) incarnation: Incarnation,
    pub(super) document: Document,
    pub(super) growth: Growth,
}

/// Reads the log of a room, and finds the document that it leads to.
pub(super) async fn load(rooms: &Rooms, name: &RoomName) -> Result<Loaded, LoadError> {
    let log = rooms.store().load(name).await?;
    let log = log.unwrap_or_else(|| Log::empty(rooms.store().secret().first_incarnation(name)));
    let replay = move || {
        let (document, growth) = (Document::from_log(&log)?, Growth::of(&log));
        Ok(Loaded { incarnation: log.incarnation, document, growth })
    };
    tokio::task::spawn_blocking(replay).await.unwrap_or(Err(LoadError::Panicked))
}
