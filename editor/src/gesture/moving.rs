//! Moving elements: shown while it lasts, written once at the end. With Alt, copies are left instead.

use std::sync::Arc;

use shared::board::{Board, Change};
use shared::element::{Element, NewElement};
use shared::geometry::{BoardPoint, Bounds};
use shared::id::ElementId;
use shared::limits::SHOWN_ELEMENTS_MAX;
use shared::presence::{Gesture, MoveGesture};

use super::point::{PointDrag, piece_at};
use super::{DRAG_THRESHOLD, tidy};
use crate::camera::ScreenPoint;
use crate::carry::carried;
use crate::input::Modifiers;
use crate::label::Measure;
use crate::preview::{Draft, Preview};
use crate::relations::followers;
use crate::selection::{Selection, extent, unit};

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
    /// What moves, once the press has become a drag.
    carried: Selection,
    /// The box around it, where it was.
    from_box: Bounds,
}

impl Moving {
    pub(crate) fn begin(
        pressed: ElementId,
        pressed_at: ScreenPoint,
        from: BoardPoint,
        was_chosen: bool,
    ) -> Self {
        let by = BoardPoint::default();
        let (carried, from_box) = (Selection::new(), Bounds::EMPTY);
        let (is_drag, is_copying) = (false, false);
        Self { pressed, pressed_at, from, by, is_drag, is_copying, was_chosen, carried, from_box }
    }

    pub(crate) fn drag(
        &mut self,
        at: ScreenPoint,
        to: BoardPoint,
        held: Modifiers,
        chosen: &Selection,
        board: &Board,
    ) {
        if !self.is_drag {
            if self.pressed_at.distance(at) < DRAG_THRESHOLD {
                return;
            }
            self.is_drag = true;
            self.carried = carried(board, chosen);
            self.from_box = extent(board, &self.carried);
        }
        let (mut dx, mut dy) = (to.x - self.from.x, to.y - self.from.y);
        if held.shift {
            // Along one axis only.
            if dx.abs() > dy.abs() { dy = 0.0 } else { dx = 0.0 }
        }
        self.by = tidy(BoardPoint::new(dx, dy));
        self.is_copying = held.alt;
    }

    /// The piece of an elbow that a drag takes hold of instead, if this becomes one: an elbow that runs between two
    /// elements has no other place.
    pub(crate) fn piece(
        &self,
        at: ScreenPoint,
        held: Modifiers,
        chosen: &Selection,
        board: &Board,
    ) -> Option<PointDrag> {
        let begins = !self.is_drag && self.pressed_at.distance(at) >= DRAG_THRESHOLD;
        let id = chosen.first().filter(|_| begins && chosen.len() == 1 && !held.alt)?;
        let piece = piece_at(board.element(id)?, self.from)?;
        Some(PointDrag::begin(id.clone(), piece, self.pressed_at))
    }

    /// How far it has moved.
    pub(crate) fn by(&self) -> BoardPoint {
        self.by
    }

    /// The box around what is moved, where it is now, and what that is.
    pub(crate) fn moved_box(&self) -> Option<(Bounds, &Selection)> {
        let Bounds { x0, y0, x1, y1 } = self.from_box;
        let BoardPoint { x, y } = self.by;
        let now = Bounds { x0: x0 + x, y0: y0 + y, x1: x1 + x, y1: y1 + y };
        (self.is_drag && !now.is_empty()).then_some((now, &self.carried))
    }

    /// Moves it a little further, to where it snaps.
    pub(crate) fn push(&mut self, (dx, dy): (f64, f64)) {
        self.by = tidy(BoardPoint::new(self.by.x + dx, self.by.y + dy));
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
        entered: Option<&str>,
        board: &mut Board,
        measure: &Measure,
    ) -> Selection {
        let BoardPoint { x: dx, y: dy } = self.by;
        if !self.is_drag {
            let pressed = || unit(board, &self.pressed, entered);
            return match (held.shift, self.was_chosen) {
                (true, true) => chosen - &pressed(),
                (true, false) => chosen.clone(),
                (false, _) => pressed(),
            };
        }
        board.begin_step();
        if self.is_copying {
            return copy(board, chosen, dx, dy);
        }
        shift(board, &self.carried, dx, dy, measure);
        chosen.clone()
    }

    pub(crate) fn preview(&self, board: &Board, preview: &mut Preview) {
        let BoardPoint { x: dx, y: dy } = self.by;
        if !self.is_drag {
            return;
        }
        if !self.is_copying {
            preview.displaced.extend(self.carried.iter().map(|id| (id.clone(), (dx, dy))));
            return;
        }
        for element in board.elements().filter(|element| self.carried.contains(&element.id)) {
            let mut draft = Draft::of_element(element);
            draft.geometry = draft.geometry.moved(dx, dy);
            preview.drafts.push(draft);
        }
    }

    pub(crate) fn shown(&self) -> Gesture {
        if !self.is_drag || self.is_copying {
            return Gesture::default();
        }
        let ids = self.carried.iter().take(SHOWN_ELEMENTS_MAX).cloned().collect();
        Gesture::Move(MoveGesture { ids, by: self.by.into() })
    }
}

/// Moves elements by board units.
pub(crate) fn shift(board: &mut Board, ids: &Selection, dx: f64, dy: f64, measure: &Measure) {
    let moved = |id: &ElementId| Some((id.clone(), board.element(id)?.geometry.moved(dx, dy)));
    let places: Vec<_> = ids.iter().filter_map(moved).collect();
    let changes = followers(board, &places, measure);
    board.change(&changes);
}

/// Puts copies of what is chosen, with all that goes along, on top, moved by board units and in groups of
/// their own. The answer is the copies of what is chosen.
pub(crate) fn copy(board: &mut Board, chosen: &Selection, dx: f64, dy: f64) -> Selection {
    let all = carried(board, chosen);
    let originals: Vec<_> =
        board.elements().filter(|element| all.contains(&element.id)).cloned().collect();
    let copies = originals.iter().map(|original| {
        let mut new = NewElement::copy_of(original);
        new.geometry = new.geometry.map(|geometry| geometry.moved(dx, dy));
        (original.id.clone(), new)
    });
    let ids = board.insert_copies(copies.collect());
    // Copies of what lies in a frame lie in it, too, unless the frame was copied with them.
    let framed = |(original, copy): (&Arc<Element>, &ElementId)| {
        let frame = original.frame.as_ref().filter(|frame| !all.contains(*frame))?;
        Some((copy.clone(), Change::Frame(Some(frame.clone()))))
    };
    let changes: Vec<_> = originals.iter().zip(&ids).filter_map(framed).collect();
    board.change(&changes);
    let pairs = originals.iter().zip(ids);
    pairs.filter(|(original, _)| chosen.contains(&original.id)).map(|(_, copy)| copy).collect()
}
