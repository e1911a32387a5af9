//! What stands on a board: one element with its placement, looks and kind, as plain data.
//!
//! Elements are read from the board document and given to painters and hit tests. They know nothing
//! of how the document stores them.

use crate::color::Color;
use crate::geometry::{BoardPoint, Bounds, Geometry};
use crate::id::ElementId;
use crate::ink::InkPoint;
use crate::order::ZIndex;
use crate::wire::{Source, Taken, Wire, malformed, record};

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

/// How an element looks.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Style {
    /// Color of outline, ink and text.
    pub stroke: Color,
    /// Color inside; transparent for none.
    pub fill: Color,
    /// How the inside is filled.
    pub fill_style: FillStyle,
    /// Width of the outline, in board units.
    pub width: f64,
    /// Solid, dashed or dotted outline.
    pub dash: Dash,
    /// Sharp or round corners.
    pub edges: Edges,
    /// 0 exact, 1 artist, 2 cartoonist.
    pub roughness: u8,
    /// 0 invisible to 1 opaque.
    pub opacity: f64,
}

impl Style {
    /// The style with its numbers made finite and in range.
    pub fn sanitized(self) -> Self {
        let clamp =
            |v: f64, low, high, default| if v.is_finite() { v.clamp(low, high) } else { default };
        Self {
            width: clamp(self.width, 0.0, 1_000.0, 2.0),
            opacity: clamp(self.opacity, 0.0, 1.0, 1.0),
            roughness: self.roughness.min(2),
            ..self
        }
    }
}

record!(Style { stroke, fill, fill_style, width, dash, edges, roughness, opacity });

impl Default for Style {
    fn default() -> Self {
        Self {
            stroke: Color::INK,
            fill: Color::TRANSPARENT,
            fill_style: FillStyle::Solid,
            width: 2.0,
            dash: Dash::Solid,
            edges: Edges::Round,
            roughness: 1,
            opacity: 1.0,
        }
    }
}

macro_rules! named_choices {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $text:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
        pub enum $name {
            #[default]
            $($(#[$variant_doc])* $variant,)*
        }

        impl $name {
            /// Every choice, in the order of the panels and of the numbers on the wire.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The name in documents and files.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $text,)* }
            }

            /// The choice called `name`.
            pub fn parse(name: &str) -> Option<Self> {
                match name { $($text => Some(Self::$variant),)* _ => None }
            }
        }

        impl Wire for $name {
            fn put(&self, out: &mut Vec<u8>) {
                (*self as u8).put(out);
            }

            fn take(from: &mut Source<'_>) -> Taken<Self> {
                let choice = Self::ALL.get(usize::from(u8::take(from)?)).copied();
                choice.ok_or_else(|| malformed(concat!("no such ", stringify!($name))))
            }
        }
    };
}

named_choices! {
    /// How an outline is drawn.
    Dash {
        /// Unbroken.
        Solid = "solid",
        /// Long strokes.
        Dashed = "dashed",
        /// Dots.
        Dotted = "dotted",
    }
}

named_choices! {
    /// How an inside is filled.
    FillStyle {
        /// Evenly.
        Solid = "solid",
        /// By slanted lines.
        Hachure = "hachure",
        /// By crossing lines.
        CrossHatch = "cross-hatch",
        /// By one line back and forth.
        Zigzag = "zigzag",
    }
}

named_choices! {
    /// How corners are drawn.
    Edges {
        /// Rounded; a line with several points is a smooth curve.
        Round = "round",
        /// Pointed.
        Sharp = "sharp",
    }
}

named_choices! {
    /// Families of letters; the painter picks what the machine has.
    Font {
        /// Hand-written.
        Hand = "hand",
        /// Without serifs.
        Sans = "sans",
        /// With serifs.
        Serif = "serif",
        /// Of one width, for code.
        Mono = "mono",
    }
}

named_choices! {
    /// Where a line of text goes.
    Align {
        /// To the left edge.
        Left = "left",
        /// To the middle.
        Center = "center",
        /// To the right edge.
        Right = "right",
    }
}

named_choices! {
    /// What stands at an arrow's end.
    Head {
        /// Nothing.
        None = "none",
        /// Two lines.
        Arrow = "arrow",
        /// A filled triangle.
        Triangle = "triangle",
        /// A filled circle.
        Dot = "dot",
        /// A line across.
        Bar = "bar",
        /// A filled rhombus.
        Diamond = "diamond",
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

/// A change of looks: what is `None` stays.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct StylePatch {
    /// New color of outline, ink and text.
    pub stroke: Option<Color>,
    /// New color inside.
    pub fill: Option<Color>,
    /// New way of filling.
    pub fill_style: Option<FillStyle>,
    /// New width of the outline, in board units.
    pub width: Option<f64>,
    /// New outline.
    pub dash: Option<Dash>,
    /// New corners.
    pub edges: Option<Edges>,
    /// New roughness, 0 to 2.
    pub roughness: Option<u8>,
    /// New opacity, 0 to 1.
    pub opacity: Option<f64>,
    /// New height of letters, for text.
    pub font_size: Option<f64>,
    /// New family, for text.
    pub font: Option<Font>,
    /// New alignment, for text.
    pub align: Option<Align>,
}

impl StylePatch {
    /// `style` with this change made.
    pub fn applied(&self, style: Style) -> Style {
        Style {
            stroke: self.stroke.unwrap_or(style.stroke),
            fill: self.fill.unwrap_or(style.fill),
            fill_style: self.fill_style.unwrap_or(style.fill_style),
            width: self.width.unwrap_or(style.width),
            dash: self.dash.unwrap_or(style.dash),
            edges: self.edges.unwrap_or(style.edges),
            roughness: self.roughness.unwrap_or(style.roughness),
            opacity: self.opacity.unwrap_or(style.opacity),
        }
    }
}
