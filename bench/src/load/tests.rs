//! A small load on a server inside the test. Nothing here depends on how fast it is.

use std::time::{Duration, Instant};

use server::{Config, Limits, Running, Server};
use tempfile::TempDir;
use tokio::runtime::Runtime;

use super::*;
use crate::contender::Contender;

const PATIENCE: Duration = Duration::from_secs(30);

/// A server that is gone when this is dropped, with the threads that it runs on.
struct Site {
    target: Target,
    _running: Running,
    _runtime: Runtime,
    _data: TempDir,
}

fn serve(contender: Contender) -> Site {
    let data = tempfile::tempdir().unwrap();
    let runtime = Runtime::new().unwrap();
    let listen = ([127, 0, 0, 1], 0).into();
    let config =
        Config { listen, data: data.path().into(), limits: Limits::default(), room_threads: 1 };
    let running = runtime.block_on(Server::start(config)).unwrap();
    let (wire, path) = (contender.wire(), contender.path());
    let target = Target { address: running.addr(), wire, path };
    Site { target, _running: running, _runtime: runtime, _data: data }
}

#[track_caller]
fn check(contender: Contender, n_rooms: usize, act: impl Fn(&Load) -> Act) {
    let site = serve(contender);
    let mut load = Load::open(&site.target, "room", n_rooms, 3).unwrap();
    let mut act = act(&load);
    load.begin_window(PATIENCE);
    let began = Instant::now();
    while load.count().delivered < 50 {
        assert!(began.elapsed() < PATIENCE, "only {} deliveries", load.count().delivered);
        load.run(Duration::from_millis(10), Some(&mut act)).unwrap();
    }
    assert!(load.count().delivered <= load.count().expected);
    assert_eq!(load.n_closed(), 0);
}

const FACES: [Contender; 2] = [Contender::Tandem, Contender::TandemNative];

#[test]
fn cursors_reach_the_others_in_their_room() {
    for face in FACES {
        check(face, 2, |load| Act::Cursors(Pulse::new(load.now(), 20, load.n_clients())));
    }
}

#[test]
fn edits_reach_the_readers() {
    for face in FACES {
        check(face, 1, |load| Act::Edits(Pulse::new(load.now(), 50, 1), Author::new(0).into()));
    }
}
