//! `bench store`: how long a large board takes to load before and after compaction, what its history
//! costs, and how long people wait for the disk.

mod acks;
mod board;
mod disk;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use server::log::{Log, Record};
use server::room::Document;
use server::store::{Append, SqliteStore, Store};
use shared::id::{Incarnation, RoomName};
use tokio::runtime::{Builder, Runtime};

use crate::histogram::Histogram;
use crate::machine;
use crate::process::Server;
use crate::report::say;
use acks::Acks;

/// The board's name.
const ROOM: &str = "large";

/// How often the board is loaded. The quickest counts: the others had to wait for somebody else.
const LOADS: usize = 11;

/// Records that are appended together when the board is written.
const TOGETHER: usize = 200;

/// How large, how long, and with what.
#[derive(clap::Args)]
pub struct Flags {
    /// Elements on the board.
    #[arg(long, default_value_t = 10_000)]
    elements: usize,

    /// Edits that led to it.
    #[arg(long, default_value_t = 100_000)]
    edits: usize,

    /// Seconds for which acknowledgements are measured.
    #[arg(long, default_value_t = 30, value_parser = clap::value_parser!(u64).range(1..=300))]
    seconds: u64,

    /// The program `tandem`.
    #[arg(long, default_value = "target/release/tandem", env = "TANDEM_BIN")]
    tandem: PathBuf,
}

/// Measures everything and prints it.
pub fn run(flags: &Flags) -> Result<()> {
    ensure!(flags.elements >= 1 && flags.edits >= flags.elements, "each element is one edit");
    say(&machine::description());
    let runtime = Builder::new_current_thread().build()?;
    let folder = tempfile::tempdir().context("making a folder for the data")?;
    let (data, kept) = (folder.path().join("data"), folder.path().join("kept"));

    write_board(&runtime, &data, flags)?;
    copy(&data, &kept)?;
    say(&format!("\nA board of {} elements and {} edits:\n", flags.elements, flags.edits));
    measure_board(&runtime, &data)?;

    say("\nWaiting for the disk:\n\n| what | p50 ms | p99 ms |\n| --- | --- | --- |");
    say(&row("200 bytes appended and synced, alone", &disk::appends(folder.path())?));
    let (seconds, acks) = (Duration::from_secs(flags.seconds), acks::Load::default());
    let empty = folder.path().join("empty");
    say(&row(&format!("acknowledgement, {acks}"), &serve(flags, &empty, acks, seconds, None)?.all));
    let Acks { all, .. } = serve(flags, &kept, acks, seconds, Some(ROOM))?;
    say(&row("the same while the board above is loaded and compacted", &all));
    Ok(())
}

fn row(what: &str, waits: &Histogram) -> String {
    let ms = |share| waits.quantile(share).map_or(0.0, |micros| micros as f64 / 1000.0);
    format!("| {what} | {:.2} | {:.2} |", ms(0.5), ms(0.99))
}

/// Writes all edits into a new store.
fn write_board(runtime: &Runtime, data: &Path, flags: &Flags) -> Result<()> {
    let store = SqliteStore::open(data)?;
    let (room, incarnation) = (room()?, store.secret().first_incarnation(&room()?));
    let records = board::records(flags.elements, flags.edits);
    for records in records.chunks(TOGETHER) {
        runtime.block_on(append(&store, &room, incarnation, records.to_vec()))?;
    }
    Ok(())
}

async fn append(
    store: &impl Store,
    room: &RoomName,
    incarnation: Incarnation,
    records: Vec<Record>,
) -> Result<()> {
    let (done, result) = tokio::sync::oneshot::channel();
    let done = Box::new(move |committed| {
        // Who waits is still there.
        let _ = done.send(committed);
    });
    store.append(Append { room: room.clone(), incarnation, records, done }).await?;
    Ok(result.await??)
}

fn measure_board(runtime: &Runtime, data: &Path) -> Result<()> {
    let store = SqliteStore::open(data)?;
    let before = measure_load(runtime, &store)?;
    let (log, _) = load(runtime, &store)?;
    let n_bytes = log.n_bytes();

    let began = Instant::now();
    let document = Document::from_log(&log)?;
    let compacted = document.compacted()?;
    let making = began.elapsed();
    let n_snapshot = compacted.size();
    let archived = runtime.block_on(store.compact(&room()?, log.incarnation, compacted))?;
    let compaction = began.elapsed();
    let after = measure_load(runtime, &store)?;

    let ms = |time: Duration| format!("{:.0} ms", time.as_secs_f64() * 1000.0);
    say("| what | |\n| --- | --- |");
    say(&format!("| load by its log: read and replay | {} |", ms(before)));
    say(&format!("| compaction | {} |", ms(compaction)));
    say(&format!("| of it making the snapshot and reading it again | {} |", ms(making)));
    say(&format!("| load by its snapshot | {} |", ms(after)));
    say(&format!("| updates in the log | {n_bytes} bytes |"));
    say(&format!("| snapshot | {n_snapshot} bytes |"));
    say(&format!("| archive | {} bytes |", archived.n_stored_bytes));
    Ok(())
}

/// The time from asking the store to a document that can be edited.
fn measure_load(runtime: &Runtime, store: &SqliteStore) -> Result<Duration> {
    let mut quickest = Duration::MAX;
    for _ in 0..LOADS {
        let began = Instant::now();
        let (_, document) = load(runtime, store)?;
        quickest = quickest.min(began.elapsed());
        drop(document);
    }
    Ok(quickest)
}

fn load(runtime: &Runtime, store: &SqliteStore) -> Result<(Log, Document)> {
    let log = runtime.block_on(store.load(&room()?))?.context("the board is missing")?;
    let document = Document::from_log(&log)?;
    Ok((log, document))
}

fn room() -> Result<RoomName> {
    Ok(RoomName::parse(ROOM)?)
}

/// Starts a server on a folder, and measures how long it takes to acknowledge.
fn serve(
    flags: &Flags,
    data: &Path,
    load: acks::Load,
    time: Duration,
    disturbed_by: Option<&str>,
) -> Result<Acks> {
    let mut command = Command::new(&flags.tandem);
    command.args(["serve", "--listen", "127.0.0.1:0", "--log", "error", "--data"]).arg(data);
    let mut server = Server::start(command)?;
    let acks = acks::measure(server.address, load, time, disturbed_by)?;
    ensure!(server.is_alive(), "the server died");
    Ok(acks)
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir(to)?;
    for file in fs::read_dir(from)? {
        let file = file?;
        fs::copy(file.path(), to.join(file.file_name()))?;
    }
    Ok(())
}
