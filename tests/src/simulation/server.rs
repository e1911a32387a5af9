//! The server around its room: loads it, hands it what arrives, carries out its effects as the room's task
//! does, crashes, and comes back with what the disk has.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use fastrand::Rng;
use server::limits::Limits;
use server::log::{Log, Record};
use server::outbox::{Ending, Frame, Pushed};
use server::room::{ConnId, Delivery, Dialect, Document, Effect, Lane, NoHello, Room, read_hello};
use server::ticket::{SECRET_BYTES, Secret};
use server::yjs;
use shared::id::{Incarnation, RoomName};
use shared::protocol::{ClientMessage, CloseCode, ServerMessage};
use shared::time::Time;

use super::Broken;
use super::disk::{Disk, Job, Report};
use super::judge::{Judge, Violation, Writer, violation};
use super::line::{Line, Party};
use super::tally::What;

/// Edits that are read and not committed, in bytes. When they are more, no further ones are read.
const UNCOMMITTED_MAX: usize = 16 * 1024;

/// The shortest message with an update, in bytes.
const UPDATE_MIN: usize = 12;

/// What may wait for the disk for one connection beside its edits: the welcome, some syncs of a Yjs
/// program, acknowledgements of what came again.
const HELD_FOR_ONE: usize = 100;

/// How often it is looked whether slow readers read again.
const LOOK_EVERY: Duration = Duration::from_millis(50);

const LIFE: Incarnation = Incarnation(7);

/// What the server reaches.
pub(super) struct Around<'a> {
    pub lines: &'a mut BTreeMap<ConnId, Line>,
    pub disk: &'a mut Disk,
    pub judge: &'a mut Judge,
    /// Whose session is behind a line.
    pub writers: &'a BTreeMap<ConnId, Writer>,
    pub now: Time,
}

pub(super) struct Server {
    /// When it starts, while it is down.
    pub starts_at: Option<Time>,
    /// Since when it is being stopped.
    pub stops_since: Option<Time>,
    /// When the records go to the disk that have gathered.
    pub flush_at: Option<Time>,
    /// When to look after slow readers.
    pub look_at: Option<Time>,
    broken: Broken,
    rng: Rng,
    limits: Arc<Limits>,
    room: Option<Room>,
    /// Which instance of the room this is.
    life: u64,
    /// When a room is forgotten that nobody needs.
    unload_at: Option<Time>,
    /// All connections that the room knows, and what they speak once they are admitted.
    peers: BTreeMap<ConnId, Option<Dialect>>,
    laggards: BTreeSet<ConnId>,
    records: Vec<Record>,
    /// Bytes of edits that have been read since the last flush.
    n_read: usize,
    n_uncommitted: usize,
    clock: u64,
}

impl Server {
    pub(super) fn new(broken: Broken, mut rng: Rng) -> Self {
        let limits = Limits { outbox_bytes: 1 << rng.u32(10..18), ..Limits::default() };
        Self {
            starts_at: None,
            stops_since: None,
            flush_at: None,
            look_at: None,
            broken,
            limits: Arc::new(limits),
            room: None,
            life: 0,
            unload_at: None,
            peers: BTreeMap::new(),
            laggards: BTreeSet::new(),
            records: Vec::new(),
            n_read: 0,
            n_uncommitted: 0,
            clock: rng.u64(1 << 40..1 << 41),
            rng,
        }
    }

    /// Whether it takes new connections.
    pub(super) fn is_up(&self) -> bool {
        self.starts_at.is_none() && self.stops_since.is_none()
    }

    /// Most bytes of updates that may wait for one connection, but for a single larger one.
    pub(super) fn outbox_bytes(&self) -> usize {
        self.limits.outbox_bytes
    }

    /// When [`Server::handle_timeout`] wants to be called.
    pub(super) fn due(&self, now: Time) -> Option<Time> {
        let room = self.room.as_ref().and_then(Room::poll_timeout);
        let room = room.map(|due| Time(due.0.saturating_sub(self.clock)).max(now));
        [room, self.unload_at].into_iter().flatten().min()
    }

    /// Whether a frame is read, or waits until some edits are committed.
    pub(super) fn reads(&self, frame: &[u8]) -> bool {
        self.n_uncommitted == 0 || self.n_uncommitted + frame.len() <= UNCOMMITTED_MAX
    }

