//! The page's weight: what a first visit downloads must stay within a limit.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use super::compress;
use crate::folder::files_below;
use crate::progress::say;

/// For what a board is opened with: wasm, JS and the document with its CSS together, compressed with brotli, in
/// bytes. The goal is 300,000.
const LIMIT: u64 = 360_000;
/// For what is loaded when it is first needed, in bytes.
const LATER_LIMIT: u64 = 92_000;
/// What the names of files begin with that are loaded when they are needed.
const LATER: &str = "client-files";
const COUNTED: [&str; 4] = ["wasm", "js", "css", "html"];

/// A file with its sizes, plain and compressed.
type Size = (PathBuf, u64, u64);

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
    let is_later = |(file, ..): &Size| file.to_string_lossy().starts_with(LATER);
    let (later, first): (Vec<Size>, Vec<Size>) = sizes.into_iter().partition(is_later);
    check_part("what a board is opened with", &first, LIMIT)?;
    check_part("what is loaded when drawings are read or written", &later, LATER_LIMIT)
}

fn check_part(what: &str, sizes: &[Size], limit: u64) -> Result<()> {
    let sum = sizes.iter().map(|(_, _, small)| small).sum();
    let report = report(sizes, sum);
    if sum > limit {
        bail!("{what} is {} bytes over its limit of {limit}:\n{report}", sum - limit);
    }
    say(&format!("{what}:\n{report}\n  within the limit of {limit} bytes"));
    Ok(())
}

fn report(sizes: &[Size], sum: u64) -> String {
    let mut lines: Vec<String> = sizes
        .iter()
        .map(|(file, plain, small)| {
            format!("  {small:>8} bytes ({plain} plain)  {}", file.display())
        })
        .collect();
    lines.push(format!("  {sum:>8} bytes in all, brotli"));
    lines.join("\n")
}
