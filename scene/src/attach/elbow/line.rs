//! What a piece lies on that somebody laid by hand.

use shared::geometry::BoardPoint;

use super::terminal::Terminal;

/// The line through a piece.
#[derive(Clone, Copy, Debug)]
pub(in crate::attach) struct Line {
    /// Whether it runs across, at a height; otherwise down.
    pub(super) is_across: bool,
    pub(super) at: f64,
}

impl PartialEq for Line {
    fn eq(&self, other: &Self) -> bool {
        self.is_across == other.is_across && (self.at - other.at).abs() < 1e-3
    }
}

impl Line {
    /// The line that a piece lies on, if it runs across or down and goes anywhere.
    pub(super) fn of(a: BoardPoint, b: BoardPoint) -> Option<Self> {
        let (w, h) = ((a.x - b.x).abs(), (a.y - b.y).abs());
        let is_across = w >= h;
        let at = if is_across { a.y } else { a.x };
        (w.min(h) < 0.5 && w.max(h) > 0.5).then_some(Self { is_across, at })
    }

    /// The place on it that is nearest.
    pub(super) fn nearest(self, to: BoardPoint) -> BoardPoint {
        if self.is_across {
            BoardPoint { y: self.at, ..to }
        } else {
            BoardPoint { x: self.at, ..to }
        }
    }

    /// Of the ends that there can be, the one at the side that faces this line, unless the course is to leave across.
    pub(super) fn facing(self, ends: &[Terminal]) -> Option<&Terminal> {
        let across = |end: &&Terminal| {
            let side = end.side.filter(|side| side.is_across() != self.is_across);
            side.filter(|_| !end.obstacle.is_empty())
        };
        let faces = |end: &&Terminal| {
            across(end).is_some_and(|side| {
                let (center, (x, y)) = (end.obstacle.center(), side.step());
                let off = if self.is_across { self.at - center.y } else { self.at - center.x };
                off * (x + y) >= 0.0
            })
        };
        let may_be = ends.iter().any(|end| end.price == 0.0 && across(&end).is_some());
        ends.iter().find(faces).filter(|_| may_be)
    }

    /// The line further from an end that it crosses the way of, or the gap behind, so that what stands there has its
    /// room before it, or at least all the way that there is.
    pub(super) fn roomy(self, end: &Terminal, way: f64) -> Self {
        let Some(side) = end.side else { return self };
        let (x, y) = side.step();
        let (own, room) = (end.way_to(self.nearest(end.at)), end.room.max(1.0));
        if own <= -end.before() || own >= room {
            return self;
        }
        let own = room.min(way).max(own);
        let at = BoardPoint::new(end.at.x + x * own, end.at.y + y * own);
        Self { at: if self.is_across { at.y } else { at.x }, ..self }
    }
}
