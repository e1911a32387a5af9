//! Every limit of the protocol and the document, by name and unit. Both ends refuse what exceeds one.

use std::time::Duration;

/// The protocol spoken here; the first field of the first message. Once a Tandem has been given out, a number that
/// is added to any message raises it: pages of before could not read what they are sent, and are to be loaded anew.
pub const PROTOCOL_VERSION: u16 = 1;

/// Longest room name, in bytes.
pub const ROOM_NAME_MAX_BYTES: usize = 64;

/// Longest element id, in bytes.
pub const ELEMENT_ID_MAX_BYTES: usize = 64;

/// Longest name of a person, in characters; longer names are cut.
pub const MEMBER_NAME_MAX_CHARS: usize = 40;

/// Largest WebSocket message that the server accepts, in bytes.
pub const FRAME_MAX_BYTES: usize = 4 * 1024 * 1024;

/// Largest WebSocket message that a client accepts, in bytes: a whole board comes in one.
pub const SERVER_FRAME_MAX_BYTES: usize = 256 * 1024 * 1024;

/// Largest update that a client sends unless a single struct is larger, in bytes; larger edits are sent
/// in parts. Half of [`FRAME_MAX_BYTES`], of which a server's budget may allow few.
pub const UPDATE_MAX_BYTES: usize = 2 * 1024 * 1024;

/// About how many bytes of elements are inserted as one update, so that a large import stays below
/// [`FRAME_MAX_BYTES`] in each message.
pub const INSERT_TOGETHER_BYTES: usize = 1024 * 1024;

/// Of an update that is longer than this a newcomer who asks for pieces is sent so many bytes at a time: browsers put a
/// message together in one go, and do nothing else meanwhile.
pub const WELCOME_AT_ONCE_BYTES: usize = 256 * 1024;

/// Largest picture that a server keeps, in bytes.
pub const PICTURE_MAX_BYTES: usize = 10 * 1024 * 1024;

/// Longest side of a picture that a server keeps, in pixels: browsers hold four bytes for each.
pub const PICTURE_MAX_SIDE: usize = 4_096;

/// Most elements whose selection or gesture a member shows to others.
pub const SHOWN_ELEMENTS_MAX: usize = 500;

/// Most bytes of ink that a gesture carries ahead of the document.
pub const GESTURE_INK_MAX_BYTES: usize = 16 * 1024;

/// Most points of a line that is being drawn and is shown to others.
pub const GESTURE_POINTS_MAX: usize = 512;

/// Most points in one chunk of ink; a stroke has as many chunks as it needs.
pub const INK_CHUNK_MAX_POINTS: usize = 100_000;

/// Most points of one line or arrow.
pub const PATH_MAX_POINTS: usize = 20_000;

/// Most UTF-8 bytes in one element's text.
pub const TEXT_MAX_BYTES: usize = 200_000;

/// Longest address that an element leads to, in UTF-8 bytes; a longer one is not shown.
pub const LINK_MAX_BYTES: usize = 2_048;

/// Longest name of a frame, in UTF-8 bytes; a longer one is not shown.
pub const NAME_MAX_BYTES: usize = 1_024;

/// How deep values of a document may nest.
pub const ANY_DEPTH_MAX: usize = 32;

/// Largest clock of a struct in a document.
pub const CLOCK_MAX: u64 = (1 << 31) - 1;

/// Largest magnitude of a board coordinate, in board units; what lies beyond is clamped.
pub const COORDINATE_MAX: f64 = 1e9;

/// Time from the opened socket to the first message, before the server closes with 4004.
pub const HELLO_TIMEOUT: Duration = Duration::from_secs(10);

/// Each end sends something at least this often.
pub const PING_EVERY: Duration = Duration::from_secs(10);

/// A client whose ping is followed by nothing at all for this long takes the server for dead. Counted
/// from the ping, not from the last thing heard: browsers let a hidden page's timers run once a minute.
pub const ANSWER_MAX: Duration = Duration::from_secs(15);

/// A server that has heard nothing for this long, not even an answer to its own ping, takes the client for dead.
pub const SILENCE_MAX: Duration = Duration::from_secs(25);

/// Cursors and gestures go out at most this often.
pub const PRESENCE_EVERY: Duration = Duration::from_millis(33);

/// The same while nobody else is in the room: a program that reads it and shows nothing of itself may be.
pub const PRESENCE_ALONE_EVERY: Duration = Duration::from_millis(500);

/// A stroke in progress is written to the document at least this often.
pub const INK_COMMIT_EVERY: Duration = Duration::from_millis(250);
