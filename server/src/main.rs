//! `tandem`: the server as a program.

mod flags;

use std::io::{IsTerminal, Write};
use std::num::NonZeroUsize;
use std::thread::available_parallelism;

use anyhow::{Context, Result};
use clap::Parser;
use server::{Config, Running, Server};
use tokio::signal::unix::{SignalKind, signal};
use tracing_subscriber::EnvFilter;

use flags::{Command, Flags, Serve};

fn main() -> Result<()> {
    let Command::Serve(serve) = Flags::parse().command;
    let filter = EnvFilter::try_new(&serve.log).context("--log is no filter")?;
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr)
        .init();
    let runtime = tokio::runtime::Runtime::new().context("starting the runtime")?;
    runtime.block_on(run(serve))
}

async fn run(Serve { listen, data, log: _, limits }: Serve) -> Result<()> {
    // Before anything is started, so that no signal kills a server that is just starting.
    let mut interrupt = signal(SignalKind::interrupt()).context("listening for SIGINT")?;
    let mut terminate = signal(SignalKind::terminate()).context("listening for SIGTERM")?;
    let room_threads = available_parallelism().map_or(1, NonZeroUsize::get);
    let running =
        Server::start(Config { listen, data, limits: limits.into(), room_threads }).await?;
    announce(&running)?;
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
    running.shutdown().await;
    Ok(())
}

/// The first line on stdout; programs that start a server wait for it.
fn announce(running: &Running) -> Result<()> {
    let mut stdout = std::io::stdout().lock();
    writeln!(stdout, "listening on http://{}", running.addr())
        .and_then(|()| stdout.flush())
        .context("writing to stdout")
}
