//! The power fails: of what was written since the last sync, some is on the disk and some is not, and
//! whatever was acknowledged is there. What was synced and is damaged later is another matter: then a
//! board is as it once was, or the server says what is wrong with which file.
//!
//! A power failure is a killed server's folder in which the end of the write-ahead log is cut or torn.
//! How much of it may be lost is known because a writer stops before it: all is acknowledged then, and
//! nothing of what it sends afterwards. `TANDEM_POWER_ROUNDS` takes as many servers.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use std::fs;
use std::path::Path;

use fastrand::Rng;
use shared::board::{Board, Replica};
use shared::element::{Element, Ink, NewElement, Shape, Style};
use shared::geometry::BoardPoint;
use shared::id::{Batch, ClientId};
use shared::ink::InkPoint;
use shared::protocol::{ClientMessage, NewUpdate, ServerMessage};
use tests::{RawSocket, ServerProcess, Wal, hello, number_from, scribble};

/// Ways in which each server's folder is damaged.
const DAMAGES: usize = 4;

const DATABASE: &str = "tandem.db";
const WAL: &str = "tandem.db-wal";
const INDEX: &str = "tandem.db-shm";

/// What a disk writes as a whole, in bytes.
const SECTOR: usize = 512;

/// Somebody alone in a room, so that the log's order is that of the batches.
struct Writer {
    socket: RawSocket,
    board: Board,
    batches: Vec<Vec<u8>>,
    rng: Rng,
}

/// A folder after a crash.
struct Crashed {
    server: ServerProcess,
    batches: Vec<Vec<u8>>,
    /// So many of the batches are acknowledged.
    n_promised: usize,
    /// What follows in the write-ahead log was written later.
    synced: usize,
}

#[tokio::test]
async fn after_a_power_failure_all_is_there_that_was_acknowledged() {
    let seed = number_from("TANDEM_SEED", 1);
    for round in 0..number_from("TANDEM_POWER_ROUNDS", 3) {
        let mut rng = Rng::with_seed(seed + round);
        let crashed = Crashed::new(&mut rng).await;
        let (mut n_lost, synced) = (0, crashed.synced);
        for _ in 0..DAMAGES {
            let when = format!("seed {}, synced up to {synced}", seed + round);
            let damage = |data: &Path| damage_wal(data, synced, &mut rng);
            let server = ServerProcess::start_with(crashed.server.data(), damage).await;
            let server = server.unwrap_or_else(|failed| panic!("{when}: {failed:?}"));
            let n_kept = crashed.n_kept(&server).await;
            let n_kept = n_kept.unwrap_or_else(|| panic!("{when}: a board that never was"));
            assert!(n_kept >= crashed.n_promised, "{when}: only {n_kept} batches are there");
            assert_eq!(server.said(), "", "{when}: nothing is wrong");
            n_lost += crashed.batches.len() - n_kept;
        }
        println!(
            "seed {}, synced up to {synced}: {n_lost} not acknowledged and lost",
            seed + round
        );
    }
}

#[tokio::test]
async fn a_write_ahead_log_that_is_damaged_later_gives_an_earlier_board_or_a_clear_error() {
    let seed = number_from("TANDEM_SEED", 1);
    for round in 0..number_from("TANDEM_POWER_ROUNDS", 3) {
        let mut rng = Rng::with_seed(seed + 1000 + round);
        let crashed = Crashed::new(&mut rng).await;
        for _ in 0..DAMAGES {
            let from = rng.usize(..crashed.synced.max(1));
            let when = format!("seed {}, damaged from {from} on", seed + round);
            let damage = |data: &Path| damage_wal(data, from, &mut rng);
            match ServerProcess::start_with(crashed.server.data(), damage).await {
                Ok(server) => {
                    let (status, body) = server.site.request("GET /api/rooms/r/board", b"").await;
                    if status == 200 {
                        assert!(crashed.n_kept(&server).await.is_some(), "{when}: {body}");
                    } else {
                        assert!(status >= 500, "{when}: {status} {body}");
                        assert!(server.said().contains(DATABASE), "{when}: {}", server.said());
                    }
                    assert!(!server.said().contains("panicked"), "{when}: {}", server.said());
                }
                Err(failed) => {
                    assert_eq!(failed.exit.code(), Some(1), "{when}: {failed:?}");
                    assert!(failed.said.contains(DATABASE), "{when}: {failed:?}");
                    assert!(!failed.said.contains("panicked"), "{when}: {failed:?}");
                }
            }
        }
    }
}

