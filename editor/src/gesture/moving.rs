//! Moving elements: shown while it lasts, written once at the end. With Alt, copies are left instead.

use shared::board::Board;
use shared::element::NewElement;
use shared::geometry::BoardPoint;
use shared::id::ElementId;
use shared::limits::SHOWN_ELEMENTS_MAX;
use shared::presence::{Gesture, MoveGesture};

use super::{DRAG_THRESHOLD, tidy};
use crate::camera::ScreenPoint;
use crate::input::Modifiers;
use crate::preview::{Draft, Preview};
use crate::selection::{Selection, with_group};

/// A press on an element, and the drag that it may become.
pub(crate) struct Moving {
    pressed: ElementId,
    pressed_at: ScreenPoint,
    from: BoardPoint,
    by: BoardPoint,
    is_drag: bool,
    is_copying: bool,
    /// The pressed element was chosen before: a mere click then chooses it alone.
    was_chosen: bool,
}

impl Moving {
    pub(crate) fn begin(
        pressed: ElementId,
        pressed_at: ScreenPoint,
        from: BoardPoint,
        was_chosen: bool,
    ) -> Self {
        let by = BoardPoint::default();
        Self { pressed, pressed_at, from, by, is_drag: false, is_copying: false, was_chosen }
    }

    pub(crate) fn drag(&mut self, at: ScreenPoint, to: BoardPoint, held: Modifiers) {
        self.is_drag |= self.pressed_at.distance(at) >= DRAG_THRESHOLD;
        if !self.is_drag {
            return;
        }
        let (mut dx, mut dy) = (to.x - self.from.x, to.y - self.from.y);
        if held.shift {
            // Along one axis only.
            if dx.abs() > dy.abs() { dy = 0.0 } else { dx = 0.0 }
        }
        self.by = tidy(BoardPoint::new(dx, dy));
        self.is_copying = held.alt;
    }

    /// Whether the pointer has moved far enough to mean it.
    pub(crate) fn is_drag(&self) -> bool {
        self.is_drag
    }

    /// Writes the move, or the copies. The answer is what is chosen then.
    pub(crate) fn finish(
        self,
        chosen: &Selection,
        held: Modifiers,
        board: &mut Board,
    ) -> Selection {
        let BoardPoint { x: dx, y: dy } = self.by;
        if !self.is_drag {
            return match (held.shift, self.was_chosen) {
                (true, true) => &chosen.clone() - &with_group(board, &self.pressed),
                (true, false) => chosen.clone(),
                (false, _) => with_group(board, &self.pressed),
            };
        }
        board.begin_step();
        if self.is_copying {
            return copy(board, chosen, dx, dy);
        }
        shift(board, chosen, dx, dy);
        chosen.clone()
    }

    pub(crate) fn preview(&self, chosen: &Selection, board: &Board, preview: &mut Preview) {
        let BoardPoint { x: dx, y: dy } = self.by;
        if !self.is_drag {
            return;
        }
        if !self.is_copying {
            preview.displaced.extend(chosen.iter().map(|id| (id.clone(), (dx, dy))));
            return;
        }
        for element in chosen.iter().filter_map(|id| board.element(id)) {
            let mut draft = Draft::of_element(element);
            draft.geometry = draft.geometry.moved(dx, dy);
            preview.drafts.push(draft);
        }
    }

    pub(crate) fn shown(&self, chosen: &Selection) -> Gesture {
        if !self.is_drag || self.is_copying {
            return Gesture::default();
        }
        let ids = chosen.iter().take(SHOWN_ELEMENTS_MAX).cloned().collect();
        Gesture::Move(MoveGesture { ids, by: self.by.into() })
    }
}

/// Moves elements by board units.
pub(crate) fn shift(board: &mut Board, ids: &Selection, dx: f64, dy: f64) {
    let moved = |id: &ElementId| Some((id.clone(), board.element(id)?.geometry.moved(dx, dy)));
    let places: Vec<_> = ids.iter().filter_map(moved).collect();
    board.place(&places);
}

/// Puts copies of elements on top, moved by board units, in groups of their own. The answer is the
/// copies.
pub(crate) fn copy(board: &mut Board, ids: &Selection, dx: f64, dy: f64) -> Selection {
    let originals = board.elements().filter(|element| ids.contains(&element.id));
    let copies = originals.map(|original| {
        let mut new = NewElement::copy_of(original);
        new.locked = false;
        new.geometry = new.geometry.map(|geometry| geometry.moved(dx, dy));
        (original.id.clone(), new)
    });
    let copies = copies.collect();
    board.insert_copies(copies).into_iter().collect()
}
