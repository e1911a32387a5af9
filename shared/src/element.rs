//! What stands on a board: one element with its placement, looks and kind, as plain data.
//!
//! Elements are read from the board document and given to painters and hit tests. They know nothing
//! of how the document stores them.

mod style;

use crate::geometry::{BoardPoint, Bounds, Geometry};
use crate::id::ElementId;
use crate::ink::InkPoint;
use crate::order::ZIndex;
use crate::wire::record;

pub use style::{Align, Dash, Edges, FillStyle, Font, Head, Style, StylePatch};

/// One element as the board has it now.
#[derive(Clone, PartialEq, Debug)]
pub struct Element {
    /// Its key in the document.
    pub id: ElementId,
    /// Its place in the stack; ties break by id.
    pub z: ZIndex,
    /// Where it is. For ink and lines without a placement of their own, the box around the points.
    pub geometry: Geometry,
    /// How it looks.
    pub style: Style,
    /// The groups it belongs to, innermost first.
    pub groups: Vec<String>,
    /// Whether it can be selected and changed.
    pub locked: bool,
    /// What it is.
    pub shape: Shape,
}

/// An element that is not on the board yet: everything but its id and its place in the stack.
#[derive(Clone, PartialEq, Debug)]
pub struct NewElement {
    /// Where it goes; `None` for ink and lines means where their points are.
    pub geometry: Option<Geometry>,
    /// How it looks.
    pub style: Style,
    /// The groups it belongs to, innermost first.
    pub groups: Vec<String>,
    /// Whether it can be selected and changed.
    pub locked: bool,
    /// What it is.
    pub shape: Shape,
}

impl NewElement {
    /// An unlocked element outside all groups.
    pub fn new(geometry: Option<Geometry>, style: Style, shape: Shape) -> Self {
        Self { geometry, style, groups: Vec::new(), locked: false, shape }
    }
}

/// What an element is, with what only that kind has.
#[derive(Clone, PartialEq, Debug)]
pub enum Shape {
    /// A box.
    Rectangle,
    /// An ellipse that touches its box's edges.
    Ellipse,
    /// A rhombus whose corners are the middles of its box's edges.
    Diamond,
    /// A line through its points.
    Line(Path),
    /// A line with heads.
    Arrow(Path, Heads),
    /// Freehand ink.
    Ink(Ink),
    /// Text.
    Text(Text),
    /// Of a newer version: kept and left alone.
    Unknown(String),
}

impl Shape {
    /// The kind's name in documents and in JSON.
    pub fn kind(&self) -> &str {
        match self {
            Self::Rectangle => "rectangle",
            Self::Ellipse => "ellipse",
            Self::Diamond => "diamond",
            Self::Line(_) => "line",
            Self::Arrow(..) => "arrow",
            Self::Ink(_) => "ink",
            Self::Text(_) => "text",
            Self::Unknown(kind) => kind,
        }
    }

    /// The box that the shape's own points fill, for shapes that have points.
    pub fn natural_bounds(&self) -> Option<Bounds> {
        match self {
            Self::Line(path) | Self::Arrow(path, _) => Some(path.bounds()),
            Self::Ink(ink) => Some(ink.bounds()),
            Self::Rectangle | Self::Ellipse | Self::Diamond | Self::Text(_) | Self::Unknown(_) => {
                None
            }
        }
    }
}

/// The corners of a line or arrow, on the board as it was drawn; the element's geometry then says
/// where that drawing is now.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Path {
    /// At least one point.
    pub points: Vec<BoardPoint>,
}

impl Path {
    /// The box around the points.
    pub fn bounds(&self) -> Bounds {
        Bounds::around(self.points.iter().copied())
    }
}

/// Freehand points on the board as they were drawn; the element's geometry says where they are now.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Ink {
    /// The points in drawing order; pressures are 0 to 1.
    pub points: Vec<InkPoint>,
    /// Whether the pressures were measured. Otherwise the painter makes them up from the speed.
    pub has_pressure: bool,
}

impl Ink {
    /// The box around the points, without the pen's width.
    pub fn bounds(&self) -> Bounds {
        Bounds::around(self.points.iter().map(|p| p.at))
    }
}

/// Text with the way it is broken into lines.
#[derive(Clone, PartialEq, Debug)]
pub struct Text {
    /// What was typed.
    pub value: String,
    /// The lines as its author's browser broke them.
    pub lines: Vec<String>,
    /// Height of the letters, in board units.
    pub size: f64,
    /// The family.
    pub font: Font,
    /// Where lines shorter than the box go.
    pub align: Align,
    /// The shape that this text labels, if any.
    pub container: Option<ElementId>,
}

/// The two ends of an arrow.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Heads {
    /// At the first point.
    pub start: Head,
    /// At the last point.
    pub end: Head,
}

record!(Heads { start, end });

impl Default for Heads {
    fn default() -> Self {
        Self { start: Head::None, end: Head::Arrow }
    }
}