    /// A connection is open.
    pub(super) fn open(&mut self, conn: ConnId, dialect: Dialect, around: &mut Around<'_>) -> Done {
        if dialect == Dialect::Native {
            return Ok(());
        }
        let now = self.time(around.now);
        self.peers.insert(conn, None);
        self.room(around)?.handle_yjs_open(conn, now);
        self.settle(around)
    }

    /// A connection says something.
    pub(super) fn hear(&mut self, conn: ConnId, frame: Vec<u8>, around: &mut Around<'_>) -> Done {
        let now = self.time(around.now);
        let Some(line) = around.lines.get_mut(&conn) else { return Ok(()) };
        if line.server_knows {
            return Ok(());
        }
        let n_bytes = frame.len();
        match line.dialect {
            Dialect::Yjs => {
                let Ok(messages) = yjs::decode(Bytes::from(frame)) else {
                    return violation("a Yjs program talks nonsense");
                };
                for message in messages {
                    self.room(around)?.handle_yjs(conn, message, now);
                }
            }
            Dialect::Native if !self.peers.contains_key(&conn) => match read_hello(&frame) {
                Ok(hello) => {
                    self.peers.insert(conn, None);
                    self.room(around)?.handle_hello(conn, hello, Delivery::Whole);
                }
                Err(NoHello { text, .. }) => return violation(text),
            },
            Dialect::Native => {
                let party = line.party;
                let message = match ClientMessage::decode(&frame) {
                    Ok(message) => message,
                    Err(error) => return violation(error.to_string()),
                };
                let conn = match (self.broken, party, around.writers.keys().next()) {
                    (Broken::Gate, Party::Stranger, Some(victim)) => *victim,
                    _ => conn,
                };
                self.room(around)?.handle_message(conn, message, now);
            }
        }
        self.n_read += n_bytes;
        self.n_uncommitted += n_bytes;
        self.settle(around)
    }

    /// A connection is over.
    pub(super) fn handle_gone(&mut self, conn: ConnId, around: &mut Around<'_>) -> Done {
        if self.peers.remove(&conn).is_some()
            && let Some(room) = &mut self.room
        {
            room.handle_gone(conn);
        }
        self.settle(around)
    }

    pub(super) fn handle_timeout(&mut self, around: &mut Around<'_>) -> Done {
        let now = self.time(around.now);
        if let Some(room) = &mut self.room {
            room.handle_timeout(now);
        }
        self.settle(around)?;
        if self.unload_at.is_some_and(|at| at <= around.now) {
            around.judge.tally.count(What::Unload);
            self.forget_room();
        }
        Ok(())
    }

    /// Gives the disk what has gathered.
    pub(super) fn flush(&mut self, around: &mut Around<'_>) {
        self.flush_at = None;
        let records = std::mem::take(&mut self.records);
        let n_bytes = std::mem::take(&mut self.n_read);
        if records.is_empty() {
            self.n_uncommitted -= n_bytes;
        } else {
            around.disk.append(Job { life: self.life, records, n_bytes }, around.now);
        }
    }

    /// Looks which slow readers read again.
    pub(super) fn look(&mut self, around: &mut Around<'_>) -> Done {
        let now = self.time(around.now);
        self.look_at = None;
        for conn in self.laggards.clone() {
            let line = around.lines.get_mut(&conn).filter(|_| self.peers.contains_key(&conn));
            let Some(line) = line else {
                self.laggards.remove(&conn);
                continue;
            };
            let lost = line.outbox.ask();
            if !line.outbox.has_lost() {
                self.laggards.remove(&conn);
            }
            if let (Some(lost), Some(room)) = (lost, &mut self.room) {
                room.handle_drained(conn, lost, now);
            }
        }
        self.settle(around)
    }

    /// The disk says how a commit went.
    pub(super) fn handle_report(&mut self, report: &Report, around: &mut Around<'_>) -> Done {
        self.n_uncommitted -= report.n_bytes;
        if report.result.is_none() {
            around.judge.tally.count(What::FailedCommit);
        }
        if report.life == self.life
            && let Some(room) = &mut self.room
        {
            match report.result {
                Some(up_to) => room.handle_committed(up_to),
                None => room.handle_failed_commit(),
            }
        }
        self.settle(around)
    }

