//! The desk: editor, board, session and painter of one open board, and the loop that joins them.
//!
//! Everything that happens comes in through [`Handle::with`]; when it is done the desk settles: edits
//! go to the session, frames to the socket, and what changed is painted with the next frame. What the desk
//! does of all that is in the files below; here is what it has, and what it tells those outside.

mod carrying;
mod copying;
mod exporting;
mod files;
mod following;
mod gestures;
mod handle;
mod importing;
mod inbox;
mod keeping;
mod network;
mod overview;
mod painting;
mod panels;
mod pictures;
mod poster;
mod rest;
mod settling;
mod telling;

use std::collections::HashSet;
use std::rc::Rc;

use editor::{Ask, Editor, Input, RemoteCursors, Trails};
use gloo_timers::callback::Timeout;
use shared::board::Board;
use shared::id::{ClientId, RoomName};
use shared::keep::Key;
use shared::session::Session;

use crate::shown::{ExportLook, ExportTo, Shown};
use crate::socket::{Socket, Unheard};
use crate::store::Store;
use crate::text_field::TextField;
use crate::{clock, remembered};
use carrying::Carrier;
use files::Files;
use gestures::Gestures;
pub(crate) use handle::Handle;
pub(crate) use importing::Imported;
use inbox::Inbox;
use overview::Overview;
use painting::Painting;
use pictures::Uploads;
pub(crate) use pictures::{has_pictures, unpack};
use poster::PosterTime;

/// One open board.
pub(crate) struct Desk {
    room: RoomName,
    board: Board,
    editor: Editor,
    session: Session,
    socket: Option<Socket>,
    /// The first one, which opens while the page is put together.
    early_socket: Option<Unheard>,
    /// The other pages whose end is waited for.
    awaited: HashSet<ClientId>,
    /// Counts sockets, so that what an old one still reports is not taken for the new one's.
    n_sockets: u64,
    inbox: Inbox,
    /// Where the board is kept, if it is.
    store: Option<Rc<Store>>,
    carrier: Option<Carrier>,
    /// Messages of copies of this board, and where the store tells of these.
    recovered: Vec<(u64, Key)>,
    /// Whether the page is about to be loaded anew.
    is_leaving: bool,
    cursors: RemoteCursors,
    gestures: Gestures,
    trails: Trails,
    painting: Painting,
    overview: Overview,
    poster_time: PosterTime,
    uploads: Uploads,
    /// What reads and writes files, once it is loaded.
    files: Option<Files>,
    /// Whether it was asked for beforehand.
    expects_files: bool,
    text_field: TextField,
    /// How far it is from where the board has its text, in board units.
    text_shift: (f64, f64),
    shown: Shown,
    /// When it is looked after what is due, and what calls then.
    timer: Option<(u64, Timeout)>,
    /// Whether the next part of a large board has its turn soon.
    is_load_due: bool,
    last_toast: u64,
    /// What is to be done with the clipboard.
    clipboard_ask: Option<Ask>,
    /// What is to be saved or copied.
    export_ask: Option<(ExportLook, ExportTo)>,
    ready: Vec<js_sys::Function>,
    has_been_live: bool,
    /// Whether the board is one that the browser had kept.
    is_known: bool,
    /// Whether the first of the board was looked at.
    has_looked: bool,
}

impl Desk {
    /// The editor, to be read.
    pub(crate) fn editor(&self) -> &Editor {
        &self.editor
    }

    /// The board, to be read.
    pub(crate) fn board(&self) -> &Board {
        &self.board
    }

    /// The session, to be read.
    pub(crate) fn session(&self) -> &Session {
        &self.session
    }

    /// Connects at once instead of waiting for the next attempt, or finds out whether the line is alive;
    /// and looks what other pages of the board have done meanwhile.
    pub(crate) fn connect(&mut self, handle: &Handle) {
        if !self.is_leaving {
            self.session.connect(clock::now());
            self.look_around(handle);
        }
    }

    /// Whether the page may go without asking: everything is saved, or it is being loaded anew.
    pub(crate) fn may_go(&self) -> bool {
        self.is_leaving || self.n_unsaved() == 0
    }

    /// Calls `resolve` as soon as the board has been synced.
    pub(crate) fn when_ready(&mut self, resolve: js_sys::Function) {
        self.ready.push(resolve);
    }

    /// Calls `resolve` as soon as everything in view is painted.
    pub(crate) fn when_painted(&mut self, resolve: js_sys::Function) {
        self.painting.when_painted(resolve);
    }

    /// Follows the page's size.
    pub(crate) fn resize(&mut self, size: editor::ScreenSize) {
        self.painting.resize(size);
        self.editor.cover(panels::reach(size));
        self.input(Input::Resize(size));
        if self.is_known && self.board.n_elements() > 0 {
            self.look_at_something();
        }
    }

    /// The page goes: loaded anew, it shows the same part of the board.
    pub(crate) fn remember_view(&self) {
        if self.board.n_elements() == 0 {
            return;
        }
        let camera = self.editor.camera();
        remembered::remember_view(&self.room, camera.center(), camera.zoom());
    }

    /// Nobody looks at the page any more, or somebody does again.
    pub(crate) fn handle_hidden(&mut self, is_hidden: bool) {
        if is_hidden {
            self.keep_poster();
        }
        self.painting.handle_hidden(is_hidden);
        self.take_in();
    }

    /// Letters have come in place of which others were painted.
    pub(crate) fn renew_letters(&mut self) {
        self.painting.renew_letters(self.editor.index(), self.editor.camera());
    }

    /// Puts the text field where the board has the text that is written.
    pub(crate) fn place_text_field(&self) {
        let (edit, camera) = (self.editor.text_edit(), self.editor.camera());
        self.text_field.follow(edit, self.text_shift, camera, self.shown.theme.get_untracked());
    }

    /// Moves the board up if a phone's keyboard hides what is typed.
    pub(crate) fn keep_text_in_view(&mut self) {
        if self.editor.text_edit().is_some()
            && let Some(hidden) = self.text_field.hidden_by_keyboard().filter(|it| *it > 0.0)
        {
            self.look(|camera| camera.pan(0.0, -hidden));
        }
    }
}