impl Crashed {
    /// Has somebody draw, and kills the server some time after the last acknowledgement that was heard.
    async fn new(rng: &mut Rng) -> Self {
        let mut server = ServerProcess::start().await;
        let mut writer = Writer::join(&server, rng.fork()).await;
        // Many, now and then, so that the log moves into the database and begins anew.
        writer.send(if rng.u8(..5) == 0 { 1200 } else { rng.usize(1..60) }).await;
        writer.hear_all().await;
        let n_promised = writer.batches.len();
        let wal = read_wal(server.data());
        let (synced, salt) = (Wal(&wal).end(), Wal(&wal).salt().map(<[u8]>::to_vec));
        let database = fs::read(server.data().join(DATABASE)).unwrap();

        writer.send(rng.usize(1..40)).await;
        until_longer(server.data(), synced + rng.usize(..200_000)).await;
        server.kill9().await;
        let wal = read_wal(server.data());
        let is_moved = fs::read(server.data().join(DATABASE)).unwrap() != database;
        let synced = match Wal(&wal).salt().map(<[u8]>::to_vec) == salt {
            true if !is_moved => synced,
            // What has moved into the database was synced before.
            true => Wal(&wal).end(),
            // The log has begun anew, after all that was acknowledged had moved into the database.
            false => 0,
        };
        Self { server, batches: writer.batches, n_promised, synced }
    }

    /// How many batches a server has, if they are the first ones and nothing else.
    async fn n_kept(&self, server: &ServerProcess) -> Option<usize> {
        let mut newcomer = server.site.raw("r").await;
        let welcome = newcomer.join(hello(&Board::new(ClientId::new(1).unwrap(), 1))).await;
        let mut document = Replica::default();
        document.take(&welcome.update).unwrap();
        let (is, mut was) = (document.elements(), Replica::default());
        let is_it = |was: &Replica, is: &[Element]| {
            was.state_vector() == document.state_vector() && was.elements() == is
        };
        let mut n_kept = is_it(&was, &is).then_some(0);
        for (n, batch) in self.batches.iter().enumerate() {
            was.take(batch).unwrap();
            // The last one that fits: some batches change nothing that can be seen.
            n_kept = if is_it(&was, &is) { Some(n + 1) } else { n_kept };
        }
        n_kept
    }
}

impl Writer {
    async fn join(server: &ServerProcess, mut rng: Rng) -> Self {
        let board = Board::new(ClientId::random(&mut rng), rng.u64(..));
        let mut socket = server.site.raw("r").await;
        socket.join(hello(&board)).await;
        Self { socket, board, batches: Vec::new(), rng }
    }

    async fn send(&mut self, n_edits: usize) {
        for _ in 0..n_edits {
            if self.rng.u8(..8) == 0 {
                draw_much(&mut self.board, &mut self.rng);
            } else {
                scribble(&mut self.board, &mut self.rng);
            }
            for bytes in self.board.take_updates() {
                self.batches.push(bytes.clone());
                let batch = Batch(self.batches.len() as u64);
                self.socket.say(&ClientMessage::Update(NewUpdate { batch, bytes })).await;
            }
        }
    }

    async fn hear_all(&mut self) {
        let last = Batch(self.batches.len() as u64);
        while last.0 > 0 && self.socket.hear().await != ServerMessage::Ack(last) {}
    }
}

/// A stroke that fills many pages.
fn draw_much(board: &mut Board, rng: &mut Rng) {
    let mut at = || BoardPoint::new(rng.f64() * 9000.0, rng.f64() * 9000.0);
    let points = (0..10_000).map(|_| InkPoint { at: at(), pressure: 0.5 }).collect();
    let ink = Shape::Ink(Ink { points, has_pressure: true, ..Ink::default() });
    board.insert(NewElement::new(None, Style::default(), ink));
}

fn read_wal(data: &Path) -> Vec<u8> {
    fs::read(data.join(WAL)).unwrap_or_default()
}

/// Waits until more has been written, or for as long as it takes to look often: what overwrites an
/// earlier round of the file does not make it longer.
async fn until_longer(data: &Path, than: usize) {
    const LOOKS: usize = 5_000;
    let is_longer = || fs::metadata(data.join(WAL)).is_ok_and(|it| it.len() > than as u64);
    for _ in 0..LOOKS {
        if is_longer() {
            return;
        }
        tokio::task::yield_now().await;
    }
}

/// Does to the log what may happen to bytes that were on their way to the disk: beyond `from`, sectors
/// are missing, empty, or anything.
fn damage_wal(data: &Path, from: usize, rng: &mut Rng) {
    let mut wal = read_wal(data);
    if from < wal.len() {
        if rng.bool() {
            wal.truncate(rng.usize(from..=wal.len()));
        }
        for _ in 0..rng.usize(..4) {
            let start = from + rng.usize(..=wal.len() - from);
            let end = (start - start % SECTOR + SECTOR).min(wal.len());
            let is_empty = rng.bool();
            wal[start..end].fill_with(|| if is_empty { 0 } else { rng.u8(..) });
        }
        fs::write(data.join(WAL), wal).unwrap();
    }
    // The index of the log is only for processes that run; nobody syncs it.
    let index = data.join(INDEX);
    match rng.u8(..3) {
        0 => fs::remove_file(index).unwrap_or_default(),
        1 => {
            let mut bytes = fs::read(&index).unwrap_or_default();
            bytes.fill_with(|| rng.u8(..));
            fs::write(index, bytes).unwrap();
        }
        _ => {}
    }
}
