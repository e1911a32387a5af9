//! Makes one folder hold what another holds, without touching the files that are already equal.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::compress;
use crate::folder::files_below;

/// Copies what differs and removes what is gone, compressed companions included.
pub fn mirror(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to).with_context(|| format!("creating {}", to.display()))?;
    let wanted: BTreeSet<PathBuf> = files_below(from)?.into_iter().collect();
    for file in &wanted {
        copy_if_different(&from.join(file), &to.join(file))?;
    }
    for file in files_below(to)? {
        let source = compress::source_of(&file).unwrap_or_else(|| file.clone());
        if !wanted.contains(&source) {
            let path = to.join(&file);
            fs::remove_file(&path).with_context(|| format!("removing {}", path.display()))?;
        }
    }
    Ok(())
}

fn copy_if_different(from: &Path, to: &Path) -> Result<()> {
    let content = fs::read(from).with_context(|| format!("reading {}", from.display()))?;
    if fs::read(to).is_ok_and(|present| present == content) {
        return Ok(());
    }
    if let Some(folder) = to.parent() {
        fs::create_dir_all(folder)?;
    }
    // Written, not copied: a copy may keep the old time, and a stale `.br` would look fresh.
    fs::write(to, content).with_context(|| format!("writing {}", to.display()))
}
