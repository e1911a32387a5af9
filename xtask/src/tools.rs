//! The programs that a build needs besides cargo, at pinned versions.
//!
//! A tool of the right version on `PATH` is used as it is. Otherwise it is installed once for each
//! user, into a folder of its own under the cache, and stays for the next run and the next clone.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::child;
use crate::progress::announce;
use crate::workspace::Workspace;

/// Builds the page; `Trunk.toml` asks for the same version.
const TRUNK_VERSION: &str = "0.21.14";
const WASM_TARGET: &str = "wasm32-unknown-unknown";

/// Everything that building the page needs, present.
pub struct Tools {
    /// The program `trunk`.
    pub trunk: PathBuf,
    /// The program `wasm-bindgen`, of the very version that the page is compiled against.
    pub wasm_bindgen: PathBuf,
}

/// A peer that Tandem is measured beside.
const Y_SWEET: Tool<'_> =
    Tool { package: "y-sweet", program: "y-sweet", version: "0.9.1", tells_version_at: "version" };

/// A program that a crate installs.
struct Tool<'a> {
    /// The crate's name.
    package: &'a str,
    /// The program's name.
    program: &'a str,
    version: &'a str,
    /// What makes it print its version.
    tells_version_at: &'a str,
}

/// Finds or installs the wasm target, trunk and wasm-bindgen.
pub fn ensure(workspace: &Workspace) -> Result<Tools> {
    // First, for what the standard library depends on is told by its source.
    ensure_wasm_target()?;
    fetch_dependencies(workspace)?;
    // wasm-bindgen refuses a wasm file that was compiled against any version but its own.
    let version = workspace.locked_version("wasm-bindgen")?;
    let tells_version_at = "--version";
    let (package, program) = ("wasm-bindgen-cli", "wasm-bindgen");
    let bindgen = Tool { package, program, version: &version, tells_version_at };
    let (package, program) = ("trunk", "trunk");
    let trunk = Tool { package, program, version: TRUNK_VERSION, tells_version_at };
    Ok(Tools { trunk: trunk.ensure()?, wasm_bindgen: bindgen.ensure()? })
}

/// The program `y-sweet`, or where it will be once [`install_y_sweet`] was called.
pub fn y_sweet() -> Result<PathBuf> {
    Y_SWEET.on_path().map_or_else(|| Y_SWEET.in_cache(), Ok)
}

/// Installs y-sweet if it is missing.
pub fn install_y_sweet() -> Result<()> {
    Y_SWEET.ensure().map(drop)
}

/// Adds rustfmt and clippy, which a minimal toolchain lacks.
pub fn ensure_components() -> Result<()> {
    for (component, subcommand) in [("rustfmt", "fmt"), ("clippy", "clippy")] {
        if !child::succeeds(child::cargo().args([subcommand, "--version"])) {
            announce(&format!("adding {component} to the Rust toolchain"));
            child::run(Command::new("rustup").args(["component", "add", component]))?;
        }
    }
    Ok(())
}

/// Trunk runs offline, so that it never brings tools of its own; what it compiles has to be here.
fn fetch_dependencies(workspace: &Workspace) -> Result<()> {
    let mut fetch = child::cargo();
    child::run(fetch.args(["fetch", "--quiet"]).current_dir(&workspace.root))?;
    // Only for a target does cargo think of what the standard library needs.
    let mut fetch = child::cargo();
    fetch.args(["fetch", "--quiet", "--target", WASM_TARGET]).current_dir(&workspace.root);
    child::run(with_small_std(&mut fetch))
}

/// Has cargo compile the standard library along with the page, for size: the one that comes compiled is
/// made for speed, and 24 kB larger in the page, after brotli. And a panic traps at once: what it would have
/// said, which nobody sees in a browser, is another 12 kB, and what `{:?}` would print, for which nobody asks
/// there, 3 kB before brotli. What this takes is not stable yet; the first
/// variable lets the stable compiler do it.
pub fn with_small_std(cargo: &mut Command) -> &mut Command {
    cargo
        .env("RUSTC_BOOTSTRAP", "1")
        .env(
            "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS",
            "-Zunstable-options -Cpanic=immediate-abort -Zfmt-debug=none",
        )
        .env("CARGO_UNSTABLE_BUILD_STD", "std,panic_abort")
        .env("CARGO_UNSTABLE_BUILD_STD_FEATURES", "optimize_for_size")
}

