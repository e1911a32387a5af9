//! How values look on the wire: MessagePack, structs as arrays, enums as `[number, content]`.
//!
//! The codec is spelled out over `rmp` rather than derived: what was derived for these few messages
//! made up a sixth of the page's wasm. Lengths are checked against the bytes that are left before
//! anything is allocated.

mod shapes;

use rmp::{Marker, decode, encode};

pub(crate) use shapes::{listed, numbered, pair, record, transparent};

/// A message that cannot be read.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum WireError {
    /// Larger than any message may be.
    #[error("a message of {size} bytes is larger than {max}")]
    TooBig {
        /// Its size in bytes.
        size: usize,
        /// The largest size in bytes.
        max: usize,
    },
    /// Not MessagePack, not this message, or a value out of its range.
    #[error("not a message of this protocol: {0}")]
    Malformed(&'static str),
}

/// What [`Wire::take`] answers.
pub(crate) type Taken<T> = Result<T, WireError>;

/// A value that can be written to and read from a message.
pub(crate) trait Wire: Sized {
    /// Appends the value.
    fn put(&self, out: &mut Vec<u8>);
    /// Reads a value off the front.
    fn take(from: &mut Source<'_>) -> Taken<Self>;
}

/// The bytes of `message`.
pub(crate) fn encode<T: Wire>(message: &T) -> Vec<u8> {
    let mut out = Vec::with_capacity(64);
    message.put(&mut out);
    out
}

/// Reads one message that takes up all of `bytes`, of which there are at most `max`.
pub(crate) fn decode<T: Wire>(bytes: &[u8], max: usize) -> Taken<T> {
    if bytes.len() > max {
        return Err(WireError::TooBig { size: bytes.len(), max });
    }
    let mut source = Source { left: bytes };
    let message = T::take(&mut source)?;
    if source.left.is_empty() { Ok(message) } else { Err(malformed("bytes follow the message")) }
}

pub(crate) fn malformed(why: &'static str) -> WireError {
    WireError::Malformed(why)
}

/// The bytes of a message that are still to be read.
pub(crate) struct Source<'a> {
    left: &'a [u8],
}

impl<'a> Source<'a> {
    pub(crate) fn new(left: &'a [u8]) -> Self {
        Self { left }
    }

    /// Reads a whole number from 0 on, of any width, that fits `T`.
    pub(crate) fn integer<T: TryFrom<u64>>(&mut self) -> Taken<T> {
        let wide: u64 =
            decode::read_int(&mut self.left).map_err(|_| malformed("no such whole number"))?;
        T::try_from(wide).map_err(|_| malformed("a number out of range"))
    }

    fn signed(&mut self) -> Taken<i32> {
        decode::read_int(&mut self.left).map_err(|_| malformed("no such whole number"))
    }

    fn float(&mut self) -> Taken<f64> {
        decode::read_f64(&mut self.left).map_err(|_| malformed("not a float of 64 bits"))
    }

    /// Reads the head of an array. No array is longer than the bytes that are left.
    pub(crate) fn array(&mut self) -> Taken<usize> {
        let n = decode::read_array_len(&mut self.left).map_err(|_| malformed("not an array"))?;
        self.check_len(n)
    }

    /// Reads the head of an array of just `n` values.
    pub(crate) fn array_of(&mut self, n: usize) -> Taken<()> {
        if self.array()? == n { Ok(()) } else { Err(malformed("an array of another length")) }
    }

    /// Reads the head of a map. No map has more entries than bytes are left.
    pub(crate) fn map(&mut self) -> Taken<usize> {
        let n = decode::read_map_len(&mut self.left).map_err(|_| malformed("not a map"))?;
        self.check_len(n)
    }

    fn text(&mut self) -> Taken<&'a str> {
        let n = decode::read_str_len(&mut self.left).map_err(|_| malformed("not a text"))?;
        std::str::from_utf8(self.slice(n)?).map_err(|_| malformed("a text that is not UTF-8"))
    }

    fn bytes(&mut self) -> Taken<&'a [u8]> {
        let n = decode::read_bin_len(&mut self.left).map_err(|_| malformed("not bytes"))?;
        self.slice(n)
    }

    /// Whether the next value is nil; if so it is read.
    pub(crate) fn nil(&mut self) -> bool {
        let is_nil = self.next_marker() == Some(Marker::Null);
        if is_nil {
            self.left = &self.left[1..];
        }
        is_nil
    }

    fn next_marker(&self) -> Option<Marker> {
        self.left.first().map(|&byte| Marker::from_u8(byte))
    }

    fn slice(&mut self, n: u32) -> Taken<&'a [u8]> {
        let n = self.check_len(n)?;
        let (slice, left) = self.left.split_at(n);
        self.left = left;
        Ok(slice)
    }

    fn check_len(&self, n: u32) -> Taken<usize> {
        let n = n as usize;
        if n <= self.left.len() { Ok(n) } else { Err(malformed("a length beyond the message")) }
    }
}

/// Appends the head of an array.
pub(crate) fn put_array(out: &mut Vec<u8>, n: usize) {
    // Here and below, a `Vec` takes every byte: writing cannot fail.
    encode::write_array_len(out, n as u32).ok();
}

/// Appends the head of a map.
pub(crate) fn put_map(out: &mut Vec<u8>, n: usize) {
    encode::write_map_len(out, n as u32).ok();
}

/// Appends a nil.
pub(crate) fn put_nil(out: &mut Vec<u8>) {
    encode::write_nil(out).ok();
}

macro_rules! unsigned {
    ($($number:ty),*) => {$(
        impl Wire for $number {
            fn put(&self, out: &mut Vec<u8>) {
                encode::write_uint(out, u64::from(*self)).ok();
            }

            fn take(from: &mut Source<'_>) -> Taken<Self> {
                from.integer()
            }
        }
    )*};
}
unsigned!(u8, u16, u32, u64);

impl Wire for i32 {
    fn put(&self, out: &mut Vec<u8>) {
        encode::write_sint(out, i64::from(*self)).ok();
    }

    fn take(from: &mut Source<'_>) -> Taken<Self> {
        from.signed()
    }
}

impl Wire for f64 {
    fn put(&self, out: &mut Vec<u8>) {
        encode::write_f64(out, *self).ok();
    }

    fn take(from: &mut Source<'_>) -> Taken<Self> {
        from.float()
    }
}

impl Wire for () {
    fn put(&self, out: &mut Vec<u8>) {
        put_nil(out);
    }

    fn take(from: &mut Source<'_>) -> Taken<Self> {
        if from.nil() { Ok(()) } else { Err(malformed("not nil")) }
    }
}

impl Wire for String {
    fn put(&self, out: &mut Vec<u8>) {
        encode::write_str(out, self).ok();
    }

    fn take(from: &mut Source<'_>) -> Taken<Self> {
        from.text().map(Into::into)
    }
}

impl Wire for Vec<u8> {
    fn put(&self, out: &mut Vec<u8>) {
        encode::write_bin(out, self).ok();
    }

    fn take(from: &mut Source<'_>) -> Taken<Self> {
        from.bytes().map(Into::into)
    }
}

impl<T: Wire> Wire for Option<T> {
    fn put(&self, out: &mut Vec<u8>) {
        match self {
            Some(value) => value.put(out),
            None => put_nil(out),
        }
    }

    fn take(from: &mut Source<'_>) -> Taken<Self> {
        if from.nil() { Ok(None) } else { T::take(from).map(Some) }
    }
}
