//! Sketches turned into pixels. A browser has to be told of each in many calls and makes each a path of its own, which
//! costs a hundred times what the few pixels do that it covers.
//!
//! Thin lines are rows of dots, each spread over four pixels; of areas it is summed up along each row of pixels what
//! their edges cover. Both are as smooth as what a browser paints.

use shared::color::Color;
use shared::geometry::BoardPoint;

use super::Sketch;

/// The ends and corners of lines broader than this many pixels are seen.
const BROAD: f64 = 2.0;
/// Sides of the squares of which it is known whether anything is painted there, in pixels.
const CELL: usize = 16;
/// A pixel that is covered once.
const WHOLE: f64 = 4096.0;
/// Places are counted in so many steps within a pixel.
const STEPS: f64 = 65_536.0;
/// Rows of cells that are taken at once, at most.
const ROWS_AT_ONCE: usize = 4;

/// A square of pixels that sketches are painted on.
pub struct Raster {
    side: usize,
    /// Red, green, blue and opacity from the lowest byte up, the colors times the opacity.
    pixels: Vec<u32>,
    /// How much of each pixel the line covers that is being painted, of [`WHOLE`], and where that is more than nothing.
    cover: Vec<u16>,
    covered: Vec<u32>,
    /// What the edges of an area change about how much is covered, from each pixel on to the right.
    edges: Vec<f32>,
    /// For each row of cells, a bit for each with something on it.
    cells: Vec<u64>,
    taken: Vec<u8>,
}

/// How the board lies on a raster.
#[derive(Clone, Copy)]
pub struct Lie {
    /// Pixels for each board unit.
    pub scale: f64,
    /// Where the board's origin is: pixels to the right, and down.
    pub origin: (f64, f64),
}

impl Lie {
    #[inline(always)]
    fn place(self, at: BoardPoint) -> (f64, f64) {
        (at.x * self.scale + self.origin.0, at.y * self.scale + self.origin.1)
    }
}

/// A color with the opacity of all that is painted with it.
#[derive(Clone, Copy)]
struct Ink {
    /// Red and blue, each in the lower half of two bytes; and green, with what is opaque.
    red_blue: u32,
    green_opaque: u32,
    /// Of 256.
    opacity: f32,
}

impl Ink {
    fn new(Color { r, g, b, a }: Color, opacity: f64) -> Self {
        Self {
            red_blue: u32::from(r) | (u32::from(b) << 16),
            green_opaque: u32::from(g) | (255 << 16),
            opacity: (opacity * f64::from(a) / 255.0 * 256.0) as f32,
        }
    }

    /// Over a pixel, with a part of 256.
    #[inline(always)]
    fn over(self, pixel: &mut u32, part: u32) {
        let left = 256 - part;
        let halves = 0x00ff_00ff;
        let mix =
            |above: u32, below: u32| ((above * part + below * left + 0x0080_0080) >> 8) & halves;
        let (red_blue, green_opaque) = (*pixel & halves, (*pixel >> 8) & halves);
        *pixel = mix(self.red_blue, red_blue) | (mix(self.green_opaque, green_opaque) << 8);
    }
}

impl Raster {
    /// An empty one of so many pixels across and down, at most 1024.
    pub fn new(side: u32) -> Self {
        let side = side as usize;
        Self {
            side,
            pixels: vec![0; side * side],
            cover: vec![0; side * side],
            covered: Vec::new(),
            edges: Vec::new(),
            cells: vec![0; side.div_ceil(CELL)],
            taken: Vec::new(),
        }
    }

