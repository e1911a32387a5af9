//! The tables, and how a database is opened that is new, old, or not one at all.

use std::fs;
use std::path::Path;

use rusqlite::{Connection, OpenFlags, Transaction};

use super::connection::{begin, open_writer};
use super::{StoreError, unreadable};
use crate::ticket::{SECRET_BYTES, Secret};

/// The schema below; kept in the database's `user_version`.
const VERSION: i64 = 2;

/// As the first version made them.
const TABLES_1: &str = "
    CREATE TABLE meta (
        key TEXT PRIMARY KEY,
        value BLOB NOT NULL
    ) STRICT, WITHOUT ROWID;
    -- One for each life of a room that has left something. The last one has the room's name; those
    -- that are still to be cleared away are called # and their number.
    CREATE TABLE rooms (
        id INTEGER PRIMARY KEY,
        name TEXT NOT NULL UNIQUE,
        incarnation INTEGER NOT NULL,
        created INTEGER NOT NULL  -- milliseconds since 1970, as is updates.time
    ) STRICT;
    CREATE TABLE updates (
        room INTEGER NOT NULL REFERENCES rooms (id),
        seq INTEGER NOT NULL,
        time INTEGER NOT NULL,
        author INTEGER NOT NULL,  -- 0 is nobody with a ticket
        bytes BLOB NOT NULL,
        PRIMARY KEY (room, seq)
    ) STRICT, WITHOUT ROWID;
";

/// What the second version adds. Updates up to a room's snapshot are not part of its log any more: they
/// are on their way to its segments.
const TABLES_2: &str = "
    -- The first 8 bytes of the SHA-256 of the other values; none is of the first version.
    ALTER TABLE updates ADD COLUMN digest INTEGER;
    CREATE TABLE snapshots (
        room INTEGER PRIMARY KEY REFERENCES rooms (id),
        seq INTEGER NOT NULL,           -- the last update that it holds
        format INTEGER NOT NULL,        -- 1: ticketed client ids of 8 bytes, Yjs v2
        n_bytes INTEGER NOT NULL,       -- of all those updates
        n_ticketed INTEGER NOT NULL,
        n_state_bytes INTEGER NOT NULL,
        digest BLOB NOT NULL            -- SHA-256 of the parts, one after the other
    ) STRICT;
    -- Those of another seq than their snapshot's belong to one that was replaced, or not finished.
    CREATE TABLE snapshot_parts (
        room INTEGER NOT NULL REFERENCES rooms (id),
        seq INTEGER NOT NULL,
        part INTEGER NOT NULL,          -- from 0
        bytes BLOB NOT NULL,
        PRIMARY KEY (room, seq, part)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE segments (
        room INTEGER NOT NULL REFERENCES rooms (id),
        first INTEGER NOT NULL,         -- the first and the last seq that it holds
        last INTEGER NOT NULL,
        n_bytes INTEGER NOT NULL,       -- of all those updates
        bytes BLOB NOT NULL,            -- zstd; what is inside is said in segment.rs
        PRIMARY KEY (room, first)
    ) STRICT, WITHOUT ROWID;
";

/// Opens the database for writing; makes it if it is missing, and brings an old one up to date.
pub(super) fn open(file: &Path) -> Result<Connection, StoreError> {
    refuse_remains(file)?;
    open_as(file, OpenFlags::SQLITE_OPEN_CREATE)
}

/// Opens a database again that has been open before.
pub(super) fn reopen(file: &Path) -> Result<Connection, StoreError> {
    open_as(file, OpenFlags::empty())
}

fn open_as(file: &Path, flags: OpenFlags) -> Result<Connection, StoreError> {
    let failed = |error: rusqlite::Error| unreadable(file, &error);
    let mut connection = open_writer(file, flags).map_err(failed)?;
    match migrate(&mut connection).map_err(failed)? {
        VERSION => Ok(connection),
        version => Err(StoreError::Newer { file: file.to_owned(), version }),
    }
}

/// SQLite takes an empty file for a new database, and removes the log beside it; but that log is of a
/// database that has been lost.
fn refuse_remains(file: &Path) -> Result<(), StoreError> {
    let n_bytes = |file: &Path| fs::metadata(file).map_or(0, |it| it.len());
    let mut log = file.as_os_str().to_owned();
    log.push("-wal");
    if n_bytes(file) == 0 && n_bytes(log.as_ref()) > 0 {
        let why = "it is empty, but its log is not".into();
        return Err(StoreError::Damaged { file: file.to_owned(), why });
    }
    Ok(())
}

/// Makes the tables that are missing; answers the schema's version.
fn migrate(connection: &mut Connection) -> rusqlite::Result<i64> {
    let version = version_of(connection)?;
    if !(0..VERSION).contains(&version) {
        return Ok(version);
    }
    // All or nothing: a server that is killed meanwhile leaves the old version.
    let transaction = begin(connection)?;
    if version < 1 {
        transaction.execute_batch(TABLES_1)?;
    }
    transaction.execute_batch(TABLES_2)?;
    transaction.pragma_update(None, "user_version", VERSION)?;
    transaction.commit()?;
    Ok(VERSION)
}

fn version_of(connection: &Connection) -> rusqlite::Result<i64> {
    connection.pragma_query_value(None, "user_version", |row| row.get(0))
}

/// The secret; made the first time.
pub(super) fn secret(connection: &mut Connection) -> rusqlite::Result<Secret> {
    let transaction = begin(connection)?;
    let select = "SELECT value FROM meta WHERE key = 'secret'";
    let secret = match transaction.query_row(select, [], |row| row.get(0)) {
        Err(rusqlite::Error::QueryReturnedNoRows) => {
            let mut fresh = [0; SECRET_BYTES];
            getrandom::fill(&mut fresh)
                .map_err(|error| rusqlite::Error::ToSqlConversionFailure(Box::new(error)))?;
            put_meta(&transaction, "secret", &fresh)?;
            fresh
        }
        found => found?,
    };
    transaction.commit()?;
    Ok(Secret::new(secret))
}

/// Writes something of the store's own.
pub(super) fn put_meta(
    transaction: &Transaction<'_>,
    key: &str,
    value: &[u8],
) -> rusqlite::Result<()> {
    let put = "INSERT INTO meta (key, value) VALUES (?1, ?2)
               ON CONFLICT (key) DO UPDATE SET value = excluded.value";
    transaction.execute(put, (key, value))?;
    Ok(())
}
