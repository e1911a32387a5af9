//! The canvases: tiles for the board, and one over them for what is in progress and for people.

mod brush;
mod color;
mod drafts;
mod layer;
mod level;
mod overlay;
mod pictures;
mod sheet;
mod stage;
mod tiles;
mod wet;

use editor::{Camera, Changes, FlowingInk, Preview, ScreenSize};
use leptos::prelude::window;
use scene::Index;
use web_sys::{Element, HtmlCanvasElement};

use crate::shown::Theme;
use layer::{Layer, Look};
use pictures::Pictures;
use stage::{Stage, Touched};
use tiles::{Seen, Tiles};
use wet::{End, Wet};

pub(crate) use color::css;
pub(crate) use overlay::{Cursor, Overlay};
pub(crate) use tiles::Progress;

/// Paints the board and what lies over it.
pub(crate) struct Painter {
    touched: Touched,
    tiles: Tiles,
    pictures: Pictures,
    wet: Option<Wet>,
    end: End,
    over: Layer,
    is_over_empty: bool,
    size: ScreenSize,
    ratio: f64,
    theme: Theme,
}

impl Painter {
    /// A painter of the board's tiles into `holder`, and of the rest onto a canvas for all that lies over
    /// the board and one for the end of a stroke; `None` if the browser gives no 2D context.
    pub(crate) fn new(
        holder: Element,
        [over, end]: [HtmlCanvasElement; 2],
        theme: Theme,
    ) -> Option<Self> {
        Some(Self {
            touched: Touched::default(),
            tiles: Tiles::new(holder)?,
            pictures: Pictures::default(),
            wet: None,
            end: End::new(end)?,
            over: Layer::new(over)?,
            is_over_empty: true,
            size: ScreenSize { width: 1.0, height: 1.0 },
            ratio: 1.0,
            theme,
        })
    }

    /// Follows the page's size and the screen's sharpness.
    pub(crate) fn resize(&mut self, size: ScreenSize) {
        self.size = size;
        self.ratio = window().device_pixel_ratio().clamp(0.5, 4.0);
        self.clear_over();
    }

    /// Switches between light and dark.
    pub(crate) fn set_theme(&mut self, theme: Theme) {
        self.theme = theme;
        self.tiles.renew();
    }

    /// Follows the board: these elements came, went or changed.
    pub(crate) fn follow(&mut self, changes: &Changes) {
        // What is written of the stroke that is being drawn is there already.
        let is_wet = self.wet.as_ref().is_some_and(|wet| changes.elements.contains(&wet.id));
        if !(is_wet && changes.elements.len() == 1) {
            self.tiles.touch(&changes.places);
        }
    }

    /// Follows the stroke that is being drawn. Whether it has just ended.
    pub(crate) fn follow_ink(&mut self, ink: Option<FlowingInk<'_>>, camera: &Camera) -> bool {
        let ended = self.wet.take_if(|wet| ink.is_none_or(|ink| wet.id != *ink.id));
        if let Some(ended) = &ended {
            // It may have been taken back.
            self.tiles.touch(&[ended.area()]);
        }
        let Some(ink) = ink else { return ended.is_some() };
        let wet = self.wet.get_or_insert_with(|| Wet::new(ink));
        let n_new = wet.follow(ink);
        if n_new > 0 {
            self.tiles.paint_over(wet, n_new, self.theme);
        }
        let look = Look::of(camera, self.ratio);
        self.end.show(wet, ink, (look, self.ratio, camera.view()), self.theme);
        ended.is_some()
    }

    /// Drops what can be painted again: nobody looks.
    pub(crate) fn rest(&mut self) {
        self.tiles.forget();
        self.pictures.forget();
    }

    /// Paints the elements in view, as far as a frame's time allows.
    pub(crate) fn paint_board(
        &mut self,
        index: &Index,
        camera: &Camera,
        preview: &Preview,
    ) -> Progress {
        let touched = stage::touched(index, preview);
        // What is hidden because it is being drawn was never there.
        let wet = self.wet.as_ref().and_then(|wet| index.slot(&wet.id));
        if let Some((slot, it)) = wet.and_then(|slot| Some((slot, touched.get(&slot)?))) {
            self.touched.insert(slot, *it);
        }
        if touched != self.touched {
            let places = stage::difference(index, &self.touched, &touched);
            self.tiles.touch(&places);
            self.touched = touched;
        }
        let look = Look::of(camera, self.ratio);
        let seen = Seen { look, ratio: self.ratio, view: camera.view(), theme: self.theme };
        let stage = Stage { index, touched: &self.touched, wet: self.wet.as_ref() };
        let progress = self.tiles.paint(&seen, &stage, &mut self.pictures);
        if self.wet.is_none() && progress != Progress::Unfinished {
            self.end.hide();
        }
        progress
    }

    /// Paints what lies over the board.
    pub(crate) fn paint_overlay(&mut self, overlay: &Overlay<'_>, camera: &Camera) {
        let is_empty = overlay.is_empty();
        if is_empty && self.is_over_empty {
            return;
        }
        self.clear_over();
        if is_empty != self.is_over_empty {
            // A canvas that is seen costs in each frame, even if it is empty.
            let word = if is_empty { "hidden" } else { "visible" };
            self.over.canvas.style().set_property("visibility", word).ok();
            self.is_over_empty = is_empty;
        }
        drafts::paint(
            &self.over.context,
            overlay.drafts(),
            Look::of(camera, self.ratio),
            self.theme,
        );
        self.over.look_at_screen(self.ratio);
        overlay.paint(&self.over.context, camera, self.theme);
    }

    fn clear_over(&self) {
        let pixels = |length: f64| (length * self.ratio).round().max(1.0) as u32;
        self.over.clear(pixels(self.size.width), pixels(self.size.height));
    }

    /// How wide `text` is in CSS pixels with a CSS font.
    pub(crate) fn measure(&self, font: &str, text: &str) -> f64 {
        self.over.context.set_font(font);
        self.over.context.measure_text(text).map_or(0.0, |metrics| metrics.width())
    }
}
