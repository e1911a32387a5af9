//! Names of things: rooms, elements, authors, members, batches and log positions.
//!
//! Each is a type of its own so that they cannot be mixed up; text and numbers from outside become
//! one of them only through a check.

use std::borrow::Borrow;
use std::fmt;
use std::sync::Arc;

use crate::limits::{ELEMENT_ID_MAX_BYTES, ROOM_NAME_MAX_BYTES};
use crate::wire::{Source, Taken, Wire, listed, malformed, transparent};

/// A room's name, as it stands in its link: 1 to 64 of `A-Z a-z 0-9 _ -`.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct RoomName(Arc<str>);

/// The text is no room name.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("a room name is 1 to 64 letters, digits, - or _")]
pub struct BadRoomName;

impl RoomName {
    /// Takes `text` if it is a room name.
    pub fn parse(text: &str) -> Result<Self, BadRoomName> {
        if is_name(text, ROOM_NAME_MAX_BYTES) { Ok(Self(text.into())) } else { Err(BadRoomName) }
    }

    /// A fresh name nobody can guess: 60 random bits, ten characters.
    pub fn random(rng: &mut fastrand::Rng) -> Self {
        Self(random_name(rng, 10).into())
    }

    /// The name as it stands in the link.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Wire for RoomName {
    fn put(&self, out: &mut Vec<u8>) {
        self.0.to_string().put(out);
    }

    fn take(from: &mut Source<'_>) -> Taken<Self> {
        Self::parse(&String::take(from)?).map_err(|_| malformed("a text that is no room name"))
    }
}

impl fmt::Display for RoomName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// An element's key in the board document. Programs may choose their own: 1 to 64 bytes without
/// control characters. Cheap to clone.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct ElementId(Arc<str>);

/// The text cannot name an element.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("an element id is 1 to 64 bytes without control characters")]
pub struct BadElementId;

impl ElementId {
    /// Takes `text` if it can name an element.
    pub fn parse(text: &str) -> Result<Self, BadElementId> {
        let fits = !text.is_empty() && text.len() <= ELEMENT_ID_MAX_BYTES;
        if fits && !text.chars().any(char::is_control) {
            Ok(Self(text.into()))
        } else {
            Err(BadElementId)
        }
    }

    /// The id that is a number, for what has none of its own.
    pub fn of_number(number: usize) -> Self {
        Self(number.to_string().into())
    }

    /// A fresh id: 72 random bits, twelve characters.
    pub fn random(rng: &mut fastrand::Rng) -> Self {
        Self(random_name(rng, 12).into())
    }

    /// The key as it stands in the document.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Borrow<str> for ElementId {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ElementId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Wire for ElementId {
    fn put(&self, out: &mut Vec<u8>) {
        self.0.to_string().put(out);
    }

    fn take(from: &mut Source<'_>) -> Taken<Self> {
        Self::parse(&String::take(from)?).map_err(|_| malformed("a text that is no element id"))
    }
}

/// A file that the server keeps, by what it holds: the SHA-256 of its bytes.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct FileId([u8; 32]);

/// The text cannot name a file.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("a file id is 64 lower-case hexadecimal digits")]
pub struct BadFileId;

impl FileId {
    /// The file whose bytes have this SHA-256.
    pub const fn of_digest(digest: [u8; 32]) -> Self {
        Self(digest)
    }

    /// Takes `text` if it can name a file.
    pub fn parse(text: &str) -> Result<Self, BadFileId> {
        let digit = |byte: u8| match byte {
            b'0'..=b'9' => Ok(byte - b'0'),
            b'a'..=b'f' => Ok(byte - b'a' + 10),
            _ => Err(BadFileId),
        };
        let (pairs, rest) = text.as_bytes().as_chunks::<2>();
        let mut digest = [0; 32];
        if pairs.len() != digest.len() || !rest.is_empty() {
            return Err(BadFileId);
        }
        for (byte, [high, low]) in digest.iter_mut().zip(pairs) {
            *byte = digit(*high)? << 4 | digit(*low)?;
        }
        Ok(Self(digest))
    }
}

impl fmt::Display for FileId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// The author of structs in the board document: a Yjs client id, below 2^53.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct ClientId(u64);

impl ClientId {
    const BITS: u32 = 53;

    /// Takes `value` if a Yjs program could have it: below 2^53.
    pub fn new(value: u64) -> Option<Self> {
        (value >> Self::BITS == 0).then_some(Self(value))
    }

    /// A fresh id for an author nobody has seen.
    pub fn random(rng: &mut fastrand::Rng) -> Self {
        Self(rng.u64(1..1 << Self::BITS))
    }

    /// The number, below 2^53.
    pub fn value(self) -> u64 {
        self.0
    }
}

impl Wire for ClientId {
    fn put(&self, out: &mut Vec<u8>) {
        self.0.put(out);
    }

    fn take(from: &mut Source<'_>) -> Taken<Self> {
        Self::new(u64::take(from)?).ok_or_else(|| malformed("a client id of 2^53 or more"))
    }
}

/// Somebody connected to a room, for as long as the connection lasts. Small numbers are given out
/// again, so that the first 128 members cost one byte on the wire.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct MemberId(pub u16);

/// A client's own number for an update it sent, counting up from 1; acknowledgements name it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct Batch(pub u64);

/// A position in a room's log, counting up from 1 without gaps; 0 is the empty log.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, Default)]
pub struct Seq(pub u64);

impl Seq {
    /// The position after this one.
    pub fn next(self) -> Self {
        Self(self.0 + 1)
    }
}

/// Which life of a room this is: new after a deletion or a restore, so that an old page cannot
/// bring a deleted board back.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Incarnation(pub u64);

transparent!(MemberId, Batch, Seq, Incarnation);
listed!(ElementId);

const NAME_CHARS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

fn is_name(text: &str, max: usize) -> bool {
    !text.is_empty()
        && text.len() <= max
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
}

fn random_name(rng: &mut fastrand::Rng, n_chars: usize) -> String {
    (0..n_chars).map(|_| char::from(NAME_CHARS[rng.usize(..NAME_CHARS.len())])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn room_names_are_what_a_link_can_hold() {
        for good in ["a", "team-board_7", &"x".repeat(64)] {
            assert_eq!(RoomName::parse(good).unwrap().as_str(), good);
        }
        for bad in ["", "a b", "a/b", "ä", "..", &"x".repeat(65)] {
            assert_eq!(RoomName::parse(bad), Err(BadRoomName), "{bad:?}");
        }
        let mut rng = fastrand::Rng::with_seed(1);
        let name = RoomName::random(&mut rng);
        assert_eq!(RoomName::parse(name.as_str()), Ok(name));
    }

    #[test]
    fn client_ids_stay_below_two_to_the_53() {
        assert!(ClientId::new((1 << 53) - 1).is_some());
        assert!(ClientId::new(1 << 53).is_none());
    }
}
