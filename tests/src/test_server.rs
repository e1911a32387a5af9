//! A whole server inside the test, for stories in which it lives on.

use server::{Config, Limits, Running, Server};
use tempfile::TempDir;

use crate::Site;

/// A server on a free port with a store of its own, gone when it is dropped.
pub struct TestServer {
    /// Where it listens.
    pub site: Site,
    running: Running,
    data: TempDir,
}

impl TestServer {
    /// Starts one.
    pub async fn start() -> Self {
        let data = tempfile::tempdir().unwrap();
        let config = Config {
            listen: ([127, 0, 0, 1], 0).into(),
            data: data.path().into(),
            limits: Limits::default(),
            room_threads: 0,
        };
        let running = Server::start(config).await.unwrap();
        Self { site: Site(running.addr()), running, data }
    }

    /// Stops it as SIGTERM does.
    pub async fn shutdown(self) {
        self.running.shutdown().await;
        drop(self.data);
    }
}
