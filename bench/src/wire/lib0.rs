//! Numbers and byte strings as lib0, Yjs' library, writes them.

/// Bytes that are still to be read. Whatever cannot be read is `None`.
pub struct Source<'a>(pub &'a [u8]);

impl<'a> Source<'a> {
    /// A number of up to 64 bits.
    pub fn number(&mut self) -> Option<u64> {
        let mut value = 0;
        for shift in (0..64).step_by(7) {
            let (&byte, rest) = self.0.split_first()?;
            self.0 = rest;
            value |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Some(value);
            }
        }
        None
    }

    /// A byte string, or the bytes of a text.
    pub fn bytes(&mut self) -> Option<&'a [u8]> {
        let n = usize::try_from(self.number()?).ok()?;
        let (bytes, rest) = self.0.split_at_checked(n)?;
        self.0 = rest;
        Some(bytes)
    }
}

/// Appends a number.
pub fn put_number(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

/// Appends a byte string, or a text.
pub fn put_bytes(out: &mut Vec<u8>, bytes: &[u8]) {
    put_number(out, bytes.len() as u64);
    out.extend(bytes);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_put_comes_back() {
        for value in [0, 1, 127, 128, 3_000_000_000, u64::MAX] {
            let mut out = Vec::new();
            put_number(&mut out, value);
            put_bytes(&mut out, b"abc");
            let mut source = Source(&out);
            assert_eq!(source.number(), Some(value));
            assert_eq!(source.bytes(), Some(&b"abc"[..]));
            assert_eq!(source.number(), None);
        }
        assert_eq!(Source(&[0xff; 20]).number(), None);
        assert_eq!(Source(&[5, 1]).bytes(), None);
    }
}
