//! The desk: editor, board, session and painter of one open board, and the loop that joins them.
//!
//! Everything that happens comes in through [`Handle::with`]; when it is done the desk settles: edits
//! go to the session, frames to the socket, and what changed is painted with the next frame.

mod carrying;
mod copying;
mod exporting;
mod files;
mod gestures;
mod importing;
mod inbox;
mod keeping;
mod network;
mod overview;
mod painting;
mod panels;
mod pictures;
mod poster;
mod telling;

use std::cell::RefCell;
use std::collections::{HashSet, VecDeque};
use std::rc::Rc;

use editor::{Ask, Effects, Input, RemoteCursors, Trails};
use editor::{Editor, Tool};
use gloo_timers::callback::Timeout;
use shared::board::Board;
use shared::id::{ClientId, RoomName};
use shared::keep::Key;
use shared::protocol::Identity;
use shared::session::Session;
use shared::time::Time;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use crate::browser::{document, set_timeout, window};
use crate::clock;
use crate::opening::Opened;
use crate::paint::Painter;
use crate::remembered;
use crate::shown::{Action, ContextMenu, Dialog, ExportLook, ExportTo, Shown, Theme, ToastKind};
use crate::socket::{Socket, Unheard};
use crate::store::Store;
use crate::text_field::{TextField, measure};
use carrying::Carrier;
use files::Files;
use gestures::Gestures;
pub(crate) use importing::Imported;
use inbox::Inbox;
use overview::Overview;
use painting::Painting;
use pictures::Uploads;
pub(crate) use pictures::{has_pictures, unpack};
use poster::PosterTime;

/// How often a gesture that lasts is looked after, in milliseconds.
const TICK_MS: u64 = 50;
/// How often people's idleness is looked at, in milliseconds.
const IDLE_CHECK_MS: u64 = 5_000;
/// How long the page may take over a large board in one go, but for the last step, in milliseconds.
const LOAD_MS: f64 = 8.0;
/// How long "Link copied" stays, in milliseconds.
const COPIED_MS: u32 = 2_000;

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
    /// Calls for the next part of a large board.
    load_timer: Option<Timeout>,
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

/// The desk as callbacks hold it.
#[derive(Clone)]
pub(crate) struct Handle {
    desk: Rc<RefCell<Desk>>,
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
            load_timer: None,
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
            desk.find_waiting_pictures(&keeper);
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

impl Desk {
    /// Takes an input. Whether the editor used it up.
    pub(crate) fn input(&mut self, input: Input) -> bool {
        let is_about_to_draw =
            matches!(input, Input::Pick(_) | Input::Move(..) | Input::KeyDown(_));
        let effects = self.editor.handle(clock::now(), input, &mut self.board);
        if is_about_to_draw && self.editor.tool() == Tool::Pen {
            self.painting.prepare_ink();
        }
        self.follow(effects)
    }

    /// The browser expects the pointer to pass these places next.
    pub(crate) fn expect(&mut self, places: &[editor::Sample]) {
        self.editor.expect(places);
    }

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

    /// Looks at another part of the board.
    pub(crate) fn look(&mut self, change: impl FnOnce(&mut editor::Camera)) {
        let effects = self.editor.look(change);
        self.follow(effects);
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
        self.input(Input::Resize(size));
        if self.is_known && self.board.n_elements() > 0 {
            self.look_at_something();
        }
    }

