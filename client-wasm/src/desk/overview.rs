//! What is looked after once the board and the view of it have come to rest: the map of the board, what
//! thousands of chosen elements share, and whether anything is in view at all.

use gloo_timers::callback::Timeout;
use shared::geometry::BoardPoint;
use shared::time::Time;

use super::{Desk, Handle};
use crate::clock;
use crate::paint::{Grid, Map};

/// How long nothing may have changed, in milliseconds.
const REST_MS: u64 = 150;

/// The map and the grid, and when they are looked after.
#[derive(Default)]
pub(super) struct Overview {
    timer: Option<Timeout>,
    /// When something changed last.
    woken_at: Time,
    map: Option<Map>,
    grid: Grid,
}

impl Overview {
    /// Something changed: the rest begins anew.
    pub(super) fn wake(&mut self, handle: &Handle) {
        self.woken_at = clock::now();
        // A timer for each change would cost as much as many of them.
        if self.timer.is_none() {
            self.wait(REST_MS, handle);
        }
    }

    fn wait(&mut self, ms: u64, handle: &Handle) {
        let handle = handle.clone();
        let timer = Timeout::new(ms as u32, move || {
            let to = handle.clone();
            handle.with(move |desk| desk.look_over(&to));
        });
        self.timer = Some(timer);
    }
}

impl Desk {
    fn look_over(&mut self, handle: &Handle) {
        self.overview.timer = None;
        let rested_ms = clock::now().since(self.overview.woken_at).as_millis() as u64;
        if rested_ms < REST_MS {
            return self.overview.wait(REST_MS - rested_ms, handle);
        }
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
