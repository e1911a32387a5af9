//! The server's own limits; those of the protocol are in [`shared::limits`].

use std::time::Duration;

use shared::limits::FRAME_MAX_BYTES;

/// Letters that wait for one room. When they are this many, its members' sockets are not read on.
pub const MAILBOX_LETTERS: usize = 256;

/// Bytes of updates that wait for one connection before it counts as too slow.
pub const OUTBOX_UPDATE_BYTES: usize = 4 * FRAME_MAX_BYTES;

/// Bytes of presence that wait for one connection before it counts as too slow.
pub const OUTBOX_PRESENCE_BYTES: usize = 1024 * 1024;

/// Largest message that is read at all. Those between the protocol's limit and this one are read so
/// that the close code reaches a sender who is still sending.
pub const READ_MAX_BYTES: usize = 4 * FRAME_MAX_BYTES;

/// Buffer of each socket for reading; allocated for as long as it is open.
pub const READ_BUFFER_BYTES: usize = 2 * 1024;

/// Bytes that are gathered for one write to a socket.
pub const WRITE_BUFFER_BYTES: usize = 16 * 1024;

/// Most members of one room.
pub const MEMBERS_MAX: usize = 10_000;

/// How long a room without members stays in memory.
pub const UNLOAD_AFTER: Duration = Duration::from_secs(10);

/// How long a closed socket may take to say goodbye.
pub const CLOSE_GRACE: Duration = Duration::from_secs(2);

/// How long the server may take to stop.
pub const SHUTDOWN_MAX: Duration = Duration::from_secs(10);

/// Jobs that wait for the store's writer. When they are this many, rooms wait.
pub const STORE_QUEUE_JOBS: usize = 1024;

/// Most jobs that one commit takes together.
pub const COMMIT_MAX_JOBS: usize = 512;

/// Imports that are worked on at the same time; others wait.
pub const IMPORTS_AT_ONCE: usize = 2;