    /// Paints a sketch in the colors that `seen_as` makes of its own, with lines at least so many pixels thick.
    /// Whether it could.
    pub fn paint(
        &mut self,
        sketch: &Sketch,
        lie: Lie,
        (opacity, thinnest): (f64, f64),
        mut seen_as: impl FnMut(Color) -> Color,
    ) -> bool {
        let mut ink = |color: Color| Ink::new(seen_as(color), opacity);
        match sketch {
            Sketch::Bars(bars, fill) => {
                for bar in bars {
                    let (x0, y0) = lie.place(BoardPoint::new(bar.x0, bar.y0));
                    let (x1, y1) = lie.place(BoardPoint::new(bar.x1, bar.y1));
                    self.paint_area(&[(x0, y0), (x1, y0), (x1, y1), (x0, y1)], ink(*fill));
                }
            }
            Sketch::Lines(lines, color, width) => {
                let width = (width * lie.scale).max(thinnest);
                if width > BROAD {
                    return false;
                }
                lines.iter().for_each(|line| self.cover_line(line, lie, width));
                self.paint_covered(ink(*color));
            }
            Sketch::Area { edge, fill, stroke, width } => {
                let width = width * lie.scale;
                if width > BROAD && !stroke.is_transparent() {
                    return false;
                }
                if !fill.is_transparent() {
                    let edge: Vec<_> = edge.iter().map(|&at| lie.place(at)).collect();
                    self.paint_area(&edge, ink(*fill));
                }
                if !stroke.is_transparent() {
                    self.cover_line(edge, lie, width);
                    self.paint_covered(ink(*stroke));
                }
            }
        }
        true
    }

    /// What is painted within left, top, right and bottom, or a part of that: left, top, width and height, and red,
    /// green, blue and opacity of each pixel, row by row. It is empty then. `None` if nothing is painted there.
    pub fn take(&mut self, [left, top, right, bottom]: [f64; 4]) -> Option<([u32; 4], &[u8])> {
        let cell = |at: f64| (at.max(0.0) as usize / CELL).min(self.cells.len());
        let end = |at: f64| if at > 0.0 { (cell(at) + 1).min(self.cells.len()) } else { 0 };
        let columns = bits(cell(left), end(right));
        let mut rows = cell(top)..end(bottom);
        let first = rows.find(|&row| self.cells[row] & columns != 0)?;
        let last = (first + ROWS_AT_ONCE).min(rows.end);
        let within = self.cells[first..last].iter().fold(0, |all, row| all | row) & columns;
        let (low, high) = (within.trailing_zeros() as usize, 64 - within.leading_zeros() as usize);
        let whole = bits(low, high);
        self.cells[first..last].iter_mut().for_each(|row| *row &= !whole);
        let [x0, y0] = [low, first].map(|cell| cell * CELL);
        let [x1, y1] = [high, last].map(|cell| (cell * CELL).min(self.side));
        self.taken.clear();
        self.taken.resize(4 * (x1 - x0) * (y1 - y0), 0);
        let mut taken = self.taken.as_chunks_mut::<4>().0.iter_mut();
        for row in y0..y1 {
            let row = &mut self.pixels[row * self.side + x0..row * self.side + x1];
            for (pixel, taken) in row.iter_mut().zip(&mut taken) {
                if *pixel != 0 {
                    *taken = straight(*pixel);
                    *pixel = 0;
                }
            }
        }
        let part = [x0, y0, x1 - x0, y1 - y0];
        Some((part.map(|length| length as u32), &self.taken))
    }

    /// Covers a line of so many pixels.
    fn cover_line(&mut self, line: &[BoardPoint], lie: Lie, width: f64) {
        let [first, rest @ ..] = line else { return };
        // Above one pixel it is two rows of dots, side by side.
        let (apart, share) = if width > 1.0 { (0.5 * (width - 1.0), 0.5) } else { (0.0, 1.0) };
        let end = self.side as f64 - 2.0;
        let mut at = lie.place(*first);
        for &next in rest {
            let to = lie.place(next);
            let from = std::mem::replace(&mut at, to);
            let is_in = |at: f64| at > 2.0 && at < end;
            let is_within = is_in(from.0) && is_in(from.1) && is_in(to.0) && is_in(to.1);
            let (from, to) = if is_within {
                (from, to)
            } else if let Some(clipped) = clipped(from, to, -2.0, end + 4.0) {
                clipped
            } else {
                continue;
            };
            let (dx, dy) = (to.0 - from.0, to.1 - from.1);
            let length = (dx * dx + dy * dy).sqrt();
            let n_dots = length.ceil();
            let ink = (width * share * length / n_dots * WHOLE) as u32;
            let steps = |length: f64| (length * STEPS) as i32;
            let (step_x, step_y) = (dx / n_dots, dy / n_dots);
            let (across, down) = (-dy / length * apart, dx / length * apart);
            // From the middle of the first pixel on.
            let (x, y) = (from.0 + step_x / 2.0 - 0.5, from.1 + step_y / 2.0 - 0.5);
            let (step_x, step_y) = (steps(step_x), steps(step_y));
            let rows: &[f64] = if apart > 0.0 { &[1.0, -1.0] } else { &[0.0] };
            for side in rows {
                let (mut x, mut y) = (steps(x + across * side), steps(y + down * side));
                for _ in 0..n_dots as u32 {
                    self.dot(x, y, ink, is_within);
                    (x, y) = (x + step_x, y + step_y);
                }
            }
        }
    }

