//! What members show each other on the Yjs wire: a JSON text by client id, with a clock.

use bytes::Bytes;
use shared::id::ClientId;
use shared::varint;

use super::YjsError;
use super::read::{Source, put_bytes};

/// One client's state as of one moment. The text is read only where it matters, by [`super::State`].
#[derive(Clone, PartialEq, Debug)]
pub struct Entry {
    /// Whose it is.
    pub client: ClientId,
    /// Counts up with each change; the highest wins.
    pub clock: u64,
    /// A JSON text; `null` when the client is gone.
    pub state: Bytes,
}

impl Entry {
    /// The text of nobody.
    pub const GONE: Bytes = Bytes::from_static(b"null");

    /// Whether it says that the client is gone.
    pub fn is_gone(&self) -> bool {
        self.state == Self::GONE
    }

    pub(super) fn read_all(bytes: Bytes) -> Result<Vec<Self>, YjsError> {
        /// Each entry has at least a byte for id, clock and length.
        const ENTRY_MIN_BYTES: usize = 3;
        let mut source = Source::new(bytes);
        let n = source.number()?;
        if n > (source.n_left() / ENTRY_MIN_BYTES) as u64 {
            return Err(YjsError::Length);
        }
        let mut entries = Vec::with_capacity(n as usize);
        for _ in 0..n {
            let client = ClientId::new(source.number()?).ok_or(YjsError::Range)?;
            entries.push(Self { client, clock: source.number()?, state: source.bytes()? });
        }
        Ok(entries)
    }

    pub(super) fn put(&self, out: &mut Vec<u8>) {
        varint::put(self.client.value(), out);
        varint::put(self.clock, out);
        put_bytes(out, &self.state);
    }
}
