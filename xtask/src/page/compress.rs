//! Puts `.br` and `.gz` beside the page's files, so that the server never compresses them itself.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use anyhow::{Context, Result};
use brotli::enc::BrotliEncoderParams;
use brotli::enc::backward_references::BrotliEncoderMode;

use crate::folder::files_below;

const COMPRESSED: [&str; 5] = ["wasm", "js", "css", "html", "svg"];
const COMPANIONS: [&str; 2] = ["br", "gz"];

/// Brotli's highest quality, the one the page is served and measured with.
const BEST_QUALITY: i32 = 11;
/// For files of which only a page built for development has any; the highest takes minutes there.
const QUICK_QUALITY: i32 = 4;
/// From this many bytes on, a file is compressed quickly instead of well.
const QUICK_FROM: usize = 6_000_000;
const WINDOW_BITS: i32 = 22;
/// Larger blocks than usual: 0.4 % less of a program.
const BLOCK_BITS: i32 = 20;
/// What the compressor takes bytes for. A program is 1.4 % smaller when it thinks of their highest bits; for
/// other files its own judgment is better. The decoder is told by the file.
const MODES: [BrotliEncoderMode; 2] =
    [BrotliEncoderMode::BROTLI_MODE_GENERIC, BrotliEncoderMode::BROTLI_FORCE_MSB_PRIOR];

/// Compresses everything in the folder whose companions are missing or older than itself.
pub fn folder(folder: &Path) -> Result<()> {
    for file in files_below(folder)? {
        if file.extension().is_some_and(|extension| COMPRESSED.iter().any(|it| extension == *it)) {
            compress(&folder.join(file))?;
        }
    }
    Ok(())
}

/// The file that this one is a compressed companion of, if it is one.
pub fn source_of(file: &Path) -> Option<PathBuf> {
    let extension = file.extension()?;
    let source = file.with_extension("");
    let is_companion = COMPANIONS.iter().any(|companion| extension == *companion);
    (is_companion && source.extension().is_some()).then_some(source)
}

/// Where the companion of a file lies: `app.js` has `app.js.br`.
pub fn companion(file: &Path, extension: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".");
    name.push(extension);
    name.into()
}

fn compress(file: &Path) -> Result<()> {
    let written = modified(file)?;
    for extension in COMPANIONS {
        let target = companion(file, extension);
        if modified(&target).is_ok_and(|time| time >= written) {
            continue;
        }
        let content = fs::read(file).with_context(|| format!("reading {}", file.display()))?;
        let small = match extension {
            "br" => brotli(&content)?,
            _ => gzip(&content)?,
        };
        // Renamed into place, so that an interrupted run leaves nothing that looks finished.
        let unfinished = companion(&target, "part");
        fs::write(&unfinished, small)
            .and_then(|()| fs::rename(&unfinished, &target))
            .with_context(|| format!("writing {}", target.display()))?;
    }
    Ok(())
}

fn modified(file: &Path) -> Result<SystemTime> {
    Ok(fs::metadata(file)?.modified()?)
}

fn brotli(content: &[u8]) -> Result<Vec<u8>> {
    if content.len() >= QUICK_FROM {
        return brotli_with(content, QUICK_QUALITY, MODES[0]);
    }
    let mut smallest: Option<Vec<u8>> = None;
    for mode in MODES {
        let small = brotli_with(content, BEST_QUALITY, mode)?;
        if smallest.as_ref().is_none_or(|it| small.len() < it.len()) {
            smallest = Some(small);
        }
    }
    smallest.context("there are ways to compress")
}

fn brotli_with(content: &[u8], quality: i32, mode: BrotliEncoderMode) -> Result<Vec<u8>> {
    let (lgwin, lgblock, size_hint) = (WINDOW_BITS, BLOCK_BITS, content.len());
    let ways =
        BrotliEncoderParams { quality, lgwin, lgblock, size_hint, mode, ..Default::default() };
    let mut small = Vec::new();
    brotli::BrotliCompress(&mut &content[..], &mut small, &ways)?;
    Ok(small)
}

fn gzip(content: &[u8]) -> Result<Vec<u8>> {
    let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    writer.write_all(content)?;
    Ok(writer.finish()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn companions_and_their_sources_find_each_other() {
        let file = Path::new("a/app-1f.wasm");
        let companions = COMPANIONS.map(|extension| companion(file, extension));
        assert_eq!(companions[0], Path::new("a/app-1f.wasm.br"));
        for companion in companions {
            assert_eq!(source_of(&companion).as_deref(), Some(file));
        }
        assert_eq!(source_of(file), None);
        assert_eq!(source_of(Path::new("archive.gz")), None);
    }

    #[test]
    fn brotli_comes_back_as_it_went_in() {
        let content = b"tandem ".repeat(1000);
        let small = brotli(&content).unwrap();
        let mut back = Vec::new();
        std::io::Read::read_to_end(&mut brotli::Decompressor::new(&small[..], 4096), &mut back)
            .unwrap();
        assert!(small.len() < 100);
        assert_eq!(back, content);
    }
}
