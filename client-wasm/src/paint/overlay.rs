//! What lies over the board, in CSS pixels: selections, the marquee, people's cursors.

use editor::{
    Camera, Covered, Draft, Grip, Guide, PointHandle, Preview, ScreenPoint, TrailPiece, UNLOCK,
};
use shared::board::Board;
use shared::color::Color;
use shared::element::{Element, Shape};
use shared::geometry::{BoardPoint, Bounds, Geometry};
use shared::id::ElementId;
use web_sys::CanvasRenderingContext2d;

use super::cursors::{self, Cursor, Cursors, TAG_HEIGHT};
use crate::shown::Theme;

/// All that lies over the board in one frame.
pub(crate) struct Overlay<'a> {
    /// The board, for the places of selected elements.
    pub(crate) board: &'a Board,
    /// One's own gesture and those of the others.
    pub(crate) preview: &'a Preview,
    /// The chosen elements.
    pub(crate) selection: Vec<&'a ElementId>,
    /// The boxes around several of them, and around the group that one is inside of.
    pub(crate) frames: Vec<Geometry>,
    /// The box that is choosing.
    pub(crate) marquee: Option<Bounds>,
    /// The loop that is choosing.
    pub(crate) lasso: &'a [BoardPoint],
    /// What the gesture in progress snapped to.
    pub(crate) guides: &'a [Guide],
    /// Where the handles of the chosen elements' frame are.
    pub(crate) handles: Vec<(Grip, BoardPoint)>,
    /// Where the part of a picture is that is being cut.
    pub(crate) crop: Option<Geometry>,
    /// The handles on the points of the chosen line.
    pub(crate) points: Vec<(PointHandle, BoardPoint)>,
    /// Where the button is that unlocks what is chosen, if that is locked.
    pub(crate) unlock: Option<ScreenPoint>,
    /// The laser's trails: pieces with their colors, each point with how much of it is left, 0 to 1.
    pub(crate) trails: Vec<(Color, TrailPiece)>,
    /// What others chose, and what they write on.
    pub(crate) others: Vec<Chosen<'a>>,
    /// Where the eyedropper is, and the color that it would take as CSS writes it, if any.
    pub(crate) picked: Option<(ScreenPoint, Option<String>)>,
    /// Others' cursors.
    pub(crate) cursors: Vec<Cursor<'a>>,
    /// What panels cover of all this.
    pub(crate) covered: Covered,
}

/// What somebody else chose.
pub(crate) struct Chosen<'a> {
    pub(crate) color: Color,
    pub(crate) ids: &'a [ElementId],
    /// Their name, while they write on it.
    pub(crate) writer: Option<&'a str>,
}

const MARGIN: f64 = 5.0;

