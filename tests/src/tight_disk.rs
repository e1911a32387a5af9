//! A disk that is full while a test says so. By default no file of the server may grow any more, which
//! needs no rights; with `TANDEM_TMPFS=1` it is a small file system of its own, which root can mount.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use rustix::process::{Pid, Resource, Rlimit, prlimit};
use tempfile::TempDir;

use crate::{ServerProcess, number_from};

/// How much more can be written when it is about to be full, in bytes.
const LEFT: u64 = 64 * 1024;

/// The whole small file system, as `mount` calls it and in bytes.
const SIZE: (&str, u64) = ("size=3m", 3 * 1024 * 1024);

/// A disk for one server.
pub enum TightDisk {
    /// The machine's, and a limit for the size of files.
    Limit,
    /// One of its own. What fills it lies beside the server's folder.
    Own(TempDir),
}

impl TightDisk {
    /// Makes one with room enough.
    pub fn new() -> Self {
        if number_from("TANDEM_TMPFS", 0) == 0 {
            return Self::Limit;
        }
        let folder = tempfile::tempdir().unwrap();
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", SIZE.0, "none"]).arg(folder.path());
        assert!(mount.status().unwrap().success(), "only root can mount");
        Self::Own(folder)
    }

    /// Starts a server on it.
    pub async fn start(&self) -> ServerProcess {
        match self {
            Self::Limit => ServerProcess::start().await,
            Self::Own(folder) => ServerProcess::start_in(&folder.path().join("data")).await,
        }
    }

    /// Lets little more be written.
    pub fn fill(&self, server: &ServerProcess) {
        let files = || fs::read_dir(server.data()).unwrap().map(|file| file.unwrap());
        let sizes = || files().map(|file| file.metadata().unwrap().len());
        match self {
            Self::Limit => limit(server, Some(sizes().max().unwrap_or_default() + LEFT)),
            Self::Own(folder) => {
                let n_free = SIZE.1.saturating_sub(sizes().sum::<u64>() + LEFT);
                fs::write(ballast(folder), vec![1; n_free as usize]).unwrap();
            }
        }
    }

    /// Gives the space back.
    pub fn free(&self, server: &ServerProcess) {
        match self {
            Self::Limit => limit(server, None),
            Self::Own(folder) => fs::remove_file(ballast(folder)).unwrap(),
        }
    }
}

impl Default for TightDisk {
    fn default() -> Self {
        Self::new()
    }
}

impl Drop for TightDisk {
    fn drop(&mut self) {
        if let Self::Own(folder) = self {
            // Lazily, for the server may still be on its way out.
            Command::new("umount").arg("--lazy").arg(folder.path()).status().ok();
        }
    }
}

fn ballast(folder: &TempDir) -> PathBuf {
    folder.path().join("ballast")
}

/// No file of the server grows beyond so many bytes from now on.
fn limit(server: &ServerProcess, n_bytes: Option<u64>) {
    let id = Pid::from_raw(server.id().cast_signed());
    prlimit(id, Resource::Fsize, Rlimit { current: n_bytes, maximum: None }).unwrap();
}
