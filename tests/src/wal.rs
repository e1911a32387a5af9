//! SQLite's write-ahead log as bytes: how far the file says something. Knows the frames, nothing of what
//! is in them.

/// Bytes before the first frame.
const HEAD: usize = 32;
/// Bytes before the page in each frame.
const FRAME_HEAD: usize = 24;

/// The bytes of a write-ahead log.
pub struct Wal<'a>(pub &'a [u8]);

impl Wal<'_> {
    /// By what the frames of this round of the file are known; an earlier round's lie behind them.
    pub fn salt(&self) -> Option<&[u8]> {
        self.0.get(16..24)
    }

    /// Where the last frame of this round ends.
    pub fn end(&self) -> usize {
        let Some(page) = self.0.get(8..12).and_then(|bytes| bytes.try_into().ok()) else {
            return 0;
        };
        let n_frame = FRAME_HEAD + u32::from_be_bytes(page) as usize;
        let frames = self.0.get(HEAD..).unwrap_or_default().chunks_exact(n_frame);
        let is_ours = |frame: &&[u8]| frame.get(8..16) == self.salt();
        HEAD + n_frame * frames.take_while(is_ours).count()
    }
}
