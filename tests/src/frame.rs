//! One WebSocket frame with every bit of it under control (RFC 6455, section 5.2): those that tests
//! send may be as wrong as they like, those of the server are read strictly.

/// A frame, right or wrong.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Frame {
    /// Whether the message ends with it.
    pub is_final: bool,
    /// The three reserved bits; 0 is right.
    pub reserved: u8,
    /// What kind of frame it is, four bits.
    pub opcode: u8,
    /// What the payload is masked with; what a client sends must be.
    pub mask: Option<[u8; 4]>,
    /// How its length is told.
    pub length: Length,
    /// Without the mask.
    pub payload: Vec<u8>,
}

/// How a frame tells its length.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Length {
    /// In as few bytes as it fits into, which is right.
    Shortest,
    /// In two bytes, also if less would do.
    InTwoBytes,
    /// In eight bytes, also if less would do.
    InEightBytes,
    /// In eight bytes, and some other number than it is.
    Claimed(u64),
}

impl Frame {
    /// The opcode of frames that go on with a message.
    pub const CONTINUATION: u8 = 0;
    /// The opcode of text.
    pub const TEXT: u8 = 1;
    /// The opcode of bytes.
    pub const BINARY: u8 = 2;
    /// The opcode of the last frame.
    pub const CLOSE: u8 = 8;
    /// The opcode of a question.
    pub const PING: u8 = 9;
    /// The opcode of the answer to it.
    pub const PONG: u8 = 10;

    /// A client's frame with nothing wrong about it but perhaps its opcode.
    pub fn new(opcode: u8, payload: impl Into<Vec<u8>>) -> Self {
        Self {
            is_final: true,
            reserved: 0,
            opcode,
            mask: Some([0x37, 0xfa, 0x21, 0x3d]),
            length: Length::Shortest,
            payload: payload.into(),
        }
    }

    /// A whole message of bytes.
    pub fn binary(payload: impl Into<Vec<u8>>) -> Self {
        Self::new(Self::BINARY, payload)
    }

    /// A ping.
    pub fn ping(payload: impl Into<Vec<u8>>) -> Self {
        Self::new(Self::PING, payload)
    }

    /// A pong.
    pub fn pong(payload: impl Into<Vec<u8>>) -> Self {
        Self::new(Self::PONG, payload)
    }

    /// A close frame that tells a code and a reason.
    pub fn close(code: u16, reason: &[u8]) -> Self {
        Self::new(Self::CLOSE, [&code.to_be_bytes(), reason].concat())
    }

    /// The payload as one message in fragments of at most so many bytes.
    pub fn fragments(payload: &[u8], max_bytes: usize) -> Vec<Self> {
        let mut frames: Vec<_> =
            payload.chunks(max_bytes).map(|part| Self::new(Self::CONTINUATION, part)).collect();
        if let Some(first) = frames.first_mut() {
            first.opcode = Self::BINARY;
        }
        let n_unfinished = frames.len().saturating_sub(1);
        for frame in &mut frames[..n_unfinished] {
            frame.is_final = false;
        }
        frames
    }

    /// The same frame, after which its message goes on.
    pub fn unfinished(self) -> Self {
        Self { is_final: false, ..self }
    }

    /// The code in a close frame, if it has one.
    pub fn close_code(&self) -> Option<u16> {
        let code = self.payload.first_chunk().filter(|_| self.opcode == Self::CLOSE);
        code.map(|&code| u16::from_be_bytes(code))
    }

    /// The frame as bytes.
    pub fn encode(&self) -> Vec<u8> {
        let n_bytes = self.payload.len();
        let mask_bit = if self.mask.is_some() { 0x80 } else { 0 };
        let mut out = vec![u8::from(self.is_final) << 7 | self.reserved << 4 | self.opcode];
        let in_eight_bytes = |n: u64| [&[mask_bit | 127][..], &n.to_be_bytes()].concat();
        out.extend(match (self.length, u16::try_from(n_bytes)) {
            (Length::Shortest, Ok(n @ ..=125)) => vec![mask_bit | n as u8],
            (Length::Shortest | Length::InTwoBytes, Ok(n)) => {
                [&[mask_bit | 126][..], &n.to_be_bytes()].concat()
            }
            (Length::Claimed(claimed), _) => in_eight_bytes(claimed),
            (Length::Shortest | Length::InTwoBytes | Length::InEightBytes, _) => {
                in_eight_bytes(n_bytes as u64)
            }
        });
        out.extend(self.mask.into_iter().flatten());
        let n_head = out.len();
        out.extend_from_slice(&self.payload);
        // Four bytes at a time: some are megabytes, and tests are not optimized.
        let mask = self.mask.unwrap_or_default();
        for part in out[n_head..].chunks_mut(4) {
            match <&mut [u8; 4]>::try_from(&mut *part) {
                Ok(four) => {
                    *four = (u32::from_ne_bytes(*four) ^ u32::from_ne_bytes(mask)).to_ne_bytes();
                }
                Err(_) => part.iter_mut().zip(mask).for_each(|(byte, mask)| *byte ^= mask),
            }
        }
        out
    }

    /// The frame at the start of what a server sent, and how long it is; `None` if there is more of it
    /// to come. Fails if a client would have to.
    pub fn decode(bytes: &[u8]) -> Option<(Self, usize)> {
        let (&[first, second], rest) = bytes.split_first_chunk()?;
        assert_eq!(second & 0x80, 0, "a server masks nothing");
        let (n_bytes, rest) = match second {
            126 => {
                rest.split_first_chunk().map(|(n, rest)| (u16::from_be_bytes(*n).into(), rest))?
            }
            127 => rest.split_first_chunk().map(|(n, rest)| (u64::from_be_bytes(*n), rest))?,
            n => (u64::from(n), rest),
        };
        let payload = rest.get(..usize::try_from(n_bytes).unwrap())?;
        let frame = Self {
            is_final: first & 0x80 != 0,
            reserved: first >> 4 & 7,
            opcode: first & 0xf,
            mask: None,
            length: Length::Shortest,
            payload: payload.to_vec(),
        };
        let n_head = bytes.len() - rest.len();
        frame.check();
        assert_eq!(frame.encode().len(), n_head + payload.len(), "the shortest form of the length");
        Some((frame, n_head + payload.len()))
    }

    fn check(&self) {
        assert_eq!(self.reserved, 0, "no extension was agreed on: {self:?}");
        match self.opcode {
            Self::BINARY => assert!(self.is_final, "a message is one frame: {self:?}"),
            Self::PING | Self::PONG | Self::CLOSE => {
                assert!(self.is_final && self.payload.len() <= 125, "{self:?}");
                assert!(self.opcode != Self::CLOSE || self.payload.len() != 1, "{self:?}");
                let reason = self.payload.get(2..).filter(|_| self.opcode == Self::CLOSE);
                assert!(std::str::from_utf8(reason.unwrap_or_default()).is_ok(), "{self:?}");
            }
            _ => panic!("not one of the server's: {self:?}"),
        }
    }
}
