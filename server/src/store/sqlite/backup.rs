//! A copy of the whole database, as it is at one moment.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io;
use std::path::Path;

use rusqlite::Connection;

/// Writes the copy, synced, under its name only when it is whole. Other connections go on meanwhile,
/// but the log of what they write cannot be emptied and grows.
pub(super) fn copy(connection: &Connection, to: &Path) -> io::Result<()> {
    if to.try_exists()? {
        return Err(io::ErrorKind::AlreadyExists.into());
    }
    let mut unfinished = OsString::from(to);
    unfinished.push(".unfinished");
    let unfinished = Path::new(&unfinished);
    remove(unfinished)?;
    let copied = copy_to(connection, unfinished)
        .and_then(|()| fs::rename(unfinished, to))
        .and_then(|()| sync_folder(to));
    if copied.is_err() {
        // What went wrong first is what counts.
        remove(unfinished).ok();
    }
    copied
}

fn copy_to(connection: &Connection, to: &Path) -> io::Result<()> {
    let name = to.to_str().ok_or(io::ErrorKind::InvalidFilename)?;
    connection.execute("VACUUM INTO ?1", [name]).map_err(io::Error::other)?;
    File::open(to)?.sync_all()
}

fn sync_folder(file: &Path) -> io::Result<()> {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
    File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
}

fn remove(file: &Path) -> io::Result<()> {
    match fs::remove_file(file) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}
