//! The page's weight: what a first visit downloads must stay within a limit.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use super::compress;
use crate::folder::files_below;
use crate::progress::say;

/// A part of the page: what it is for, what the names of its files have in them, and its limit: wasm, JS and the
/// document with its CSS together, compressed with brotli, in bytes.
struct Part {
    what: &'static str,
    named: &'static str,
    limit: u64,
}

/// Each file counts for the first part that it belongs to.
const PARTS: [Part; 3] = [
    Part {
        what: "what is loaded when drawings are read or written",
        named: "client-files",
        limit: 98_000,
    },
    Part { what: "what comes when the board is there", named: "_later.", limit: 112_000 },
    // The goal is 300,000. A build elsewhere weighs up to two hundredths more.
    Part { what: "what a board is opened and drawn on with", named: "", limit: 320_000 },
];
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
    for part in &PARTS {
        let is_in = |(file, ..): &Size| file.to_string_lossy().contains(part.named);
        let (own, others) = sizes.into_iter().partition(is_in);
        sizes = others;
        check_part(part, &own)?;
    }
    Ok(())
}

fn check_part(&Part { what, limit, .. }: &Part, sizes: &[Size]) -> Result<()> {
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
