//! One connection: frames to the server and bytes back, each after a delay, and its end, of which each side
//! learns at another moment.

use std::collections::VecDeque;
use std::time::Duration;

use fastrand::Rng;
use server::outbox::Queue;
use server::room::Dialect;
use shared::time::Time;

/// Who is at the other end.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Party {
    /// The person with this number.
    Person(usize),
    /// The Yjs program with this number.
    Program(usize),
    /// Somebody who forges.
    Stranger,
}

/// What arrives at a client.
pub(super) enum Heard {
    Message(Vec<u8>),
    Close(u16),
}

/// How a line breaks.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Cut {
    /// Both ends learn of it soon.
    Loud,
    /// Nobody is told.
    Silent,
}

pub(super) struct Line {
    pub party: Party,
    pub dialect: Dialect,
    /// What waits in the server.
    pub outbox: Queue,
    /// When the server learns that the line is over.
    pub server_learns: Option<Time>,
    /// When the client does.
    pub client_learns: Option<Time>,
    pub server_knows: bool,
    pub client_knows: bool,
    /// Bytes to the client that are under way at most.
    pub window: usize,
    /// The slowest that bytes are read, in milliseconds.
    pub delay: u64,
    rng: Rng,
    up: VecDeque<(Time, Vec<u8>)>,
    down: VecDeque<(Time, Vec<u8>)>,
    /// Has arrived and is no whole frame.
    partial: Vec<u8>,
    is_cut: bool,
}

impl Line {
    pub(super) fn new(party: Party, dialect: Dialect, mut rng: Rng) -> Self {
        Self {
            party,
            dialect,
            outbox: Queue::default(),
            server_learns: None,
            client_learns: None,
            server_knows: false,
            client_knows: false,
            window: 1 << rng.u32(9..17),
            delay: 1 << rng.u32(..7),
            rng,
            up: VecDeque::new(),
            down: VecDeque::new(),
            partial: Vec::new(),
            is_cut: false,
        }
    }

    /// The client says something.
    pub(super) fn say(&mut self, frame: Vec<u8>, now: Time) {
        if !self.is_cut {
            let at = self.arrival(now, self.up.back().map(|(at, _)| *at));
            self.up.push_back((at, frame));
        }
    }

    /// What is going to arrive at the server next, and when.
    pub(super) fn next_up(&self) -> Option<(Time, &[u8])> {
        self.up.front().map(|(at, frame)| (*at, frame.as_slice()))
    }

    pub(super) fn take_up(&mut self) -> Option<Vec<u8>> {
        self.up.pop_front().map(|(_, frame)| frame)
    }

    /// When the next bytes arrive at the client.
    pub(super) fn next_down(&self) -> Option<Time> {
        self.down.front().map(|(at, _)| *at)
    }

    /// The frames that the next bytes complete.
    pub(super) fn take_down(&mut self) -> Vec<Heard> {
        let Some((_, bytes)) = self.down.pop_front() else { return Vec::new() };
        self.partial.extend(bytes);
        let mut heard = Vec::new();
        while let Some((kind, body, n_bytes)) = first_frame(&self.partial) {
            match kind {
                BINARY => heard.push(Heard::Message(body.to_vec())),
                CLOSE => heard.push(Heard::Close(u16::from_be_bytes([body[0], body[1]]))),
                _ => {}
            }
            self.partial.drain(..n_bytes);
        }
        heard
    }

    /// Puts on the way what fits.
    pub(super) fn pump(&mut self, now: Time) {
        let n_down: usize = self.down.iter().map(|(_, bytes)| bytes.len()).sum();
        if self.is_cut || n_down >= self.window {
            return;
        }
        let bytes = self.outbox.take(self.window - n_down, self.dialect);
        if !bytes.is_empty() {
            let at = self.arrival(now, self.down.back().map(|(at, _)| *at));
            self.down.push_back((at, bytes));
        }
    }

    /// The line breaks. Of what is under way, some still arrives, and ends anywhere.
    pub(super) fn cut(&mut self, how: Cut, now: Time) {
        if self.is_cut {
            return;
        }
        self.is_cut = true;
        self.up.truncate(self.rng.usize(..=self.up.len()));
        self.down.truncate(self.rng.usize(..=self.down.len()));
        if let Some((_, bytes)) = self.down.back_mut() {
            bytes.truncate(self.rng.usize(..=bytes.len()));
        }
        let most = if how == Cut::Loud { 200 } else { 25_000 };
        let last_up = self.up.back().map_or(now, |(at, _)| *at);
        let last_down = self.down.back().map_or(now, |(at, _)| *at);
        let mut soon = |last: Time| last.max(now + Duration::from_millis(self.rng.u64(..most)));
        self.server_learns.get_or_insert(soon(last_up));
        if how == Cut::Loud || self.dialect == Dialect::Yjs {
            self.client_learns = Some(soon(last_down));
        }
    }

    /// The client closes. What it has said before arrives before that.
    pub(super) fn hang_up(&mut self, now: Time) {
        self.client_knows = true;
        self.down.clear();
        if !self.is_cut {
            self.is_cut = true;
            self.server_learns = Some(self.arrival(now, self.up.back().map(|(at, _)| *at)));
        }
    }

    /// The server is gone.
    pub(super) fn crash(&mut self, now: Time) {
        let how = if self.rng.u8(..3) == 0 { Cut::Silent } else { Cut::Loud };
        self.cut(how, now);
        self.outbox = Queue::default();
        self.up.clear();
        self.server_knows = true;
    }

    /// Whether nothing is under way, and nobody has yet to learn that the line is over.
    pub(super) fn is_quiet(&self) -> bool {
        !self.is_cut && self.up.is_empty() && self.down.is_empty() && !self.outbox.has_lost()
    }

    /// When something arrives that leaves now: never before what left earlier.
    fn arrival(&mut self, now: Time, last: Option<Time>) -> Time {
        let at = now + Duration::from_millis(self.rng.u64(..=self.delay));
        last.map_or(at, |last| at.max(last))
    }
}

const BINARY: u8 = 0x82;
const CLOSE: u8 = 0x88;

/// The kind and the content of the first frame that a server wrote, and its length with its head.
fn first_frame(bytes: &[u8]) -> Option<(u8, &[u8], usize)> {
    let &[kind, length, ref rest @ ..] = bytes else { return None };
    let (n_body, rest) = match length {
        126 => rest.split_first_chunk().map(|(n, rest)| (u16::from_be_bytes(*n).into(), rest))?,
        127 => rest.split_first_chunk().map(|(n, rest)| (u64::from_be_bytes(*n) as usize, rest))?,
        n => (n.into(), rest),
    };
    let n_head = bytes.len() - rest.len();
    Some((kind, rest.get(..n_body)?, n_head + n_body))
}
