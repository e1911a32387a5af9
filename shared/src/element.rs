//! What stands on a board: one element with its placement, looks and kind, as plain data.
//!
//! Elements are read from the board document and given to painters and hit tests. They know nothing
//! of how the document stores them.

mod crop;
mod ink;
mod style;

use std::collections::BTreeSet;

use crate::geometry::{BoardPoint, Bounds, Geometry};
use crate::id::{ElementId, FileId};
use crate::order::ZIndex;
use crate::wire::record;

pub use crop::Crop;
pub use ink::Ink;
pub use style::{
    Align, Brush, Dash, Edges, FillStyle, Font, Head, Style, StylePatch, VerticalAlign,
};

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
    /// Whether it is kept from being selected and changed.
    pub locked: bool,
    /// The frame that it lies in and is clipped by.
    pub frame: Option<ElementId>,
    /// Where it leads: an address, or a place on this board (`#element-id`).
    pub link: Option<String>,
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
    /// Whether it is kept from being selected and changed.
    pub locked: bool,
    /// The frame that it lies in and is clipped by.
    pub frame: Option<ElementId>,
    /// Where it leads: an address, or a place on this board (`#element-id`).
    pub link: Option<String>,
    /// What it is.
    pub shape: Shape,
}

impl NewElement {
    /// An unlocked element outside all groups and frames.
    pub fn new(geometry: Option<Geometry>, style: Style, shape: Shape) -> Self {
        let (groups, locked, frame, link) = (Vec::new(), false, None, None);
        Self { geometry, style, groups, locked, frame, link, shape }
    }

    /// The same element once more, where it is.
    pub fn copy_of(element: &Element) -> Self {
        Self {
            geometry: Some(element.geometry),
            style: element.style,
            groups: element.groups.clone(),
            locked: element.locked,
            frame: element.frame.clone(),
            link: element.link.clone(),
            shape: element.shape.clone(),
        }
    }

    /// Where it is going to be.
    pub fn place(&self) -> Geometry {
        self.geometry.unwrap_or_else(|| self.shape.own_geometry())
    }

    /// The element as it is by itself, at the bottom of the stack.
    pub fn alone(self, id: ElementId) -> Element {
        let geometry = self.place();
        let Self { style, groups, locked, frame, link, shape, .. } = self;
        Element { id, z: ZIndex::default(), geometry, style, groups, locked, frame, link, shape }
    }

    /// Leads what names other elements (frame, label's container, arrow's bindings) to where `renamed`
    /// says; what it does not know is let go.
    pub fn relate(&mut self, renamed: impl Fn(&ElementId) -> Option<ElementId>) {
        let lead = |name: &mut Option<ElementId>| *name = name.as_ref().and_then(&renamed);
        lead(&mut self.frame);
        match &mut self.shape {
            Shape::Text(text) => lead(&mut text.container),
            Shape::Arrow(arrow) => {
                for end in [&mut arrow.start, &mut arrow.end] {
                    *end = end
                        .take()
                        .and_then(|it| Some(Binding { element: renamed(&it.element)?, ..it }));
                }
            }
            _ => {}
        }
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
    /// A triangle that stands on its box's lower edge.
    Triangle,
    /// A line through its points.
    Line(Path),
    /// A line with heads.
    Arrow(Arrow),
    /// Freehand ink.
    Ink(Ink),
    /// Text.
    Text(Text),
    /// A sticky note; what is on it is a text that it contains.
    Note,
    /// A named area that clips the elements that lie in it.
    Frame(Frame),
    /// A picture.
    Image(Image),
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
            Self::Triangle => "triangle",
            Self::Line(_) => "line",
            Self::Arrow(_) => "arrow",
            Self::Ink(_) => "ink",
            Self::Text(_) => "text",
            Self::Note => "note",
            Self::Frame(_) => "frame",
            Self::Image(_) => "image",
            Self::Unknown(kind) => kind,
        }
    }

    /// Where the shape is if nothing else says it: where its own points are, or an empty box at the origin.
    pub fn own_geometry(&self) -> Geometry {
        self.natural_bounds().map_or_else(Geometry::default, Geometry::over)
    }

    /// Where all of a shape is, of which what is left is at `left`, and all of which was at `before`.
    pub(crate) fn whole_at(&self, left: Geometry, before: Option<Geometry>) -> Geometry {
        match self {
            Self::Ink(ink) => ink.whole_at(left, before),
            _ => left,
        }
    }

    /// The box that the shape's own points fill, for shapes that have points.
    pub fn natural_bounds(&self) -> Option<Bounds> {
        match self {
            Self::Line(path) => Some(path.bounds()),
            Self::Arrow(arrow) => Some(arrow.path.bounds()),
            Self::Ink(ink) => Some(ink.bounds()),
            _ => None,
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

/// A line with heads, and what its ends are bound to.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Arrow {
    /// Its corners. Where an end is bound, it is worked out anew where that end lies: what is written is
    /// where it was last drawn.
    pub path: Path,
    /// What stands at its ends.
    pub heads: Heads,
    /// Whether it runs across and down only, around what it is bound to.
    pub is_elbow: bool,
    /// Of an elbow, the pieces that somebody laid where they are, by the number of the corner that each
    /// begins at, in order. They stay while its ends move.
    pub fixed: Vec<usize>,
    /// What its first point follows.
    pub start: Option<Binding>,
    /// What its last point follows.
    pub end: Option<Binding>,
    /// Width and height of what stands at its middle, where the line leaves room for it. Worked out,
    /// never written.
    pub label: Option<(f64, f64)>,
}

impl Arrow {
    /// Numbers of pieces, made such that a course of so many points has them, in order and each once.
    pub fn pieces(numbers: impl IntoIterator<Item = usize>, n_points: usize) -> Vec<usize> {
        let all: BTreeSet<usize> = numbers.into_iter().filter(|it| it + 1 < n_points).collect();
        all.into_iter().collect()
    }
}

/// An arrow's end that follows an element.
#[derive(Clone, PartialEq, Debug)]
pub struct Binding {
    /// The element.
    pub element: ElementId,
    /// Where it points to in the element's unturned box: 0 to 1 across and down.
    pub at: (f64, f64),
    /// How far before the outline it ends, in board units.
    pub gap: f64,
}

/// A named area.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Frame {
    /// What stands above it.
    pub name: String,
}

/// A picture that the server keeps as a file.
#[derive(Clone, PartialEq, Debug)]
pub struct Image {
    /// The file.
    pub file: FileId,
    /// Width and height of the whole picture in its own pixels, at least 1.
    pub natural: (f64, f64),
    /// What of it is shown.
    pub crop: Crop,
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
    /// Where the lines go in what the text labels.
    pub vertical: VerticalAlign,
    /// Whether the box's width was chosen, and lines are broken at it.
    pub wraps: bool,
    /// The shape that this text labels, if any.
    pub container: Option<ElementId>,
}

impl Default for Text {
    fn default() -> Self {
        Self {
            value: String::new(),
            lines: Vec::new(),
            size: 20.0,
            font: Font::default(),
            align: Align::default(),
            vertical: VerticalAlign::default(),
            wraps: false,
            container: None,
        }
    }
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
