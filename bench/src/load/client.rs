//! One client: a socket that never waits.

use std::io::{ErrorKind, Read, Write};
use std::net::SocketAddr;

use anyhow::{Context, Result};
use mio::net::TcpStream;
use mio::{Interest, Registry, Token};

use super::Clock;
use crate::websocket::{self, Frames, Kind, put_frame};
use crate::wire::{Heard, Speaker, Wire};

/// A client in its room.
pub struct Client {
    /// Who it is.
    pub speaker: Speaker,
    /// Whether it has the document.
    pub is_synced: bool,
    /// Whether the server has not hung up.
    pub is_open: bool,
    /// Bytes received, with the frames' heads.
    pub n_bytes: u64,
    wire: Wire,
    stream: TcpStream,
    frames: Frames,
    /// Frames, or the rest of one, that the socket does not take yet.
    unsent: Vec<u8>,
}

impl Client {
    /// Connects, waits for the handshake, and greets.
    pub fn open(address: SocketAddr, path: &str, wire: Wire, speaker: Speaker) -> Result<Self> {
        let stream = websocket::open(address, path)
            .with_context(|| format!("opening connection {}", speaker.index))?;
        stream.set_nonblocking(true)?;
        let mut client = Self {
            speaker,
            is_synced: false,
            is_open: true,
            n_bytes: 0,
            wire,
            stream: TcpStream::from_std(stream),
            frames: Frames::default(),
            unsent: Vec::new(),
        };
        client.wire.put_greeting(&client.speaker, &mut client.unsent);
        client.write();
        Ok(client)
    }

    /// Has `registry` wake whoever waits when the socket can be read or written.
    pub fn register(&mut self, registry: &Registry) -> Result<()> {
        let interest = Interest::READABLE | Interest::WRITABLE;
        Ok(registry.register(&mut self.stream, Token(self.speaker.index), interest)?)
    }

    /// Shows a cursor.
    pub fn send_cursor(&mut self, number: u32) {
        self.wire.put_cursor(&self.speaker, number, &mut self.unsent);
        self.write();
    }

    /// Sends an edit.
    pub fn send_edit(&mut self, number: u32, update: &[u8]) {
        self.wire.put_edit(&self.speaker, number, update, &mut self.unsent);
        self.write();
    }

    /// Sends what the socket takes.
    pub fn write(&mut self) {
        while !self.unsent.is_empty() && self.is_open {
            match self.stream.write(&self.unsent) {
                Ok(n) => drop(self.unsent.drain(..n)),
                Err(error) if error.kind() == ErrorKind::WouldBlock => return,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(_) => self.is_open = false,
            }
        }
    }

    /// Reads all that has come, in pieces no larger than `buffer`, and tells what matters, and when
    /// its piece had been read.
    pub fn read(
        &mut self,
        buffer: &mut [u8],
        clock: Clock,
        mut hear: impl FnMut(Heard, u64),
    ) -> Result<()> {
        while self.is_open {
            match self.stream.read(buffer) {
                Ok(0) => self.is_open = false,
                Ok(n) => {
                    self.n_bytes += n as u64;
                    let now = clock.now();
                    self.take(&buffer[..n], &mut |heard| hear(heard, now))?;
                    if n < buffer.len() {
                        break;
                    }
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => break,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(_) => self.is_open = false,
            }
        }
        self.write();
        Ok(())
    }

    fn take(&mut self, bytes: &[u8], hear: &mut impl FnMut(Heard)) -> Result<()> {
        let Self { speaker, is_synced, is_open, wire, frames, unsent, .. } = self;
        frames.feed(bytes, |kind, payload| match kind {
            Kind::Binary => wire.hear(payload, &mut |heard| {
                match heard {
                    Heard::Asked => wire.put_answer(speaker, unsent),
                    Heard::Synced => *is_synced = true,
                    Heard::Cursor { .. } | Heard::Edit { .. } => {}
                }
                hear(heard);
            }),
            Kind::Ping => put_frame(unsent, Kind::Pong, payload),
            Kind::Close => *is_open = false,
            Kind::Text | Kind::Pong => {}
        })
    }
}
