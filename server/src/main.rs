//! `tandem`: the server as a program.

mod commands;
mod flags;

use std::io::{IsTerminal, Write};
use std::num::NonZeroUsize;
use std::thread::available_parallelism;

use anyhow::{Context, Result};
use clap::Parser;
use server::{Config, Running, Server};
use tokio::signal::unix::{SignalKind, signal};
use tracing_subscriber::EnvFilter;

use commands::Operator;
use flags::{Command, Flags, Serve};

fn main() -> Result<()> {
    let command = Flags::parse().command;
    let log = if let Command::Serve(serve) = &command { &serve.log } else { "warn" };
    let filter = EnvFilter::try_new(log).context("--log is no filter")?;
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr)
        .init();
    let runtime = tokio::runtime::Runtime::new().context("starting the runtime")?;
    runtime.block_on(async {
        match command {
            Command::Serve(serve) => run(serve).await,
            command => operate(command).await,
        }
    })
}

/// What is done with boards rather than by serving them.
async fn operate(command: Command) -> Result<()> {
    let (Command::Export { data, .. }
    | Command::Import { data, .. }
    | Command::Delete { data, .. }
    | Command::Backup { data, .. }) = &command
    else {
        return Ok(());
    };
    let may_be_new = matches!(command, Command::Import { .. });
    let mut operator = Operator::reach(&data.data, may_be_new).await?;
    let done = operator.carry_out(&command).await;
    operator.leave().await;
    writeln!(std::io::stdout(), "{}", done?).context("writing to stdout")
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
