//! Compaction: a snapshot in place of the records that led to it, and these packed into segments.
//!
//! The snapshot is written in parts, which count only when the last transaction of it has named them.
//! From then on the room is loaded from it, and the records are moved one segment in a transaction. Who
//! is killed meanwhile leaves parts that nobody names, or records that are still to be moved: the next
//! compaction clears them away.

use rusqlite::{Connection, OptionalExtension, Transaction};
use sha2::{Digest, Sha256};
use shared::board::ReplicaSnapshot;
use shared::id::{ClientId, Incarnation, RoomName, Seq};

use super::damage;
use super::lives::{self, Bounds, Life};
use super::segment::Segment;
use super::updates::{COLUMNS, read_record};
use super::writer::{Fit, Write};
use crate::log::{Compacted, Record};

/// Bytes of a snapshot that one transaction writes: other rooms' commits wait for that.
const PART_BYTES: usize = 256 * 1024;

/// Bytes of updates in one segment, unless a single one is larger.
const SEGMENT_BYTES: usize = 128 * 1024;

/// Records in one segment.
const SEGMENT_RECORDS: i64 = 2000;

const FORMAT: i64 = 1;

/// The transactions that write a snapshot, in order; it counts after the last one. Each of them fits
/// only if the room is still in that life, and has records so far, and no later snapshot.
pub(super) fn put_snapshot(
    room: &RoomName,
    incarnation: Incarnation,
    compacted: &Compacted,
) -> Vec<Write> {
    let Compacted { seq, n_bytes, ticketed, replica } = compacted;
    let ids = ticketed.iter().flat_map(|id| id.value().to_le_bytes());
    let body: Vec<u8> = ids.chain(replica.state.iter().copied()).collect();
    let row = (
        seq.0.cast_signed(),
        FORMAT,
        n_bytes.cast_signed(),
        ticketed.len() as i64,
        replica.state.len() as i64,
        Sha256::digest(&body).to_vec(),
    );
    let seq = *seq;
    let parts = body.chunks(PART_BYTES).enumerate().map(|(part, bytes)| {
        let (room, bytes) = (room.clone(), bytes.to_vec());
        let write = move |transaction: &Transaction<'_>| {
            let Some(life) = find_compactable(transaction, &room, incarnation, seq)? else {
                return Ok(Fit::Unfit);
            };
            transaction.execute(
                "INSERT OR REPLACE INTO snapshot_parts (room, seq, part, bytes)
                 VALUES (?1, ?2, ?3, ?4)",
                (life.id, seq.0.cast_signed(), part as i64, &bytes[..]),
            )?;
            Ok(Fit::Fits)
        };
        Box::new(write) as Write
    });
    let mut writes: Vec<Write> = parts.collect();
    let room = room.clone();
    writes.push(Box::new(move |transaction| {
        let Some(life) = find_compactable(transaction, &room, incarnation, seq)? else {
            return Ok(Fit::Unfit);
        };
        let (seq, format, n_bytes, n_ticketed, n_state, digest) = &row;
        transaction.execute(
            "INSERT OR REPLACE INTO snapshots (room, seq, format, n_bytes, n_ticketed,
                 n_state_bytes, digest)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            (life.id, seq, format, n_bytes, n_ticketed, n_state, digest),
        )?;
        Ok(Fit::Fits)
    }));
    writes
}

fn find_compactable(
    transaction: &Transaction<'_>,
    room: &RoomName,
    incarnation: Incarnation,
    seq: Seq,
) -> rusqlite::Result<Option<Life>> {
    let Some(life) = lives::find_life(transaction, room, incarnation)? else { return Ok(None) };
    let is_later = snapshot_seq(transaction, life.id)?.is_none_or(|snapshot| snapshot < seq);
    Ok(Some(life).filter(|life| is_later && seq <= life.last))
}

fn snapshot_seq(connection: &Connection, id: i64) -> rusqlite::Result<Option<Seq>> {
    let mut select = connection.prepare_cached("SELECT seq FROM snapshots WHERE room = ?1")?;
    let seq = select.query_row([id], |row| row.get::<_, i64>(0)).optional()?;
    Ok(seq.map(|seq| Seq(seq.cast_unsigned())))
}

/// Reads a room's snapshot, if it has one, and sees that it is whole.
pub(super) fn read_snapshot(
    connection: &Connection,
    id: i64,
) -> rusqlite::Result<Option<Compacted>> {
    let mut select = connection.prepare_cached(
        "SELECT seq, format, n_bytes, n_ticketed, n_state_bytes, digest
         FROM snapshots WHERE room = ?1",
    )?;
    let row = select.query_row([id], |row| {
        let numbers = [0, 1, 2, 3, 4].map(|column| row.get::<_, i64>(column));
        Ok((numbers, row.get::<_, Vec<u8>>(5)?))
    });
    let Some((numbers, digest)) = row.optional()? else { return Ok(None) };
    let [seq, format, n_bytes, n_ticketed, n_state] = numbers;
    let (seq, format) = (seq?, format?);
    if format != FORMAT {
        return Err(damage(format!("a snapshot of format {format}")));
    }
    let damaged = || damage(format!("the snapshot at {seq} is not as it was written"));
    let length = |n: rusqlite::Result<i64>| usize::try_from(n?).map_err(|_| damaged());
    let n_ticketed = length(n_ticketed)?.checked_mul(8).ok_or_else(damaged)?;
    let n_body = n_ticketed.checked_add(length(n_state)?).ok_or_else(damaged)?;

    let mut body = Vec::new();
    let mut parts = connection.prepare_cached(
        "SELECT bytes FROM snapshot_parts WHERE room = ?1 AND seq = ?2 ORDER BY part",
    )?;
    let mut parts = parts.query((id, seq))?;
    // Beyond there may be some of a larger one that was never finished.
    while body.len() < n_body
        && let Some(part) = parts.next()?
    {
        body.extend_from_slice(part.get_ref(0)?.as_blob().map_err(|_| damaged())?);
    }
    if body.len() != n_body || Sha256::digest(&body)[..] != digest[..] {
        return Err(damaged());
    }
    let state = body.split_off(n_ticketed);
    let ticketed = body.as_chunks().0.iter().map(|id| ClientId::new(u64::from_le_bytes(*id)));
    Ok(Some(Compacted {
        seq: Seq(seq.cast_unsigned()),
        n_bytes: n_bytes?.cast_unsigned(),
        ticketed: ticketed.collect::<Option<_>>().ok_or_else(damaged)?,
        replica: ReplicaSnapshot { state },
    }))
}

