//! `cargo xtask bench`: builds what is measured and what measures, and says where the peers are.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};

use crate::progress::announce;
use crate::workspace::Workspace;
use crate::{child, tools};

const INSTALL: &str = "--install";

/// Measures the server beside those peers that are installed. `flags` go to `bench relay`, but for
/// `--install`, which installs the missing peers first.
pub fn relay(workspace: &Workspace, flags: &[String]) -> Result<()> {
    let peers = workspace.root.join("bench/peers");
    if flags.iter().any(|flag| flag == INSTALL) {
        tools::install_y_sweet()?;
        install_packages(&peers)?;
    }
    build(workspace)?;
    let mut bench = generator(workspace, "relay");
    // As variables, so that the flags of the same names still choose others.
    bench.env("TANDEM_Y_SWEET", tools::y_sweet()?).env("TANDEM_PEERS", peers);
    child::run(bench.args(flags.iter().filter(|flag| *flag != INSTALL)))
}

/// Has thousands of clients come back to a server that is restarted. `flags` go to `bench storm`.
pub fn storm(workspace: &Workspace, flags: &[String]) -> Result<()> {
    build(workspace)?;
    child::run(generator(workspace, "storm").args(flags))
}

fn build(workspace: &Workspace) -> Result<()> {
    announce("building the server and the load generator (release)");
    let packages = ["--package", "server", "--package", "bench"];
    let mut build = child::cargo();
    build.current_dir(&workspace.root).args(["build", "--release"]).args(packages);
    child::run(&mut build)
}

fn generator(workspace: &Workspace, command: &str) -> Command {
    let mut bench = Command::new(workspace.binary("release", "bench"));
    bench.current_dir(&workspace.root).arg(command);
    bench.env("TANDEM_BIN", workspace.binary("release", "tandem"));
    bench
}

/// Exactly what the lock file names; none of the peers needs its packages' install scripts.
fn install_packages(peers: &Path) -> Result<()> {
    announce("installing the peers that run on Node");
    let mut npm = Command::new("npm");
    child::run(npm.args(["ci", "--ignore-scripts"]).current_dir(peers))
        .context("npm is needed for y-websocket and Hocuspocus")
}
