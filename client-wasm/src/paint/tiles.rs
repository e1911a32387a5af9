//! Pictures of the board's tiles: panning moves them, zooming stretches them until it rests, and a change
//! paints anew only what it touches. Work that is too much for one frame goes on in the next.

use editor::{TILE_PX, Tile};
use js_sys::Array;
use scene::Slot;
use shared::geometry::Bounds;
use web_sys::Element;

use super::afar::Afar;
use super::brush::Brush;
use super::layer::Look;
use super::level::Level;
use super::pictures::Pictures;
use super::sheet::{Hung, Sheet};
use super::stage::Stage;
use super::wets::News;
use crate::clock::exact_ms as now;
use crate::shown::Theme;

/// Milliseconds of a frame that go into what is seen, while the board moves.
const MOVING_BUDGET_MS: f64 = 6.0;
/// The same while it stands still.
const STILL_BUDGET_MS: f64 = 14.0;
/// The same while what is seen is stretched, after zooming, or nothing at all is shown yet.
const SHARPEN_BUDGET_MS: f64 = 30.0;
/// The same for the rest of tiles of which a part is seen.
const REST_BUDGET_MS: f64 = 8.0;
/// The same for what is painted anew where pieces of strokes are painted over it.
const OVER_BUDGET_MS: f64 = 8.0;
/// The same for what is not seen yet.
const NEAR_BUDGET_MS: f64 = 2.0;
/// What of a tile is painted before the rest of it: what is seen, and so many of the screen's own pixels around that.
const EDGE_PX: f64 = 16.0;
/// Milliseconds without zooming after which it rests: a frame without a turn of the wheel.
const REST_MS: f64 = 12.0;
/// Pictures are stretched at most so much before others are painted, though zooming goes on.
const STRETCH_MAX: f64 = 1.8;
/// As many elements are painted anew at once; more become a new picture, a part in each frame.
const AT_ONCE_MAX: usize = 128;
/// As many are painted between two looks at the clock.
const STRIDE: usize = 8;
/// As many are told to the browser, at least and at most, before it has to turn them into pixels: by itself it
/// would do that for all of a picture at once, whatever is left of the frame.
const FLUSH_MIN: usize = 2 * STRIDE;
const FLUSH_MAX: usize = 32 * STRIDE;
/// How many milliseconds that may take; else it is done more often. Half of it, and it is done less often.
const FLUSH_MS: f64 = 4.0;

/// How far painting has come.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Progress {
    /// Not all that is seen is there at full detail.
    Unfinished,
    /// What is seen is there, what is near is not.
    Seen,
    /// Nothing is left to do.
    Finished,
}

/// Where and how the board is seen.
#[derive(Clone, Copy)]
pub(super) struct Seen {
    pub(super) look: Look,
    pub(super) ratio: f64,
    pub(super) view: Bounds,
    pub(super) theme: Theme,
}

/// The tiles' pictures.
pub(super) struct Tiles {
    holder: Element,
    level: Option<Level>,
    /// What is seen until the level has all that is seen.
    old: Option<Level>,
    job: Option<Job>,
    /// For pictures that are painted from the beginning.
    sheet: Sheet,
    /// For pictures of which a part is painted anew.
    patch: Sheet,
    afar: Afar,
    last_look: Look,
    zoomed_at: f64,
    /// Whether all that was seen was ever shown.
    has_shown: bool,
    /// How many elements the browser was told since it last turned them into pixels, and when it has to again.
    n_told: usize,
    flush_every: usize,
}

/// A picture in progress, on the sheet.
struct Job {
    tile: Tile,
    /// The part of it that is painted.
    part: Bounds,
    slots: Vec<Slot>,
    n_painted: usize,
    /// Where the board changed meanwhile.
    dirty: Bounds,
}

