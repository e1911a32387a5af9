//! People's cursors, and their names on what they write. Each is painted once, and its picture is put where it is:
//! paths and letters of fifty people would cost more than all that they draw. Names keep away from the edges of the
//! screen and from what lies along them.

use shared::color::Color;
use shared::geometry::{BoardPoint, Bounds};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{CanvasRenderingContext2d, ImageBitmap, OffscreenCanvas};

use editor::ScreenPoint;

/// Somebody's cursor.
pub(crate) struct Cursor<'a> {
    pub(crate) at: BoardPoint,
    pub(crate) name: &'a str,
    pub(crate) color: Color,
    /// 1, less for somebody who has been still for long.
    pub(crate) opacity: f64,
}

/// A cursor's picture reaches at most so far to the right and down, in CSS pixels.
const REACH: (f64, f64) = (168.0, 38.0);
/// And so far to the left and up, because of its edge.
const EDGE: f64 = 3.0;
/// The height of a name in CSS pixels.
pub(super) const TAG_HEIGHT: f64 = 20.0;
/// From the tip of a cursor to its name, to the right and down.
const BESIDE: (f64, f64) = (11.0, 15.0);
/// A picture is so much wider than the name's pill, because of the place for a cursor.
const SPARE: f64 = EDGE + 12.0;
/// What is kept free beside names, in CSS pixels.
const MARGIN: f64 = 4.0;
/// From the edge of the screen to the middle of what points beyond it.
const INSET: f64 = 14.0;
pub(super) const LABEL_FONT: &str =
    "600 12px system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif";
const LABEL_INK: &str = "#060606";
const LABEL_MAX: f64 = 140.0;
/// More pictures than this are not kept.
const KEPT_MAX: usize = 256;

/// The pictures of cursors.
#[derive(Default)]
pub(super) struct Cursors {
    kept: Vec<Kept>,
    /// The screen's own pixels for each CSS pixel.
    ratio: f64,
}

struct Kept {
    name: String,
    color: Color,
    what: What,
    picture: ImageBitmap,
    /// How wide and high it is in CSS pixels.
    size: (f64, f64),
}

/// What a picture shows.
#[derive(Clone, Copy, PartialEq)]
enum What {
    /// An arrow and a name beside it.
    Cursor,
    /// The arrow alone.
    Arrow,
    /// The name alone.
    Tag,
}

impl Cursors {
    /// From here on, the screen has so many pixels of its own for each CSS pixel.
    pub(super) fn look_at_screen(&mut self, ratio: f64) {
        if self.ratio != ratio {
            (self.kept, self.ratio) = (Vec::new(), ratio);
        }
    }

    /// Paints a cursor at its place in CSS pixels on a screen of which so much is free of panels. If its name would be cut
    /// off or covered below the tip, it is where it is seen.
    pub(super) fn paint(
        &mut self,
        context: &CanvasRenderingContext2d,
        cursor: &Cursor<'_>,
        tip: ScreenPoint,
        seen: Bounds,
    ) {
        context.set_global_alpha(cursor.opacity);
        let (name, color) = (cursor.name, cursor.color);
        let below = ScreenPoint::new(tip.x + BESIDE.0, tip.y + BESIDE.1);
        let above = ScreenPoint::new(below.x, tip.y - TAG_HEIGHT - MARGIN);
        let length = self.length_of(What::Cursor, name, color);
        let place = free([below, above], length, seen);
        if place == below {
            self.put(context, What::Cursor, name, color, tip);
        } else {
            self.put(context, What::Arrow, name, color, tip);
            self.put(context, What::Tag, name, color, place);
        }
        context.set_global_alpha(1.0);
    }

    /// Paints somebody's name with its upper left corner at the first of two places, in CSS pixels on a screen of which so
    /// much is free of panels, or at the second if there it would be cut off or covered.
    pub(super) fn paint_tag(
        &mut self,
        context: &CanvasRenderingContext2d,
        (name, color): (&str, Color),
        corners: [ScreenPoint; 2],
        seen: Bounds,
    ) {
        let length = self.length_of(What::Tag, name, color);
        self.put(context, What::Tag, name, color, free(corners, length, seen));
    }

    /// The length of a name's pill in CSS pixels.
    fn length_of(&mut self, what: What, name: &str, color: Color) -> f64 {
        self.picture_of(what, name, color).map_or(0.0, |it| it.size.0 - SPARE)
    }

    fn picture_of(&mut self, what: What, name: &str, color: Color) -> Option<&Kept> {
        let is_it = |kept: &Kept| kept.color == color && kept.name == name && kept.what == what;
        let known = self.kept.iter().position(is_it).or_else(|| {
            if self.kept.len() > KEPT_MAX {
                self.kept.clear();
            }
            let picture = picture(what, name, color, self.ratio)?;
            let side = |pixels: u32| f64::from(pixels) / self.ratio;
            let size = (side(picture.width()), side(picture.height()));
            self.kept.push(Kept { name: name.into(), color, what, picture, size });
            Some(self.kept.len() - 1)
        });
        self.kept.get(known?)
    }

