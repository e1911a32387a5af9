//! What waits to be sent to one connection: filled by its room, emptied by its writer, bounded.
//!
//! Pushing never waits. A connection that reads too slowly for its bounds is closed: it comes again
//! and syncs.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use shared::protocol::CloseCode;
use tokio::sync::Notify;

use crate::limits::{OUTBOX_PRESENCE_BYTES, OUTBOX_UPDATE_BYTES};
use crate::room::Lane;

/// One connection's outbox; clones are the same one.
#[derive(Clone, Default)]
pub struct Outbox(Arc<Shared>);

#[derive(Default)]
struct Shared {
    queue: Mutex<Queue>,
    changed: Notify,
}

#[derive(Default)]
struct Queue {
    frames: VecDeque<Bytes>,
    n_update_bytes: usize,
    n_presence_bytes: usize,
    ending: Option<Ending>,
}

/// How a connection ends.
#[derive(Clone, PartialEq, Debug)]
pub struct Ending {
    /// The code of the close frame.
    pub code: CloseCode,
    /// Why, in a sentence.
    pub text: String,
}

impl Ending {
    /// An ending for a reason.
    pub fn new(code: CloseCode, text: impl Into<String>) -> Self {
        Self { code, text: text.into() }
    }
}

/// What the writer has to do next: send the frames, then end if told so.
#[derive(Default, Debug)]
pub struct Batch {
    /// In this order.
    pub frames: VecDeque<Bytes>,
    /// Nothing follows this.
    pub ending: Option<Ending>,
}

impl Outbox {
    /// Adds a frame. When the connection is about to end, the frame is dropped; when its lane is
    /// full, the connection ends.
    pub fn push(&self, lane: Lane, frame: Bytes) {
        let mut queue = self.queue();
        if queue.ending.is_some() {
            return;
        }
        let (n_bytes, max) = match lane {
            Lane::Update => (&mut queue.n_update_bytes, OUTBOX_UPDATE_BYTES),
            Lane::Presence => (&mut queue.n_presence_bytes, OUTBOX_PRESENCE_BYTES),
        };
        // A single frame always fits: a welcome is as large as its board.
        if *n_bytes > 0 && *n_bytes + frame.len() > max {
            queue.frames.clear();
            let text = "this connection reads too slowly; come again and sync";
            queue.ending = Some(Ending::new(CloseCode::TryLater, text));
        } else {
            *n_bytes += frame.len();
            queue.frames.push_back(frame);
        }
        drop(queue);
        self.0.changed.notify_one();
    }

    /// Ends the connection after what waits already. The first ending counts.
    pub fn close(&self, ending: Ending) {
        self.queue().ending.get_or_insert(ending);
        self.0.changed.notify_one();
    }

    /// Waits for something to send. Only the writer calls it; it may be dropped at any time.
    pub async fn next(&self) -> Batch {
        loop {
            if let Some(batch) = self.take() {
                return batch;
            }
            self.0.changed.notified().await;
        }
    }

    fn take(&self) -> Option<Batch> {
        let mut queue = self.queue();
        if queue.frames.is_empty() && queue.ending.is_none() {
            return None;
        }
        queue.n_update_bytes = 0;
        queue.n_presence_bytes = 0;
        Some(Batch { frames: std::mem::take(&mut queue.frames), ending: queue.ending.clone() })
    }

    fn queue(&self) -> MutexGuard<'_, Queue> {
        // Nothing in here panics half-way, so the queue is whole even then.
        self.0.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_come_out_in_order_and_the_ending_last() {
        let outbox = Outbox::default();
        outbox.push(Lane::Update, Bytes::from_static(b"1"));
        outbox.push(Lane::Presence, Bytes::from_static(b"2"));
        outbox.close(Ending::new(CloseCode::Normal, "first"));
        outbox.close(Ending::new(CloseCode::Internal, "second"));
        outbox.push(Lane::Update, Bytes::from_static(b"3"));
        let batch = outbox.take().unwrap();
        assert_eq!(batch.frames, ["1", "2"].map(Bytes::from));
        assert_eq!(batch.ending, Some(Ending::new(CloseCode::Normal, "first")));
    }

    #[test]
    fn a_slow_reader_is_closed_and_holds_no_memory() {
        let outbox = Outbox::default();
        let frame = Bytes::from(vec![0; OUTBOX_PRESENCE_BYTES / 2 + 1]);
        outbox.push(Lane::Presence, frame.clone());
        outbox.push(Lane::Update, frame.clone());
        outbox.push(Lane::Presence, frame);
        let batch = outbox.take().unwrap();
        assert!(batch.frames.is_empty());
        assert_eq!(batch.ending.unwrap().code, CloseCode::TryLater);
    }

    #[test]
    fn one_frame_may_be_larger_than_the_bound() {
        let outbox = Outbox::default();
        outbox.push(Lane::Update, Bytes::from(vec![0; OUTBOX_UPDATE_BYTES + 1]));
        assert!(outbox.take().unwrap().ending.is_none());
    }
}