impl Tiles {
    /// No tiles yet; they are going to be in `holder`. `None` if the browser cannot paint.
    pub(super) fn new(holder: Element) -> Option<Self> {
        let (level, old, job) = (None, None, None);
        let (sheet, patch, afar) = (Sheet::new()?, Sheet::new()?, Afar::new()?);
        let last_look = Look { scale: 0.0, x: 0.0, y: 0.0 };
        let zoomed_at = f64::NEG_INFINITY;
        let (has_shown, n_told, flush_every) = (false, 0, FLUSH_MAX / 2);
        Some(Self {
            holder,
            level,
            old,
            job,
            sheet,
            patch,
            afar,
            last_look,
            zoomed_at,
            has_shown,
            n_told,
            flush_every,
        })
    }

    /// The board looks different in these places.
    pub(super) fn touch(&mut self, places: &[Bounds]) {
        for &place in places {
            if let Some(level) = &mut self.level {
                level.touch(place);
                if let Some(job) = &mut self.job
                    && level.grid.area(job.tile).intersects(place)
                {
                    job.dirty = job.dirty.union(place);
                }
            }
        }
    }

    /// Paints new pieces of strokes over the pictures that they reach into: nothing is over them. What else of such a
    /// picture is to be painted anew is, as long as there is time: to change it once more costs as much again.
    // Of its own, as all that a page does not need to open: browsers compile a function as a whole.
    #[inline(never)]
    pub(super) fn paint_over(
        &mut self,
        news: &News,
        seen: &Seen,
        stage: &Stage<'_>,
        pictures: &mut Pictures,
    ) {
        let began = now();
        let (Some(level), patch) = (&mut self.level, &self.patch) else { return };
        let all = news.pieces.iter().fold(Bounds::EMPTY, |all, (_, area)| all.union(*area));
        let grid = level.grid;
        for tile in level.pictured(all) {
            let area = grid.area(tile);
            let mut new = news.pieces.iter().filter(|(_, it)| it.intersects(area)).peekable();
            let Some(picture) = level.picture(tile).filter(|_| new.peek().is_some()) else {
                continue;
            };
            patch.copy(picture);
            let look = Look::at(area, grid.scale());
            let brush = &mut Brush::new(&patch.context, look, seen.theme);
            new.filter_map(|&(at, _)| stage.wets.at(at)).for_each(|wet| wet.paint_settled(brush));
            let has_time = now() - began < OVER_BUDGET_MS;
            if let Some((dirty, slots)) = has_time.then(|| take_few(level, tile, stage)).flatten() {
                self.afar.begin(false);
                let brush = self.afar.brush(patch, look, seen.theme);
                repaint(brush, dirty, look, &slots, stage, pictures);
            }
            if let Some(picture) = level.picture(tile) {
                patch.hang(picture);
            }
        }
        level.hang(seen.view);
    }

    /// Everything looks different: what is there stays until it is painted over.
    pub(super) fn renew(&mut self) {
        self.job = None;
        if let Some(level) = self.level.take() {
            self.old = Some(level);
        }
    }

    /// Drops all pictures.
    pub(super) fn forget(&mut self) {
        (self.level, self.old, self.job) = (None, None, None);
        self.afar.forget();
        self.has_shown = false;
    }

    /// Shows the board as it is seen, as far as a frame's time allows.
    pub(super) fn paint(
        &mut self,
        seen: &Seen,
        stage: &Stage<'_>,
        pictures: &mut Pictures,
    ) -> Progress {
        let now = now();
        let Seen { look, ratio, view, .. } = *seen;
        if self.last_look.scale != look.scale {
            self.zoomed_at = now;
        }
        let is_still = self.last_look == look;
        self.last_look = look;
        let is_resting = now - self.zoomed_at >= REST_MS;
        self.choose_level(seen, is_resting);
        let Some(level) = &mut self.level else { return Progress::Finished };
        level.place(look);
        if let Some(old) = &mut self.old {
            old.place(look);
        }
        if !level.fits(look.scale, ratio, view) {
            self.hang(view);
            return Progress::Unfinished;
        }
        level.drop_far(view);
        let budget = match (is_still, self.has_shown) {
            (true, has_shown) if !has_shown || self.old.is_some() => SHARPEN_BUDGET_MS,
            (true, _) => STILL_BUDGET_MS,
            (false, _) => MOVING_BUDGET_MS,
        };
        let progress = self.paint_tiles(seen, stage, pictures, (now, budget));
        if progress != Progress::Unfinished {
            self.has_shown |= !stage.index.is_empty();
            self.old = None;
        }
        self.hang(view);
        progress
    }

