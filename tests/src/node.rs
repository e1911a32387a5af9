//! Node.js and the npm packages in `tests/yjs`, for stories about programs that are not ours.

use std::path::{Path, PathBuf};
use std::process::Stdio;

use tokio::process::Command;

/// A program of `tests/yjs`, to be started with arguments of its own. It ends when it is dropped, and
/// what it complains about goes where the test's own words go.
pub fn node(program: &str) -> Command {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("yjs");
    assert!(
        folder.join("node_modules/.package-lock.json").is_file(),
        "the Yjs stories need npm packages in {}: `cargo xtask test` installs them, or run \
         `npm ci --ignore-scripts` there",
        folder.display()
    );
    let mut command = Command::new(find());
    command.arg(folder.join(program));
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).kill_on_drop(true);
    command
}

fn find() -> PathBuf {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let file = format!("node{}", std::env::consts::EXE_SUFFIX);
    let mut candidates = std::env::split_paths(&path).map(|folder| folder.join(&file));
    candidates.find(|candidate| candidate.is_file()).expect(
        "the Yjs stories need Node.js 18 or newer, and there is no `node` on PATH: \
         `cargo xtask test` installs it on Debian",
    )
}
