//! The trails of laser pointers, one's own and those of the others, as they fade.

use std::time::Duration;

use shared::geometry::BoardPoint;
use shared::id::MemberId;
use shared::presence::Gesture;
use shared::time::Time;

/// How long a point of a trail is seen.
pub(crate) const FADE: Duration = Duration::from_millis(1_000);

/// Everybody's trails.
#[derive(Default)]
pub struct Trails {
    trails: Vec<(Option<MemberId>, Trail)>,
}

/// The points of one pointer, each with when it was heard of.
#[derive(Default)]
struct Trail {
    /// The number of the point after the last one.
    next: u32,
    points: Vec<(BoardPoint, Time)>,
}

impl Trails {
    /// A member (`None` is oneself) shows a gesture. Whether there is a trail to paint.
    pub fn handle_shown(&mut self, member: Option<MemberId>, gesture: &Gesture, now: Time) -> bool {
        let Gesture::Laser(laser) = gesture else {
            // The next trail counts anew.
            if let Some((_, trail)) = self.trails.iter_mut().find(|it| it.0 == member) {
                trail.next = 0;
            }
            return false;
        };
        let at = self.trails.iter().position(|it| it.0 == member).unwrap_or_else(|| {
            self.trails.push((member, Trail::default()));
            self.trails.len() - 1
        });
        let trail = &mut self.trails[at].1;
        if trail.next == 0 || laser.from > trail.next {
            // A gap, or another trail: it is not joined to what was before.
            trail.points.push((BoardPoint::new(f64::NAN, f64::NAN), now));
            trail.next = laser.from;
        }
        let n_known = (trail.next - laser.from) as usize;
        let new = laser.points.get(n_known..).unwrap_or_default();
        trail.points.extend(new.iter().map(|&at| (at.into(), now)));
        trail.next += new.len() as u32;
        true
    }

    /// Forgets what has faded. Whether anything is left: another frame is due.
    pub fn fade(&mut self, now: Time) -> bool {
        for (_, trail) in &mut self.trails {
            trail.points.retain(|(_, at)| now.since(*at) < FADE);
        }
        self.trails.iter().any(|(_, trail)| !trail.points.is_empty())
    }

    /// Whose trails are seen, as pieces that are joined: points, each with how much of it is left, 0 to 1.
    pub fn seen(&self, now: Time) -> Vec<(Option<MemberId>, Vec<(BoardPoint, f64)>)> {
        let mut seen = Vec::new();
        for (member, trail) in &self.trails {
            for piece in trail.points.split(|(at, _)| at.x.is_nan()) {
                let left = |at: Time| 1.0 - now.since(at).as_secs_f64() / FADE.as_secs_f64();
                let piece: Vec<_> = piece.iter().map(|&(at, when)| (at, left(when))).collect();
                if !piece.is_empty() {
                    seen.push((*member, piece));
                }
            }
        }
        seen
    }
}

#[cfg(test)]
mod tests {
    use shared::presence::LaserGesture;

    use super::*;

    fn laser(from: u32, xs: &[f64]) -> Gesture {
        let points = xs.iter().map(|&x| BoardPoint::new(x, 0.0).into()).collect();
        Gesture::Laser(LaserGesture { from, points })
    }

    #[test]
    fn a_trail_is_shown_once_and_fades() {
        let mut trails = Trails::default();
        trails.handle_shown(None, &laser(0, &[1.0, 2.0]), Time(0));
        trails.handle_shown(None, &laser(1, &[2.0, 3.0]), Time(500));
        let xs = |trails: &Trails, now| -> Vec<f64> {
            trails
                .seen(Time(now))
                .iter()
                .flat_map(|(_, piece)| piece.iter().map(|p| p.0.x))
                .collect()
        };
        assert_eq!(xs(&trails, 500), [1.0, 2.0, 3.0]);
        assert!(trails.fade(Time(1_200)));
        assert_eq!(xs(&trails, 1_200), [3.0]);
        assert!(!trails.fade(Time(1_600)));
    }

    #[test]
    fn two_trails_are_not_joined() {
        let mut trails = Trails::default();
        trails.handle_shown(None, &laser(0, &[1.0, 2.0]), Time(0));
        trails.handle_shown(None, &Gesture::default(), Time(1));
        trails.handle_shown(None, &laser(0, &[8.0, 9.0]), Time(2));
        assert_eq!(trails.seen(Time(2)).len(), 2);
    }
}
