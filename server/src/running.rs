//! Starting a whole server and stopping it; the binary and the tests do it alike.

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;

use tokio::net::{TcpListener, TcpSocket};
use tokio::task::JoinHandle;
use tracing::{info, warn};

use crate::app::App;
use crate::files::Files;
use crate::http;
use crate::limits::{BACKLOG, Limits, SEND_BUFFER_BYTES, SHUTDOWN_MAX};
use crate::shards::Shards;
use crate::store::{SqliteStore, StoreError};

/// What a server needs to know.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where to listen; port 0 takes any that is free.
    pub listen: SocketAddr,
    /// The folder of the data, made if it is missing.
    pub data: PathBuf,
    /// What it refuses.
    pub limits: Limits,
    /// Threads on which rooms run; with none, they run on the runtime that starts the server.
    pub room_threads: usize,
}

/// Why a server does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The store cannot be opened.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The folder of the pictures cannot be used.
    #[error("cannot use the folder of the files: {0}")]
    Files(io::Error),
    /// A thread cannot be started.
    #[error("cannot start a thread for rooms: {0}")]
    Threads(io::Error),
    /// The address cannot be listened on.
    #[error("cannot listen on {listen}: {source}")]
    Listen {
        /// The address asked for.
        listen: SocketAddr,
        /// What the system says.
        source: io::Error,
    },
}

/// The way to a running server.
pub struct Server;

impl Server {
    /// Opens the store and begins to listen.
    pub async fn start(config: Config) -> Result<Running, StartError> {
        let Config { listen, data, limits, room_threads } = config;
        let failed = |source| StartError::Listen { listen, source };
        let listener = bind(listen).map_err(failed)?;
        let addr = listener.local_addr().map_err(failed)?;
        let shards = Shards::start(room_threads).map_err(StartError::Threads)?;
        let store = SqliteStore::open(&data)?;
        let files =
            Files::open(&data.join("files"), limits.files_bytes).map_err(StartError::Files)?;
        let app = App::new(store, limits, shards).with_files(files);
        http::operator::serve(&data, app.clone());
        let accepting = tokio::spawn(http::serve(listener, app.clone()));
        info!(%addr, data = %data.display(), "started");
        Ok(Running { addr, app, accepting })
    }
}

/// Listens on an address, for sockets that take no more than a slow reader's fair share of memory.
fn bind(listen: SocketAddr) -> io::Result<TcpListener> {
    let socket = if listen.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
    socket.set_reuseaddr(true)?;
    socket.set_send_buffer_size(SEND_BUFFER_BYTES)?;
    socket.bind(listen)?;
    socket.listen(BACKLOG)
}

/// A server that listens. Dropped, it begins to stop; [`Running::shutdown`] waits until it has.
pub struct Running {
    addr: SocketAddr,
    app: App,
    accepting: JoinHandle<()>,
}

impl Running {
    /// Where it listens.
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// Stops accepting, closes every socket with 1012, lets the rooms finish what they have begun to
    /// write, and closes the store.
    pub async fn shutdown(mut self) {
        self.app.stop.cancel();
        let tasks = self.app.tasks.clone();
        tasks.close();
        let ended = async {
            // Fails only if accepting panicked, which has been reported then.
            (&mut self.accepting).await.ok();
            tasks.wait().await;
        };
        if tokio::time::timeout(SHUTDOWN_MAX, ended).await.is_err() {
            warn!("some connections did not end in time");
            self.accepting.abort();
        }
        // The last clones of the store close it, which waits for its writer.
        tokio::task::spawn_blocking(move || drop(self)).await.ok();
        info!("stopped");
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.app.stop.cancel();
    }
}
