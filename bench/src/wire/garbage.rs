//! Bytes that no honest client sends: cut short, out of range, or promising far more than comes.

use super::{Speaker, Wire, native, yjs};
use crate::websocket::{Kind, put_frame};

/// 900 million in lib0's numbers.
const MANY: [u8; 5] = [0x80, 0xd2, 0x93, 0xad, 0x03];

impl Wire {
    /// Appends all of it, beginning with another one for each `n`: some servers hang up on the first.
    pub fn put_garbage(self, speaker: &Speaker, n: usize, out: &mut Vec<u8>) {
        let mut messages = Vec::new();
        for content in contents() {
            messages.extend(match self {
                Self::Yjs | Self::Hocuspocus => yjs::around(&content).to_vec(),
                Self::Native => vec![native::update(1, &content)],
            });
            messages.push(content);
        }
        let n = n % messages.len();
        messages.rotate_left(n);
        for message in messages {
            match self {
                Self::Yjs | Self::Hocuspocus => self.put_yjs(speaker, &message, out),
                Self::Native => put_frame(out, Kind::Binary, &message),
            }
        }
        put_frame(out, Kind::Text, b"a text");
    }
}

fn contents() -> [Vec<u8>; 6] {
    let huge_id = [&[1, 1][..], &[0xff; 9], &[1]].concat();
    [
        vec![],
        vec![0xff; 64],
        vec![0x91; 4096],
        MANY.to_vec(),
        [&[1][..], &MANY, &MANY, &MANY].concat(),
        huge_id,
    ]
}