    /// It is killed, or loses its power.
    pub(super) fn crash(&mut self, down_for: Duration, around: &mut Around<'_>) -> Done {
        around.lines.values_mut().for_each(|line| line.crash(around.now));
        around.disk.crash();
        if self.broken == Broken::Log {
            around.disk.forget();
        }
        self.end(down_for, around.now);
        around.judge.note_recovered(around.disk.log())
    }

    /// It is asked to stop: it takes nobody any more and says goodbye to all.
    pub(super) fn stop(&mut self, around: &mut Around<'_>) -> Done {
        around.judge.tally.count(What::Restart);
        self.stops_since = Some(around.now);
        for line in around.lines.values_mut().filter(|line| !line.server_knows) {
            line.outbox
                .close(Ending::new(CloseCode::Restarting, "the server restarts; come again"));
            line.server_knows = true;
        }
        for conn in std::mem::take(&mut self.peers).into_keys() {
            if let Some(room) = &mut self.room {
                room.handle_gone(conn);
            }
        }
        self.settle(around)
    }

    /// All is written, and the process ends.
    pub(super) fn end(&mut self, down_for: Duration, now: Time) {
        self.forget_room();
        self.stops_since = None;
        self.records.clear();
        (self.n_read, self.n_uncommitted) = (0, 0);
        (self.flush_at, self.look_at) = (None, None);
        self.starts_at = Some(now + down_for);
        // Nothing says that the machine's clock goes on from where it was.
        self.clock = self.rng.u64(1 << 40..1 << 41);
    }

    /// Whether the room has nothing to wait for.
    pub(super) fn is_idle(&self) -> bool {
        self.records.is_empty() && self.room.as_ref().is_none_or(Room::is_idle)
    }

    /// Whether nothing is about to be told or written.
    pub(super) fn is_at_rest(&self) -> bool {
        self.flush_at.is_none() && self.room.as_ref().is_none_or(|it| it.tick_due().is_none())
    }

    /// What waits for the disk is as little as those may cause who are there.
    pub(super) fn check_bounds(&self) -> Done {
        let n_held = self.room.as_ref().map_or(0, Room::n_held);
        let most = HELD_FOR_ONE * (self.peers.len() + 1) + UNCOMMITTED_MAX / UPDATE_MIN;
        if n_held > most {
            return violation(format!("{n_held} things wait for the disk"));
        }
        Ok(())
    }

    fn forget_room(&mut self) {
        self.room = None;
        self.unload_at = None;
        self.peers.clear();
        self.laggards.clear();
    }

    fn time(&self, now: Time) -> Time {
        Time(self.clock + now.0)
    }

    /// The room, loaded if it is not there.
    fn room(&mut self, around: &Around<'_>) -> Result<&mut Room, Violation> {
        if self.room.is_none() {
            self.life += 1;
            let name = RoomName::parse("simulation").expect("it has no other characters");
            let secret = Secret::new([3; SECRET_BYTES]);
            let (document, seed) = (load(around.disk)?, self.rng.u64(..));
            self.room = Some(Room::new(name, secret, LIFE, document, self.limits.clone(), seed));
        }
        Ok(self.room.as_mut().expect("it was loaded if it was not there"))
    }

    /// Carries out what the room wants, and forgets it if it is over.
    fn settle(&mut self, around: &mut Around<'_>) -> Done {
        while let Some(effect) = self.room.as_mut().and_then(Room::poll_effect) {
            self.carry_out(effect, around)?;
        }
        if self.n_read > 0 && self.flush_at.is_none() {
            self.flush_at = Some(around.now + Duration::from_millis(self.rng.u64(..3)));
        }
        if self.room.as_ref().is_some_and(Room::has_failed) {
            for conn in self.peers.keys() {
                if let Some(line) = around.lines.get_mut(conn) {
                    let text = "the room has ended; come again";
                    line.outbox.close(Ending::new(CloseCode::Internal, text));
                    line.server_knows = true;
                }
            }
            self.records.clear();
            self.forget_room();
        }
        if !self.room.as_ref().is_some_and(Room::is_idle) {
            self.unload_at = None;
        } else if self.unload_at.is_none() {
            self.unload_at = Some(around.now + Duration::from_millis(1 << self.rng.u32(..13)));
        }
        if !self.laggards.is_empty() {
            self.look_at.get_or_insert(around.now + LOOK_EVERY);
        }
        Ok(())
    }

