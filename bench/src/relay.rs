//! `bench relay`: every workload on every server that is there, each on a freshly started one.

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use clap::builder::PossibleValuesParser;

use crate::contender::{Contender, Places};
use crate::load::Target;
use crate::machine;
use crate::measure::{Figures, measure};
use crate::process::Server;
use crate::report::{say, table_head, table_row};
use crate::workload::{WORKLOADS, Workload};

/// What is measured, and for how long.
#[derive(clap::Args)]
pub struct Flags {
    /// Seconds that are measured of each run.
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..=300))]
    seconds: u64,

    /// Only these workloads.
    #[arg(long, value_delimiter = ',',
        value_parser = PossibleValuesParser::new(WORKLOADS.map(|it| it.name)))]
    workloads: Vec<String>,

    /// Only these servers.
    #[arg(long, value_delimiter = ',')]
    servers: Vec<Contender>,

    #[command(flatten)]
    places: Places,
}

/// Measures all that was chosen and prints the table, row by row.
pub fn run(flags: &Flags) -> Result<()> {
    machine::allow_many_sockets()?;
    say(&machine::description());
    let present = present(flags);
    ensure!(!present.is_empty(), "there is no server to measure");
    if present.len() < Contender::ALL.len() && flags.servers.is_empty() {
        say("`cargo xtask bench relay --install` installs all peers.");
    }
    say(&table_head());
    for workload in chosen(flags) {
        for &contender in workload.contenders.iter().filter(|it| present.contains(it)) {
            let outcome = measure_fresh(workload, contender, flags);
            say(&table_row(workload, contender, &outcome));
        }
    }
    Ok(())
}

fn chosen(flags: &Flags) -> impl Iterator<Item = &'static Workload> {
    let names = &flags.workloads;
    WORKLOADS.iter().filter(|it| names.is_empty() || names.iter().any(|name| name == it.name))
}

/// The wanted servers that can be started. Says the versions, and of the others what is missing.
fn present(flags: &Flags) -> Vec<Contender> {
    let wanted = Contender::ALL
        .into_iter()
        .filter(|it| flags.servers.is_empty() || flags.servers.contains(it));
    wanted
        .filter(|it| match it.version(&flags.places) {
            Ok(version) => {
                say(&format!("{}: {version}", it.name()));
                true
            }
            Err(error) => {
                let install = it.how_to_install(&flags.places);
                say(&format!("{} is left out: {error:#}. To install it: {install}", it.name()));
                false
            }
        })
        .collect()
}

fn measure_fresh(workload: &Workload, contender: Contender, flags: &Flags) -> Result<Figures> {
    let data = tempfile::tempdir().context("making a folder for the data")?;
    let mut server = Server::start(contender.command(&flags.places, data.path()))?;
    let target = Target { address: server.address, wire: contender.wire(), path: contender.path() };
    let figures = measure(workload, &target, &server, Duration::from_secs(flags.seconds));
    ensure!(server.is_alive(), "the server died");
    figures
}
