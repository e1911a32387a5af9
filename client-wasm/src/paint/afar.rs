//! Elements from afar on a tile: the program turns them into pixels itself, and hands these to the browser.
//!
//! They are a layer of their own over what the browser has painted of the tile. Before it paints anything over them, it
//! is given what they show there: so the order of the stack is kept, however often the two take turns.

use editor::TILE_PX;
use scene::{FAR, Lie, Raster, Sketch};
use shared::color::Color;
use wasm_bindgen::Clamped;
use web_sys::{CanvasRenderingContext2d, ImageData};

use super::brush::Brush;
use super::layer::Look;
use super::sheet::Sheet;
use crate::shown::Theme;

/// What is no larger than this goes over the smaller of two sheets, in pixels: each has to be copied as a whole.
const SMALL: u32 = 64;

/// So often the browser is given parts of one tile; then it paints the rest of that by itself, for where the two take
/// turns all the time each part costs more than it saves.
const TURNS_MAX: usize = 64;

/// What is seen from afar of the tile that is being painted.
pub(super) struct Afar {
    /// As large as a tile; made when it is first needed.
    raster: Option<Raster>,
    small: Sheet,
    large: Sheet,
    /// Whether nothing is painted on the tile yet.
    is_blank: bool,
    n_turns: usize,
}

impl Afar {
    /// Nothing yet; `None` if the browser cannot paint.
    pub(super) fn new() -> Option<Self> {
        let (small, large) = (Sheet::of(SMALL, SMALL)?, Sheet::of(TILE_PX, SMALL)?);
        Some(Self { raster: None, small, large, is_blank: false, n_turns: 0 })
    }

    /// Another tile is being painted; whether nothing is on it.
    pub(super) fn begin(&mut self, is_blank: bool) {
        (self.is_blank, self.n_turns) = (is_blank, 0);
    }

    /// A brush for a tile's sheet on which the board lies as `look` says. Nearby, where many elements have details, the
    /// two would take turns so often that it is faster to have the browser paint all.
    pub(super) fn brush<'a>(&'a mut self, sheet: &'a Sheet, look: Look, theme: Theme) -> Brush<'a> {
        let brush = Brush::new(&sheet.context, look, theme);
        if look.scale * FAR > 1.0 { brush } else { brush.with_afar(self) }
    }

    /// Drops what takes memory.
    pub(super) fn forget(&mut self) {
        self.raster = None;
    }

    /// Paints a sketch, as [`Raster::paint`] does. Whether it could.
    pub(super) fn paint(
        &mut self,
        sketch: &Sketch,
        lie: Lie,
        how: (f64, f64),
        seen_as: impl FnMut(Color) -> Color,
    ) -> bool {
        if self.n_turns > TURNS_MAX {
            return false;
        }
        let raster = self.raster.get_or_insert_with(|| Raster::new(TILE_PX));
        raster.paint(sketch, lie, how, seen_as)
    }

    /// Gives the tile what is to be seen between left, top, right and bottom. Whether its canvas was told where to
    /// paint, and how.
    pub(super) fn settle(&mut self, onto: &CanvasRenderingContext2d, area: [f64; 4]) -> bool {
        let is_blank = std::mem::take(&mut self.is_blank);
        let Self { raster: Some(raster), small, large, n_turns, .. } = self else { return false };
        let mut is_told = false;
        while let Some(([left, top, width, height], pixels)) = raster.take(area) {
            let image = ImageData::new_with_u8_clamped_array_and_sh(Clamped(pixels), width, height);
            let Ok(image) = image else { continue };
            let place = (f64::from(left), f64::from(top));
            if is_blank {
                onto.put_image_data(&image, place.0, place.1).ok();
                continue;
            }
            *n_turns += 1;
            if !is_told {
                is_told = true;
                onto.reset_transform().ok();
                onto.set_global_alpha(1.0);
            }
            let sheet = if width.max(height) <= SMALL { &small } else { &large };
            sheet.context.put_image_data(&image, 0.0, 0.0).ok();
            sheet.paint([width, height].map(f64::from), onto, place);
        }
        is_told
    }
}