    /// Whole pixels of the screen keep it sharp.
    fn put(
        &mut self,
        context: &CanvasRenderingContext2d,
        what: What,
        name: &str,
        color: Color,
        at: ScreenPoint,
    ) {
        let ratio = self.ratio;
        let Some(Kept { picture, size: (width, height), .. }) = self.picture_of(what, name, color)
        else {
            return;
        };
        let place = |at: f64| ((at - EDGE) * ratio).round() / ratio;
        let painted = context.draw_image_with_image_bitmap_and_dw_and_dh(
            picture,
            place(at.x),
            place(at.y),
            *width,
            *height,
        );
        painted.ok();
    }
}

/// Says at the edge of what no panel covers where somebody's cursor is beyond the screen, unless they have been still
/// for long.
pub(super) fn paint_hint(
    context: &CanvasRenderingContext2d,
    cursor: &Cursor<'_>,
    tip: ScreenPoint,
    free: Bounds,
) {
    if cursor.opacity < 1.0 {
        return;
    }
    let (half_w, half_h) = (free.width() / 2.0 - INSET, free.height() / 2.0 - INSET);
    let BoardPoint { x, y } = free.center();
    let (dx, dy) = (tip.x - x, tip.y - y);
    let part = (half_w / dx.abs()).min(half_h / dy.abs());
    context.save();
    context.translate(x + dx * part, y + dy * part).ok();
    context.rotate(dy.atan2(dx)).ok();
    context.begin_path();
    for (x, y) in [(7.0, 0.0), (-5.0, 6.0), (-2.0, 0.0), (-5.0, -6.0)] {
        context.line_to(x, y);
    }
    context.close_path();
    outlined(context, &cursor.color.to_string());
    context.restore();
}

/// Fills the path, with a white edge by which it is seen on everything.
fn outlined(context: &CanvasRenderingContext2d, color: &str) {
    context.set_line_join("round");
    context.set_stroke_style_str("#ffffff");
    context.set_line_width(3.0);
    context.stroke();
    context.set_stroke_style_str(color);
    context.set_line_width(1.2);
    context.stroke();
    context.set_fill_style_str(color);
    context.fill();
}

/// The first of two places where a name of this length is neither cut off nor covered, up or down; if there is none, the
/// first moved to where it is seen.
fn free(places: [ScreenPoint; 2], length: f64, seen: Bounds) -> ScreenPoint {
    let last = (seen.y1 - MARGIN - TAG_HEIGHT).max(seen.y0);
    let is_free = |at: &&ScreenPoint| (seen.y0..=last).contains(&at.y);
    let at = places.iter().find(is_free).unwrap_or(&places[0]);
    let furthest = (seen.x1 - MARGIN - length).max(MARGIN);
    ScreenPoint::new(at.x.clamp(MARGIN, furthest), at.y.clamp(seen.y0, last))
}

/// The name in a pill; beside an arrow if it is a cursor.
fn picture(what: What, name: &str, color: Color, ratio: f64) -> Option<ImageBitmap> {
    let pixels = |length: f64| (length * ratio).ceil() as u32;
    let (width, height) = (pixels(REACH.0 + EDGE), pixels(REACH.1 + EDGE));
    let canvas = OffscreenCanvas::new(width, height).ok()?;
    let context: JsValue = canvas.get_context("2d").ok().flatten()?.into();
    // The browser's name for it is another one, and its methods are the same.
    let context: CanvasRenderingContext2d = context.unchecked_into();
    context.set_font(LABEL_FONT);
    let (name, length) = shortened(&context, name);
    canvas.set_width(pixels(EDGE + length + 26.0));
    context.set_transform(ratio, 0.0, 0.0, ratio, EDGE * ratio, EDGE * ratio).ok()?;
    let color = color.to_string();
    context.set_fill_style_str(&color);
    if what != What::Tag {
        context.begin_path();
        for (x, y) in [(0.0, 0.0), (4.6, 15.6), (7.8, 9.4), (14.4, 7.6)] {
            context.line_to(x, y);
        }
        context.close_path();
        outlined(&context, &color);
        context.translate(BESIDE.0, BESIDE.1).ok()?;
    }
    if what == What::Arrow {
        return canvas.transfer_to_image_bitmap().ok();
    }
    context.set_font(LABEL_FONT);
    context.set_text_baseline("middle");
    context.begin_path();
    context.round_rect_with_f64(0.0, 0.0, length + 14.0, TAG_HEIGHT, TAG_HEIGHT / 2.0).ok()?;
    context.fill();
    context.set_fill_style_str(LABEL_INK);
    context.fill_text(&name, 7.0, 10.5).ok()?;
    canvas.transfer_to_image_bitmap().ok()
}

/// A name that fits the pill, cut with an ellipsis if it has to be, and how long it is.
fn shortened(context: &CanvasRenderingContext2d, name: &str) -> (String, f64) {
    let measure = |text: &str| context.measure_text(text).map_or(0.0, |metrics| metrics.width());
    let mut short = name.to_owned();
    let mut letters: Vec<char> = name.chars().collect();
    while measure(&short) > LABEL_MAX && letters.pop().is_some() {
        short = format!("{}…", letters.iter().collect::<String>().trim_end());
    }
    let length = measure(&short);
    (short, length)
}
