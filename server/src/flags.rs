//! The command line. Every flag can also be set in the environment, as `TANDEM_` and its name.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Parser, Subcommand};
use server::Limits;

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

    /// Seconds that a connection may take nothing of what waits for it.
    #[arg(long, env = "TANDEM_STALLED_SECONDS",
        default_value_t = Limits::default().stalled_max.as_secs())]
    pub stalled_seconds: u64,
}

impl From<LimitFlags> for Limits {
    fn from(flags: LimitFlags) -> Self {
        let LimitFlags { outbox_bytes, stalled_seconds } = flags;
        Self { outbox_bytes, stalled_max: Duration::from_secs(stalled_seconds) }
    }
}
