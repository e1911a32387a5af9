//! Others' cursors, moving smoothly between the places that were heard of.

use std::collections::HashMap;
use std::time::Duration;

use shared::geometry::BoardPoint;
use shared::id::MemberId;
use shared::time::Time;

/// A cursor takes this long to a new place: a little more than the time between two messages, so
/// that it never stops in between.
const GLIDE: Duration = Duration::from_millis(60);
/// A cursor that was still for longer than this jumps: there is no course to follow.
const STILL: Duration = Duration::from_millis(1500);

/// Where everybody else's cursor is seen.
#[derive(Default)]
pub struct RemoteCursors {
    cursors: HashMap<MemberId, Cursor>,
}

struct Cursor {
    from: BoardPoint,
    to: BoardPoint,
    since: Time,
}

impl RemoteCursors {
    /// A member's cursor was heard to be at `place`, or nowhere.
    pub fn handle_moved(&mut self, member: MemberId, place: Option<BoardPoint>, now: Time) {
        let Some(to) = place else {
            self.cursors.remove(&member);
            return;
        };
        let known = self.cursors.get(&member);
        let from = match known {
            Some(cursor) if now.since(cursor.since) < STILL => cursor.at(now),
            Some(_) | None => to,
        };
        if known.is_none_or(|cursor| cursor.to != to) {
            self.cursors.insert(member, Cursor { from, to, since: now });
        }
    }

    /// Forgets members that are gone.
    pub fn retain(&mut self, is_here: impl Fn(MemberId) -> bool) {
        self.cursors.retain(|&member, _| is_here(member));
    }

    /// Where a member's cursor is seen now.
    pub fn at(&self, member: MemberId, now: Time) -> Option<BoardPoint> {
        self.cursors.get(&member).map(|cursor| cursor.at(now))
    }

    /// Whether any cursor is on its way: another frame is due.
    pub fn is_moving(&self, now: Time) -> bool {
        self.cursors.values().any(|cursor| now.since(cursor.since) < GLIDE)
    }
}

impl Cursor {
    fn at(&self, now: Time) -> BoardPoint {
        let part = (now.since(self.since).as_secs_f64() / GLIDE.as_secs_f64()).min(1.0);
        BoardPoint {
            x: self.from.x + (self.to.x - self.from.x) * part,
            y: self.from.y + (self.to.y - self.from.y) * part,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_glides_to_where_it_was_heard() {
        let (member, mut cursors) = (MemberId(1), RemoteCursors::default());
        let x = |cursors: &RemoteCursors, ms| cursors.at(member, Time(ms)).map(|p| p.x);
        cursors.handle_moved(member, Some(BoardPoint::new(0.0, 0.0)), Time(0));
        cursors.handle_moved(member, Some(BoardPoint::new(60.0, 0.0)), Time(100));
        assert_eq!(x(&cursors, 100), Some(0.0));
        assert_eq!(x(&cursors, 130), Some(30.0));
        assert!(cursors.is_moving(Time(130)));
        assert_eq!(x(&cursors, 500), Some(60.0));
        assert!(!cursors.is_moving(Time(500)));
        cursors.handle_moved(member, Some(BoardPoint::new(999.0, 0.0)), Time(9_000));
        assert_eq!(x(&cursors, 9_000), Some(999.0), "after a pause it jumps");
        cursors.handle_moved(member, None, Time(9_001));
        assert_eq!(x(&cursors, 9_001), None);
    }
}
