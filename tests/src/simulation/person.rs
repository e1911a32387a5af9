//! A person with a page: a real session and a real board, a clock of its own, and now and then sleep.

use std::collections::BTreeMap;
use std::time::Duration;

use fastrand::Rng;
use server::room::ConnId;
use shared::board::Board;
use shared::color::Color;
use shared::element::{Ink, NewElement, Shape, Style};
use shared::geometry::BoardPoint;
use shared::id::{Batch, ClientId, MemberId};
use shared::ink::InkPoint;
use shared::presence::{Presence, PresencePatch};
use shared::protocol::Identity;
use shared::session::{Connection, Courier, Event, Session};
use shared::time::Time;

use super::judge::{Judge, Violation, Writer, violation};
use super::line::{Heard, Line};
use super::store::Store;
use super::tally::What;
use crate::scribble;

/// What a socket is said to have ended with that ended without a word.
const NO_CLOSE_FRAME: u16 = 1006;

/// Edits are made faster than they are acknowledged, but nobody is this far ahead of a dead line.
const UNSAVED_MAX: usize = 60;

/// Which of a page's sessions.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Which {
    /// Its own.
    Page,
    /// The one that brings what an earlier page left under another id.
    Courier,
}

/// A session's way to the server.
#[derive(Default)]
pub(super) struct Socket {
    pub line: Option<ConnId>,
    /// When the socket opens that is being opened.
    pub opening: Option<Time>,
    /// Which of its author's sessions it belongs to.
    life: u32,
}

pub(super) struct Person {
    pub session: Session,
    pub board: Board,
    pub socket: Socket,
    courier: Option<(Courier, Writer, Socket)>,
    /// What the browser keeps, if it keeps anything.
    pub store: Option<Store>,
    /// Nothing happens in the page before.
    pub asleep_until: Option<Time>,
    pub next_act: Option<Time>,
    /// When more of a board is taken in that is loaded by parts.
    load_at: Time,
    name: String,
    rng: Rng,
    n_lives: u32,
    n_acts: u32,
    /// What this page's clock shows when the world's begins.
    clock: u64,
    last_batch: Batch,
    /// Whether its edits may be large.
    is_heavy: bool,
}

impl Person {
    pub(super) fn new(number: usize, n_acts: u32, mut rng: Rng) -> Self {
        let name = format!("Person {number}");
        let identity = Identity::new(&name, Color::INK);
        let mut store = rng.bool().then(Store::default);
        let (session, board) = match &mut store {
            Some(store) => store.open(identity, &mut rng),
            None => {
                let board = Board::new(ClientId::random(&mut rng), rng.u64(..));
                (Session::new(identity, None, rng.u64(..)), board)
            }
        };
        let mut person = Self {
            session,
            board,
            socket: Socket::default(),
            courier: None,
            store,
            asleep_until: None,
            next_act: Some(Time(rng.u64(..500))),
            load_at: Time(0),
            name,
            n_lives: 0,
            n_acts,
            clock: rng.u64(..1 << 42),
            last_batch: Batch(0),
            is_heavy: rng.u8(..4) == 0,
            rng,
        };
        person.session.connect(Time(person.clock));
        person
    }

    /// The page is loaded anew, with what the browser kept.
    pub(super) fn reload(&mut self, now: Time, judge: &mut Judge) {
        let identity = Identity::new(&self.name, Color::INK);
        let Some(store) = &mut self.store else { return };
        store.crash(self.rng.bool(), judge);
        (self.session, self.board) = store.open(identity, &mut self.rng);
        if self.session.is_opening() {
            judge.tally.count(What::Parts);
        }
        self.courier = None;
        self.n_lives += 1;
        self.socket = Socket { life: self.n_lives, ..Socket::default() };
        self.last_batch = Batch(0);
        self.note_written(judge);
        self.clock = self.rng.u64(..1 << 42);
        self.asleep_until = None;
        self.connect(now);
    }

    pub(super) fn writer(&self, which: Which) -> Writer {
        match (which, &self.courier) {
            (Which::Courier, Some((_, writer, _))) => *writer,
            _ => (self.board.author(), self.socket.life),
        }
    }

    pub(super) fn author(&self) -> ClientId {
        self.board.author()
    }

    /// The way of one of its sessions to the server, if there is such a session.
    pub(super) fn socket(&self, which: Which) -> Option<&Socket> {
        match which {
            Which::Page => Some(&self.socket),
            Which::Courier => self.courier.as_ref().map(|(_, _, socket)| socket),
        }
    }

    /// Whose line this is.
    pub(super) fn which(&self, conn: ConnId) -> Option<Which> {
        let is_its = |which: &Which| self.socket(*which).is_some_and(|it| it.line == Some(conn));
        [Which::Page, Which::Courier].into_iter().find(is_its)
    }

