//! When to paint: at most once a frame, and only what changed.

use std::time::Duration;

use editor::{
    Camera, Changes, Editor, Preview, RemoteCursors, ScreenPoint, ScreenSize, TrailPiece, Trails,
};
use scene::Index;
use shared::board::Board;
use shared::color::Color;
use shared::geometry::Bounds;
use shared::id::{MemberId, RoomName};
use shared::session::{SeenMember, Session};
use shared::time::Time;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use super::{Desk, Handle};
use crate::browser::{document, request_animation_frame};
use crate::clock;
use crate::paint::{Chosen, Cursor, Overlay, Painter, Progress, blended};
use crate::shown::Theme;

/// Cursors of people who were still for longer fade.
pub(super) const IDLE_AFTER: Duration = Duration::from_secs(30);
const IDLE_OPACITY: f64 = 0.3;
/// So many people are few.
const FEW: usize = 8;
/// How often the cursors and pens of more than that are painted.
const MANY_EVERY: Duration = Duration::from_millis(25);
/// The color of one's own laser.
const LASER: Color = Color::rgb(0xe03131);
/// Where a browser tells of every move of the pen, some wait for the frame.
const HURRY_EVERY: Duration = Duration::from_millis(7);

/// What is to be painted with the next frame.
pub(super) struct Painting {
    painter: Painter,
    /// The elements.
    pub(super) wants_board: bool,
    /// What lies over them, and strokes in progress.
    pub(super) wants_overlay: bool,
    /// What others do: see [`Painting::is_due`].
    pub(super) wants_others: bool,
    others_at: Time,
    /// The panels' signals.
    pub(super) wants_panels: bool,
    /// The pointer's shape, and what is told of what is under it.
    pub(super) wants_pointer: bool,
    is_requested: bool,
    /// Whether something that is seen waits for the next frame to be painted.
    is_unseen: bool,
    /// When a stroke was last painted without waiting for a frame.
    hurried_at: Time,
    /// What the page was last told.
    pointer_shape: &'static str,
    tooltip: String,
    waiting: Vec<js_sys::Function>,
}

impl Painting {
    pub(super) fn new(painter: Painter) -> Self {
        Self {
            painter,
            wants_board: true,
            wants_overlay: true,
            wants_others: false,
            others_at: Time(0),
            wants_panels: true,
            wants_pointer: false,
            is_requested: false,
            is_unseen: true,
            hurried_at: Time(0),
            pointer_shape: "",
            tooltip: String::new(),
            waiting: Vec::new(),
        }
    }

    pub(super) fn resize(&mut self, size: ScreenSize) {
        self.painter.resize(size);
        (self.wants_board, self.wants_overlay) = (true, true);
    }

    pub(super) fn set_theme(&mut self, theme: Theme) {
        self.painter.set_theme(theme);
        (self.wants_board, self.wants_overlay) = (true, true);
    }

    /// Somebody has a pen in hand.
    pub(super) fn prepare_ink(&mut self) {
        self.painter.prepare_ink();
    }

    /// Letters have come in place of which others were painted.
    pub(super) fn renew_letters(&mut self, index: &Index, camera: &Camera) {
        self.wants_board |= self.painter.renew_letters(index, camera);
    }

    /// Follows the board: these elements came, went or changed. What is not seen at all yet is painted when no
    /// more is coming.
    pub(super) fn follow(&mut self, changes: &Changes, is_more_coming: bool) {
        let is_new = self.painter.follow(changes);
        self.wants_board |= is_new && !is_more_coming;
        self.is_unseen |= is_new;
        (self.wants_others, self.wants_panels) = (true, true);
    }

    /// Has the browser keep what is seen for the next visit.
    pub(super) fn keep_poster(&self, room: &RoomName, camera: &Camera) {
        self.painter.keep_poster(room, camera);
    }

    /// The board looks different in these places, though its elements are the same.
    pub(super) fn touch(&mut self, places: &[Bounds]) {
        self.painter.touch(places);
        (self.wants_board, self.wants_overlay) = (true, true);
    }

    /// Nobody looks at the page any more, or somebody does again.
    pub(super) fn handle_hidden(&mut self, is_hidden: bool) {
        if is_hidden {
            self.painter.rest();
        }
        (self.wants_board, self.wants_overlay) = (!is_hidden, !is_hidden);
    }