    fn carry_out(&mut self, effect: Effect, around: &mut Around<'_>) -> Done {
        match effect {
            Effect::Admit { conn, dialect, frames, mark } => {
                around.judge.tally.count(What::Welcome);
                self.peers.insert(conn, Some(dialect));
                check(dialect, &frames, around)?;
                if let Some(line) = around.lines.get_mut(&conn) {
                    line.outbox.push_whole(frames.into_iter().map(Frame::message), mark);
                }
            }
            Effect::Send { conn, frame } => {
                let Some(dialect) = around.lines.get(&conn).map(|line| line.dialect) else {
                    return Ok(());
                };
                check(dialect, std::slice::from_ref(&frame), around)?;
                let ack = ServerMessage::decode(&frame);
                if let (Ok(ServerMessage::Ack(batch)), Some(writer)) =
                    (ack, around.writers.get(&conn))
                {
                    around.judge.note_ack(*writer, batch)?;
                }
                self.push(conn, Lane::Answer, frame, around);
            }
            Effect::SendAll { to, frame, lane, except } => {
                check(to, std::slice::from_ref(&frame), around)?;
                let peers: Vec<_> = self.peers.iter().map(|(conn, it)| (*conn, *it)).collect();
                for (conn, dialect) in peers {
                    if dialect == Some(to) && Some(conn) != except {
                        self.push(conn, lane, frame.clone(), around);
                    }
                }
            }
            Effect::Show { conn, frames } => {
                for frame in frames {
                    self.push(conn, Lane::Presence, frame, around);
                }
            }
            Effect::Mark(mark) => {
                around.judge.tally.count(What::Mark);
                for conn in self.peers.iter().filter(|(_, it)| it.is_some()).map(|(conn, _)| conn) {
                    if let Some(line) = around.lines.get_mut(conn) {
                        line.outbox.push_mark(Arc::clone(&mark));
                    }
                }
            }
            Effect::Own { .. } => {}
            Effect::CatchUp { conn, has_lost, frames, mark } => {
                if has_lost {
                    around.judge.tally.count(What::Resync);
                }
                let Some(line) = around.lines.get_mut(&conn) else { return Ok(()) };
                line.outbox.push_whole(frames.iter().cloned().map(Frame::message), mark);
                let dialect = line.dialect;
                check(dialect, &frames, around)?;
            }
            Effect::ShowAgain { conn, frames } => {
                if let Some(line) = around.lines.get_mut(&conn) {
                    line.outbox.push_presence_again(frames.into_iter().map(Frame::message));
                }
            }
            Effect::Close { conn, code, text, refusal } => {
                self.peers.remove(&conn);
                if let Some(line) = around.lines.get_mut(&conn) {
                    line.outbox.close(Ending { code: Some(code), text, refusal });
                    line.server_knows = true;
                }
            }
            Effect::Append(record) => {
                around.judge.note_record(&record)?;
                let seq = record.seq;
                self.records.push(record);
                if self.broken == Broken::Commit
                    && let Some(room) = &mut self.room
                {
                    room.handle_committed(seq);
                }
            }
            Effect::Answer { .. } => {}
            Effect::Reload => {
                let document = load(around.disk)?;
                if let Some(room) = &mut self.room {
                    room.handle_reloaded(document);
                }
            }
        }
        Ok(())
    }

    fn push(&mut self, conn: ConnId, lane: Lane, frame: Bytes, around: &mut Around<'_>) {
        if self.broken == Broken::Frame && lane == Lane::Update && self.rng.u8(..20) == 0 {
            return;
        }
        if let Some(line) = around.lines.get_mut(&conn) {
            let pushed = line.outbox.push(lane, Frame::message(frame), self.limits.outbox_bytes);
            if pushed == Pushed::Overflow {
                self.laggards.insert(conn);
            }
        }
    }
}

/// What a step leads to.
pub(super) type Done = Result<(), Violation>;

fn check(dialect: Dialect, frames: &[Bytes], around: &mut Around<'_>) -> Done {
    frames.iter().try_for_each(|frame| around.judge.note_leaving(dialect, frame))
}

fn load(disk: &Disk) -> Result<Document, Violation> {
    let log = Log { records: disk.log().to_vec(), ..Log::empty(LIFE) };
    match Document::from_log(&log) {
        Ok(document) => Ok(document),
        Err(error) => violation(format!("the log cannot be read: {error}")),
    }
}
