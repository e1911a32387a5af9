//! A person without a screen: the page's session and board, driven over a real socket.
//!
//! A task of its own listens and sends; the test edits and looks, and waits with [`Client::until`].

mod drive;
mod seen;

use std::sync::{Arc, Mutex, MutexGuard};

use serde_json::Value;
use shared::board::Board;
use shared::color::Color;
use shared::element::{NewElement, Shape, Style};
use shared::geometry::Geometry;
use shared::id::{ClientId, ElementId};
use shared::presence::PresencePatch;
use shared::protocol::Identity;
use tokio::sync::{Notify, watch};
use tokio::task::JoinHandle;
use tokio::time::timeout;

pub use seen::Seen;

use crate::{PATIENCE, now};

/// One client in one room. Dropped, it vanishes: its socket ends without a word.
pub struct Client {
    seen: Arc<Mutex<Seen>>,
    /// Tells the driver that the test did something.
    poke: Arc<Notify>,
    /// Tells the test that the driver did something.
    changes: watch::Receiver<()>,
    driver: JoinHandle<()>,
}

impl Client {
    /// A client that begins to connect to `url`.
    pub fn new(url: String, name: &str) -> Self {
        let mut rng = fastrand::Rng::new();
        let board = Board::new(ClientId::random(&mut rng), rng.u64(..));
        let identity = Identity::new(name, Color::rgb(rng.u32(..0x0100_0000)));
        let mut seen = Seen::new(identity, board, rng.u64(..));
        seen.session.connect(now());
        let seen = Arc::new(Mutex::new(seen));
        let poke = Arc::new(Notify::new());
        let (changed, changes) = watch::channel(());
        let driver = tokio::spawn(drive::drive(url, Arc::clone(&seen), Arc::clone(&poke), changed));
        Self { seen, poke, changes, driver }
    }

    /// Looks at the client as it is now.
    pub fn look<R>(&self, look: impl FnOnce(&Seen) -> R) -> R {
        look(&self.lock())
    }

    /// Waits until `condition` holds; `what` says in a failure what was waited for.
    pub async fn until(&self, what: &str, condition: impl FnMut(&Seen) -> bool) {
        if !self.comes_true(condition).await {
            panic!("waited in vain for {what}: {}", self.lock().summary());
        }
    }

    /// Whether `condition` comes to hold while there is patience.
    async fn comes_true(&self, mut condition: impl FnMut(&Seen) -> bool) -> bool {
        let mut changes = self.changes.clone();
        let waiting = async {
            loop {
                changes.borrow_and_update();
                if condition(&self.lock()) {
                    return;
                }
                changes.changed().await.expect("the driver lives as long as the client");
            }
        };
        timeout(PATIENCE, waiting).await.is_ok()
    }

    /// Waits until the server has acknowledged everything.
    pub async fn until_saved(&self) {
        self.until("everything being saved", |seen| {
            seen.is_live() && seen.session.unsaved().len() == 0
        })
        .await;
    }

    /// Waits until the board shows these elements, and no others.
    pub async fn until_elements(&self, expected: &[Value]) {
        let mut differs = String::new();
        let is_same = |seen: &Seen| {
            let elements = seen.elements();
            let pair = elements.iter().zip(expected).find(|(is, wanted)| is != wanted);
            differs =
                pair.map(|(is, wanted)| format!("{is} instead of {wanted}")).unwrap_or_default();
            elements == expected
        };
        if !self.comes_true(is_same).await {
            panic!("another board than the server's: {}, {differs}", self.lock().summary());
        }
    }

    /// Edits the board; what is written is sent.
    pub fn edit<R>(&self, edit: impl FnOnce(&mut Board) -> R) -> R {
        let result = self.lock().edit(edit);
        self.poke.notify_one();
        result
    }

    /// Draws a box; the client remembers when it has been acknowledged.
    pub fn draw(&self, x: f64, y: f64) -> ElementId {
        let geometry = Geometry { x, y, w: 40.0, h: 30.0, angle: 0.0, ..Geometry::default() };
        let new = NewElement::new(Some(geometry), Style::default(), Shape::Rectangle);
        let id = self.lock().draw(new);
        self.poke.notify_one();
        id
    }

    /// Moves an element to another place.
    pub fn place(&self, id: &ElementId, x: f64, y: f64) {
        self.edit(|board| {
            let geometry = board.element(id).map(|element| Geometry { x, y, ..element.geometry });
            board.place(&[(id.clone(), geometry.unwrap())]);
        });
    }

    /// Takes an element off the board.
    pub fn delete(&self, id: &ElementId) {
        self.edit(|board| board.delete(std::slice::from_ref(id)));
    }

    /// Shows something to the others.
    pub fn show(&self, patch: PresencePatch) {
        self.lock().session.show_presence(now(), patch);
        self.poke.notify_one();
    }

    /// Takes another name.
    pub fn rename(&self, name: &str) {
        let mut seen = self.lock();
        let color = seen.session.identity().color;
        seen.session.rename(Identity::new(name, color));
        drop(seen);
        self.poke.notify_one();
    }

    /// Cuts the line, without a word to the server, and keeps it cut.
    pub fn go_offline(&self) {
        self.lock().is_online = false;
        self.poke.notify_one();
    }

    /// Mends the line and connects at once, as a browser does that is online again.
    pub fn go_online(&self) {
        let mut seen = self.lock();
        seen.is_online = true;
        seen.session.connect(now());
        drop(seen);
        self.poke.notify_one();
    }

    /// Says goodbye.
    pub fn leave(&self) {
        self.lock().session.disconnect();
        self.poke.notify_one();
    }

    fn lock(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap()
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        self.driver.abort();
    }
}
