//! Which part of the board the screen shows.

use shared::geometry::{BoardPoint, Bounds};

/// A point on the canvas in CSS pixels from its top left corner.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct ScreenPoint {
    /// Pixels to the right.
    pub x: f64,
    /// Pixels down.
    pub y: f64,
}

impl ScreenPoint {
    /// The point at `x`, `y`.
    pub const fn new(x: f64, y: f64) -> Self {
        Self { x, y }
    }

    /// Distance to `other` in pixels.
    pub fn distance(self, other: Self) -> f64 {
        (self.x - other.x).hypot(self.y - other.y)
    }

    /// The point halfway to `other`.
    pub fn midpoint(self, other: Self) -> Self {
        Self::new((self.x + other.x) / 2.0, (self.y + other.y) / 2.0)
    }
}

/// The canvas' size in CSS pixels.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct ScreenSize {
    /// Pixels across.
    pub width: f64,
    /// Pixels down.
    pub height: f64,
}

/// How much panels cover of the canvas along its edges, in CSS pixels.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct Covered {
    /// At the left.
    pub left: f64,
    /// Above.
    pub top: f64,
    /// Below.
    pub bottom: f64,
}

/// What the screen shows: `center` is the board point in its middle, `zoom` 1 is 100 %.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Camera {
    center: BoardPoint,
    zoom: f64,
    size: ScreenSize,
}

/// What people can zoom to.
const ZOOM_RANGE: (f64, f64) = (0.05, 30.0);
/// What programs can zoom to.
const WIDE_ZOOM_RANGE: (f64, f64) = (0.01, 256.0);
/// Free space around what is fitted, in pixels: for its handles, and for names above it.
const FIT_MARGIN: f64 = 36.0;
/// Free space around what comes into view, in pixels.
const COMING_MARGIN: f64 = 12.0;
/// Fitting a few small elements does not blow them up.
const FIT_ZOOM_MAX: f64 = 1.0;

impl Default for Camera {
    fn default() -> Self {
        let size = ScreenSize { width: 0.0, height: 0.0 };
        Self { center: BoardPoint::default(), zoom: 1.0, size }
    }
}

impl Camera {
    /// The board point in the middle of the screen.
    pub fn center(&self) -> BoardPoint {
        self.center
    }

    /// Pixels for each board unit.
    pub fn zoom(&self) -> f64 {
        self.zoom
    }

    /// The canvas' size.
    pub fn size(&self) -> ScreenSize {
        self.size
    }

    /// Where a pixel is on the board.
    pub fn to_board(&self, at: ScreenPoint) -> BoardPoint {
        BoardPoint {
            x: self.center.x + (at.x - self.size.width / 2.0) / self.zoom,
            y: self.center.y + (at.y - self.size.height / 2.0) / self.zoom,
        }
    }

    /// Where a board point is on the screen.
    pub fn to_screen(&self, at: BoardPoint) -> ScreenPoint {
        ScreenPoint {
            x: (at.x - self.center.x) * self.zoom + self.size.width / 2.0,
            y: (at.y - self.center.y) * self.zoom + self.size.height / 2.0,
        }
    }

    /// The part of the board that is seen.
    pub fn view(&self) -> Bounds {
        let corner = ScreenPoint::new(self.size.width, self.size.height);
        Bounds::from_corners(self.to_board(ScreenPoint::default()), self.to_board(corner))
    }

    /// A new canvas size; the top left corner stays where it is. The first size leaves the middle.
    pub fn resize(&mut self, size: ScreenSize) {
        if self.size.width == 0.0 {
            self.size = size;
            return;
        }
        let corner = self.to_board(ScreenPoint::default());
        self.size = ScreenSize { width: size.width.max(1.0), height: size.height.max(1.0) };
        self.center.x += corner.x - self.to_board(ScreenPoint::default()).x;
        self.center.y += corner.y - self.to_board(ScreenPoint::default()).y;
    }