impl Overlay<'_> {
    /// Whether nothing lies over the board.
    pub(super) fn is_empty(&self) -> bool {
        self.preview.drafts.is_empty()
            && self.selection.is_empty()
            && self.marquee.is_none()
            && self.lasso.is_empty()
            && self.guides.is_empty()
            && self.handles.is_empty()
            && self.crop.is_none()
            && self.points.is_empty()
            && self.trails.is_empty()
            && self.others.iter().all(|it| it.ids.is_empty())
            && self.picked.is_none()
            && self.cursors.is_empty()
    }

    pub(super) fn drafts(&self) -> impl Iterator<Item = &Draft> {
        self.preview.drafts.iter()
    }

    // Of its own, as all that a page does not need to open: browsers compile a function as a whole.
    #[inline(never)]
    pub(super) fn paint(
        &self,
        context: &CanvasRenderingContext2d,
        camera: &Camera,
        theme: Theme,
        cursors: &mut Cursors,
    ) {
        let free = camera.free(self.covered);
        for Chosen { color, ids, writer } in &self.others {
            for element in ids.iter().filter_map(|id| self.board.element(id)) {
                let place = self.preview.seen_at(element);
                outline(context, place, beside(element, MARGIN), camera, &color.to_string());
                let Some(name) = writer else { continue };
                context.set_line_width(2.0);
                context.stroke();
                let around = place.turned_bounds();
                if !camera.view().intersects(around) {
                    continue;
                }
                let corner = |y| camera.to_screen(BoardPoint::new(around.x0, y));
                let moved = |at: ScreenPoint, by| ScreenPoint::new(at.x - MARGIN, at.y + by);
                let above = moved(corner(around.y0), -MARGIN - TAG_HEIGHT);
                let below = moved(corner(around.y1), MARGIN);
                cursors.paint_tag(context, (name, *color), [above, below], free);
            }
        }
        let accent = accent(theme);
        // Of several, each has a thin line close to it, and all have a frame.
        let margin = if self.selection.len() > 1 { 1.0 } else { MARGIN };
        for element in self.selection.iter().filter_map(|id| self.board.element(id)) {
            // A line with handles on its points needs no box.
            if self.crop.is_none() && (self.points.is_empty() || !self.handles.is_empty()) {
                outline(
                    context,
                    self.preview.seen_at(element),
                    beside(element, margin),
                    camera,
                    accent,
                );
            }
        }
        let dashes = js_sys::Array::of2(&4.0.into(), &3.0.into());
        context.set_line_dash(&dashes).ok();
        for frame in &self.frames {
            outline(context, *frame, MARGIN, camera, accent);
        }
        context.set_line_dash(&js_sys::Array::new()).ok();
        for (handle, at) in &self.handles {
            paint_handle(context, *handle, camera.to_screen(*at), theme);
        }
        if let Some(crop) = self.crop {
            paint_crop(context, crop, camera, theme);
        }
        for guide in self.guides {
            paint_guide(context, *guide, camera, theme);
        }
        for (handle, at) in &self.points {
            paint_point(context, *handle, camera.to_screen(*at), theme);
        }
        if let Some(at) = self.unlock {
            paint_unlock(context, at, theme);
        }
        for (color, trail) in &self.trails {
            paint_trail(context, trail, camera, &color.to_string());
        }
        if let Some(area) = self.marquee {
            paint_marquee(context, area, camera, accent);
        }
        if !self.lasso.is_empty() {
            paint_lasso(context, self.lasso, camera, accent);
        }
        if let Some((at, color)) = &self.picked {
            paint_picked(context, *at, color.as_deref(), theme);
        }
        let size = camera.size();
        for cursor in &self.cursors {
            let tip = camera.to_screen(cursor.at);
            if (0.0..size.width).contains(&tip.x) && (0.0..size.height).contains(&tip.y) {
                cursors.paint(context, cursor, tip, free);
            } else {
                cursors::paint_hint(context, cursor, tip, free);
            }
        }
    }
}

/// How far from an element its outline is, in pixels, if `margin` is what others have: that of a frame lies on its edge and
/// leaves the name alone.
fn beside(element: &Element, margin: f64) -> f64 {
    if matches!(element.shape, Shape::Frame(_)) { 0.0 } else { margin }
}

/// A box around a placement, so many pixels beside it.
fn outline(
    context: &CanvasRenderingContext2d,
    geometry: Geometry,
    margin: f64,
    camera: &Camera,
    color: &str,
) {
    let Bounds { x0, y0, x1, y1 } = geometry.bounds().inflated(margin / camera.zoom());
    context.begin_path();
    for (x, y) in [(x0, y0), (x1, y0), (x1, y1), (x0, y1)] {
        let corner = BoardPoint::new(x, y).rotated(geometry.center(), geometry.angle);
        let at = camera.to_screen(corner);
        context.line_to(at.x, at.y);
    }
    context.close_path();
    context.set_stroke_style_str(color);
    context.set_line_width(1.0);
    context.stroke();
}

/// The color of selections, as in the panels' style sheet.
fn accent(theme: Theme) -> &'static str {
    match theme {
        Theme::Light => "#0b7a75",
        Theme::Dark => "#4cc9bd",
    }
}

/// A small square, smaller still on the sides; a circle turns.
fn paint_handle(context: &CanvasRenderingContext2d, grip: Grip, at: ScreenPoint, theme: Theme) {
    let (radius, corner) = match grip {
        Grip::Size(handle) if handle.is_corner() => (4.0, 2.0),
        Grip::Size(_) => (3.0, 2.0),
        Grip::Turn => (4.0, 4.0),
    };
    let side = 2.0 * radius;
    context.begin_path();
    context.round_rect_with_f64(at.x - radius, at.y - radius, side, side, corner).ok();
    context.set_fill_style_str(paper(theme));
    context.fill();
    context.set_stroke_style_str(accent(theme));
    context.set_line_width(1.0);
    context.stroke();
}

