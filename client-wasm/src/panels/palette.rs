//! The colors that the panels offer, with their names for people who cannot see them.

use shared::color::Color;

/// A color with its name.
pub(crate) type NamedColor = (&'static str, Color);

/// Colors of outlines, ink and text.
pub(crate) const STROKES: &[NamedColor] = &[
    ("Black", Color::INK),
    ("Red", Color::rgb(0xe03131)),
    ("Green", Color::rgb(0x2f9e44)),
    ("Blue", Color::rgb(0x1971c2)),
    ("Orange", Color::rgb(0xf08c00)),
];

/// More of them.
pub(crate) const MORE_STROKES: &[NamedColor] = &[
    ("White", Color::rgb(0xffffff)),
    ("Gray", Color::rgb(0x868e96)),
    ("Brown", Color::rgb(0x846358)),
    ("Teal", Color::rgb(0x099268)),
    // The highlighter's own.
    ("Yellow", Color::rgb(0xffd43b)),
    ("Violet", Color::rgb(0x6741d9)),
    ("Pink", Color::rgb(0xc2255c)),
];

/// Colors of insides.
pub(crate) const FILLS: &[NamedColor] = &[
    ("Transparent", Color::TRANSPARENT),
    ("Light red", Color::rgb(0xffc9c9)),
    ("Light green", Color::rgb(0xb2f2bb)),
    ("Light blue", Color::rgb(0xa5d8ff)),
    ("Light yellow", Color::rgb(0xffec99)),
];

/// More of them.
pub(crate) const MORE_FILLS: &[NamedColor] = &[
    ("White", Color::rgb(0xffffff)),
    ("Light gray", Color::rgb(0xe9ecef)),
    ("Light brown", Color::rgb(0xeaddd7)),
    ("Light teal", Color::rgb(0x96f2d7)),
    ("Light cyan", Color::rgb(0x99e9f2)),
    ("Light violet", Color::rgb(0xd0bfff)),
    ("Light pink", Color::rgb(0xfcc2d7)),
];

/// Colors of people: dark letters read well on every one of them.
pub(crate) const PEOPLE: &[NamedColor] = &[
    ("Orange", Color::rgb(0xff802b)),
    ("Vermilion", Color::rgb(0xec5e41)),
    ("Red", Color::rgb(0xf2555a)),
    ("Rose", Color::rgb(0xf04f88)),
    ("Pink", Color::rgb(0xe34ba9)),
    ("Magenta", Color::rgb(0xbd54c6)),
    ("Purple", Color::rgb(0x9d5bd2)),
    ("Violet", Color::rgb(0x7b66dc)),
    ("Cyan", Color::rgb(0x02b1cc)),
    ("Teal", Color::rgb(0x11b3a3)),
    ("Green", Color::rgb(0x39b178)),
    ("Leaf green", Color::rgb(0x55b467)),
];
