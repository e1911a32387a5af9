//! Others on the board in front of which the page is: native clients over real sockets, who draw all at
//! once, or change thousands of things in a moment.

use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
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
/// Between two looks for it.
const LOOK_EVERY: Duration = Duration::from_millis(1);
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

/// People who do the same all the time until this is dropped, and listen.
pub struct Busy {
    is_over: Arc<AtomicBool>,
    thread: Option<JoinHandle<Result<People>>>,
}

impl People {
    /// So many people join the seeded board. Each takes a while over a large one, and whoever is there already
    /// goes on listening: servers take who does not answer for dead.
    pub fn join(address: SocketAddr, n: usize) -> Result<Self> {
        let mut people = Self(Vec::with_capacity(n));
        for number in 0..n {
            let mut person = Person::come(address, number)?;
            let until = Instant::now() + WELCOME_MAX;
            while !person.is_let_in()? {
                ensure!(Instant::now() < until, "person {number} was not let in");
                people.0.iter_mut().try_for_each(Person::listen)?;
                std::thread::sleep(LOOK_EVERY);
            }
            people.0.push(person);
        }
        Ok(people)
    }

    /// How large the board is that they were sent, as one update.
    pub fn n_bytes(&self) -> usize {
        let boards = self.0.iter().filter_map(|person| person.board.diff(&[]).ok());
        boards.map(|update| update.len()).max().unwrap_or_default()
    }

    /// All draw.
    pub fn draw(self) -> Busy {
        self.keep_at(Person::draw)
    }

    /// All only listen: servers hang up on who does not.
    pub fn rest(self) -> Busy {
        self.keep_at(|_| Ok(()))
    }

    /// In a thread of their own, each once for every point of a pen.
    fn keep_at(mut self, act: fn(&mut Person) -> Result<()>) -> Busy {
        let is_over = Arc::new(AtomicBool::new(false));
        let until = Arc::clone(&is_over);
        let thread = std::thread::spawn(move || {
            let mut next = Instant::now();
            while !until.load(Ordering::Relaxed) {
                for person in &mut self.0 {
                    act(person)?;
                    person.listen()?;
                }
                next += POINT_EVERY;
                std::thread::sleep(next.saturating_duration_since(Instant::now()));
            }
            Ok(self)
        });
        Busy { is_over, thread: Some(thread) }
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
}

impl Busy {
    /// They stop.
    pub fn end(mut self) -> Result<People> {
        self.is_over.store(true, Ordering::Relaxed);
        let thread = self.thread.take().context("it ends once")?;
        thread.join().map_err(|_| anyhow::anyhow!("somebody has panicked"))?
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        self.is_over.store(true, Ordering::Relaxed);
    }
}

impl Person {
    /// Comes to the board and says hello.
    fn come(address: SocketAddr, number: usize) -> Result<Self> {
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
        person.stream.set_nonblocking(true)?;
        Ok(person)
    }

    /// Whether the welcome has come, and with it the board.
    fn is_let_in(&mut self) -> Result<bool> {
        for message in self.hear()? {
            if let Ok(ServerMessage::Welcome(welcome)) = ServerMessage::decode(&message) {
                self.board.apply_remote(&welcome.update)?;
                self.board.take_changes();
                return Ok(true);
            }
        }
        Ok(false)
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
        let mut goodbye = None;
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
            // A code of two bytes, and words.
            Kind::Close => goodbye = Some(payload.to_vec()),
            Kind::Text | Kind::Pong => {}
        })?;
        if let Some((code, why)) = goodbye.as_ref().and_then(|it| it.split_first_chunk()) {
            let (code, why) = (u16::from_be_bytes(*code), String::from_utf8_lossy(why));
            bail!("the server sends person {} away: {code}, {why}", self.number);
        }
        if !pongs.is_empty() {
            self.stream.write_all(&pongs)?;
        }
        Ok(messages)
    }
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use shared::id::{Incarnation, MemberId};
    use shared::protocol::{Role, Ticket, Welcome};

    use super::*;

    const PING: [u8; 2] = [0x89, 0];
    const MASKED_PONG: [u8; 6] = [0x8a, 0x80, 0, 0, 0, 0];

    /// Shakes hands, and hears the hello.
    fn let_into_the_hall(door: &TcpListener) -> TcpStream {
        let mut stream = door.accept().unwrap().0;
        let mut request = Vec::new();
        while !request.ends_with(b"\r\n\r\n") {
            request.push(read(&mut stream, 1)[0]);
        }
        stream.write_all(b"HTTP/1.1 101 \r\n\r\n").unwrap();
        let head = read(&mut stream, 2);
        let n = match head[1] & 0x7f {
            126 => u16::from_be_bytes(read(&mut stream, 2).try_into().unwrap()).into(),
            n => usize::from(n),
        };
        read(&mut stream, 4 + n);
        stream
    }

    fn read(stream: &mut TcpStream, n: usize) -> Vec<u8> {
        let mut bytes = vec![0; n];
        stream.read_exact(&mut bytes).unwrap();
        bytes
    }

    /// The welcome to an empty board, in a frame.
    fn welcome() -> Vec<u8> {
        let welcome = ServerMessage::Welcome(Welcome {
            you: MemberId(1),
            role: Role::Editor,
            incarnation: Incarnation(0),
            seq: Seq(0),
            ticket: Ticket(Vec::new()),
            members: Vec::new(),
            state_vector: vec![0],
            update: vec![0, 0],
        });
        let bytes = welcome.encode();
        assert!(bytes.len() < 126, "it needs another head");
        [&[0x82, bytes.len() as u8], &bytes[..]].concat()
    }

    #[test]
    fn who_is_there_answers_the_server_while_others_come() {
        let door = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = door.local_addr().unwrap();
        let server = std::thread::spawn(move || {
            let mut first = let_into_the_hall(&door);
            first.write_all(&welcome()).unwrap();
            let mut second = let_into_the_hall(&door);
            first.write_all(&PING).unwrap();
            // The second has to wait for as long as the first does not answer.
            assert_eq!(read(&mut first, MASKED_PONG.len()), MASKED_PONG);
            second.write_all(&welcome()).unwrap();
            (first, second)
        });
        let people = People::join(address, 2).unwrap();
        assert_eq!(people.0.len(), 2);
        server.join().unwrap();
    }

    #[test]
    fn who_is_sent_away_says_why() {
        let door = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = door.local_addr().unwrap();
        let server = std::thread::spawn(move || {
            let mut stream = let_into_the_hall(&door);
            stream.write_all(&[0x88, 5, 0x03, 0xe9, b'o', b'l', b'd']).unwrap();
            stream
        });
        let error = People::join(address, 1).err().unwrap();
        assert_eq!(error.to_string(), "the server sends person 0 away: 1001, old");
        server.join().unwrap();
    }
}
