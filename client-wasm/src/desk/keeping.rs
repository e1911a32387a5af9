//! Between the session and the browser's store: what is to be kept, what other pages of the board have
//! written, and what becomes of a board that is the room's no more.

use std::rc::Rc;

use shared::board::Board;
use shared::id::{ClientId, RoomName};
use shared::keep::{Found, Keep, Key, Recovered, Write};
use shared::limits::ROOM_NAME_MAX_BYTES;
use wasm_bindgen_futures::spawn_local;

use super::{Desk, Handle};
use crate::browser::{document, window};
use crate::opening::NOT_KEPT;
use crate::shown::{Notice, ToastKind};
use crate::store::Store;
use crate::{clock, locks, remembered};

impl Desk {
    /// Hands the next thing to the store, if none is under way.
    pub(super) fn write(&mut self, handle: &Handle) {
        let Some(store) = self.store.clone().filter(|_| !self.is_leaving) else { return };
        let Some(write) = self.session.poll_write() else { return };
        let handle = handle.clone();
        spawn_local(async move {
            let keys = store.write(&write).await;
            handle.with(|desk| desk.session.handle_written(keys));
        });
    }

    /// The page goes: what waits for an earlier write is written now.
    pub(crate) fn write_the_rest(&mut self) {
        let Some(store) = self.store.clone().filter(|_| !self.is_leaving) else { return };
        if let Some(write) = self.session.keep().and_then(Keep::last_write) {
            spawn_local(async move {
                // Nobody is there any more to hear how it ended.
                store.write(&write).await;
            });
        }
    }

    /// Waits until this page is the one that stores others' edits.
    pub(super) fn wait_to_keep(&self, handle: &Handle) {
        let handle = handle.clone();
        locks::when_keeper(&self.room, move || {
            handle.with(|desk| desk.session.handle_keeper(&desk.board));
        });
    }

    /// Reads what other pages of the board have written, and takes over from those that are gone.
    pub(crate) fn look_around(&mut self, handle: &Handle) {
        let (Some(store), Some(keep)) = (self.store.clone(), self.session.keep()) else { return };
        let (handle, room, next) = (handle.clone(), self.room.clone(), keep.next());
        spawn_local(async move {
            let mut found = Found::default();
            if store.read(next, &mut found).await.is_none() {
                return;
            }
            handle.with(|desk| desk.session.handle_found(found, &mut desk.board));
            let strangers = handle.ask(|desk| desk.session.keep().map(Keep::strangers));
            for client in strangers.flatten().unwrap_or_default() {
                let heir = handle.clone();
                if locks::take(&room, client).await {
                    handle.with(move |desk| desk.session.adopt(client));
                } else {
                    handle.with(move |desk| desk.wait_for_end_of(client, heir));
                }
            }
        });
    }

    /// Takes over from a page that has work which is not sent, once it is gone.
    fn wait_for_end_of(&mut self, client: ClientId, handle: Handle) {
        let Some(store) = self.store.clone().filter(|_| self.awaited.insert(client)) else {
            return;
        };
        locks::when_free(&self.room, client, move || {
            spawn_local(async move {
                let next = handle.ask(|desk| desk.session.keep().map(Keep::next)).flatten();
                let mut found = Found::default();
                if let Some(next) = next {
                    store.read(next, &mut found).await;
                }
                handle.with(move |desk| {
                    desk.session.handle_found(found, &mut desk.board);
                    desk.session.adopt(client);
                });
            });
        });
    }

    /// Tells the page's guard, which outlives this program, whether work is kept.
    pub(super) fn mark_kept(&self, is_kept: bool) {
        if let Some(root) = document().document_element() {
            root.toggle_attribute_with_force("data-kept", is_kept).ok();
        }
    }

    /// Tells, once, that nothing is kept any more.
    pub(super) fn warn_that_nothing_is_kept(&mut self) {
        self.mark_kept(false);
        self.toast(ToastKind::Warn, NOT_KEPT.into(), Vec::new());
    }

    /// The board shown is the room's no more: it becomes one of its own, and the page begins anew with
    /// what the room has.
    pub(super) fn part_from_room(&mut self, why: String, handle: &Handle) {
        let Some(store) = self.store.clone() else {
            return self.shown.notice.set(Some(Notice {
                title: "This page holds another board than the server".into(),
                text: format!(
                    "{why} What you see here is not kept. Reload to see the board as it is now."
                ),
            }));
        };
        if std::mem::replace(&mut self.is_leaving, true) {
            return;
        }
        let mut rng = fastrand::Rng::with_seed(clock::seed());
        let author = ClientId::random(&mut rng);
        let mut copy = Board::new(author, rng.u64(..));
        copy.insert_all_of(&self.board);
        let edits = copy.take_updates();
        let room = copy_name(&self.room, &mut rng);
        let recovered = (!edits.is_empty()).then(|| Recovered { room: room.clone(), why });
        let planting = recovered.as_ref().map(|_| Keep::planting(author, edits));
        let (notice, handle) = (self.shown.notice, handle.clone());
        spawn_local(async move {
            let clearing = |found: Found| {
                let clearing =
                    |desk: &mut Desk| Some(desk.session.keep()?.clearing(&found, recovered));
                handle.ask(clearing).flatten()
            };
            if replant(&store, &room, planting, clearing).await.is_some() {
                // A browser that refuses to reload leaves the old board where it is.
                window().location().reload().ok();
            } else {
                notice.set(Some(Notice {
                    title: "This page holds another board than the server".into(),
                    text: "There was no room to keep what you see here. It stays as long as this page.".into(),
                }));
            }
        });
    }

    /// Shows where copies of this board are, until they are dismissed.
    pub(super) fn show_recovered(&mut self, recovered: Vec<(Key, Recovered)>) {
        for (key, Recovered { room, why }) in recovered {
            let text = format!("{why} What you had is kept as a board of its own:");
            let id = self.toast_with_link(text, room);
            self.recovered.push((id, key));
        }
    }

    /// A message was dismissed: if it told of a copy, it does not come again.
    pub(super) fn forget_recovered(&mut self, toast: u64) {
        let Some(at) = self.recovered.iter().position(|(id, _)| *id == toast) else { return };
        let (_, key) = self.recovered.swap_remove(at);
        if let Some(store) = self.store.clone() {
            let write = Write { put: Vec::new(), delete: vec![key], is_strict: false };
            spawn_local(async move {
                // If it cannot be written, the message comes again.
                store.write(&write).await;
            });
        }
    }
}

/// Keeps a board under another name, and then clears the old one.
async fn replant(
    store: &Rc<Store>,
    room: &RoomName,
    planting: Option<Write>,
    clearing: impl FnOnce(Found) -> Option<Write>,
) -> Option<()> {
    if let Some(planting) = planting {
        Store::open(room).await?.0.write(&planting).await?;
        remembered::remember_board(room);
    }
    let mut found = Found::default();
    store.read(Key(0), &mut found).await?;
    store.write(&clearing(found)?).await.map(drop)
}

/// The name of a copy: its original's, and something that no other copy has.
fn copy_name(room: &RoomName, rng: &mut fastrand::Rng) -> RoomName {
    let tail = format!("-recovered-{}", &RoomName::random(rng).as_str()[..4]);
    // Names are ASCII, so they can be cut anywhere.
    let head: String = room.as_str().chars().take(ROOM_NAME_MAX_BYTES - tail.len()).collect();
    RoomName::parse(&(head + &tail)).unwrap_or_else(|_| RoomName::random(rng))
}
