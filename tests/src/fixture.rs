//! Real drawings, kept beside the tests of the importer.

use std::path::Path;

/// The text of the drawing at `path`, such as `excalidrawlib/ferminrp_post-it.excalidrawlib`.
pub fn fixture(path: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/tests/fixtures");
    let file = folder.join(path);
    std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}
