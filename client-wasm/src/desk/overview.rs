//! What is looked after once the board and the view of it have come to rest: the map of the board, what
//! thousands of chosen elements share, and whether anything is in view at all.

use std::time::Duration;

use shared::geometry::BoardPoint;

use super::Desk;
use super::rest::Rest;
use crate::paint::{Grid, Map};

/// How long nothing may have changed.
const REST: Duration = Duration::from_millis(150);

/// The map and the grid, and when they are looked after.
pub(super) struct Overview {
    pub(super) rest: Rest,
    map: Option<Map>,
    grid: Grid,
}

impl Default for Overview {
    fn default() -> Self {
        let rest = Rest::new(REST, |desk| &mut desk.overview.rest, |desk, _| desk.look_over());
        Self { rest, map: None, grid: Grid::default() }
    }
}

impl Desk {
    fn look_over(&mut self) {
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
