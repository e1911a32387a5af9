//! What a page looks like, pixel by pixel.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;

/// A picture of a page; one pixel for each CSS pixel.
pub struct Screenshot {
    /// The picture as a PNG file.
    pub png: Vec<u8>,
    width: usize,
    n_channels: usize,
    pixels: Vec<u8>,
}

impl Screenshot {
    /// Decodes what the browser sends.
    pub(super) fn from_base64(text: &str) -> Self {
        let png = BASE64_STANDARD.decode(text).unwrap();
        let mut reader = png::Decoder::new(std::io::Cursor::new(&png)).read_info().unwrap();
        let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
        let frame = reader.next_frame(&mut pixels).unwrap();
        let (width, n_channels) = (frame.width as usize, frame.color_type.samples());
        Self { png, width, n_channels, pixels }
    }

    /// Red, green and blue at a place.
    pub fn at(&self, x: f64, y: f64) -> [u8; 3] {
        let start = (y as usize * self.width + x as usize) * self.n_channels;
        self.pixels[start..start + 3].try_into().unwrap()
    }

    /// How many pixels within a box differ from another picture's by more than `by` in a channel. The box
    /// is told by its left, top, right and bottom.
    pub fn n_different(&self, other: &Self, area: [u32; 4], by: u8) -> usize {
        let [left, top, right, bottom] = area;
        let places = (top..bottom).flat_map(|y| (left..right).map(move |x| (x.into(), y.into())));
        let differs = |&(x, y): &(f64, f64)| {
            let (one, other) = (self.at(x, y), other.at(x, y));
            one.iter().zip(other).any(|(one, other)| one.abs_diff(other) > by)
        };
        places.filter(differs).count()
    }

    /// Whether something dark is within three pixels of a place, as the middle of a stroke is.
    pub fn is_inked(&self, x: f64, y: f64) -> bool {
        let near = -3..=3;
        let mut places = near.clone().flat_map(|dx| near.clone().map(move |dy| (dx, dy)));
        places.any(|(dx, dy)| {
            let pixel = self.at(x + f64::from(dx), y + f64::from(dy));
            pixel.iter().all(|&channel| channel < 110)
        })
    }

    /// Whether the pixel has nearly this color.
    pub fn is_colored(&self, x: f64, y: f64, color: [u8; 3]) -> bool {
        self.at(x, y).iter().zip(color).all(|(&is, wanted)| is.abs_diff(wanted) <= 6)
    }
}
