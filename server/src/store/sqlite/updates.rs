//! The rows of rooms' logs: appended, and read back with proof that they are what was appended.

use rusqlite::{Connection, Row, Transaction};
use sha2::{Digest, Sha256};
use shared::id::{ClientId, Incarnation, RoomName, Seq};
use shared::time::Time;

use super::writer::Fit;
use super::{archive, damage, lives};
use crate::log::{Log, Record};
use crate::store::follows;

/// The columns of a record, in the order in which [`read_record`] expects them.
pub(super) const COLUMNS: &str = "seq, time, author, bytes, digest";

/// Writes records into a transaction, if they follow what is there.
pub(super) fn append(
    transaction: &Transaction<'_>,
    room: &RoomName,
    incarnation: Incarnation,
    records: &[Record],
) -> rusqlite::Result<Fit> {
    let life = lives::find(transaction, room)?;
    if !follows(incarnation, records, life.as_ref().map(|life| (life.incarnation, life.last))) {
        return Ok(Fit::Unfit);
    }
    let Some(first) = records.first() else { return Ok(Fit::Fits) };
    let id = match life {
        Some(life) => life.id,
        None => lives::begin(transaction, room, incarnation, first.time.0.cast_signed())?,
    };
    let mut insert = transaction.prepare_cached(
        "INSERT INTO updates (room, seq, time, author, bytes, digest)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?;
    for record in records {
        let Record { seq, time, author, bytes } = record;
        let author = author.map_or(0, ClientId::value).cast_signed();
        let (seq, time) = (seq.0.cast_signed(), time.0.cast_signed());
        insert.execute((id, seq, time, author, &bytes[..], digest(record)))?;
    }
    Ok(Fit::Fits)
}

/// Reads a room's log.
pub(super) fn read_log(
    connection: &mut Connection,
    room: &RoomName,
) -> rusqlite::Result<Option<Log>> {
    // One transaction, so that all statements see the same moment.
    let transaction = connection.transaction()?;
    let Some(life) = lives::find(&transaction, room)? else { return Ok(None) };
    let compacted = archive::read_snapshot(&transaction, life.id)?;
    let after = compacted.as_ref().map_or(Seq::default(), |it| it.seq);
    let select = format!("SELECT {COLUMNS} FROM updates WHERE room = ?1 AND seq > ?2 ORDER BY seq");
    let mut select = transaction.prepare_cached(&select)?;
    let records = select.query_map((life.id, after.0.cast_signed()), read_record)?;
    let records = records.collect::<rusqlite::Result<_>>()?;
    Ok(Some(Log { incarnation: life.incarnation, compacted, records }))
}

/// Reads a record, and sees that it is whole.
pub(super) fn read_record(row: &Row<'_>) -> rusqlite::Result<Record> {
    let author = row.get::<_, i64>(2)?.cast_unsigned();
    let record = Record {
        seq: Seq(row.get::<_, i64>(0)?.cast_unsigned()),
        time: Time(row.get::<_, i64>(1)?.cast_unsigned()),
        author: match author {
            0 => None,
            _ => Some(ClientId::new(author).ok_or_else(|| damage("no client id"))?),
        },
        bytes: row.get::<_, Vec<u8>>(3)?.into(),
    };
    // The first version of the schema had none.
    match row.get::<_, Option<i64>>(4)? {
        Some(noted) if noted != digest(&record) => {
            Err(damage(format!("record {} is not as it was written", record.seq.0)))
        }
        Some(_) | None => Ok(record),
    }
}

/// What is kept beside a record to tell whether it has changed.
fn digest(record: &Record) -> i64 {
    let Record { seq, time, author, bytes } = record;
    let mut hash = Sha256::new();
    for number in [seq.0, time.0, author.map_or(0, ClientId::value)] {
        hash.update(number.to_le_bytes());
    }
    hash.update(bytes);
    let hash = hash.finalize();
    hash.iter().take(8).fold(0, |number, &byte| number << 8 | i64::from(byte))
}