fn ensure_wasm_target() -> Result<()> {
    let sysroot = child::output(Command::new("rustc").args(["--print", "sysroot"]))?;
    let libraries = Path::new(sysroot.trim()).join("lib/rustlib");
    // Not `rustup target list`: a distribution's Rust has the target without having rustup.
    if !libraries.join(WASM_TARGET).is_dir() {
        announce(&format!("adding the target {WASM_TARGET} to the Rust toolchain"));
        child::run(Command::new("rustup").args(["target", "add", WASM_TARGET]))?;
    }
    if !libraries.join("src/rust/library").is_dir() {
        announce("adding the source of the standard library to the Rust toolchain");
        child::run(Command::new("rustup").args(["component", "add", "rust-src"]))?;
    }
    Ok(())
}

impl Tool<'_> {
    fn ensure(&self) -> Result<PathBuf> {
        if let Some(program) = self.on_path() {
            return Ok(program);
        }
        let program = self.in_cache()?;
        if !self.has_right_version(&program) {
            self.install(&self.folder()?)?;
            ensure!(
                self.has_right_version(&program),
                "{} {} was installed but does not run",
                self.package,
                self.version
            );
        }
        Ok(program)
    }

    fn on_path(&self) -> Option<PathBuf> {
        child::on_path(self.program).filter(|program| self.has_right_version(program))
    }

    fn in_cache(&self) -> Result<PathBuf> {
        let program = format!("{}{}", self.program, env::consts::EXE_SUFFIX);
        Ok(self.folder()?.join("bin").join(program))
    }

    fn folder(&self) -> Result<PathBuf> {
        Ok(cache()?.join(format!("{}-{}", self.package, self.version)))
    }

    fn has_right_version(&self, program: &Path) -> bool {
        // trunk reads NO_COLOR as a boolean and refuses the customary `1`.
        let mut command = Command::new(program);
        let printed = command.arg(self.tells_version_at).env_remove("NO_COLOR").output();
        printed.is_ok_and(|printed| {
            let words = String::from_utf8_lossy(&printed.stdout);
            words.split_whitespace().any(|word| word == self.version)
        })
    }

    /// Prebuilt where cargo-binstall is there and finds it, from source otherwise.
    fn install(&self, folder: &Path) -> Result<()> {
        let what = format!("{} {}", self.package, self.version);
        let package = format!("{}@{}", self.package, self.version);
        if child::on_path("cargo-binstall").is_some() {
            announce(&format!("installing {what}, prebuilt"));
            let mut binstall = child::cargo();
            binstall.args(["binstall", "--no-confirm", "--force", "--disable-strategies"]);
            binstall.args(["compile", "--root"]).arg(folder).arg(&package);
            if child::run(&mut binstall).is_ok() {
                return Ok(());
            }
        }
        announce(&format!("compiling {what}, once; this takes some minutes"));
        // Without the lock file of the tool's authors only if a dependency in it was withdrawn.
        child::run(cargo_install(folder, &package).arg("--locked"))
            .or_else(|_| child::run(&mut cargo_install(folder, &package)))
            .with_context(|| format!("installing {what}"))
    }
}

fn cargo_install(folder: &Path, package: &str) -> Command {
    let mut install = child::cargo();
    install.args(["install", "--force", "--root"]).arg(folder).arg(package);
    install
}

/// One folder for each user, so that every clone shares the tools.
fn cache() -> Result<PathBuf> {
    let set = |name: &str| env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    set("TANDEM_TOOLS")
        .or_else(|| set("XDG_CACHE_HOME").map(|folder| folder.join("tandem")))
        .or_else(|| set("HOME").map(|folder| folder.join(".cache").join("tandem")))
        .context("nowhere to install tools: set TANDEM_TOOLS to a folder")
}
