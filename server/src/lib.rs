//! The Tandem server: routes and sockets around rooms, rooms around one store.
//!
//! A frame travels `socket` → `rooms` (a letter) → `room_task` → [`room::Room`], a state machine
//! without I/O; its effects travel back through each connection's [`outbox`]. The server knows
//! nothing of tools or gestures.

mod app;
pub mod board_file;
mod bucket;
pub mod clock;
mod compaction;
pub mod doors;
pub mod files;
pub mod http;
pub mod limits;
pub mod log;
pub mod metrics;
pub mod outbox;
pub mod page;
pub mod room;
pub mod room_task;
pub mod rooms;
mod running;
mod shards;
pub mod socket;
pub mod store;
pub mod ticket;
pub mod yjs;

pub use app::App;
pub use limits::Limits;
pub use running::{Config, Running, Server, StartError};
pub use shards::Shards;
