//! When to paint: at most once a frame, and only what changed.

use std::time::Duration;

use editor::{Changes, Preview, RemoteCursors, ScreenSize};
use leptos::prelude::{request_animation_frame, window};
use shared::session::{Connection, SeenMember, Session};
use shared::time::Time;

use super::{Desk, Handle};
use crate::clock;
use crate::paint::{Cursor, Overlay, Painter, Progress};
use crate::shown::Theme;

/// Cursors of people who were still for longer fade.
pub(super) const IDLE_AFTER: Duration = Duration::from_secs(30);
const IDLE_OPACITY: f64 = 0.3;

/// What is to be painted with the next frame.
pub(super) struct Painting {
    painter: Painter,
    /// The elements.
    pub(super) wants_board: bool,
    /// What lies over them.
    pub(super) wants_overlay: bool,
    /// The panels' signals.
    pub(super) wants_panels: bool,
    is_requested: bool,
    /// What the page was last told.
    pointer_shape: &'static str,
    waiting: Vec<js_sys::Function>,
}

impl Painting {
    pub(super) fn new(painter: Painter) -> Self {
        Self {
            painter,
            wants_board: true,
            wants_overlay: true,
            wants_panels: true,
            is_requested: false,
            pointer_shape: "",
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

    /// Follows the board: these elements came, went or changed.
    pub(super) fn follow(&mut self, changes: &Changes) {
        self.painter.follow(changes);
        (self.wants_board, self.wants_panels) = (true, true);
    }

    /// Nobody looks at the page any more, or somebody does again.
    pub(super) fn handle_hidden(&mut self, is_hidden: bool) {
        if is_hidden {
            self.painter.rest();
        }
        (self.wants_board, self.wants_overlay) = (!is_hidden, !is_hidden);
    }

    pub(super) fn when_painted(&mut self, resolve: js_sys::Function) {
        self.waiting.push(resolve);
    }

    /// Asks for a frame if there is anything to do in it.
    pub(super) fn request(&mut self, handle: &Handle) {
        let wants = self.wants_board || self.wants_overlay || self.wants_panels;
        if !self.is_requested && (wants || !self.waiting.is_empty()) {
            self.is_requested = true;
            let handle = handle.clone();
            request_animation_frame(move || {
                handle.with(Desk::paint);
            });
        }
    }
}

impl Desk {
    /// Paints what is wanted; while cursors are on their way, another frame follows.
    fn paint(&mut self) {
        let now = clock::now();
        self.painting.is_requested = false;
        let mut is_seen = !self.painting.wants_board;
        let wants_board = std::mem::take(&mut self.painting.wants_board);
        let wants_overlay = std::mem::take(&mut self.painting.wants_overlay);
        if std::mem::take(&mut self.painting.wants_panels) {
            self.show_panels();
        }
        if wants_board || wants_overlay {
            // One's own hand comes last: it wins over what others do to the same elements.
            let mut preview = Preview::default();
            self.gestures.show(&self.board, &mut preview);
            self.editor.show_preview(&self.board, &mut preview);
            let (board, camera) = (&self.board, self.editor.camera());
            let ink = self.editor.flowing_ink();
            if self.painting.painter.follow_ink(ink, camera) || wants_board {
                let progress =
                    self.painting.painter.paint_board(self.editor.index(), camera, &preview);
                self.painting.wants_board = progress != Progress::Finished;
                is_seen = progress != Progress::Unfinished;
            }
            let overlay = Overlay {
                board,
                preview: &preview,
                selection: self.editor.selection().collect(),
                marquee: self.editor.marquee(),
                handles: self.editor.handles(board),
                others: others(&self.session)
                    .map(|(_, seen)| (seen.identity.color, &*seen.presence.selection))
                    .collect(),
                cursors: cursors(&self.session, &self.cursors, now),
            };
            self.painting.painter.paint_overlay(&overlay, camera);
        }
        self.painting.wants_overlay |= self.cursors.is_moving(now);
        if is_seen {
            for resolve in std::mem::take(&mut self.painting.waiting) {
                resolve.call0(&wasm_bindgen::JsValue::NULL).ok();
            }
        }
        self.set_pointer_shape();
        let is_offline =
            matches!(self.session.connection(), Connection::Waiting | Connection::Offline);
        let is_synced = self.has_been_live && !self.session.is_loading();
        if is_synced || (self.is_known && is_offline) {
            for resolve in std::mem::take(&mut self.ready) {
                resolve.call0(&wasm_bindgen::JsValue::NULL).ok();
            }
        }
    }

    fn set_pointer_shape(&mut self) {
        let shape = self.editor.pointer_shape(&self.board);
        // Telling the page costs it a look at all of its styles.
        if std::mem::replace(&mut self.painting.pointer_shape, shape) == shape {
            return;
        }
        if let Some(body) = window().document().and_then(|document| document.body()) {
            body.style().set_property("--pointer", shape).ok();
        }
    }

    /// How wide `text` is in CSS pixels with a CSS font.
    pub(crate) fn measure(&self, font: &str, text: &str) -> f64 {
        self.painting.painter.measure(font, text)
    }
}

/// Everybody but oneself.
pub(super) fn others(
    session: &Session,
) -> impl Iterator<Item = (shared::id::MemberId, &SeenMember)> {
    let me = session.me().map(|(me, _)| me);
    session.members().iter().map(|(&id, seen)| (id, seen)).filter(move |(id, _)| Some(*id) != me)
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
