//! Writes into the document what it shows of a board before the page's program is there: the program itself, built
//! for this machine, puts the panels together.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};

use crate::child;
use crate::workspace::Workspace;

/// What shows it, right behind it.
const SHOW: &str = "<script>showEarly()</script>";
const END: &str = "</body>";

/// Writes it into the document in this folder.
pub fn write(workspace: &Workspace, folder: &Path) -> Result<()> {
    let mut program = child::cargo();
    program.current_dir(&workspace.root).args(["run", "--quiet", "--package", "client-wasm"]);
    let written = program.stderr(std::process::Stdio::inherit()).output()?;
    ensure!(written.status.success(), "the panels could not be put together");
    let template = String::from_utf8(written.stdout)?;
    let file = folder.join("index.html");
    let document = fs::read_to_string(&file).with_context(|| file.display().to_string())?;
    ensure!(document.matches(END).count() == 1, "the document has one body");
    let document = document.replace(END, &[&template, SHOW, END].concat());
    fs::write(&file, document).with_context(|| file.display().to_string())
}
