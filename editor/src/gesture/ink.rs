//! Drawing ink: shown at once, written a chunk at a time so that a crash costs a quarter of a second.

use std::time::Duration;

use shared::board::Board;
use shared::element::{Brush, Ink, NewElement, Shape, Style};
use shared::id::ElementId;
use shared::ink::{InkPoint, Quantum, encode_chunk};
use shared::limits::{GESTURE_INK_MAX_BYTES, INK_COMMIT_EVERY};
use shared::presence::{Gesture, InkGesture};
use shared::time::Time;

use crate::preview::FlowingInk;

/// A stroke in progress.
pub(crate) struct Stroke {
    id: ElementId,
    style: Style,
    quantum: Quantum,
    ink: Ink,
    /// Where the browser expects the pen to go on: shown, and never written.
    ahead: Vec<InkPoint>,
    /// How many points the document has.
    n_written: usize,
    /// How many it had before the last chunk: others may not have that chunk yet.
    n_written_before: usize,
    written_at: Time,
    moved_at: Time,
}

/// After so long a pen rests.
const REST: Duration = Duration::from_millis(20);

impl Stroke {
    pub(crate) fn begin(
        id: ElementId,
        style: Style,
        brush: Brush,
        zoom: f64,
        has_pressure: bool,
        first: InkPoint,
        now: Time,
    ) -> Self {
        Self {
            id,
            style,
            quantum: Quantum::for_zoom(zoom),
            ink: Ink { points: vec![first], has_pressure, brush, ..Ink::default() },
            ahead: Vec::new(),
            n_written: 0,
            n_written_before: 0,
            written_at: now,
            moved_at: now,
        }
    }

    pub(crate) fn drag(&mut self, points: impl Iterator<Item = InkPoint>, now: Time) {
        self.ahead.clear();
        self.moved_at = now;
        for point in points {
            if self.ink.points.last().is_none_or(|last| last.at != point.at) {
                self.ink.points.push(point);
            }
        }
    }

    /// The pen is expected to go on to these points; the next ones that it really passes replace them.
    /// Whether others were expected before.
    pub(crate) fn expect(&mut self, points: impl Iterator<Item = InkPoint>) -> bool {
        let before = std::mem::replace(&mut self.ahead, points.collect());
        before != self.ahead
    }

    /// A pen that rests goes no further than it went. Whether it was expected to.
    pub(crate) fn handle_rest(&mut self, now: Time) -> bool {
        now.since(self.moved_at) >= REST && self.expect([].into_iter())
    }

    /// Writes what is new, if it is time.
    pub(crate) fn handle_tick(&mut self, now: Time, board: &mut Board) {
        if now.since(self.written_at) >= INK_COMMIT_EVERY {
            self.write(now, board);
        }
    }

    /// Whether any of it is in the document: it lasts for longer than a moment.
    pub(crate) fn is_written(&self) -> bool {
        self.n_written > 0
    }

    pub(crate) fn finish(mut self, now: Time, board: &mut Board) {
        self.write(now, board);
    }

    /// Takes back what was written of the stroke.
    pub(crate) fn drop_it(self, board: &mut Board) {
        if self.n_written > 0 {
            board.undo();
        }
    }

    fn write(&mut self, now: Time, board: &mut Board) {
        let new = &self.ink.points[self.n_written..];
        if new.is_empty() {
            return;
        }
        let has_pressure = self.ink.has_pressure;
        if self.n_written == 0 {
            board.begin_step();
            let none = Ink { has_pressure, brush: self.ink.brush, ..Ink::default() };
            board.insert_as(self.id.clone(), NewElement::new(None, self.style, Shape::Ink(none)));
        }
        board.append_ink(&self.id, new, self.quantum, has_pressure);
        self.n_written_before = self.n_written;
        self.n_written = self.ink.points.len();
        self.written_at = now;
    }

    /// The stroke, to be painted as it grows.
    pub(crate) fn flowing(&self) -> FlowingInk<'_> {
        FlowingInk { id: &self.id, style: self.style, ink: &self.ink, ahead: &self.ahead }
    }

    pub(crate) fn shown(&self) -> Gesture {
        let mut from = self.n_written_before;
        let mut chunk = self.chunk_from(from);
        if chunk.len() > GESTURE_INK_MAX_BYTES {
            // A hasty pen: others see the rest when it is written.
            from = self.n_written;
            chunk = self.chunk_from(from);
        }
        if chunk.len() > GESTURE_INK_MAX_BYTES {
            return Gesture::default();
        }
        let (id, style) = (self.id.clone(), self.style);
        let brush = self.ink.brush;
        Gesture::Ink(InkGesture { id, style, from: from as u32, chunk, brush })
    }

    fn chunk_from(&self, from: usize) -> Vec<u8> {
        encode_chunk(&self.ink.points[from..], self.quantum, self.ink.has_pressure)
    }
}
