//! Building the server with the page inside, to run it here or to carry it elsewhere.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};

use crate::child;
use crate::page::{self, Build};
use crate::progress::{announce, say};
use crate::workspace::Workspace;

/// Builds everything and becomes the server; returns only if that fails.
pub fn run(workspace: &Workspace, flags: &[String]) -> Result<()> {
    let binary = build(workspace)?;
    let mut server = Command::new(&binary);
    server.arg("serve").args(flags).current_dir(&workspace.root);
    for (flag, variable, value) in
        [("--listen", "TANDEM_LISTEN", "127.0.0.1:4400"), ("--data", "TANDEM_DATA", "./data")]
    {
        if !has_flag(flags, flag) && std::env::var_os(variable).is_none() {
            server.args([flag, value]);
        }
    }
    announce("starting the server; Ctrl-C stops it");
    replace_self(server).with_context(|| format!("starting {}", binary.display()))
}

/// Builds one binary that needs nothing beside it, and puts it into `target/dist`.
pub fn dist(workspace: &Workspace) -> Result<()> {
    let binary = build(workspace)?;
    let folder = workspace.target.join("dist");
    fs::create_dir_all(&folder).with_context(|| format!("creating {}", folder.display()))?;
    let target = workspace.binary("dist", "tandem");
    fs::copy(&binary, &target).with_context(|| format!("writing {}", target.display()))?;
    if child::on_path("strip").is_some() {
        child::run(Command::new("strip").arg(&target))?;
    } else {
        say("no `strip` on PATH: the binary keeps its symbols, which only makes it larger");
    }
    let size = fs::metadata(&target)?.len();
    say(&format!("{} ({size} bytes)", workspace.relative(&target).display()));
    Ok(())
}

fn build(workspace: &Workspace) -> Result<PathBuf> {
    page::build(workspace, Build::Release)?;
    announce("building the server (release); some minutes the first time");
    child::run(child::cargo().current_dir(&workspace.root).args([
        "build",
        "--release",
        "--package",
        "server",
        "--features",
        "client",
    ]))?;
    Ok(workspace.binary("release", "tandem"))
}

fn has_flag(flags: &[String], flag: &str) -> bool {
    flags
        .iter()
        .any(|it| it.strip_prefix(flag).is_some_and(|it| it.is_empty() || it.starts_with('=')))
}

/// The server takes this process over, so that signals reach it and its exit code is ours.
#[cfg(unix)]
fn replace_self(mut server: Command) -> Result<()> {
    use std::os::unix::process::CommandExt;
    Err(server.exec().into())
}

/// Elsewhere the console sends Ctrl-C to both processes, and we wait for the server's end.
#[cfg(not(unix))]
fn replace_self(mut server: Command) -> Result<()> {
    child::run(&mut server)
}

#[cfg(test)]
mod tests {
    use super::has_flag;

    #[test]
    fn a_flag_is_seen_in_both_spellings_and_not_in_longer_ones() {
        let flags = ["--listen=[::]:80", "--data", "x"].map(String::from);
        assert!(has_flag(&flags, "--listen"));
        assert!(has_flag(&flags, "--data"));
        assert!(!has_flag(&flags, "--dat"));
    }
}
