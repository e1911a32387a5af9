//! A grid of dots over the board. The browser repeats them: panning only moves an element of the page, and
//! nothing is painted.

use editor::Camera;
use shared::geometry::BoardPoint;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use crate::browser::document;
use crate::numeral::{numeral, px};

/// Between two dots at 100 %, in board units.
const STEP: f64 = 20.0;
/// Every so many dots one is larger, and stays when one zooms out.
const MAJOR: f64 = 5.0;
/// Dots are at least so many pixels apart.
const NEAREST: f64 = 10.0;

/// The grid as the page shows it.
#[derive(Default)]
pub(crate) struct Grid {
    shown: Option<(BoardPoint, f64)>,
}

impl Grid {
    /// Follows the camera, or hides the grid.
    pub(crate) fn follow(&mut self, camera: &Camera, is_on: bool) {
        let wanted = is_on.then(|| (camera.to_board(Default::default()), camera.zoom()));
        if wanted == self.shown {
            return;
        }
        let element = document().query_selector(".grid").ok().flatten();
        let Some(element) = element.and_then(|it| it.dyn_into::<HtmlElement>().ok()) else {
            return;
        };
        let style = element.style();
        element.set_hidden(!is_on);
        if let Some((corner, zoom)) = wanted {
            let mut step = STEP * zoom;
            while step < NEAREST {
                step *= MAJOR;
            }
            while step >= NEAREST * MAJOR {
                step /= MAJOR;
            }
            let major = step * MAJOR;
            if self.shown.is_none_or(|(_, zoom)| zoom != camera.zoom()) {
                let strength = ((step - NEAREST) / (NEAREST * (MAJOR - 1.0))).sqrt();
                style.set_property("--step", &px(step)).ok();
                style.set_property("--major", &px(major)).ok();
                style.set_property("--strength", &numeral(strength)).ok();
            }
            // Without the remainder, which is three kilobytes of the page.
            let offset = |at: f64| px(-at * zoom - ((-at * zoom / major).floor() + 1.0) * major);
            let (x, y) = (offset(corner.x), offset(corner.y));
            let moved = ["translate(", &x, ",", &y, ")"].concat();
            style.set_property("transform", &moved).ok();
        }
        self.shown = wanted;
    }
}
