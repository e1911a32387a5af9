//! What every route can reach.

use std::sync::Arc;

use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::doors::Doors;
use crate::files::Files;
use crate::limits::{IMPORTS_AT_ONCE, Limits};
use crate::metrics::Metrics;
use crate::rooms::Rooms;
use crate::shards::Shards;
use crate::store::Store;

/// The server as its routes see it; clones are the same server.
#[derive(Clone)]
pub struct App {
    /// All rooms.
    pub rooms: Rooms,
    /// Cancelled when the server stops: connections then say goodbye.
    pub stop: CancellationToken,
    /// Every task that has to end before the server may.
    pub tasks: TaskTracker,
    /// Who may connect.
    pub doors: Doors,
    /// What is refused.
    pub limits: Arc<Limits>,
    /// What is counted.
    pub metrics: Metrics,
    /// The pictures on boards, if they are kept.
    pub files: Option<Arc<Files>>,
    /// Held by those who work on an import.
    pub imports: Arc<Semaphore>,
}

impl App {
    /// A server without a network.
    pub fn new(store: impl Store + 'static, limits: Limits, shards: Shards) -> Self {
        let (stop, tasks) = (CancellationToken::new(), TaskTracker::new());
        let (metrics, limits) = (Metrics::default(), Arc::new(limits));
        Self {
            rooms: Rooms::new(
                Arc::new(store),
                Arc::clone(&limits),
                metrics.clone(),
                shards,
                stop.clone(),
                tasks.clone(),
            ),
            stop,
            tasks,
            doors: Doors::new(Arc::clone(&limits)),
            limits,
            metrics,
            files: None,
            imports: Arc::new(Semaphore::new(IMPORTS_AT_ONCE)),
        }
    }

    /// The same server, which keeps pictures too.
    pub fn with_files(self, files: Files) -> Self {
        Self { files: Some(Arc::new(files)), ..self }
    }
}
