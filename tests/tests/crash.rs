//! The server is killed with SIGKILL while people draw, again and again. Whatever it acknowledged is
//! there afterwards, and everybody ends with the same board.
//!
//! `TANDEM_CRASH_ROUNDS=500` makes as many rounds, `TANDEM_CRASH_WRITERS=50` takes as many people, and
//! `TANDEM_SEED` begins with another seed.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use std::time::Instant;

use fastrand::Rng;
use futures_util::future::join_all;
use shared::board::{Board, Replica};
use shared::element::Element;
use shared::id::ClientId;
use tests::{Client, Seen, ServerProcess, Site, has, hello, number_from, scribble};
use tokio::sync::watch;

/// Rounds after which other people draw in other rooms, so that boards stay of a size.
const ROUNDS_TOGETHER: usize = 25;

const WRITERS_IN_A_ROOM: usize = 10;

/// Edits of one writer that may be on their way.
const IN_FLIGHT_MAX: usize = 4;

/// Writers, by the rooms in which they are.
struct Crowd(Vec<(String, Vec<Client>)>);

/// What all rounds together have shown.
#[derive(Default, Debug)]
struct Figures {
    n_rounds: usize,
    n_written: usize,
    /// Acknowledged when the server was killed, and looked for afterwards; in each round anew.
    n_promised: usize,
    /// Written, and not acknowledged when the server was killed.
    n_open: usize,
    n_lost: usize,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_server_has_everything_that_it_acknowledged() {
    let n_rounds = number_from("TANDEM_CRASH_ROUNDS", 3) as usize;
    let n_writers = number_from("TANDEM_CRASH_WRITERS", 12) as usize;
    let seed = number_from("TANDEM_SEED", 11);
    println!("{n_rounds} rounds, {n_writers} writers, seed {seed}");
    let mut rng = Rng::with_seed(seed);
    let mut server = ServerProcess::start().await;
    let mut figures = Figures::default();
    let began = Instant::now();
    while figures.n_rounds < n_rounds {
        let crowd = Crowd::join(server.site, figures.n_rounds, n_writers).await;
        for _ in 0..ROUNDS_TOGETHER.min(n_rounds - figures.n_rounds) {
            round(&mut server, &crowd, &mut rng, &mut figures).await;
        }
        figures.n_written += crowd.count(|(n_written, _)| n_written);
        println!("{figures:?} in {} s", began.elapsed().as_secs());
    }
    assert!(figures.n_promised > 0 && figures.n_open > 0, "the moments were no moments");
}

impl Crowd {
    async fn join(site: Site, round: usize, n_writers: usize) -> Self {
        let mut rooms = Vec::new();
        for first in (0..n_writers).step_by(WRITERS_IN_A_ROOM) {
            let room = format!("round-{round}-{first}");
            let names = (first..n_writers.min(first + WRITERS_IN_A_ROOM)).map(|n| n.to_string());
            let names: Vec<_> = names.collect();
            let joining = names.iter().map(|name| site.join(&room, name));
            let writers = join_all(joining).await;
            rooms.push((room, writers));
        }
        Self(rooms)
    }

    fn writers(&self) -> impl Iterator<Item = &Client> {
        self.0.iter().flat_map(|(_, writers)| writers)
    }

    fn count(&self, of: impl Fn((usize, usize)) -> usize) -> usize {
        self.writers().map(|writer| writer.look(|seen| of(seen.n_batches()))).sum()
    }
}

/// Kills the server at some moment while all draw, starts it again, and looks what is there.
async fn round(server: &mut ServerProcess, crowd: &Crowd, rng: &mut Rng, figures: &mut Figures) {
    figures.n_rounds += 1;
    let (progress, mut seen) = watch::channel(0);
    // Within the first edits of the first writers, or when all have been at it for a while.
    let moment = rng.usize(1..=crowd.writers().count() * 12);
    let hands = crowd.writers().map(|writer| draw_until_the_end(writer, rng.fork(), &progress));
    let drawing = join_all(hands);
    let killing = async {
        seen.wait_for(|n_steps| *n_steps >= moment).await.unwrap();
        server.kill9().await;
    };
    tokio::join!(drawing, killing);

    server.restart().await;
    if rng.u8(..4) == 0 {
        kill_while_they_come_back(server, crowd, rng).await;
    }
    let promised = promised(crowd);
    figures.n_promised += promised.iter().map(Vec::len).sum::<usize>();
    figures.n_open += crowd.count(|(n_written, n_promised)| n_written - n_promised);
    for ((room, _), promised) in crowd.0.iter().zip(&promised) {
        // The clients never send an acknowledged batch again, so only the store can have these.
        let (mut document, _) = document(server.site, room).await;
        let n_lost = promised.iter().filter(|update| !has(&mut document, update)).count();
        figures.n_lost += n_lost;
        assert_eq!(n_lost, 0, "acknowledged and lost in {room}: {figures:?}");
    }
    crowd.writers().for_each(Client::go_online);
    check_all_equal(server.site, crowd).await;
    assert!(!server.said().contains("panicked"), "{}", server.said());
}

/// Kills it again when some are back and send what was not acknowledged.
async fn kill_while_they_come_back(server: &mut ServerProcess, crowd: &Crowd, rng: &mut Rng) {
    let is_first = rng.bool();
    crowd.writers().for_each(Client::go_online);
    for writer in crowd.writers().take(if is_first { 1 } else { WRITERS_IN_A_ROOM }) {
        writer.until("the line", Seen::is_live).await;
    }
    server.kill9().await;
    for writer in crowd.writers() {
        writer.until("the dead server", |seen| !seen.is_live()).await;
    }
    server.restart().await;
}

/// Draws as fast as the server answers until it answers no more, and then a little on.
async fn draw_until_the_end(writer: &Client, mut rng: Rng, progress: &watch::Sender<usize>) {
    while writer.look(Seen::is_live) {
        writer.edit(|board| scribble(board, &mut rng));
        progress.send_modify(|n_steps| *n_steps += 1);
        writer
            .until("an acknowledgement", |seen| {
                seen.session.unsaved().len() < IN_FLIGHT_MAX || !seen.is_live()
            })
            .await;
        progress.send_modify(|n_steps| *n_steps += 1);
    }
    for _ in 0..rng.usize(..3) {
        writer.edit(|board| scribble(board, &mut rng));
    }
}

fn promised(crowd: &Crowd) -> Vec<Vec<Vec<u8>>> {
    let of_writer = |writer: &Client| {
        writer.look(|seen| seen.promised().map(<[u8]>::to_vec).collect::<Vec<_>>())
    };
    crowd.0.iter().map(|(_, writers)| writers.iter().flat_map(of_writer).collect()).collect()
}

/// A room's document, as a newcomer gets it.
async fn document(site: Site, room: &str) -> (Replica, Vec<Element>) {
    let mut rng = Rng::new();
    let mut newcomer = site.raw(room).await;
    let welcome = newcomer.join(hello(&Board::new(ClientId::random(&mut rng), 1))).await;
    let mut document = Replica::default();
    document.take(&welcome.update).unwrap();
    let elements = document.elements();
    (document, elements)
}

async fn check_all_equal(site: Site, crowd: &Crowd) {
    for writer in crowd.writers() {
        writer.until_saved().await;
    }
    for (room, writers) in &crowd.0 {
        let (_, expected) = document(site, room).await;
        for writer in writers {
            let is_same = |seen: &Seen| seen.board.elements().map(AsRef::as_ref).eq(&expected);
            writer.until("the server's board", is_same).await;
        }
    }
}
