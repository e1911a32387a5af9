//! The tables, how a database is opened, and every statement that reads or writes it.

use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags, OptionalExtension, Transaction, TransactionBehavior};
use shared::id::{ClientId, Incarnation, RoomName, Seq};
use shared::time::Time;

use super::{Append, StoreError};
use crate::log::{Log, Record};
use crate::ticket::{SECRET_BYTES, Secret};

/// The schema below; kept in the database's `user_version`.
const VERSION: i64 = 1;

const TABLES: &str = "
    CREATE TABLE meta (
        key TEXT PRIMARY KEY,
        value BLOB NOT NULL
    ) STRICT, WITHOUT ROWID;
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

/// How long one connection waits for the other's lock; with WAL only checkpoints ever wait.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// What an unreadable database is reported as.
pub(super) fn unreadable(file: &Path, error: &rusqlite::Error) -> StoreError {
    StoreError::Database { file: file.to_owned(), why: error.to_string() }
}

/// Opens the database for writing; makes it if it is missing.
pub(super) fn open(file: &Path) -> Result<Connection, StoreError> {
    let failed = |error: rusqlite::Error| unreadable(file, &error);
    let mut connection = Connection::open(file).map_err(failed)?;
    match prepare(&mut connection).map_err(failed)? {
        VERSION => Ok(connection),
        version => Err(StoreError::Newer { file: file.to_owned(), version }),
    }
}

/// Opens a second connection that only reads.
pub(super) fn open_reader(file: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(file, flags)?;
    connection.busy_timeout(BUSY_TIMEOUT)?;
    Ok(connection)
}

/// Sets the connection up and makes the tables of an empty database; answers the schema's version.
fn prepare(connection: &mut Connection) -> rusqlite::Result<i64> {
    connection.busy_timeout(BUSY_TIMEOUT)?;
    connection.pragma_update(None, "journal_mode", "wal")?;
    connection.pragma_update(None, "synchronous", "full")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    let version = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    if version != 0 {
        return Ok(version);
    }
    let transaction = begin(connection)?;
    transaction.execute_batch(TABLES)?;
    transaction.pragma_update(None, "user_version", VERSION)?;
    transaction.commit()?;
    Ok(VERSION)
}

/// Begins a transaction that is going to write.
pub(super) fn begin(connection: &mut Connection) -> rusqlite::Result<Transaction<'_>> {
    connection.transaction_with_behavior(TransactionBehavior::Immediate)
}

/// The secret; made the first time.
pub(super) fn secret(connection: &mut Connection) -> rusqlite::Result<Secret> {
    let mut fresh = [0; SECRET_BYTES];
    getrandom::fill(&mut fresh)
        .map_err(|error| rusqlite::Error::ToSqlConversionFailure(Box::new(error)))?;
    let insert = "INSERT INTO meta (key, value) VALUES ('secret', ?1) ON CONFLICT DO NOTHING";
    connection.execute(insert, [fresh])?;
    let select = "SELECT value FROM meta WHERE key = 'secret'";
    connection.query_row(select, [], |row| row.get(0)).map(Secret::new)
}

/// Whether records follow on what a room's log has. After a failed commit the room may have sent more
/// already, and a log with a hole could never be read again.
pub(super) fn is_next(transaction: &Transaction<'_>, append: &Append) -> rusqlite::Result<bool> {
    let last: i64 = transaction
        .prepare_cached(
            "SELECT coalesce(max(seq), 0) FROM updates JOIN rooms ON rooms.id = updates.room
             WHERE rooms.name = ?1",
        )?
        .query_row([append.room.as_str()], |row| row.get(0))?;
    let follows = |record: &Record| record.seq == Seq(last.cast_unsigned()).next();
    Ok(append.records.first().is_none_or(follows))
}

/// Writes records into a transaction.
pub(super) fn append(transaction: &Transaction<'_>, append: &Append) -> rusqlite::Result<()> {
    let Append { room, incarnation, records, done: _ } = append;
    let mut insert = transaction.prepare_cached(
        "INSERT INTO updates (room, seq, time, author, bytes)
         SELECT id, ?2, ?3, ?4, ?5 FROM rooms WHERE name = ?1",
    )?;
    for Record { seq, time, author, bytes } in records {
        let time = time.0.cast_signed();
        if *seq == Seq::default().next() {
            let life = incarnation.0.cast_signed();
            transaction
                .prepare_cached(
                    "INSERT INTO rooms (name, incarnation, created) VALUES (?1, ?2, ?3)",
                )?
                .execute((room.as_str(), life, time))?;
        }
        let author = author.map_or(0, ClientId::value).cast_signed();
        insert.execute((room.as_str(), seq.0.cast_signed(), time, author, &bytes[..]))?;
        if transaction.changes() != 1 {
            return Err(rusqlite::Error::StatementChangedRows(0));
        }
    }
    Ok(())
}

/// Reads a room's log.
pub(super) fn read_log(
    connection: &mut Connection,
    room: &RoomName,
) -> rusqlite::Result<Option<Log>> {
    // One transaction, so that both statements see the same moment.
    let transaction = connection.transaction()?;
    let select = "SELECT id, incarnation FROM rooms WHERE name = ?1";
    let found = transaction
        .query_row(select, [room.as_str()], |row| Ok((row.get::<_, i64>(0)?, row.get(1)?)))
        .optional()?;
    let Some((id, incarnation)) = found else { return Ok(None) };
    let mut select = transaction.prepare_cached(
        "SELECT seq, time, author, bytes FROM updates WHERE room = ?1 ORDER BY seq",
    )?;
    let out_of_range =
        |author: u64| rusqlite::Error::IntegralValueOutOfRange(2, author.cast_signed());
    let records = select.query_map([id], |row| {
        let author = row.get::<_, i64>(2)?.cast_unsigned();
        Ok(Record {
            seq: Seq(row.get::<_, i64>(0)?.cast_unsigned()),
            time: Time(row.get::<_, i64>(1)?.cast_unsigned()),
            author: match author {
                0 => None,
                _ => Some(ClientId::new(author).ok_or_else(|| out_of_range(author))?),
            },
            bytes: row.get::<_, Vec<u8>>(3)?.into(),
        })
    })?;
    let records = records.collect::<rusqlite::Result<_>>()?;
    let incarnation = Incarnation(i64::cast_unsigned(incarnation));
    Ok(Some(Log { incarnation, records }))
}
