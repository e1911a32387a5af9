//! Frames: bytes that come in pieces of any size are cut, bytes that go are wrapped.

use anyhow::{Result, bail};

/// What a frame is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub enum Kind {
    /// A text message; no server sends one, and only vandals do.
    Text = 1,
    /// A message.
    Binary = 2,
    /// The end of the connection.
    Close = 8,
    /// To be answered by a pong with the same bytes.
    Ping = 9,
    /// The answer to a ping.
    Pong = 10,
}

const LAST: u8 = 0x80;
const MASKED: u8 = 0x80;
const TWO_BYTES: u8 = 126;
const EIGHT_BYTES: u8 = 127;

/// Appends a frame as a client sends it.
pub fn put_frame(out: &mut Vec<u8>, kind: Kind, payload: &[u8]) {
    out.push(LAST | kind as u8);
    match payload.len() {
        n if n < usize::from(TWO_BYTES) => out.push(MASKED | n as u8),
        n if n <= usize::from(u16::MAX) => {
            out.push(MASKED | TWO_BYTES);
            out.extend((n as u16).to_be_bytes());
        }
        n => {
            out.push(MASKED | EIGHT_BYTES);
            out.extend((n as u64).to_be_bytes());
        }
    }
    let mask = [0; 4];
    out.extend(mask);
    out.extend(payload);
}

/// Cuts what a server sends into frames.
#[derive(Default)]
pub struct Frames {
    /// The beginning of a frame whose rest has not come.
    partial: Vec<u8>,
}

impl Frames {
    /// Takes the next bytes of the stream and tells of all frames that are complete with them.
    pub fn feed(&mut self, bytes: &[u8], mut hear: impl FnMut(Kind, &[u8])) -> Result<()> {
        if self.partial.is_empty() {
            let n_read = cut(bytes, &mut hear)?;
            self.partial.extend(&bytes[n_read..]);
        } else {
            self.partial.extend(bytes);
            let n_read = cut(&self.partial, &mut hear)?;
            self.partial.drain(..n_read);
        }
        Ok(())
    }
}

/// Tells of the whole frames at the start of `bytes`, and how many bytes they are.
fn cut(bytes: &[u8], hear: &mut impl FnMut(Kind, &[u8])) -> Result<usize> {
    let mut n_read = 0;
    while let Some((kind, payload, n_frame)) = first(&bytes[n_read..])? {
        hear(kind, payload);
        n_read += n_frame;
    }
    Ok(n_read)
}

/// The frame at the start of `bytes` and its length with its head, if all of it is there.
fn first(bytes: &[u8]) -> Result<Option<(Kind, &[u8], usize)>> {
    let &[kind, length, ref rest @ ..] = bytes else { return Ok(None) };
    let (n_payload, payload) = match length {
        TWO_BYTES => match rest.split_first_chunk() {
            Some((&n, rest)) => (usize::from(u16::from_be_bytes(n)), rest),
            None => return Ok(None),
        },
        EIGHT_BYTES => match rest.split_first_chunk() {
            Some((&n, rest)) => (u64::from_be_bytes(n) as usize, rest),
            None => return Ok(None),
        },
        n => (usize::from(n), rest),
    };
    let kind = match kind {
        0x81 => Kind::Text,
        0x82 => Kind::Binary,
        0x88 => Kind::Close,
        0x89 => Kind::Ping,
        0x8a => Kind::Pong,
        // A message in several frames is legal, but none of these servers sends one.
        other => bail!("a frame that begins with {other:#x} is not understood"),
    };
    let n_head = bytes.len() - payload.len();
    Ok(payload.get(..n_payload).map(|payload| (kind, payload, n_head + n_payload)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_are_heard_however_the_stream_is_cut() {
        let long = vec![7; 300];
        let mut stream = vec![0x82, 2, 1, 2, 0x89, 0, 0x82, 126, 1, 44];
        stream.extend(&long);
        stream.extend([0x82, 127, 0, 0, 0, 0, 0, 0, 0, 1, 9]);
        let expected = [
            (Kind::Binary, vec![1, 2]),
            (Kind::Ping, vec![]),
            (Kind::Binary, long),
            (Kind::Binary, vec![9]),
        ];
        for n_piece in [1, 2, 3, 7, 100, 1000] {
            let mut frames = Frames::default();
            let mut heard = Vec::new();
            for piece in stream.chunks(n_piece) {
                frames.feed(piece, |kind, payload| heard.push((kind, payload.to_vec()))).unwrap();
            }
            assert_eq!(heard, expected, "in pieces of {n_piece}");
        }
        assert!(Frames::default().feed(&[2, 0], |_, _| ()).is_err(), "half a message");
    }

    #[test]
    fn what_is_sent_is_masked_with_nothing() {
        let mut out = Vec::new();
        put_frame(&mut out, Kind::Binary, &[1, 2]);
        assert_eq!(out, [0x82, 0x82, 0, 0, 0, 0, 1, 2]);
        for (n, head) in
            [(200, vec![0xfe, 0, 200]), (70_000, vec![0xff, 0, 0, 0, 0, 0, 1, 17, 112])]
        {
            out.clear();
            put_frame(&mut out, Kind::Text, &vec![5; n]);
            assert_eq!(out[0], 0x81);
            assert_eq!(out[1..=head.len()], head);
            assert_eq!(out.len(), 1 + head.len() + 4 + n);
        }
    }
}
