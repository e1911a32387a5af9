//! Others on the board in front of which the page is: native clients over real sockets, who draw all at
//! once, or change thousands of things in a moment.

use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use shared::board::Board;
use shared::color::Color;
use shared::element::{Brush, Ink, NewElement, Shape, Style};
use shared::geometry::{BoardPoint, Geometry};
use shared::id::{Batch, ClientId, ElementId, Seq};
use shared::ink::{InkPoint, Quantum, encode_chunk};
use shared::limits::PROTOCOL_VERSION;
use shared::presence::{Gesture, InkGesture, PresencePatch};
use shared::protocol::{ClientMessage, Hello, Identity, NewUpdate, ServerMessage};

use super::seeded::SIDE;
use crate::websocket::{self, Frames, Kind, put_frame};

/// How long a person may wait for the welcome.
const WELCOME_MAX: Duration = Duration::from_secs(30);
/// Between two points of a pen.
const POINT_EVERY: Duration = Duration::from_micros(16_667);
/// Points after which others are shown where the pen is: 30 times a second.
const POINTS_SHOWN: usize = 2;
/// Points after which they are written: every quarter of a second.
const POINTS_WRITTEN: usize = 15;
/// Points of a stroke: two seconds.
const POINTS: usize = 120;

/// Somebody on the board.
struct Person {
    number: usize,
    stream: TcpStream,
    frames: Frames,
    board: Board,
    last_batch: u64,
    stroke: Option<Stroke>,
}

struct Stroke {
    id: ElementId,
    points: Vec<InkPoint>,
    n_written: usize,
    n_written_before: usize,
}

/// All of them.
pub struct People(Vec<Person>);

/// People who draw until this is dropped.
pub struct Drawing {
    is_over: Arc<AtomicBool>,
    thread: Option<JoinHandle<Result<People>>>,
}

impl People {
    /// So many people join the seeded board.
    pub fn join(address: SocketAddr, n: usize) -> Result<Self> {
        (0..n).map(|number| Person::join(address, number)).collect::<Result<_>>().map(Self)
    }

    /// All begin to draw, in a thread of their own.
    pub fn draw(mut self) -> Drawing {
        let is_over = Arc::new(AtomicBool::new(false));
        let until = Arc::clone(&is_over);
        let thread = std::thread::spawn(move || {
            let mut next = Instant::now();
            while !until.load(Ordering::Relaxed) {
                for person in &mut self.0 {
                    person.draw()?;
                    person.listen()?;
                }
                next += POINT_EVERY;
                std::thread::sleep(next.saturating_duration_since(Instant::now()));
            }
            Ok(self)
        });
        Drawing { is_over, thread: Some(thread) }
    }

    /// Each puts its part of `n` boxes onto the board, one edit for each.
    pub fn insert(&mut self, n: usize) -> Result<()> {
        for round in 0..n.div_ceil(self.0.len()) {
            for person in &mut self.0 {
                let (x, y) = person.place(round as f64 * 3.0, 250.0);
                let geometry = Geometry { x, y, w: 20.0, h: 14.0, ..Geometry::default() };
                let new = NewElement::new(Some(geometry), Style::default(), Shape::Rectangle);
                person.board.insert(new);
                person.send_edits()?;
                person.listen()?;
            }
        }
        Ok(())
    }

    /// One of them moves `n` elements at once, as one edit.
    pub fn shift(&mut self, n: usize) -> Result<()> {
        let person = self.0.first_mut().context("there is nobody")?;
        let moved = |geometry: Geometry| geometry.moved(7.0, 5.0);
        let all = person.board.elements().take(n);
        let places: Vec<_> = all.map(|it| (it.id.clone(), moved(it.geometry))).collect();
        person.board.place(&places);
        person.send_edits()
    }

    /// Reads what has come for so long: servers hang up on who does not.
    pub fn listen(&mut self, time: Duration) -> Result<()> {
        let until = Instant::now() + time;
        while Instant::now() < until {
            self.0.iter_mut().try_for_each(Person::listen)?;
            std::thread::sleep(POINT_EVERY);
        }
        Ok(())
    }
}

impl Drawing {
    /// They put their pens away.
    pub fn end(mut self) -> Result<People> {
        self.is_over.store(true, Ordering::Relaxed);
        let thread = self.thread.take().context("it ends once")?;
        thread.join().map_err(|_| anyhow::anyhow!("whoever draws has panicked"))?
    }
}

impl Drop for Drawing {
    fn drop(&mut self) {
        self.is_over.store(true, Ordering::Relaxed);
    }
}

impl Person {
    fn join(address: SocketAddr, number: usize) -> Result<Self> {
        let client = ClientId::new(1_000_000 + number as u64).context("a client's id")?;
        let mut person = Self {
            number,
            stream: websocket::open(address, "/ws/seeded")?,
            frames: Frames::default(),
            board: Board::new(client, number as u64 + 1),
            last_batch: 0,
            stroke: None,
        };
        let hello = Hello {
            version: PROTOCOL_VERSION,
            token: None,
            identity: Identity::new(&format!("Person {number}"), Color::rgb(0x1971c2)),
            client,
            ticket: None,
            incarnation: None,
            last_seq: Seq(0),
            state_vector: person.board.state_vector(),
        };
        person.send(&ClientMessage::Hello(hello))?;
        let until = Instant::now() + WELCOME_MAX;
        while Instant::now() < until {
            for message in person.hear()? {
                if let Ok(ServerMessage::Welcome(welcome)) = ServerMessage::decode(&message) {
                    person.board.apply_remote(&welcome.update)?;
                    person.board.take_changes();
                    person.stream.set_nonblocking(true)?;
                    return Ok(person);
                }
            }
        }
        bail!("person {number} was not let in")
    }

