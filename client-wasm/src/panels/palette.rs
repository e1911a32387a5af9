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
    ("Green", Color::rgb(0x39b178)),
    ("Leaf green", Color::rgb(0x55b467)),
];

/// Two colors that are less far from each other are taken for the same, on avatars and cursors.
const ALIKE: u32 = 115;

/// A color for somebody who has `own` where others have `taken`: the same if none of these looks like it, otherwise
/// the one of [`PEOPLE`] that differs the most from all of them.
pub(crate) fn distinct(own: Color, taken: &[Color]) -> Color {
    let room = |color: Color| taken.iter().map(|it| distance(*it, color)).min().unwrap_or(u32::MAX);
    let (mut best, mut most) = (own, room(own));
    if most < ALIKE * ALIKE {
        for &(_, color) in PEOPLE {
            let room = room(color);
            if room > most {
                (best, most) = (color, room);
            }
        }
    }
    best
}

/// How different two colors look, squared: of a hue that eyes tell apart well a step counts for more. Black and white
/// are 765 apart.
fn distance(one: Color, other: Color) -> u32 {
    let step = |one: u8, other: u8| u32::from(one.abs_diff(other)).pow(2);
    let red = (u32::from(one.r) + u32::from(other.r)) / 2;
    let across = (512 + red) * step(one.r, other.r) + (767 - red) * step(one.b, other.b);
    across / 256 + 4 * step(one.g, other.g)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_people_have_colors_that_nobody_takes_for_each_other() {
        for &(name, first) in PEOPLE {
            let mut taken = vec![first];
            for n in 1..5 {
                // Whatever color somebody brings along.
                let own = PEOPLE[n * 7 % PEOPLE.len()].1;
                let color = distinct(own, &taken);
                let nearest = taken.iter().map(|it| distance(*it, color)).min();
                assert!(nearest >= Some(ALIKE * ALIKE), "{n} after {name}: {color} of {taken:?}");
                taken.push(color);
            }
        }
    }

    #[test]
    fn who_is_told_apart_keeps_their_color() {
        let [orange, pink, cyan] = [PEOPLE[0].1, PEOPLE[4].1, PEOPLE[8].1];
        assert_eq!(distinct(orange, &[pink, cyan]), orange);
        assert_eq!(distinct(pink, &[]), pink);
        let all: Vec<_> = PEOPLE.iter().map(|(_, color)| *color).collect();
        assert_eq!(distinct(pink, &all), pink, "there is none that nobody has");
    }
}
