//! The load generator: one thread, one buffer, and sockets that never wait.
//!
//! It turns once a millisecond: sends what is due, reads all that has come, sleeps. Sleeping instead
//! of waiting for sockets costs latency of at most that millisecond, and spares the server, whose
//! machine this is too, from waking somebody with each message.

mod client;
mod pulse;
mod tally;
#[cfg(test)]
mod tests;

use std::net::SocketAddr;
use std::ops::Range;
use std::time::{Duration, Instant};

use anyhow::{Result, bail, ensure};
use mio::{Events, Poll};

use crate::histogram::Histogram;
use crate::wire::{Author, Heard, Speaker, Wire};

pub use pulse::Pulse;
pub use tally::{Count, Tally};

use client::Client;

/// Room for what one socket brings at once, in bytes.
const BUFFER_BYTES: usize = 256 * 1024;

/// Sockets that are read before it is looked whose turn to send has come.
const READS_AT_ONCE: usize = 32;

/// How long one turn takes if there is little to do.
const TURN: Duration = Duration::from_millis(1);

/// How long all clients together may take to receive the document.
const SYNC_MAX: Duration = Duration::from_secs(60);

/// Where the load goes.
#[derive(Clone, Copy)]
pub struct Target {
    /// Where the server listens.
    pub address: SocketAddr,
    /// What it speaks.
    pub wire: Wire,
    /// The path of a room's socket.
    pub path: fn(room: &str) -> String,
}

/// What the clients do.
pub enum Act {
    /// Each moves its cursor.
    Cursors(Pulse),
    /// The first draws boxes.
    Edits(Pulse, Box<Author>),
}

/// The name of one of the rooms that are together called `rooms`.
pub fn room_name(rooms: &str, number: usize) -> String {
    format!("{rooms}-{number}")
}

/// Counts microseconds since the load began.
#[derive(Clone, Copy)]
pub struct Clock(Instant);

impl Clock {
    fn now(self) -> u64 {
        self.0.elapsed().as_micros() as u64
    }
}

/// Clients in rooms, all of the same number.
pub struct Load {
    clients: Vec<Client>,
    tally: Tally,
    /// How late turns to send were taken, in microseconds, within the window.
    lag: Histogram,
    per_room: usize,
    poll: Poll,
    events: Events,
    buffer: Vec<u8>,
    clock: Clock,
    window: Range<u64>,
}

impl Load {
    /// Opens all connections, one after the other, and waits until all clients have the document.
    pub fn open(target: &Target, rooms: &str, n_rooms: usize, per_room: usize) -> Result<Self> {
        let n_clients = n_rooms * per_room;
        let poll = Poll::new()?;
        let mut clients = Vec::with_capacity(n_clients);
        for index in 0..n_clients {
            let room = room_name(rooms, index / per_room);
            let path = (target.path)(&room);
            let speaker = Speaker { index, room };
            let mut client = Client::open(target.address, &path, target.wire, speaker)?;
            client.register(poll.registry())?;
            clients.push(client);
        }
        let mut load = Self {
            clients,
            tally: Tally::new(n_clients, per_room),
            lag: Histogram::default(),
            per_room,
            poll,
            events: Events::with_capacity(READS_AT_ONCE),
            buffer: vec![0; BUFFER_BYTES],
            clock: Clock(Instant::now()),
            window: u64::MAX..u64::MAX,
        };
        load.synchronize()?;
        Ok(load)
    }

    fn synchronize(&mut self) -> Result<()> {
        let started = Instant::now();
        loop {
            self.turn(None)?;
            let n_synced = self.clients.iter().filter(|client| client.is_synced).count();
            let n_clients = self.clients.len();
            ensure!(self.n_closed() == 0, "the server hung up on {} clients", self.n_closed());
            if n_synced == n_clients {
                return Ok(());
            }
            if started.elapsed() > SYNC_MAX {
                bail!("only {n_synced} of {n_clients} clients have received the document");
            }
        }
    }

    /// Microseconds since the load began.
    pub fn now(&self) -> u64 {
        self.clock.now()
    }

    /// Counts what is sent from now on for `duration`.
    pub fn begin_window(&mut self, duration: Duration) {
        let now = self.now();
        self.window = now..now + duration.as_micros() as u64;
        self.tally.set_window(self.window.clone());
    }

    /// Keeps going for `duration`.
    pub fn run(&mut self, duration: Duration, mut act: Option<&mut Act>) -> Result<()> {
        let ended = Instant::now() + duration;
        while Instant::now() < ended {
            self.turn(act.as_deref_mut())?;
        }
        Ok(())
    }

    /// Who heard what.
    pub fn count(&self) -> &Count {
        self.tally.count()
    }

    /// How late turns to send were taken, in microseconds.
    pub fn lag(&self) -> &Histogram {
        &self.lag
    }

    /// All clients.
    pub fn n_clients(&self) -> usize {
        self.clients.len()
    }

    /// Bytes that all clients have received.
    pub fn n_bytes(&self) -> u64 {
        self.clients.iter().map(|client| client.n_bytes).sum()
    }

    /// Clients that the server hung up on.
    pub fn n_closed(&self) -> usize {
        self.clients.iter().filter(|client| !client.is_open).count()
    }

    fn turn(&mut self, act: Option<&mut Act>) -> Result<()> {
        let began = Instant::now();
        if let Some(act) = act {
            self.send_due(act);
        }
        self.read_some()?;
        if self.events.iter().count() < READS_AT_ONCE {
            std::thread::sleep(TURN.saturating_sub(began.elapsed()));
        }
        Ok(())
    }

    fn send_due(&mut self, act: &mut Act) {
        loop {
            let now = self.now();
            let pulse = match act {
                Act::Cursors(pulse) | Act::Edits(pulse, _) => pulse,
            };
            let Some((sender, due)) = pulse.poll(now) else { return };
            if self.window.contains(&now) {
                self.lag.add(now - due);
            }
            let number = self.tally.send(sender, now);
            let client = &mut self.clients[sender];
            match act {
                Act::Cursors(_) => client.send_cursor(number),
                Act::Edits(_, author) => client.send_edit(number, &author.draw(number)),
            }
        }
    }

    fn read_some(&mut self) -> Result<()> {
        self.poll.poll(&mut self.events, Some(Duration::ZERO))?;
        for event in &self.events {
            let receiver = event.token().0;
            let writer = receiver - receiver % self.per_room;
            let (tally, buffer) = (&mut self.tally, &mut self.buffer);
            self.clients[receiver].read(buffer, self.clock, |heard, now| match heard {
                Heard::Cursor { sender, number } => tally.hear(receiver, sender, number, now),
                Heard::Edit { number } => tally.hear(receiver, writer, number, now),
                Heard::Asked | Heard::Synced => {}
            })?;
        }
        Ok(())
    }
}