/// An edge with strong corners and middles, which can be dragged.
fn paint_crop(context: &CanvasRenderingContext2d, place: Geometry, camera: &Camera, theme: Theme) {
    const ARM: f64 = 14.0;
    outline(context, place, 0.0, camera, accent(theme));
    let (w, h) = (place.w * camera.zoom() / 2.0, place.h * camera.zoom() / 2.0);
    let (arm_x, arm_y) = (ARM.min(w * 0.4), ARM.min(h * 0.4));
    let middle = camera.to_screen(place.center());
    context.save();
    context.translate(middle.x, middle.y).ok();
    context.rotate(place.angle).ok();
    context.begin_path();
    for (x, y) in [(-1.0, -1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, 1.0)] {
        context.move_to(x * w, y * (h - arm_y));
        context.line_to(x * w, y * h);
        context.line_to(x * (w - arm_x), y * h);
        // The middle of the side that follows.
        let (a, b) = if x == y { (0.0, arm_x / 2.0) } else { (arm_y / 2.0, 0.0) };
        let (x, y) = if x == y { (0.0, y * h) } else { (x * w, 0.0) };
        context.move_to(x - b, y - a);
        context.line_to(x + b, y + a);
    }
    context.set_line_cap("round");
    context.set_line_join("round");
    // On a picture of any color one of the two is seen.
    for (color, width) in [(paper(theme), 6.0), (accent(theme), 3.0)] {
        context.set_stroke_style_str(color);
        context.set_line_width(width);
        context.stroke();
    }
    context.restore();
}

/// A ring on a point, a smaller dot where a new one can be made.
fn paint_point(
    context: &CanvasRenderingContext2d,
    handle: PointHandle,
    at: ScreenPoint,
    theme: Theme,
) {
    let (accent, paper) = (accent(theme), paper(theme));
    // Pieces are laid by rings, full ones if they are: a dot would be lost on their line.
    let is_dot = handle.is_new && !handle.is_piece;
    let radius = match (is_dot, handle.is_piece) {
        (true, _) => 3.0,
        (false, true) => 4.0,
        (false, false) => 5.0,
    };
    context.begin_path();
    context.arc(at.x, at.y, radius, 0.0, std::f64::consts::TAU).ok();
    let is_full = is_dot || handle.is_chosen;
    context.set_fill_style_str(if is_full { accent } else { paper });
    context.set_global_alpha(if is_dot { 0.6 } else { 1.0 });
    if !handle.is_on_label {
        context.fill();
    }
    context.set_global_alpha(1.0);
    if !is_dot {
        context.set_stroke_style_str(accent);
        context.set_line_width(1.5);
        context.stroke();
    }
}

/// A lock, and the word.
#[inline(never)]
fn paint_unlock(context: &CanvasRenderingContext2d, at: ScreenPoint, theme: Theme) {
    let accent = accent(theme);
    context.save();
    context.translate(at.x.round(), at.y.round()).ok();
    context.begin_path();
    context.round_rect_with_f64(0.0, 0.0, UNLOCK.width, UNLOCK.height, UNLOCK.height / 2.0).ok();
    context.set_fill_style_str(paper(theme));
    context.fill();
    context.set_stroke_style_str(accent);
    context.set_line_width(1.5);
    context.stroke();
    context.begin_path();
    context.round_rect_with_f64(12.0, 13.0, 11.0, 8.0, 2.0).ok();
    context.set_fill_style_str(accent);
    context.fill();
    context.begin_path();
    context.arc(17.5, 11.0, 3.5, -std::f64::consts::PI, 0.0).ok();
    context.line_to(21.0, 13.0);
    context.move_to(14.0, 11.0);
    context.line_to(14.0, 13.0);
    context.stroke();
    context.set_font(cursors::LABEL_FONT);
    context.set_text_baseline("middle");
    context.fill_text("Unlock", 29.0, 14.5).ok();
    context.restore();
}

/// A glowing line that gets thinner where it is older.
fn paint_trail(
    context: &CanvasRenderingContext2d,
    trail: &[(BoardPoint, f64)],
    camera: &Camera,
    color: &str,
) {
    context.set_line_cap("round");
    context.set_stroke_style_str(color);
    let joined = trail.iter().zip(trail.iter().skip(1).chain(trail.last()));
    for ((from, _), (to, left)) in joined {
        let (from, to) = (camera.to_screen(*from), camera.to_screen(*to));
        context.set_line_width(6.0 * left.max(0.05));
        context.begin_path();
        context.move_to(from.x, from.y);
        context.line_to(to.x, to.y);
        context.stroke();
    }
}