    /// Moves the board under the screen by pixels: positive `dx` shows what is further left.
    pub fn pan(&mut self, dx: f64, dy: f64) {
        self.center.x -= dx / self.zoom;
        self.center.y -= dy / self.zoom;
    }

    /// Zooms by `factor`, within a person's range, keeping the board under `anchor`.
    pub fn zoom_by(&mut self, factor: f64, anchor: ScreenPoint) {
        self.zoom_to(self.zoom * factor, anchor);
    }

    /// Zooms to `zoom`, within a person's range, keeping the board under `anchor`.
    pub fn zoom_to(&mut self, zoom: f64, anchor: ScreenPoint) {
        let fixed = self.to_board(anchor);
        if zoom.is_finite() {
            // From beyond the range one may come back, but not go further.
            let low = ZOOM_RANGE.0.min(self.zoom);
            let high = ZOOM_RANGE.1.max(self.zoom);
            self.zoom = zoom.clamp(low, high);
        }
        let moved = self.to_board(anchor);
        self.center.x += fixed.x - moved.x;
        self.center.y += fixed.y - moved.y;
    }

    /// The middle of the canvas in pixels.
    pub fn middle(&self) -> ScreenPoint {
        ScreenPoint::new(self.size.width / 2.0, self.size.height / 2.0)
    }

    /// Looks at `center` with `zoom`, as a program asks: down to 1 %. Numbers that are not finite
    /// leave that part as it is.
    pub fn look_at(&mut self, center: BoardPoint, zoom: f64) {
        if center.x.is_finite() && center.y.is_finite() {
            self.center = center;
        }
        if zoom.is_finite() {
            self.zoom = zoom.clamp(WIDE_ZOOM_RANGE.0, WIDE_ZOOM_RANGE.1);
        }
    }

    /// Shows all of `bounds` where no panel covers it, at most at 100 %; an empty box leaves the camera alone.
    pub fn fit(&mut self, bounds: Bounds, covered: Covered) {
        if bounds.is_empty() {
            return;
        }
        let free = self.free(covered);
        let room = |pixels: f64| (pixels - 2.0 * FIT_MARGIN).max(pixels / 2.0);
        let zoom_x = room(free.width()) / bounds.width().max(1.0);
        let zoom_y = room(free.height()) / bounds.height().max(1.0);
        self.center_on(bounds, zoom_x.min(zoom_y).min(FIT_ZOOM_MAX), covered);
    }

    /// Shows the middle of `bounds` in the middle of what no panel covers, if all of it is not seen there already.
    pub fn bring_into_view(&mut self, bounds: Bounds, covered: Covered) {
        if !bounds.is_empty() && !self.free_view(covered).contains(bounds) {
            self.center_on(bounds, self.zoom, covered);
        }
    }

    /// How far something that comes must move, in board units, to be seen beside the panels; not at all in a direction in
    /// which it has no room there.
    pub fn way_into_view(&self, bounds: Bounds, covered: Covered) -> (f64, f64) {
        let free = self.free_view(covered).inflated(-COMING_MARGIN / self.zoom);
        let way = |low: f64, high: f64, from: f64, to: f64| {
            let (first, last) = (from - low, to - high);
            if first <= last { 0.0_f64.clamp(first, last) } else { 0.0 }
        };
        (way(bounds.x0, bounds.x1, free.x0, free.x1), way(bounds.y0, bounds.y1, free.y0, free.y1))
    }

    /// The part of the canvas that no panel covers, in CSS pixels.
    pub fn free(&self, covered: Covered) -> Bounds {
        let Covered { left, top, bottom } = covered;
        let (x1, y1) = (self.size.width, self.size.height - bottom);
        // On a canvas of next to nothing panels leave nothing.
        Bounds { x0: left.min(x1), y0: top.min(y1), x1, y1 }
    }

