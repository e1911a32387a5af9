//! `bench storm`: many clients are connected, the server is restarted, and all come back. What counts is
//! that the attempts spread, and that nobody who is back is thrown out again.
//!
//! The clients are the page's own sessions, with their own waits; only their sockets are the generator's.

mod caller;
mod curve;

use std::net::SocketAddr;
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use mio::{Events, Poll};
use shared::time::Time;

use crate::contender::{Contender, Places};
use crate::machine;
use crate::process::Server;
use crate::report::say;
use caller::Caller;
use curve::Curve;

/// How long one turn takes if there is little to do.
const TURN: Duration = Duration::from_millis(1);

/// How many clients begin to connect in one turn at the start.
const CALLS_A_TURN: usize = 4;

/// How long all may take to be connected at first.
const CONNECT_MAX: Duration = Duration::from_secs(60);

/// How long all may take to come back.
const RETURN_MAX: Duration = Duration::from_secs(120);

/// How long it is watched afterwards whether somebody is thrown out again.
const WATCH: Duration = Duration::from_secs(20);

/// Sockets that are looked at together.
const EVENTS: usize = 1024;

/// Who comes back, and from what.
#[derive(clap::Args)]
pub struct Flags {
    /// Clients in all.
    #[arg(long, default_value_t = 2_000)]
    clients: usize,

    /// Rooms that they are spread over.
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u64).range(1..))]
    rooms: u64,

    /// Seconds from the end of the server to its next start.
    #[arg(long, default_value_t = 0)]
    down_seconds: u64,

    #[command(flatten)]
    places: Places,
}

/// How a server ends.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum End {
    Terminated,
    Killed,
}

impl End {
    fn words(self) -> &'static str {
        match self {
            Self::Terminated => "stopped with SIGTERM",
            Self::Killed => "killed with SIGKILL",
        }
    }
}

/// Ends a server in both ways, each time with fresh clients, and prints how they come back.
pub fn run(flags: &Flags) -> Result<()> {
    machine::allow_many_sockets()?;
    say(&machine::description());
    say(&format!("Tandem: {}", Contender::TandemNative.version(&flags.places)?));
    for end in [End::Terminated, End::Killed] {
        let curve = storm(flags, end)?;
        say(&format!(
            "\n{} clients in {} rooms; the server is {} and started again {} s later:\n",
            flags.clients,
            flags.rooms,
            end.words(),
            flags.down_seconds
        ));
        say(&curve.table());
    }
    Ok(())
}

fn storm(flags: &Flags, end: End) -> Result<Curve> {
    let data = tempfile::tempdir().context("making a folder for the data")?;
    let anywhere = SocketAddr::from(([127, 0, 0, 1], 0));
    let command = |listen: SocketAddr| -> Command {
        let mut command = Contender::TandemNative.command(&flags.places, data.path());
        command.args(["--listen", &listen.to_string()]);
        command
    };
    let server = Server::start(command(anywhere))?;
    let mut crowd = Crowd::new(server.address, flags)?;
    crowd.connect()?;
    crowd.draw();

    crowd.curve = Curve::new(flags.clients);
    crowd.began = Instant::now();
    let address = server.address;
    let ending = std::thread::spawn(move || match end {
        End::Terminated => server.terminate(),
        End::Killed => server.kill(),
    });
    while !ending.is_finished() {
        crowd.turn()?;
    }
    ending.join().expect("ending a server does not panic")?;
    let down = Instant::now();
    while down.elapsed() < Duration::from_secs(flags.down_seconds) {
        crowd.turn()?;
    }
    let next = command(address);
    let starting = std::thread::spawn(move || Server::start(next));
    while !starting.is_finished() {
        crowd.turn()?;
    }
    let _server = starting.join().expect("starting a server does not panic")?;
    crowd.curve.started(crowd.began.elapsed());
    while crowd.n_live() < flags.clients {
        crowd.turn()?;
        let n_live = crowd.n_live();
        ensure!(crowd.began.elapsed() < RETURN_MAX, "only {n_live} clients came back");
    }
    crowd.curve.all_are_back(crowd.began.elapsed());
    let watched = Instant::now();
    while watched.elapsed() < WATCH {
        crowd.turn()?;
    }
    let n_unsaved: usize = crowd.callers.iter().map(Caller::n_unsaved).sum();
    ensure!(n_unsaved == 0, "{n_unsaved} edits are not saved");
    Ok(crowd.curve)
}

/// All clients, on one thread.
struct Crowd {
    callers: Vec<Caller>,
    curve: Curve,
    poll: Poll,
    events: Events,
    origin: Instant,
    /// When the storm began.
    began: Instant,
}

impl Crowd {
    fn new(address: SocketAddr, flags: &Flags) -> Result<Self> {
        let callers = (0..flags.clients).map(|index| Caller::new(index, address, flags.rooms));
        Ok(Self {
            callers: callers.collect(),
            curve: Curve::new(flags.clients),
            poll: Poll::new()?,
            events: Events::with_capacity(EVENTS),
            origin: Instant::now(),
            began: Instant::now(),
        })
    }

    /// Waits until all are live.
    fn connect(&mut self) -> Result<()> {
        let mut n_called = 0;
        while self.n_live() < self.callers.len() {
            let now = self.now();
            let next = self.callers.iter_mut().skip(n_called).take(CALLS_A_TURN);
            n_called += next.map(|caller| caller.connect(now)).count();
            self.turn()?;
            let n_live = self.n_live();
            ensure!(self.began.elapsed() < CONNECT_MAX, "only {n_live} clients are connected");
        }
        Ok(())
    }

    /// Everybody draws something: it is on its way when the server ends.
    fn draw(&mut self) {
        self.callers.iter_mut().for_each(Caller::draw);
    }

    fn n_live(&self) -> usize {
        self.callers.iter().filter(|caller| caller.is_live()).count()
    }

    fn now(&self) -> Time {
        Time(self.origin.elapsed().as_millis() as u64)
    }

    fn turn(&mut self) -> Result<()> {
        let began = Instant::now();
        self.poll.poll(&mut self.events, Some(Duration::ZERO))?;
        let now = self.now();
        for event in &self.events {
            self.callers[event.token().0].handle_ready(now);
        }
        for caller in &mut self.callers {
            caller.drive(now, self.poll.registry(), &mut self.curve)?;
        }
        let n_live = self.n_live();
        self.curve.note(self.began.elapsed(), n_live);
        std::thread::sleep(TURN.saturating_sub(began.elapsed()));
        Ok(())
    }
}