    /// The pen goes on.
    fn draw(&mut self) -> Result<()> {
        let Some(stroke) = &self.stroke else {
            let (id, points) = (self.board.new_id(), Vec::new());
            self.stroke = Some(Stroke { id, points, n_written: 0, n_written_before: 0 });
            return Ok(());
        };
        let n = stroke.points.len();
        let (x, y) = self.place(n as f64 * 0.09, 20.0 + n as f64 * 0.7);
        let Some(stroke) = &mut self.stroke else { return Ok(()) };
        stroke.points.push(InkPoint { at: BoardPoint::new(x, y), pressure: 0.5 });
        let n = stroke.points.len();
        if n.is_multiple_of(POINTS_WRITTEN) {
            if stroke.n_written == 0 {
                let none = Shape::Ink(Ink::default());
                let new = NewElement::new(None, self.style(), none);
                let id = self.stroke.as_ref().map(|it| it.id.clone()).context("it is drawn")?;
                self.board.begin_step();
                self.board.insert_as(id, new);
            }
            let Some(stroke) = &mut self.stroke else { return Ok(()) };
            let new = &stroke.points[stroke.n_written..];
            self.board.append_ink(&stroke.id, new, Quantum::NORMAL, false);
            (stroke.n_written_before, stroke.n_written) = (stroke.n_written, n);
            self.send_edits()?;
        }
        if n >= POINTS {
            self.stroke = None;
        }
        if n.is_multiple_of(POINTS_SHOWN) { self.show(x, y) } else { Ok(()) }
    }

    fn show(&mut self, x: f64, y: f64) -> Result<()> {
        let style = self.style();
        let gesture = self.stroke.as_ref().map_or_else(Gesture::default, |stroke| {
            let from = stroke.n_written_before;
            let chunk = encode_chunk(&stroke.points[from..], Quantum::NORMAL, false);
            let (id, brush) = (stroke.id.clone(), Brush::default());
            Gesture::Ink(InkGesture { id, style, from: from as u32, chunk, brush })
        });
        let cursor = Some(Some(BoardPoint::new(x, y).into()));
        let patch = PresencePatch { cursor, gesture: Some(gesture), ..PresencePatch::default() };
        self.send(&ClientMessage::Presence(patch))
    }

    /// Some way around the middle of this person's part of what is seen.
    fn place(&self, turn: f64, radius: f64) -> (f64, f64) {
        let (column, row) = (self.number % 10, self.number / 10 % 5);
        let (x, y) = (column as f64 * 130.0 - 585.0, row as f64 * 150.0 - 300.0);
        let turn = turn + self.number as f64;
        (SIDE / 2.0 + x + turn.cos() * radius, SIDE / 2.0 + y + turn.sin() * radius)
    }

    fn style(&self) -> Style {
        let colors = [0x1e1e1e, 0xe03131, 0x2f9e44, 0x1971c2, 0xf08c00];
        let stroke = Color::rgb(colors[self.number % colors.len()]);
        Style { stroke, width: 2.0, ..Style::default() }
    }

    fn send_edits(&mut self) -> Result<()> {
        for bytes in self.board.take_updates() {
            self.last_batch += 1;
            let update = NewUpdate { batch: Batch(self.last_batch), bytes };
            self.send(&ClientMessage::Update(update))?;
        }
        Ok(())
    }

    fn send(&mut self, message: &ClientMessage) -> Result<()> {
        let mut bytes = Vec::new();
        put_frame(&mut bytes, Kind::Binary, &message.encode());
        let mut rest = &bytes[..];
        while !rest.is_empty() {
            match self.stream.write(rest) {
                Ok(n) => rest = &rest[n..],
                Err(error) if error.kind() == ErrorKind::WouldBlock => self.listen()?,
                Err(error) => return Err(error).context("sending"),
            }
        }
        Ok(())
    }

    /// Reads what has come, and drops it.
    fn listen(&mut self) -> Result<()> {
        self.hear().map(drop)
    }

    fn hear(&mut self) -> Result<Vec<Vec<u8>>> {
        let mut messages = Vec::new();
        let mut pongs = Vec::new();
        let mut buffer = [0; 64 * 1024];
        let n = match self.stream.read(&mut buffer) {
            Ok(0) => bail!("the server has hung up on person {}", self.number),
            Ok(n) => n,
            Err(error) if error.kind() == ErrorKind::WouldBlock => 0,
            Err(error) => return Err(error).context("reading"),
        };
        self.frames.feed(&buffer[..n], |kind, payload| match kind {
            Kind::Binary => messages.push(payload.to_vec()),
            Kind::Ping => put_frame(&mut pongs, Kind::Pong, payload),
            Kind::Text | Kind::Close | Kind::Pong => {}
        })?;
        if !pongs.is_empty() {
            self.stream.write_all(&pongs)?;
        }
        Ok(messages)
    }
}
