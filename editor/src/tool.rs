//! The tools, in one table: toolbar, keys and help are drawn from it. A new tool is a row here and a
//! gesture.

use shared::element::Heads;
use shared::presence::DrawnShape;

use crate::gesture::LineKind;
use crate::keys::Chord;

/// What the main button does. The numbers are what others are told; each is given out once.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Tool {
    /// Picks and moves elements.
    Select = 0,
    /// Picks elements by a loop around them.
    Lasso = 1,
    /// Moves the board.
    Hand = 2,
    /// Draws a box.
    Rectangle = 3,
    /// Draws a rhombus.
    Diamond = 4,
    /// Draws an ellipse.
    Ellipse = 5,
    /// Draws a triangle.
    Triangle = 6,
    /// Draws an arrow.
    Arrow = 7,
    /// Draws a line.
    Line = 8,
    /// Draws freehand ink.
    Pen = 9,
    /// Draws freehand ink that one sees through.
    Highlighter = 10,
    /// Writes text.
    Text = 11,
    /// Puts sticky notes down.
    Note = 12,
    /// Draws frames.
    Frame = 13,
    /// Has pictures chosen. It is never in hand: picking it asks at once.
    Image = 14,
    /// Takes elements away.
    Eraser = 15,
    /// Points, and leaves nothing.
    Laser = 16,
    /// Takes a color from what is there.
    Eyedropper = 17,
}

/// A row of the table of tools.
pub struct ToolInfo {
    /// The tool.
    pub tool: Tool,
    /// Its name for programs: `setTool(name)`, `data-testid="tool-{name}"`.
    pub name: &'static str,
    /// Its name for people.
    pub label: &'static str,
    /// The keys that pick it; the first is shown in help.
    pub keys: &'static [Chord],
    /// The digit printed on the button.
    pub digit: Option<char>,
}

const fn row(
    tool: Tool,
    name: &'static str,
    label: &'static str,
    keys: &'static [Chord],
    digit: Option<char>,
) -> ToolInfo {
    ToolInfo { tool, name, label, keys, digit }
}

/// Every tool in the order of the toolbar.
pub const TOOLS: &[ToolInfo] = &[
    row(Tool::Select, "select", "Select", &[Chord::key("v"), Chord::key("1")], Some('1')),
    row(Tool::Lasso, "lasso", "Lasso", &[Chord::key("j")], None),
    row(Tool::Hand, "hand", "Hand", &[Chord::key("h")], None),
    row(Tool::Rectangle, "rectangle", "Rectangle", &[Chord::key("r"), Chord::key("2")], Some('2')),
    row(Tool::Diamond, "diamond", "Diamond", &[Chord::key("d"), Chord::key("3")], Some('3')),
    row(Tool::Ellipse, "ellipse", "Ellipse", &[Chord::key("o"), Chord::key("4")], Some('4')),
    row(Tool::Triangle, "triangle", "Triangle", &[], None),
    row(Tool::Arrow, "arrow", "Arrow", &[Chord::key("a"), Chord::key("5")], Some('5')),
    row(Tool::Line, "line", "Line", &[Chord::key("l"), Chord::key("6")], Some('6')),
    row(Tool::Pen, "pen", "Pen", &[Chord::key("p"), Chord::key("x"), Chord::key("7")], Some('7')),
    row(Tool::Highlighter, "highlighter", "Highlighter", &[Chord::key("d").with_shift()], None),
    row(Tool::Text, "text", "Text", &[Chord::key("t"), Chord::key("8")], Some('8')),
    row(Tool::Note, "note", "Sticky note", &[Chord::key("n")], None),
    row(Tool::Frame, "frame", "Frame", &[Chord::key("f")], None),
    row(Tool::Image, "image", "Image", &[Chord::key("9")], Some('9')),
    row(Tool::Eraser, "eraser", "Eraser", &[Chord::key("e"), Chord::key("0")], Some('0')),
    row(Tool::Laser, "laser", "Laser", &[Chord::key("k")], None),
    row(Tool::Eyedropper, "eyedropper", "Pick a color", &[Chord::key("i")], None),
];

impl Tool {
    /// Its row in the table.
    pub fn info(self) -> &'static ToolInfo {
        let row = TOOLS.iter().find(|info| info.tool == self);
        row.expect("every tool has a row: a test goes through them")
    }

    /// The tool that programs call `name`.
    pub fn named(name: &str) -> Option<Self> {
        TOOLS.iter().find(|info| info.name == name).map(|info| info.tool)
    }

    /// Its number in presence.
    pub fn number(self) -> u8 {
        self as u8
    }

    /// The kind of shape that dragging with this tool draws, if it draws one.
    pub(crate) fn drawn_shape(self) -> Option<DrawnShape> {
        Some(match self {
            Self::Rectangle => DrawnShape::Rectangle(()),
            Self::Diamond => DrawnShape::Diamond(()),
            Self::Ellipse => DrawnShape::Ellipse(()),
            Self::Triangle => DrawnShape::Triangle(()),
            Self::Frame => DrawnShape::Frame(()),
            _ => return None,
        })
    }

    /// The kind of line that this tool draws, if it draws one.
    pub(crate) fn line(self, is_elbow: bool) -> Option<LineKind> {
        match self {
            Self::Line => Some(LineKind::Line),
            Self::Arrow if is_elbow => Some(LineKind::Elbow(Heads::default())),
            Self::Arrow => Some(LineKind::Arrow(Heads::default())),
            _ => None,
        }
    }

    /// Whether it is for choosing elements.
    pub(crate) fn chooses(self) -> bool {
        matches!(self, Self::Select | Self::Lasso | Self::Eyedropper)
    }
}
