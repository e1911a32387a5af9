//! The browser that the tests drive: found, installed where that is possible, or asked for.

use std::path::PathBuf;

use anyhow::{Result, bail, ensure};

use crate::{apt, child};

const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/// The path of a Chromium; `CHROMIUM` names one that is not on `PATH`.
pub fn ensure() -> Result<PathBuf> {
    if let Some(named) = std::env::var_os("CHROMIUM").map(PathBuf::from) {
        ensure!(named.is_file(), "CHROMIUM names {}, which is no file", named.display());
        return Ok(named);
    }
    if let Some(found) = find() {
        return Ok(found);
    }
    if !apt::can_install() {
        bail!(
            "the browser tests need Chromium, and there is none on PATH: install the package \
             `chromium` (Debian: `sudo apt-get install chromium`) or set CHROMIUM to the path of \
             a Chromium or Chrome"
        );
    }
    apt::install(&["chromium"])?;
    match find() {
        Some(found) => Ok(found),
        None => bail!("the package chromium was installed, yet no browser is on PATH"),
    }
}

fn find() -> Option<PathBuf> {
    NAMES.iter().find_map(|name| child::on_path(name))
}
