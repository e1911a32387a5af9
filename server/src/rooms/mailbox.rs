//! Letters on their way to a room's task, and the bell that wakes it.
//!
//! Whatever only matters at the next tick does not wake a room that is going to wake up for the tick
//! anyway: with a hundred cursors on the move this saves thousands of wake-ups a second.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering, fence};

use tokio::sync::Notify;
use tokio::sync::mpsc::{self, Receiver, Sender, error::TrySendError};

use super::RoomClosed;
use crate::limits::MAILBOX_LETTERS;
use crate::room_task::Letter;

/// The senders' end.
#[derive(Clone)]
pub struct Mailbox {
    letters: Sender<Letter>,
    bell: Arc<Bell>,
}

/// The room's end.
pub struct Inbox {
    letters: Receiver<Letter>,
    bell: Arc<Bell>,
}

#[derive(Default)]
struct Bell {
    rung: Notify,
    /// Whether the room looks into the box soon, without being woken.
    is_dozing: AtomicBool,
}

/// A mailbox and its inbox.
pub fn mailbox() -> (Mailbox, Inbox) {
    let (sender, receiver) = mpsc::channel(MAILBOX_LETTERS);
    let bell = Arc::<Bell>::default();
    (Mailbox { letters: sender, bell: Arc::clone(&bell) }, Inbox { letters: receiver, bell })
}

impl Mailbox {
    /// Drops a letter in; waits while the box is full.
    pub async fn post(&self, letter: Letter) -> Result<(), RoomClosed> {
        match self.try_post(letter) {
            Ok(()) => Ok(()),
            Err(TrySendError::Closed(_)) => Err(RoomClosed),
            Err(TrySendError::Full(letter)) => {
                self.bell.rung.notify_one();
                self.letters.send(letter).await.map_err(|_| RoomClosed)?;
                self.bell.rung.notify_one();
                Ok(())
            }
        }
    }

    /// Drops a letter in if there is room for it.
    pub fn try_post(&self, letter: Letter) -> Result<(), TrySendError<Letter>> {
        let is_quiet = letter.is_quiet();
        self.letters.try_send(letter)?;
        // Pairs with the fence in `Inbox::doze`: one of the two sees what the other did.
        fence(Ordering::SeqCst);
        if !is_quiet || !self.bell.is_dozing.load(Ordering::Relaxed) {
            self.bell.rung.notify_one();
        }
        Ok(())
    }

    /// Whether the room has ended.
    pub fn is_closed(&self) -> bool {
        self.letters.is_closed()
    }

    /// Whether this is the way to a room.
    pub fn leads_to(&self, room: &Inbox) -> bool {
        Arc::ptr_eq(&self.bell, &room.bell)
    }

    /// How many hold the mailbox.
    pub fn n_holders(&self) -> usize {
        self.letters.strong_count()
    }
}

impl Inbox {
    /// Says whether quiet letters need not ring; the answer is whether there is a letter already.
    pub fn doze(&self, is_dozing: bool) -> bool {
        self.bell.is_dozing.store(is_dozing, Ordering::Relaxed);
        fence(Ordering::SeqCst);
        !is_dozing && !self.letters.is_empty()
    }

    /// Returns when somebody has rung since the last time.
    pub async fn rung(&self) {
        self.bell.rung.notified().await;
    }

    /// Takes the next letter out, if there is one.
    pub fn take(&mut self) -> Option<Letter> {
        self.letters.try_recv().ok()
    }

    /// Whether nothing waits.
    pub fn is_empty(&self) -> bool {
        self.letters.is_empty()
    }

    /// Takes no more letters in.
    pub fn close(&mut self) {
        self.letters.close();
    }
}
