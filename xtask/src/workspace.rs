//! Where the workspace is and what its members declare, as cargo itself sees it.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde_json::Value;

use crate::child;

/// The folders and packages that the commands work on.
pub struct Workspace {
    /// The folder of the root `Cargo.toml`.
    pub root: PathBuf,
    /// Where cargo builds, usually `target/`; `CARGO_TARGET_DIR` moves it.
    pub target: PathBuf,
    /// The workspace's members.
    pub packages: Vec<Package>,
}

/// One member of the workspace.
pub struct Package {
    /// The name in its `Cargo.toml`.
    pub name: String,
    /// The folder of its `Cargo.toml`.
    pub folder: PathBuf,
    /// The names of everything it depends on, of all kinds: normal, build and dev.
    pub dependencies: Vec<String>,
}

impl Workspace {
    /// Asks cargo, without touching the network.
    pub fn find() -> Result<Self> {
        // Set by `cargo run`, so a copy of the folder finds itself and not where it was compiled.
        let here = std::env::var("CARGO_MANIFEST_DIR").unwrap_or_else(|_| ".".into());
        let text = child::output(child::cargo().current_dir(here).args([
            "metadata",
            "--no-deps",
            "--format-version=1",
        ]))?;
        let metadata: Value = serde_json::from_str(&text).context("reading cargo's metadata")?;
        let packages = list(&metadata["packages"]).iter().map(package).collect::<Result<_>>()?;
        Ok(Self {
            root: text_of(&metadata, "workspace_root")?.into(),
            target: text_of(&metadata, "target_directory")?.into(),
            packages,
        })
    }

    /// The version that `Cargo.lock` fixes for a dependency of which it holds one version.
    pub fn locked_version(&self, dependency: &str) -> Result<String> {
        let path = self.root.join("Cargo.lock");
        let lock = std::fs::read_to_string(&path).context("reading Cargo.lock")?;
        version_in(&lock, dependency)
            .map(str::to_owned)
            .with_context(|| format!("Cargo.lock holds no {dependency}"))
    }

    /// A program that cargo built, such as `("release", "tandem")`.
    pub fn binary(&self, profile: &str, name: &str) -> PathBuf {
        self.target.join(profile).join(format!("{name}{}", std::env::consts::EXE_SUFFIX))
    }

    /// The path as seen from the root, for messages.
    pub fn relative<'a>(&self, path: &'a Path) -> &'a Path {
        path.strip_prefix(&self.root).unwrap_or(path)
    }
}

fn package(value: &Value) -> Result<Package> {
    let manifest = PathBuf::from(text_of(value, "manifest_path")?);
    let folder = manifest.parent().context("a manifest without a folder")?.to_path_buf();
    let dependencies = list(&value["dependencies"])
        .iter()
        .map(|dependency| text_of(dependency, "name"))
        .collect::<Result<_>>()?;
    Ok(Package { name: text_of(value, "name")?, folder, dependencies })
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn text_of(value: &Value, key: &str) -> Result<String> {
    let text = value[key].as_str().with_context(|| format!("cargo's metadata lacks `{key}`"))?;
    Ok(text.to_owned())
}

fn version_in<'a>(lock: &'a str, dependency: &str) -> Option<&'a str> {
    let name = format!("name = \"{dependency}\"");
    let mut lines = lock.lines().skip_while(|line| *line != name);
    lines.nth(1)?.strip_prefix("version = \"")?.strip_suffix('"')
}

#[cfg(test)]
mod tests {
    use super::version_in;

    #[test]
    fn the_locked_version_is_that_of_the_very_name() {
        let lock = "[[package]]\nname = \"wasm-bindgen-macro\"\nversion = \"9.9.9\"\n\n\
                    [[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.130\"\n";
        assert_eq!(version_in(lock, "wasm-bindgen"), Some("0.2.130"));
        assert_eq!(version_in(lock, "wasm"), None);
    }
}
