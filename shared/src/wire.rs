//! How values look on the wire: MessagePack, structs as arrays, enums as `[number, content]`.

use std::io::Cursor;

use serde::Serialize;
use serde::de::DeserializeOwned;

/// A message that cannot be read.
#[derive(Debug, thiserror::Error)]
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
    Malformed(String),
}

/// The bytes of `message`.
pub(crate) fn encode<T: Serialize>(message: &T) -> Vec<u8> {
    rmp_serde::to_vec(message).expect("messages are plain data, and a Vec takes every byte")
}

/// Reads one message that takes up all of `bytes`, of which there are at most `max`.
pub(crate) fn decode<T: DeserializeOwned>(bytes: &[u8], max: usize) -> Result<T, WireError> {
    if bytes.len() > max {
        return Err(WireError::TooBig { size: bytes.len(), max });
    }
    let mut reader = rmp_serde::Deserializer::new(Cursor::new(bytes));
    let message =
        T::deserialize(&mut reader).map_err(|error| WireError::Malformed(error.to_string()))?;
    if reader.position() == bytes.len() as u64 {
        Ok(message)
    } else {
        Err(WireError::Malformed("bytes follow the message".into()))
    }
}

/// Declares an enum that travels as `[number, content]`. Numbers are never given out again.
macro_rules! numbered {
    ($(#[$doc:meta])* $vis:vis enum $name:ident {
        $($(#[$variant_doc:meta])* $number:literal => $variant:ident($content:ty),)*
    }) => {
        $(#[$doc])*
        $vis enum $name {
            $($(#[$variant_doc])* $variant($content),)*
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                match self {
                    $(Self::$variant(content) => ($number as u8, content).serialize(serializer),)*
                }
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct Pair;
                impl<'de> serde::de::Visitor<'de> for Pair {
                    type Value = $name;

                    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(f, "[number, content] of a {}", stringify!($name))
                    }

                    fn visit_seq<A: serde::de::SeqAccess<'de>>(
                        self,
                        mut pair: A,
                    ) -> Result<Self::Value, A::Error> {
                        use serde::de::Error;
                        let number: u8 =
                            pair.next_element()?.ok_or_else(|| A::Error::invalid_length(0, &self))?;
                        match number {
                            $($number => Ok($name::$variant(
                                pair.next_element()?
                                    .ok_or_else(|| A::Error::invalid_length(1, &self))?,
                            )),)*
                            other => Err(A::Error::custom(format_args!(
                                "no {} has the number {other}", stringify!($name)
                            ))),
                        }
                    }
                }
                deserializer.deserialize_tuple(2, Pair)
            }
        }
    };
}
pub(crate) use numbered;
