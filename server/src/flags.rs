//! The command line. Every flag can also be set in the environment, as `TANDEM_` and its name.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

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
}