/// A disc beside the pointer, where no finger hides it, in the color that would be taken; crossed out where there is
/// none.
fn paint_picked(
    context: &CanvasRenderingContext2d,
    at: ScreenPoint,
    color: Option<&str>,
    theme: Theme,
) {
    const RADIUS: f64 = 14.0;
    const AWAY: f64 = 44.0;
    const EDGE: &str = "#808080";
    // Where there is no room above the pointer, it is below.
    let y = if at.y < 2.0 * AWAY { at.y + AWAY } else { at.y - AWAY };
    for (radius, fill) in [
        (RADIUS + 4.0, EDGE),
        (RADIUS + 3.0, paper(theme)),
        (RADIUS, color.unwrap_or(paper(theme))),
    ] {
        context.begin_path();
        context.arc(at.x, y, radius, 0.0, std::f64::consts::TAU).ok();
        context.set_fill_style_str(fill);
        context.fill();
    }
    // Its edge is seen if it has the color of the page, too.
    context.set_stroke_style_str(EDGE);
    context.set_line_width(if color.is_some() { 0.5 } else { 2.0 });
    if color.is_none() {
        let half = RADIUS * std::f64::consts::FRAC_1_SQRT_2;
        context.move_to(at.x - half, y + half);
        context.line_to(at.x + half, y - half);
    }
    context.stroke();
}

/// The color of the page, as in the panels' style sheet.
pub(crate) fn paper(theme: Theme) -> &'static str {
    match theme {
        Theme::Light => "#ffffff",
        Theme::Dark => "#121212",
    }
}

fn screen_box(area: Bounds, camera: &Camera) -> (ScreenPoint, ScreenPoint) {
    let from = camera.to_screen(BoardPoint::new(area.x0, area.y0));
    let to = camera.to_screen(BoardPoint::new(area.x1, area.y1));
    (from, ScreenPoint::new(to.x - from.x, to.y - from.y))
}

fn paint_marquee(context: &CanvasRenderingContext2d, area: Bounds, camera: &Camera, color: &str) {
    let (from, size) = screen_box(area, camera);
    context.set_fill_style_str(color);
    context.set_global_alpha(0.1);
    context.fill_rect(from.x, from.y, size.x, size.y);
    context.set_global_alpha(1.0);
    context.set_stroke_style_str(color);
    context.set_line_width(1.0);
    context.stroke_rect(from.x, from.y, size.x, size.y);
}

/// A line with a cross at both ends; for a gap, with a bar across.
fn paint_guide(context: &CanvasRenderingContext2d, guide: Guide, camera: &Camera, theme: Theme) {
    const ARM: f64 = 4.0;
    let (from, to) = (camera.to_screen(guide.from), camera.to_screen(guide.to));
    let is_across = (from.y - to.y).abs() < 0.5;
    context.begin_path();
    context.move_to(from.x, from.y);
    context.line_to(to.x, to.y);
    for end in [from, to] {
        let (dx, dy) = match (guide.is_gap, is_across) {
            (false, _) => (ARM, ARM),
            (true, true) => (0.0, ARM),
            (true, false) => (ARM, 0.0),
        };
        context.move_to(end.x - dx, end.y - dy);
        context.line_to(end.x + dx, end.y + dy);
        if !guide.is_gap {
            context.move_to(end.x - dx, end.y + dy);
            context.line_to(end.x + dx, end.y - dy);
        }
    }
    context.set_stroke_style_str(match theme {
        Theme::Light => "#e8475f",
        Theme::Dark => "#ff7b8e",
    });
    context.set_line_width(1.0);
    context.stroke();
}

fn paint_lasso(
    context: &CanvasRenderingContext2d,
    points: &[BoardPoint],
    camera: &Camera,
    color: &str,
) {
    context.begin_path();
    for &point in points {
        let at = camera.to_screen(point);
        context.line_to(at.x, at.y);
    }
    context.set_fill_style_str(color);
    context.set_global_alpha(0.1);
    context.fill();
    context.set_global_alpha(1.0);
    context.set_stroke_style_str(color);
    context.set_line_width(1.5);
    context.stroke();
}
