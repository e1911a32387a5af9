//! Tandem's own protocol. What comes a million times a second, others' cursors, is read by hand.

use shared::board::Board;
use shared::color::Color;
use shared::geometry::BoardPoint;
use shared::id::{Batch, Seq};
use shared::limits::PROTOCOL_VERSION;
use shared::presence::PresencePatch;
use shared::protocol::{ClientMessage, Hello, Identity, NewUpdate, ServerMessage};

use super::edit::numbers_in;
use super::{DESK_STEPS, DESKS_IN_A_ROW, Heard, Speaker, client_id, place};

/// Joins.
pub fn hello(speaker: &Speaker) -> Vec<u8> {
    let client = client_id(speaker.index);
    let hello = Hello {
        version: PROTOCOL_VERSION,
        token: None,
        identity: Identity::new(&format!("c{}", speaker.index), Color::rgb(0x3366ff)),
        client,
        ticket: None,
        incarnation: None,
        last_seq: Seq(0),
        state_vector: Board::new(client, 0).state_vector(),
    };
    ClientMessage::Hello(hello).encode()
}

/// Shows a cursor and nothing else.
pub fn cursor(index: usize, number: u32) -> Vec<u8> {
    let (x, y) = place(index, number);
    let cursor = Some(Some(BoardPoint::new(x, y).into()));
    ClientMessage::Presence(PresencePatch { cursor, ..PresencePatch::default() }).encode()
}

/// An edit; its number is that of its batch.
pub fn update(number: u32, update: &[u8]) -> Vec<u8> {
    let batch = Batch(number.into());
    ClientMessage::Update(NewUpdate { batch, bytes: update.to_vec() }).encode()
}

/// Tells what matters in a message.
pub fn hear(message: &[u8], hear: &mut impl FnMut(Heard)) {
    /// An array of two, whose first is the number of [`ServerMessage::Presences`].
    const PRESENCES: [u8; 2] = [0x92, 3];
    if let Some(changes) = message.strip_prefix(&PRESENCES)
        && read_cursors(&mut Source(changes), hear).is_some()
    {
        return;
    }
    match ServerMessage::decode(message) {
        Ok(ServerMessage::Welcome(_)) => hear(Heard::Synced),
        Ok(ServerMessage::Update(update)) => {
            numbers_in(&update.bytes).for_each(|number| hear(Heard::Edit { number }));
        }
        Ok(_) | Err(_) => {}
    }
}

/// Reads a list of changes until one is more than a cursor.
fn read_cursors(changes: &mut Source<'_>, hear: &mut impl FnMut(Heard)) -> Option<()> {
    for _ in 0..changes.array()? {
        if changes.array()? != 3 {
            return None;
        }
        let _member = changes.integer()?;
        let (x, y) = (changes.integer()?, changes.integer()?);
        let steps = i64::from(DESK_STEPS);
        let number = x.rem_euclid(steps) as u32;
        let sender = y.div_euclid(steps) as usize * DESKS_IN_A_ROW + x.div_euclid(steps) as usize;
        hear(Heard::Cursor { sender, number });
    }
    Some(())
}

/// MessagePack that is still to be read.
struct Source<'a>(&'a [u8]);

impl Source<'_> {
    fn array(&mut self) -> Option<usize> {
        match self.take()? {
            [head @ 0x90..=0x9f] => Some(usize::from(head & 0xf)),
            [0xdc] => self.take().map(|n| usize::from(u16::from_be_bytes(n))),
            [0xdd] => self.take().map(|n| u32::from_be_bytes(n) as usize),
            _ => None,
        }
    }

    #[inline]
    fn integer(&mut self) -> Option<i64> {
        match self.take()? {
            [small @ ..=0x7f] => Some(small.into()),
            [small @ 0xe0..=0xff] => Some((small as i8).into()),
            [0xcc] => self.take().map(|[byte]| byte.into()),
            [0xcd] => self.take().map(|n| u16::from_be_bytes(n).into()),
            [0xce] => self.take().map(|n| u32::from_be_bytes(n).into()),
            [0xd0] => self.take().map(|n| i8::from_be_bytes(n).into()),
            [0xd1] => self.take().map(|n| i16::from_be_bytes(n).into()),
            [0xd2] => self.take().map(|n| i32::from_be_bytes(n).into()),
            _ => None,
        }
    }

    fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (bytes, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(*bytes)
    }
}

#[cfg(test)]
mod tests {
    use shared::id::MemberId;
    use shared::presence::PresenceChange;

    use super::*;

    #[test]
    fn cursors_are_read_as_the_protocol_writes_them() {
        let shown = [(0, 1), (1, 127), (31, 128), (32, 300), (999, 7_999), (700, 40)];
        let changes = shown.map(|(sender, number)| {
            let (x, y) = place(sender, number);
            let cursor = Some(Some(BoardPoint::new(x, y).into()));
            let patch = PresencePatch { cursor, ..PresencePatch::default() };
            PresenceChange { member: MemberId(sender as u16), patch }
        });
        let message = ServerMessage::Presences(changes.to_vec()).encode();
        let mut heard = Vec::new();
        hear(&message, &mut |it| heard.push(it));
        assert_eq!(heard, shown.map(|(sender, number)| Heard::Cursor { sender, number }));
    }
}
