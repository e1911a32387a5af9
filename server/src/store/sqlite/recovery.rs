//! Back to a database that can be trusted, after a commit has failed.
//!
//! When a sync fails, the system may take pages for written that never reached the disk, and no later
//! sync writes them. So nothing that was written lately counts until it was written once more.

use std::fs::OpenOptions;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;

use rusqlite::Connection;

use super::connection::{begin, checkpoint};
use super::{StoreError, schema, unreadable};

/// Bytes of the log that are written anew together.
const BLOCK_BYTES: usize = 256 * 1024;

/// Opens the database again, if it can be written to. Nobody else may have it open for writing.
///
/// The log of what was committed is written anew, byte by byte, and synced. What is in it can then be
/// copied into the database without a moment at which neither of the two is whole on the disk. Of a
/// commit that failed the log may hold all, or nothing.
pub(super) fn recover(file: &Path) -> Result<Connection, StoreError> {
    let failed = |why: String| StoreError::Database { file: file.to_owned(), why };
    let mut log = file.as_os_str().to_owned();
    log.push("-wal");
    rewrite(log.as_ref()).map_err(|error| failed(error.to_string()))?;
    let mut connection = schema::reopen(file)?;
    let proven = checkpoint(&connection).and_then(|()| probe(&mut connection));
    proven.map_err(|error| unreadable(file, &error))?;
    Ok(connection)
}

/// Commits something, to see that it works.
fn probe(connection: &mut Connection) -> rusqlite::Result<()> {
    let transaction = begin(connection)?;
    // Other bytes each time: what stays the same is not written.
    let bytes = fastrand::u64(..).to_le_bytes();
    schema::put_meta(&transaction, "probe", &bytes)?;
    transaction.commit()
}

/// Writes a file's bytes over themselves and syncs it, so that the system has to write them all.
fn rewrite(file: &Path) -> io::Result<()> {
    let mut file = match OpenOptions::new().read(true).write(true).open(file) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        file => file?,
    };
    // No further than the file is long now, however long it seems to be.
    let mut left = file.metadata()?.len();
    let mut at = 0;
    let mut block = vec![0; BLOCK_BYTES];
    while left > 0 {
        let n = left.min(block.len() as u64) as usize;
        file.seek(SeekFrom::Start(at))?;
        file.read_exact(&mut block[..n])?;
        file.seek(SeekFrom::Start(at))?;
        file.write_all(&block[..n])?;
        at += n as u64;
        left -= n as u64;
    }
    file.sync_all()
}
