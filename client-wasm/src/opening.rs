//! Opens a board with what the browser has kept of it, before the server has been heard of.

use std::cell::Cell;
use std::rc::Rc;

use gloo_timers::callback::Timeout;
use shared::board::Board;
use shared::id::{ClientId, RoomName};
use shared::keep::{Keep, Key, Recovered};
use shared::protocol::Identity;
use shared::session::Session;
use wasm_bindgen_futures::spawn_local;

use crate::store::Store;
use crate::{clock, early, locks, remembered};

/// How long a browser may take to open its database before the board opens without, in milliseconds.
const PATIENCE_MS: u32 = 3_000;

/// A board, ready to be worked on.
pub(crate) struct Opened {
    pub(crate) board: Board,
    pub(crate) session: Session,
    /// Where it is kept, if it is.
    pub(crate) store: Option<Rc<Store>>,
    /// Whether the board is one that was here before.
    pub(crate) is_known: bool,
    /// Copies that were made when the board was replaced, and that nobody was told of.
    pub(crate) recovered: Vec<(Key, Recovered)>,
    /// What the person is to be told.
    pub(crate) warning: Option<&'static str>,
}

/// Why nothing is kept, for people.
pub(crate) const NOT_KEPT: &str = "This browser has no room for your work or may not keep it. \
    Stay on this page until everything is saved.";
const INSECURE: &str = "This page did not come over https, so the browser keeps nothing of it. \
    Stay on this page until everything is saved.";
pub(crate) const DAMAGED: &str =
    "What this browser kept of the board was damaged. The board is loaded anew.";

/// Opens the board of a room, and calls `then` with it.
pub(crate) fn open(room: RoomName, identity: Identity, then: impl FnOnce(Opened) + 'static) {
    let then = Rc::new(Cell::new(Some(then)));
    let anyway = {
        let (then, identity) = (Rc::clone(&then), identity.clone());
        Timeout::new(PATIENCE_MS, move || {
            if let Some(then) = then.take() {
                then(unkept(identity, NOT_KEPT));
            }
        })
    };
    spawn_local(async move {
        let opened = if locks::are_there() {
            let kept = kept(&room, identity.clone()).await;
            kept.unwrap_or_else(|| unkept(identity, NOT_KEPT))
        } else {
            unkept(identity, INSECURE)
        };
        drop(anyway);
        if let Some(then) = then.take() {
            then(opened);
        }
    });
}

/// A board without a past and without a store.
fn unkept(identity: Identity, warning: &'static str) -> Opened {
    let mut rng = fastrand::Rng::with_seed(clock::seed());
    Opened {
        board: Board::new(ClientId::random(&mut rng), rng.u64(..)),
        session: Session::new(identity, None, rng.u64(..)),
        store: None,
        is_known: false,
        recovered: Vec::new(),
        warning: Some(warning),
    }
}

async fn kept(room: &RoomName, identity: Identity) -> Option<Opened> {
    let mut rng = fastrand::Rng::with_seed(clock::seed());
    let (store, mut found) = Store::open_first(room).await?;
    let n_ended = remembered::n_ended_opening(room);
    // What others came to their end over is not looked at, and so not large.
    let is_large = n_ended == 0 && found.is_large();
    let mut used = None;
    let mut adopted = Vec::new();
    for client in found.usable() {
        if used.is_none() && locks::take(room, client).await {
            // Of a large board nothing is read yet: its page writes under an id of its own.
            if is_large { adopted.push(client) } else { used = Some(client) }
        }
    }
    for client in found.workers() {
        let is_held = Some(client) == used || adopted.contains(&client);
        if !is_held && locks::take(room, client).await {
            adopted.push(client);
        }
    }
    if used.is_some() || !adopted.is_empty() {
        // Whoever had these ids may have written until just now.
        store.read(found.next(), &mut found).await?;
    }
    let store = Some(Rc::new(store));
    if is_large {
        let (is_known, recovered) = (true, found.recovered());
        let warning = found.is_damaged().then_some(DAMAGED);
        let author = fresh_author(room, &mut rng).await;
        let (keep, shelf) = Keep::shelving(found, author, adopted);
        let session = Session::opening(identity, None, rng.u64(..), keep, shelf);
        let board = Board::new(author, rng.u64(..));
        return Some(Opened { board, session, store, is_known, recovered, warning });
    }
    remembered::begin_opening(room);
    found.distrust(n_ended);
    let mut author = match used {
        Some(client) => client,
        None => fresh_author(room, &mut rng).await,
    };
    let (mut board, is_whole) = found.assemble(author, rng.u64(..));
    if let Some(client) = used.filter(|_| !is_whole) {
        adopted.push(client);
        used = None;
        author = fresh_author(room, &mut rng).await;
        (board, _) = found.assemble(author, rng.u64(..));
    }
    remembered::end_opening(room);
    let is_known = found.has_board();
    let recovered = found.recovered();
    let warning = found.is_damaged().then_some(DAMAGED);
    let keep = Keep::new(found, author, used.is_some(), adopted);
    let session = Session::keeping(identity, None, rng.u64(..), keep);
    Some(Opened { board, session, store, is_known, recovered, warning })
}

/// An author whom nobody has seen, held by this page.
async fn fresh_author(room: &RoomName, rng: &mut fastrand::Rng) -> ClientId {
    if let Some(author) = early::author().await {
        return author;
    }
    let author = ClientId::random(rng);
    locks::take(room, author).await;
    author
}
