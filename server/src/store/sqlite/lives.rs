//! The lives of rooms: found by name, ended, cleared away, listed.

use rusqlite::{Connection, OptionalExtension, Transaction};
use shared::id::{Incarnation, RoomName, Seq};

use super::writer::Fit;

/// Bytes of updates and the like that are cleared away in one transaction, about.
const CLEAR_BYTES: i64 = 1024 * 1024;

/// Rows that are cleared away in one transaction.
const CLEAR_ROWS: i64 = 1000;

/// Most names that are listed together.
const NAMES_TOGETHER: i64 = 1000;

/// The present life of a room.
pub(super) struct Life {
    pub id: i64,
    pub incarnation: Incarnation,
    /// The last record of its log, archived or not.
    pub last: Seq,
}

/// The present life of a room, if it has left anything.
pub(super) fn find(connection: &Connection, room: &RoomName) -> rusqlite::Result<Option<Life>> {
    let mut select = connection.prepare_cached(
        "SELECT id, incarnation, max(
             coalesce((SELECT max(seq) FROM updates WHERE room = rooms.id), 0),
             coalesce((SELECT seq FROM snapshots WHERE room = rooms.id), 0)
         ) FROM rooms WHERE name = ?1",
    )?;
    let life = |row: &rusqlite::Row<'_>| {
        Ok(Life {
            id: row.get(0)?,
            incarnation: Incarnation(row.get::<_, i64>(1)?.cast_unsigned()),
            last: Seq(row.get::<_, i64>(2)?.cast_unsigned()),
        })
    };
    select.query_row([room.as_str()], life).optional()
}

/// Finds a life that goes on.
pub(super) fn find_life(
    connection: &Connection,
    room: &RoomName,
    incarnation: Incarnation,
) -> rusqlite::Result<Option<Life>> {
    Ok(find(connection, room)?.filter(|life| life.incarnation == incarnation))
}

/// Begins the first life of a room.
pub(super) fn begin(
    transaction: &Transaction<'_>,
    room: &RoomName,
    incarnation: Incarnation,
    created: i64,
) -> rusqlite::Result<i64> {
    transaction
        .prepare_cached("INSERT INTO rooms (name, incarnation, created) VALUES (?1, ?2, ?3)")?
        .execute((room.as_str(), incarnation.0.cast_signed(), created))?;
    Ok(transaction.last_insert_rowid())
}

/// The number of a life that nobody knows; `None` if the system has no randomness.
pub(super) fn fresh_incarnation() -> Option<Incarnation> {
    getrandom::u64().ok().map(Incarnation)
}

/// Ends a room's life. What it has left is out of reach at once, and cleared away later.
pub(super) fn end(
    transaction: &Transaction<'_>,
    room: &RoomName,
    next: Incarnation,
) -> rusqlite::Result<Fit> {
    transaction.execute("UPDATE rooms SET name = '#' || id WHERE name = ?1", [room.as_str()])?;
    begin(transaction, room, next, 0)?;
    Ok(Fit::Leaves)
}

/// Clears away some of what ended lives have left; `false` if there is nothing.
pub(super) fn clear(transaction: &Transaction<'_>) -> rusqlite::Result<bool> {
    // All names of rooms come after #, and no other name does.
    let select = "SELECT id FROM rooms WHERE name >= '#' AND name < '$' LIMIT 1";
    let ended = transaction.query_row(select, [], |row| row.get::<_, i64>(0)).optional()?;
    let Some(id) = ended else { return Ok(false) };
    let mut left = Bounds::new();
    for (table, key) in [("updates", "seq"), ("segments", "first")] {
        clear_table(transaction, table, key, id, &mut left)?;
    }
    clear_parts(transaction, id, None, &mut left)?;
    if left.are_kept() {
        transaction.execute("DELETE FROM snapshots WHERE room = ?1", [id])?;
        transaction.execute("DELETE FROM rooms WHERE id = ?1", [id])?;
    }
    Ok(true)
}

/// How much may still be cleared away in a transaction.
pub(super) struct Bounds {
    rows: i64,
    bytes: i64,
}

impl Bounds {
    pub(super) fn new() -> Self {
        Self { rows: CLEAR_ROWS, bytes: CLEAR_BYTES }
    }

    pub(super) fn are_kept(&self) -> bool {
        self.rows > 0 && self.bytes > 0
    }
}

fn clear_table(
    transaction: &Transaction<'_>,
    table: &str,
    key: &str,
    id: i64,
    left: &mut Bounds,
) -> rusqlite::Result<()> {
    while left.are_kept() {
        let select = format!("SELECT {key}, length(bytes) FROM {table} WHERE room = ?1 LIMIT 1");
        let first = transaction
            .prepare_cached(&select)?
            .query_row([id], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?)))
            .optional()?;
        let Some((first, n_bytes)) = first else { return Ok(()) };
        let delete = format!("DELETE FROM {table} WHERE room = ?1 AND {key} = ?2");
        transaction.prepare_cached(&delete)?.execute((id, first))?;
        left.rows -= 1;
        left.bytes -= n_bytes;
    }
    Ok(())
}

/// Clears away parts of snapshots, but for those of one.
pub(super) fn clear_parts(
    transaction: &Transaction<'_>,
    id: i64,
    but: Option<Seq>,
    left: &mut Bounds,
) -> rusqlite::Result<()> {
    let but = but.map_or(-1, |seq| seq.0.cast_signed());
    while left.are_kept() {
        let first = transaction
            .prepare_cached(
                "SELECT seq, part, length(bytes) FROM snapshot_parts
                 WHERE room = ?1 AND seq <> ?2 LIMIT 1",
            )?
            .query_row((id, but), |row| {
                Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?, row.get::<_, i64>(2)?))
            })
            .optional()?;
        let Some((seq, part, n_bytes)) = first else { return Ok(()) };
        transaction
            .prepare_cached(
                "DELETE FROM snapshot_parts WHERE room = ?1 AND seq = ?2 AND part = ?3",
            )?
            .execute((id, seq, part))?;
        left.rows -= 1;
        left.bytes -= n_bytes;
    }
    Ok(())
}

/// Some names of rooms that hold anything.
pub(super) fn list(
    connection: &Connection,
    after: Option<&RoomName>,
) -> rusqlite::Result<Vec<RoomName>> {
    let mut select = connection.prepare_cached(
        "SELECT name FROM rooms WHERE name > ?1 AND (
             EXISTS (SELECT 1 FROM updates WHERE room = rooms.id)
             OR EXISTS (SELECT 1 FROM snapshots WHERE room = rooms.id)
         ) ORDER BY name LIMIT ?2",
    )?;
    // Before all names of rooms, and after those of ended lives.
    let after = after.map_or("$", RoomName::as_str);
    let names = select.query_map((after, NAMES_TOGETHER), |row| row.get::<_, String>(0))?;
    names.map(|name| RoomName::parse(&name?).map_err(|it| super::damage(it.to_string()))).collect()
}
