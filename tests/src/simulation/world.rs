//! The order of things: looks whose moment is the next, lets chance decide between those of the same
//! moment, and at the end waits until all is quiet.

use std::collections::BTreeMap;
use std::time::Duration;

use fastrand::Rng;
use server::limits::OUTBOX_PRESENCE_BYTES;
use server::room::{ConnId, Dialect};
use shared::board::Board;
use shared::color::Color;
use shared::element::{NewElement, Shape, Style};
use shared::geometry::Geometry;
use shared::id::{Batch, ClientId};
use shared::protocol::{ClientMessage, Hello, Identity, NewUpdate};
use shared::time::Time;

use super::Broken;
use super::disk::{Disk, Mood};
use super::fate::{Fate, Fault};
use super::judge::{Judge, Violation, Writer, violation};
use super::line::{Cut, Heard, Line, Party};
use super::person::{Person, Which};
use super::program::Program;
use super::server::{Around, Done, Server};
use super::store::Store;
use super::tally::{Tally, What};
use crate::number_from;

/// How long all may take to come to rest, once nothing goes wrong any more: several times the longest
/// that a session waits for a welcome.
const REST_MAX: Duration = Duration::from_secs(20 * 60);

/// How long a server may take to stop.
const STOP_MAX: Duration = Duration::from_secs(10);

/// The largest single frame that may wait in an outbox beyond its bound, in bytes.
const FRAME_SLACK: usize = 1024 * 1024;

pub(super) struct World {
    now: Time,
    rng: Rng,
    people: Vec<Person>,
    programs: Vec<Program>,
    lines: BTreeMap<ConnId, Line>,
    /// Whose session is behind each line of a person.
    writers: BTreeMap<ConnId, Writer>,
    n_lines: u64,
    server: Server,
    disk: Disk,
    fate: Fate,
    judge: Judge,
    /// When the troubles ended.
    calm_since: Option<Time>,
    n_acts: u32,
    /// Whether each step is printed.
    is_told: bool,
}

/// Something whose moment comes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Step {
    Act(usize),
    Timer(usize),
    Load(usize),
    Opened(usize, Which),
    Written(usize),
    ProgramActs(usize),
    ProgramOpens(usize),
    Up(ConnId),
    Down(ConnId),
    ServerLearns(ConnId),
    ClientLearns(ConnId),
    ServerTimer,
    ServerStarts,
    ServerEnds,
    Flush,
    Look,
    Disk,
    Fate,
}

impl World {
    pub(super) fn new(seed: u64, broken: Broken) -> Self {
        let mut rng = Rng::with_seed(seed);
        let n_acts = rng.u32(5..50);
        let people = (0..rng.usize(1..6)).map(|n| Person::new(n, n_acts, rng.fork())).collect();
        let programs = (0..rng.usize(..3)).map(|_| Program::new(n_acts, rng.fork())).collect();
        Self {
            now: Time(0),
            people,
            programs,
            lines: BTreeMap::new(),
            writers: BTreeMap::new(),
            n_lines: 0,
            server: Server::new(broken, rng.fork()),
            disk: Disk::new(rng.fork()),
            fate: Fate::new(rng.fork()),
            judge: Judge::new(),
            calm_since: None,
            n_acts,
            is_told: number_from("TANDEM_TELL", 0) > 0,
            rng,
        }
    }

    /// Lives on until all is over.
    pub(super) fn run(mut self) -> Result<Tally, Violation> {
        // Sessions have asked to be connected already.
        for n in 0..self.people.len() {
            self.drain(n)?;
        }
        while !self.is_over() {
            let Some((at, step)) = self.next_step() else {
                return violation(format!("nothing happens any more: {}", self.summary()));
            };
            self.now = self.now.max(at);
            self.judge.tally.count(What::Step);
            if self.is_told {
                self.tell(step);
            }
            self.take(step)?;
            self.tidy_up()?;
            if self.calm_since.is_some_and(|since| self.now.since(since) > REST_MAX) {
                return violation(format!("it does not come to rest: {}", self.summary()));
            }
        }
        self.check_end()?;
        Ok(self.judge.tally)
    }

