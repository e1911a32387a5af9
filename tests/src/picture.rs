//! Pictures that pages bring to a board.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// The left half of [`two_colors`].
pub const LEFT: [u8; 3] = [200, 60, 40];
/// The right half.
pub const RIGHT: [u8; 3] = [30, 90, 210];

/// A PNG of two colors, of so many pixels.
pub fn two_colors(width: u32, height: u32) -> Vec<u8> {
    let half = width as usize / 2;
    let row = [LEFT.repeat(half), RIGHT.repeat(half)].concat();
    png_of((width, height), &row.repeat(height as usize))
}

/// The PNG of so many pixels, each of three bytes: red, green and blue.
pub fn png_of((width, height): (u32, u32), pixels: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, width, height);
    encoder.set_color(png::ColorType::Rgb);
    let mut writer = encoder.write_header().unwrap();
    writer.write_image_data(pixels).unwrap();
    writer.finish().unwrap();
    bytes
}

/// A PNG as drawings hold it.
pub fn data_url(png: &[u8]) -> String {
    format!("data:image/png;base64,{}", STANDARD.encode(png))
}
