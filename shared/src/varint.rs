//! Whole numbers in as few bytes as they need, seven bits in each, the last seven first: in Yjs updates and in ink.

/// Appends a number.
pub fn put(mut value: u64, out: &mut Vec<u8>) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}