    /// The part of the board that is seen there.
    fn free_view(&self, covered: Covered) -> Bounds {
        let Bounds { x0, y0, x1, y1 } = self.free(covered);
        let [corner, other] = [(x0, y0), (x1, y1)].map(|(x, y)| ScreenPoint::new(x, y));
        Bounds::from_corners(self.to_board(corner), self.to_board(other))
    }

    fn center_on(&mut self, bounds: Bounds, zoom: f64, covered: Covered) {
        self.look_at(bounds.center(), zoom);
        let (free, middle) = (self.free(covered).center(), self.middle());
        self.pan(free.x - middle.x, free.y - middle.y);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn camera() -> Camera {
        let mut camera = Camera::default();
        camera.resize(ScreenSize { width: 1280.0, height: 720.0 });
        assert_eq!(camera.center(), BoardPoint::default());
        camera
    }

    #[test]
    fn zooming_keeps_what_is_under_the_pointer() {
        let mut camera = camera();
        let anchor = ScreenPoint::new(100.0, 650.0);
        let fixed = camera.to_board(anchor);
        camera.zoom_by(3.0, anchor);
        camera.pan(12.0, -7.0);
        let back = camera.to_screen(fixed);
        assert!((back.x - 112.0).abs() < 1e-9 && (back.y - 643.0).abs() < 1e-9, "{back:?}");
    }

    #[test]
    fn people_zoom_from_5_to_3000_percent_and_programs_further() {
        let mut camera = camera();
        camera.zoom_by(1e-9, camera.middle());
        assert_eq!(camera.zoom(), 0.05);
        camera.zoom_by(1e9, camera.middle());
        assert_eq!(camera.zoom(), 30.0);
        camera.look_at(BoardPoint::new(f64::NAN, 0.0), 0.01);
        assert_eq!((camera.zoom(), camera.center()), (0.01, BoardPoint::default()));
        camera.zoom_by(0.5, camera.middle());
        assert_eq!(camera.zoom(), 0.01, "no further out than the program went");
    }

    #[test]
    fn fitting_shows_everything() {
        let mut camera = camera();
        let all = Bounds { x0: -5000.0, y0: 0.0, x1: 5000.0, y1: 100.0 };
        camera.fit(all, Covered::default());
        assert!(camera.view().contains(all));
        camera.fit(Bounds::EMPTY, Covered::default());
        assert!(camera.view().contains(all));
    }

    #[test]
    fn what_is_fitted_lies_beside_the_panels() {
        let covered = Covered { left: 252.0, top: 60.0, bottom: 80.0 };
        for (w, h) in [(5000.0, 10.0), (10.0, 5000.0), (3000.0, 2000.0), (20.0, 20.0)] {
            let mut camera = camera();
            camera.fit(Bounds { x0: 0.0, y0: 0.0, x1: w, y1: h }, covered);
            let from = camera.to_screen(BoardPoint::new(0.0, 0.0));
            let to = camera.to_screen(BoardPoint::new(w, h));
            assert!(from.x >= 252.0 && from.y >= 60.0, "{from:?}");
            assert!(to.x <= 1280.0 && to.y <= 640.0, "{to:?}");
            assert!(
                (from.x - 252.0 - (1280.0 - to.x)).abs() < 1e-6,
                "in the middle of what is free"
            );
        }
    }

    #[test]
    fn a_place_under_a_panel_is_brought_into_view_and_one_that_is_seen_stays() {
        let covered = Covered { left: 252.0, top: 60.0, bottom: 60.0 };
        let mut camera = camera();
        let around = |at: BoardPoint| Bounds::from_corners(at, at).inflated(10.0);
        let seen = around(camera.to_board(ScreenPoint::new(300.0, 100.0)));
        camera.bring_into_view(seen, covered);
        assert_eq!(camera.center(), BoardPoint::default());
        let hidden = around(camera.to_board(ScreenPoint::new(250.0, 100.0)));
        camera.bring_into_view(hidden, covered);
        assert_eq!(camera.to_screen(hidden.center()), ScreenPoint::new(766.0, 360.0));
        assert_eq!(camera.zoom(), 1.0);
    }
}
