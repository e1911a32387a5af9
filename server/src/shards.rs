//! Where rooms run: on threads of their own, each with all sockets of its rooms.
//!
//! A room and its sockets never leave their thread, so that passing a message on wakes nobody, and a
//! thread whose rooms only wait for their next tick sleeps until then. Logs are read, requests are
//! answered and edits are committed on other threads.

mod doze;

use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};
use std::io;
use std::sync::{Arc, mpsc};
use std::thread;

use shared::id::RoomName;
use tokio::runtime::{Builder, Handle};
use tokio_util::sync::{CancellationToken, DropGuard};

use doze::Doze;

/// Threads of one shard for what blocks, such as reading a log.
const BLOCKING_THREADS: usize = 4;

/// All shards; clones are the same.
#[derive(Clone)]
pub struct Shards(Arc<Inner>);

struct Inner {
    shards: Vec<Shard>,
    /// Ends the threads.
    _end: DropGuard,
}

/// One thread's rooms.
pub struct Shard {
    runtime: Handle,
    /// What the thread knows of its rooms' ticks.
    pub doze: Doze,
}

impl Shards {
    /// So many threads; with none, everything runs on the runtime that this is called from.
    pub fn start(n_threads: usize) -> io::Result<Self> {
        let end = CancellationToken::new();
        let mut shards = Vec::new();
        for number in 0..n_threads {
            shards.push(start(number, end.clone())?);
        }
        if shards.is_empty() {
            shards.push(Shard { runtime: Handle::current(), doze: Doze::new() });
        }
        Ok(Self(Arc::new(Inner { shards, _end: end.drop_guard() })))
    }

    /// The one where a room runs.
    pub fn of(&self, room: &RoomName) -> &Shard {
        let hash = BuildHasherDefault::<DefaultHasher>::new().hash_one(room.as_str());
        &self.0.shards[hash as usize % self.0.shards.len()]
    }
}

impl Shard {
    /// Where its tasks are spawned.
    pub fn runtime(&self) -> &Handle {
        &self.runtime
    }
}

fn start(number: usize, end: CancellationToken) -> io::Result<Shard> {
    let doze = Doze::new();
    let dozing = doze.clone();
    let (started, starting) = mpsc::channel();
    thread::Builder::new().name(format!("rooms-{number}")).spawn(move || {
        let runtime = Builder::new_current_thread()
            .enable_all()
            .max_blocking_threads(BLOCKING_THREADS)
            .on_thread_park(move || dozing.sleep())
            .build();
        match runtime {
            Ok(runtime) => {
                // Nobody waits for it if starting another one failed.
                started.send(Ok(runtime.handle().clone())).ok();
                runtime.block_on(end.cancelled());
            }
            Err(error) => drop(started.send(Err(error))),
        }
    })?;
    let runtime = starting.recv().map_err(|_| io::ErrorKind::BrokenPipe)??;
    Ok(Shard { runtime, doze })
}
