//! The frames that wait, in the order in which they are written, and what was dropped of them.

use std::collections::VecDeque;
use std::io::{self, IoSlice};
use std::sync::Arc;

use shared::protocol::CloseCode;
use tokio::net::tcp::OwnedWriteHalf;
use tokio::time::Instant;

use super::{Ending, Frame, Written};
use crate::limits::{OUTBOX_ANSWERS, OUTBOX_PRESENCE_BYTES, WRITE_TOGETHER_BYTES};
use crate::room::{Dialect, Lane, Lost, Mark};

/// Most frames that are written together.
const WRITE_TOGETHER_FRAMES: usize = 32;

/// What waits for one connection. An [`super::Outbox`] writes it to a socket; simulations take it out.
#[derive(Default)]
pub struct Queue {
    items: VecDeque<Item>,
    n_update_bytes: usize,
    n_presence_bytes: usize,
    n_answers: usize,
    updates: Flow,
    presence: Flow,
    /// Frames that are being written: the first may be so in part, and none is dropped any more.
    writing: VecDeque<Frame>,
    /// Since when the socket has taken nothing, if it is full.
    blocked_since: Option<Instant>,
    /// The last mark that was written past: what came before it is certain to be sent.
    passed: Option<Arc<Mark>>,
    ending: Option<Ending>,
    /// Whether the last word is among what is being written.
    is_ending: bool,
}

enum Item {
    Frame(Lane, Frame),
    /// Makes up for what was dropped, or is the welcome: never dropped, and of any size.
    Whole(Frame),
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

impl Queue {
    /// As [`super::Outbox::push`].
    pub fn push(&mut self, lane: Lane, frame: Frame, update_max_bytes: usize) -> Pushed {
        if self.ending.is_some() {
            return Pushed::AsFits;
        }
        match lane {
            Lane::Update => self.push_update(frame, update_max_bytes),
            Lane::Presence => self.push_presence(frame),
            Lane::Answer => self.push_answer(frame),
        }
    }

    /// As [`super::Outbox::push_mark`].
    pub fn push_mark(&mut self, mark: Arc<Mark>) {
        if self.updates == Flow::Whole {
            self.place_mark(mark);
        }
    }

    /// As [`super::Outbox::push_whole`].
    pub fn push_whole(&mut self, frames: impl IntoIterator<Item = Frame>, mark: Arc<Mark>) {
        // It may have overflowed again since the room was asked.
        if self.ending.is_none() && self.updates != Flow::Lost {
            self.updates = Flow::Whole;
            self.items.extend(frames.into_iter().map(Item::Whole));
            self.place_mark(mark);
        }
    }

    /// As [`super::Outbox::push_presence_again`].
    pub fn push_presence_again(&mut self, frames: impl IntoIterator<Item = Frame>) {
        if self.ending.is_none() && self.presence == Flow::Asked {
            self.presence = Flow::Whole;
            self.items.extend(frames.into_iter().map(Item::Whole));
        }
    }

    /// As [`super::Outbox::close`].
    pub fn close(&mut self, ending: Ending) {
        self.ending.get_or_insert(ending);
    }

    pub(super) fn abandon(&mut self, ending: Ending) {
        self.clear();
        // Only the frame that was begun is finished.
        self.writing.truncate(1);
        self.close(ending);
    }

    /// As [`super::Outbox::ask`].
    pub fn ask(&mut self) -> Option<Lost> {
        if !self.is_drained() {
            return None;
        }
        let lost = match (self.updates, &self.passed) {
            (Flow::Lost, Some(mark)) => Lost::Updates { known: Arc::clone(mark) },
            (Flow::Lost, None) => return None,
            (Flow::Whole | Flow::Asked, _) => Lost::Presence,
        };
        self.updates = self.updates.asked();
        self.presence = self.presence.asked();
        Some(lost)
    }

    /// As [`super::Outbox::has_lost`].
    pub fn has_lost(&self) -> bool {
        [self.updates, self.presence].contains(&Flow::Lost)
    }

    /// As [`super::Outbox::n_bytes`].
    pub fn n_bytes(&self) -> usize {
        self.n_update_bytes + self.n_presence_bytes
    }

    pub(super) fn blocked_since(&self) -> Option<Instant> {
        self.blocked_since
    }

