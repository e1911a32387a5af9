//! What a person did, as the browser reports it.

use shared::element::{Head, StylePatch};
use shared::id::FileId;
use shared::time::Time;

use crate::camera::{ScreenPoint, ScreenSize};
use crate::clipboard::Pasted;
use crate::command::Command;
use crate::note::Next;
use crate::tool::Tool;

/// One thing that happened.
#[derive(Clone, PartialEq, Debug)]
pub enum Input {
    /// A button or finger went down.
    Down(Pointer),
    /// A pointer moved, pressed or not; `samples` are the places it passed, the last one newest.
    Move(Pointer, Vec<Sample>),
    /// A button or finger went up.
    Up(Pointer),
    /// The browser took the pointer away: what was in progress is dropped.
    Cancel(i32),
    /// The pointer left the canvas.
    Leave,
    /// Two clicks in quick succession.
    DoubleClick(ScreenPoint),
    /// The wheel turned by pixels; with `is_zoom` (Ctrl or a pinch on a trackpad) it zooms.
    Wheel {
        /// Where the pointer is.
        at: ScreenPoint,
        /// Pixels to the right.
        dx: f64,
        /// Pixels down.
        dy: f64,
        /// Zoom instead of pan.
        is_zoom: bool,
    },
    /// A key went down on the canvas.
    KeyDown(KeyPress),
    /// A key went up.
    KeyUp(KeyPress),
    /// A button or a menu row was used.
    Command(Command),
    /// A tool was picked.
    Pick(Tool),
    /// The style panel was used.
    Restyle(StylePatch),
    /// A head was picked for one end of the chosen arrows.
    Head(End, Head),
    /// A text is looked for: the next place of it, the one before (-1), or the first from here on (0).
    Find(String, i8),
    /// Numbers were typed for what is chosen.
    Measure(Measures),
    /// Something was pasted.
    Paste(Pasted),
    /// Pictures were brought: to a place, or to where what is pasted goes.
    Pictures(Vec<NewPicture>, Option<ScreenPoint>),
    /// What is chosen leads to an address, or nowhere.
    Link(Option<String>),
    /// Something happened in the text field.
    Text(TextInput),
    /// The canvas has a new size.
    Resize(ScreenSize),
    /// Time passed; due several times a second while a gesture lasts.
    Tick,
    /// The board changed by somebody else's hand.
    BoardChanged,
}

/// A picture that is not on the board yet.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct NewPicture {
    /// Its file.
    pub file: FileId,
    /// Width and height in its own pixels, at least 1.
    pub natural: (f64, f64),
}

/// One end of an arrow.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum End {
    /// Its first point.
    Start,
    /// Its last point.
    Last,
}

/// Numbers for the box around what is chosen; what is `None` stays.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct Measures {
    /// Left edge before turning, in board units.
    pub x: Option<f64>,
    /// Top edge before turning, in board units.
    pub y: Option<f64>,
    /// Width, in board units.
    pub w: Option<f64>,
    /// Height, in board units.
    pub h: Option<f64>,
    /// Clockwise turn, in radians.
    pub angle: Option<f64>,
}

/// A pointer at one moment.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Pointer {
    /// Which one: every finger has its own.
    pub id: i32,
    /// What kind of device.
    pub kind: PointerKind,
    /// Which button went down or up: 0 main, 1 middle, 2 secondary.
    pub button: i16,
    /// Where it is, and how hard it presses.
    pub sample: Sample,
    /// The keys that are held.
    pub modifiers: Modifiers,
    /// When.
    pub now: Time,
}

impl Pointer {
    /// The button of a press that only closed something over the board: it begins nothing, unless a second finger
    /// makes it a pinch.
    pub const NO_BUTTON: i16 = -1;
}

/// A place that a pointer passed.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Sample {
    /// Where on the canvas.
    pub at: ScreenPoint,
    /// How hard, 0 to 1; 0.5 when the device measures none.
    pub pressure: f32,
}

/// What points.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PointerKind {
    /// A mouse or trackpad.
    Mouse,
    /// A finger.
    Touch,
    /// A stylus.
    Pen,
}

/// Keys that are held while something else happens.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Modifiers {
    /// Shift.
    pub shift: bool,
    /// Ctrl, or Command on a Mac.
    pub ctrl: bool,
    /// Alt, or Option on a Mac.
    pub alt: bool,
}

/// A key on the canvas.
#[derive(Clone, PartialEq, Debug)]
pub struct KeyPress {
    /// What it types, like `a`, `A`, `?`, `Escape`, `ArrowLeft`.
    pub key: String,
    /// Where it is on the keyboard, like `KeyA`, `Digit1`.
    pub code: String,
    /// The keys that are held.
    pub modifiers: Modifiers,
}

/// What happened in the text field that [`crate::Editor::text_edit`] asks for.
#[derive(Clone, PartialEq, Debug)]
pub enum TextInput {
    /// The field says something else: all of it.
    Typed(String),
    /// The next sticky note is wanted; where no note is written on, the person is done.
    Next(Next),
    /// The person is done.
    Done,
}