    /// Whether there is something to be seen that is going to be painted with the next frame. In a hidden
    /// tab there are no frames.
    pub(super) fn is_behind(&self) -> bool {
        self.is_unseen && self.is_requested && !document().hidden()
    }

    pub(super) fn when_painted(&mut self, resolve: js_sys::Function) {
        self.waiting.push(resolve);
    }

    /// Whether it is time to paint what `n` others do: the cursors and pens of many, all over the page, are
    /// painted in every second frame only, or they would cost more than all else.
    fn is_due(&mut self, n: usize, now: Time) -> bool {
        let is_due = n <= FEW || now.since(self.others_at) >= MANY_EVERY;
        if is_due && std::mem::take(&mut self.wants_others) {
            self.others_at = now;
            return true;
        }
        false
    }

    /// Whether a frame was asked for.
    pub(super) fn is_requested(&self) -> bool {
        self.is_requested
    }

    /// Asks for a frame if there is anything to do in it, in here or elsewhere.
    pub(super) fn request(&mut self, handle: &Handle, is_wanted: bool) {
        let wants = is_wanted
            || self.wants_board
            || self.wants_overlay
            || self.wants_others
            || self.wants_panels
            || self.wants_pointer;
        if !self.is_requested && (wants || !self.waiting.is_empty()) {
            self.is_requested = true;
            let handle = handle.clone();
            request_animation_frame(move || {
                let to = handle.clone();
                handle.with(move |desk| desk.handle_frame(&to));
            });
        }
    }
}

impl Desk {
    /// The pen moved. Browsers tell of that right before they paint a frame, so if the board is not wanted its
    /// stroke is painted at once: asking for the frame would cost as much as the ink.
    pub(crate) fn hurry(&mut self) {
        let Painting { is_requested, wants_board, hurried_at, .. } = self.painting;
        let now = clock::now();
        let is_alone = !is_requested && !wants_board;
        if is_alone && self.editor.flowing_ink().is_some() && now.since(hurried_at) >= HURRY_EVERY {
            self.painting.hurried_at = now;
            // What was written of it is no reason for a frame of its own.
            self.follow_board();
            self.paint();
        }
    }

    /// Takes in what waits, and paints.
    fn handle_frame(&mut self, handle: &Handle) {
        self.painting.is_requested = false;
        self.inbox.begin_frame(clock::exact_ms());
        if self.inbox.is_waiting() {
            self.take_in();
            self.exchange(handle);
            self.follow_board();
            if self.inbox.has_frame() {
                return;
            }
        }
        self.paint();
    }

    /// Paints what is wanted; while cursors are on their way, another frame follows.
    fn paint(&mut self) {
        let now = clock::now();
        let mut is_seen = !self.painting.wants_board;
        let wants_board = std::mem::take(&mut self.painting.wants_board);
        let are_others_due = self.painting.is_due(self.session.members().len(), now);
        let wants_overlay = std::mem::take(&mut self.painting.wants_overlay) || are_others_due;
        if std::mem::take(&mut self.painting.wants_panels) {
            self.show_panels();
        }
        if wants_board || wants_overlay {
            // One's own hand comes last: it wins over what others do to the same elements.
            let mut preview = Preview::default();
            self.gestures.show(&self.board, &mut preview);
            self.editor.show_preview(&self.board, &mut preview);
            let shift = self.editor.text_shift(&self.board, &preview);
            if std::mem::replace(&mut self.text_shift, shift) != shift {
                self.place_text_field();
            }
            let (index, camera) = (self.editor.index(), self.editor.camera());
            let (own, theirs) = (self.editor.flowing_ink(), self.gestures.flowing_ink());
            let painter = &mut self.painting.painter;
            if painter.follow_ink(index, own, theirs, camera) || wants_board {
                let progress = painter.paint_board(index, camera, &preview);
                self.painting.wants_board = progress != Progress::Finished;
                is_seen = progress != Progress::Unfinished;
                self.painting.is_unseen = !is_seen;
            }
            // Nothing of one's own lies over the board while one draws.
            let is_drawing = self.editor.flowing_ink().is_some();
            let has_settled = self.painting.painter.has_settled();
            if wants_board || are_others_due || has_settled || !is_drawing {
                self.paint_overlay(&preview, now);
            }
        }
        if is_seen && !self.session.is_glimpsing() {
            let is_kept = self.is_known && self.board.n_elements() > 0;
            if (is_kept || self.is_board_here()) && self.painting.painter.end_poster() {
                self.put_the_pen_down();
            }
            for resolve in std::mem::take(&mut self.painting.waiting) {
                resolve.call0(&wasm_bindgen::JsValue::NULL).ok();
            }
        }
        self.painting.wants_others |= self.cursors.is_moving(now)
            | self.trails.fade(now)
            | self.painting.painter.is_unsettled();
        self.follow_camera();
        self.set_pointer_shape();
    }

