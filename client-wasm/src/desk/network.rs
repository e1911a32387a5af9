//! Between the session and the socket, and from the session to what is shown.

use editor::{Effects, Input, Tool};
use shared::color::Color;
use shared::geometry::{BoardPoint, Bounds};
use shared::session::{Connection, Event};

use super::painting::others;
use super::{Desk, Handle};
use crate::browser::window;
use crate::opening::DAMAGED;
use crate::panels::palette::distinct;
use crate::shown::{Notice, ToastKind};
use crate::socket::{Heard, Socket, Unheard};
use crate::{clock, early, remembered};

/// Why a board became one of its own, for people.
pub(super) const REPLACED: &str = "This board was deleted or restored on the server.";

impl Desk {
    /// Sends what the session has to say and does what it asks, until it is content.
    pub(super) fn exchange(&mut self, handle: &Handle) {
        let mut has_news = false;
        loop {
            while let Some(frame) = self.session.poll_transmit() {
                if let Some(socket) = &self.socket {
                    socket.send(&frame);
                }
            }
            match self.session.poll_event() {
                // Of many edits that came together only the last counts.
                Some(Event::Board) => has_news = true,
                Some(event) => self.handle_event(event, handle),
                None if std::mem::take(&mut has_news) => {
                    self.gestures.handle_board(&self.board);
                    let effects =
                        self.editor.handle(clock::now(), Input::BoardChanged, &mut self.board);
                    // What is to be painted follows from what changed.
                    self.follow(Effects { scene: false, overlay: false, ..effects });
                    self.painting.wants_others = true;
                    if !self.session.is_loading() || self.session.is_at_first_sight() {
                        self.look_at_something();
                    }
                }
                None => return,
            }
        }
    }

    fn handle_event(&mut self, event: Event, handle: &Handle) {
        let now = clock::now();
        match event {
            Event::Open => self.open_socket(handle),
            Event::Close(code) => {
                if let Some(socket) = self.socket.take() {
                    socket.close(code);
                }
            }
            Event::Connection(connection) => {
                self.shown.connection.set(connection);
                // Whoever waits for the board may have it now.
                self.painting.wants_panels = true;
                if connection == Connection::Live {
                    let is_first = !std::mem::replace(&mut self.has_been_live, true);
                    if is_first && !self.is_known {
                        self.put_the_pen_down();
                    }
                    self.differ_in_color();
                    self.look_for_missing_pictures(handle);
                    self.look_around(handle);
                }
            }
            Event::Members => {
                let members = self.session.members();
                self.cursors.retain(|member| members.contains_key(&member));
                self.gestures.retain(&self.session);
                let me = self.session.me().map(|(me, _)| me);
                // Of one's own hand the editor knows more, and sooner.
                let others = self.session.members().iter().filter(|(id, _)| Some(**id) != me);
                for (&member, seen) in others {
                    let cursor = seen.presence.cursor.map(BoardPoint::from);
                    self.cursors.handle_moved(member, cursor, now);
                    self.gestures.handle_shown(member, &seen.presence.gesture, &self.board, now);
                }
                self.show_people();
                self.painting.wants_board = true;
                self.painting.wants_overlay = true;
            }
            Event::Presence(member) => {
                let Some(seen) = self.session.members().get(&member) else { return };
                if self.session.me().is_some_and(|(me, _)| me == member) {
                    return;
                }
                let cursor = seen.presence.cursor.map(BoardPoint::from);
                self.cursors.handle_moved(member, cursor, now);
                self.trails.handle_shown(Some(member), &seen.presence.gesture, now);
                if self.gestures.handle_shown(member, &seen.presence.gesture, &self.board, now) {
                    self.painting.wants_board = true;
                }
                self.painting.wants_others = true;
            }
            Event::Board => {}
            Event::Saved => self.show_unsaved(),
            Event::Rtt(rtt) => self.shown.rtt.set(Some(rtt)),
            Event::Refused(why) => self
                .shown
                .notice
                .set(Some(Notice { title: "This board cannot be opened".into(), text: why })),
            Event::Replaced => self.part_from_room(REPLACED.into(), handle),
            Event::Stranded(why) => {
                let why = format!("The server did not take your work: {why}.");
                self.part_from_room(why, handle);
            }
            Event::Outdated => self.show_outdated(),
            Event::Unkept => self.warn_that_nothing_is_kept(),
            Event::Damaged => self.toast(ToastKind::Warn, DAMAGED.into(), Vec::new()),
            Event::Broken => self.leave_broken_board(),
        }
    }

