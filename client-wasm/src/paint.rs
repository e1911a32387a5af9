//! The canvases: tiles for the board, and one over them for what is in progress and for people.

mod afar;
mod apart;
mod brush;
mod color;
mod cursors;
mod drafts;
mod end;
mod grid;
pub(crate) mod images;
mod layer;
mod level;
mod map;
mod overlay;
mod pictures;
mod poster;
mod print;
mod sheet;
mod stage;
mod tiles;
mod wet;
mod wets;
mod whole;

use editor::{Camera, Changes, FlowingInk, Preview, ScreenSize};
use scene::Index;
use shared::element::{Font, Shape};
use shared::geometry::{BoardPoint, Bounds};
use shared::id::{ElementId, RoomName};
use shared::limits::COORDINATE_MAX;
use web_sys::{Element, HtmlCanvasElement, HtmlElement};

use crate::browser::window;
use crate::shown::Theme;
use brush::Brush;
use cursors::Cursors;
use end::End;
use layer::{Layer, Look};
use pictures::Pictures;
use poster::Poster;
use stage::{Stage, Touched};
use tiles::{Seen, Tiles};
use wets::Wets;

pub(crate) use color::{blended, css};
pub(crate) use cursors::Cursor;
pub(crate) use grid::Grid;
pub(crate) use map::{Map, Unfinished as UnfinishedMap};
pub(crate) use overlay::{Chosen, Overlay, paper};
pub(crate) use print::Print;
pub(crate) use tiles::Progress;

/// Paints the board and what lies over it.
pub(crate) struct Painter {
    touched: Touched,
    poster: Poster,
    tiles: Tiles,
    pictures: Pictures,
    wets: Wets,
    end: End,
    over: Layer,
    is_over_empty: bool,
    cursors: Cursors,
    size: ScreenSize,
    ratio: f64,
    theme: Theme,
}

impl Painter {
    /// A painter of the board's tiles into `holder`, and of the rest onto a canvas for all that lies over
    /// the board and one for the end of a stroke, or onto a worker's in `ink`; `None` if the browser gives no 2D context.
    pub(crate) fn new(
        (holder, ink): (Element, HtmlElement),
        [over, end]: [HtmlCanvasElement; 2],
        theme: Theme,
    ) -> Option<Self> {
        Some(Self {
            touched: Touched::default(),
            poster: Poster::default(),
            tiles: Tiles::new(holder)?,
            pictures: Pictures::default(),
            wets: Wets::default(),
            end: End::new(end, ink)?,
            over: Layer::new(over)?,
            is_over_empty: true,
            cursors: Cursors::default(),
            size: ScreenSize { width: 1.0, height: 1.0 },
            ratio: 1.0,
            theme,
        })
    }

    /// Follows the page's size and the screen's sharpness.
    pub(crate) fn resize(&mut self, size: ScreenSize) {
        self.size = size;
        self.ratio = window().device_pixel_ratio().clamp(0.5, 4.0);
        self.end.apart.close();
        self.clear_over();
    }

    /// Switches between light and dark.
    pub(crate) fn set_theme(&mut self, theme: Theme) {
        self.theme = theme;
        self.tiles.renew();
        self.end_poster();
    }

    /// The board is here and painted: what was shown of the last visit goes. Whether this is news.
    pub(crate) fn end_poster(&mut self) -> bool {
        self.poster.end()
    }

    /// Has the browser keep what is seen of a board, for the next visit. Not if it is stretched right now.
    pub(crate) fn keep_poster(&self, room: &RoomName, camera: &Camera) {
        let look = Look::of(camera, self.ratio);
        if let Some(pictures) = self.tiles.pictures(look, camera.view()) {
            let ScreenSize { width, height } = self.size;
            let size = (self.pixels(width).into(), self.pixels(height).into());
            poster::keep(room.as_str(), pictures, size, look, self.theme);
        }
    }

    /// Hand-written letters have come in place of which others were painted. Whether any of them are seen as
    /// letters: from afar they are bars.
    pub(crate) fn renew_letters(&mut self, index: &Index, camera: &Camera) -> bool {
        let pixel = 1.0 / (camera.zoom() * self.ratio);
        let is_seen = |element: &shared::element::Element| {
            let is_hand = matches!(&element.shape, Shape::Text(text) if text.font == Font::Hand);
            is_hand && scene::sketch(element, pixel).is_none()
        };
        let everywhere = Bounds::around([BoardPoint::default()]).inflated(4.0 * COORDINATE_MAX);
        let placed = index.slots_in(everywhere).into_iter().filter_map(|slot| index.at(slot));
        let places: Vec<_> = placed.filter(|it| is_seen(&it.element)).map(|it| it.reach).collect();
        self.tiles.touch(&places);
        !places.is_empty()
    }

