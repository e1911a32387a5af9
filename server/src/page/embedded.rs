//! The files that were built into the binary. A debug build reads them from `dist` instead, so that
//! a new page needs no new server.

use rust_embed::RustEmbed;

use super::file::PageFile;

#[derive(RustEmbed)]
#[folder = "../dist"]
struct Dist;

/// The file at `path` in `dist`.
pub(super) fn find(path: &str) -> Option<PageFile> {
    let file = Dist::get(path)?;
    let hash = file.metadata.sha256_hash().into_iter().take(16);
    Some(PageFile { bytes: file.data, hash: hash.map(|byte| format!("{byte:02x}")).collect() })
}
