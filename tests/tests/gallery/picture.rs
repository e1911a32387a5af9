//! Pictures as they are compared: by small squares, whose mean color hardly depends on how edges are smoothed.

/// Sides of the squares, in pixels.
const SQUARE: u32 = 4;
/// Mean colors that differ by more than this, of 255, are seen.
const SEEN: u32 = 28;

/// A picture without transparency.
pub(crate) struct Picture {
    width: u32,
    height: u32,
    /// Red, green and blue, row by row.
    pixels: Vec<u8>,
}

impl Picture {
    /// Reads a PNG file.
    pub(crate) fn decode(png: &[u8]) -> Self {
        let mut reader = png::Decoder::new(std::io::Cursor::new(png)).read_info().unwrap();
        let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
        let frame = reader.next_frame(&mut pixels).unwrap();
        let n_channels = frame.color_type.samples();
        let pixels = pixels.chunks(n_channels).flat_map(|pixel| &pixel[..3]).copied().collect();
        Self { width: frame.width, height: frame.height, pixels }
    }

    /// As a small PNG file, with 16 shades of each color.
    pub(crate) fn encode(&self) -> Vec<u8> {
        let coarse = |channel: &u8| (channel >> 4) * 17;
        let pixels: Vec<u8> = self.pixels.iter().map(coarse).collect();
        let mut file = Vec::new();
        let mut encoder = png::Encoder::new(&mut file, self.width, self.height);
        encoder.set_color(png::ColorType::Rgb);
        encoder.set_compression(png::Compression::High);
        encoder.set_filter(png::Filter::NoFilter);
        encoder.write_header().unwrap().write_image_data(&pixels).unwrap();
        file
    }

    /// How many squares of an area (left, top, right, bottom) look otherwise than in another picture.
    pub(crate) fn n_different_squares(&self, other: &Self, area: [u32; 4]) -> usize {
        let [left, top, right, bottom] = area;
        let rows = (top..bottom).step_by(SQUARE as usize);
        let squares =
            rows.flat_map(|y| (left..right).step_by(SQUARE as usize).map(move |x| (x, y)));
        let differs = |&(x, y): &(u32, u32)| {
            let (one, other) = (self.mean(x, y), other.mean(x, y));
            one.iter().zip(other).any(|(one, other)| one.abs_diff(other) > SEEN)
        };
        squares.filter(differs).count()
    }

    /// The box around what is not the color of the area's corner.
    pub(crate) fn painted_box(&self, area: [u32; 4]) -> [u32; 4] {
        let [left, top, right, bottom] = area;
        let ground = self.at(left, top);
        let places = (top..bottom).flat_map(|y| (left..right).map(move |x| (x, y)));
        let painted = places.filter(|&(x, y)| {
            self.at(x, y).iter().zip(ground).any(|(is, ground)| is.abs_diff(ground) > 60)
        });
        painted.fold([right, bottom, left, top], |[x0, y0, x1, y1], (x, y)| {
            [x0.min(x), y0.min(y), x1.max(x), y1.max(y)]
        })
    }

    /// The mean color of the square at a place.
    fn mean(&self, left: u32, top: u32) -> [u32; 3] {
        let mut sum = [0; 3];
        for (x, y) in (0..SQUARE).flat_map(|y| (0..SQUARE).map(move |x| (left + x, top + y))) {
            let pixel = self.at(x, y);
            sum.iter_mut().zip(pixel).for_each(|(sum, channel)| *sum += u32::from(channel));
        }
        sum.map(|sum| sum / (SQUARE * SQUARE))
    }

    fn at(&self, x: u32, y: u32) -> [u8; 3] {
        let (x, y) = (x.min(self.width - 1), y.min(self.height - 1));
        let start = (y * self.width + x) as usize * 3;
        self.pixels[start..start + 3].try_into().unwrap()
    }
}
