//! How long people wait until the server says that an edit is on the disk: one in each of many rooms,
//! over real sockets, in one thread.

use std::collections::HashMap;
use std::fmt;
use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Result, bail, ensure};
use shared::protocol::ServerMessage;

use crate::histogram::Histogram;
use crate::load::Pulse;
use crate::websocket::{self, Frames, Kind, put_frame};
use crate::wire::{Author, Speaker, Wire};

/// Sending before it counts.
const WARM_UP: Duration = Duration::from_secs(2);

/// How long the last acknowledgements may take.
const DRAIN_MAX: Duration = Duration::from_secs(10);

/// How long one turn takes if there is little to do. It adds to what is measured.
const TURN: Duration = Duration::from_micros(200);

/// Who edits how often.
#[derive(Clone, Copy)]
pub struct Load {
    n_rooms: usize,
    hertz: u32,
}

impl Default for Load {
    fn default() -> Self {
        Self { n_rooms: 50, hertz: 20 }
    }
}

impl fmt::Display for Load {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { n_rooms, hertz } = self;
        write!(f, "{} edits a second in {n_rooms} rooms", *n_rooms as u32 * hertz)
    }
}

/// What came of it.
pub struct Acks {
    /// Microseconds from writing an edit to its socket to reading the acknowledgement.
    pub all: Histogram,
}

/// Edits for some time. Half-way somebody joins another room, if one is named.
pub fn measure(
    address: SocketAddr,
    load: Load,
    time: Duration,
    joined: Option<&str>,
) -> Result<Acks> {
    let rooms = (0..load.n_rooms).map(|index| (index, format!("acks-{index}")));
    let mut people: Vec<_> =
        rooms.map(|(index, room)| Person::open(address, index, room)).collect::<Result<_>>()?;
    let mut acks = Acks { all: Histogram::default() };
    let mut guest = None;
    let began = Instant::now();
    let micros = |instant: Instant| (instant - began).as_micros() as u64;
    let mut pulse = Pulse::new(0, load.hertz, load.n_rooms);
    let end = began + WARM_UP + time;
    loop {
        let turn = Instant::now();
        if turn < end {
            while let Some((sender, _)) = pulse.poll(micros(turn)) {
                people[sender].edit()?;
            }
        } else if people.iter().all(|person| person.sent.is_empty()) {
            return Ok(acks);
        }
        ensure!(turn < end + DRAIN_MAX, "some edits were never acknowledged");
        if let Some(room) = joined.filter(|_| guest.is_none() && turn > began + WARM_UP + time / 2)
        {
            guest = Some(Person::open(address, load.n_rooms, room.to_owned())?);
        }
        for person in people.iter_mut().chain(&mut guest) {
            person.listen(|sent, heard| {
                if sent > began + WARM_UP {
                    acks.all.add((heard - sent).as_micros() as u64);
                }
            })?;
        }
        sleep(TURN.saturating_sub(turn.elapsed()));
    }
}

/// One in a room of their own.
struct Person {
    stream: TcpStream,
    frames: Frames,
    speaker: Speaker,
    author: Author,
    n_edits: u32,
    /// When each edit was sent that is not acknowledged.
    sent: HashMap<u64, Instant>,
    buffer: Vec<u8>,
}

impl Person {
    fn open(address: SocketAddr, index: usize, room: String) -> Result<Self> {
        let mut stream = websocket::open(address, &format!("/ws/{room}"))?;
        let speaker = Speaker { index, room };
        let mut greeting = Vec::new();
        Wire::Native.put_greeting(&speaker, &mut greeting);
        stream.write_all(&greeting)?;
        stream.set_nonblocking(true)?;
        let author = Author::new(index);
        let (frames, sent, buffer) = (Frames::default(), HashMap::new(), vec![0; 64 * 1024]);
        Ok(Self { stream, frames, speaker, author, n_edits: 0, sent, buffer })
    }

    fn edit(&mut self) -> Result<()> {
        self.n_edits += 1;
        let mut frame = Vec::new();
        let update = self.author.draw(self.n_edits);
        Wire::Native.put_edit(&self.speaker, self.n_edits, &update, &mut frame);
        self.sent.insert(self.n_edits.into(), Instant::now());
        // It is small, and the server reads all the time.
        Ok(self.stream.write_all(&frame)?)
    }

    fn listen(&mut self, mut hear: impl FnMut(Instant, Instant)) -> Result<()> {
        loop {
            let n = match self.stream.read(&mut self.buffer) {
                Ok(0) => bail!("the server hung up"),
                Ok(n) => n,
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(()),
                Err(error) => return Err(error.into()),
            };
            let heard = Instant::now();
            let Self { frames, buffer, stream, sent, .. } = self;
            let mut answer = Vec::new();
            frames.feed(&buffer[..n], |kind, payload| match kind {
                Kind::Binary => {
                    if let Ok(ServerMessage::Ack(batch)) = ServerMessage::decode(payload)
                        && let Some(sent) = sent.remove(&batch.0)
                    {
                        hear(sent, heard);
                    }
                }
                Kind::Ping => put_frame(&mut answer, Kind::Pong, payload),
                Kind::Text | Kind::Pong | Kind::Close => {}
            })?;
            stream.write_all(&answer)?;
        }
    }
}