    fn next_step(&mut self) -> Option<(Time, Step)> {
        let mut steps: Vec<(Time, Step)> = Vec::new();
        let mut add = |at: Option<Time>, step| steps.extend(at.map(|at| (at.max(self.now), step)));
        for (n, person) in self.people.iter().enumerate() {
            let awake = |at: Time| person.asleep_until.map_or(at, |until| at.max(until));
            add(person.next_act.map(awake), Step::Act(n));
            add(person.due(self.now).map(awake), Step::Timer(n));
            add(person.load_due().map(awake), Step::Load(n));
            for which in [Which::Page, Which::Courier] {
                let opening = person.socket(which).and_then(|socket| socket.opening);
                add(opening.map(awake), Step::Opened(n, which));
            }
            let written = person.store.as_ref().and_then(Store::due);
            add(written.map(awake), Step::Written(n));
        }
        for (n, program) in self.programs.iter().enumerate() {
            add(program.next_act, Step::ProgramActs(n));
            add(program.opening, Step::ProgramOpens(n));
        }
        let mut n_unread = 0;
        for (&conn, line) in &self.lines {
            let asleep_until = match line.party {
                Party::Person(n) => self.people[n].asleep_until,
                Party::Program(_) | Party::Stranger => None,
            };
            let awake = |at: Time| asleep_until.map_or(at, |until| at.max(until));
            let up = line.next_up().filter(|(_, frame)| self.server.reads(frame));
            n_unread += usize::from(up.is_none() && line.next_up().is_some());
            add(up.map(|(at, _)| at), Step::Up(conn));
            if !line.client_knows {
                add(line.next_down().map(awake), Step::Down(conn));
                add(line.client_learns.map(awake), Step::ClientLearns(conn));
            }
            let has_more = line.next_up().is_some();
            let learns = line.server_learns.filter(|_| !line.server_knows && !has_more);
            add(learns, Step::ServerLearns(conn));
        }
        add(self.server.due(self.now), Step::ServerTimer);
        add(self.server.starts_at, Step::ServerStarts);
        let is_done = self.server.is_idle() && self.disk.is_idle();
        let ends = self.server.stops_since.map(|at| if is_done { at } else { at + STOP_MAX });
        add(ends, Step::ServerEnds);
        add(self.server.flush_at, Step::Flush);
        add(self.server.look_at, Step::Look);
        add(self.disk.due(), Step::Disk);
        add(self.fate.due, Step::Fate);
        if n_unread > 0 {
            self.judge.tally.count(What::Unread);
        }
        let first = steps.iter().map(|(at, _)| *at).min()?;
        steps.retain(|(at, _)| *at == first);
        self.rng.choice(steps)
    }