/// Something that a compaction has left to do.
pub(super) enum Step {
    /// Records are packed, and to be moved.
    Move(Segment),
    /// Parts of replaced or unfinished snapshots are to be cleared away.
    Clear,
}

/// What is to be done next, if anything.
pub(super) fn next_step(
    connection: &mut Connection,
    room: &RoomName,
    incarnation: Incarnation,
) -> rusqlite::Result<Option<Step>> {
    let transaction = connection.transaction()?;
    let Some(life) = lives::find_life(&transaction, room, incarnation)? else { return Ok(None) };
    let Some(snapshot) = snapshot_seq(&transaction, life.id)? else { return Ok(None) };
    let records = some_records(&transaction, life.id, Seq::default(), snapshot)?;
    if !records.is_empty() {
        let segment = Segment::pack(&records).map_err(|error| damage(error.to_string()))?;
        return Ok(Some(Step::Move(segment)));
    }
    let has_parts = transaction
        .prepare_cached("SELECT 1 FROM snapshot_parts WHERE room = ?1 AND seq <> ?2")?
        .exists((life.id, snapshot.0.cast_signed()))?;
    Ok(has_parts.then_some(Step::Clear))
}

/// Does it.
pub(super) fn take_step(
    transaction: &Transaction<'_>,
    room: &RoomName,
    incarnation: Incarnation,
    step: &Step,
) -> rusqlite::Result<Fit> {
    let Some(life) = lives::find_life(transaction, room, incarnation)? else {
        return Ok(Fit::Unfit);
    };
    match step {
        Step::Move(segment) => {
            let (first, last) = (segment.first.0.cast_signed(), segment.last.0.cast_signed());
            transaction.execute(
                "INSERT INTO segments (room, first, last, n_bytes, bytes)
                 VALUES (?1, ?2, ?3, ?4, ?5)",
                (life.id, first, last, segment.n_bytes.cast_signed(), &segment.bytes),
            )?;
            let delete = "DELETE FROM updates WHERE room = ?1 AND seq BETWEEN ?2 AND ?3";
            transaction.execute(delete, (life.id, first, last))?;
        }
        Step::Clear => {
            let Some(seq) = snapshot_seq(transaction, life.id)? else { return Ok(Fit::Unfit) };
            lives::clear_parts(transaction, life.id, Some(seq), &mut Bounds::new())?;
        }
    }
    Ok(Fit::Fits)
}

/// Some of the records after `after`, archived or not.
pub(super) fn history(
    connection: &mut Connection,
    room: &RoomName,
    after: Seq,
) -> rusqlite::Result<Vec<Record>> {
    let transaction = connection.transaction()?;
    let Some(life) = lives::find(&transaction, room)? else { return Ok(Vec::new()) };
    let next = after.next().0.cast_signed();
    let segment = transaction
        .prepare_cached(
            "SELECT first, last, bytes FROM segments WHERE room = ?1 AND first <= ?2
             ORDER BY first DESC LIMIT 1",
        )?
        .query_row((life.id, next), |row| {
            Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?, row.get::<_, Vec<u8>>(2)?))
        })
        .optional()?;
    let Some((first, _, packed)) = segment.filter(|(_, last, _)| *last >= next) else {
        return some_records(&transaction, life.id, after, Seq(i64::MAX.cast_unsigned()));
    };
    let records = Segment::unpack(Seq(first.cast_unsigned()), &packed);
    let mut records = records.map_err(|error| damage(format!("segment {first}: {error}")))?;
    records.retain(|record| record.seq > after);
    Ok(records)
}

/// As many records of a log as make a segment, from those after `after` up to `up_to`.
fn some_records(
    connection: &Connection,
    id: i64,
    after: Seq,
    up_to: Seq,
) -> rusqlite::Result<Vec<Record>> {
    let select = format!(
        "SELECT {COLUMNS} FROM updates WHERE room = ?1 AND seq > ?2 AND seq <= ?3
         ORDER BY seq LIMIT ?4"
    );
    let mut select = connection.prepare_cached(&select)?;
    let (after, up_to) = (after.0.cast_signed(), up_to.0.cast_signed());
    let rows = select.query_map((id, after, up_to, SEGMENT_RECORDS), read_record)?;
    let mut records = Vec::new();
    let mut n_bytes = 0;
    for record in rows {
        let record: Record = record?;
        n_bytes += record.bytes.len();
        records.push(record);
        if n_bytes >= SEGMENT_BYTES {
            break;
        }
    }
    Ok(records)
}