    fn end(&mut self, which: Which) -> (&mut Session, &mut Socket, &mut Board) {
        match (which, &mut self.courier) {
            (Which::Courier, Some((courier, _, socket))) => {
                (&mut courier.session, socket, &mut self.board)
            }
            _ => (&mut self.session, &mut self.socket, &mut self.board),
        }
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// When the session's timer is due.
    pub(super) fn due(&self, now: Time) -> Option<Time> {
        let courier = self.courier.as_ref().and_then(|(it, ..)| it.session.poll_timeout());
        let due = [self.session.poll_timeout(), courier].into_iter().flatten().min()?;
        Some(Time(due.0.saturating_sub(self.clock)).max(now))
    }

    /// When more is to be taken in of what is loaded by parts.
    pub(super) fn load_due(&self) -> Option<Time> {
        self.session.is_loading().then_some(self.load_at)
    }

    /// Takes in more of it.
    pub(super) fn load(&mut self, now: Time) {
        let time = self.time(now);
        for _ in 0..self.rng.u32(1..4) {
            if self.session.is_loading() {
                self.session.load_more(time, &mut self.board);
            }
        }
        self.load_at = now + Duration::from_millis(1 << self.rng.u32(..8));
    }

    pub(super) fn handle_timeout(&mut self, now: Time) {
        let now = self.time(now);
        self.session.handle_timeout(now);
        if let Some((courier, ..)) = &mut self.courier {
            courier.session.handle_timeout(now);
        }
    }

    /// Does something, and says when to go on.
    pub(super) fn act(&mut self, now: Time, judge: &mut Judge) {
        let time = self.time(now);
        match self.rng.u8(..8) {
            0..6 if self.session.unsaved().len() < UNSAVED_MAX => {
                for _ in 0..self.rng.u32(1..4) {
                    self.edit(judge);
                }
            }
            6 if self.rng.u8(..4) == 0 => {
                let color = Color::rgb(self.rng.u32(..0x0100_0000));
                self.session.rename(Identity::new(&self.name, color));
            }
            _ => {
                let at = BoardPoint::new(self.rng.f64() * 900.0, self.rng.f64() * 900.0);
                let cursor = (self.rng.u8(..8) > 0).then(|| at.into());
                let patch = PresencePatch { cursor: Some(cursor), ..PresencePatch::default() };
                self.session.show_presence(time, patch);
            }
        }
        self.n_acts = self.n_acts.saturating_sub(1);
        let pause = Duration::from_millis(1 << self.rng.u32(..10));
        self.next_act = (self.n_acts > 0).then(|| now + pause);
    }

    fn edit(&mut self, judge: &mut Judge) {
        judge.tally.count(What::Edit);
        if self.is_heavy && self.rng.u8(..10) == 0 {
            self.draw_much();
        } else {
            scribble(&mut self.board, &mut self.rng);
        }
        self.session.handle_edits(&mut self.board);
        self.note_written(judge);
    }

    fn note_written(&mut self, judge: &mut Judge) {
        let writer = self.writer(Which::Page);
        for update in self.session.unsaved().filter(|it| it.batch > self.last_batch) {
            judge.note_written(writer, update.batch, &update.bytes);
        }
        self.last_batch = self.session.unsaved().last().map_or(self.last_batch, |it| it.batch);
    }

    /// A long stroke: one large message.
    fn draw_much(&mut self) {
        let n_points = self.rng.u32(500..12_000);
        let mut at = || BoardPoint::new(self.rng.f64() * 9000.0, self.rng.f64() * 9000.0);
        let points = (0..n_points).map(|_| InkPoint { at: at(), pressure: 0.5 }).collect();
        let ink = Shape::Ink(Ink { points, has_pressure: true, ..Ink::default() });
        self.board.begin_step();
        self.board.insert(NewElement::new(None, Style::default(), ink));
    }

    /// The browser says that it is online, or somebody looks at the page.
    pub(super) fn connect(&mut self, now: Time) {
        self.session.connect(self.time(now));
    }

    /// The socket is open, or could not be opened.
    pub(super) fn handle_opened(&mut self, which: Which, conn: Option<ConnId>, now: Time) {
        let now = self.time(now);
        let (session, socket, board) = self.end(which);
        (socket.line, socket.opening) = (conn, None);
        match conn {
            Some(_) => session.handle_open(now, board),
            None => session.handle_close(now, NO_CLOSE_FRAME, ""),
        }
    }

    /// Something arrives, or the line ends without a word.
    pub(super) fn hear(&mut self, which: Which, heard: Option<Heard>, now: Time) {
        let time = self.time(now);
        let (session, socket, board) = self.end(which);
        let code = match heard {
            Some(Heard::Message(bytes)) => return session.handle_message(time, &bytes, board),
            Some(Heard::Close(code)) => code,
            None => NO_CLOSE_FRAME,
        };
        socket.line = None;
        session.handle_close(time, code, "");
    }

    /// The browser has written something.
    pub(super) fn handle_written(&mut self, judge: &mut Judge) {
        if let Some(keys) = self.store.as_mut().and_then(|store| store.end_write(judge)) {
            self.session.handle_written(Some(keys));
        }
    }

    /// Carries out what the sessions want.
    pub(super) fn drain(
        &mut self,
        lines: &mut BTreeMap<ConnId, Line>,
        now: Time,
        judge: &mut Judge,
    ) -> Result<(), Violation> {
        self.drain_one(Which::Page, lines, now)?;
        if self.courier.is_none() {
            let (time, seed) = (self.time(now), self.rng.u64(..));
            if let Some(courier) = self.session.poll_courier(time, seed) {
                self.n_lives += 1;
                let writer = (courier.client(), self.n_lives);
                for update in courier.session.unsaved() {
                    judge.note_written(writer, update.batch, &update.bytes);
                }
                judge.tally.count(What::Courier);
                self.courier = Some((courier, writer, Socket::default()));
            }
        }
        if let Some((courier, ..)) = &mut self.courier {
            let goes_on = self.session.attend(courier);
            self.drain_one(Which::Courier, lines, now)?;
            if !goes_on {
                self.courier = None;
                self.drain_one(Which::Page, lines, now)?;
            }
        }
        if let Some(store) = &mut self.store
            && store.is_idle()
            && let Some(write) = self.session.poll_write()
        {
            store.begin_write(write, now + Duration::from_millis(1 << self.rng.u32(..8)));
        }
        Ok(())
    }

    fn drain_one(
        &mut self,
        which: Which,
        lines: &mut BTreeMap<ConnId, Line>,
        now: Time,
    ) -> Result<(), Violation> {
        let delay = Duration::from_millis(1 << self.rng.u32(..9));
        let name = self.name.clone();
        let (session, socket, _) = self.end(which);
        loop {
            let mut line = socket.line.and_then(|conn| lines.get_mut(&conn));
            while let Some(frame) = session.poll_transmit() {
                if let Some(line) = &mut line {
                    line.say(frame, now);
                }
            }
            match session.poll_event() {
                Some(Event::Open) => socket.opening = Some(now + delay),
                Some(Event::Close(_)) => {
                    (socket.opening, socket.line) = (None, None);
                    if let Some(line) = line {
                        line.hang_up(now);
                    }
                }
                Some(Event::Refused(why) | Event::Stranded(why)) => {
                    return violation(format!("{name} is sent away for good: {why}"));
                }
                Some(
                    event @ (Event::Replaced
                    | Event::Outdated
                    | Event::Unkept
                    | Event::Damaged
                    | Event::Broken),
                ) => {
                    return violation(format!("{name} is told what is not so: {event:?}"));
                }
                Some(
                    Event::Connection(_)
                    | Event::Members
                    | Event::Presence(_)
                    | Event::Board
                    | Event::Saved
                    | Event::Rtt(_),
                ) => {}
                None => return Ok(()),
            }
        }
    }

    /// Whether all is said and done.
    pub(super) fn is_done(&self) -> bool {
        self.next_act.is_none()
            && self.session.connection() == Connection::Live
            && !self.session.is_loading()
            && self.session.n_unsaved() == 0
            && self.courier.is_none()
    }

    /// Who is there, with what they show.
    pub(super) fn others(&self) -> Vec<(MemberId, Identity, Presence)> {
        let members = self.session.members().iter();
        members.map(|(id, it)| (*id, it.identity.clone(), it.presence.clone())).collect()
    }

    /// A line for violations.
    pub(super) fn summary(&self) -> String {
        let n_unsaved = self.session.n_unsaved();
        format!("{} is {} with {n_unsaved} unsaved", self.name, self.session.connection().word())
    }

    /// Nothing was dropped that was not acknowledged.
    pub(super) fn check_kept(&self, judge: &Judge) -> Result<(), Violation> {
        let first = self.session.unsaved().next().map_or(Batch(u64::MAX), |it| it.batch);
        for batch in (1..=self.last_batch.0).map(Batch).take_while(|batch| *batch < first) {
            if !judge.is_promised(self.writer(Which::Page), batch) {
                return violation(format!("{} dropped batch {} unsaved", self.name, batch.0));
            }
        }
        Ok(())
    }

    fn time(&self, now: Time) -> Time {
        Time(self.clock + now.0)
    }
}