    fn take(&mut self, step: Step) -> Done {
        let now = self.now;
        match step {
            Step::Act(n) => {
                self.people[n].act(now, &mut self.judge);
                self.drain(n)
            }
            Step::Timer(n) => {
                self.people[n].handle_timeout(now);
                self.drain(n)
            }
            Step::Load(n) => {
                self.people[n].load(now);
                self.drain(n)
            }
            Step::Opened(n, which) => {
                let writer = self.people[n].writer(which);
                let conn = self.open(Party::Person(n), Dialect::Native)?;
                self.writers.extend(conn.map(|conn| (conn, writer)));
                self.people[n].handle_opened(which, conn, now);
                self.drain(n)
            }
            Step::Written(n) => {
                self.people[n].handle_written(&mut self.judge);
                self.drain(n)
            }
            Step::ProgramActs(n) => {
                let program = &mut self.programs[n];
                let line = program.line.and_then(|conn| self.lines.get_mut(&conn));
                program.act(line, now, &mut self.judge);
                Ok(())
            }
            Step::ProgramOpens(n) => {
                let conn = self.open(Party::Program(n), Dialect::Yjs)?;
                let line = conn.and_then(|conn| self.lines.get_mut(&conn));
                self.programs[n].handle_opened(conn, line, now);
                Ok(())
            }
            Step::Up(conn) => {
                let frame = self.lines.get_mut(&conn).and_then(Line::take_up);
                let (server, mut around) = self.server();
                frame.map_or(Ok(()), |frame| server.hear(conn, frame, &mut around))
            }
            Step::Down(conn) => self.hear(conn),
            Step::ServerLearns(conn) => {
                if let Some(line) = self.lines.get_mut(&conn) {
                    line.server_knows = true;
                }
                let (server, mut around) = self.server();
                server.handle_gone(conn, &mut around)
            }
            Step::ClientLearns(conn) => self.end(conn),
            Step::ServerTimer => {
                let (server, mut around) = self.server();
                server.handle_timeout(&mut around)
            }
            Step::ServerStarts => {
                self.server.starts_at = None;
                Ok(())
            }
            Step::ServerEnds => {
                let down_for = self.pause();
                self.lines.values_mut().for_each(|line| line.crash(now));
                self.server.end(down_for, now);
                self.disk.crash();
                self.judge.note_recovered(self.disk.log())
            }
            Step::Flush => {
                let (server, mut around) = self.server();
                server.flush(&mut around);
                Ok(())
            }
            Step::Look => {
                let (server, mut around) = self.server();
                server.look(&mut around)
            }
            Step::Disk => {
                let safe = self.disk.commit(now);
                self.judge.note_committed(&safe)?;
                while let Some(report) = self.disk.report(now) {
                    let (server, mut around) = self.server();
                    server.handle_report(&report, &mut around)?;
                }
                Ok(())
            }
            Step::Fate => self.meet_fate(),
        }
    }

    #[expect(clippy::print_stdout, reason = "it was asked for")]
    fn tell(&self, step: Step) {
        let frame = match step {
            Step::Up(conn) => self.lines.get(&conn).and_then(Line::next_up).map(|(_, it)| it),
            _ => None,
        };
        let said = frame.map(|frame| match ClientMessage::decode(frame) {
            Ok(message) => format!("{message:?}"),
            Err(_) => format!("{frame:?}"),
        });
        let end = self.disk.log().len();
        println!("{:>8} {step:?} {} (log: {end})", self.now.0, said.unwrap_or_default());
    }

    fn server(&mut self) -> (&mut Server, Around<'_>) {
        let around = Around {
            lines: &mut self.lines,
            disk: &mut self.disk,
            judge: &mut self.judge,
            writers: &self.writers,
            now: self.now,
        };
        (&mut self.server, around)
    }

    /// Opens a line, if the server listens.
    fn open(&mut self, party: Party, dialect: Dialect) -> Result<Option<ConnId>, Violation> {
        if !self.server.is_up() {
            return Ok(None);
        }
        self.n_lines += 1;
        let conn = ConnId(self.n_lines);
        self.lines.insert(conn, Line::new(party, dialect, self.rng.fork()));
        let (server, mut around) = self.server();
        server.open(conn, dialect, &mut around)?;
        Ok(Some(conn))
    }

    /// Bytes arrive at a client.
    fn hear(&mut self, conn: ConnId) -> Done {
        let Some(line) = self.lines.get_mut(&conn) else { return Ok(()) };
        let party = line.party;
        for heard in line.take_down() {
            match party {
                Party::Person(n) => {
                    let Some(which) = self.people[n].which(conn) else { continue };
                    if matches!(heard, Heard::Close(_))
                        && let Some(line) = self.lines.get_mut(&conn)
                    {
                        line.hang_up(self.now);
                    }
                    self.people[n].hear(which, Some(heard), self.now);
                    self.drain(n)?;
                }
                Party::Program(n) if self.programs[n].line == Some(conn) => {
                    if let Some(line) = self.lines.get_mut(&conn) {
                        self.programs[n].hear(heard, line, self.now)?;
                    }
                }
                Party::Program(_) | Party::Stranger => {}
            }
        }
        Ok(())
    }

