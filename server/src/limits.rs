//! The server's own limits; those of the protocol are in [`shared::limits`].

use std::time::Duration;

use shared::limits::{FRAME_MAX_BYTES, HELLO_TIMEOUT};

use crate::room::BoardSize;

/// Letters that wait for one room. When they are this many, its members' sockets are not read on.
pub const MAILBOX_LETTERS: usize = 256;

/// Bytes of edits of all rooms that are read and not committed yet. When a slow disk has used them
/// up, no more are read.
pub const UNCOMMITTED_MAX_BYTES: usize = 128 * 1024 * 1024;

/// What can be set on the command line; the default disturbs nobody who draws.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Limits {
    /// Bytes of updates that wait for one connection. Beyond, they are dropped, and made up for by
    /// one diff when the connection reads again.
    pub outbox_bytes: usize,
    /// Connections in all; one more is closed with 1013.
    pub connections: usize,
    /// Connections from one address, which this machine's do not count as; one more is closed with
    /// 1013. Many people may share one, behind a router or a proxy.
    pub address_connections: usize,
    /// Members of one room; one more is closed with 4009.
    pub room_members: usize,
    /// Rooms in memory; who opens one more is closed with 1013.
    pub rooms: usize,
    /// Messages a second of one connection, on the average of [`BURST_SECONDS`]; more closes it
    /// with 4008.
    pub messages_per_second: u64,
    /// Bytes a second of one connection, counted alike.
    pub bytes_per_second: u64,
    /// Bytes of one message, at most [`FRAME_MAX_BYTES`]; a larger one closes the connection with 1009.
    pub frame_bytes: usize,
    /// Bytes of a board. An edit beyond is refused with 4003, and not with a code after which the
    /// client would come again with the same edit. Deleting is always possible.
    pub document_bytes: u64,
    /// Structs of a board: each takes some hundred bytes of memory. Refused alike; an element is about ten.
    pub document_structs: u64,
    /// Bytes of all pictures on boards together. One that goes beyond is refused.
    pub files_bytes: u64,
    /// How long in each second the edits of one connection may occupy a processor, on the average of
    /// [`BURST_SECONDS`]; more closes it with 4008.
    pub edit_time_per_second: Duration,
    /// Time to the first message, before a connection is closed with 4004.
    pub hello_timeout: Duration,
    /// How long a connection may take nothing of what waits for it, before it is closed with 1013.
    /// Shorter than [`shared::limits::SILENCE_MAX`], after which it would count as dead.
    pub stalled_max: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            outbox_bytes: FRAME_MAX_BYTES,
            connections: 10_000,
            address_connections: 500,
            room_members: 10_000,
            rooms: 10_000,
            messages_per_second: 500,
            bytes_per_second: 4 * 1024 * 1024,
            frame_bytes: FRAME_MAX_BYTES,
            document_bytes: 64 * 1024 * 1024,
            document_structs: 2_000_000,
            files_bytes: 16 * 1024 * 1024 * 1024,
            edit_time_per_second: Duration::from_millis(250),
            hello_timeout: HELLO_TIMEOUT,
            stalled_max: Duration::from_secs(20),
        }
    }
}

impl Limits {
    /// How large a board may be.
    pub fn document(&self) -> BoardSize {
        BoardSize { n_bytes: self.document_bytes, n_structs: self.document_structs }
    }
}

/// Bytes of presence that wait for one connection. Beyond, they are dropped, and the connection is
/// shown everything when it reads again: later is better than old.
pub const OUTBOX_PRESENCE_BYTES: usize = 128 * 1024;

/// Acknowledgements and the like that wait for one connection before it is closed.
pub const OUTBOX_ANSWERS: usize = 64 * 1024;

/// Bytes of updates after which a room remembers a place from which it can tell again what came later.
pub const MARK_EVERY_BYTES: u64 = 256 * 1024;

/// Largest message that is read at all. Those between the protocol's limit and this one are read so
/// that the close code reaches a sender who is still sending.
pub const READ_MAX_BYTES: usize = 4 * FRAME_MAX_BYTES;

/// Buffer of each socket for reading; allocated for as long as it is open.
pub const READ_BUFFER_BYTES: usize = 256;

/// Most bytes that are read from a socket together.
pub const READ_TOGETHER_BYTES: usize = 16 * 1024;

/// What the system keeps of what is written to one socket. Without a bound it grows to megabytes, and
/// for a slow reader nothing seems to move for minutes.
pub const SEND_BUFFER_BYTES: u32 = 256 * 1024;

/// Connections that wait to be accepted.
pub const BACKLOG: u32 = 1024;

/// About how many bytes are written to a socket together.
pub const WRITE_TOGETHER_BYTES: usize = 64 * 1024;

/// Seconds whose messages and bytes may come all at once: somebody who comes back sends all that is
/// unsaved, and an import is many large edits.
pub const BURST_SECONDS: f64 = 20.0;

/// Largest JSON text that a Yjs client may show, in bytes.
pub const AWARENESS_STATE_MAX_BYTES: usize = 32 * 1024;

/// How deep it may nest: the libraries that read it do so by recursion.
pub const AWARENESS_STATE_MAX_DEPTH: usize = 100;

/// How often a second a Yjs client may ask for what it lacks, on the average of [`BURST_SECONDS`].
pub const SYNCS_PER_SECOND: u64 = 1;

/// How long a room without members stays in memory.
pub const UNLOAD_AFTER: Duration = Duration::from_secs(10);

/// How long a closed socket may take to say goodbye.
pub const CLOSE_GRACE: Duration = Duration::from_secs(2);

/// How long the server may take to stop.
pub const SHUTDOWN_MAX: Duration = Duration::from_secs(10);

/// Jobs that wait for the store's writer. When they are this many, rooms wait.
pub const STORE_QUEUE_JOBS: usize = 1024;

/// About how many bytes of an edit are taken in together: decoding takes a hundred times their memory.
pub const PART_MAX_BYTES: usize = 64 * 1024;

/// About how many structs may be passed by to take in a part of an edit; 4 of them take a microsecond.
pub const PART_MAX_STEPS: u64 = 40_000;

/// Most jobs that one commit takes together.
pub const COMMIT_MAX_JOBS: usize = 512;

/// How soon the store tries again to write after a commit has failed. Each attempt that fails doubles it.
pub const STORE_RECOVER_FIRST: Duration = Duration::from_millis(100);

/// How long it waits between two attempts at most.
pub const STORE_RECOVER_MAX: Duration = Duration::from_secs(5);

/// Bytes of updates in a room's log from which on it may be compacted. It is when it has as many as
/// the snapshot that it begins with.
pub const COMPACT_LOG_BYTES: u64 = 256 * 1024;

/// The same when the room has just been left: who comes next is to wait for little.
pub const COMPACT_UNLOADED_BYTES: u64 = 32 * 1024;

/// A log that is left is compacted when it is longer than this share of its snapshot: 1 in so many.
pub const COMPACT_UNLOADED_SHARE: u64 = 8;

/// Logs that are compacted at the same time; others wait.
pub const COMPACTIONS_AT_ONCE: usize = 1;

/// Imports that are worked on at the same time; others wait.
pub const IMPORTS_AT_ONCE: usize = 2;
