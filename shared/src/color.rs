//! Colors of strokes, fills, text and people.

use std::fmt;

use crate::wire::{Source, Taken, Wire};

/// An sRGB color with opacity; in documents `#rrggbb` or `#rrggbbaa`, on the wire one integer.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Color {
    /// Red, 0 to 255.
    pub r: u8,
    /// Green, 0 to 255.
    pub g: u8,
    /// Blue, 0 to 255.
    pub b: u8,
    /// Opacity, 255 is opaque.
    pub a: u8,
}

impl Color {
    /// The ink people start with.
    pub const INK: Self = Self::rgb(0x1e1e1e);
    /// Nothing painted.
    pub const TRANSPARENT: Self = Self { r: 0, g: 0, b: 0, a: 0 };

    /// An opaque color from `0xrrggbb`.
    pub const fn rgb(value: u32) -> Self {
        Self { r: (value >> 16) as u8, g: (value >> 8) as u8, b: value as u8, a: 255 }
    }

    /// Reads `#rgb`, `#rgba`, `#rrggbb`, `#rrggbbaa`, `transparent`, and the handful of CSS names
    /// that drawings in the wild use.
    pub fn parse(text: &str) -> Option<Self> {
        let Some(hex) = text.strip_prefix('#') else { return named(text) };
        if !hex.is_ascii() {
            return None;
        }
        let digits: Option<Vec<u8>> =
            hex.chars().map(|c| c.to_digit(16).map(|d| d as u8)).collect();
        let digits = digits?;
        let channels: Vec<u8> = match digits.len() {
            3 | 4 => digits.iter().map(|d| d * 17).collect(),
            6 | 8 => digits.chunks(2).map(|pair| pair[0] * 16 + pair[1]).collect(),
            _ => return None,
        };
        let a = channels.get(3).copied().unwrap_or(255);
        Some(Self { r: channels[0], g: channels[1], b: channels[2], a })
    }

    /// The color for a dark board: light and dark change places and the hue stays, so that black ink is
    /// readable and red stays red. The same as the CSS filters `invert(93%) hue-rotate(180deg)`.
    pub fn darkened(self) -> Self {
        let invert = |channel: u8| f64::from(channel) * (1.0 - 2.0 * 0.93) + 255.0 * 0.93;
        let [r, g, b] = [self.r, self.g, self.b].map(invert);
        // Turning the hue by half a circle: the matrix that the filter effects standard gives.
        let turned = [
            -0.574 * r + 1.430 * g + 0.144 * b,
            0.426 * r + 0.430 * g + 0.144 * b,
            0.426 * r + 1.430 * g - 0.856 * b,
        ];
        let [r, g, b] = turned.map(|channel| channel.round().clamp(0.0, 255.0) as u8);
        Self { r, g, b, a: self.a }
    }

    /// Whether painting it changes nothing.
    pub fn is_transparent(self) -> bool {
        self.a == 0
    }
}

fn named(text: &str) -> Option<Color> {
    Some(match text.to_ascii_lowercase().as_str() {
        "transparent" | "none" => Color::TRANSPARENT,
        "black" => Color::rgb(0x000000),
        "white" => Color::rgb(0xffffff),
        "red" => Color::rgb(0xff0000),
        "green" => Color::rgb(0x008000),
        "blue" => Color::rgb(0x0000ff),
        "yellow" => Color::rgb(0xffff00),
        "orange" => Color::rgb(0xffa500),
        "purple" => Color::rgb(0x800080),
        "pink" => Color::rgb(0xffc0cb),
        "brown" => Color::rgb(0xa52a2a),
        "gray" | "grey" => Color::rgb(0x808080),
        _ => return None,
    })
}

impl fmt::Display for Color {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { r, g, b, a } = self;
        if *a == 255 {
            write!(f, "#{r:02x}{g:02x}{b:02x}")
        } else {
            write!(f, "#{r:02x}{g:02x}{b:02x}{a:02x}")
        }
    }
}

impl Wire for Color {
    fn put(&self, out: &mut Vec<u8>) {
        u32::from_be_bytes([self.a, self.r, self.g, self.b]).put(out);
    }

    fn take(from: &mut Source<'_>) -> Taken<Self> {
        let [a, r, g, b] = u32::take(from)?.to_be_bytes();
        Ok(Self { r, g, b, a })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colors_read_as_browsers_read_them() {
        assert_eq!(Color::parse("#1e1e1e"), Some(Color::INK));
        assert_eq!(Color::parse("#f00"), Some(Color::rgb(0xff0000)));
        assert_eq!(Color::parse("#11223344").map(|c| c.a), Some(0x44));
        assert_eq!(Color::parse("transparent"), Some(Color::TRANSPARENT));
        for bad in ["", "#", "#12", "#12345g", "#ééé", "nope"] {
            assert_eq!(Color::parse(bad), None, "{bad:?}");
        }
        assert_eq!(Color::rgb(0x2f9e44).to_string(), "#2f9e44");
    }
}
