//! How elements look: colors, widths, and the choices that have names.

use super::Heads;
use crate::color::Color;
use crate::wire::{Source, Taken, Wire, malformed, record};

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
    /// Where text goes in the height of what it labels.
    VerticalAlign {
        /// In the middle.
        Middle = "middle",
        /// To the top.
        Top = "top",
        /// To the bottom.
        Bottom = "bottom",
    }
}

named_choices! {
    /// What ink is drawn with.
    Brush {
        /// A pen: thicker where it presses or is slow.
        Pen = "pen",
        /// A marker of one broad width, through which one sees what is below.
        Highlighter = "highlighter",
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
        /// A triangle one sees through.
        TriangleOutline = "triangle-outline",
        /// A circle one sees through.
        DotOutline = "dot-outline",
        /// A rhombus one sees through.
        DiamondOutline = "diamond-outline",
        /// Exactly one, in diagrams of databases.
        CrowfootOne = "crowfoot-one",
        /// Many.
        CrowfootMany = "crowfoot-many",
        /// One or many.
        CrowfootOneOrMany = "crowfoot-one-or-many",
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
    /// New place in the height of what it labels, for text.
    pub vertical: Option<VerticalAlign>,
    /// New ends, for arrows.
    pub heads: Option<Heads>,
    /// New course, for arrows.
    pub is_elbow: Option<bool>,
}

impl StylePatch {
    /// The change that gives something all looks of `style`.
    pub fn of(style: Style) -> Self {
        Self {
            stroke: Some(style.stroke),
            fill: Some(style.fill),
            fill_style: Some(style.fill_style),
            width: Some(style.width),
            dash: Some(style.dash),
            edges: Some(style.edges),
            roughness: Some(style.roughness),
            opacity: Some(style.opacity),
            ..Self::default()
        }
    }

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