    /// A client learns that its line is over.
    fn end(&mut self, conn: ConnId) -> Done {
        let Some(line) = self.lines.get_mut(&conn) else { return Ok(()) };
        line.hang_up(self.now);
        match line.party {
            Party::Person(n) => match self.people[n].which(conn) {
                Some(which) => {
                    self.people[n].hear(which, None, self.now);
                    self.drain(n)
                }
                None => Ok(()),
            },
            Party::Program(n) if self.programs[n].line == Some(conn) => {
                self.programs[n].come_again(self.now);
                Ok(())
            }
            Party::Program(_) | Party::Stranger => Ok(()),
        }
    }

    fn drain(&mut self, n: usize) -> Done {
        self.people[n].drain(&mut self.lines, self.now, &mut self.judge)
    }

    fn pause(&mut self) -> Duration {
        Duration::from_millis(1 << self.rng.u32(..14))
    }

    fn meet_fate(&mut self) -> Done {
        let now = self.now;
        let Some(fault) = self.fate.next(now) else { return Ok(()) };
        let n = self.rng.usize(..self.people.len());
        let conns: Vec<_> = self.lines.keys().copied().collect();
        let line = self.rng.choice(conns).and_then(|conn| self.lines.get_mut(&conn));
        match fault {
            Fault::Cut | Fault::Freeze => {
                let how = if fault == Fault::Cut { Cut::Loud } else { Cut::Silent };
                if let Some(line) = line {
                    line.cut(how, now);
                    self.judge.tally.count(What::Cut);
                }
            }
            Fault::Crash if self.server.starts_at.is_none() => {
                let down_for = self.pause();
                self.judge.tally.count(What::Crash);
                let (server, mut around) = self.server();
                return server.crash(down_for, &mut around);
            }
            Fault::Restart if self.server.is_up() => {
                let (server, mut around) = self.server();
                return server.stop(&mut around);
            }
            Fault::Crash | Fault::Restart => {}
            Fault::SlowDisk => self.disk.mood = Mood::Slow,
            Fault::FullDisk => self.disk.mood = Mood::Full,
            Fault::FailingDisk => self.disk.mood = Mood::Failing,
            Fault::MendDisk => self.disk.mood = Mood::Fast,
            Fault::Sleep => self.people[n].asleep_until = Some(now + self.pause() * 8),
            Fault::Online => {
                self.people[n].connect(now);
                return self.drain(n);
            }
            Fault::SlowReader => {
                if let Some(line) = line {
                    (line.window, line.delay) = (256, 1 << self.rng.u32(8..12));
                }
            }
            Fault::Reload => return self.reload(n),
            Fault::Forge => return self.forge(n),
        }
        Ok(())
    }

    /// A page is left, and another one opened that has what the browser kept.
    fn reload(&mut self, n: usize) -> Done {
        let person = &mut self.people[n];
        for which in [Which::Page, Which::Courier] {
            let conn = person.socket(which).and_then(|socket| socket.line);
            if let Some(line) = conn.and_then(|conn| self.lines.get_mut(&conn)) {
                line.hang_up(self.now);
            }
        }
        person.check_kept(&self.judge)?;
        if person.store.is_some() {
            self.judge.tally.count(What::Return);
            person.reload(self.now, &mut self.judge);
        } else {
            self.judge.tally.count(What::Reload);
            *person = Person::new(n, self.n_acts / 2, self.rng.fork());
        }
        self.drain(n)
    }

