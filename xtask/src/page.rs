//! Building the page: trunk compiles and bundles it, and what changed goes to `dist/`, compressed.
//!
//! Trunk rewrites its output each time, and the server that carries the page would then be built
//! anew each time. So trunk writes beside, and `dist/` is touched only where the content differs.

mod compress;
mod early;
mod later;
mod mirror;
mod shrink;
mod size;
mod split;
mod wasm;

use std::process::Command;

use anyhow::{Context, Result};

use crate::child;
use crate::progress::announce;
use crate::tools::{self, Tools};
use crate::workspace::Workspace;

pub use compress::folder as compress_folder;
pub use size::check as check_size;

/// Which page is wanted.
#[derive(Clone, Copy)]
pub enum Build {
    /// Small and fast; minutes the first time.
    Release,
    /// Compiles quickly, and panics show their names.
    Dev,
}

/// Sets up what is missing and brings `dist/` up to date.
pub fn build(workspace: &Workspace, build: Build) -> Result<()> {
    let tools = tools::ensure(workspace)?;
    build_with(workspace, &tools, build)
}

/// Brings `dist/` up to date with tools that are already there.
pub fn build_with(workspace: &Workspace, tools: &Tools, build: Build) -> Result<()> {
    let (folder, profile) = match build {
        Build::Release => ("page", "release"),
        Build::Dev => ("page-dev", "dev"),
    };
    announce(&format!("building the page (wasm, {profile})"));
    let built = workspace.target.join(folder);
    let bindgen_folder = tools.wasm_bindgen.parent().context("wasm-bindgen has no folder")?;
    let mut trunk = Command::new(&tools.trunk);
    trunk.current_dir(&workspace.root).args(["build", "--offline", "--skip-version-check"]);
    trunk.arg("--dist").arg(&built);
    match build {
        Build::Release => tools::with_small_std(trunk.arg("--release")),
        Build::Dev => &mut trunk,
    };
    // trunk reads NO_COLOR as a boolean and refuses the customary `1`.
    trunk.env_remove("NO_COLOR").env("PATH", child::path_with(&[bindgen_folder])?);
    child::run(&mut trunk)?;
    if let Build::Release = build {
        shrink::folder(&built)?;
    }

    early::write(workspace, &built)?;

    let dist = workspace.root.join("dist");
    mirror::mirror(&built, &dist)?;
    announce("compressing the page");
    compress::folder(&dist)
}
