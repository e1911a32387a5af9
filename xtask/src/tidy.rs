//! `cargo xtask tidy`: the rules that the compiler does not know.
//!
//! Which crate may depend on which, which file may name which library, and how a source file
//! begins. A rule is a row in a table in one of the modules below, with its reason.

mod arrows;
mod sources;

use std::fmt;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::folder::files_below;
use crate::progress::say;
use crate::workspace::Workspace;

/// One place where a rule is broken.
#[derive(Debug, PartialEq, Eq)]
pub struct Violation {
    /// From the root, with forward slashes.
    file: String,
    /// Counted from one.
    line: usize,
    /// What is wrong, and why that matters.
    what: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.file, self.line, self.what)
    }
}

/// Checks the whole workspace and reports everything found, not only the first.
pub fn check(workspace: &Workspace) -> Result<()> {
    let mut violations = Vec::new();
    let mut n_files = 0;
    for package in &workspace.packages {
        let manifest = package.folder.join("Cargo.toml");
        let name = slashed(workspace.relative(&manifest));
        violations.extend(arrows::check(workspace, package, &name, &read(&manifest)?));

        let sources = package.folder.join("src");
        if !sources.is_dir() {
            continue;
        }
        for file in files_below(&sources)? {
            let path = sources.join(file);
            if path.extension().is_some_and(|extension| extension == "rs") {
                let name = slashed(workspace.relative(&path));
                violations.extend(sources::check(&name, &read(&path)?));
                n_files += 1;
            }
        }
    }
    for violation in &violations {
        say(&violation.to_string());
    }
    if !violations.is_empty() {
        bail!("{} places break a rule", violations.len());
    }
    say(&format!("{} crates and {n_files} files are tidy", workspace.packages.len()));
    Ok(())
}

fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))
}

fn slashed(path: &Path) -> String {
    path.to_string_lossy().replace('\\', "/")
}