    /// Spreads ink over the four pixels around a place.
    #[inline(always)]
    fn dot(&mut self, x: i32, y: i32, ink: u32, is_within: bool) {
        let (column, row) = (x >> 16, y >> 16);
        let part = |at: i32| ((at >> 8) & 0xff) as u32;
        let (right, down) = (part(x), part(y));
        let (upper, lower) = ((ink * (256 - down)) >> 8, (ink * down) >> 8);
        let left = 256 - right;
        self.add(column, row, (upper * left) >> 8, is_within);
        self.add(column + 1, row, (upper * right) >> 8, is_within);
        self.add(column, row + 1, (lower * left) >> 8, is_within);
        self.add(column + 1, row + 1, (lower * right) >> 8, is_within);
    }

    #[inline(always)]
    fn add(&mut self, column: i32, row: i32, ink: u32, is_within: bool) {
        let side = self.side as u32;
        if !is_within && (column as u32 >= side || row as u32 >= side) {
            return;
        }
        let at = row as usize * self.side + column as usize;
        if let Some(cover) = self.cover.get_mut(at) {
            if *cover == 0 {
                self.covered.push(((row as u32) << 16) | column as u32);
            }
            *cover = cover.saturating_add(ink as u16);
        }
    }

    /// Paints what lines cover.
    fn paint_covered(&mut self, ink: Ink) {
        let share = (ink.opacity * 256.0) as u32;
        let whole = WHOLE as u32;
        for &place in &self.covered {
            let (column, row) = ((place & 0xffff) as usize, (place >> 16) as usize);
            let at = row * self.side + column;
            let cover = u32::from(std::mem::take(&mut self.cover[at])).min(whole);
            ink.over(&mut self.pixels[at], (cover * share + (1 << 19)) >> 20);
            self.cells[row / CELL] |= 1 << (column / CELL);
        }
        self.covered.clear();
    }

    /// Paints an area whose edge goes through these places and back to the first.
    fn paint_area(&mut self, edge: &[(f64, f64)], ink: Ink) {
        let side = self.side as f64;
        let inside = |at: f64| least(most(at, 0.0), side);
        let mut low = (side, side);
        let mut high = (0.0_f64, 0.0_f64);
        for &(x, y) in edge {
            let (x, y) = (inside(x), inside(y));
            low = (least(low.0, x), least(low.1, y));
            high = (most(high.0, x), most(high.1, y));
        }
        let (left, top) = (low.0.floor(), low.1.floor());
        let (width, height) = ((high.0.ceil() - left) as usize, (high.1.ceil() - top) as usize);
        if width == 0 || height == 0 {
            return;
        }
        // One more in each row: what begins at the right edge.
        let stride = width + 1;
        self.edges.clear();
        self.edges.resize(stride * height, 0.0);
        let mut from = edge.last().copied().unwrap_or_default();
        for &to in edge {
            let within = |(x, y): (f64, f64)| (x - left, y - top);
            cover_right_of(&mut self.edges, (width, height), within(from), within(to));
            from = to;
        }
        let (left, top) = (left as usize, top as usize);
        let columns = bits(left / CELL, (left + width).div_ceil(CELL));
        let rows = top / CELL..(top + height).div_ceil(CELL);
        self.cells[rows].iter_mut().for_each(|row| *row |= columns);
        let opacity = (ink.opacity + 0.5) as u32;
        for (row, edges) in self.edges.chunks_exact(stride).enumerate() {
            let begin = (top + row) * self.side + left;
            let mut cover = 0.0_f32;
            for (pixel, change) in self.pixels[begin..begin + width].iter_mut().zip(edges) {
                cover += change;
                let part = ((ink.opacity * cover.abs() + 0.5) as u32).min(opacity);
                if part != 0 {
                    ink.over(pixel, part);
                }
            }
        }
    }
}

