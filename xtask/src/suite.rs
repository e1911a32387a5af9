//! `cargo xtask test`: everything that must hold, the cheap checks first.

use std::path::Path;

use anyhow::Result;

use crate::progress::{Steps, say};
use crate::workspace::Workspace;
use crate::{browser, child, node, page, tidy, tools};

/// What is built and tested natively, in these words for both, so that the second builds nothing.
const NATIVE: [&str; 7] = [
    "--workspace",
    "--exclude",
    "client-wasm",
    "--exclude",
    "client-files",
    "--features",
    "server/client",
];

/// Runs all steps, stops at the first that fails, and prints what each one took.
pub fn run(workspace: &Workspace) -> Result<()> {
    let mut steps = Steps::new();
    let outcome = run_steps(workspace, &mut steps);
    steps.print_times();
    if outcome.is_ok() {
        say("\nall is well");
    }
    outcome
}

fn run_steps(workspace: &Workspace, steps: &mut Steps) -> Result<()> {
    let cargo = |arguments: &[&str]| {
        child::run(child::cargo().current_dir(&workspace.root).args(arguments))
    };
    let tools = steps.step("tools", || {
        tools::ensure_components()?;
        tools::ensure(workspace)
    })?;
    steps.step("formatting", || cargo(&["fmt", "--all", "--check"]))?;
    steps.step("tidy", || tidy::check(workspace))?;
    steps.step("clippy", || {
        cargo(&["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"])
    })?;
    steps.step("clippy for the browser", || {
        let target = "--target=wasm32-unknown-unknown";
        let page = ["clippy", "--package", "client-wasm", "--package", "client-files"];
        cargo(&[&page[..], &[target, "--", "-D", "warnings"]].concat())
    })?;
    steps.step("page", || page::build_with(workspace, &tools, page::Build::Release))?;
    steps.step("size of the page", || page::check_size(&workspace.root.join("dist")))?;
    let browser = steps.step("browser", browser::ensure)?;
    steps.step("Node.js", || node::ensure(workspace))?;
    steps.step("building the tests", || {
        // All targets, as testing does: without them cargo would choose other features for some
        // dependencies and compile those twice. This is also what builds the server's binary.
        let mut arguments = vec!["build", "--all-targets"];
        arguments.extend(NATIVE);
        cargo(&arguments)
    })?;
    steps.step("tests", || test(workspace, &browser))
}

fn test(workspace: &Workspace, browser: &Path) -> Result<()> {
    let mut test = child::cargo();
    test.current_dir(&workspace.root).arg("test").args(NATIVE);
    test.env("TANDEM_BIN", workspace.binary("debug", "tandem")).env("TANDEM_CHROMIUM", browser);
    child::run(&mut test)
}