    /// Takes out what a socket would be given that has room for `max_bytes`, be it the middle of a frame.
    pub fn take(&mut self, max_bytes: usize, dialect: Dialect) -> Vec<u8> {
        let mut taken = Vec::new();
        loop {
            self.fill(dialect);
            let Some(frame) = self.writing.front() else { return taken };
            let n_before = taken.len();
            for piece in frame.slices() {
                let n = piece.len().min(max_bytes - taken.len());
                taken.extend_from_slice(&piece[..n]);
            }
            let n = taken.len() - n_before;
            if n == 0 {
                return taken;
            }
            self.advance(n);
        }
    }

    /// Writes until nothing is left or the socket takes no more; tells how many bytes.
    pub(super) fn write(
        &mut self,
        socket: &OwnedWriteHalf,
        dialect: Dialect,
    ) -> io::Result<(Written, usize)> {
        let mut n_bytes = 0;
        loop {
            self.fill(dialect);
            if self.writing.is_empty() {
                let written = if self.is_ending { Written::Ended } else { Written::All };
                return Ok((written, n_bytes));
            }
            match self.write_once(socket) {
                Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
                Ok(n) => {
                    n_bytes += n;
                    self.advance(n);
                }
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    self.blocked_since.get_or_insert_with(Instant::now);
                    return Ok((Written::Blocked, n_bytes));
                }
                Err(error) => return Err(error),
            }
        }
    }

    fn write_once(&self, socket: &OwnedWriteHalf) -> io::Result<usize> {
        let mut frames = self.writing.iter();
        if let (Some(frame), None) = (frames.next(), frames.next())
            && let Some(piece) = frame.one_piece()
        {
            return socket.try_write(piece);
        }
        let mut slices = [IoSlice::new(&[]); 2 * WRITE_TOGETHER_FRAMES];
        let pieces = self.writing.iter().flat_map(Frame::slices);
        let n_pieces = slices.iter_mut().zip(pieces).map(|(slot, it)| *slot = it).count();
        socket.try_write_vectored(&slices[..n_pieces])
    }

    /// Takes the next frames to be written, about as many as go out together.
    fn fill(&mut self, dialect: Dialect) {
        let mut n_bytes: usize = self.writing.iter().map(Frame::len).sum();
        while n_bytes < WRITE_TOGETHER_BYTES && self.writing.len() < WRITE_TOGETHER_FRAMES {
            let Some(frame) = self.next_frame() else { break };
            n_bytes += frame.len();
            self.writing.push_back(frame);
        }
        // A mark that follows the last frame was passed with it.
        while let Some(Item::Mark(mark)) =
            self.items.pop_front_if(|item| matches!(item, Item::Mark(_)))
        {
            self.passed = Some(mark);
        }
        if self.items.is_empty()
            && !self.is_ending
            && let Some(ending) = &self.ending
        {
            self.writing.extend(ending.frames(dialect));
            self.is_ending = true;
        }
    }

    fn next_frame(&mut self) -> Option<Frame> {
        loop {
            match self.items.pop_front()? {
                Item::Mark(mark) => self.passed = Some(mark),
                Item::Whole(frame) => return Some(frame),
                Item::Frame(lane, frame) => {
                    match lane {
                        Lane::Update => self.n_update_bytes -= frame.len(),
                        Lane::Presence => self.n_presence_bytes -= frame.len(),
                        Lane::Answer => self.n_answers -= 1,
                    }
                    return Some(frame);
                }
            }
        }
    }

    /// So many bytes were written.
    fn advance(&mut self, mut n_bytes: usize) {
        self.blocked_since = None;
        while let Some(frame) = self.writing.front_mut() {
            if frame.len() > n_bytes {
                frame.advance(n_bytes);
                return;
            }
            n_bytes -= frame.len();
            self.writing.pop_front();
        }
    }

    fn clear(&mut self) {
        self.items.clear();
        (self.n_update_bytes, self.n_presence_bytes, self.n_answers) = (0, 0, 0);
    }

    fn push_update(&mut self, frame: Frame, max_bytes: usize) -> Pushed {
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

    fn push_presence(&mut self, frame: Frame) -> Pushed {
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

    fn push_answer(&mut self, frame: Frame) -> Pushed {
        self.n_answers += 1;
        self.items.push_back(Item::Frame(Lane::Answer, frame));
        if self.n_answers > OUTBOX_ANSWERS {
            self.clear();
            let text = "this connection does not read its answers; come again and sync";
            self.ending.get_or_insert(Ending::new(CloseCode::TryLater, text));
            return Pushed::Overflow;
        }
        Pushed::AsFits
    }

    fn place_mark(&mut self, mark: Arc<Mark>) {
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
        self.items.is_empty() && self.writing.is_empty() && self.has_lost()
    }
}

#[cfg(test)]
mod tests;
