//! `cargo xtask bench`: builds what is measured and what measures, and says where the peers are.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};

use crate::page::Build;
use crate::progress::announce;
use crate::workspace::Workspace;
use crate::{browser, child, page, tools};

const INSTALL: &str = "--install";

/// Measures the server beside those peers that are installed. `flags` go to `bench relay`, but for
/// `--install`, which installs the missing peers first.
pub fn relay(workspace: &Workspace, flags: &[String]) -> Result<()> {
    let peers = workspace.root.join("bench/peers");
    if flags.iter().any(|flag| flag == INSTALL) {
        tools::install_y_sweet()?;
        install_packages(&peers)?;
    }
    let mut bench = build(workspace, &[])?;
    // As variables, so that the flags of the same names still choose others.
    bench.arg("relay").env("TANDEM_Y_SWEET", tools::y_sweet()?).env("TANDEM_PEERS", peers);
    child::run(bench.args(flags.iter().filter(|flag| *flag != INSTALL)))
}

/// Measures the server alone: `what` is a command of the load generator, `flags` are its flags.
pub fn alone(workspace: &Workspace, what: &str, flags: &[String]) -> Result<()> {
    let mut bench = build(workspace, &[])?;
    child::run(bench.arg(what).args(flags))
}

/// Builds the server and what measures it, together, for apart cargo would compile their dependencies twice; the answer
/// calls the latter.
fn build(workspace: &Workspace, features: &[&str]) -> Result<Command> {
    announce("building the server and what measures it (release)");
    let packages = ["--package", "server", "--package", "bench"];
    let mut build = child::cargo();
    build.current_dir(&workspace.root).args(["build", "--release"]).args(packages).args(features);
    child::run(&mut build)?;
    let mut bench = Command::new(workspace.binary("release", "bench"));
    bench.current_dir(&workspace.root);
    bench.env("TANDEM_BIN", workspace.binary("release", "tandem"));
    Ok(bench)
}

/// Measures the page in a real browser beside those peers that are built. `flags` go to `bench canvas`,
/// but for `--install`, which builds the peers' pages first.
pub fn canvas(workspace: &Workspace, flags: &[String]) -> Result<()> {
    in_browsers(workspace, "canvas", flags)
}

/// Makes pictures of drawings beside those of Excalidraw. `flags` go to `bench gallery`, but for `--install`.
pub fn gallery(workspace: &Workspace, flags: &[String]) -> Result<()> {
    in_browsers(workspace, "gallery", flags)
}

fn in_browsers(workspace: &Workspace, what: &str, flags: &[String]) -> Result<()> {
    let peers = workspace.root.join("bench/canvas");
    if flags.iter().any(|flag| flag == INSTALL) {
        install_packages(&peers)?;
        announce("building the peers' pages");
        child::run(Command::new("npm").args(["run", "build"]).current_dir(&peers))?;
        for page in ["excalidraw", "tldraw"] {
            page::compress_folder(&peers.join("dist").join(page))?;
        }
    }
    let browser = browser::ensure()?;
    page::build(workspace, Build::Release)?;
    let mut bench = build(workspace, &["--features", "server/client"])?;
    bench.arg(what);
    bench.env("TANDEM_CHROMIUM", browser);
    bench.env("TANDEM_CANVAS_PEERS", peers.join("dist"));
    child::run(bench.args(flags.iter().filter(|flag| *flag != INSTALL)))
}

/// Exactly what the lock file names; none of the peers needs its packages' install scripts.
fn install_packages(peers: &Path) -> Result<()> {
    announce("installing the peers that run on Node");
    let mut npm = Command::new("npm");
    child::run(npm.args(["ci", "--ignore-scripts"]).current_dir(peers))
        .context("npm is needed for the peers")
}