    /// Follows the board: these elements came, went or changed. Whether it looks different now.
    pub(crate) fn follow(&mut self, changes: &Changes) -> bool {
        // What is written of strokes that are being drawn is there already.
        let is_seen =
            |(id, place): &(ElementId, Bounds)| self.wets.called(id).is_none().then_some(*place);
        let places: Vec<Bounds> = changes.places.iter().filter_map(is_seen).collect();
        places.iter().for_each(|place| self.wets.handle_changed(*place));
        self.tiles.touch(&places);
        !places.is_empty()
    }

    /// Somebody has a pen in hand. Whether a worker can paint a stroke.
    pub(crate) fn prepare_ink(&mut self) -> bool {
        self.end.apart.prepare(self.size, self.ratio)
    }

    /// Follows the strokes that are being drawn. Whether the board is to be painted because of them.
    pub(crate) fn follow_ink<'a>(
        &mut self,
        index: &Index,
        own: Option<FlowingInk<'a>>,
        others: impl Iterator<Item = FlowingInk<'a>>,
        camera: &Camera,
    ) -> bool {
        let seen = self.seen(camera);
        let can_be_apart = own.is_some() && self.prepare_ink();
        let news = self.wets.follow(own, others, index, (seen.view, can_be_apart));
        self.tiles.touch(&news.dirty);
        if !news.pieces.is_empty() {
            let stage = Stage { index, touched: &self.touched, wets: &self.wets };
            self.tiles.paint_over(&news, &seen, &stage, &mut self.pictures);
        }
        if let Some(own) = self.wets.own() {
            self.end.show(own, (seen.look, seen.ratio, seen.view), self.theme);
        }
        !news.dirty.is_empty()
    }

    /// Whether others' strokes do not lie over the board any more as they did.
    pub(crate) fn has_settled(&self) -> bool {
        self.wets.has_settled()
    }

    /// Whether the board is to be painted soon because of strokes, though nothing changes.
    pub(crate) fn is_unsettled(&self) -> bool {
        self.wets.is_unsettled()
    }

    /// The board looks different in these places, though its elements are the same.
    pub(crate) fn touch(&mut self, places: &[Bounds]) {
        self.tiles.touch(places);
    }

    /// Drops what can be painted again: nobody looks.
    pub(crate) fn rest(&mut self) {
        self.tiles.forget();
        self.pictures.forget();
        self.end.apart.close();
        images::forget(false);
    }

    /// Paints the elements in view, as far as a frame's time allows.
    pub(crate) fn paint_board(
        &mut self,
        index: &Index,
        camera: &Camera,
        preview: &Preview,
    ) -> Progress {
        let touched = stage::touched(index, preview);
        if touched != self.touched {
            let places = stage::difference(index, &self.touched, &touched);
            self.tiles.touch(&places);
            self.touched = touched;
        }
        let seen = self.seen(camera);
        self.poster.place(seen.look, self.ratio);
        let stage = Stage { index, touched: &self.touched, wets: &self.wets };
        let progress = self.tiles.paint(&seen, &stage, &mut self.pictures);
        if progress != Progress::Unfinished {
            self.wets.handle_painted();
            if self.wets.own().is_none() {
                self.end.hide();
            }
        }
        progress
    }

    /// Paints what lies over the board.
    pub(crate) fn paint_overlay(&mut self, overlay: &Overlay<'_>, camera: &Camera) {
        let is_empty = overlay.is_empty() && self.wets.ends().next().is_none();
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
        let look = Look::of(camera, self.ratio);
        let mut brush = Brush::new(&self.over.context, look, self.theme);
        // What shows through comes first: it takes away what it lies on.
        for is_opaque in [false, true] {
            let ends = self.wets.ends().filter(|wet| wet.is_opaque() == is_opaque);
            ends.for_each(|wet| wet.paint_end(&mut brush));
        }
        drafts::paint(overlay.drafts(), &mut brush);
        self.over.look_at_screen(self.ratio);
        self.cursors.look_at_screen(self.ratio);
        overlay.paint(&self.over.context, camera, self.theme, &mut self.cursors);
    }

    fn seen(&self, camera: &Camera) -> Seen {
        let look = Look::of(camera, self.ratio);
        Seen { look, ratio: self.ratio, view: camera.view(), theme: self.theme }
    }

    fn clear_over(&self) {
        self.over.clear(self.pixels(self.size.width), self.pixels(self.size.height));
    }

    fn pixels(&self, length: f64) -> u32 {
        (length * self.ratio).round().max(1.0) as u32
    }
}