    /// The page goes: loaded anew, it shows the same part of the board.
    pub(crate) fn remember_view(&self) {
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

    pub(super) fn follow(&mut self, effects: Effects) -> bool {
        let Effects { scene, mut overlay, panels, is_handled, presence, asks } = effects;
        // First the edits, then what is shown: others see a drag end where it was written.
        self.session.handle_edits(&mut self.board);
        if let Some(gesture) = &presence.gesture {
            overlay |= self.trails.handle_shown(None, gesture, clock::now());
        }
        // What is under a pointer that only moves about decides on its shape.
        self.painting.wants_pointer |= presence.cursor.is_some() && !self.editor.is_busy();
        if !presence.is_empty() {
            self.session.show_presence(clock::now(), presence);
        }
        self.painting.wants_board |= scene;
        self.painting.wants_overlay |= scene || overlay;
        self.painting.wants_panels |= panels;
        for ask in asks {
            self.answer(ask);
        }
        is_handled
    }

    fn answer(&mut self, ask: Ask) {
        match ask {
            Ask::Help => self.toggle(Dialog::Help),
            Ask::Palette => self.toggle(Dialog::Palette),
            Ask::Find => self.shown.dialog.set(Some(Dialog::Find)),
            Ask::Link => {
                let link = self.editor.link(&self.board).unwrap_or_default();
                self.shown.dialog.set(Some(Dialog::Link(link.into())));
            }
            Ask::Theme => {
                let theme = match self.shown.theme.get_untracked() {
                    Theme::Light => Theme::Dark,
                    Theme::Dark => Theme::Light,
                };
                remembered::remember_theme(theme);
                self.set_theme(theme);
            }
            Ask::Share => self.copy_link(),
            Ask::Menu(at) => {
                let sections = self.editor.menu(&self.board);
                self.shown.context_menu.set(Some(ContextMenu { at: (at.x, at.y), sections }));
            }
            Ask::Copy { .. } | Ask::Paste => self.clipboard_ask = Some(ask),
            Ask::Open(address) => {
                // The other page must not be able to steer this one.
                let rights = "noopener,noreferrer";
                window().open_with_url_and_target_and_features(&address, "_blank", rights).ok();
            }
            Ask::Cropping => {
                let text = "Enter, or a click beside it, ends cropping.".into();
                self.toast(ToastKind::Info, text, Vec::new());
            }
            Ask::Export(command) => self.answer_export(command),
            Ask::Import => choose_files(".excalidraw,.excalidrawlib,application/json,image/*"),
            Ask::Pictures => choose_files("image/*"),
        }
    }

    fn toggle(&mut self, dialog: Dialog) {
        self.shown
            .dialog
            .update(|it| *it = Some(dialog).filter(|dialog| it.as_ref() != Some(dialog)));
    }

    /// Switches between light and dark.
    pub(crate) fn set_theme(&mut self, theme: Theme) {
        self.shown.theme.set(theme);
        self.painting.set_theme(theme);
    }

    /// Letters have come in place of which others were painted.
    pub(crate) fn renew_letters(&mut self) {
        self.painting.renew_letters(self.editor.index(), self.editor.camera());
    }

    fn copy_link(&mut self) {
        let link = clock::link(&self.room);
        // Without a secure context there is no clipboard: the link is shown to be copied by hand.
        let clipboard = js_sys::Reflect::get(&window().navigator(), &"clipboard".into());
        if clipboard.is_ok_and(|clipboard| clipboard.is_object()) {
            let promise = exporting::copy_text(&link);
            wasm_bindgen_futures::spawn_local(async move {
                wasm_bindgen_futures::JsFuture::from(promise).await.ok();
            });
            let is_copied = self.shown.is_link_copied;
            is_copied.set(true);
            set_timeout(COPIED_MS, move || is_copied.set(false));
        } else {
            self.toast(ToastKind::Info, format!("The link of this board: {link}"), Vec::new());
        }
    }

    fn rename(&mut self, identity: Identity) {
        remembered::remember_identity(&identity);
        self.shown.me.set(identity.clone());
        self.session.rename(identity);
    }

    /// Sends, hears, and arranges for what is due later.
    fn settle(&mut self, handle: &Handle) {
        self.exchange(handle);
        self.carry(handle);
        self.write(handle);
        self.use_clipboard(handle);
        self.use_export(handle);
        self.prepare_to_copy(handle);
        self.follow_board();
        self.tell_ready();
        if self.painting.wants_board || self.painting.wants_panels {
            self.overview.wake(handle);
        }
        if self.painting.wants_board {
            self.poster_time.wake(handle);
        }
        self.painting.request(handle, self.inbox.is_waiting());
        self.load(handle);
        self.move_pictures(handle);
        self.place_text_field();
        self.show_unsaved();
        self.arrange_timer(handle);
    }

    /// Tells who waits for it that the board is here.
    fn tell_ready(&mut self) {
        if self.is_board_here() {
            for resolve in std::mem::take(&mut self.ready) {
                resolve.call0(&wasm_bindgen::JsValue::NULL).ok();
            }
        }
    }

    pub(super) fn place_text_field(&self) {
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

    fn follow_board(&mut self) {
        self.editor.follow(&mut self.board);
        let changes = self.editor.take_changes();
        if !changes.elements.is_empty() {
            self.painting.follow(&changes, self.session.is_glimpsing());
        }
    }

    /// Takes in the next part of a large board when everything else that is due was done, and what is seen
    /// of it at first sight was painted.
    fn load(&mut self, handle: &Handle) {
        let is_unseen = self.session.is_at_first_sight() && self.painting.is_behind();
        if !self.session.is_loading() || self.load_timer.is_some() || is_unseen {
            return;
        }
        let handle = handle.clone();
        self.load_timer = Some(Timeout::new(0, move || {
            handle.with(|desk| {
                desk.load_timer = None;
                desk.load_some();
            });
        }));
    }

    fn load_some(&mut self) {
        let began = clock::exact_ms();
        while self.session.is_loading() && clock::exact_ms() - began < LOAD_MS {
            self.session.load_more(clock::now(), &mut self.board);
            if self.session.is_at_first_sight() {
                // All that is in view is there: not before is it painted.
                self.painting.wants_board = true;
                return;
            }
        }
    }

    fn arrange_timer(&mut self, handle: &Handle) {
        let now = clock::now();
        let mut due = now.0 + IDLE_CHECK_MS;
        let carriers = self.carrier.as_ref().and_then(|it| it.courier.session.poll_timeout());
        for Time(at) in [self.session.poll_timeout(), carriers].into_iter().flatten() {
            due = due.min(at);
        }
        if let Some(Time(at)) = self.gestures.poll_timeout() {
            due = due.min(at);
        }
        if self.editor.is_busy() {
            // A hand that moves brings along what is due; one that rests does not mind to wait for it.
            due = now.0 + TICK_MS;
        }
        // One that comes too early does no harm, and most of what happens makes things due later.
        if self.timer.as_ref().is_some_and(|(at, _)| *at <= due) {
            return;
        }
        let handle = handle.clone();
        // Replacing the timer cancels the one before.
        let delay = due.saturating_sub(now.0) as u32;
        let timer = Timeout::new(delay, move || {
            handle.with(|desk| {
                desk.timer = None;
                desk.handle_timeout();
            });
        });
        self.timer = Some((due, timer));
    }

    fn handle_timeout(&mut self) {
        let now = clock::now();
        self.session.handle_timeout(now);
        if let Some(carrier) = &mut self.carrier {
            carrier.courier.session.handle_timeout(now);
        }
        if self.gestures.handle_timeout(now) {
            self.painting.wants_board = true;
            self.painting.wants_overlay = true;
        }
        if self.editor.is_busy() {
            self.input(Input::Tick);
        }
        self.show_people();
    }
}

/// Lets people choose files of these kinds.
fn choose_files(kinds: &str) {
    let field = document().get_element_by_id("import-file");
    if let Some(field) = field.and_then(|field| field.dyn_into::<HtmlElement>().ok()) {
        field.set_attribute("accept", kinds).ok();
        field.click();
    }
}