// The numbers' own have to look for what is no number, and are calls.
#[inline(always)]
fn least(a: f64, b: f64) -> f64 {
    if a < b { a } else { b }
}

#[inline(always)]
fn most(a: f64, b: f64) -> f64 {
    if a > b { a } else { b }
}

/// From one number up to before another, as bits.
fn bits(from: usize, to: usize) -> u64 {
    let below = |n: usize| if n >= 64 { u64::MAX } else { (1 << n) - 1 };
    below(to) & !below(from)
}

/// Colors that are not times the opacity, as browsers are given them.
#[inline(always)]
fn straight(pixel: u32) -> [u8; 4] {
    let [r, g, b, a] = pixel.to_le_bytes();
    if a == u8::MAX {
        return [r, g, b, a];
    }
    let opacity = u32::from(a);
    let whole =
        |channel: u8| ((u32::from(channel) * 255 + opacity / 2) / opacity.max(1)).min(255) as u8;
    [whole(r), whole(g), whole(b), a]
}

/// What of a line lies between `low` and `high`, across and down.
fn clipped(
    from: (f64, f64),
    to: (f64, f64),
    low: f64,
    high: f64,
) -> Option<((f64, f64), (f64, f64))> {
    let (mut begin, mut end) = (0.0_f64, 1.0_f64);
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    for (at, way) in [(from.0, dx), (from.1, dy)] {
        let (enters, leaves) = ((low - at) / way, (high - at) / way);
        if way == 0.0 {
            if !(low..=high).contains(&at) {
                return None;
            }
            continue;
        }
        begin = most(begin, least(enters, leaves));
        end = least(end, most(enters, leaves));
    }
    let at = |part: f64| (from.0 + dx * part, from.1 + dy * part);
    // Not if it has no length, or if a number is none.
    (end > begin && (dx != 0.0 || dy != 0.0)).then(|| (at(begin), at(end)))
}

/// Adds what an edge from one place to another makes of the pixels to its right, in rows of `width + 1`: covered if it
/// goes down, as often not covered if it goes up.
fn cover_right_of(
    rows: &mut [f32],
    (width, height): (usize, usize),
    from: (f64, f64),
    to: (f64, f64),
) {
    let (way, upper, lower) = if from.1 < to.1 { (1.0, from, to) } else { (-1.0, to, from) };
    let slope = (lower.0 - upper.0) / (lower.1 - upper.1);
    let (begin, end) = (most(upper.1, 0.0), least(lower.1, height as f64));
    if begin >= end {
        return;
    }
    for row in begin as usize..(end.ceil() as usize).min(height) {
        let (y0, y1) = (most(begin, row as f64), least(end, (row + 1) as f64));
        let x_at = |y: f64| upper.0 + (y - upper.1) * slope;
        let (xa, xb) = (x_at(y0), x_at(y1));
        let (x0, x1) = (least(xa, xb), most(xa, xb));
        if x0 >= width as f64 {
            continue;
        }
        let change = way * (y1 - y0);
        let row = &mut rows[row * (width + 1)..(row + 1) * (width + 1)];
        // What is further left covers the first pixel like all the others.
        let (first, last) = (x0 as usize, (x1 as usize).min(width - 1));
        if x1 - x0 < 1e-9 {
            let inside = (x0 - first as f64).clamp(0.0, 1.0);
            row[first] += (change * (1.0 - inside)) as f32;
            row[first + 1] += (change * inside) as f32;
            continue;
        }
        // A slanting edge: what it covers of each pixel that it passes, and what is new about that.
        let per_pixel = change / (x1 - x0);
        let mut before = 0.0;
        for (column, cover) in row.iter_mut().enumerate().take(last + 1).skip(first) {
            let enters = least(most(column as f64, x0), x1);
            let leaves = least((column + 1) as f64, x1);
            let (passed, here) = (enters - x0, leaves - enters);
            let middle = (enters + leaves) / 2.0 - column as f64;
            let covered = per_pixel * (passed + here * (1.0 - middle));
            *cover += (covered - before) as f32;
            before = covered;
        }
        row[last + 1] += (change - before) as f32;
    }
}

#[cfg(test)]
mod tests;
