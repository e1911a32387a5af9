//! What chance does to real bytes so that they stay almost real.

use proptest::prelude::*;
use proptest::sample::Index;

/// One change.
#[derive(Clone, Debug)]
pub enum Damage {
    /// A bit is the other one.
    Flip(Index, u8),
    /// The end is missing.
    Cut(Index),
    /// A stretch is missing.
    Remove(Index, usize),
    /// A stretch stands somewhere else too.
    Copy(Index, usize, Index),
    /// Where a number may be is another, in as many bytes as it needs.
    Number(Index, u64),
    /// Other bytes begin here.
    Insert(Index, Vec<u8>),
}

/// Some of `originals`, damaged in a few places.
pub fn damaged(originals: Vec<Vec<u8>>) -> impl Strategy<Value = Vec<u8>> {
    let one = prop::sample::select(originals);
    (one, prop::collection::vec(damage(), 0..6)).prop_map(|(mut bytes, damages)| {
        damages.iter().for_each(|damage| damage.apply(&mut bytes));
        bytes
    })
}

fn damage() -> impl Strategy<Value = Damage> {
    let at = any::<Index>;
    let stretch = 1..12_usize;
    // Those at which counts, lengths, clocks and client ids turn over, or that name somebody here.
    let number = prop_oneof![
        0..130_u64,
        prop::sample::select(vec![1 << 31, (1 << 31) - 1, (1 << 53) - 1, 1 << 53, u64::MAX]),
    ];
    prop_oneof![
        (at(), 0..8_u8).prop_map(|(at, bit)| Damage::Flip(at, bit)),
        at().prop_map(Damage::Cut),
        (at(), stretch.clone()).prop_map(|(at, n)| Damage::Remove(at, n)),
        (at(), stretch, at()).prop_map(|(from, n, to)| Damage::Copy(from, n, to)),
        (at(), number).prop_map(|(at, value)| Damage::Number(at, value)),
        (at(), prop::collection::vec(any::<u8>(), 1..8))
            .prop_map(|(at, bytes)| Damage::Insert(at, bytes)),
    ]
}

impl Damage {
    fn apply(&self, bytes: &mut Vec<u8>) {
        if bytes.is_empty() {
            return;
        }
        let n = bytes.len();
        match self {
            Self::Flip(at, bit) => *at.get_mut(bytes) ^= 1 << bit,
            Self::Cut(at) => bytes.truncate(at.index(n)),
            Self::Remove(at, len) => {
                let at = at.index(n);
                bytes.drain(at..n.min(at + len));
            }
            Self::Copy(from, len, to) => {
                let from = from.index(n);
                let copy = bytes[from..n.min(from + len)].to_vec();
                let to = to.index(n);
                bytes.splice(to..to, copy);
            }
            Self::Number(at, value) => {
                let at = at.index(n);
                let len = bytes[at..].iter().take_while(|byte| **byte >= 0x80).count() + 1;
                let mut number = Vec::new();
                put_varint(*value, &mut number);
                bytes.splice(at..n.min(at + len), number);
            }
            Self::Insert(at, new) => {
                let at = at.index(n);
                bytes.splice(at..at, new.iter().copied());
            }
        }
    }
}

/// Appends a number as Yjs writes it.
pub fn put_varint(mut value: u64, out: &mut Vec<u8>) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}
