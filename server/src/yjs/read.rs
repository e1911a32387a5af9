//! Numbers, texts and byte strings as lib0 writes them.

use bytes::Bytes;
use shared::varint;

use super::YjsError;

/// Largest number that JavaScript can count with, and so the largest on this wire.
const NUMBER_MAX: u64 = (1 << 53) - 1;

/// The bytes of a message that are still to be read. What is read shares them.
pub(super) struct Source(Bytes);

impl Source {
    pub(super) fn new(bytes: Bytes) -> Self {
        Self(bytes)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn n_left(&self) -> usize {
        self.0.len()
    }

    pub(super) fn number(&mut self) -> Result<u64, YjsError> {
        let mut value = 0u64;
        for (at, &byte) in self.0.iter().enumerate().take(8) {
            value |= u64::from(byte & 0x7f) << (7 * at);
            if byte & 0x80 == 0 {
                let _ = self.0.split_to(at + 1);
                return if value <= NUMBER_MAX { Ok(value) } else { Err(YjsError::Range) };
            }
        }
        Err(if self.0.len() < 8 { YjsError::Length } else { YjsError::Range })
    }

    /// A byte string, or the UTF-8 bytes of a text.
    pub(super) fn bytes(&mut self) -> Result<Bytes, YjsError> {
        let n = self.number()?;
        match usize::try_from(n) {
            Ok(n) if n <= self.0.len() => Ok(self.0.split_to(n)),
            _ => Err(YjsError::Length),
        }
    }
}

/// Appends a byte string, or a text.
pub(super) fn put_bytes(out: &mut Vec<u8>, bytes: &[u8]) {
    varint::put(bytes.len() as u64, out);
    out.extend_from_slice(bytes);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_come_back_and_stay_below_two_to_the_53() {
        for value in [0, 1, 127, 128, 300, u64::from(u32::MAX), NUMBER_MAX] {
            let mut out = Vec::new();
            varint::put(value, &mut out);
            let mut source = Source::new(out.into());
            assert_eq!(source.number(), Ok(value));
            assert!(source.is_empty());
        }
        let mut above = Vec::new();
        varint::put(NUMBER_MAX + 1, &mut above);
        assert_eq!(Source::new(above.into()).number(), Err(YjsError::Range));
        assert_eq!(Source::new(vec![0xff; 3].into()).number(), Err(YjsError::Length));
        assert_eq!(Source::new(vec![0xff; 30].into()).number(), Err(YjsError::Range));
        assert_eq!(Source::new(vec![5, 1, 2].into()).bytes(), Err(YjsError::Length));
    }
}
