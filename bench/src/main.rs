//! `bench`: puts Tandem and its peers under the same load, one after the other on one machine, and
//! prints what that took. Called by `cargo xtask bench`, which builds and finds what it measures.

mod canvas;
mod contender;
mod gallery;
mod histogram;
mod load;
mod machine;
mod measure;
mod process;
mod relay;
mod report;
mod store;
mod storm;
mod vandals;
mod websocket;
mod wire;
mod workload;

use anyhow::Result;
use clap::Parser;

/// Measures Tandem beside its peers.
#[derive(Parser)]
#[command(name = "bench", version)]
enum Command {
    /// Cursors, edits, idle connections and hostile clients, over real sockets.
    Relay(relay::Flags),
    /// Panning, drawing and opening boards, in a real browser.
    Canvas(canvas::Flags),
    /// Pictures of drawings beside those of Excalidraw.
    Gallery(gallery::Flags),
    /// Loading a large board, compacting it, and waiting for the disk. Only Tandem.
    Store(store::Flags),
    /// Thousands of clients that come back after the server was restarted.
    Storm(storm::Flags),
}

fn main() -> Result<()> {
    match Command::parse() {
        Command::Relay(flags) => relay::run(&flags),
        Command::Canvas(flags) => canvas::run(&flags),
        Command::Gallery(flags) => gallery::run(&flags),
        Command::Store(flags) => store::run(&flags),
        Command::Storm(flags) => storm::run(&flags),
    }
}
