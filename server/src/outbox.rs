//! What waits to be sent to one connection: filled by its room, emptied by its writer, bounded.
//!
//! Pushing never waits. When a lane overflows, all that waits in it is dropped and nothing is added
//! to it any more, until the connection has read on; then the room makes up for what was dropped.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use shared::protocol::CloseCode;
use tokio::sync::Notify;

use crate::limits::{OUTBOX_ANSWERS, OUTBOX_PRESENCE_BYTES, WRITE_BUFFER_BYTES};
use crate::metrics::Refusal;
use crate::room::{Lane, Lost, Mark};

/// One connection's outbox; clones are the same one.
#[derive(Clone)]
pub struct Outbox(Arc<Shared>);

struct Shared {
    update_max_bytes: usize,
    queue: Mutex<Queue>,
    changed: Notify,
    drained: Notify,
}

#[derive(Default)]
struct Queue {
    items: VecDeque<Item>,
    n_update_bytes: usize,
    n_presence_bytes: usize,
    n_answers: usize,
    updates: Flow,
    presence: Flow,
    /// The last mark that the writer came by: what came before it is certain to be sent.
    passed: Option<Arc<Mark>>,
    ending: Option<Ending>,
}

enum Item {
    Frame(Lane, Bytes),
    /// Makes up for what was dropped, or is the welcome: never dropped, and of any size.
    Whole(Bytes),
    Mark(Arc<Mark>),
}

/// Whether a lane carries all that is pushed.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
enum Flow {
    #[default]
    Whole,
    /// It has overflowed.
    Lost,
    /// The room knows, and is going to make up for it.
    Asked,
}

impl Flow {
    fn asked(self) -> Self {
        match self {
            Self::Lost | Self::Asked => Self::Asked,
            Self::Whole => Self::Whole,
        }
    }
}

/// What became of a frame.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Pushed {
    /// It waits, or its lane had overflowed before.
    AsFits,
    /// Its lane has overflowed now.
    Overflow,
}

/// How a connection ends.
#[derive(Clone, PartialEq, Debug)]
pub struct Ending {
    /// The code of the close frame.
    pub code: CloseCode,
    /// Why, in a sentence.
    pub text: String,
    /// What was not let in, if that is the reason.
    pub refusal: Option<Refusal>,
}

impl Ending {
    /// An ending for a reason.
    pub fn new(code: CloseCode, text: impl Into<String>) -> Self {
        Self { code, text: text.into(), refusal: None }
    }

    /// An ending because something was not let in.
    pub fn refused(refusal: Refusal, text: impl Into<String>) -> Self {
        Self { code: refusal.code(), text: text.into(), refusal: Some(refusal) }
    }
}

/// What the writer has to do next: send the frames, then end if told so.
#[derive(Default, Debug)]
pub struct Batch {
    /// In this order.
    pub frames: Vec<Bytes>,
    /// Nothing follows this.
    pub ending: Option<Ending>,
}

impl Batch {
    /// Bytes of all frames.
    pub fn n_bytes(&self) -> usize {
        self.frames.iter().map(Bytes::len).sum()
    }
}

impl Outbox {
    /// An empty outbox in which at most `update_max_bytes` of updates wait.
    pub fn new(update_max_bytes: usize) -> Self {
        Self(Arc::new(Shared {
            update_max_bytes,
            queue: Mutex::default(),
            changed: Notify::new(),
            drained: Notify::new(),
        }))
    }

    /// Adds a frame, unless its lane has overflowed or does so now. When the connection is about to
    /// end, the frame is dropped.
    pub fn push(&self, lane: Lane, frame: Bytes) -> Pushed {
        let mut queue = self.queue();
        if queue.ending.is_some() {
            return Pushed::AsFits;
        }
        let pushed = match lane {
            Lane::Update => queue.push_update(frame, self.0.update_max_bytes),
            Lane::Presence => queue.push_presence(frame),
            Lane::Answer => queue.push_answer(frame),
        };
        drop(queue);
        self.0.changed.notify_one();
        pushed
    }

