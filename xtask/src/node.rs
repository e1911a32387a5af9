//! Node.js and the npm packages of `tests/yjs`, which the stories about Yjs programs run: found,
//! installed where that is possible, or asked for.

use std::path::Path;
use std::process::Command;
use std::time::SystemTime;

use anyhow::{Result, bail};

use crate::progress::announce;
use crate::workspace::Workspace;
use crate::{apt, child};

const PROGRAMS: [&str; 2] = ["node", "npm"];

/// Makes sure that the programs are on `PATH` and that the packages are those of the lock file.
pub fn ensure(workspace: &Workspace) -> Result<()> {
    ensure_programs()?;
    let folder = workspace.root.join("tests/yjs");
    // npm writes this file last.
    let installed = modified(&folder.join("node_modules/.package-lock.json"));
    if installed.is_some() && installed >= modified(&folder.join("package-lock.json")) {
        return Ok(());
    }
    announce("installing the npm packages of tests/yjs");
    // No package's own program runs.
    child::run(Command::new("npm").current_dir(folder).args(["ci", "--ignore-scripts"]))
}

fn ensure_programs() -> Result<()> {
    if are_there() {
        return Ok(());
    }
    if !apt::can_install() {
        bail!(
            "the Yjs tests need Node.js 18 or newer, and `node` or `npm` is not on PATH: install \
             the packages `nodejs` and `npm` (Debian: `sudo apt-get install nodejs npm`)"
        );
    }
    apt::install(&["nodejs", "npm"])?;
    if !are_there() {
        bail!("the packages nodejs and npm were installed, yet `node` or `npm` is not on PATH");
    }
    Ok(())
}

fn are_there() -> bool {
    PROGRAMS.iter().all(|name| child::on_path(name).is_some())
}

fn modified(file: &Path) -> Option<SystemTime> {
    file.metadata().and_then(|it| it.modified()).ok()
}
