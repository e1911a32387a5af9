//! The strokes that others are drawing, point by point: what the document has of each, and what its
//! author shows beyond that. Each is there until the document has all of it.

use std::sync::Arc;
use std::time::Duration;

use shared::board::Board;
use shared::element::{Element, Ink, Shape, Style};
use shared::geometry::{Bounds, Geometry};
use shared::id::{ElementId, MemberId};
use shared::ink::{InkPoint, decode_chunk};
use shared::presence::{Gesture, InkGesture};
use shared::time::Time;

use crate::preview::{FlowingInk, Preview};

/// How long what others have ended waits for what they wrote to come in the document.
pub const LINGER: Duration = Duration::from_millis(400);

/// All strokes that others are drawing.
#[derive(Default)]
pub struct RemoteStrokes {
    strokes: Vec<RemoteStroke>,
}

/// A stroke that somebody else is drawing.
struct RemoteStroke {
    id: ElementId,
    member: MemberId,
    style: Style,
    ink: Ink,
    /// The element when it was last looked at, the box around its points, and whether it lies there.
    written: Option<Arc<Element>>,
    n_written: usize,
    written_bounds: Bounds,
    is_in_place: bool,
    /// What was shown last, if points before it are still missing: the document brings them.
    early: Option<InkGesture>,
    /// Since it ended: until when it waits.
    until: Option<Time>,
}

impl RemoteStrokes {
    /// A member shows a gesture. Whether the picture changes by it.
    pub fn handle_shown(
        &mut self,
        member: MemberId,
        gesture: &Gesture,
        board: &Board,
        now: Time,
    ) -> bool {
        let ink = match gesture {
            Gesture::Ink(ink) => Some(ink),
            Gesture::Idle(())
            | Gesture::Move(_)
            | Gesture::Draw(_)
            | Gesture::Place(_)
            | Gesture::Laser(_)
            | Gesture::Reshape(_) => None,
        };
        let mut is_known = false;
        let n_before = self.strokes.len();
        for stroke in self.strokes.iter_mut().filter(|stroke| stroke.member == member) {
            match ink {
                Some(ink) if ink.id == stroke.id => {
                    is_known = true;
                    stroke.until = None;
                    stroke.handle_shown(ink, board);
                }
                _ => stroke.until = stroke.until.or(Some(now + LINGER)),
            }
        }
        if let (Some(ink), false) = (ink, is_known)
            && !self.strokes.iter().any(|stroke| stroke.id == ink.id)
        {
            self.strokes.push(RemoteStroke::new(member, ink, board));
        }
        self.strokes.retain(RemoteStroke::is_wanted);
        ink.is_some() || self.strokes.len() != n_before
    }

    /// The board took in what others wrote.
    pub fn handle_board(&mut self, board: &Board) {
        self.strokes.iter_mut().for_each(|stroke| stroke.follow(board));
        self.strokes.retain(RemoteStroke::is_wanted);
    }

    /// Forgets members that are gone: of their strokes the document has what it has.
    pub fn retain(&mut self, is_here: impl Fn(MemberId) -> bool) {
        self.strokes.retain(|stroke| is_here(stroke.member));
    }

    /// When the next stroke that ended has waited long enough.
    pub fn poll_timeout(&self) -> Option<Time> {
        self.strokes.iter().filter_map(|stroke| stroke.until).min()
    }

    /// Drops strokes that have waited long enough. Whether there were any.
    pub fn handle_timeout(&mut self, now: Time) -> bool {
        let n_before = self.strokes.len();
        self.strokes.retain(|stroke| stroke.until.is_none_or(|until| now < until));
        self.strokes.len() != n_before
    }

    /// The strokes of pens, to be painted as they grow.
    pub fn flowing(&self) -> impl Iterator<Item = FlowingInk<'_>> {
        self.seen().filter_map(FlowingInk::of_pen)
    }

    /// Adds the other strokes to what is painted.
    pub fn show(&self, preview: &mut Preview) {
        self.seen().for_each(|stroke| stroke.preview(preview));
    }

    fn seen(&self) -> impl Iterator<Item = FlowingInk<'_>> {
        let is_seen = |stroke: &&RemoteStroke| stroke.is_in_place && !stroke.ink.points.is_empty();
        self.strokes.iter().filter(is_seen).map(|stroke| FlowingInk {
            id: &stroke.id,
            style: stroke.style,
            ink: &stroke.ink,
            ahead: &[],
        })
    }
}

impl RemoteStroke {
    fn new(member: MemberId, gesture: &InkGesture, board: &Board) -> Self {
        let mut stroke = Self {
            id: gesture.id.clone(),
            member,
            style: gesture.style.sanitized(),
            ink: Ink { brush: gesture.brush, ..Ink::default() },
            written: None,
            n_written: 0,
            written_bounds: Bounds::EMPTY,
            is_in_place: true,
            early: None,
            until: None,
        };
        stroke.handle_shown(gesture, board);
        stroke
    }

    fn handle_shown(&mut self, gesture: &InkGesture, board: &Board) {
        self.early = None;
        self.follow(board);
        self.take(gesture);
    }

    /// Takes the points that it does not have yet.
    fn take(&mut self, gesture: &InkGesture) {
        let Some(n_known) = self.ink.points.len().checked_sub(gesture.from as usize) else {
            self.early = Some(gesture.clone());
            return;
        };
        let Ok(ahead) = decode_chunk(&gesture.chunk) else { return };
        if let Some(new) = ahead.points.get(n_known..) {
            self.ink.points.extend(new);
            self.ink.has_pressure |= ahead.has_pressure;
        }
    }

    /// Follows the document.
    fn follow(&mut self, board: &Board) {
        let element = board.element(&self.id);
        let Some(element) = element else {
            // Somebody took it away while it is drawn on: it is not shown any more.
            self.is_in_place &= self.written.is_none();
            return;
        };
        if self.written.as_ref().is_some_and(|before| Arc::ptr_eq(before, element)) {
            return;
        }
        self.written = Some(Arc::clone(element));
        let Shape::Ink(ink) = &element.shape else {
            self.is_in_place = false;
            return;
        };
        self.style = element.style;
        self.ink.has_pressure |= ink.has_pressure;
        self.ink.brush = ink.brush;
        let new = ink.points.get(self.n_written..).unwrap_or_default();
        let places = new.iter().map(|point: &InkPoint| point.at);
        self.written_bounds = self.written_bounds.union(Bounds::around(places));
        self.n_written = ink.points.len();
        // Once somebody has moved it, only the document says where its points are.
        self.is_in_place = element.geometry == Geometry::over(self.written_bounds);
        if let Some(ahead) = ink.points.get(self.ink.points.len()..) {
            self.ink.points.extend(ahead);
        }
        if let Some(early) = self.early.take() {
            self.take(&early);
        }
    }

    /// Whether there is anything about it that the document does not have.
    fn is_wanted(&self) -> bool {
        let is_ahead = self.early.is_some() || self.n_written < self.ink.points.len();
        self.until.is_none() || (self.is_in_place && is_ahead)
    }
}
