//! What is looked after once the board and the view of it have come to rest: the map of the board, what
//! thousands of chosen elements share, and whether anything is in view at all.

use gloo_timers::callback::Timeout;
use shared::geometry::BoardPoint;

use super::{Desk, Handle};
use crate::paint::{Grid, Map};

/// How long nothing may have changed, in milliseconds.
const REST_MS: u32 = 150;

/// The map and the grid, and when they are looked after.
#[derive(Default)]
pub(super) struct Overview {
    timer: Option<Timeout>,
    map: Option<Map>,
    grid: Grid,
}

impl Overview {
    /// Something changed: the rest begins anew.
    pub(super) fn wake(&mut self, handle: &Handle) {
        let handle = handle.clone();
        // Replacing the timer cancels the one before.
        self.timer = Some(Timeout::new(REST_MS, move || handle.with(Desk::look_over)));
    }
}

impl Desk {
    fn look_over(&mut self) {
        self.overview.timer = None;
        self.show_style();
        let view = self.editor.camera().view();
        let is_seen = |it: &shared::element::Element| it.geometry.turned_bounds().intersects(view);
        let is_lost =
            self.board.n_elements() > 0 && !self.board.elements().any(|element| is_seen(element));
        if self.shown.is_lost.get_untracked() != is_lost {
            self.shown.is_lost.set(is_lost);
        }
        self.overview.map = None;
        if self.editor.modes().minimap {
            let (camera, theme) = (self.editor.camera(), self.shown.theme.get_untracked());
            self.overview.map = Map::paint(&self.board, camera, theme);
        }
    }

    /// Follows the camera, which costs next to nothing.
    pub(super) fn follow_camera(&mut self) {
        let camera = self.editor.camera();
        if let Some(map) = &self.overview.map {
            map.follow(camera);
        }
        self.overview.grid.follow(camera, self.editor.modes().grid);
    }

    /// Looks at a place on the map: parts of its width and height.
    pub(super) fn look_at_map(&mut self, x: f64, y: f64) {
        let Some(area) = self.overview.map.as_ref().map(Map::area) else { return };
        let at = BoardPoint::new(area.x0 + x * area.width(), area.y0 + y * area.height());
        self.look(|camera| camera.look_at(at, camera.zoom()));
    }
}
