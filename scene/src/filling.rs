//! What is inside an outline: an even color, or lines that end at the outline, drawn by the same hand.

use kurbo::{Affine, BezPath, PathEl, Point};
use shared::color::Color;
use shared::element::{FillStyle, Style};

use crate::display::Item;
use crate::hand::Hand;
use crate::outline::pieces;

/// The slant of the lines, in radians: up to the right.
const SLANT: f64 = -49.0 * std::f64::consts::PI / 180.0;
/// From line to line, in widths of the outline.
const GAP: f64 = 4.0;
/// How thick the lines are, in widths of the outline.
const THICKNESS: f64 = 0.5;
/// Lines are further apart where there would be more of them than this.
const ROWS_MAX: f64 = 1000.0;
/// How far straight pieces may miss a curved outline, in board units.
const FLATNESS: f64 = 0.5;

/// The inside of `path`, whose ends are taken to meet.
pub(crate) fn fill(path: &BezPath, style: &Style, hand: Hand) -> Option<Item> {
    let Style { fill: color, fill_style, width, .. } = *style;
    if color.is_transparent() {
        return None;
    }
    if fill_style == FillStyle::Solid {
        let mut path = path.clone();
        if !matches!(path.elements().last(), Some(PathEl::ClosePath) | None) {
            path.close_path();
        }
        return Some(Item::Fill { path, color });
    }
    let gap = (width * GAP).max(0.1);
    let mut lines = BezPath::new();
    match fill_style {
        FillStyle::Solid => {}
        FillStyle::Hachure => hatch(path, SLANT, gap, hand.elsewhere(1), &mut lines),
        FillStyle::CrossHatch => {
            let other = SLANT + std::f64::consts::FRAC_PI_2;
            hatch(path, SLANT, gap, hand.elsewhere(1), &mut lines);
            hatch(path, other, gap, hand.elsewhere(2), &mut lines);
        }
        FillStyle::Zigzag => zigzag(path, gap, hand.elsewhere(1), &mut lines),
    }
    let width = width * THICKNESS;
    let is_visible = width > 0.0 && !lines.elements().is_empty();
    is_visible.then_some(Item::Hatch { path: lines, color, width })
}

/// The even color that lines look like from afar.
pub(crate) fn tint(style: &Style) -> Color {
    let cover = match style.fill_style {
        FillStyle::Solid => 1.0,
        FillStyle::Hachure => 0.2,
        FillStyle::Zigzag => 0.35,
        FillStyle::CrossHatch => 0.36,
    };
    Color { a: (f64::from(style.fill.a) * cover).round() as u8, ..style.fill }
}

/// Whether lines are seen as such where a pixel is so many board units wide.
pub(crate) fn has_lines(style: &Style, pixel: f64) -> bool {
    style.fill_style != FillStyle::Solid
        && !style.fill.is_transparent()
        && style.width * GAP > 2.5 * pixel
}

/// Parallel lines.
fn hatch(path: &BezPath, slant: f64, gap: f64, hand: Hand, lines: &mut BezPath) {
    let rows = Rows::of(path, slant, gap);
    for (n, row) in rows.crossed.iter().enumerate() {
        for run in row.as_chunks::<2>().0 {
            let [from, to] = run.map(|x| rows.place(n, x));
            hand.straight(from, to, n as u32, lines);
        }
    }
}

/// One line back and forth, from each row's right end to the next one's left end.
fn zigzag(path: &BezPath, gap: f64, hand: Hand, lines: &mut BezPath) {
    let rows = Rows::of(path, SLANT, gap / 2.0);
    for (n, pair) in rows.crossed.windows(2).enumerate() {
        // Which end of a row is taken: the right ones of even rows, the left ones of odd rows.
        let (above, below) = (n % 2, (n + 1) % 2);
        let runs = pair[0].as_chunks::<2>().0.iter().zip(pair[1].as_chunks::<2>().0);
        for (from, to) in runs {
            let (from, to) = (rows.place(n, from[1 - above]), rows.place(n + 1, to[1 - below]));
            hand.straight(from, to, n as u32, lines);
        }
    }
}

/// Where slanted rows cross an outline.
struct Rows {
    slant: f64,
    gap: f64,
    /// How many rows the first one is from the origin.
    first: f64,
    /// For each row the places along it, from left to right, in pairs.
    crossed: Vec<Vec<f64>>,
}

impl Rows {
    fn of(path: &BezPath, slant: f64, gap: f64) -> Self {
        let upright = Affine::rotate(-slant);
        let pieces = pieces(path, FLATNESS);
        // What is left open is closed.
        let closing = pieces.first().zip(pieces.last()).map(|(first, last)| (last.1, first.0));
        let sides = pieces.iter().chain(&closing).map(|(a, b)| (upright * *a, upright * *b));
        let sides: Vec<_> = sides.collect();
        let heights = || sides.iter().flat_map(|(a, b)| [a.y, b.y]);
        let (least, most) =
            (heights().fold(f64::MAX, f64::min), heights().fold(f64::MIN, f64::max));
        let gap = gap.max((most - least) / ROWS_MAX);
        let row = |y: f64| (y / gap).ceil();
        let first = row(least);
        let mut crossed: Vec<Vec<f64>> = vec![Vec::new(); (row(most) - first).max(0.0) as usize];
        for (a, b) in sides {
            let (top, low) = if a.y < b.y { (a, b) } else { (b, a) };
            let n_before = |y: f64| (row(y) - first) as usize;
            let rows = crossed.iter_mut().enumerate().take(n_before(low.y)).skip(n_before(top.y));
            for (n, row) in rows {
                let part = ((n as f64 + first) * gap - top.y) / (low.y - top.y);
                let x = top.x + (low.x - top.x) * part;
                row.insert(row.partition_point(|other| *other < x), x);
            }
        }
        Self { slant, gap, first, crossed }
    }

    /// A place along a row.
    fn place(&self, n: usize, x: f64) -> Point {
        Affine::rotate(self.slant) * Point::new(x, (n as f64 + self.first) * self.gap)
    }
}