    /// All pictures in view, each with where it is; nothing if they are stretched.
    pub(super) fn pictures(&self, look: Look, view: Bounds) -> Option<Array> {
        let level = self.level.as_ref().filter(|level| level.grid.scale() == look.scale)?;
        let place = |(tile, picture): (Tile, &Hung)| {
            let side = f64::from(TILE_PX);
            let (x, y) = (tile.column as f64 * side + look.x, tile.row as f64 * side + look.y);
            Array::of3(&picture.canvas, &x.into(), &y.into())
        };
        Some(level.shown_in(view).map(place).collect())
    }

    fn hang(&mut self, view: Bounds) {
        for level in [&mut self.level, &mut self.old].into_iter().flatten() {
            level.hang(view);
        }
    }

    /// Begins a level if there is none for this zoom and it is worth it.
    fn choose_level(&mut self, seen: &Seen, is_resting: bool) {
        let Seen { look, ratio, view, .. } = *seen;
        let is_due = self.level.as_ref().is_none_or(|level| {
            let stretch = look.scale / level.grid.scale();
            let is_much = !(STRETCH_MAX.recip()..=STRETCH_MAX).contains(&stretch);
            !level.fits(look.scale, ratio, view) && (is_resting || is_much)
        });
        if !is_due {
            return;
        }
        self.job = None;
        if let Some(level) = self.level.take() {
            // One that never had all that was seen is no better than what was there before it.
            self.old.get_or_insert(level);
        }
        self.level = Some(Level::new(&self.holder, look.scale, ratio, view));
    }

    /// Paints tiles while there is time.
    fn paint_tiles(
        &mut self,
        seen: &Seen,
        stage: &Stage<'_>,
        pictures: &mut Pictures,
        (began, seen_budget): (f64, f64),
    ) -> Progress {
        loop {
            let Some(level) = &self.level else { return Progress::Finished };
            let (grid, view) = (level.grid, seen.view);
            let is_unseen = |tile| !level.shows(tile, view);
            let is_unfinished = |tile| !level.is_whole(tile);
            let (next, budget, progress) = if let Some(tile) = grid.next_seen(view, is_unseen) {
                (tile, seen_budget, Progress::Unfinished)
            } else if let Some(tile) = grid.next_seen(view, is_unfinished) {
                (tile, REST_BUDGET_MS.min(seen_budget), Progress::Seen)
            } else if let Some(tile) = grid.next_near(view, is_unfinished) {
                (tile, NEAR_BUDGET_MS, Progress::Seen)
            } else {
                return Progress::Finished;
            };
            if now() - began > budget {
                return progress;
            }
            self.paint_tile(next, seen, stage, pictures, began + budget);
        }
    }

