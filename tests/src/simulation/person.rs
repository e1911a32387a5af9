//! A person with a page: a real session and a real board, a clock of its own, and now and then sleep.

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
use shared::session::{Connection, Event, Session};
use shared::time::Time;

use super::judge::{Judge, Violation, Writer, violation};
use super::line::{Heard, Line};
use super::tally::What;
use crate::scribble;

/// What a socket is said to have ended with that ended without a word.
const NO_CLOSE_FRAME: u16 = 1006;

/// Edits are made faster than they are acknowledged, but nobody is this far ahead of a dead line.
const UNSAVED_MAX: usize = 60;

pub(super) struct Person {
    pub session: Session,
    pub board: Board,
    pub line: Option<ConnId>,
    /// When the socket opens that is being opened.
    pub opening: Option<Time>,
    /// Nothing happens in the page before.
    pub asleep_until: Option<Time>,
    pub next_act: Option<Time>,
    name: String,
    rng: Rng,
    /// Which of its author's sessions this is.
    life: u32,
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
        let board = Board::new(ClientId::random(&mut rng), rng.u64(..));
        let mut session = Session::new(Identity::new(&name, Color::INK), None, rng.u64(..));
        let clock = rng.u64(..1 << 42);
        session.connect(Time(clock));
        Self {
            session,
            board,
            line: None,
            opening: None,
            asleep_until: None,
            next_act: Some(Time(rng.u64(..500))),
            name,
            life: 0,
            n_acts,
            clock,
            last_batch: Batch(0),
            is_heavy: rng.u8(..6) == 0,
            rng,
        }
    }

    pub(super) fn writer(&self) -> Writer {
        (self.board.author(), self.life)
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// When the session's timer is due.
    pub(super) fn due(&self, now: Time) -> Option<Time> {
        let due = self.session.poll_timeout()?;
        Some(Time(due.0.saturating_sub(self.clock)).max(now))
    }

    pub(super) fn handle_timeout(&mut self, now: Time) {
        let now = self.time(now);
        self.session.handle_timeout(now);
    }

    /// Does something, and says when to go on.
    pub(super) fn act(&mut self, now: Time, judge: &mut Judge) {
        let time = self.time(now);
        match self.rng.u8(..8) {
            0..6 if self.session.unsaved().len() < UNSAVED_MAX => {
                for _ in 0..self.rng.u32(1..4) {
                    self.edit(judge);
                }
                self.n_acts = self.n_acts.saturating_sub(1);
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
        for update in self.session.unsaved().filter(|it| it.batch > self.last_batch) {
            judge.note_written((self.board.author(), self.life), update.batch, &update.bytes);
        }
        self.last_batch = self.session.unsaved().last().map_or(self.last_batch, |it| it.batch);
    }

    /// A long stroke: one large message.
    fn draw_much(&mut self) {
        let n_points = self.rng.u32(500..8_000);
        let mut at = || BoardPoint::new(self.rng.f64() * 9000.0, self.rng.f64() * 9000.0);
        let points = (0..n_points).map(|_| InkPoint { at: at(), pressure: 0.5 }).collect();
        let ink = Shape::Ink(Ink { points, has_pressure: true });
        self.board.begin_step();
        self.board.insert(NewElement::new(None, Style::default(), ink));
    }

    /// The browser says that it is online, or somebody looks at the page.
    pub(super) fn connect(&mut self, now: Time) {
        self.session.connect(self.time(now));
    }

    /// The socket is open, or could not be opened.
    pub(super) fn handle_opened(&mut self, conn: Option<ConnId>, now: Time) {
        let now = self.time(now);
        self.line = conn;
        match conn {
            Some(_) => self.session.handle_open(now, &self.board),
            None => self.session.handle_close(now, NO_CLOSE_FRAME, ""),
        }
    }

    /// Something arrives, or the line ends without a word.
    pub(super) fn hear(&mut self, heard: Option<Heard>, now: Time) {
        let time = self.time(now);
        match heard {
            Some(Heard::Message(bytes)) => {
                self.session.handle_message(time, &bytes, &mut self.board);
            }
            Some(Heard::Close(code)) => {
                self.line = None;
                self.session.handle_close(time, code, "");
            }
            None => {
                self.line = None;
                self.session.handle_close(time, NO_CLOSE_FRAME, "");
            }
        }
    }

    /// Carries out what the session wants. The answer is whether it leaves its line.
    pub(super) fn drain(
        &mut self,
        mut line: Option<&mut Line>,
        now: Time,
    ) -> Result<(), Violation> {
        loop {
            while let Some(frame) = self.session.poll_transmit() {
                if let Some(line) = &mut line {
                    line.say(frame, now);
                }
            }
            match self.session.poll_event() {
                Some(Event::Open) => {
                    let millis = 1 << self.rng.u32(..9);
                    self.opening = Some(now + Duration::from_millis(millis));
                }
                Some(Event::Close(_)) => {
                    self.opening = None;
                    self.line = None;
                    if let Some(line) = line.take() {
                        line.hang_up(now);
                    }
                }
                Some(Event::Refused(why)) => {
                    return violation(format!("{} is sent away for good: {why}", self.name));
                }
                Some(event @ (Event::Outdated | Event::Stranded(_) | Event::Unkept)) => {
                    return violation(format!("{} is told {event:?}", self.name));
                }
                Some(Event::Replaced) => {
                    return violation(format!("{} is told of another room", self.name));
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
            && self.session.unsaved().len() == 0
    }

    /// Who is there, with what they show.
    pub(super) fn others(&self) -> Vec<(MemberId, Identity, Presence)> {
        let members = self.session.members().iter();
        members.map(|(id, it)| (*id, it.identity.clone(), it.presence.clone())).collect()
    }

    /// A line for violations.
    pub(super) fn summary(&self) -> String {
        let n_unsaved = self.session.unsaved().len();
        format!("{} is {} with {n_unsaved} unsaved", self.name, self.session.connection().word())
    }

    /// Nothing was dropped that was not acknowledged.
    pub(super) fn check_kept(&self, judge: &Judge) -> Result<(), Violation> {
        let first = self.session.unsaved().next().map_or(Batch(u64::MAX), |it| it.batch);
        for batch in (1..=self.last_batch.0).map(Batch).take_while(|batch| *batch < first) {
            if !judge.is_promised(self.writer(), batch) {
                return violation(format!("{} dropped batch {} unsaved", self.name, batch.0));
            }
        }
        Ok(())
    }

    fn time(&self, now: Time) -> Time {
        Time(self.clock + now.0)
    }
}