    /// Remembers that all updates up to here were pushed.
    pub fn push_mark(&self, mark: Arc<Mark>) {
        let mut queue = self.queue();
        if queue.updates == Flow::Whole {
            queue.push_mark(mark);
        }
    }

    /// Adds what brings the connection to `mark`, of whatever size: the welcome, or what makes up for
    /// dropped updates. The lane carries updates again.
    pub fn push_whole(&self, frames: Vec<Bytes>, mark: Arc<Mark>) {
        let mut queue = self.queue();
        // It may have overflowed again since the room was asked.
        if queue.ending.is_none() && queue.updates != Flow::Lost {
            queue.updates = Flow::Whole;
            queue.items.extend(frames.into_iter().map(Item::Whole));
            queue.push_mark(mark);
        }
        drop(queue);
        self.0.changed.notify_one();
    }

    /// Adds what makes up for dropped presence. The lane carries presence again.
    pub fn push_presence_again(&self, frames: Vec<Bytes>) {
        let mut queue = self.queue();
        if queue.ending.is_none() && queue.presence == Flow::Asked {
            queue.presence = Flow::Whole;
            queue.items.extend(frames.into_iter().map(Item::Whole));
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
            let (batch, is_drained) = self.queue().take();
            if is_drained {
                self.0.drained.notify_one();
            }
            if let Some(batch) = batch {
                return batch;
            }
            self.0.changed.notified().await;
        }
    }

    /// Waits until the writer has sent all that was left after an overflow. Only the reader calls it,
    /// and then tells the room; it may be dropped at any time.
    pub async fn drained(&self) {
        self.0.drained.notified().await;
    }

    /// What the room is to make up for, if the connection reads again. The room is told once.
    pub fn ask(&self) -> Option<Lost> {
        let mut queue = self.queue();
        if !queue.is_drained() {
            return None;
        }
        let lost = match (queue.updates, &queue.passed) {
            (Flow::Lost, Some(mark)) => Lost::Updates { known: Arc::clone(mark) },
            (Flow::Lost, None) => return None,
            (Flow::Whole | Flow::Asked, _) => Lost::Presence,
        };
        queue.updates = queue.updates.asked();
        queue.presence = queue.presence.asked();
        drop(queue);
        Some(lost)
    }

    /// Bytes of updates and presence that wait, without a welcome or what makes up for dropped ones.
    pub fn n_bytes(&self) -> usize {
        let queue = self.queue();
        queue.n_update_bytes + queue.n_presence_bytes
    }