    /// Paints a tile, or a part of it.
    fn paint_tile(
        &mut self,
        tile: Tile,
        seen: &Seen,
        stage: &Stage<'_>,
        pictures: &mut Pictures,
        deadline: f64,
    ) {
        let Some(level) = &mut self.level else { return };
        let area = level.grid.area(tile);
        let scale = level.grid.scale();
        let look = Look::at(area, scale);
        let is_begun = self.job.as_ref().is_some_and(|job| job.tile == tile);
        if !is_begun
            && let Some((dirty, slots)) = take_few(level, tile, stage)
            && let Some(picture) = level.picture(tile)
        {
            self.patch.copy(picture);
            self.afar.begin(false);
            let brush = self.afar.brush(&self.patch, look, seen.theme);
            repaint(brush, dirty, look, &slots, stage, pictures);
            return self.patch.hang(picture);
        }
        let mut job = match self.job.take() {
            Some(job) if is_begun => {
                self.afar.begin(false);
                job
            }
            _ => {
                self.sheet.clear();
                self.n_told = 0;
                self.afar.begin(true);
                // Where something else is shown until all that is seen is there, that comes first.
                let is_first = self.old.is_some() || !self.has_shown;
                let around = seen.view.inflated(EDGE_PX / scale).intersection(area);
                let is_part = is_first && !level.has(tile) && !around.is_empty();
                let part = if is_part { around } else { area };
                let slots = stage.slots_in(part.inflated(1.0 / scale));
                Job { tile, part, slots, n_painted: 0, dirty: Bounds::EMPTY }
            }
        };
        let mut brush = self.afar.brush(&self.sheet, look, seen.theme);
        while job.n_painted < job.slots.len() {
            for &slot in job.slots[job.n_painted..].iter().take(STRIDE) {
                stage.paint(slot, job.part, 1.0 / scale, &mut brush, pictures);
            }
            job.n_painted += STRIDE;
            self.n_told += std::mem::take(&mut brush.n_told);
            if self.n_told >= self.flush_every {
                let began = now();
                self.patch.flush(&self.sheet);
                let took = now() - began;
                self.n_told = 0;
                if took > FLUSH_MS {
                    self.flush_every = FLUSH_MIN.max(self.flush_every / 2);
                } else if took < FLUSH_MS / 2.0 {
                    self.flush_every = FLUSH_MAX.min(self.flush_every * 2);
                }
            }
            if now() > deadline {
                break;
            }
        }
        if job.n_painted < job.slots.len() {
            brush.finish();
            self.job = Some(job);
            return;
        }
        stage.wets.paint_unwritten(job.part, &mut brush);
        brush.finish();
        if job.slots.is_empty() && stage.wets.is_empty() {
            level.show(tile, None);
        } else if level.picture(tile).is_none() {
            let Some(picture) = Hung::new() else { return };
            level.show(tile, Some(picture));
        }
        if let Some(picture) = level.picture(tile) {
            self.sheet.hang(picture);
        }
        level.finish(tile, job.part);
        if !job.dirty.is_empty() {
            level.touch(job.dirty);
        }
    }
}

/// What is not up to date about a tile's picture, and what is there: it is to be painted now. Nothing if that is too much
/// for once: then all of the tile is to be painted from the beginning.
fn take_few(level: &mut Level, tile: Tile, stage: &Stage<'_>) -> Option<(Bounds, Vec<Slot>)> {
    let dirty = level.take_dirty(tile)?.inflated(1.0 / level.grid.scale());
    let slots = stage.slots_in(dirty);
    if slots.len() > AT_ONCE_MAX {
        level.touch(level.grid.area(tile));
        return None;
    }
    Some((dirty, slots))
}

/// Paints a part of a tile anew, in its place: whole pixels, so that its edge is not seen.
// Of its own, as all that a page does not need to open: browsers compile a function as a whole.
#[inline(never)]
fn repaint(
    mut brush: Brush<'_>,
    dirty: Bounds,
    look: Look,
    slots: &[Slot],
    stage: &Stage<'_>,
    pictures: &mut Pictures,
) {
    let Look { scale, x, y } = look;
    let (x0, y0) = ((dirty.x0 * scale + x).floor(), (dirty.y0 * scale + y).floor());
    let (x1, y1) = ((dirty.x1 * scale + x).ceil(), (dirty.y1 * scale + y).ceil());
    let context = brush.context;
    context.save();
    context.reset_transform().ok();
    context.begin_path();
    context.rect(x0, y0, x1 - x0, y1 - y0);
    context.clip();
    context.clear_rect(x0, y0, x1 - x0, y1 - y0);
    for &slot in slots {
        stage.paint(slot, dirty, 1.0 / scale, &mut brush, pictures);
    }
    stage.wets.paint_unwritten(dirty, &mut brush);
    brush.finish();
    context.restore();
}
