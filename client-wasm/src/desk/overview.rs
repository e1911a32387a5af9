//! What is looked after once the board and the view of it have come to rest: the map of the board, what
//! thousands of chosen elements share, and whether anything is in view at all.

use std::time::Duration;

use shared::geometry::BoardPoint;

use super::rest::Rest;
use super::{Desk, Handle};
use crate::browser::soon;
use crate::clock;
use crate::paint::{Grid, Map, UnfinishedMap};

/// How long nothing may have changed.
const REST: Duration = Duration::from_millis(150);
/// How long the map may be painted in one go, in milliseconds.
const MAP_MS: f64 = 4.0;

/// The map and the grid, and when they are looked after.
pub(super) struct Overview {
    pub(super) rest: Rest,
    map: Option<Map>,
    /// The next one. Changes that come meanwhile are on the one after it.
    unfinished: Option<UnfinishedMap>,
    is_map_due: bool,
    grid: Grid,
}

impl Default for Overview {
    fn default() -> Self {
        let rest = Rest::new(REST, |desk| &mut desk.overview.rest, Desk::look_over);
        let (map, unfinished, is_map_due) = (None, None, false);
        Self { rest, map, unfinished, is_map_due, grid: Grid::default() }
    }
}

impl Desk {
    fn look_over(&mut self, handle: &Handle) {
        self.show_style();
        let view = self.editor.camera().view();
        let index = self.editor.index();
        let is_lost = !index.is_empty() && !index.has_any_in(view);
        if self.shown.is_lost.get_untracked() != is_lost {
            self.shown.is_lost.set(is_lost);
        }
        self.overview.is_map_due = true;
        if self.overview.unfinished.is_none() {
            self.paint_map(handle);
        }
    }

    /// Paints the map a bit further.
    fn paint_map(&mut self, handle: &Handle) {
        let end = clock::exact_ms() + MAP_MS;
        let (camera, theme) = (self.editor.camera(), self.shown.theme.get_untracked());
        let overview = &mut self.overview;
        if !self.editor.modes().minimap {
            (overview.map, overview.unfinished) = (None, None);
            return;
        }
        if overview.unfinished.is_none() && std::mem::take(&mut overview.is_map_due) {
            overview.unfinished = UnfinishedMap::begin(self.editor.index(), camera, theme);
        }
        let Some(mut unfinished) = overview.unfinished.take() else { return };
        if unfinished.step(&self.board, end) {
            overview.map = Some(unfinished.finish(camera));
            if !overview.is_map_due {
                return;
            }
        } else {
            overview.unfinished = Some(unfinished);
        }
        let handle = handle.clone();
        soon(move || {
            let to = handle.clone();
            handle.with(move |desk| desk.paint_map(&to));
        });
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
