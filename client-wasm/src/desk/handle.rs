//! The desk as callbacks hold it: acts queue up, each is done when its turn comes, and then the desk settles.

use std::cell::RefCell;
use std::collections::{HashSet, VecDeque};
use std::rc::Rc;

use editor::{Editor, Input, RemoteCursors, Trails};
use shared::id::RoomName;

use super::gestures::Gestures;
use super::inbox::Inbox;
use super::overview::Overview;
use super::painting::Painting;
use super::pictures::{self, Uploads};
use super::poster::PosterTime;
use super::{Desk, importing};
use crate::opening::Opened;
use crate::paint::Painter;
use crate::shown::{Action, Shown, ToastKind};
use crate::socket::Unheard;
use crate::text_field::{TextField, measure};
use crate::{clock, remembered};

/// The desk as callbacks hold it.
#[derive(Clone)]
pub(crate) struct Handle {
    pub(super) desk: Rc<RefCell<Desk>>,
    /// What is to be done, in order.
    acts: Rc<RefCell<VecDeque<Act>>>,
}

type Act = Box<dyn FnOnce(&mut Desk)>;

impl Handle {
    /// Sets up a desk for a room and begins to connect.
    pub(crate) fn new(
        room: RoomName,
        opened: Opened,
        early_socket: Option<Unheard>,
        shown: Shown,
        painter: Painter,
        text_field: TextField,
    ) -> Self {
        let Opened { mut board, session, store, is_known, recovered, warning } = opened;
        board.attach_by(scene::attached);
        let mut editor = measure().map_or_else(Editor::default, Editor::new);
        editor.switch_to(remembered::modes());
        let view = remembered::view(&room);
        if let Some((center, zoom)) = view {
            // Others are told when the page's size is known.
            let _ = editor.look(|camera| camera.look_at(center, zoom));
        }
        let desk = Desk {
            room,
            board,
            editor,
            session,
            socket: None,
            early_socket,
            awaited: HashSet::new(),
            n_sockets: 0,
            inbox: Inbox::default(),
            store,
            carrier: None,
            recovered: Vec::new(),
            is_leaving: false,
            cursors: RemoteCursors::default(),
            gestures: Gestures::default(),
            trails: Trails::default(),
            painting: Painting::new(painter),
            overview: Overview::default(),
            poster_time: PosterTime::default(),
            uploads: Uploads::default(),
            files: None,
            expects_files: false,
            text_field,
            text_shift: (0.0, 0.0),
            shown,
            timer: None,
            is_load_due: false,
            last_toast: 0,
            clipboard_ask: None,
            export_ask: None,
            ready: Vec::new(),
            has_been_live: false,
            is_known,
            has_looked: view.is_some(),
        };
        let handle = Self { desk: Rc::new(RefCell::new(desk)), acts: Rc::default() };
        let keeper = handle.clone();
        handle.with(move |desk| {
            if let Some(warning) = warning {
                desk.toast(ToastKind::Warn, warning.into(), Vec::new());
            }
            desk.show_recovered(recovered);
            desk.show_unsaved();
            desk.mark_kept(desk.store.is_some());
            desk.wait_to_keep(&keeper);
            desk.session.load_in_parts(desk.editor.camera().view());
            desk.session.connect(clock::now());
        });
        handle
    }

    /// Does something at the desk and lets it settle. An act that comes while another one is at the
    /// desk (the browser reports some events at once) is done right after it.
    pub(crate) fn with(&self, act: impl FnOnce(&mut Desk) + 'static) {
        self.enqueue(Box::new(act));
    }

    /// Asks the desk something; `None` while an act is at it.
    pub(crate) fn ask<R>(&self, ask: impl FnOnce(&mut Desk) -> R) -> Option<R> {
        let answer = self.desk.try_borrow_mut().ok().map(|mut desk| ask(&mut desk));
        self.enqueue(Box::new(|_| {}));
        answer
    }

    fn enqueue(&self, act: Act) {
        self.acts.borrow_mut().push_back(act);
        let Ok(mut desk) = self.desk.try_borrow_mut() else { return };
        loop {
            // Not in the loop's head: the queue must be free while an act is done.
            let next = self.acts.borrow_mut().pop_front();
            let Some(act) = next else { break };
            act(&mut desk);
            desk.settle(self);
        }
    }

    /// Makes sure of the connection: see [`Desk::connect`].
    pub(crate) fn connect(&self) {
        let handle = self.clone();
        self.with(move |desk| desk.connect(&handle));
    }

    /// Looks for pictures that an earlier page could not send.
    pub(crate) fn find_waiting_pictures(&self) {
        let handle = self.clone();
        self.with(move |desk| desk.find_waiting_pictures(&handle));
    }

    /// Takes an input.
    pub(crate) fn input(&self, input: Input) {
        self.with(|desk| {
            desk.input(input);
        });
    }

    /// What a panel asks for.
    pub(crate) fn act(&self, action: Action) {
        match action {
            Action::Input(input) => self.input(input),
            Action::LookAt(x, y) => self.with(move |desk| desk.look_at_map(x, y)),
            Action::Rename(identity) => self.with(|desk| desk.rename(identity)),
            Action::Import(files, at) => {
                let (images, others): (Vec<_>, Vec<_>) =
                    files.into_iter().partition(pictures::is_picture);
                pictures::bring(self, &images, at);
                for file in others {
                    importing::import_file(self.clone(), file);
                }
            }
            Action::Export(look, to) => self.export(look, to),
            Action::Preview(look, canvas) => self.with(move |desk| desk.preview(look, &canvas)),
            Action::Dismiss(id) => {
                self.with(move |desk| {
                    desk.forget_recovered(id);
                    desk.shown.toasts.update(|all| all.retain(|t| t.id != id));
                });
            }
        }
    }
}
