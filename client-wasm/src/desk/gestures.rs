//! What the others are in the middle of. A gesture that ended is shown a moment longer, until what it
//! wrote has come: otherwise a moved element would jump back and forth once.

use std::collections::HashMap;

use editor::{FlowingInk, LINGER, Preview, RemoteStrokes};
use shared::board::Board;
use shared::id::MemberId;
use shared::presence::Gesture;
use shared::session::Session;
use shared::time::Time;

/// The others' gestures.
#[derive(Default)]
pub(super) struct Gestures {
    current: HashMap<MemberId, Gesture>,
    ended: Vec<(Gesture, Time)>,
    strokes: RemoteStrokes,
}

impl Gestures {
    /// A member other than oneself shows something. Whether the board looks different, apart from strokes.
    pub(super) fn handle_shown(
        &mut self,
        member: MemberId,
        gesture: &Gesture,
        board: &Board,
        now: Time,
    ) -> bool {
        self.strokes.handle_shown(member, gesture, board, now);
        let gesture = if matches!(gesture, Gesture::Ink(_)) { &Gesture::Idle(()) } else { gesture };
        let before = self.current.insert(member, gesture.clone()).unwrap_or_default();
        let is_idle = |gesture: &Gesture| matches!(gesture, Gesture::Idle(()));
        if is_idle(gesture) && !is_idle(&before) {
            self.ended.push((before.clone(), now + LINGER));
        }
        before != *gesture
    }

    /// The board took in what others wrote: nothing has to wait for it any longer.
    pub(super) fn handle_board(&mut self, board: &Board) {
        self.ended.clear();
        self.strokes.handle_board(board);
    }

    /// Forgets members that are gone: what they had not written returns to its place.
    pub(super) fn retain(&mut self, session: &Session) {
        self.current.retain(|member, _| session.members().contains_key(member));
        self.strokes.retain(|member| session.members().contains_key(&member));
    }

    /// When the next ended gesture has waited long enough.
    pub(super) fn poll_timeout(&self) -> Option<Time> {
        let ended = self.ended.iter().map(|(_, until)| *until);
        ended.chain(self.strokes.poll_timeout()).min()
    }

    /// Drops ended gestures that waited long enough. Whether there were any.
    pub(super) fn handle_timeout(&mut self, now: Time) -> bool {
        let before = self.ended.len();
        self.ended.retain(|(_, until)| now < *until);
        self.strokes.handle_timeout(now) || self.ended.len() != before
    }

    /// Adds the others' gestures to what is painted.
    pub(super) fn show(&self, board: &Board, preview: &mut Preview) {
        let ended = self.ended.iter().map(|(gesture, _)| gesture);
        for gesture in ended.chain(self.current.values()) {
            preview.show(gesture, board);
        }
        self.strokes.show(preview);
    }

    /// The strokes that the others are drawing.
    pub(super) fn flowing_ink(&self) -> impl Iterator<Item = FlowingInk<'_>> {
        self.strokes.flowing()
    }
}