    /// The next page leaves what broke this one to the server. What is not stored yet is when this page goes.
    fn leave_broken_board(&mut self) {
        if remembered::begin_opening(&self.room) {
            window().location().reload().ok();
            return;
        }
        // It would try the same, and so would all that come after it.
        self.shown.notice.set(Some(Notice {
            title: "This board cannot be opened".into(),
            text:
                "What this browser has kept of it is damaged, and there is no room to note that. \
                   Make room in the browser and reload. Your work is still kept."
                    .into(),
        }));
    }

    /// Somebody here has a color like one's own: another one is taken for this board.
    fn differ_in_color(&mut self) {
        let mut me = self.session.identity().clone();
        let taken: Vec<Color> =
            others(&self.session).map(|(_, seen)| seen.identity.color).collect();
        let color = distinct(me.color, &taken);
        if color != me.color {
            me.color = color;
            self.shown.me.set(me.clone());
            self.session.rename(me);
        }
    }

    /// On a board that others have worked on, a first drag is to move something and not to leave a line on it.
    pub(super) fn put_the_pen_down(&mut self) {
        let is_untouched = self.editor.tool() == Tool::Pen && !self.editor.is_busy();
        if is_untouched && self.board.n_elements() > 0 {
            self.input(Input::Pick(Tool::Select));
        }
    }

    /// Takes in at once what there still is of a board that comes by parts: all of it is meant.
    pub(super) fn load_all(&mut self, handle: &Handle) {
        if self.session.is_loading() {
            while self.session.is_loading() {
                self.session.load_more(clock::now(), &mut self.board);
            }
            self.exchange(handle);
        }
    }

    /// A later version of the page is to be had.
    pub(super) fn show_outdated(&mut self) {
        let kept = if self.store.is_some() {
            "Your work is kept in this browser."
        } else {
            "What is not saved yet goes with this page."
        };
        self.shown.notice.set(Some(Notice {
            title: "There is a new version of Tandem".into(),
            text: format!("Reload the page to go on with it. {kept}"),
        }));
    }

    /// Whoever opens a board sees some of what is on it, as soon as there is a board to be seen.
    pub(super) fn look_at_something(&mut self) {
        if std::mem::replace(&mut self.has_looked, true) {
            return;
        }
        let view = self.editor.camera().view();
        let is_in_view = |bounds: Bounds| bounds.intersects(view);
        let is_seen = self.board.elements().any(|it| is_in_view(scene::bounds(it)));
        if !is_seen && self.board.n_elements() > 0 {
            let effects = self.editor.look_at_all(&self.board);
            self.follow(effects);
        }
    }

    fn open_socket(&mut self, handle: &Handle) {
        self.n_sockets += 1;
        let number = self.n_sockets;
        let handle = handle.clone();
        let hear = move |heard| handle.hear(number, heard);
        let early = self.early_socket.take().filter(|socket| !socket.is_closed());
        let socket = early.or_else(|| Unheard::open(&early::socket_address(self.room.as_str())));
        self.socket = socket.map(|socket| Socket::hear(socket, hear));
        if self.socket.is_none() {
            self.session.handle_close(clock::now(), 1006, "");
        }
    }

    pub(super) fn hear(&mut self, heard: Heard) {
        let now = clock::now();
        self.session.load_in_parts(self.editor.camera().view());
        match heard {
            Heard::Open => self.session.handle_open(now, &self.board),
            Heard::Frame(bytes) => self.session.handle_message(now, &bytes, &mut self.board),
            Heard::Closed { code, reason } => {
                self.socket = None;
                self.session.handle_close(now, code, &reason);
            }
        }
    }
}