    fn queue(&self) -> MutexGuard<'_, Queue> {
        // Nothing in here panics half-way, so the queue is whole even then.
        self.0.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Queue {
    fn push_update(&mut self, frame: Bytes, max_bytes: usize) -> Pushed {
        if self.updates != Flow::Whole {
            // What the room makes up for once it is asked; if it was already, it has counted this in.
            return Pushed::AsFits;
        }
        // A single frame always fits, so that none is too large to be ever sent.
        if self.n_update_bytes > 0 && self.n_update_bytes + frame.len() > max_bytes {
            self.updates = Flow::Lost;
            self.lose_presence();
            self.n_update_bytes = 0;
            let is_kept = |item: &Item| match item {
                Item::Frame(Lane::Update, _) | Item::Mark(_) => false,
                Item::Frame(Lane::Presence | Lane::Answer, _) | Item::Whole(_) => true,
            };
            // The mark of a welcome that waits still belongs to it, and follows it at once.
            let mut is_after_whole = false;
            self.items.retain(|item| {
                let is_its_mark = is_after_whole && matches!(item, Item::Mark(_));
                is_after_whole = matches!(item, Item::Whole(_));
                is_its_mark || is_kept(item)
            });
            self.items.shrink_to_fit();
            Pushed::Overflow
        } else {
            self.n_update_bytes += frame.len();
            self.items.push_back(Item::Frame(Lane::Update, frame));
            Pushed::AsFits
        }
    }

    fn push_presence(&mut self, frame: Bytes) -> Pushed {
        if self.presence != Flow::Whole {
            return Pushed::AsFits;
        }
        if self.n_presence_bytes > 0 && self.n_presence_bytes + frame.len() > OUTBOX_PRESENCE_BYTES
        {
            self.lose_presence();
            Pushed::Overflow
        } else {
            self.n_presence_bytes += frame.len();
            self.items.push_back(Item::Frame(Lane::Presence, frame));
            Pushed::AsFits
        }
    }

    fn push_answer(&mut self, frame: Bytes) -> Pushed {
        self.n_answers += 1;
        self.items.push_back(Item::Frame(Lane::Answer, frame));
        if self.n_answers > OUTBOX_ANSWERS {
            self.items.clear();
            (self.n_update_bytes, self.n_presence_bytes) = (0, 0);
            let text = "this connection does not read its answers; come again and sync";
            self.ending.get_or_insert(Ending::new(CloseCode::TryLater, text));
            return Pushed::Overflow;
        }
        Pushed::AsFits
    }

    fn push_mark(&mut self, mark: Arc<Mark>) {
        match self.items.back_mut() {
            Some(Item::Mark(last)) => *last = mark,
            Some(Item::Frame(..) | Item::Whole(_)) => self.items.push_back(Item::Mark(mark)),
            None => self.passed = Some(mark),
        }
    }

    fn lose_presence(&mut self) {
        self.presence = Flow::Lost;
        self.n_presence_bytes = 0;
        self.items.retain(|item| !matches!(item, Item::Frame(Lane::Presence, _)));
    }

    /// Whether something was dropped and all that remained has been taken.
    fn is_drained(&self) -> bool {
        self.items.is_empty() && [self.updates, self.presence].contains(&Flow::Lost)
    }

    /// About as much as fits into one write, and whether the room is to be asked for more.
    fn take(&mut self) -> (Option<Batch>, bool) {
        let mut batch = Batch::default();
        let mut n_bytes = 0;
        while n_bytes < WRITE_BUFFER_BYTES
            && let Some(item) = self.items.pop_front()
        {
            match item {
                Item::Mark(mark) => self.passed = Some(mark),
                Item::Whole(frame) => {
                    n_bytes += frame.len();
                    batch.frames.push(frame);
                }
                Item::Frame(lane, frame) => {
                    match lane {
                        Lane::Update => self.n_update_bytes -= frame.len(),
                        Lane::Presence => self.n_presence_bytes -= frame.len(),
                        Lane::Answer => self.n_answers -= 1,
                    }
                    n_bytes += frame.len();
                    batch.frames.push(frame);
                }
            }
        }
        // A mark that follows the last frame was passed with it.
        while let Some(Item::Mark(mark)) =
            self.items.pop_front_if(|item| matches!(item, Item::Mark(_)))
        {
            self.passed = Some(mark);
        }
        if self.items.is_empty() {
            batch.ending = self.ending.clone();
        }
        let is_something = !batch.frames.is_empty() || batch.ending.is_some();
        // Asked only with nothing in hand: what was taken has then been written.
        (is_something.then_some(batch), !is_something && self.is_drained())
    }
}

#[cfg(test)]
mod tests {
    use shared::id::Seq;

    use super::*;

    const MAX: usize = 1000;

    fn frame(n_bytes: usize) -> Bytes {
        Bytes::from(vec![0; n_bytes])
    }

    fn mark(seq: u64) -> Arc<Mark> {
        Arc::new(Mark { seq: Seq(seq), state_vector: vec![], roster: 0 })
    }

    fn take(outbox: &Outbox) -> Option<Batch> {
        outbox.queue().take().0
    }

    /// A connection that was welcomed at seq 1.
    fn welcomed() -> Outbox {
        let outbox = Outbox::new(MAX);
        outbox.push_whole(vec![frame(5 * MAX)], mark(1));
        outbox
    }

