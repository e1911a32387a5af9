//! Sticky notes: a sheet of its fill's color with a soft edge below.

use kurbo::BezPath;
use shared::color::Color;
use shared::element::Style;
use shared::geometry::Geometry;

use crate::display::Item;

/// The sheet's color if the style has none.
const YELLOW: Color = Color::rgb(0xffec99);
/// Of the shadow: in the middle between light and dark, for boards of both.
const SHADOW: Color = Color { r: 128, g: 128, b: 128, a: 22 };
/// How far the shadow's layers reach beyond the sheet's sides and below it, in board units. There are a
/// few layers because blurring costs more than all else on a board.
const LAYERS: [(f64, f64); 5] = [(1.0, 1.0), (0.5, 2.0), (0.0, 3.0), (-1.5, 4.5), (-3.0, 6.0)];

/// A sheet of this size around (0, 0).
pub(crate) fn items(style: &Style, geometry: Geometry) -> Vec<Item> {
    let (x, y) = (geometry.w / 2.0, geometry.h / 2.0);
    let sheet = |aside: f64, below: f64, color| {
        let (left, right, bottom) = (-x - aside, x + aside, y + below);
        let mut path = BezPath::new();
        path.move_to((left, -y));
        path.line_to((right, -y));
        path.line_to((right, bottom));
        path.line_to((left, bottom));
        path.close_path();
        Item::Fill { path, color }
    };
    let mut items: Vec<_> =
        LAYERS.into_iter().map(|(aside, below)| sheet(aside, below, SHADOW)).collect();
    items.push(sheet(0.0, 0.0, color(style)));
    items
}

/// What color its sheet has.
pub(crate) fn color(style: &Style) -> Color {
    if style.fill.is_transparent() { YELLOW } else { style.fill }
}

/// How far above its box a frame's name may stand, in board units: it is written at the same size on the
/// screen however far away the frame is.
pub const FRAME_REACH: f64 = 240.0;
