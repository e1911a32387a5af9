//! What was measured, by what it is, whose it is, and how full the board was.

use std::collections::BTreeMap;

use super::subject::Subject;

/// What a number tells; zooms are in percent.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Figure {
    /// Milliseconds of the main thread for a frame while panning.
    PanCpu(u32),
    /// Frames in a second while panning.
    PanFps(u32),
    /// The longest time between two frames while panning, in milliseconds.
    PanLongest(u32),
    /// Milliseconds of the main thread for one move of the pen.
    Pen(u32),
    /// Milliseconds of the main thread for a frame while many others draw.
    PeopleCpu,
    /// Frames in a second meanwhile.
    PeopleFps,
    /// The longest time between two frames meanwhile, in milliseconds.
    PeopleLongest,
    /// What it cost that others made thousands of edits at once.
    Many(Cost),
    /// The same for one edit that changes thousands of elements.
    One(Cost),
    /// Milliseconds from data in memory to the painted frame.
    Load(u32),
    /// Milliseconds from the bytes of the picture that was kept of a board, in memory, to the frame that shows it.
    Picture(u32),
    /// Milliseconds from asking for a page that was open before to the frame that shows that picture.
    PictureAgain(u32),
    /// The same to the frame that shows the board.
    BoardAgain(u32),
    /// Bytes of the renderer, shared pages by their share.
    Memory(u32),
    /// Milliseconds from asking for the page to an empty board that can be drawn on, nothing of it known before.
    Start,
    /// Bytes of scripts, styles and wasm, compressed with brotli.
    Bytes,
}

/// What a burst costs, in milliseconds.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Cost {
    /// The longest that a message to oneself took to come back.
    Blocked,
    /// The longest that a key waited, which browsers let go first.
    Key,
    /// The longest turn of the main thread.
    Turn,
    /// Its longest turn by the time that it had a processor.
    TurnCpu,
}

/// All numbers of a run.
#[derive(Default)]
pub struct Figures(BTreeMap<(Figure, usize, Subject), f64>);

impl Figures {
    /// Keeps a number; `n` is how many elements the board had.
    pub fn note(&mut self, subject: Subject, n: usize, figure: Figure, value: f64) {
        super::say(&format!("  {subject} {n} {figure:?} {value:.2}"));
        self.0.insert((figure, n, subject), value);
    }

    /// The number, if it was measured.
    pub fn of(&self, subject: Subject, n: usize, figure: Figure) -> Option<f64> {
        self.0.get(&(figure, n, subject)).copied()
    }
}
