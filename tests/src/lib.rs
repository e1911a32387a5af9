//! The harness of the whole-system stories: servers, headless clients, hostile sockets, browsers, the
//! JavaScript libraries of Yjs.
//!
//! Everything is real but the people: sockets on a free port, a store in a folder of its own, the
//! clock of the machine. Waiting is always for something to happen, never for time to pass, and
//! whoever waits in vain for [`PATIENCE`] fails with what was waited for.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod bystanders;
mod client;
mod clock;
mod environment;
mod fixture;
mod frame;
mod frame_socket;
mod kept;
mod node;
mod picture;
mod raw_socket;
mod scribble;
mod server_process;
pub mod simulation;
mod site;
mod test_server;
mod tight_disk;
mod wal;
mod yjs_people;

pub use bystanders::Bystanders;
pub use chrome::PATIENCE;
pub use client::{Client, Seen};
pub use clock::now;
pub use environment::number_from;
pub use fixture::fixture;
pub use frame::{Frame, Length};
pub use frame_socket::{FrameSocket, Goodbye};
pub use kept::has;
pub use node::node;
pub use picture::{LEFT, RIGHT, data_url, png_of, two_colors};
pub use raw_socket::{RawSocket, hello};
pub use scribble::scribble;
pub use server_process::{Failed, ServerProcess};
pub use site::Site;
pub use test_server::TestServer;
pub use tight_disk::TightDisk;
pub use wal::Wal;
pub use yjs_people::{YjsPeople, YjsPerson, YjsView};
