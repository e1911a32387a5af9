//! One board as a file: what `tandem export` writes and `tandem import` reads.
//!
//! Eight bytes that say what it is, then a zstd stream of MessagePack: `[[client id, …], state]`. The client
//! ids are those that have tickets, the state is a Yjs v1 update that any Yjs program reads. The board's
//! name is the file's.

use std::io::Read;

use bytes::Bytes;
use serde::Deserialize;
use shared::board::Replica;
use shared::id::{ClientId, Seq};
use shared::time::Time;

use crate::log::Record;

/// What every file of this format begins with; the last byte is the version.
const MAGIC: [u8; 8] = *b"tandem\x00\x01";

/// How hard zstd tries, of 22.
const LEVEL: i32 = 9;

/// What a file may hold beside the board's state.
const HEAD_MAX_BYTES: u64 = 16 * 1024 * 1024;

/// A board that can be put into a store.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct BoardFile {
    /// Under which ids nobody may write who cannot prove them.
    pub ticketed: Vec<ClientId>,
    /// The board: a Yjs v1 update.
    pub state: Vec<u8>,
}

/// Why bytes are no board.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum BoardFileError {
    /// They begin with something else.
    #[error("this is no board file of Tandem's")]
    Foreign,
    /// The file was written by a later version.
    #[error("this board file was written by a newer version of Tandem (format {0})")]
    Newer(u8),
    /// The file ends too early, or was changed.
    #[error("the board file is damaged: {0}")]
    Damaged(String),
    /// The board is larger than one may be here.
    #[error("the board is larger than {max_bytes} bytes")]
    TooBig {
        /// How large the state may be.
        max_bytes: u64,
    },
}

/// What the stream holds.
#[derive(Deserialize)]
struct Content(Vec<u64>, #[serde(with = "serde_bytes")] Vec<u8>);

impl BoardFile {
    /// The bytes of the file.
    pub fn encode(&self) -> std::io::Result<Vec<u8>> {
        let ticketed: Vec<u64> = self.ticketed.iter().map(|id| id.value()).collect();
        let content = (ticketed, serde_bytes::Bytes::new(&self.state));
        let content = rmp_serde::to_vec(&content).map_err(std::io::Error::other)?;
        let mut file = MAGIC.to_vec();
        file.extend(zstd::encode_all(&content[..], LEVEL)?);
        Ok(file)
    }

    /// A log that leads to the board: whoever has a ticket has written something, and be it nothing.
    pub fn into_records(self, time: Time) -> Vec<Record> {
        const NOTHING: [u8; 2] = [0, 0];
        let state = (None, Bytes::from(self.state));
        let ticketed = self.ticketed.into_iter();
        let all =
            [state].into_iter().chain(ticketed.map(|id| (Some(id), Bytes::from_static(&NOTHING))));
        let numbered = (1..).zip(all);
        numbered
            .map(|(seq, (author, bytes))| Record { seq: Seq(seq), time, author, bytes })
            .collect()
    }

    /// Reads a file. Its state, of at most `max_bytes`, is one that the gate lets through.
    pub fn parse(file: &[u8], max_bytes: u64) -> Result<Self, BoardFileError> {
        let damaged = |why: &dyn ToString| BoardFileError::Damaged(why.to_string());
        let (magic, stream) = file.split_at_checked(MAGIC.len()).ok_or(BoardFileError::Foreign)?;
        if magic[..7] != MAGIC[..7] {
            return Err(BoardFileError::Foreign);
        }
        if magic[7] != MAGIC[7] {
            return Err(BoardFileError::Newer(magic[7]));
        }
        // A few bytes may unpack to any number.
        let max = max_bytes.saturating_add(HEAD_MAX_BYTES);
        let mut content = Vec::new();
        let stream = zstd::Decoder::new(stream).map_err(|error| damaged(&error))?;
        stream.take(max).read_to_end(&mut content).map_err(|error| damaged(&error))?;
        if content.len() as u64 == max {
            return Err(BoardFileError::TooBig { max_bytes });
        }
        let Content(ticketed, state) =
            rmp_serde::from_slice(&content).map_err(|error| damaged(&error))?;
        if state.len() as u64 > max_bytes {
            return Err(BoardFileError::TooBig { max_bytes });
        }
        let ids = ticketed.into_iter().map(ClientId::new).collect::<Option<_>>();
        Replica::default().take(&state).map_err(|error| damaged(&error))?;
        Ok(Self { ticketed: ids.ok_or_else(|| damaged(&"a client id is out of range"))?, state })
    }
}

#[cfg(test)]
mod tests {
    use shared::board::Board;
    use shared::element::{NewElement, Shape, Style};

    use super::*;

    const MAX: u64 = 1024 * 1024;

    fn file() -> BoardFile {
        let ann = ClientId::new(7).unwrap();
        let mut board = Board::new(ann, 1);
        board.insert(NewElement::new(None, Style::default(), Shape::Ellipse));
        BoardFile { ticketed: vec![ann], state: board.diff(&[]).unwrap() }
    }

    #[test]
    fn a_board_comes_back_as_it_was() {
        let file = file();
        assert_eq!(BoardFile::parse(&file.encode().unwrap(), MAX), Ok(file));
    }

    #[test]
    fn what_is_no_board_is_told_apart() {
        let bytes = file().encode().unwrap();
        assert_eq!(BoardFile::parse(b"PK\x03\x04", MAX), Err(BoardFileError::Foreign));
        assert_eq!(BoardFile::parse(b"SQLite format 3\0", MAX), Err(BoardFileError::Foreign));
        let mut newer = bytes.clone();
        newer[7] = 2;
        assert_eq!(BoardFile::parse(&newer, MAX), Err(BoardFileError::Newer(2)));
        assert_eq!(BoardFile::parse(&bytes, 10), Err(BoardFileError::TooBig { max_bytes: 10 }));
        for n_bytes in MAGIC.len()..bytes.len() {
            let cut = BoardFile::parse(&bytes[..n_bytes], MAX);
            assert!(matches!(cut, Err(BoardFileError::Damaged(_))), "cut at {n_bytes}: {cut:?}");
        }
        let hostile = BoardFile { state: vec![1, 1, 7, 0, 0xff], ..file() }.encode().unwrap();
        assert!(matches!(BoardFile::parse(&hostile, MAX), Err(BoardFileError::Damaged(_))));
    }

    #[test]
    fn few_bytes_that_unpack_to_many_are_refused() {
        let bomb = BoardFile { state: vec![0; 64 * 1024 * 1024], ..file() }.encode().unwrap();
        assert!(bomb.len() < 64 * 1024);
        assert_eq!(BoardFile::parse(&bomb, MAX), Err(BoardFileError::TooBig { max_bytes: MAX }));
    }
}
