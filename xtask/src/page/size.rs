//! The page's weight: what a first visit downloads must stay within a limit.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use super::compress;
use crate::folder::files_below;
use crate::progress::say;

/// For wasm, JS and the document with its CSS together, compressed with brotli, in bytes. The goal is 300,000;
/// the editor's tools brought the page beyond it. Until it is there again, it may not grow further.
const LIMIT: u64 = 380_000;
const COUNTED: [&str; 4] = ["wasm", "js", "css", "html"];

/// Prints the size of each file and fails when the page has become too heavy.
pub fn check(dist: &Path) -> Result<()> {
    let mut sizes = Vec::new();
    for file in files_below(dist)? {
        if file.extension().is_some_and(|extension| COUNTED.iter().any(|it| extension == *it)) {
            let plain = fs::metadata(dist.join(&file))?.len();
            let small = fs::metadata(compress::companion(&dist.join(&file), "br"))
                .with_context(|| format!("{} is not compressed", file.display()))?
                .len();
            sizes.push((file, plain, small));
        }
    }
    let sum = sizes.iter().map(|(_, _, small)| small).sum();
    let report = report(&sizes, sum);
    if sum > LIMIT {
        bail!("the page is {} bytes over its limit of {LIMIT}:\n{report}", sum - LIMIT);
    }
    say(&format!("{report}\n  within the limit of {LIMIT} bytes"));
    Ok(())
}

fn report(sizes: &[(PathBuf, u64, u64)], sum: u64) -> String {
    let mut lines: Vec<String> = sizes
        .iter()
        .map(|(file, plain, small)| {
            format!("  {small:>8} bytes ({plain} plain)  {}", file.display())
        })
        .collect();
    lines.push(format!("  {sum:>8} bytes in all, brotli"));
    lines.join("\n")
}
