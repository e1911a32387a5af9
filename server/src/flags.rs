//! The command line. Every flag can also be set in the environment, as `TANDEM_` and its name.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Parser, Subcommand};
use server::Limits;
use shared::id::RoomName;
use shared::limits::{FRAME_MAX_BYTES, UPDATE_MAX_BYTES};

/// A whiteboard on which people draw together.
#[derive(Parser)]
#[command(name = "tandem", version)]
pub struct Flags {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What the program can do.
#[derive(Subcommand)]
pub enum Command {
    /// Serve boards until SIGINT or SIGTERM.
    Serve(Serve),
    /// Write every board into a file of its own, also while a server runs.
    Export {
        /// The folder for the files, made if it is missing. Files of the same names are replaced.
        folder: PathBuf,
        /// Where the boards are.
        #[command(flatten)]
        data: Data,
    },
    /// Take in boards that were exported, also while a server runs. A board's name is its file's.
    Import {
        /// A file, or a folder of files.
        from: PathBuf,
        /// Put the files in the place of boards of the same names, which are left alone otherwise.
        #[arg(long)]
        replace: bool,
        /// Where the boards are.
        #[command(flatten)]
        data: Data,
    },
    /// Delete a board. Whoever has it open finds an empty one, and keeps a copy of unsaved work.
    Delete {
        /// Its name.
        #[arg(value_parser = RoomName::parse)]
        board: RoomName,
        /// Where the boards are.
        #[command(flatten)]
        data: Data,
    },
    /// Copy the whole database into a new file, also while a server runs.
    Backup {
        /// The file.
        file: PathBuf,
        /// Where the boards are.
        #[command(flatten)]
        data: Data,
    },
}

/// The folder that a command is about.
#[derive(Args)]
pub struct Data {
    /// Folder of the boards.
    #[arg(long, env = "TANDEM_DATA", default_value = "./data")]
    pub data: PathBuf,
}

/// How to serve.
#[derive(Args)]
pub struct Serve {
    /// Address and port to listen on. Port 0 takes a free one; the first line on stdout tells which.
    #[arg(long, env = "TANDEM_LISTEN", default_value = "127.0.0.1:4400")]
    pub listen: SocketAddr,

    /// Folder for the boards, made if it is missing. One server at a time can use it.
    #[arg(long, env = "TANDEM_DATA", default_value = "./data")]
    pub data: PathBuf,

    /// What to log to stderr: error, warn, info, debug or trace, or a filter such as
    /// `server::socket=debug`.
    #[arg(long, env = "TANDEM_LOG", default_value = "info")]
    pub log: String,

    /// What is refused.
    #[command(flatten)]
    pub limits: LimitFlags,
}

/// The limits; what each one protects is said in [`Limits`].
#[derive(Args)]
pub struct LimitFlags {
    /// Bytes of edits that wait for one slow connection before they are dropped; it is sent one
    /// diff when it reads again.
    #[arg(long, env = "TANDEM_OUTBOX_BYTES", default_value_t = Limits::default().outbox_bytes)]
    pub outbox_bytes: usize,

    /// Connections in all.
    #[arg(long, env = "TANDEM_CONNECTIONS", default_value_t = Limits::default().connections)]
    pub connections: usize,

    /// Connections from one address. Those from this machine do not count.
    #[arg(long, env = "TANDEM_ADDRESS_CONNECTIONS",
        default_value_t = Limits::default().address_connections)]
    pub address_connections: usize,

    /// People on one board.
    #[arg(long, env = "TANDEM_ROOM_MEMBERS", default_value_t = Limits::default().room_members)]
    pub room_members: usize,

    /// Boards in memory at the same time.
    #[arg(long, env = "TANDEM_ROOMS", default_value_t = Limits::default().rooms)]
    pub rooms: usize,

    /// Messages a second of one connection; 20 seconds' worth may come at once.
    #[arg(long, env = "TANDEM_MESSAGES_PER_SECOND",
        default_value_t = Limits::default().messages_per_second)]
    pub messages_per_second: u64,

    /// Bytes a second of one connection; 20 seconds' worth may come at once.
    #[arg(long, env = "TANDEM_BYTES_PER_SECOND",
        default_value_t = Limits::default().bytes_per_second)]
    pub bytes_per_second: u64,

    /// Bytes of one message. Boards are sent and saved in messages of up to 2 MiB.
    #[arg(long, env = "TANDEM_FRAME_BYTES", default_value_t = Limits::default().frame_bytes,
        value_parser = frame_bytes)]
    pub frame_bytes: usize,

    /// Bytes of one board. One that is full takes no more edits, but elements can be deleted.
    #[arg(long, env = "TANDEM_DOCUMENT_BYTES", default_value_t = Limits::default().document_bytes)]
    pub document_bytes: u64,

    /// Parts that one board may consist of in memory, about ten for an element. One that is full takes no
    /// more edits, but elements can be deleted.
    #[arg(long, env = "TANDEM_DOCUMENT_STRUCTS",
        default_value_t = Limits::default().document_structs)]
    pub document_structs: u64,

    /// Bytes of all pictures on boards together; one that goes beyond is refused.
    #[arg(long, env = "TANDEM_FILES_BYTES", default_value_t = Limits::default().files_bytes)]
    pub files_bytes: u64,

    /// Milliseconds in each second for which the edits of one connection may occupy a processor; 20
    /// seconds' worth may come at once.
    #[arg(long, env = "TANDEM_EDIT_MILLISECONDS",
        default_value_t = Limits::default().edit_time_per_second.as_millis() as u64)]
    pub edit_milliseconds: u64,

    /// Seconds from an open socket to its first message.
    #[arg(long, env = "TANDEM_HELLO_SECONDS",
        default_value_t = Limits::default().hello_timeout.as_secs())]
    pub hello_seconds: u64,

    /// Seconds that a connection may take nothing of what waits for it.
    #[arg(long, env = "TANDEM_STALLED_SECONDS",
        default_value_t = Limits::default().stalled_max.as_secs())]
    pub stalled_seconds: u64,
}

/// As large as the protocol allows, and large enough for what the page sends.
fn frame_bytes(text: &str) -> Result<usize, String> {
    let least = UPDATE_MAX_BYTES + 1024;
    match text.parse() {
        Ok(n) if (least..=FRAME_MAX_BYTES).contains(&n) => Ok(n),
        _ => Err(format!("not a number from {least} to {FRAME_MAX_BYTES}")),
    }
}

impl From<LimitFlags> for Limits {
    fn from(flags: LimitFlags) -> Self {
        Self {
            outbox_bytes: flags.outbox_bytes,
            connections: flags.connections,
            address_connections: flags.address_connections,
            room_members: flags.room_members,
            rooms: flags.rooms,
            messages_per_second: flags.messages_per_second,
            bytes_per_second: flags.bytes_per_second,
            frame_bytes: flags.frame_bytes,
            document_bytes: flags.document_bytes,
            document_structs: flags.document_structs,
            files_bytes: flags.files_bytes,
            edit_time_per_second: Duration::from_millis(flags.edit_milliseconds),
            hello_timeout: Duration::from_secs(flags.hello_seconds),
            stalled_max: Duration::from_secs(flags.stalled_seconds),
        }
    }
}