    #[test]
    fn frames_come_out_in_order_and_the_ending_last() {
        let outbox = Outbox::new(MAX);
        outbox.push(Lane::Update, Bytes::from_static(b"1"));
        outbox.push(Lane::Presence, Bytes::from_static(b"2"));
        outbox.close(Ending::new(CloseCode::Normal, "first"));
        outbox.close(Ending::new(CloseCode::Internal, "second"));
        outbox.push(Lane::Update, Bytes::from_static(b"3"));
        let batch = take(&outbox).unwrap();
        assert_eq!(batch.frames, ["1", "2"].map(Bytes::from));
        assert_eq!(batch.ending, Some(Ending::new(CloseCode::Normal, "first")));
    }

    #[test]
    fn an_overflow_drops_updates_and_keeps_welcome_and_answers() {
        let outbox = welcomed();
        outbox.push(Lane::Update, frame(600));
        outbox.push(Lane::Answer, Bytes::from_static(b"ack"));
        outbox.push(Lane::Presence, frame(7));
        outbox.push(Lane::Update, frame(600));
        outbox.push(Lane::Update, frame(1));
        outbox.push(Lane::Presence, frame(7));
        outbox.push_mark(mark(9));
        assert_eq!(outbox.n_bytes(), 0);
        assert_eq!(outbox.ask(), None, "it has not read on");
        let batch = take(&outbox).unwrap();
        assert_eq!(batch.frames, [frame(5 * MAX), Bytes::from_static(b"ack")]);
        assert_eq!(outbox.ask(), Some(Lost::Updates { known: mark(1) }));
        assert_eq!(outbox.ask(), None, "once is enough");

        outbox.push(Lane::Update, frame(1));
        outbox.push_whole(vec![frame(2)], mark(10));
        outbox.push(Lane::Update, frame(3));
        outbox.push(Lane::Presence, frame(7));
        outbox.push_presence_again(vec![frame(4)]);
        outbox.push(Lane::Presence, frame(5));
        let lengths: Vec<_> = take(&outbox).unwrap().frames.iter().map(Bytes::len).collect();
        assert_eq!(lengths, [2, 3, 4, 5]);
    }

    #[test]
    fn what_was_taken_before_an_overflow_is_known() {
        let outbox = welcomed();
        outbox.push(Lane::Update, frame(600));
        outbox.push_mark(mark(2));
        take(&outbox);
        outbox.push(Lane::Update, frame(600));
        outbox.push_mark(mark(3));
        outbox.push(Lane::Update, frame(600));
        assert_eq!(outbox.ask(), Some(Lost::Updates { known: mark(2) }));
    }

    #[test]
    fn an_overflow_of_presence_costs_no_update() {
        let outbox = welcomed();
        take(&outbox);
        outbox.push(Lane::Update, frame(1));
        for _ in 0..3 {
            outbox.push(Lane::Presence, frame(OUTBOX_PRESENCE_BYTES / 2));
        }
        outbox.push(Lane::Update, frame(2));
        let lengths: Vec<_> = take(&outbox).unwrap().frames.iter().map(Bytes::len).collect();
        assert_eq!(lengths, [1, 2]);
        assert_eq!(outbox.ask(), Some(Lost::Presence));
    }

    #[test]
    fn unread_answers_end_the_connection() {
        let outbox = welcomed();
        for _ in 0..=OUTBOX_ANSWERS {
            outbox.push(Lane::Answer, frame(1));
        }
        let batch = take(&outbox).unwrap();
        assert!(batch.frames.is_empty());
        assert_eq!(batch.ending.unwrap().code, CloseCode::TryLater);
    }

    #[test]
    fn one_frame_may_be_larger_than_the_bound() {
        let outbox = welcomed();
        take(&outbox);
        outbox.push(Lane::Update, frame(MAX + 1));
        assert_eq!(take(&outbox).unwrap().n_bytes(), MAX + 1);
        assert_eq!(outbox.ask(), None);
    }
}