    fn paint_overlay(&mut self, preview: &Preview, now: Time) {
        let overlay = Overlay {
            board: &self.board,
            preview,
            selection: self.editor.selection().collect(),
            frames: self.editor.frames(&self.board),
            marquee: self.editor.marquee(),
            lasso: self.editor.lasso(),
            guides: self.editor.guides(),
            crop: self.editor.crop_frame(&self.board),
            points: self.editor.point_handles(&self.board),
            unlock: self.editor.unlock_button(&self.board),
            trails: trails(&self.trails, &self.session, now),
            handles: self.editor.handles(&self.board),
            others: others(&self.session).map(|(_, seen)| chosen(seen)).collect(),
            picked: picked(&self.editor, &self.board, self.shown.theme.get_untracked()),
            cursors: cursors(&self.session, &self.cursors, now),
            covered: self.editor.covered(&self.board),
        };
        self.painting.painter.paint_overlay(&overlay, self.editor.camera());
    }

    /// Tells the page of what is under the pointer.
    fn set_pointer_shape(&mut self) {
        self.painting.wants_pointer = false;
        let link = self.editor.pointed_link().unwrap_or_default();
        if self.painting.tooltip != link {
            link.clone_into(&mut self.painting.tooltip);
            if let Some(glass) = glass() {
                glass.set_attribute("title", link).ok();
            }
        }
        let shape = self.editor.pointer_shape(&self.board);
        if std::mem::replace(&mut self.painting.pointer_shape, shape) == shape {
            return;
        }
        if let Some(glass) = glass() {
            glass.style().set_property("cursor", shape).ok();
        }
    }
}

/// What the pointer touches. (What is said of it costs less than what would be said of all of the page.)
fn glass() -> Option<HtmlElement> {
    document().query_selector(".glass").ok()??.dyn_into().ok()
}

/// Everybody but oneself.
pub(super) fn others(session: &Session) -> impl Iterator<Item = (MemberId, &SeenMember)> {
    let me = session.me().map(|(me, _)| me);
    session.members().iter().map(|(&id, seen)| (id, seen)).filter(move |(id, _)| Some(*id) != me)
}

/// The trails of lasers in their people's colors; one's own is red.
fn trails(trails: &Trails, session: &Session, now: Time) -> Vec<(Color, TrailPiece)> {
    let color = |member: Option<MemberId>| {
        let seen = member.and_then(|member| session.members().get(&member));
        seen.map_or(LASER, |seen| seen.identity.color)
    };
    trails.seen(now).into_iter().map(|(member, piece)| (color(member), piece)).collect()
}

/// What somebody chose, or writes on.
fn chosen(seen: &SeenMember) -> Chosen<'_> {
    let is_writing = editor::writes_on(&seen.presence).is_some();
    Chosen {
        color: seen.identity.color,
        ids: &seen.presence.selection,
        writer: is_writing.then_some(&*seen.identity.name),
    }
}

/// Where the eyedropper is, and the color that is seen there.
fn picked(editor: &Editor, board: &Board, theme: Theme) -> Option<(ScreenPoint, Option<String>)> {
    let (at, color) = editor.pointed_color(board)?;
    Some((at, color.map(|(color, blend)| blended(color, blend, theme))))
}

fn cursors<'a>(session: &'a Session, places: &RemoteCursors, now: Time) -> Vec<Cursor<'a>> {
    let cursor = |(id, seen): (_, &'a SeenMember)| {
        let is_idle = now.since(seen.seen_at) > IDLE_AFTER;
        Some(Cursor {
            at: places.at(id, now)?,
            name: &seen.identity.name,
            color: seen.identity.color,
            opacity: if is_idle { IDLE_OPACITY } else { 1.0 },
        })
    };
    others(session).filter_map(cursor).collect()
}