    /// Somebody without a ticket says that it is person `n`, or writes as if it were.
    fn forge(&mut self, n: usize) -> Done {
        let victim = &self.people[n];
        let author = victim.author();
        // An id that nobody has written under is anybody's.
        if !self.judge.knows(author) || !self.server.is_up() {
            return Ok(());
        }
        self.judge.tally.count(What::Forgery);
        let mut forged = Board::new(author, self.rng.u64(..));
        let copied = victim.board.diff(&[]).map(|all| forged.apply_remote(&all));
        if !matches!(copied, Ok(Ok(()))) {
            return violation("a board cannot be copied");
        }
        // Something new: whoever is in the room may delete, under whatever name.
        let geometry = Geometry { w: 9.0, h: 9.0, ..Geometry::default() };
        forged.insert(NewElement::new(Some(geometry), Style::default(), Shape::Rectangle));
        let own = Board::new(ClientId::random(&mut self.rng), 1);
        let client = if self.rng.bool() { author } else { own.author() };
        let stranger = Identity::new("Stranger", Color::INK);
        let hello = Hello::new(stranger, client, own.state_vector());
        let Some(conn) = self.open(Party::Stranger, Dialect::Native)? else { return Ok(()) };
        let Some(line) = self.lines.get_mut(&conn) else { return Ok(()) };
        line.say(ClientMessage::Hello(hello).encode(), self.now);
        for bytes in forged.take_updates() {
            let update = NewUpdate { batch: Batch(1), bytes };
            line.say(ClientMessage::Update(update).encode(), self.now);
        }
        line.hang_up(self.now);
        Ok(())
    }

    /// What follows from a step: bytes leave, lines end, troubles end.
    fn tidy_up(&mut self) -> Done {
        let most = self.server.outbox_bytes() + OUTBOX_PRESENCE_BYTES + FRAME_SLACK;
        for line in self.lines.values_mut() {
            line.pump(self.now);
            if line.outbox.n_bytes() > most {
                return violation(format!("{} bytes wait for one client", line.outbox.n_bytes()));
            }
        }
        self.server.check_bounds()?;
        self.lines.retain(|_, line| !(line.server_knows && line.client_knows));
        let lines = &self.lines;
        self.writers.retain(|conn, _| lines.contains_key(conn));
        let is_drawn = self.people.iter().all(|it| it.next_act.is_none())
            && self.programs.iter().all(|it| it.next_act.is_none());
        if is_drawn && self.calm_since.is_none() {
            self.calm_since = Some(self.now);
            self.fate.calm_down();
            self.people.iter_mut().for_each(|person| person.asleep_until = None);
            self.disk.mood = Mood::Fast;
            for line in self.lines.values_mut() {
                (line.window, line.delay) = (64 * 1024, 10);
            }
        }
        // What was written by halves is found out by a restart.
        if self.calm_since.is_some() && self.disk.has_failed() && self.server.is_up() {
            let (server, mut around) = self.server();
            return server.crash(Duration::from_millis(100), &mut around);
        }
        Ok(())
    }

    fn is_over(&self) -> bool {
        self.calm_since.is_some()
            && self.people.iter().all(Person::is_done)
            && self.programs.iter().all(Program::is_done)
            && self.disk.is_idle()
            && self.server.is_at_rest()
            && self.lines.values().all(|line| line.is_quiet() && !line.server_knows)
    }

    fn check_end(&mut self) -> Done {
        self.judge.check_log(self.disk.log())?;
        for person in &self.people {
            person.check_kept(&self.judge)?;
            self.judge.check_board(person.name(), &person.board)?;
        }
        let seen: Vec<_> = self.people.iter().map(Person::others).collect();
        if seen.iter().any(|it| *it != seen[0]) {
            return violation(format!("people see others: {seen:?}"));
        }
        for (n, program) in self.programs.iter().enumerate() {
            self.judge.check_board(&format!("program {n}"), &program.board)?;
        }
        Ok(())
    }

    fn summary(&self) -> String {
        let people: Vec<_> = self.people.iter().map(Person::summary).collect();
        format!("{} at {} ms; {} lines", people.join(", "), self.now.0, self.lines.len())
    }
}
